"""Note who came. What was noted stays; a mistake is voided by a second row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import codes, door, events, queries, rules, visits
from weiyifang.activities.models import (
    Activity,
    Attendance,
    Enrollment,
    Method,
    Session,
    SessionState,
)
from weiyifang.activities.services import returns, teachers
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.bulk import in_lists
from weiyifang.core.events import announce, announced_together
from weiyifang.core.ids import new_id
from weiyifang.core.look.wording import as_day, when
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.core.web.access import require
from weiyifang.people import queries as register
from weiyifang.people.models import Resident
from weiyifang.people.rules import acts_for

CLOCKS_DIFFER = timedelta(minutes=5)  # so far a phone's clock may be ahead


class AlreadyCounted(Refused):
    """Checked in twice."""

    sentence = _("%(name)s is checked in already. All is well, come in.")


class NotYetOpen(Refused):
    """Checked in long before it begins."""

    sentence = _("Check-in opens at %(at)s.")


class NoLessonToday(Refused):
    """A pupil's code on a day without a lesson."""

    sentence = _("This class has no lesson today.")


class SessionIsOff(Refused):
    """Checked in to a date that was called off."""

    sentence = _("This date was called off, so nobody can be checked in.")


class CodeUnknown(Refused):
    """A code that is not of this date."""

    sentence = _("This code does not belong to this date. Look for the name on the list instead.")


class MoreThanTheTicket(Refused):
    """More people than seats on the ticket, which has `places`."""

    sentence = _(
        "%(name)s has seats for %(places)d. Check in so many, and count whoever else came as guests without a name."
    )
    status = 422


@dataclass(frozen=True, kw_only=True)
class Came:
    """Somebody came, noted here or on a phone without network: guests without a name, or a resident.

    `people`: how many; None is everybody on the resident's ticket, or the resident alone without one. `nonce` is made
    where it is noted; the same one sent again is the same attendance.
    """

    session_id: UUID
    resident_id: UUID | None
    happened_at: datetime
    method: Method
    people: int | None = None
    nonce: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What became of a batch: rows that were new, and rows that were known or counted already."""

    new: int
    known: int


@transaction.atomic
def check_in(
    *, session: Session, resident: Resident, method: Method, people: int | None = None, by: Actor
) -> Attendance:
    """Count who stands at the door, enrolled or not: with everybody on their ticket, or `people` of them. Whoever was
    counted and has left since is noted as coming once more, and counts as before.

    Raises the refusals above.
    """
    came = Came(session_id=session.pk, resident_id=resident.pk, people=people, happened_at=clock.now(), method=method)
    _check_doors(session)
    return _one(came, resident, lambda: record_attendances(batch=[came], by=by).new)


@transaction.atomic
def arrive(*, session: Session, code: str, resident: Resident, people: int | None = None, by: Actor) -> Attendance:
    """Count oneself, or whom one acts for, by the code at the door, with everybody on the ticket or `people` of them.
    Enrolment needed, unless doors are open.

    Raises `CodeUnknown` for another code or without an enrolment, and what `check_in` raises.
    """
    require(acts_for(by, resident.pk))
    if not codes.opens_door(session, code):
        raise CodeUnknown()
    enrolled = Enrollment.objects.taking_a_place().at_the_door(session).filter(resident=resident)
    if not (session.activity.is_open_door or enrolled.exists()):
        raise CodeUnknown()
    _check_doors(session)
    came = Came(
        session_id=session.pk, resident_id=resident.pk, people=people, happened_at=clock.now(), method=Method.KIOSK
    )
    return _one(came, resident, lambda: len(_record([came], _locked_sessions([came]), by=by)))


@transaction.atomic
def count_guests(*, session: Session, people: int, by: Actor) -> Attendance:
    """Count `people` who came without giving a name."""
    came = Came(session_id=session.pk, resident_id=None, people=people, happened_at=clock.now(), method=Method.ROSTER)
    _check_doors(session)
    record_attendances(batch=[came], by=by)
    return Attendance.objects.get(nonce=came.nonce)


@transaction.atomic
def record_attendances(*, batch: Sequence[Came], by: Actor) -> Recorded:
    """Note everybody on a list (a roster, the upload of a phone that was offline), of one session or of many.

    Sent twice, it counts once: by nonce, and by person and session; where it is noted who leaves, a second fact of a
    person says that they came once more. A moment at which nobody can have come (a phone
    with a wrong clock) is not kept, see `_when`. Raises `SessionIsOff`, `MoreThanTheTicket`. Announces
    `AttendanceRecorded` for each session and `LessonAttended` for each lesson of a term that costs something.
    """
    sessions = _locked_sessions(batch)
    for session in sessions.values():
        require(rules.can_check_in(by, session.activity))
    new = _record(batch, sessions, by=by)
    return Recorded(new=len(new), known=len(batch) - len(new))


@transaction.atomic
def void_attendance(*, attendance: Attendance, reason: str, by: Actor) -> None:
    """It was a mistake: they, and whoever was counted with them, did not come.

    Announces `AttendanceVoided`, and `LessonVoided` when it cost something.
    """
    session = (
        Session.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity")
        .get(pk=attendance.session_id)
    )
    require(rules.can_check_in(by, session.activity))
    if attendance.voids_id is not None or Attendance.objects.filter(voids=attendance).exists():
        return  # pressed twice
    Attendance(
        session=session,
        resident_id=attendance.resident_id,
        people=-attendance.people,
        method=attendance.method,
        happened_at=clock.now(),
        recorded_by_id=by.account_id,
        nonce=new_id(),
        turn=attendance.turn,
        fee_fen=attendance.fee_fen,
        voids=attendance,
    ).save(force_insert=True)
    announce(events.AttendanceVoided(subject=source_of(session), people=attendance.people, reason=reason), by=by)
    if attendance.fee_fen and attendance.resident_id is not None:
        own = queries.own_class_of(session.pk, attendance.resident_id) or session.activity
        announce(
            events.LessonVoided(
                subject=source_of(attendance),
                activity_id=own.pk,
                resident_id=attendance.resident_id,
                fee_fen=attendance.fee_fen,
            ),
            by=by,
        )


# --- parts ------------------------------------------------------------------------------------------------------


def _one(came: Came, resident: Resident, record: Callable[[], int]) -> Attendance:
    """Record one of whom it says how many are new. Raises `AlreadyCounted` for who is inside."""
    session = _locked_sessions([came])[came.session_id]
    before: Any = queries.presence(session, resident.pk) if session.activity.notes_leaving else None
    if record():
        return Attendance.objects.get(nonce=came.nonce)
    if before is None or before.left_at is None:
        raise AlreadyCounted(name=resident.name)
    counted: Attendance = before
    return counted


def _check_doors(session: Session) -> None:
    if clock.now() < door.opens_at(session.starts_at):
        raise NotYetOpen(at=when(door.opens_at(session.starts_at)))


def _locked_sessions(batch: Iterable[Came]) -> dict[UUID, Session]:
    """The sessions of a batch, locked, so that voids and second scans are seen. Raises `SessionIsOff`."""
    locked = Session.objects.select_for_update(of=("self",), no_key=True).select_related("activity")
    rows = locked.filter(pk__in={came.session_id for came in batch}).order_by("id")
    sessions = {session.pk: session for session in rows}
    if any(session.state == SessionState.CANCELLED for session in sessions.values()):
        raise SessionIsOff()
    return sessions


_Earned = Mapping[tuple[UUID, UUID | None], Activity]  # whose lesson it is, of who makes one up, by date and resident
_Ticket = tuple[UUID, UUID | None, UUID | None]


class _Row(NamedTuple):
    """One attendance to be written; the names are columns."""

    id: UUID
    session_id: UUID
    resident_id: UUID | None
    people: int
    method: str
    happened_at: datetime
    nonce: UUID
    turn: int
    fee_fen: int


def _record(batch: Sequence[Came], sessions: Mapping[UUID, Session], *, by: Actor) -> list[_Row]:
    """Write what is new of these locked sessions, and announce it."""
    turns, tickets = _turns(list(sessions)), _tickets(batch, sessions.values())
    rows, earned = [], {}
    for came in batch:
        session = sessions[came.session_id]
        ticket = tickets.get((session.activity_id, session.pk, came.resident_id))  # of this date, or a visit
        if session.activity.is_term and (ticket is None or ticket.makes_up is None):  # a pupil rather than on trial
            ticket = tickets.get((session.activity_id, None, came.resident_id)) or ticket
        people = _people(came, ticket.places if ticket is not None else None)
        if ticket is not None and ticket.makes_up is not None:
            earned[session.pk, came.resident_id] = ticket.makes_up.activity
        rows.append(
            _Row(
                id=new_id(),
                session_id=session.pk,
                resident_id=came.resident_id,
                people=people,
                method=came.method,
                happened_at=_when(came, session),
                nonce=came.nonce,
                turn=turns[came.session_id, came.resident_id],
                fee_fen=_fee_of_lesson(ticket, session) * people,
            )
        )
    written = _insert(rows, by=by)
    new = [row for row in rows if row.id in written]
    parts = teachers.write_parts([(row.id, row.fee_fen, _own(row, sessions, earned)) for row in new if row.fee_fen])
    with announced_together():
        _announce(new, sessions, earned, parts, by=by)
        returns.note([_again(row, sessions) for row in rows if row.id not in written and row.resident_id], by=by)
    return new


def _again(row: _Row, sessions: Mapping[UUID, Session]) -> returns.Again:
    assert row.resident_id is not None
    return returns.Again(
        session=sessions[row.session_id], resident_id=row.resident_id, happened_at=row.happened_at, nonce=row.nonce
    )


def _fee_of_lesson(ticket: Enrollment | None, session: Session) -> int:
    """What a lesson costs each on a ticket, in fen. A lesson made up costs what one of their own class does."""
    if ticket is None or not session.activity.is_term:
        return 0
    is_trial = ticket.session_id is not None and ticket.makes_up is None
    fee_fen: int = (ticket.makes_up.activity if ticket.makes_up is not None else session.activity).fee_fen
    return visits.trial_fee(fee_fen, session.starts_at) if is_trial else fee_fen


def _when(came: Came, session: Session) -> datetime:
    """The moment noted, if the doors were open and it is not yet to come; else now, or when the date ended."""
    now = clock.now()
    if door.opens_at(session.starts_at) <= came.happened_at <= now + CLOCKS_DIFFER:
        return came.happened_at
    return min(now, session.ends_at)


def _turns(session_ids: Iterable[UUID]) -> Counter[tuple[UUID, UUID | None]]:
    """How often each person's attendance of each session was voided."""
    voids = Attendance.objects.filter(session__in=session_ids, voids__isnull=False)
    return Counter(voids.values_list("session_id", "resident_id"))


def _tickets(batch: Iterable[Came], sessions: Iterable[Session]) -> dict[_Ticket, Enrollment]:
    """What each of these people has, by activity, date (None for a term) and resident."""
    people = {came.resident_id for came in batch if came.resident_id is not None}
    if not people:
        return {}
    activities = {session.activity_id: session.activity.is_term for session in sessions}
    rows = Enrollment.objects.taking_a_place().filter(activity__in=activities, resident__in=people)
    if any(activities.values()):
        rows = rows.select_related("makes_up__activity")
    return {(row.activity_id, row.session_id, row.resident_id): row for row in rows}


def _people(came: Came, seats: int | None) -> int:
    """How many came. Raises `MoreThanTheTicket`."""
    if came.people is None:
        return seats or 1
    if came.resident_id is not None and came.people > (seats or 1):
        raise MoreThanTheTicket(name=register.name_of(came.resident_id), places=seats or 1)
    return came.people


_KINDS = {
    **dict.fromkeys(("id", "session_id", "resident_id", "nonce"), "uuid"),
    **dict.fromkeys(("people", "turn", "fee_fen"), "int"),
    "method": "text",
    "happened_at": "timestamptz",
}
_COLUMNS = ", ".join(_Row._fields)
_INSERT = f"""
    INSERT INTO activities_attendance (community_id, recorded_at, recorded_by_id, {_COLUMNS})
    SELECT %(community)s, %(at)s, %(by)s, {_COLUMNS}
      FROM unnest({", ".join(f"%({name})s::{_KINDS[name]}[]" for name in _Row._fields)}) AS came ({_COLUMNS})
    ON CONFLICT DO NOTHING RETURNING id"""  # noqa: S608  the names above


def _insert(rows: Sequence[_Row], *, by: Actor) -> set[UUID]:
    """Write rows unless their nonce, or the person in that session, stands already; return the ids written."""
    if not rows:
        return set()
    values = in_lists({name: _KINDS[name] for name in _Row._fields}, rows)
    values |= {"community": current_community_id(), "at": clock.now(), "by": by.account_id}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return {pk for (pk,) in cursor.fetchall()}


def _announce(
    new: Sequence[_Row],
    sessions: Mapping[UUID, Session],
    earned: _Earned,
    parts: Mapping[UUID, int],
    *,
    by: Actor,
) -> None:
    """`parts`: the teacher's, by attendance."""
    by_session: dict[tuple[UUID, str], list[_Row]] = defaultdict(list)
    for row in new:
        by_session[row.session_id, row.method].append(row)
    for (session_id, method), rows in by_session.items():
        session = sessions[session_id]
        people = sum(row.people for row in rows)
        announce(events.AttendanceRecorded(subject=source_of(session), people=people, method=method), by=by)
        for row in rows:
            if row.fee_fen and row.resident_id is not None:
                own = _own(row, sessions, earned)
                announce(_lesson(row, row.resident_id, session, own, parts.get(row.id, 0)), by=by)


def _own(row: _Row, sessions: Mapping[UUID, Session], earned: _Earned) -> Activity:
    """The class that earns what somebody attended."""
    return earned.get((row.session_id, row.resident_id)) or sessions[row.session_id].activity


def _lesson(row: _Row, resident_id: UUID, session: Session, own: Activity, part: int) -> events.LessonAttended:
    return events.LessonAttended(
        subject=f"activities.attendance:{row.id}",
        activity_id=own.pk,
        organizer=own.organizer,
        resident_id=resident_id,
        title=own.title,
        held_on=as_day(session.starts_at),
        fee_fen=row.fee_fen,
        fund_fen=row.fee_fen - part,
    )
