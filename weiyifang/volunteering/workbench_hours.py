"""Staff's and leaders' pages: who came to a shift, the hours of a team, approving and putting right."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core import clock
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.core.web.periods import PeriodForm, bounds
from weiyifang.volunteering import queries, rules, services, sheets
from weiyifang.volunteering.forms import HoursForm, WhyForm
from weiyifang.volunteering.models import Hours, HoursState, Shift, Slot, Team


@page(rules.can_manage_some, methods=("GET", "POST"))
def note(request: PageRequest, number: int) -> HttpResponseBase:
    """Who came, from when until when; who did not. The planned times stand there to begin with."""
    shift = _shift(request, number)
    slots = queries.was_there(shift)
    open_slots = [slot for slot in slots if slot.noted is None and not slot.missed]
    form = HoursForm(request.POST or None, shift=shift, slots=open_slots)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form), transaction.atomic():
            for slot in form.absent():
                services.note_missed(slot=slot, by=request.actor)
            services.note_hours(team=shift.team, lines=form.lines(), by=request.actor)
        if not form.errors:
            messages.success(request, _("Noted. Somebody else approves it, then it counts."))
            return redirect("volunteering:note_hours", number=number)
    noted = [slot for slot in slots if slot.noted or slot.missed]
    context = {"shift": shift, "slots": slots, "noted": noted, "form": form, "rows": form.rows()}
    return show(request, "volunteering/workbench/who_came.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some, methods=("POST",))
def as_planned(request: PageRequest, number: int) -> HttpResponseBase:
    """Everybody came as planned: in one tap."""
    made = services.note_as_planned(shift=_shift(request, number), by=request.actor)
    words = ngettext(
        "%d entry noted. Somebody else approves it.", "%d entries noted. Somebody else approves them.", len(made)
    )
    messages.success(request, words % len(made))
    return redirect("volunteering:note_hours", number=number)


@page(rules.can_manage_some, methods=("POST",))
def came(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It was a mistake that somebody did not come."""
    slot = get_object_or_404(Slot.objects.select_related("shift"), pk=pk)
    services.note_missed(slot=slot, missed=False, by=request.actor)
    messages.success(request, _("Put right. Now note from when until when."))
    return redirect("volunteering:note_hours", number=slot.shift.number)


@page(rules.can_manage_some)
def of_team(request: PageRequest, number: int) -> HttpResponseBase:
    """The hours of a team in one `?period=`: what waits, what counts, by person; with `?format=csv` as a file."""
    team = _team(request, number)
    form = PeriodForm({"period": asked(request, "period", 7) or f"{clock.today().year}"})
    since, until = bounds(form.cleaned_data["period"]) if form.is_valid() else (None, None)
    rows = queries.hours_in(team, since=since, until=until)
    if asked(request, "format", 4) == "csv":
        name = f"hours-{team.number}-{clock.today():%Y%m%d}.csv"
        return downloads.named(sheets.hours(rows, with_names=True), name)
    mine = queries.hours_to_approve(request.actor).filter(slot__shift__team=team)
    waiting = paged(request, queries.hours_in(team).filter(pk__in=mine.values("pk")), name="waiting")
    context = {
        "team": team,
        "form": form,
        "waiting": waiting,
        "page": paged(request, rows),
        "worked": queries.worked(rows),
        "people": paged(request, queries.by_person(rows), name="people"),
    }
    return show(request, "volunteering/workbench/team_hours.html", context)


@page(rules.can_manage_some, methods=("POST",))
def approve(request: PageRequest, number: int) -> HttpResponseBase:
    """Approve those that stood on the page (`hours`, ids), all of them or none."""
    team = _team(request, number)
    wanted = _ids(request.POST.getlist("hours"))
    chosen = list(queries.hours_in(team).filter(state=HoursState.NOTED, pk__in=wanted))
    services.approve_hours(hours=chosen, by=request.actor)
    words = ngettext("%d entry approved.", "%d entries approved.", len(chosen)) % len(chosen)
    if len(chosen) < len(wanted):
        words += " " + _("Somebody else was faster with the others.")
    messages.success(request, words)
    return redirect("volunteering:team_hours", number=number)


@page(rules.can_manage_some)
def one(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One entry: whose, when, noted and approved by whom."""
    return show(request, "volunteering/workbench/one_hours.html", _about(request, _one(request, pk), WhyForm()))


@page(rules.can_manage_some, methods=("POST",))
def refuse(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It does not count, with a word why."""
    return _with_reason(request, pk, services.refuse_hours, _("Noted: it does not count."))


@page(rules.can_manage_some, methods=("POST",))
def take_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It was approved by mistake."""
    done = _("Taken back in both books. Note it anew if they were there at another time.")
    return _with_reason(request, pk, services.take_back_hours, done)


def _with_reason(request: PageRequest, pk: UUID, verb: Any, done: str) -> HttpResponseBase:
    found, form = _one(request, pk), WhyForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verb(hours=found, by=request.actor, **form.cleaned_data)
            messages.success(request, done)
            return redirect("volunteering:one_hours", pk=pk)
    return show(request, "volunteering/workbench/one_hours.html", _about(request, found, form), status=422)


def _ids(typed: Iterable[str]) -> set[UUID]:
    found = set()
    for one in typed:
        with suppress(ValueError):
            found.add(UUID(one))
    return found


def _shift(request: PageRequest, number: int) -> Shift:
    found = get_object_or_404(Shift.objects.select_related("team"), number=number)
    require(rules.can_manage(request.actor, found.team))
    return found


def _team(request: PageRequest, number: int) -> Team:
    found = get_object_or_404(Team, number=number)
    require(rules.can_manage(request.actor, found))
    return found


def _one(request: PageRequest, pk: UUID) -> Hours:
    rows = Hours.objects.select_related(
        "slot__shift__team", "slot__need", "volunteer__resident", "noted_by", "decided_by", "back_by"
    )
    found = get_object_or_404(rows.defer("volunteer__resident__phone", "volunteer__resident__id_number"), pk=pk)
    require(rules.can_manage(request.actor, found.slot.shift.team))
    return found


def _about(request: PageRequest, found: Hours, form: WhyForm) -> dict[str, Any]:
    can_approve = found.is_waiting and queries.hours_to_approve(request.actor).filter(pk=found.pk).exists()
    is_own = found.volunteer.resident_id == request.actor.resident_id
    return {"hours": found, "form": form, "can_approve": can_approve, "is_own": is_own, "team": found.slot.shift.team}
