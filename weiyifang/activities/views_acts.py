"""The programme of a date, for everybody: who is on the stage when."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from weiyifang.activities import codes, queries, rules
from weiyifang.activities.models import Act, Session
from weiyifang.core.look.wording import full_day
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.core.web.pages import show


@page(anyone, kept=5)
def programme(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Act by act; it prints in large letters on A4. There is none before it is published."""
    found = get_object_or_404(
        Session.objects.select_related("activity"),
        activity__in=rules.visible_to(request.actor),
        activity__number=number,
        number=date_number,
    )
    told = queries.programme_of(found)
    if not told.is_published:
        raise Http404
    return show(request, "activities/programme.html", {"programme": told, "activity": found.activity, "session": found})


@page(anyone)
def thanked(request: PageRequest, code: str) -> HttpResponse:
    """Whoever has a card of thanks for an act in their hand sees what is noted now; the programme was shown to all."""
    pk = codes.thanked_id(code)
    if pk is None or not Act.objects.filter(pk=pk).exists():
        raise Http404
    turn = queries.performed(pk)
    facts = []
    if turn is not None:
        facts = [("people", _("Who performed"), turn.who), ("book", _("Performed"), turn.act.title)]
        facts += facts_of(turn.act.order.session)
    return show(request, "thanked.html", {"facts": facts})


def facts_of(session: Session) -> list[tuple[str, str, str]]:
    """Where an act was performed, for the card and the page that confirms it."""
    return [("calendar", _("When"), full_day(session.starts_at)), ("pin", _("At"), session.activity.title)]
