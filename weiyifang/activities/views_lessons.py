"""Classes by term: the pupil's card and certificate, the page that confirms one, and the teacher's statement."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from weiyifang.activities import codes, queries, rules
from weiyifang.activities.models import Activity, Enrollment
from weiyifang.core.look.wording import masked_name
from weiyifang.core.web.access import PageRequest, anyone, member, page, require
from weiyifang.core.web.pages import paged, show

ON_PAPER = 200  # lessons of one class: more than four years of every week


@page(member)
def card(request: PageRequest, pk: str) -> HttpResponse:
    """A pupil's card: each lesson, whether they came, and what it cost."""
    enrollment = _enrollment(request, pk)
    context = {
        "activity": enrollment.activity,
        "enrollment": enrollment,
        "page": paged(request, queries.lessons_of(enrollment), ON_PAPER),
        "attended": queries.attended_by(enrollment),
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
def lessons(request: PageRequest, number: int) -> HttpResponse:
    """What a class adds up to, for its teacher and whoever keeps it: each lesson, who came, what was paid."""
    activity = get_object_or_404(Activity.objects.terms(), number=number)
    require(rules.can_see_lessons(request.actor, activity))
    given, people, fee_fen = queries.taught(activity)
    context = {
        "activity": activity,
        "page": paged(request, queries.lessons_of_all(activity), ON_PAPER),
        "given": given,
        "people": people,
        "fee_fen": fee_fen,
    }
    return show(request, "activities/lessons.html", context)


def _enrollment(request: PageRequest, pk: str) -> Enrollment:
    """A pupil's, for themselves, those who act for them, and those at the door."""
    found = Enrollment.objects.filter(session=None).select_related("activity", "resident")
    enrollment = get_object_or_404(found, pk=pk)
    if not rules.can_see_enrollment(request.actor, enrollment):
        raise Http404
    return enrollment
