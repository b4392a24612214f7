"""What somebody is enrolled in, and those they act for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from weiyifang.activities.models import (
    ActivityState,
    Attendance,
    Enrollment,
    EnrollmentState,
    Session,
)
from weiyifang.activities.queries.seats import Seats
from weiyifang.activities.queries.whats_on import next_of_each
from weiyifang.capacity import queries as capacity
from weiyifang.capacity.models import WaitEntry, WaitState
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.people.models import Relation, Resident

ON_THE_LIST = (WaitState.WAITING, WaitState.OFFERED)


@dataclass(frozen=True, kw_only=True)
class Mine:
    """An enrolment of the actor, or of somebody they act for.

    While waiting: `rank` (1 = next), `offered_until`, and `closes_at`, when the queue ends.
    """

    enrollment: Enrollment
    session: Session | None
    resident: Resident
    rank: int | None = None
    offered_until: datetime | None = None
    closes_at: datetime | None = None
    has_come: bool = False  # to this date

    @property
    def is_confirmed(self) -> bool:
        return self.enrollment.state == EnrollmentState.CONFIRMED


def people_to_act_for(actor: Actor) -> list[Resident]:
    """Oneself first, then those one is guardian or proxy of, by name."""
    if actor.resident_id is None:
        return []
    helped = Relation.objects.acting().filter(helper=actor.resident_id)
    mine = Q(pk=actor.resident_id) | Q(pk__in=helped.values("resident_id"))
    people = Resident.objects.living_here().filter(mine).defer("phone", "id_number")
    return sorted(people, key=lambda person: (person.pk != actor.resident_id, person.name.encode("gb18030", "replace")))


def upcoming_of(actor: Actor) -> list[Mine]:
    """What the actor, and those they act for, are enrolled in or wait for, the next first: for "my page"."""
    people = people_to_act_for(actor)
    rows = Enrollment.objects.live().filter(resident__in=people).select_related("activity", "session")
    rows = rows.filter(Q(session=None, activity__state=ActivityState.PUBLISHED) | Q(session__ends_at__gt=clock.now()))
    mine = _mine(list(_with_come(rows, OuterRef("session"))), {person.pk: person for person in people})
    return sorted(mine, key=lambda one: (one.session is None, one.session.starts_at if one.session else clock.now()))


def mine_in(session: Session, people: Sequence[Resident]) -> list[Mine]:
    """The enrolments of these people in one session (or its term), in the people's order."""
    rows = Enrollment.objects.live().for_session(session).filter(resident__in=people).select_related("activity")
    known = {person.pk: person for person in people}
    mine = {one.resident.pk: one for one in _mine(list(_with_come(rows, session)), known, session)}
    return [mine[person.pk] for person in people if person.pk in mine]


@dataclass(frozen=True, kw_only=True)
class GivenUp:
    """What somebody gave up a moment ago, with the way back while `is_open`: to their seats, or `was_turn`."""

    enrollment: Enrollment
    until: datetime
    was_turn: bool
    is_open: bool


def just_given_up(session: Session, people: Sequence[Resident], seats: Seats, within: timedelta) -> list[GivenUp]:
    """What these people gave up here, not longer ago than `within`; offers they let go are not among it."""
    rows = Enrollment.objects.for_session(session).filter(resident__in=people, state=EnrollmentState.CANCELLED)
    rows = rows.filter(cancelled_at__gt=clock.now() - within).select_related("resident").order_by("-cancelled_at")
    found = {source_of(row): row for row in rows}
    left = WaitEntry.objects.filter(holder__in=found, state=WaitState.LEFT) if found else ()
    turns = {entry.holder: entry.claim_id is None for entry in left}
    return [
        GivenUp(
            enrollment=row,
            until=(row.cancelled_at or clock.now()) + within,
            was_turn=holder in turns,
            is_open=seats.queue_is_open if holder in turns else seats.waiting == 0 and seats.free >= row.places,
        )
        for holder, row in found.items()
        if turns.get(holder, True)
    ]


def _with_come(rows: QuerySet[Enrollment], session: Session | OuterRef) -> QuerySet[Enrollment]:
    """With `has_come`: whether this person is checked in on the date."""
    came = Attendance.objects.filter(session=session, resident=OuterRef("resident"), voids=None, voided_by=None)
    return rows.annotate(has_come=Exists(came))


def _mine(rows: Sequence[Enrollment], people: Mapping[UUID, Resident], session: Session | None = None) -> list[Mine]:
    terms = [row.activity_id for row in rows if row.session_id is None]
    next_lessons = {} if session or not terms else {s.activity_id: s for s in next_of_each().filter(activity__in=terms)}
    holders = {source_of(row): row for row in rows if row.state == EnrollmentState.WAITING}
    turns = WaitEntry.objects.filter(holder__in=holders, state__in=ON_THE_LIST).select_related("pool")
    entries = {entry.holder: entry for entry in turns}
    ranks = capacity.ranks(entries.values())
    found = []
    for row in rows:
        entry = entries.get(source_of(row))
        found.append(
            Mine(
                enrollment=row,
                session=session or row.session or next_lessons.get(row.activity_id),
                resident=people[row.resident_id],
                rank=ranks.get(entry.pk) if entry is not None else None,
                offered_until=entry.offer_expires_at if entry is not None else None,
                closes_at=entry.pool.closes_at if entry is not None else None,
                has_come=getattr(row, "has_come", False),
            )
        )
    return found
