"""Who may fetch a child besides its guardians: named by one of them, and taken back by any of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events_passages, queries
from weiyifang.activities.models import LIVE, Enrollment, Fetcher
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce, announced_together
from weiyifang.core.forgetting import write_over
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.people import minors
from weiyifang.people import services as people

MOST_FETCHERS = 10  # who may fetch one child


class TooManyFetchers(Refused):
    """More people than somebody at the door can look through."""

    sentence = _("So many people may fetch %(name)s already: %(most)d. Take somebody back first.")


class DayIsOver(Refused):
    """Named until a day that is over."""

    sentence = _("This day is over. Choose a later one, or none.")
    status = 422


class NoLongerEnrolled(Refused):
    """Named for an enrolment that was given back."""

    sentence = _("%(name)s is not enrolled there any more.")


@transaction.atomic
def name_fetcher(*, enrollment: Enrollment, name: str, until: date | None = None, by: Actor) -> Fetcher:
    """A guardian says who else may fetch this child: from what it is enrolled in, or (`until`) from wherever it is
    handed over up to that day. Said twice, it is the same.

    Raises `TooManyFetchers`, `DayIsOver`, `NoLongerEnrolled`. Announces `FetcherNamed`.
    """
    require(minors.is_guardian(by.resident_id, enrollment.resident_id))
    child = people.locked_here(enrollment.resident)
    enrollment = Enrollment.objects.get(pk=enrollment.pk)
    if enrollment.state not in LIVE:
        raise NoLongerEnrolled(name=child.name)
    if until is not None and until < clock.today():
        raise DayIsOver()
    told = cleaned(Fetcher, {"name": name})
    standing = queries.fetchers_of(child.pk)
    known = standing.filter(enrollment=enrollment, until=until, name=told["name"]).first()
    if known is not None:
        return known
    if standing.count() >= MOST_FETCHERS:
        raise TooManyFetchers(name=child.name, most=MOST_FETCHERS)
    made = Fetcher(resident=child, enrollment=enrollment, until=until, named_by_id=by.account_id, **told)
    made.save(force_insert=True)
    announce(events_passages.FetcherNamed(subject=source_of(made), resident_id=child.pk), by=by)
    return made


@transaction.atomic
def end_fetcher(*, fetcher: Fetcher, by: Actor) -> None:
    """They may not fetch this child any more. Announces `FetcherEnded`."""
    require(minors.is_guardian(by.resident_id, fetcher.resident_id))
    fetcher = Fetcher.objects.select_for_update(no_key=True).get(pk=fetcher.pk)
    if fetcher.ended_at is None and not fetcher.at_the_door:
        _end(fetcher, by=by)


def _end(fetcher: Fetcher, *, by: Actor) -> None:
    fetcher.ended_at = clock.now()
    fetcher.save(update_fields=["ended_at"])
    announce(events_passages.FetcherEnded(subject=source_of(fetcher), resident_id=fetcher.resident_id), by=by)


def forget_fetchers(*, resident_id: UUID, account_id: UUID | None, name: str, instead: str) -> int:
    """A person is forgotten: who fetched them, whom they named, and where words about others name them, another name
    stands. Returns how many rows were theirs.
    """
    mine = Fetcher.objects.filter(resident=resident_id)
    if account_id is not None:
        mine |= Fetcher.objects.filter(named_by_id=account_id, at_the_door=False)
    with announced_together():
        for row in mine.filter(ended_at=None, at_the_door=False).order_by("id"):
            _end(row, by=system())
    emptied = mine.exclude(name=instead, why="").update(name=instead, why="")
    for column in ("name", "why"):
        write_over(Fetcher.objects.all(), column, name=name, instead=instead)
    return emptied
