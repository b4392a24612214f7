"""When is it free?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Aggregate, QuerySet
from django.utils import timezone

from weiyifang.core import clock, prepared
from weiyifang.core.prepared import IsAny, Read
from weiyifang.core.tenancy import current_community_id, homes_with
from weiyifang.timetable.models import Allocation, AllocationQuerySet, AllocationState, Part, is_over
from weiyifang.timetable.subjects import Clash, Span, Subject

_PARTS = Read(lambda wholes: Part.objects.filter(IsAny("whole_id", wholes)).order_by("part_id"), [UUID(int=1)])
DAY_BEGINS, DAY_ENDS = time(8), time(21)  # other times are suggested between these hours, unless wanted outside them


def with_parts(subjects: Iterable[Subject]) -> list[Subject]:
    """These subjects and what they are made of: who takes a hall takes its left and its right half."""
    return each_with_parts([list(subjects)])[0]


def each_with_parts(groups: Sequence[Sequence[Subject]]) -> list[list[Subject]]:
    """As `with_parts`, for several at once."""
    parts: dict[UUID, list[Part]] = {}
    for row in _PARTS(sorted({one.id for group in groups for one in group})):
        parts.setdefault(row.whole_id, []).append(row)
    return [_all_of(group, parts) for group in groups]


def _all_of(group: Sequence[Subject], parts: Mapping[UUID, Sequence[Part]]) -> list[Subject]:
    all_of = {one.id: one for one in group}
    for whole in group:
        for row in parts.get(whole.id, ()):
            part = Subject(id=row.part_id, kind=row.kind, name=row.name, shared=whole.shared)
            known = all_of.get(part.id)
            if known is None or (known.shared and not part.shared):  # wanted twice, it is wanted alone
                all_of[part.id] = part
    return sorted(all_of.values())


def taken(subject: Subject, since: datetime, until: datetime) -> AllocationQuerySet:
    """What stands in the way of a subject in a span: live allocations, buffers included, in order of time."""
    return Allocation.objects.live().against(with_parts([subject])).touching(since, until)


def standing(subject: Subject, since: datetime, until: datetime) -> AllocationQuerySet:
    """Everything in the calendar of a subject and of its parts in a span, what is shared too, in order of time."""
    return Allocation.objects.live().of([one.id for one in with_parts([subject])]).touching(since, until)


def every_part() -> list[tuple[UUID, UUID]]:
    """What is made of what: the subject, and one of its parts."""
    return list(Part.objects.values_list("whole_id", "part_id"))


def taken_for(kind: str) -> AllocationQuerySet:
    """What is taken in the name of anything of a kind (`activities.session`)."""
    return Allocation.objects.live().filter(source__startswith=f"{kind}:")


def every_subject() -> QuerySet[Allocation, tuple[UUID, str, UUID]]:
    """Of whatever is or was taken: the allocation, and the kind and id of who or what it takes."""
    return Allocation.objects.values_list("id", "subject_kind", "subject_id")


def clashes(
    subjects: Iterable[Subject], starts_at: datetime, ends_at: datetime, *, but_not: Collection[UUID] = ()
) -> list[Clash]:
    """What stands in the way of taking all `subjects` in a span (with buffers), but for the allocations `but_not`."""
    known = {subject.id: subject for subject in with_parts(subjects)}
    found = Allocation.objects.live().against(known.values()).touching(starts_at, ends_at)
    return [
        Clash(subject=known[row.subject_id], starts_at=row.starts_at, ends_at=row.ends_at, source=row.source)
        for row in found
        if row.pk not in but_not
    ]


def clashes_of_each(wanted: Sequence[tuple[Sequence[Subject], datetime, datetime]]) -> list[list[Clash]]:
    """What stands in the way of each of these, as `clashes` says it; asked for all of them at once."""
    if not wanted:
        return []
    groups = each_with_parts([subjects for subjects, _start, _end in wanted])
    wanted = [(group, start, end) for group, (_subjects, start, end) in zip(groups, wanted, strict=True)]
    known = {subject.id for subjects, _start, _end in wanted for subject in subjects}
    rows = list(
        Allocation.objects.live()
        .of(known)
        .touching(min(start for _all, start, _end in wanted), max(end for _all, _start, end in wanted))
    )
    return [
        [
            Clash(subject=subject, starts_at=row.starts_at, ends_at=row.ends_at, source=row.source)
            for row in rows
            for subject in subjects
            if row.subject_id == subject.id
            and not (row.is_shared and subject.shared)
            and row.buffered.lower < end
            and row.buffered.upper > start
        ]
        for subjects, start, end in wanted
    ]


def free_times(
    subject: Subject, day: date, *, opens: time = time.min, closes: time | None = None, minutes: int = 1
) -> list[Span]:
    """The gaps of at least `minutes` between what is taken (with buffers) on a local day, from `opens` to `closes`."""
    begin = clock.local(day, opens)
    end = clock.day_bounds(day)[1] if closes is None else clock.local(day, closes)
    return free_spans({subject: [(begin, end)]}, minutes=minutes)[subject.id]


_BUSY = """
WITH one AS (
    SELECT id, id AS subject_id, is_shared FROM json_to_recordset(%(subjects)s::json) AS asked (id uuid, is_shared bool)
), each AS (
    SELECT * FROM one UNION ALL
    SELECT one.id, p.part_id, one.is_shared FROM one
    JOIN timetable_part p ON p.community_id = %(community)s AND p.whole_id = one.id
)
SELECT each.id, (
    SELECT json_agg(json_build_array(extract(epoch FROM lower(span)), extract(epoch FROM upper(span))) ORDER BY span)
    FROM unnest((
        SELECT range_agg(buffered) FROM timetable_allocation
        WHERE community_id = %(community)s AND subject_id = ANY(array_agg(each.subject_id))
            AND state <> 'released' AND NOT (state = 'hold' AND expires_at <= %(now)s::timestamptz)
            AND NOT (is_shared AND bool_and(each.is_shared))
            AND upper(buffered) > %(since)s::timestamptz AND lower(buffered) < %(until)s::timestamptz
    )) AS span
)
FROM each GROUP BY each.id
"""


def free_spans(wanted: Mapping[Subject, Sequence[Span]], *, minutes: int = 1) -> dict[UUID, list[Span]]:
    """Of each subject, the gaps of at least `minutes` within the spans it is wanted in, what it is made of counted.

    `wanted`: spans in order of time. One query, however many subjects, and however long the spans.
    """
    spans = [span for each in wanted.values() for span in each]
    if not spans:
        return {subject.id: [] for subject in wanted}
    values = {
        "subjects": prepared.recordset([{"id": one.id, "is_shared": one.shared} for one in wanted]),
        "community": current_community_id(),
        "now": clock.now(),
        "since": min(since for since, _until in spans),
        "until": max(until for _since, until in spans),
    }
    # in seconds: psycopg takes as long to read a span as to find it
    busy = {
        pk: [(datetime.fromtimestamp(lower, UTC), datetime.fromtimestamp(upper, UTC)) for lower, upper in taken or ()]
        for pk, taken in prepared.execute(_BUSY, values)
    }
    least = timedelta(minutes=minutes)
    return {
        subject.id: [
            gap
            for since, until in each
            for gap in _gaps(_within(busy.get(subject.id, ()), since, until), since, until)
            if gap[1] - gap[0] >= least
        ]
        for subject, each in wanted.items()
    }


def _within(busy: Sequence[Span], since: datetime, until: datetime) -> Sequence[Span]:
    """Those that touch the span; `busy` is in order of time, and no two touch."""
    first = bisect_right(busy, since, key=itemgetter(1))
    return busy[first : bisect_left(busy, until, key=itemgetter(0))]


def nearest_free(
    subjects: Sequence[Subject],
    starts_at: datetime,
    ends_at: datetime,
    *,
    before: timedelta = timedelta(),
    after: timedelta = timedelta(),
    count: int = 3,
    days: int = 7,
    but_not: Collection[UUID] = (),
) -> list[Span]:
    """Up to `count` spans of the same length, nearest first, in which all subjects and the buffers are free.

    Looks `days` ahead and back (not into the past): right beside what is taken, and at the same hour of other days.
    """
    length, reach = ends_at - starts_at, timedelta(days=days)
    rows = Allocation.objects.live().against(with_parts(subjects))
    rows = rows.touching(starts_at - reach - before, ends_at + reach + after).exclude(pk__in=but_not)
    busy = [(span.lower, span.upper) for span in rows.aggregate(all=_Merged("buffered"))["all"] or ()]
    starts = {starts_at + timedelta(days=step) for step in range(-days, days + 1)}
    starts |= {until + before for _since, until in busy} | {since - after - length for since, _until in busy}
    begins, ends = min(DAY_BEGINS, _hour(starts_at)), max(DAY_ENDS, _hour(ends_at))

    def is_good(start: datetime) -> bool:
        end = start + length
        if start < clock.now() or abs(start - starts_at) > reach:
            return False
        if (
            _hour(start) < begins
            or _hour(end) > ends
            or (_day(start) != _day(end) and _day(starts_at) == _day(ends_at))
        ):
            return False
        number = bisect_left(busy, end + after, key=itemgetter(0))  # the last that begins before our end
        return number == 0 or busy[number - 1][1] <= start - before

    good = sorted(filter(is_good, starts), key=lambda start: (abs(start - starts_at), start))
    return [(start, start + length) for start in good[:count]]


def _hour(moment: datetime) -> time:
    return timezone.localtime(moment).time()


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


class _Merged(Aggregate):
    """All spans as few: those that touch or overlap are one, in order of time."""

    function = "range_agg"
    output_field = DateTimeRangeField()


def _gaps(busy: Iterable[Span], begin: datetime, end: datetime) -> Iterator[Span]:
    """What is left of `[begin, end)`; `busy` is in order of time."""
    for since, until in busy:
        if since > begin:
            yield begin, since
        begin = max(begin, until)
    if begin < end:
        yield begin, end


def taken_by(kind: str) -> Iterator[tuple[str, UUID, datetime, datetime]]:
    """Source, subject, from when and until when of all that is booked by sources that begin like this."""
    rows = Allocation.objects.filter(source__startswith=kind, state=AllocationState.CONFIRMED)
    for row in rows.only("id", "community", "source", "subject_id", "during").iterator(chunk_size=5_000):
        yield row.source, row.subject_id, row.starts_at, row.ends_at


def homes_with_lapsed_holds() -> list[int]:
    """The communities where a hold's time is over."""
    return homes_with(Allocation.everywhere.filter(is_over()))  # everywhere: the clock asks once for all
