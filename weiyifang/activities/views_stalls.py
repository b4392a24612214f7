"""The stalls of a market, for everybody; whoever leads an organization takes one for it here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.activities import queries, rules, services
from weiyifang.activities.forms_stalls import TakeForm
from weiyifang.activities.models import Session, SessionState, Stall
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.organizations import queries as organizations
from weiyifang.people.roles import Permission


@page(anyone, methods=("GET", "POST"))
def stalls(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Who has which. A leader takes a free one for their organization, staff give one to any."""
    found = get_object_or_404(
        Session.objects.select_related("activity"),
        activity__in=rules.visible_to(request.actor),
        activity__number=number,
        number=date_number,
    )
    stands = queries.stalls_of(found)
    if not stands:
        raise Http404
    free = [one for one in stands if one.stall.is_free]
    is_on = found.state == SessionState.PLANNED and not found.is_over
    ours = organizations.choices_for(request.actor, Permission.PLAN_ACTIVITIES)
    form = TakeForm(request.POST or None, free=free, ours=ours)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            chosen = next(one.stall for one in free if one.stall.number == form.cleaned_data["number"])
            services.take_stall(
                stall=chosen,
                organization=form.cleaned_data["organization"],
                goods=form.cleaned_data["goods"],
                by=request.actor,
            )
            messages.success(request, _("Stall %(number)d is yours.") % {"number": chosen.number})
            return redirect("activities:stalls", number, date_number)
    sources = {source for source, _name in ours}
    context = {
        "activity": found.activity,
        "session": found,
        "stands": stands,
        "free": len(free),
        "form": form if ours and free and is_on else None,
        "ours": sources if is_on else frozenset(),
    }
    return show(request, "activities/stalls.html", context, status=422 if form.errors else 200)


@page(anyone, methods=("POST",))
def give_back(request: PageRequest, pk: UUID) -> HttpResponse:
    """The organization does not need it."""
    stall = get_object_or_404(Stall.objects.select_related("session__activity"), pk=pk)
    versions.about(request, stall)
    services.give_back_stall(stall=stall, by=request.actor)
    messages.success(request, _("Given back. Another organization can have it."))
    return redirect("activities:stalls", stall.session.activity.number, stall.session.number)
