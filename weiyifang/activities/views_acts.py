"""The programme of a date, for everybody: who is on the stage when."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from weiyifang.activities import queries, rules
from weiyifang.activities.models import Session
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.core.web.pages import show


@page(anyone, kept=5)
def programme(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Act by act; it prints in large letters on A4. There is none before it is published."""
    found = get_object_or_404(
        Session.objects.select_related("activity"),
        activity__in=rules.visible_to(request.actor),
        activity__number=number,
        number=date_number,
    )
    told = queries.programme_of(found)
    if not told.is_published:
        raise Http404
    return show(request, "activities/programme.html", {"programme": told, "activity": found.activity, "session": found})
