"""Residents' pages: the shows that were held, and those one is in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web.access import PageRequest, anyone, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.organizations import queries as organizations
from weiyifang.stage import queries, services
from weiyifang.stage.models import Performer


@page(anyone)
def listing(request: PageRequest) -> HttpResponseBase:
    """Shows that were held, the latest first; `?of=` an organization (its source). Not who wanted them, nor where."""
    of = asked(request, "of")
    troupe = organizations.named([of]).get(of)
    if of and troupe is None:
        raise Http404
    shows = paged(request, queries.held(of))
    queries.say_who_plays(shows)
    return show(request, "stage/list.html", {"page": shows, "of": troupe})


@page(resident)
def mine(request: PageRequest) -> HttpResponseBase:
    """The shows one is in: to come, and past with one's part of what was paid."""
    me = request.actor.resident_id
    assert me is not None  # the page's rule
    past = paged(request, queries.my_past(me))
    parts = queries.my_parts(me, [place.engagement_id for place in past])
    places = list(queries.my_places(me))
    queries.say_who_plays([place.engagement for place in (*places, *past)])
    rows = [(place.engagement, parts.get(place.engagement_id)) for place in past]
    return show(request, "stage/mine.html", {"places": places, "page": past, "past": rows})


@page(resident, methods=("POST",))
def step_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Not be in it after all."""
    place = get_object_or_404(Performer.objects.select_related("resident"), pk=pk, resident=request.actor.resident_id)
    services.step_back(performer=place, by=request.actor)
    messages.success(request, _("You are out of it. The troupe's leader is told."))
    return redirect("stage:mine")
