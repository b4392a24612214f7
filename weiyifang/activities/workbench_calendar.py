"""Staff's page for dates that are in a calendar already: choose a file, look, and say yes to some of it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.activities import calendars, queries, rules, services
from weiyifang.activities.forms import CalendarForm, ChosenForm
from weiyifang.activities.models import Activity, ActivityState
from weiyifang.core import states
from weiyifang.core.look import wording
from weiyifang.core.refusals import Refused
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, refusals_on, show
from weiyifang.people.roles import Permission

plans = holds(Permission.PLAN_ACTIVITIES)
SEALED = "calendar"  # the field in which the events travel with the page


@page(plans, methods=("GET", "POST"), files=True)
def calendar(request: PageRequest, number: int) -> HttpResponse:
    """What a calendar file holds for an activity: chosen events become dates, move them, call them off, in one act."""
    found = get_object_or_404(Activity, number=number)
    require(rules.can_manage(request.actor, found))
    if found.state not in {ActivityState.DRAFT, ActivityState.PUBLISHED}:
        raise states.ForbiddenMove()
    versions.about(request, found)
    form = CalendarForm(request.POST or None, request.FILES or None)
    if SEALED in request.POST:
        form = CalendarForm()
        try:
            brought = calendars.unseal(request.POST[SEALED], found, request.actor)
        except Refused as refused:
            messages.error(request, str(refused))
            return show(request, "activities/workbench/calendar.html", {"activity": found, "form": form}, status=422)
        return _act(request, found, brought)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "file"):
            return _preview(request, found, calendars.read(found, form.content()))
    status = 422 if form.is_bound else 200
    return show(request, "activities/workbench/calendar.html", {"activity": found, "form": form}, status=status)


def _preview(
    request: PageRequest, found: Activity, brought: calendars.Brought, form: ChosenForm | None = None
) -> HttpResponse:
    seen = calendars.sort(found, brought)
    versions.about(request, *(one.session for one in (*seen.moved, *seen.off)))
    ticked = form.ticked if form else {one.key for one in seen.new}
    context: dict[str, Any] = {
        "activity": found,
        "seen": seen,
        "new": [(one, one.key in ticked) for one in seen.new],
        "moved": [(one, one.key in ticked) for one in seen.moved],
        "off": [(one, one.key in ticked) for one in seen.off],
        "brought": brought,
        "sealed": calendars.seal(brought, found, request.actor),
        "form": form or ChosenForm(),
    }
    return show(
        request, "activities/workbench/calendar_preview.html", context, status=422 if form and form.errors else 200
    )


def _act(request: PageRequest, found: Activity, brought: calendars.Brought) -> HttpResponse:
    form = ChosenForm(request.POST)
    seen = calendars.sort(found, brought)
    if form.is_valid():
        chosen = _chosen(seen, form.ticked)
        if len(form.ticked) > len(chosen.new) + len(chosen.moved) + len(chosen.off):
            form.add_error(None, _("Something has changed meanwhile, so nothing was done. Look at the list once more."))
        elif CHANGE in request.POST:
            return _preview(request, found, brought, form)
        elif (chosen.moved or chosen.off) and SURE not in request.POST:
            return _ask(request, chosen, form.cleaned_data["reason"])
        else:
            with refusals_on(form):
                services.follow(
                    activity=found,
                    new=[one.as_date() for one in chosen.new],
                    moves=[(one.session, one.entry.as_date(one.session)) for one in chosen.moved],
                    off=[one.session for one in chosen.off],
                    reason=form.cleaned_data["reason"],
                    by=request.actor,
                )
                for words in _said(chosen):
                    messages.success(request, words)
                return redirect("activities:bench_activity", found.number)
    return _preview(request, found, brought, form)


def _chosen(seen: calendars.Sorted, keys: Container[str]) -> calendars.Sorted:
    """What is ticked of what can still be done."""
    return calendars.Sorted(
        new=[one for one in seen.new if one.key in keys],
        moved=[one for one in seen.moved if one.key in keys],
        off=[one for one in seen.off if one.key in keys],
    )


def _said(chosen: calendars.Sorted) -> Iterator[str]:
    """What was done, in sentences."""
    if count := len(chosen.new):
        yield ngettext("%(n)d date added.", "%(n)d dates added.", count) % {"n": count}
    if count := len(chosen.moved):
        yield ngettext("%(n)d date is moved.", "%(n)d dates are moved.", count) % {"n": count}
    if count := len(chosen.off):
        yield ngettext("%(n)d date is called off.", "%(n)d dates are called off.", count) % {"n": count}


def _ask(request: PageRequest, chosen: calendars.Sorted, reason: str) -> HttpResponse:
    """Once more, before people have to be told that it is otherwise."""
    versions.about(request, *(one.session for one in (*chosen.moved, *chosen.off)))
    answers = []
    for one in (*chosen.moved, *chosen.off):
        was = wording.span(one.session.starts_at, one.session.ends_at)
        to = f"{wording.span(one.entry.starts_at, one.entry.ends_at)} · {one.place}"
        count = queries.concerned(one.session.activity, one.session)
        said = ngettext("%(n)s person has enrolled.", "%(n)s people have enrolled.", count) % {"n": count}
        answers.append((was, _("called off") if one.entry.is_off else _("→ %(when)s") % {"when": to}, said))
    if chosen.off:
        answers.append((_("Why"), reason, ""))
    if chosen.new:
        answers.append((_("New dates"), str(len(chosen.new)), ""))
    return ask_again(request, title=_("Change these dates?"), answers=answers, submit=_("Change them"))
