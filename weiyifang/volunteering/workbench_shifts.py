"""Staff's and leaders' pages: the shifts of their teams, planning one, who does what in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core import clock
from weiyifang.core.refusals import Refused
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.people.rules import can_see_residents
from weiyifang.volunteering import availability, queries, rules, services, sheets
from weiyifang.volunteering.forms import AssignForm, ChangeShiftForm, OffForm, ShiftForm
from weiyifang.volunteering.models import Shift, Slot, Team
from weiyifang.volunteering.services import Doubtful, Outcome
from weiyifang.volunteering.views_shifts import ask_whether

MOST_SHOWN = 20  # dates of a series, before they are changed


@page(rules.can_manage_some)
def bench(request: PageRequest) -> HttpResponseBase:
    """The shifts of the teams one looks after: to come, or with `?when=past` over; of one `?team=`; `?format=csv`."""
    past, team = asked(request, "when", 8) == "past", asked(request, "team", 9)
    rows = queries.shifts_of(request.actor, past=past, team=team)
    if asked(request, "format", 4) == "csv":
        return downloads.named(sheets.shifts(rows), f"shifts-{clock.today():%Y%m%d}.csv")
    context = {"page": paged(request, rows), "past": past, "team": team}
    return show(request, "volunteering/workbench/shifts.html", context)


@page(rules.can_manage_some, methods=("GET", "POST"))
def plan(request: PageRequest, number: int) -> HttpResponseBase:
    """Plan a shift of a team."""
    team = get_object_or_404(Team, number=number)
    require(rules.can_manage(request.actor, team))
    form = ShiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.plan_series(team=team, by=request.actor, **form.said())
            words = ngettext("%d shift planned.", "%d shifts planned.", len(made)) % len(made)
            messages.success(request, f"{words} {_('Your team sees it; you can put people in yourself.')}")
            return redirect("volunteering:manage_shift", number=made[0].number)
    context = {"form": form, "team": team, "title": _("Plan a shift"), "submit": _("Plan it")}
    return show(request, "volunteering/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some)
def manage(request: PageRequest, number: int) -> HttpResponseBase:
    """One shift: who does what, and who is still sought. It prints as the list of the day."""
    return show(request, "volunteering/workbench/shift.html", _about(request, _own(request, number)))


@page(rules.can_manage_some, methods=("GET", "POST"))
def change(request: PageRequest, number: int) -> HttpResponseBase:
    """Change what was planned. Whom it concerns is shown first, and asked once more."""
    found = _own(request, number)
    needs = queries.needs_of(found)
    versions.about(request, *needs)
    form = ChangeShiftForm(request.POST or None, shift=found, needs=needs)
    if request.method == "POST" and CHANGE not in request.POST and form.is_valid():
        wish: dict[str, Any] = {"shift": found, "to": form.to(), "scope": form.cleaned_data["scope"]}
        with refusals_on(form):
            if SURE not in request.POST:
                would = services.foresee_change(**wish, by=request.actor)
                if len(would) > 1 or any(one.stay or one.out for one in would):
                    return _ask_to_change(request, would)
            done = services.change(**wish, by=request.actor)
            _say_changed(request, done)
            return redirect("volunteering:manage_shift", number=number)
    context = {"form": form, "shift": found, "title": _("Change the shift"), "submit": _("Change it")}
    return show(request, "volunteering/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some, methods=("GET", "POST"))
def call_off(request: PageRequest, number: int) -> HttpResponseBase:
    """It does not take place."""
    found = _own(request, number)
    form = OffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.call_off(shift=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Called off. Everybody in it is told."))
            return redirect("volunteering:manage_shift", number=number)
    context = {
        "form": form,
        "shift": found,
        "title": _("Call the shift off"),
        "submit": _("Call the shift off"),
        "off": True,
    }
    return show(request, "volunteering/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some, methods=("POST",))
def assign(request: PageRequest, number: int) -> HttpResponseBase:
    """Put somebody in; what speaks against it is asked once more."""
    found = _own(request, number)
    context = _about(request, found)
    form: AssignForm = context["form"]
    if CHANGE in request.POST:
        return redirect("volunteering:manage_shift", number=number)
    if form.is_valid():
        need, who = form.need(), form.cleaned_data["who"]
        try:
            services.assign(need=need, resident=who, sure=SURE in request.POST, by=request.actor)
        except Doubtful as doubtful:
            return ask_whether(request, need, doubtful)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s is in. They are told.") % {"name": who.name})
            return redirect("volunteering:manage_shift", number=number)
    return show(request, "volunteering/workbench/shift.html", context, status=422)


@page(rules.can_manage_some, methods=("POST",))
def free_slot(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take somebody out."""
    slot = get_object_or_404(Slot.objects.select_related("shift__team"), pk=pk)
    require(rules.can_manage(request.actor, slot.shift.team))
    services.give_back(slot=slot, by=request.actor)
    messages.success(request, _("Noted. The place is open again."))
    return redirect("volunteering:manage_shift", number=slot.shift.number)


def _ask_to_change(request: PageRequest, would: Sequence[Outcome]) -> HttpResponseBase:
    """Who stays in it and who cannot, before anything is done."""
    answers = [(_("Shift"), one.shift.what, f"{one.shift.when} · {one.shift.place}") for one in would[:MOST_SHOWN]]
    if (more := len(would) - MOST_SHOWN) > 0:
        answers.append((_("Shift"), ngettext("%(n)d more", "%(n)d more", more) % {"n": more}, ""))
    stay = [_line(one, slot, _("stays in it")) for one in would for slot in one.stay]
    out = [_line(one, slot, why) for one in would for slot, why in one.out]
    then = [_("No longer in it: %s") % line for line in out] + stay
    title, submit = _("Change it like this?"), _("Change it and tell them")
    then_title = _("Whom it concerns") if then else ""
    return ask_again(request, title=title, answers=answers, submit=submit, then_title=then_title, then=then)


def _line(one: Outcome, slot: Slot, what: str) -> str:
    return f"{slot.volunteer.resident.name} · {one.shift.when} · {what}"


def _say_changed(request: PageRequest, done: Sequence[Outcome]) -> None:
    out = [slot.volunteer.resident.name for one in done for slot, _why in one.out]
    if not done:
        messages.info(request, _("Nothing is different, so nothing was changed."))
    else:
        messages.success(request, _("Changed."))
    if out:
        messages.warning(request, _("No longer in it: %s") % " · ".join(dict.fromkeys(out)))


def _own(request: PageRequest, number: int) -> Shift:
    found = get_object_or_404(Shift.objects.select_related("team"), number=number)
    require(rules.can_manage(request.actor, found.team))
    versions.about(request, found)
    return found


def _about(request: PageRequest, found: Shift) -> dict[str, Any]:
    needs = queries.needs_of(found)
    form = AssignForm(request.POST or None, needs=needs, sees_register=can_see_residents(request.actor))
    sought = not found.is_off and not found.is_over and any(need.left > 0 for need in needs)
    could = availability.who_could(found, needs) if sought else []
    return {"shift": found, "needs": needs, "form": form, "could": could}
