"""One lesson of a class: on trial, or to make one up; and that a pupil cannot come to one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.activities import codes, queries, rules, services, visits
from weiyifang.activities.forms_lessons import VisitForm
from weiyifang.activities.models import Activity, Enrollment, LessonLeave, Mode, Session
from weiyifang.core import clock
from weiyifang.core.web.access import PageRequest, member, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.people import queries as register
from weiyifang.people.models import Resident


@page(member, methods=("GET", "POST"))
def lesson(request: PageRequest, number: int) -> HttpResponse:
    """Come to one lesson of a class (POST); what one has there already stands above.

    `?for=` is the number of a resident, for those who enrol others; `?missed=` a leave that is to be made up.
    """
    classes = rules.visible_to(request.actor).filter(mode=Mode.TERM).select_related("instructor")
    activity = get_object_or_404(classes, number=number)
    people = _people(request, activity)
    pupils = queries.pupils_among(activity, [one.pk for one in people])
    others = [one for one in people if one.pk not in pupils]
    rule = visits.rule_on(clock.today())
    tried = queries.trials_of(activity, [one.pk for one in others])
    form = VisitForm(
        request.POST or None,
        trying=[one for one in others if activity.trials and tried[one.pk] < rule.trials],
        missed=queries.to_make_up([one.pk for one in others], activity),
        lessons=queries.lessons_to_visit(activity),
    )
    form.begin_with(asked(request, "missed", 36))
    if request.method == "POST" and form.is_valid():
        at, who, missed = form.chosen()
        with refusals_on(form):
            at.activity = activity
            if missed is None:
                services.try_lesson(lesson=at, resident=who, by=request.actor)
            else:
                services.make_up(lesson=at, missed=missed, resident=who, by=request.actor)
            messages.success(request, _("%(name)s has a seat at this lesson.") % {"name": who.name})
            return redirect(request.get_full_path())
    mine = queries.visits_in(activity, [one.pk for one in people])
    context = {
        "activity": activity,
        "form": form,
        "mine": [(one, request.build_absolute_uri(_ticket(one))) for one in mine],
        "is_clear": bool(form.lessons and (form.trying or form.missed)),
        "has_seats": bool(form.lessons),
        "rule": rule,
        "fee_fen": visits.trial_fee(activity.fee_fen, clock.now()),
    }
    return show(request, "activities/visits.html", context, status=422 if form.errors else 200)


@page(member, methods=("POST",))
def leaves(request: PageRequest, pk: UUID) -> HttpResponse:
    """A pupil cannot come to one lesson of their class: `lesson` is its number."""
    enrollment = _pupil(request, pk)
    number = request.POST.get("lesson", "")
    dates = Session.objects.filter(activity=enrollment.activity_id)
    found = get_object_or_404(dates, number=int(number) if number.isdecimal() and len(number) < 9 else 0)
    services.take_leave(enrollment=enrollment, lesson=found, by=request.actor)
    messages.success(request, _("Noted. The teacher reads it on the list, and the lesson can be made up."))
    return redirect("activities:card", enrollment.pk)


@page(member, methods=("POST",))
def leave_end(request: PageRequest, pk: UUID) -> HttpResponse:
    """They come after all."""
    rows = LessonLeave.objects.select_related("enrollment__activity", "enrollment__resident")
    leave = get_object_or_404(rows, pk=pk)
    services.end_leave(leave=leave, by=request.actor)
    messages.success(request, _("Noted: you come after all."))
    return redirect("activities:card", leave.enrollment_id)


# --- parts ------------------------------------------------------------------------------------------------------


def _people(request: PageRequest, activity: Activity) -> Sequence[Resident]:
    """Oneself and those one acts for; or whom the desk asks for."""
    number = asked(request, "for", 9)
    if not number.isdecimal():
        return queries.people_to_act_for(request.actor)
    require(rules.can_enrol_others(request.actor, activity))
    return list(register.living_here([int(number)]))


def _pupil(request: PageRequest, pk: UUID) -> Enrollment:
    rows = Enrollment.objects.filter(session=None).select_related("activity", "resident")
    found = get_object_or_404(rows, pk=pk)
    if not rules.can_see_enrollment(request.actor, found):
        raise Http404
    return found


def _ticket(enrollment: Enrollment) -> str:
    return reverse("activities:ticket", args=[codes.ticket(enrollment)])
