"""Every place on a page for everybody that is somebody's own, and what fills it (`weiyifang.core.web.own`).

This table is the whole of it: what is not named here cannot differ from one reader of a kept page to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from weiyifang.activities import own as activities
from weiyifang.activities import queries as activity_queries
from weiyifang.activities import suggesting
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.kinds import kinds
from weiyifang.core.look.wording import as_day
from weiyifang.core.models import TimelineEntry
from weiyifang.core.prepared import Read
from weiyifang.core.web import waiting
from weiyifang.core.web.own import Fill, Reader
from weiyifang.fund import events as fund_events
from weiyifang.fund import queries as fund
from weiyifang.news import events as news_events
from weiyifang.news import rules as news_rules
from weiyifang.organizations import events as organization_events
from weiyifang.organizations import own as organizations_own
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.models import Resident, born_before_minors
from weiyifang.people.roles import Permission
from weiyifang.portal.chrome import my_place, waiting_at, waiting_for

Filled = Mapping[str, Any] | None
SHOWN = 8  # at the workbench, of what waits, and of what was done lately; their own pages have the rest
OF_NOTE = {fund_events.__name__, news_events.__name__, organization_events.__name__}


# --- the shell --------------------------------------------------------------------------------------------------


def me(reader: Reader) -> Filled:
    """ "Me" in the dock: with a red dot when something is new, and not at all for whoever lives elsewhere."""
    actor = reader.actor
    if actor is None or actor.is_visitor or (actor.is_member and not actor.has_news):
        return None
    return {"place": my_place(reader.request, is_new=True) if actor.is_member else None}


def switch(reader: Reader) -> Filled:
    """The switches of look and language take along the form on the page: the reader's own, if there is one."""
    return {} if reader.chrome.form else None


def account(reader: Reader) -> Filled:
    """Sign out, with the form's token; everybody else signs in."""
    user = getattr(reader.request, "user", None)
    return {"is_signed_in": True} if user is not None and user.is_authenticated else None


# --- pages ------------------------------------------------------------------------------------------------------


def hello(reader: Reader) -> Filled:
    """The greeting by name."""
    return {"greeting": greeting(clock.now(), reader.actor.name)} if reader.actor and reader.actor.name else None


def greeting(moment: datetime, name: str = "") -> str:
    """As the hour has it."""
    hour = timezone.localtime(moment).hour
    if hour < 5 or hour >= 19:
        hello = _("Good evening")
    elif hour < 12:
        hello = _("Good morning")
    else:
        hello = _("Good afternoon")
    return _("%(hello)s, %(name)s") % {"hello": hello, "name": name} if name else hello


def for_me(reader: Reader) -> Filled:
    """On the front page: new messages, and what they come to today and tomorrow."""
    actor = reader.actor
    if actor is None or actor.is_visitor:
        return None
    mine = _soon(actor)
    return {"mine": mine, "has_news": actor.has_news} if mine or actor.has_news else None


def _soon(actor: Actor) -> list[activity_queries.Mine]:
    """What they, or those they stand by, come to or wait for today and tomorrow."""
    if actor.resident_id is None:
        return []
    until = clock.today() + timedelta(days=1)
    mine = activity_queries.upcoming_of(actor)
    return [one for one in mine if one.session is not None and as_day(one.session.starts_at) <= until]


def gifts(reader: Reader) -> Filled:
    """On the fund's page: the way to what they gave."""
    return {"is_resident": True} if reader.actor and reader.actor.resident_id else None


def desk(reader: Reader) -> Filled:
    """Below an article: the way to the desk, for whoever may work on it."""
    actor = reader.actor
    may = actor is not None and bool(actor.rights) and news_rules.can_work_on(actor, reader.page["article"])
    return {"can_work": True} if may else None


# --- the workbench -----------------------------------------------------------------------------------------------


def name(reader: Reader) -> Filled:
    """Who works here."""
    return {"name": reader.actor.name} if reader.actor and reader.actor.name else None


def count(reader: Reader) -> Filled:
    """How much waits at one place of the map."""
    n = waiting_at(reader.request).get(reader.of, 0)
    return {"n": n} if n else None


def queue(reader: Reader) -> Filled:
    """What waits for them, the soonest due first."""
    assert reader.actor is not None
    counted = waiting_for(reader.request)
    lines = waiting.lines(reader.actor, counted)
    if not lines:
        return None
    return {"lines": lines[:SHOWN], "all": len(lines), "kinds": waiting.of_which(counted)}


def figures(reader: Reader) -> Filled:
    """What the fund has, and what was done lately, for those whose duty it is to see it."""
    actor = reader.actor
    assert actor is not None
    money = fund.year_or_none() if actor.may_somewhere(Permission.SEE_BOOKS) else None
    watches = actor.may_somewhere(Permission.SEE_TIMELINE)
    history = timeline.with_titles(of_note()[:SHOWN], actor) if watches else []
    return {"money": money, "history": history} if money or history else None


def of_note() -> QuerySet[TimelineEntry]:
    """What was done about money, news and organizations: among every act, those who came would hide it."""
    verbs = [name for name, kind in kinds().items() if kind.__module__ in OF_NOTE]
    return TimelineEntry.objects.filter(verb__in=verbs).order_by("-at", "-id").prefetch_related("remarks")


# --- "Me" -------------------------------------------------------------------------------------------------------

NOBODYS: Mapping[str, Any] = {  # what "Me" knows before it is filled
    "name": "",
    "mine": [],
    "suggested": [],
    "gifts": 0,
    "memberships": [],
    "is_going": False,
    "is_resident": False,
    "has_news": False,
    "has_rights": False,
    "is_signed_in": False,
}


def affairs(reader: Reader) -> Filled:
    """All of it in a few questions, asked by whichever place comes first."""
    actor = reader.actor
    if actor is None or actor.is_visitor:
        return None
    known: dict[str, Any] | None = getattr(reader.request, "their_affairs", None)
    if known is None:
        known = _affairs(actor)
        reader.request.their_affairs = known  # type: ignore[attr-defined]  # remembered with the request
    return known


def _affairs(actor: Actor) -> dict[str, Any]:
    resident_id = actor.resident_id
    rows = _me_and_mine(resident_id, born_before_minors()) if resident_id else []
    mine = activity_queries.own_first(rows, actor)
    me: Any = mine[0] if mine else None
    return {
        "name": actor.name,
        "mine": activity_queries.upcoming_of(actor, mine),
        "suggested": suggesting.suggested(mine, to=resident_id),
        "gifts": me.gifts or 0 if me else 0,
        "memberships": organizations.organizations_of(resident_id) if resident_id else [],
        "is_going": bool(me and me.is_going),
        "is_resident": resident_id is not None,
        "has_news": actor.has_news,
        "has_rights": bool(actor.rights),
        "is_signed_in": True,
    }


def _with_affairs(resident_id: UUID, minors_from: date) -> QuerySet[Resident]:
    """Oneself and those one stands by, with how many gifts each gave, and whether they are to be forgotten."""
    gifts = fund.given_by(OuterRef("pk")).order_by().values("resident").annotate(many=Count("pk")).values("many")
    going = people.open_erasures().filter(resident=OuterRef("pk"))
    rows = people.to_act_for(resident_id, minors_from)
    return rows.annotate(gifts=Subquery(gifts), is_going=Exists(going))


_me_and_mine = Read(_with_affairs, activity_queries.LIKE_PERSON, activity_queries.LIKE_DAY)


def _when(*names: str) -> Fill:
    """Their affairs, where one of these is theirs; else the place is as everybody's."""

    def fill(reader: Reader) -> Filled:
        known = affairs(reader)
        return known if known is not None and any(known[name] for name in names) else None

    return fill


ME: Mapping[str, Fill] = {
    "name": affairs,
    "going": _when("is_going"),
    "coming": _when("mine"),
    "suggested": _when("suggested"),
    "messages": _when("has_news"),
    "gifts": _when("is_resident"),
    "places": _when("memberships", "has_rights"),
    "token": affairs,
}

OWN: dict[str, Fill] = {
    "shell.me": me,
    "shell.switch": switch,
    "shell.account": account,
    **{f"me.{place}": fill for place, fill in ME.items()},
    "home.hello": hello,
    "home.for_me": for_me,
    "activities.mine": activities.enrolment,
    "activities.enrolment": activities.enrolment,
    "activities.desk": activities.desk,
    "organizations.begin": organizations_own.begin,
    "organizations.joining": organizations_own.joining,
    "organizations.documents": organizations_own.documents,
    "organizations.desk": organizations_own.desk,
    "fund.gifts": gifts,
    "news.desk": desk,
    "bench.name": name,
    "bench.count": count,
    "bench.queue": queue,
    "bench.figures": figures,
}
