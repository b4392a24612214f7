"""Staff's page for dates that are in a calendar already: choose a file, look, and say yes to some of it."""

from __future__ import annotations

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
    """What a calendar file holds for an activity: chosen events become dates, move dates, or call dates off."""
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
        act, chosen = form.cleaned_data["act"], form.chosen
        new = [one for one in seen.new if one.key in chosen]
        changes = [one for one in (seen.moved if act == "moved" else seen.off) if one.key in chosen]
        if len(chosen) > len(new if act == "new" else changes):
            form.add_error(None, _("Something has changed meanwhile, so nothing was done. Look at the list once more."))
        elif CHANGE in request.POST:
            return _preview(request, found, brought, form)
        elif act != "new" and SURE not in request.POST:
            return _ask(request, form, changes)
        else:
            with refusals_on(form):
                messages.success(request, _done(request, found, form, new, changes))
                return redirect("activities:bench_activity", found.number)
    return _preview(request, found, brought, form)


def _done(
    request: PageRequest,
    found: Activity,
    form: ChosenForm,
    new: list[calendars.Entry],
    changes: list[calendars.Change],
) -> str:
    """Do it, and say what was done."""
    act, by = form.cleaned_data["act"], request.actor
    if act == "new":
        count = len(services.add_dates(activity=found, dates=[one.as_date() for one in new], by=by))
        return ngettext("%(n)d date added.", "%(n)d dates added.", count) % {"n": count}
    if act == "moved":
        count = len(services.follow(moves=[(one.session, one.entry.as_date(one.session)) for one in changes], by=by))
        return ngettext("%(n)d date is moved.", "%(n)d dates are moved.", count) % {"n": count}
    sessions = [one.session for one in changes]
    services.cancel_sessions(activity=found, sessions=sessions, reason=form.cleaned_data["reason"], by=by)
    return ngettext("%(n)d date is called off.", "%(n)d dates are called off.", len(sessions)) % {"n": len(sessions)}


def _ask(request: PageRequest, form: ChosenForm, changes: list[calendars.Change]) -> HttpResponse:
    """Once more, before people have to be told that it is otherwise."""
    versions.about(request, *(one.session for one in changes))
    is_off = form.cleaned_data["act"] == "off"
    answers = []
    for one in changes:
        was = wording.span(one.session.starts_at, one.session.ends_at)
        to = f"{wording.span(one.entry.starts_at, one.entry.ends_at)} · {one.place}"
        count = queries.concerned(one.session.activity, one.session)
        said = ngettext("%(n)s person has enrolled.", "%(n)s people have enrolled.", count) % {"n": count}
        answers.append((was, _("called off") if is_off else _("→ %(when)s") % {"when": to}, said))
    if is_off:
        answers.append((_("Why"), form.cleaned_data["reason"], ""))
    return ask_again(
        request,
        title=_("Call these dates off?") if is_off else _("Move these dates?"),
        answers=answers,
        submit=_("Call them off") if is_off else _("Move them"),
    )
