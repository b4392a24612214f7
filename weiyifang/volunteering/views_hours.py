"""Residents' pages: one's own hours, and noting them oneself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.volunteering import queries, services, sheets
from weiyifang.volunteering.forms import OwnHoursForm, was
from weiyifang.volunteering.models import Slot


@page(resident)
def hours(request: PageRequest) -> HttpResponseBase:
    """What one did: this month, this year, by team, each entry; with `?format=csv` as a file. It prints."""
    me = request.actor.resident_id
    assert me is not None  # the page's rule
    rows = queries.hours_of(me)
    if asked(request, "format", 4) == "csv":
        return downloads.named(sheets.hours(rows, with_names=False), f"hours-{clock.today():%Y%m%d}.csv")
    context = {"page": paged(request, rows), "worked": queries.worked(rows), "teams": queries.by_team(rows)}
    return show(request, "volunteering/hours.html", context)


@page(resident, methods=("GET", "POST"))
def note(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Note from when until when one was there; it waits for somebody else's yes."""
    rows = Slot.objects.select_related("shift__team", "need")
    slot = get_object_or_404(rows, pk=pk, shift__number=number, volunteer__resident_id=request.actor.resident_id)
    form = OwnHoursForm.about(slot.shift, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            line = was(slot, slot.shift, form.cleaned_data["came"], form.cleaned_data["left"])
            services.note_hours(team=slot.shift.team, lines=[line], by=request.actor)
            messages.success(request, _("Noted. It counts as soon as somebody else has looked at it."))
            return redirect("volunteering:hours")
    context = {"form": form, "slot": slot, "shift": slot.shift}
    return show(request, "volunteering/note_hours.html", context, status=422 if form.errors else 200)
