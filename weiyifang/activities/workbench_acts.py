"""Staff's pages of a running order: its acts, one of them, and the sheet for whoever works at the stage."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.activities import codes, queries, rules, services, views_acts
from weiyifang.activities.forms_acts import ActForm, NewActForm
from weiyifang.activities.models import Act, Session
from weiyifang.activities.queries import Programme
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.people.roles import Permission

plans = holds(Permission.PLAN_ACTIVITIES)


@page(plans, methods=("GET", "POST"))
def acts(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """All acts with their times; one more."""
    told = _programme(request, number, date_number)
    form = NewActForm(request.POST or None, turns=told.turns)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.add_act(session=told.session, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Added."))
            return redirect("activities:bench_acts", number, date_number)
    context = {"programme": told, "activity": told.session.activity, "session": told.session, "form": form}
    return show(request, "activities/workbench/acts.html", context, status=422 if form.errors else 200)


@page(plans, methods=("GET", "POST"))
def act(request: PageRequest, pk: UUID) -> HttpResponse:
    """What is said of one act."""
    found = _act(request, pk)
    form = ActForm(request.POST or None, act=found)
    session: Session = found.order.session
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.edit_act(act=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("activities:bench_acts", session.activity.number, session.number)
    context = {"act": found, "activity": session.activity, "session": session, "form": form}
    return show(request, "activities/workbench/act.html", context, status=422 if form.errors else 200)


@page(plans, methods=("POST",))
def place(request: PageRequest, pk: UUID) -> HttpResponse:
    """One place up or down: `to` is the number it gets."""
    found = _act(request, pk)
    to = request.POST.get("to", "")
    if not to.isdecimal():
        raise Http404
    services.move_act(act=found, to=int(to[:4]), by=request.actor)
    return _back(found)


@page(plans, methods=("POST",))
def removal(request: PageRequest, pk: UUID) -> HttpResponse:
    """It is not performed."""
    found = _act(request, pk)
    services.take_out_act(act=found, by=request.actor)
    messages.success(request, _("Taken out: %(title)s.") % {"title": found.title})
    return _back(found)


@page(plans, methods=("POST",))
def publication(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Show the programme to all, and tell who performs when."""
    told = _programme(request, number, date_number)
    services.publish_running_order(session=told.session, by=request.actor)
    messages.success(request, _("Shown to all. The leaders of the organizations that perform are told when."))
    return redirect("activities:bench_acts", number, date_number)


@page(plans)
def sheet(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """For whoever works at the stage: times, and what has to stand there for each act."""
    told = _programme(request, number, date_number)
    context = {"programme": told, "activity": told.session.activity, "session": told.session}
    return show(request, "activities/workbench/running_sheet.html", context)


@page(plans)
def card(request: PageRequest, pk: UUID) -> HttpResponse:
    """A card that thanks those who performed an act of a date that took place."""
    found = _act(request, pk)
    turn = queries.performed(pk)
    if turn is None:
        raise Http404
    session: Session = found.order.session
    context = {
        "frame": "workbench.html",
        "name": turn.who,
        "facts": [("book", _("Performed"), found.title), *views_acts.facts_of(session)],
        "address": request.build_absolute_uri(reverse("activities:thanked", args=[codes.thanks(found)])),
        "back": reverse("activities:bench_acts", args=[session.activity.number, session.number]),
    }
    return show(request, "thanks.html", context)


def _programme(request: PageRequest, number: int, date_number: int) -> Programme:
    rows = Session.objects.select_related("activity")
    session = get_object_or_404(rows, activity__number=number, number=date_number)
    require(rules.can_manage(request.actor, session.activity))
    return queries.programme_of(session)


def _act(request: PageRequest, pk: UUID) -> Act:
    found = get_object_or_404(Act.objects.select_related("order__session__activity"), pk=pk)
    require(rules.can_manage(request.actor, found.order.session.activity))
    versions.about(request, found)
    return found


def _back(act: Act) -> HttpResponse:
    session = act.order.session
    return redirect("activities:bench_acts", session.activity.number, session.number)
