"""Dates somebody missed: what follows from it, and a word why it shall not count."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.activities import missed, queries, services
from weiyifang.activities.forms_missed import ObjectionForm
from weiyifang.activities.models import Enrollment
from weiyifang.core.web.access import PageRequest, page, require, resident
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people.rules import acts_for


@page(resident)
def absences(request: PageRequest) -> HttpResponse:
    """What I missed lately, and what was said of it."""
    return _show(request, ObjectionForm())


@page(resident, methods=("POST",))
def objection(request: PageRequest, pk: UUID) -> HttpResponse:
    """Say why one of them shall not count."""
    found = get_object_or_404(Enrollment.objects.select_related("activity", "session"), pk=pk)
    require(acts_for(request.actor, found.resident_id))
    form = ObjectionForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.object_to_absence(enrollment=found, said=form.cleaned_data["said"], by=request.actor)
            messages.success(request, _("Noted. Until somebody has looked at it, this date does not count."))
            return redirect("activities:absences")
    return _show(request, form, about=pk)


def _show(request: PageRequest, form: ObjectionForm, about: UUID | None = None) -> HttpResponse:
    me = request.actor.resident_id
    assert me is not None  # `resident` lets nobody else in
    rows = paged(request, queries.missed_by(me))
    queries.say_excuses(list(rows))
    context = {
        "page": rows,
        "rule": missed.in_words(),
        "goes_later": bool(queries.who_missed([me], missed.rule())),
        "form": form,
        "empty": ObjectionForm(),
        "about": about,
    }
    return show(request, "activities/absences.html", context, status=422 if form.errors else 200)
