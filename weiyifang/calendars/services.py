"""The verbs. Nothing else writes."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.calendars import events, rules
from weiyifang.calendars.models import Link
from weiyifang.calendars.queries import digest_of
from weiyifang.core import clock, locks
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations
from weiyifang.people.limits import TooOften

BYTES = 32  # of chance in an address
MOST_A_DAY = 300  # times one address is fetched: a phone asks every hour, a family has several


class ThereAlready(Refused):
    """Somebody wants an address for a calendar that has one."""

    sentence = _(
        "There is an address for this calendar already. If you no longer have it, make a new one instead of it."
    )


class NoLonger(Refused):
    """The address has ended."""

    sentence = _("This address has ended. Make another one.")


@transaction.atomic
def make(*, resident_id: UUID, of: str = "", with_others: bool = False, by: Actor) -> tuple[Link, str]:
    """An address for a calendar, with the secret in it: it is shown once. Announces `LinkMade`.

    Raises `ThereAlready`, and `LeadsNowhere` for an organization that is not there.
    """
    require(rules.can_have(by, of) and by.resident_id == resident_id)
    organizations.check_source(of, by=by)
    locks.take("calendars", resident_id)
    if Link.objects.live().filter(resident_id=resident_id, of=of).exists():
        raise ThereAlready()
    secret = secrets.token_urlsafe(BYTES)
    link = Link(resident_id=resident_id, of=of, with_others=with_others and not of, digest=digest_of(secret))
    link.save(force_insert=True)
    announce(events.LinkMade(**_about(link), with_others=link.with_others), by=by)
    return link, secret


@transaction.atomic
def renew(*, link: Link, by: Actor) -> tuple[Link, str]:
    """Another address instead, which is shown once; the one before opens nothing any more. Announces `LinkRenewed`.

    Raises `NoLonger`.
    """
    link = _held(link, by)
    secret = secrets.token_urlsafe(BYTES)
    link.digest, link.renewed_at, link.fetched_on, link.fetches = digest_of(secret), clock.now(), None, 0
    link.save(update_fields=["digest", "renewed_at", "fetched_on", "fetches"])
    announce(events.LinkRenewed(**_about(link)), by=by)
    return link, secret


@transaction.atomic
def end(*, link: Link, by: Actor) -> None:
    """The address opens nothing any more. Announces `LinkEnded`. Raises `NoLonger`."""
    _end(_held(link, by), by)


@transaction.atomic
def end_for(*, resident_id: UUID, by: Actor) -> None:
    """What `reactions` calls when somebody leaves the community or is forgotten: all their addresses end."""
    _end_all(Link.objects.live().filter(resident_id=resident_id), by)


@transaction.atomic
def end_for_organization(*, source: str, by: Actor) -> None:
    """What `reactions` calls when an organization ends: so do the addresses of its calendar, whoever made them."""
    _end_all(Link.objects.live().filter(of=source), by)


def note_fetched(link: Link) -> None:
    """That somebody's phone fetches it today: the day, how often, and nothing of when or from where.

    Raises `limits.TooOften` when that is more than all phones of a family ask.
    """
    rows, today = Link.objects.live().filter(pk=link.pk), clock.today()
    if rows.filter(fetched_on=today, fetches__lt=MOST_A_DAY).update(fetches=F("fetches") + 1):
        return
    if not rows.exclude(fetched_on=today).update(fetched_on=today, fetches=1):
        raise TooOften(int((clock.day_bounds(today)[1] - clock.now()).total_seconds()))


def _end(link: Link, by: Actor) -> None:
    link.digest, link.ended_at = "", clock.now()
    link.save(update_fields=["digest", "ended_at"])
    announce(events.LinkEnded(**_about(link)), by=by)


def _end_all(rows: QuerySet[Link], by: Actor) -> None:
    require(by.is_system)
    for link in rows.select_for_update().order_by("id"):
        _end(link, by)


def _held(link: Link, by: Actor) -> Link:
    link = Link.objects.select_for_update().get(pk=link.pk)
    require(rules.is_owner(by, link))
    if link.ended_at is not None:
        raise NoLonger()
    return link


def _about(link: Link) -> dict[str, Any]:
    return {"subject": source_of(link), "resident_id": link.resident_id, "of": link.of}
