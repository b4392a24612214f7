"""Classes by term: the pupil's card and certificate, the page that confirms one, and the teacher's statement."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from weiyifang.activities import codes, queries, rules, sheets
from weiyifang.activities.models import Activity, Enrollment, EnrollmentState, Session
from weiyifang.core.look.wording import masked_name
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, anyone, member, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show

SOON = 6  # lessons to come on a card
ON_PAPER = 200  # lessons of one class: more than four years of every week


@page(member)
def card(request: PageRequest, pk: str) -> HttpResponseBase:
    """A pupil's card: each lesson, whether they came, and what it cost; `?format=csv`."""
    enrollment = _enrollment(request, pk)
    if asked(request, "format", 4) == "csv":
        return downloads.named(sheets.card(enrollment), f"card-{enrollment.activity.number}.csv")
    coming = list(Session.objects.to_come().filter(activity=enrollment.activity)[:SOON])
    leaves = queries.leaves_of(enrollment, coming)
    context = {
        "activity": enrollment.activity,
        "enrollment": enrollment,
        "page": paged(request, queries.lessons_of(enrollment), ON_PAPER),
        "attended": queries.attended_by(enrollment),
        "coming": [(one, leaves.get(one.pk)) for one in coming],
        "to_make_up": queries.where_to_make_up(enrollment),
        "can_change": enrollment.state == EnrollmentState.CONFIRMED
        and rules.can_enrol(request.actor, enrollment.activity, enrollment.resident_id),
        "can_note": rules.can_enrol_others(request.actor, enrollment.activity),
    }
    return show(request, "activities/card.html", context)


@page(member)
def certificate(request: PageRequest, pk: str) -> HttpResponse:
    """A sheet that says which lessons somebody attended, with a code by which anybody can ask whether it is so."""
    enrollment = _enrollment(request, pk)
    attended = queries.attended_by(enrollment)
    if not attended.attended:
        raise Http404
    path = reverse("activities:certified", args=[codes.certificate(enrollment)])
    return show(
        request,
        "activities/certificate.html",
        {
            "activity": enrollment.activity,
            "enrollment": enrollment,
            "attended": attended,
            "organizer": queries.organizer_names([enrollment.activity]).get(enrollment.activity.organizer, ""),
            "address": request.build_absolute_uri(path),
        },
    )


@page(anyone)
def certified(request: PageRequest, code: str) -> HttpResponse:
    """Whoever has a certificate in their hand sees what is noted now. The name is masked: the paper has it."""
    found = Enrollment.objects.select_related("activity", "resident")
    enrollment = get_object_or_404(found, pk=codes.certified_id(code))
    context = {
        "activity": enrollment.activity,
        "attended": queries.attended_by(enrollment),
        "name": masked_name(enrollment.resident.name),
    }
    return show(request, "activities/certified.html", context)


@page(member)
def lessons(request: PageRequest, number: int) -> HttpResponseBase:
    """The statement of a class, for its teacher and whoever keeps it: each lesson, who came, what was paid, and whose
    that is; `?format=csv`.
    """
    activity = get_object_or_404(Activity.objects.terms(), number=number)
    require(rules.can_see_lessons(request.actor, activity))
    if asked(request, "format", 4) == "csv":
        return downloads.named(sheets.lessons(activity), f"lessons-{number}.csv")
    context = {
        "activity": activity,
        "page": paged(request, queries.lessons_of_all(activity), ON_PAPER),
        "taught": queries.taught(activity),
    }
    return show(request, "activities/lessons.html", context)


def _enrollment(request: PageRequest, pk: str) -> Enrollment:
    """A pupil's, for themselves, those who act for them, and those at the door."""
    found = Enrollment.objects.filter(session=None).select_related("activity", "resident")
    enrollment = get_object_or_404(found, pk=pk)
    if not rules.can_see_enrollment(request.actor, enrollment):
        raise Http404
    return enrollment
