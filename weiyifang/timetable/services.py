"""The verbs of the timetable. The law is the database's exclusion constraint; everything here is manners.

`allocate`, `confirm`, `reschedule` and `release` announce nothing: their source tells what it did. What lapses by the
clock is announced (`AllocationLapsed`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.core import actors, clock, locks, prepared
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.ids import new_id
from weiyifang.core.look.wording import span as span_in_words
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import current_community_id, fill_community
from weiyifang.timetable import queries
from weiyifang.timetable.events import AllocationLapsed
from weiyifang.timetable.models import Allocation, AllocationState, Part
from weiyifang.timetable.subjects import Clash, Span, Subject


class Taken(Refused):
    """Something is taken already: `clashes` says what, by which source and until when; `free` are other times."""

    sentence = _("Already taken: %(taken)s. Please choose another time.")
    with_choice = _("Already taken: %(taken)s. Free instead: %(free)s.")

    def __init__(self, *, clashes: Sequence[Clash], free: Sequence[Span] = ()) -> None:
        self.clashes, self.free = list(clashes), list(free)
        super().__init__(clashes=self.clashes, free=self.free)

    def __str__(self) -> str:
        taken = gettext("; ").join(_said(clash) for clash in self.clashes) or gettext("this time")
        free = gettext("; ").join(span_in_words(*span) for span in self.free)
        return str(self.with_choice if free else self.sentence) % {"taken": taken, "free": free}


def _said(clash: Clash) -> str:
    when = span_in_words(clash.starts_at, clash.ends_at)
    return gettext("%(name)s %(when)s") % {"name": clash.subject.name, "when": when} if clash.subject.name else when


class HoldOver(Refused):
    """The time of a hold is over."""

    sentence = _("The time to confirm is over and the booking was given up. Please book again.")


class NothingBooked(Refused):
    """The source has nothing (any more) that could be moved or confirmed."""

    sentence = _("There is no booking here any more. Please book again.")


class PartsOfParts(Refused):
    """A part that has parts, or a whole that is a part."""

    sentence = _("What is a part of something cannot have parts itself. Name the parts of the largest room only.")


@dataclass(frozen=True, kw_only=True)
class Missed:
    """One date of a series that could not be booked, and what stands there."""

    starts_at: datetime
    ends_at: datetime
    clashes: list[Clash]


@dataclass(frozen=True, kw_only=True)
class SeriesReport:
    """What a series booked, and each date it could not have."""

    booked: list[Allocation] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)


@transaction.atomic
def allocate(
    *,
    subjects: Sequence[Subject],
    starts_at: datetime,
    ends_at: datetime,
    source: str,
    buffer_before: int = 0,
    buffer_after: int = 0,
    hold_until: datetime | None = None,
    by: Actor,
) -> list[Allocation]:
    """Take all `subjects` from `starts_at` to `ends_at`, or none; hold them only, with `hold_until`.

    Buffers are minutes that are not to be had either. Raises `Taken`.
    """
    subjects = _all_of(subjects)
    rows = _rows(subjects, [(starts_at, ends_at)], source, (buffer_before, buffer_after), hold_until)
    if not _insert_all(rows) and not (_release_lapsed([row.subject_id for row in rows]) and _insert_all(rows)):
        raise _taken(subjects, rows[0].during, rows[0].buffered)
    return rows


@transaction.atomic
def allocate_series(
    *,
    subjects: Sequence[Subject],
    times: Sequence[Span],
    source: str,
    buffer_before: int = 0,
    buffer_after: int = 0,
    skip_taken: bool = False,
    by: Actor,
) -> SeriesReport:
    """Take all `subjects` at all `times` (see `recurrence.Rule.between`) and report every date that is taken.

    When some are, nothing is booked; with `skip_taken`, the other dates are.
    """
    subjects = _all_of(subjects)
    _release_lapsed([subject.id for subject in subjects])
    rows = _rows(subjects, times, source, (buffer_before, buffer_after))
    _insert_free(rows)
    there = set(Allocation.objects.filter(pk__in=[row.pk for row in rows]).values_list("id", flat=True))
    lost = {row.during for row in rows if row.pk not in there}
    if not lost:
        return SeriesReport(booked=rows)
    given_up = [row for row in rows if row.during in lost or not skip_taken]
    _undo(given_up)
    missed = {row.during: row for row in rows if row.during in lost}
    return SeriesReport(
        booked=[row for row in rows if row.during not in lost] if skip_taken else [],
        missed=[
            Missed(
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                clashes=queries.clashes(subjects, row.buffered.lower, row.buffered.upper),
            )
            for row in sorted(missed.values(), key=lambda row: row.starts_at)
        ],
    )


@transaction.atomic
def allocate_each(
    *,
    wanted: Sequence[tuple[Subject, datetime, datetime, str]],
    buffer_before: int = 0,
    buffer_after: int = 0,
    held_until_it_begins: bool = False,
    by: Actor,
) -> set[str]:
    """Take each subject from when until when for a source of its own, as far as it is free: the sources that got it.

    For a plan of many people, or many dates: one statement, and what is taken already is left out, not refused. What is
    made of parts is taken whole, or not at all.
    """
    locks.share("parts")
    subjects = {one.id: one for one, _start, _end, _source in wanted}
    whole = dict(zip(subjects, queries.each_with_parts([[one] for one in subjects.values()]), strict=True))
    rows = [
        row
        for one, start, end, source in wanted
        for row in _rows(
            whole[one.id],
            [(start, end)],
            source,
            (buffer_before, buffer_after),
            start if held_until_it_begins else None,
        )
    ]
    if not rows:
        return set()
    rows.sort(key=lambda row: (row.subject_id, row.starts_at))  # the one order in which everybody takes things
    _release_lapsed([row.subject_id for row in rows])
    got = _insert_free(rows)
    lost = {row.source for row in rows if row.pk not in got}
    if half := [row for row in rows if row.pk in got and row.source in lost]:
        _undo(half)
    return {row.source for row in rows} - lost


@transaction.atomic
def confirm(*, source: str, by: Actor) -> int:
    """Turn what the source holds into bookings; returns how many. Raises `HoldOver`, `NothingBooked`."""
    locks.share("parts")
    rows = Allocation.objects.of_source(source)
    if not rows.exists():
        raise NothingBooked()
    held = rows.filter(state=AllocationState.HOLD)
    wanted = held.count()
    confirmed = held.live().move_to(AllocationState.CONFIRMED, expires_at=None)
    if confirmed < wanted:
        raise HoldOver()
    return confirmed


@transaction.atomic
def release(*, source: str, starts_at: datetime | None = None, by: Actor) -> int:
    """Free what the source has; of a series, with `starts_at`, only that date. Returns how many allocations ended."""
    locks.share("parts")
    rows = Allocation.objects.of_source(source)
    if starts_at is not None:
        rows = rows.filter(during__startswith=starts_at)
    return rows.move_to(AllocationState.RELEASED)


@transaction.atomic
def reschedule(
    *, source: str, starts_at: datetime, ends_at: datetime, was: datetime | None = None, by: Actor
) -> list[Allocation]:
    """Move all that the source has to another time, with its buffers, or leave everything as it is and raise `Taken`.

    Of a series, `was` says which date moves (its start); without it a series raises ValueError. Raises `NothingBooked`.
    """
    locks.share("parts")
    mine = Allocation.objects.live().filter(source=source)
    if was is not None:
        mine = mine.filter(during__startswith=was)
    rows = list(mine.select_for_update().order_by("subject_id", "id"))
    if not rows:
        raise NothingBooked()
    if len({row.during for row in rows}) > 1:
        raise ValueError("the source has several dates: say which one was meant")
    _lock(row.subject_id for row in rows)
    if not _move(rows, starts_at, ends_at):
        _release_lapsed([row.subject_id for row in rows])
        if not _move(rows, starts_at, ends_at):
            subjects = [Subject(id=row.subject_id, kind=row.subject_kind, shared=row.is_shared) for row in rows]
            raise _taken(subjects, *_moved(rows[0], starts_at, ends_at), but_not=[row.pk for row in rows])
    return rows


@transaction.atomic
def join_parts(*, whole: Subject, parts: Sequence[Subject], by: Actor) -> None:
    """Say what a subject is made of, in place of what was said before. `Taken` when a part is not free for the whole.

    What has taken the whole from now on takes its parts as well, and gives up what is none any more.
    """
    locks.take("parts")
    before = {row.part_id: row for row in Part.objects.filter(whole_id=whole.id)}
    new = [part for part in parts if part.id not in before]
    gone = [part_id for part_id in before if part_id not in {part.id for part in parts}]
    if Part.objects.filter(part_id=whole.id).exists() or Part.objects.filter(whole_id__in=[one.id for one in new]):
        raise PartsOfParts()
    Part.objects.filter(whole_id=whole.id, part_id__in=gone).delete()
    for one in new:
        Part(whole_id=whole.id, part_id=one.id, kind=one.kind, name=one.name).save(force_insert=True)
    for row in Allocation.objects.live().of([whole.id]).filter(during__endswith__gt=clock.now()).order_by("during"):
        Allocation.objects.of_source(row.source).of(gone).filter(during=row.during).move_to(AllocationState.RELEASED)
        copies = [_copy(row, part) for part in sorted(new)]
        if copies and not _insert_all(copies):
            raise _taken(new, row.during, row.buffered)


def expire_due(*, by: Actor) -> int:
    """Release every hold whose time is over; returns how many. For a job that runs every minute."""
    subjects = Allocation.objects.lapsed().order_by("subject_id").values_list("subject_id", flat=True).distinct()
    return sum(_release_lapsed([subject_id]) for subject_id in list(subjects))


def _all_of(subjects: Sequence[Subject]) -> list[Subject]:
    """With their parts, which stay what they are until the transaction ends."""
    locks.share("parts")
    return queries.with_parts(subjects)


def _copy(row: Allocation, part: Subject) -> Allocation:
    """What takes a part as `row` takes its whole."""
    return Allocation(
        id=new_id(),
        community_id=row.community_id,
        subject_kind=part.kind,
        subject_id=part.id,
        is_shared=row.is_shared,
        source=row.source,
        expires_at=row.expires_at,
        state=row.state,
        during=row.during,
        buffered=row.buffered,
    )


def _rows(
    subjects: Sequence[Subject],
    times: Sequence[Span],
    source: str,
    buffers: tuple[int, int],
    hold_until: datetime | None = None,
) -> list[Allocation]:
    """Unsaved rows in the one order in which everybody takes things: by subject, then by time."""
    if not subjects:
        raise ValueError("nothing to take")
    before, after = (timedelta(minutes=minutes) for minutes in buffers)
    if min(buffers) < 0 or any(start >= end for start, end in times):
        raise ValueError("a span ends after it starts, and buffers are not negative")
    if hold_until is not None and hold_until <= clock.now():
        raise ValueError("a hold has to end in the future")
    rows = []
    for subject in sorted(set(subjects)):
        for start, end in sorted(set(times)):
            row = Allocation(
                id=new_id(),
                subject_kind=subject.kind,
                subject_id=subject.id,
                is_shared=subject.shared,
                source=source,
                expires_at=hold_until,
            )
            row.state = AllocationState.HOLD if hold_until else AllocationState.CONFIRMED
            row.during = DateTimeTZRange(start, end)
            row.buffered = DateTimeTZRange(start - before, end + after)
            rows.append(row)
    fill_community(rows)
    return rows


INSERT_FREE = """
INSERT INTO timetable_allocation
    (id, community_id, subject_kind, subject_id, is_shared, during, buffered, source, state, expires_at)
SELECT id, %(community)s, subject_kind, subject_id, is_shared, tstzrange(starts, ends), tstzrange(earlier, later),
    source, %(state)s, expires_at
FROM json_to_recordset(%(rows)s::json) AS one (
    place int, id uuid, subject_kind text, subject_id uuid, is_shared bool, starts timestamptz, ends timestamptz,
    earlier timestamptz, later timestamptz, source text, expires_at timestamptz
)
ORDER BY place
ON CONFLICT ON CONSTRAINT allocation_one_at_a_time DO NOTHING RETURNING id
"""


def _insert_free(rows: Sequence[Allocation]) -> set[UUID]:
    """Insert the rows that are free and say which were.

    ON CONFLICT waits for a rival who has not committed yet, and never lets two rivals wait for each other.
    """
    given = [
        {
            "place": place,
            "id": row.pk,
            "subject_kind": row.subject_kind,
            "subject_id": row.subject_id,
            "is_shared": row.is_shared,
            "starts": row.during.lower,
            "ends": row.during.upper,
            "earlier": row.buffered.lower,
            "later": row.buffered.upper,
            "source": row.source,
            "expires_at": row.expires_at,
        }
        for place, row in enumerate(rows)
    ]
    values = {"community": current_community_id(), "state": str(rows[0].state), "rows": prepared.recordset(given)}
    inserted = {pk for (pk,) in prepared.execute(INSERT_FREE, values)}
    for row in rows:
        row._state.adding = False
    return inserted


def _insert_all(rows: Sequence[Allocation]) -> bool:
    """Insert all rows, or none when one of them is taken."""
    inserted = len(_insert_free(rows))
    if 0 < inserted < len(rows):
        _undo(rows)
    return inserted == len(rows)


def _undo(rows: Iterable[Allocation]) -> None:
    """Take back what was inserted a moment ago, in this transaction: nobody has seen it."""
    Allocation.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _moved(row: Allocation, starts_at: datetime, ends_at: datetime) -> tuple[DateTimeTZRange, DateTimeTZRange]:
    """The spans the row has at another time, with the buffers it has now."""
    before, after = row.starts_at - row.buffered.lower, row.buffered.upper - row.ends_at
    return DateTimeTZRange(starts_at, ends_at), DateTimeTZRange(starts_at - before, ends_at + after)


def _move(rows: Sequence[Allocation], starts_at: datetime, ends_at: datetime) -> bool:
    """Give the rows another time with their buffers; False, with the old one kept, when that is taken."""
    spans = [_moved(row, starts_at, ends_at) for row in rows]
    try:
        with transaction.atomic():
            for row, (during, buffered) in zip(rows, spans, strict=True):
                Allocation.objects.filter(pk=row.pk).update(during=during, buffered=buffered)
    except IntegrityError as error:
        if "allocation_one_at_a_time" in str(error):
            return False
        raise
    for row, (during, buffered) in zip(rows, spans, strict=True):
        row.during, row.buffered = during, buffered
    return True


def _lock(subject_ids: Iterable[UUID]) -> None:
    """Let moves of the same subjects follow each other: two that swap places would wait for each other for ever."""
    for subject_id in sorted(set(subject_ids)):
        locks.take("timetable", subject_id)


@transaction.atomic
def _release_lapsed(subject_ids: Sequence[UUID]) -> int:
    """Release the holds of these subjects whose time is over. Announces `AllocationLapsed`."""
    lapsed = list(Allocation.objects.lapsed().of(subject_ids).select_for_update().order_by("subject_id", "id"))
    if not lapsed:
        return 0
    Allocation.objects.lapsed().filter(pk__in=[row.pk for row in lapsed]).move_to(AllocationState.RELEASED)
    with announced_together():
        for row in {(row.source, row.starts_at): row for row in lapsed}.values():
            event = AllocationLapsed(subject=row.source, starts_at=row.starts_at, ends_at=row.ends_at)
            announce(event, by=actors.system())
    return len(lapsed)


def _taken(
    subjects: Sequence[Subject], during: DateTimeTZRange, buffered: DateTimeTZRange, *, but_not: Collection[UUID] = ()
) -> Taken:
    """Say what stands in the way, and when else all subjects are free."""
    free = queries.nearest_free(
        subjects,
        during.lower,
        during.upper,
        before=during.lower - buffered.lower,
        after=buffered.upper - during.upper,
        but_not=but_not,
    )
    return Taken(clashes=queries.clashes(subjects, buffered.lower, buffered.upper, but_not=but_not), free=free)
