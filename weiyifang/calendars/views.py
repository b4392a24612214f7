"""One's calendars: who may read them, how a phone gets them, and what the phone gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.calendars import queries, services
from weiyifang.calendars.forms import LinkForm
from weiyifang.calendars.models import Link
from weiyifang.core.web.access import PageRequest, anyone, page, resident
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.people import queries as people
from weiyifang.timetable import diaries, ical

STAND_INS: dict[type, Sequence[Any]] = {
    int: (918_273_641, 918_273_642, 918_273_643),
    UUID: (UUID(int=918_273_641 << 64), UUID(int=918_273_642 << 64), UUID(int=918_273_643 << 64)),
}
MADE = "calendar"  # in the session: the link that was made a moment ago, and its secret, until the next page


@page(resident, methods=("GET", "POST"))
def mine(request: PageRequest) -> HttpResponseBase:
    """My calendars: for which there is an address, and what to do with it. Posting makes one."""
    assert request.actor.resident_id is not None
    others = len(people.people_acted_for(request.actor.resident_id))
    choices = queries.choices_for(request.actor)
    form = LinkForm(request.POST or None, choices=choices, can_add_others=bool(others))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.make(resident_id=request.actor.resident_id, by=request.actor, **form.cleaned_data)
            return _shown_once(request, *made)
    to, secret = request.session.pop(MADE, ("", ""))
    address = request.build_absolute_uri(reverse("calendars:feed", args=[secret])) if secret else ""
    context = {
        "choices": choices,
        "form": form,
        "to": to,
        "address": address,
        "webcal": _webcal(address),
        "everything": _webcal(request.build_absolute_uri(reverse("activities:programme_calendar"))),
    }
    response = show(request, "calendars/mine.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@page(resident, methods=("POST",))
def renewal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Another address instead: the one before has come into other hands, or is lost."""
    return _shown_once(request, *services.renew(link=_own(request, pk), by=request.actor))


@page(resident, methods=("POST",))
def end(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Nobody reads the calendar any more."""
    services.end(link=_own(request, pk), by=request.actor)
    messages.success(request, _("Ended. Whoever has the address reads nothing more."))
    return redirect("calendars:mine")


@page(anyone)
def feed(request: PageRequest, secret: str) -> HttpResponseBase:
    """What a phone fetches: whoever has the address reads it, and nobody asks who they are."""
    link = queries.opened_by(secret)
    if link is None:
        raise Http404
    services.note_fetched(link)
    entries = queries.entries_of(link)
    addresses = _addresses(entries, f"{request.scheme}://{request.get_host()}")
    found = [_event(one, link, address) for one, address in zip(entries, addresses, strict=True)]
    name = queries.name_of(link) or _("My calendar · %(where)s") % {"where": request.community}
    answer = ical.answer(request, found, name=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


# --- parts ------------------------------------------------------------------------------------------------------


def _addresses(entries: Iterable[diaries.Entry], own: str) -> Iterator[str]:
    """Where each is looked at, "" where nowhere. `own`: how our addresses begin.

    Looking one up takes as long as writing the event: of each route it is done once, with numbers and ids to be
    replaced (`tests/test_what_stands_in_it.py` compares).
    """
    shapes: dict[tuple[str, tuple[type, ...]], list[str]] = {}
    for one in entries:
        kinds = tuple(map(type, one.args))
        if not one.route:
            yield ""
        elif not set(kinds) <= STAND_INS.keys():
            yield own + reverse(one.route, args=one.args)
        else:
            if (one.route, kinds) not in shapes:
                shapes[one.route, kinds] = _shape(one.route, kinds)
            shape = shapes[one.route, kinds]
            yield own + "".join([shape[0], *(f"{arg}{rest}" for arg, rest in zip(one.args, shape[1:], strict=True))])


def _shape(route: str, kinds: Sequence[type]) -> list[str]:
    """The address of a route, cut where its arguments stand."""
    args = [STAND_INS[kind][place] for place, kind in enumerate(kinds)]
    rest, pieces = reverse(route, args=args), list[str]()
    for arg in args:
        piece, _arg, rest = rest.partition(str(arg))
        pieces.append(piece)
    return [*pieces, rest]


def _event(one: diaries.Entry, link: Link, address: str) -> ical.CalendarEvent:
    is_for_other = one.whose is not None and one.whose != link.resident_id
    return ical.CalendarEvent(
        uid=one.uid,
        title=one.title,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        place=one.place,
        description=_("For somebody you act for") if is_for_other else "",
        url=address,
        changed_at=one.made_at,
        sequence=one.sequence,
        cancelled=one.is_off,
    )


def _webcal(address: str) -> str:
    """The same address, which a phone hands to its calendar instead of opening it."""
    return f"webcal:{address.partition(':')[2]}"


def _own(request: PageRequest, pk: UUID) -> Link:
    return get_object_or_404(Link, pk=pk, resident_id=request.actor.resident_id)


def _shown_once(request: PageRequest, link: Link, secret: str) -> HttpResponseBase:
    """On the next page and not on this answer: answers to forms are kept for a while, the address is not."""
    request.session[MADE] = str(link.pk), secret
    return redirect("calendars:mine")
