"""The grids: which buildings are in them, and who looks after them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.outreach import queries, rules, services
from weiyifang.outreach.forms import BuildingsForm, GridForm, WorkerForm
from weiyifang.outreach.models import Grid, GridBuilding
from weiyifang.people.models import Duty
from weiyifang.people.roles import Role


@page(rules.can_keep_grids, methods=("GET", "POST"))
def grids(request: PageRequest) -> HttpResponseBase:
    """All of them; posting makes another."""
    form = GridForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.make_grid(by=request.actor, **form.cleaned_data)
            messages.success(request, _("Made. Next: put its buildings in."))
            return redirect("outreach:grid", number=made.number)
    left = queries.buildings_free()
    context = {"page": paged(request, queries.with_counts()), "form": form, "left": len(left), "some": left[:10]}
    return show(request, "outreach/workbench/grids.html", context, status=422 if form.errors else 200)


@page(rules.can_keep_grids, methods=("GET", "POST"))
def grid(request: PageRequest, number: int) -> HttpResponseBase:
    """One grid; posting gives it another name."""
    found = _grid(number)
    versions.about(request, found)
    form = GridForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.rename_grid(grid=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("outreach:grid", number=number)
    return _show(request, found, name=form)


@page(rules.can_keep_grids, methods=("POST",))
def put_in(request: PageRequest, number: int) -> HttpResponseBase:
    """Put buildings into it."""
    found = _grid(number)
    form = BuildingsForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            many = services.put_buildings_in(grid=found, by=request.actor, **form.cleaned_data)
            words = ngettext("%(n)d building is in it now.", "%(n)d buildings are in it now.", many)
            messages.success(request, words % {"n": many})
            return redirect("outreach:grid", number=number)
    return _show(request, found, buildings=form)


@page(rules.can_keep_grids, methods=("POST",))
def take_out(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take a building out."""
    building = get_object_or_404(GridBuilding.objects.select_related("grid"), pk=pk)
    services.take_building_out(building=building, by=request.actor)
    messages.success(request, _("The building is in no grid now."))
    return redirect("outreach:grid", number=building.grid.number)


@page(rules.can_keep_grids, methods=("POST",))
def let_look_after(request: PageRequest, number: int) -> HttpResponseBase:
    """Somebody looks after it."""
    found = _grid(number)
    form = WorkerForm(request.POST)
    if form.is_valid() and CHANGE not in request.POST:
        who = form.cleaned_data["who"]
        if SURE not in request.POST:
            return _check(request, form, found)
        with refusals_on(form):
            services.let_look_after(grid=found, account=who, by=request.actor)
            messages.success(request, _("%(name)s looks after it now.") % {"name": who})
            return redirect("outreach:grid", number=number)
    return _show(request, found, worker=form)


def _check(request: PageRequest, form: WorkerForm, found: Grid) -> HttpResponseBase:
    """Who it is, once more before they see where people live."""
    (who,) = form.fields["who"].offered  # type: ignore[attr-defined]  # a `PersonField`
    return ask_again(
        request,
        title=_("Let them look after it?"),
        answers=[(_("Who"), who.title, who.desc), (_("Grid"), found.name, "")],
        then_title=_("From this moment they see"),
        then=[_("who in this grid was not reached for long: names, ages and doors"), _("every contact with them")],
        submit=_("Let %(name)s look after it") % {"name": form.cleaned_data["who"]},
    )


@page(rules.can_keep_grids, methods=("POST",))
def end_looking_after(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Somebody no longer looks after it."""
    duty = get_object_or_404(Duty, pk=pk, role=Role.GRID_WORKER)
    services.end_looking_after(duty=duty, by=request.actor)
    messages.success(request, _("They no longer look after it."))
    return redirect("outreach:grids")


def _grid(number: int) -> Grid:
    return get_object_or_404(Grid, number=number)


def _show(request: PageRequest, found: Grid, **forms: Any) -> HttpResponseBase:
    context = {
        "grid": found,
        "page": paged(request, found.buildings.order_by("compound", "building")),
        "workers": queries.workers_of(found),
        "name_form": forms.get("name") or GridForm(initial={"name": found.name}),
        "buildings_form": forms.get("buildings") or BuildingsForm(),
        "worker_form": forms.get("worker") or WorkerForm(),
    }
    wrong = any(form.errors for form in forms.values() if form.is_bound)
    return show(request, "outreach/workbench/grid.html", context, status=422 if wrong else 200)
