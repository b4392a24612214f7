"""What somebody is enrolled in, and those they act for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from weiyifang.activities.models import (
    LIVE,
    ActivityState,
    Attendance,
    Enrollment,
    EnrollmentState,
    Session,
)
from weiyifang.activities.queries.seats import Seats
from weiyifang.activities.queries.whats_on import next_of_each
from weiyifang.capacity import queries as capacity
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.prepared import IsAny, Read
from weiyifang.core.tenancy import source_of
from weiyifang.people import queries as register
from weiyifang.people.models import Resident, born_before_minors


@dataclass(frozen=True, kw_only=True)
class Mine:
    """An enrolment of the actor, or of somebody they act for.

    While waiting: `rank` (1 = next), `offered_until`, and `closes_at`, when the queue ends. While it `collects`: on a
    list without a rank, with the enrolment's ticket.
    """

    enrollment: Enrollment
    session: Session | None
    resident: Resident
    rank: int | None = None
    offered_until: datetime | None = None
    closes_at: datetime | None = None
    collects: bool = False
    has_come: bool = False  # to this date

    @property
    def is_confirmed(self) -> bool:
        return self.enrollment.state == EnrollmentState.CONFIRMED


def company(mine: Sequence[Mine]) -> dict[UUID, list[Mine]]:
    """By the id of an enrolment, those of these that came with it as a group, itself first; without who came alone."""
    return {
        one.enrollment.pk: [one, *(two for two in mine if two is not one and _came_with(one, two))]
        for one in mine
        if any(two is not one and _came_with(one, two) for two in mine)
    }


def _came_with(one: Mine, two: Mine) -> bool:
    return one.enrollment.together is not None and one.enrollment.together == two.enrollment.together


def people_to_act_for(actor: Actor) -> list[Resident]:
    """Oneself first, then those one is guardian or proxy of, by name."""
    if actor.resident_id is None:
        return []
    return own_first(_people(actor.resident_id, born_before_minors()), actor)


def enrollment(pk: UUID) -> Enrollment | None:
    """Whoever's, with activity and date."""
    return Enrollment.objects.select_related("activity", "session").filter(pk=pk).first()


def who_comes(session: Session, *, with_visits: bool = False) -> list[UUID]:
    """The residents with a seat, or in the queue; `with_visits`: of a lesson, also who visits it."""
    rows = Enrollment.objects.at_the_door(session) if with_visits else Enrollment.objects.for_session(session)
    return sorted(rows.live().values_list("resident_id", flat=True))


def enrolled_by(account_id: UUID | None, session: Session, residents: Collection[UUID]) -> list[Enrollment]:
    """What this account has taken for these residents in a session (or its term), and they have still."""
    rows = Enrollment.objects.for_session(session).live().filter(enrolled_by_id=account_id, resident__in=residents)
    return list(rows.select_related("resident").order_by("id")) if account_id and residents else []


def own_first(people: Sequence[Resident], actor: Actor) -> list[Resident]:
    """In the order of `people_to_act_for`."""
    return sorted(people, key=lambda person: (person.pk != actor.resident_id, person.name.encode("gb18030", "replace")))


LIKE_PERSON, LIKE_DAY = UUID(int=1), date(1, 2, 3)  # examples for a `Read`
LIKE_MOMENT = datetime(1, 2, 3, tzinfo=UTC)
_people = Read(register.to_act_for, LIKE_PERSON, LIKE_DAY)


def upcoming_of(actor: Actor, people: Sequence[Resident] | None = None) -> list[Mine]:
    """What the actor, and those they act for, are enrolled in or wait for, the next first: for "my page"."""
    people = people_to_act_for(actor) if people is None else people
    rows = _upcoming([person.pk for person in people], clock.now()) if people else []
    mine = _mine(rows, {person.pk: person for person in people})
    return sorted(mine, key=lambda one: (one.session is None, one.session.starts_at if one.session else clock.now()))


def _rows_to_come(residents: Sequence[UUID], now: datetime) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.live().filter(IsAny("resident_id", residents)).select_related("activity", "session")
    to_come = Q(session=None, activity__state=ActivityState.PUBLISHED) | Q(session__ends_at__gt=now)
    return _with_come(rows.filter(to_come), OuterRef("session"))


_upcoming = Read(_rows_to_come, [UUID(int=0)], LIKE_MOMENT)


def rows_in(session: Session, people: Sequence[Resident], within: timedelta = timedelta(0)) -> list[Enrollment]:
    """What these people have in one session (or its term), and what they gave up there not longer ago than `within`."""
    residents, since = [person.pk for person in people], clock.now() - within
    if not residents:
        return []
    if session.activity.is_term:
        rows = _in_term(residents, session.activity_id, session.pk, since)
    else:
        rows = _in_session(residents, session.pk, since)
    known = {person.pk: person for person in people}
    for row in rows:
        row.activity, row.resident = session.activity, known[row.resident_id]
    return rows


def _rows(residents: Sequence[UUID], session: UUID, since: datetime, of: Q) -> QuerySet[Enrollment]:
    stands = Q(state__in=LIVE) | Q(state=EnrollmentState.CANCELLED, cancelled_at__gt=since)
    rows = Enrollment.objects.filter(stands, of, IsAny("resident_id", residents))
    return _with_come(rows, session)


_in_session = Read(
    lambda residents, session, since: _rows(residents, session, since, Q(session=session)),
    *([UUID(int=0)], UUID(int=1), LIKE_MOMENT),
)
_in_term = Read(
    lambda residents, activity, session, since: _rows(residents, session, since, Q(activity=activity, session=None)),
    *([UUID(int=0)], UUID(int=1), UUID(int=2), LIKE_MOMENT),
)


def mine_in(session: Session, people: Sequence[Resident], rows: Sequence[Enrollment] | None = None) -> list[Mine]:
    """The enrolments of these people in one session (or its term), in the people's order; `rows`: of `rows_in`."""
    rows = rows_in(session, people) if rows is None else rows
    live = [row for row in rows if row.state in LIVE]
    mine = {one.resident.pk: one for one in _mine(live, {person.pk: person for person in people}, session)}
    return [mine[person.pk] for person in people if person.pk in mine]


@dataclass(frozen=True, kw_only=True)
class GivenUp:
    """What somebody gave up a moment ago, with the way back while `is_open`: to their seats, or `was_turn`."""

    enrollment: Enrollment
    until: datetime
    was_turn: bool
    is_open: bool


def just_given_up(rows: Sequence[Enrollment], seats: Seats, within: timedelta) -> list[GivenUp]:
    """What was given up out of `rows_in`, the latest first; offers that were let go are not among it."""
    given_up = [row for row in rows if row.state == EnrollmentState.CANCELLED]
    given_up.sort(key=lambda row: row.cancelled_at or clock.now(), reverse=True)
    found = {source_of(row): row for row in given_up}
    left = capacity.turns_left(found) if found else {}
    turns = {holder: entry.claim_id is None for holder, entry in left.items()}
    return [
        GivenUp(
            enrollment=row,
            until=(row.cancelled_at or clock.now()) + within,
            was_turn=holder in turns,
            is_open=seats.queue_is_open
            if holder in turns
            else seats.waiting == 0 and seats.free + seats.kept >= row.places,
        )
        for holder, row in found.items()
        if turns.get(holder, True)
    ]


def _with_come(rows: QuerySet[Enrollment], session: UUID | OuterRef) -> QuerySet[Enrollment]:
    """With `has_come`: whether this person is checked in on the date."""
    came = Attendance.objects.filter(session=session, resident=OuterRef("resident"), voids=None, voided_by=None)
    return rows.annotate(has_come=Exists(came))


def _mine(rows: Sequence[Enrollment], people: Mapping[UUID, Resident], session: Session | None = None) -> list[Mine]:
    terms = [row.activity_id for row in rows if row.session_id is None]
    next_lessons = {} if session or not terms else {s.activity_id: s for s in next_of_each().filter(activity__in=terms)}
    holders = {source_of(row): row for row in rows if row.state == EnrollmentState.WAITING}
    entries = {entry.holder: entry for entry in capacity.on_the_list(holders)} if holders else {}
    found = []
    for row in rows:
        entry = entries.get(source_of(row))
        found.append(
            Mine(
                enrollment=row,
                session=session or row.session or next_lessons.get(row.activity_id),
                resident=people[row.resident_id],
                rank=entry.rank if entry is not None and not entry.pool.collects else None,
                collects=entry is not None and entry.pool.collects,
                offered_until=entry.offer_expires_at if entry is not None else None,
                closes_at=entry.pool.closes_at if entry is not None else None,
                has_come=getattr(row, "has_come", False),
            )
        )
    return found
