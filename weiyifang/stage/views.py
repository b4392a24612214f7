"""Residents' pages: the shows that were held, and those one is in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.core import signed
from weiyifang.core.look.wording import full_day, masked_name
from weiyifang.core.web.access import PageRequest, anyone, member, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.organizations import queries as organizations
from weiyifang.stage import queries, rules, services
from weiyifang.stage.models import Performer, State

THANKS = "stage.thanks"  # what the codes on cards are for


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
    rows = [
        (place.engagement, parts.get(place.engagement_id), place.pk if place.engagement.state == State.HELD else None)
        for place in past
    ]
    return show(request, "stage/mine.html", {"places": places, "page": past, "past": rows})


@page(resident, methods=("POST",))
def step_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Not be in it after all."""
    place = get_object_or_404(Performer.objects.select_related("resident"), pk=pk, resident=request.actor.resident_id)
    services.step_back(performer=place, by=request.actor)
    messages.success(request, _("You are out of it. The troupe's leader is told."))
    return redirect("stage:mine")


@page(member)
def card(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """A card that thanks who was on in a show that was held: for them, and for the troupe's leader."""
    place = _held_place(pk)
    if place is None or not rules.can_see_card(request.actor, place):
        raise Http404
    context = {
        "frame": "base.html",
        "name": place.resident.name,
        "facts": _facts(place),
        "address": request.build_absolute_uri(reverse("stage:thanked", args=[signed.code(THANKS, place.pk)])),
        "back": reverse("stage:mine")
        if request.actor.resident_id
        else reverse("stage:manage", args=[place.engagement.number]),
    }
    return show(request, "thanks.html", context)


@page(anyone)
def thanked(request: PageRequest, code: str) -> HttpResponseBase:
    """Whoever has a card in their hand sees what is noted now. The name is masked: the card has it."""
    pk = signed.named(THANKS, code)
    if pk is None or not Performer.objects.filter(pk=pk).exists():
        raise Http404
    place = _held_place(pk)
    facts = [("person", pgettext("person", "Name"), masked_name(place.resident.name)), *_facts(place)] if place else []
    return show(request, "thanked.html", {"facts": facts})


def _held_place(pk: UUID) -> Performer | None:
    rows = Performer.objects.live().filter(pk=pk, engagement__state=State.HELD)
    found: Performer | None = rows.select_related("resident", "engagement").first()
    return found


def _facts(place: Performer) -> list[tuple[str, str, str]]:
    engagement = place.engagement
    queries.say_who_plays([engagement])
    facts = [("book", _("Performed in"), engagement.title), ("calendar", _("When"), full_day(engagement.starts_at))]
    return [*facts, ("people", _("Who played"), engagement.troupe.name)] if engagement.troupe else facts
