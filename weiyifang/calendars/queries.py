"""Reads worth a name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from weiyifang.calendars.models import Link
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.roles import Permission
from weiyifang.timetable import diaries

BACK, AHEAD = timedelta(days=31), timedelta(days=366)  # what a calendar holds, from now


def digest_of(secret: str) -> str:
    """What is kept of the secret in an address. It is 256 bits from the system: no salt makes it harder to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def opened_by(secret: str) -> Link | None:
    """The link that an address opens now, with its owner; an organization's only while they look after it."""
    rows = Link.objects.open().select_related("resident").defer("resident__phone", "resident__id_number")
    link: Link | None = rows.filter(digest=digest_of(secret)).first()
    if link is not None and link.of:
        may = people.holders(Permission.MANAGE_OWN_ORGANIZATION, within=link.of)
        return link if link.resident.account_id in may else None
    return link


def entries_of(link: Link) -> list[diaries.Entry]:
    """What the calendar holds. As many questions as there are topics, whatever it holds."""
    since, until = clock.now() - BACK, clock.now() + AHEAD
    if link.of:
        return diaries.of_organization(link.of, since, until)
    people_of = [link.resident_id]
    if link.with_others:
        people_of += [one.pk for one in people.people_acted_for(link.resident_id)]
    return diaries.of_people(people_of, since, until)


def name_of(link: Link) -> str:
    """What an organization's calendar is called; "" for somebody's own."""
    found = organizations.named([link.of]).get(link.of)
    return found.name if found else ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A calendar the actor can have: their own ("") or that of an organization they look after; `link` if they do."""

    of: str
    name: str
    link: Link | None


def choices_for(actor: Actor) -> list[Choice]:
    """One's own first, then the organizations one looks after; and what one still has an address for (two queries)."""
    mine = Link.objects.live().filter(resident_id=actor.resident_id) if actor.resident_id else Link.objects.none()
    links = {link.of: link for link in mine}
    led = _led_by(actor)
    gone = organizations.named(set(links) - {""} - set(dict(led)))
    named = [*led, *((source, one.name) for source, one in sorted(gone.items()))]
    return [Choice(of=of, name=name, link=links.get(of)) for of, name in [("", ""), *named]]


def _led_by(actor: Actor) -> Iterable[tuple[str, str]]:
    """Not all of a committee's: of its own accord, nobody has forty calendars."""
    if actor.scopes(Permission.MANAGE_OWN_ORGANIZATION) is None:
        return []
    return organizations.choices_for(actor, Permission.MANAGE_OWN_ORGANIZATION)
