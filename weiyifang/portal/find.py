"""Find your community: by name, by region, by going down from province to street. Outside any community."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from weiyifang.communities import register
from weiyifang.communities.models import Community
from weiyifang.core.web import outage
from weiyifang.core.web.asked import asked

SHOWN = 20
CODE = 12  # digits of a community's code


@dataclass(frozen=True, kw_only=True)
class Found:
    """One place found: where its line leads, and whether it is open."""

    place: register.Place
    url: str
    is_open: bool


@require_safe
def find(request: HttpRequest) -> HttpResponseBase:
    """`?q=` searches names and regions, `?in=` goes down into a region; an open community is entered at once."""
    wanted, within = asked(request, "q", 100), asked(request, "in", CODE)
    chosen = register.place(within) if len(within) == CODE else None
    if chosen is not None and (community := Community.objects.filter(pk=chosen.code).first()) is not None:
        return HttpResponseRedirect(community.home_url)
    answer = register.search(wanted, limit=SHOWN) if wanted else None
    places = answer.places if answer else []
    context = {
        "wanted": wanted,
        "answer": answer,
        "places": places,
        "found": _found(places),
        "chosen": chosen,
        "regions": register.children(within) if not wanted and chosen is None else [],
        "region_name": register.region_name(within),
        "opened": Community.objects.order_by("-opened_at")[:SHOWN] if not wanted and not within else [],
    }
    return render(request, "portal/find.html", context)


def _found(places: list[register.Place]) -> list[Found]:
    opened = Community.objects.in_bulk([place.code for place in places])
    return [
        Found(
            place=place,
            url=opened[place.code].home_url if place.code in opened else f"?in={place.code}",
            is_open=place.code in opened,
        )
        for place in places
    ]


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Able to ask the database and to write to our folder: for load balancers and whoever watches. Else 503."""
    communities = Community.objects.count()
    if outage.is_out_of_room(settings.VAR_DIR):
        return outage.answer(outage.Outage.NO_ROOM, "GET", request.path)
    return JsonResponse({"ok": True, "communities": communities})
