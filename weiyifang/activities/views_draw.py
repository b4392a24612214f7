"""The public page of a draw by lot, and its file: what went in and what came out, for anybody to recompute."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from weiyifang.activities import lottery, queries, rules, services
from weiyifang.activities.models import Draw, Session
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.core.web.pages import paged, show


@page(anyone)
def draw(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """How the seats of a date are drawn, or were."""
    session, found = _load(request, number, date_number)
    sheet = queries.sheet_of(found)
    people = queries.people_to_act_for(request.actor)
    mine = [one.ticket for one in queries.rows_in(session, people) if one.ticket]
    context = {
        "activity": session.activity,
        "session": session,
        "draw": found,
        "sheet": sheet,
        "seats": queries.seats_of([session])[session.pk] if sheet is None else None,
        "closes_at": services.closes_at(session),
        "page": paged(request, sheet.rows if sheet is not None else []),
        "ranks": _ranks(sheet, mine),
        "file": reverse("activities:draw_file", args=[number, date_number]),
    }
    return show(request, "activities/draw.html", context)


@page(anyone)
def draw_file(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """The draw as `weiyifang lottery verify` and the page's own script read it."""
    _session, found = _load(request, number, date_number)
    if not found.sheet:
        raise Http404
    response = HttpResponse(found.sheet, content_type="application/json; charset=utf-8")
    return downloads.named(response, f"draw-{number}-{date_number}.json")


def _load(request: PageRequest, number: int, date_number: int) -> tuple[Session, Draw]:
    """The date, if it may be seen and lots are drawn for it."""
    session = queries.date_by_number(number, date_number)
    if session is None or not rules.can_see(request.actor, session.activity):
        raise Http404
    found = queries.draw_of(session)
    if found is None or not found.commitment:
        raise Http404
    return session, found


def _ranks(sheet: lottery.Sheet | None, tickets: list[int]) -> list[tuple[int, int, bool]]:
    """Of these tickets: the number, its rank in the draw, and whether it got its seats."""
    if sheet is None:
        return []
    return [(number, rank, got) for rank, number, _seats, _key, got in sheet.rows if number in tickets]
