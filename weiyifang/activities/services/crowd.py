"""A crowd at one door: whoever comes while others are served there shares their transaction. See docs/adr/0013.

It is about speed only. Whoever cannot be enrolled here without a doubt tries alone, with the verb, and hears why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction

from weiyifang.activities.models import Enrollment, Session
from weiyifang.activities.services import missed
from weiyifang.activities.services.eligibility import EnrollmentClosed
from weiyifang.activities.services.pools import full, look
from weiyifang.activities.services.rows import confirmed, write
from weiyifang.capacity import services as capacity
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.models import OnceRecord
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.together import Together
from weiyifang.core.web import once

LOOKS = 3  # at the pool, by those who stand in line together, before each tries alone


@dataclass(frozen=True)
class Wish:
    """An enrolment as it will be written, where, by whom, what is kept of the answer, and the verb for one alone."""

    enrollment: Enrollment
    session: Session
    by: Actor
    answer: OnceRecord | None
    alone: Callable[[Wish], None]


def is_served(wish: Wish) -> bool:
    """Whether it is fulfilled, with whoever else stands at this door; False for whoever has to try alone.

    Outside any transaction. Raises the refusal.
    """
    outcome = _rush.ask(wish.session.pool_owner, wish)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome is not None


def serve(_pool_owner: str, wishes: Sequence[Wish]) -> list[Enrollment | Refused | None]:
    """What came of each: the enrolment, or why not, or None for whoever has to try alone.

    Who tries alone hears why not, or gets what a neighbour's refusal left. If anything goes wrong here, all try alone.
    Only who came when too few seats were left hears it at once: in a rush, that is most people.
    """
    if len(wishes) == 1:
        return [_alone(wishes[0])]
    for _look in range(LOOKS):
        try:
            return _enroll_lucky(wishes)
        except capacity.Full:
            continue  # another process took seats since the look at the pool
        except (Refused, DatabaseError, once.Answered):
            break
    return [None] * len(wishes)


def _alone(wish: Wish) -> Enrollment | Refused | None:
    try:
        wish.alone(wish)
    except Refused as refused:
        return refused
    except once.Answered:
        return None
    return wish.enrollment


@transaction.atomic
def _enroll_lucky(wishes: Sequence[Wish]) -> list[Enrollment | Refused | None]:
    """Enrol who can be without a doubt, as the pool was looked at; what came of each.

    That it is full is sure when no hold may lapse; but who is in already, or pressed twice, is to hear that.
    """
    pool = look(wishes[0].session, [wish.enrollment.resident_id for wish in wishes])
    first = missed.late(wishes[0].session, [wish.enrollment.resident_id for wish in wishes])
    lucky = _without_a_doubt([wish for wish in wishes if wish.enrollment.resident_id not in first], pool)
    if lucky:
        once.keep([wish.answer for wish in lucky])
        wanted = [(source_of(wish.enrollment), wish.enrollment.places) for wish in lucky]
        capacity.claim_many(pool=pool, wanted=wanted, by=lucky[0].by)
        if len(write([wish.enrollment for wish in lucky])) < len(lucky):
            raise EnrollmentClosed()  # or one was enrolled meanwhile
    with announced_together():
        for wish in lucky:
            announce(confirmed(wish.enrollment, wish.session), by=wish.by)
    left = pool.free - sum(wish.enrollment.places for wish in lucky)
    there = {*pool.there, *first, *(wish.enrollment.resident_id for wish in lucky)}
    is_in = {wish.enrollment.pk for wish in lucky}

    def outcome(row: Enrollment) -> Enrollment | Refused | None:
        if row.pk in is_in:
            return row
        is_sure = pool.lapses_at is None and not pool.collects and row.resident_id not in there
        return full(wishes[0].session, pool, left) if is_sure and row.places > left else None

    return [outcome(wish.enrollment) for wish in wishes]


def _without_a_doubt(wishes: Sequence[Wish], pool: Any) -> list[Wish]:
    """First come, first served, while there are seats; nobody twice."""
    left, served, lucky = 0 if pool.waiting or pool.collects else pool.free, set(pool.there), list[Wish]()
    for wish in wishes:
        if wish.enrollment.resident_id not in served and wish.enrollment.places <= left:
            served.add(wish.enrollment.resident_id)
            left -= wish.enrollment.places
            lucky.append(wish)
    return lucky


_rush = Together(serve)
