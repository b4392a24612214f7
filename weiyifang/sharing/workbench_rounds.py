"""Pages of those who share the slots of a season out: open it, look at what comes out, note objections, book it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.sharing import queries, rules, season, services
from weiyifang.sharing.forms_rounds import CallOffForm, ObjectionForm, RoundForm
from weiyifang.sharing.models import Round, RoundState, Slot
from weiyifang.sharing.views_rounds import find

MOST_SHOWN = 20  # of the dates that were taken meanwhile


@page(rules.can_share_out)
def bench_rounds(request: PageRequest) -> HttpResponse:
    """Every season, the newest first."""
    return show(request, "sharing/workbench/rounds.html", {"page": paged(request, season.listed())})


@page(rules.can_share_out, methods=("GET", "POST"))
def new_round(request: PageRequest) -> HttpResponse:
    """Let organizations apply for a season."""
    things = [one for one in queries.listed().filter(owner="").order_by("number") if not one.is_stock]
    form = RoundForm(request.POST or None, things=things)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.open_round(by=request.actor, **form.details())
            messages.success(request, _("Organizations can apply now. Their leaders are told."))
            return redirect("sharing:bench_round", made.number)
    return show(request, "sharing/workbench/round_new.html", {"form": form}, status=422 if form.errors else 200)


@page(rules.can_share_out)
def bench_round(request: PageRequest, number: int) -> HttpResponse:
    """One season at work: who applied; then what comes out, with what is said against it."""
    found = find(number)
    return show(request, "sharing/workbench/round.html", _about(request, found, CallOffForm()))


@page(rules.can_share_out, methods=("POST",))
def sharing_out(request: PageRequest, number: int) -> HttpResponse:
    """Share the slots out, once. Nothing is booked by it."""
    found = find(number)
    services.share_out(round_=found, by=request.actor)
    messages.success(request, _("Shared out. Everybody can see and recompute it now; nothing is booked yet."))
    return redirect("sharing:bench_round", number)


@page(rules.can_share_out, methods=("GET", "POST"))
def objection(request: PageRequest, pk: UUID) -> HttpResponse:
    """Note why a slot is not to be booked; with `end` it is settled."""
    slot = get_object_or_404(Slot.objects.select_related("round", "application", "resource"), pk=pk)
    versions.about(request, slot)
    number = slot.round.number
    if request.method == "POST" and "end" in request.POST:
        services.let_stand(slot=slot, by=request.actor)
        messages.success(request, _("Settled: this slot is booked with the others."))
        return redirect("sharing:bench_round", number)
    form = ObjectionForm(request.POST or None, initial={"reason": slot.objection})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.object_to(slot=slot, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Noted: this slot is not booked, and everybody reads why."))
            return redirect("sharing:bench_round", number)
    ((_application, who),) = season.with_names([slot.application])
    context = {"slot": slot, "form": form, "who": who}
    return show(request, "sharing/workbench/round_objection.html", context, status=422 if form.errors else 200)


@page(rules.can_share_out, methods=("POST",))
def round_bookings(request: PageRequest, number: int) -> HttpResponse:
    """Book all of it; with `rest`, without the dates that were taken meanwhile."""
    found = find(number)
    versions.about(request, found)
    outcome = services.book_round(round_=found, skip_taken="rest" in request.POST, by=request.actor)
    if outcome.missed and not outcome.booked:
        context = _about(request, found, CallOffForm())
        context |= {"missed": outcome.missed[:MOST_SHOWN], "more": len(outcome.missed) - MOST_SHOWN}
        return show(request, "sharing/workbench/round.html", context, status=409)
    dates = sum(map(len, outcome.booked.values()))
    done = ngettext("Booked: %(n)d date.", "Booked: %(n)d dates.", dates) % {"n": dates}
    messages.success(request, done + _(" Everybody who applied is told."))
    return redirect("sharing:bench_round", number)


@page(rules.can_share_out, methods=("POST",))
def round_end(request: PageRequest, number: int) -> HttpResponse:
    """Call it off, and say why."""
    found = find(number)
    form = CallOffForm(request.POST)
    context = _about(request, found, form)
    if form.is_valid():
        with refusals_on(form):
            services.call_off_round(round_=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Called off. Everybody who applied is told why."))
            return redirect("sharing:bench_round", number)
    return show(request, "sharing/workbench/round.html", context, status=422)


def _about(request: PageRequest, found: Round, form: CallOffForm) -> dict[str, Any]:
    versions.about(request, found)
    applications = season.applications_of(found)
    return {
        "round": found,
        "form": form,
        "applications": [(one, who, season.wishes_of(one)) for one, who in season.with_names(applications)],
        "outcomes": season.outcomes(found),
        "can_end": found.state in {RoundState.OPEN, RoundState.SHARED},
        "is_shared": found.state == RoundState.SHARED,
    }
