"""Who missed a date: excused, or looked at because they said why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.activities import missed, queries, rules, services
from weiyifang.activities.forms_missed import DecisionForm
from weiyifang.activities.models import Excuse, Session
from weiyifang.activities.workbench_desk import enrols
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page, require
from weiyifang.core.web.pages import paged, refusals_on, show

COUNTS = "counts"  # the button under an objection that was looked at


@page(enrols, methods=("GET", "POST"))
def absences(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Who enrolled themselves for a date, was not there and kept the seat; excuse one who said nothing."""
    session = get_object_or_404(Session.objects.select_related("activity"), activity__number=number, number=date_number)
    require(rules.can_enrol_others(request.actor, session.activity))
    if request.method == "GET":
        return _show(request, session, DecisionForm())
    about = asked_id(request.POST.get("enrollment", ""))
    found = get_object_or_404(queries.missed_at(session), pk=about)
    form = DecisionForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.excuse_absence(enrollment=found, answer=form.cleaned_data["answer"], by=request.actor)
            messages.success(request, _("Noted. They read it on their page."))
            return redirect("activities:bench_absences", number, date_number)
    return _show(request, session, form, about=found.pk)


@page(enrols, methods=("POST",))
def decision(request: PageRequest, pk: UUID) -> HttpResponse:
    """What was said of a missed date: it does not count, or it does all the same."""
    found = get_object_or_404(Excuse.objects.select_related("enrollment__activity", "enrollment__session"), pk=pk)
    activity, session = found.enrollment.activity, found.enrollment.session
    require(rules.can_enrol_others(request.actor, activity))
    assert session is not None  # terms have no missed dates
    session.activity = activity
    form = DecisionForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.decide_excuse(
                excuse=found, counts=COUNTS in request.POST, answer=form.cleaned_data["answer"], by=request.actor
            )
            messages.success(request, _("Noted. They read it on their page."))
            return redirect("activities:bench_absences", activity.number, session.number)
    return _show(request, session, form, about=found.enrollment_id)


def asked_id(text: str) -> UUID | None:
    """An id that was sent; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _show(request: PageRequest, session: Session, form: DecisionForm, about: UUID | None = None) -> HttpResponse:
    rows = paged(request, queries.missed_at(session))
    versions.about(request, *filter(None, queries.say_excuses(list(rows))))
    context = {
        "activity": session.activity,
        "session": session,
        "page": rows,
        "here": reverse("activities:bench_absences", args=[session.activity.number, session.number]),
        "rule": missed.in_words(),
        "form": form,
        "empty": DecisionForm(),
        "about": about,
    }
    return show(request, "activities/workbench/absences.html", context, status=422 if form.errors else 200)
