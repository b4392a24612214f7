"""The promise of the timetable, computed again from the bounds of the rows, without the exclusion constraint."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from weiyifang.core import clock
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import current_community_id


def check() -> list[Fault]:
    """Every broken promise in the community at hand."""
    return [*_overlaps(), *_spans(), *_holds(), *_parts()]


def _rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"community": current_community_id(), "now": clock.now()})
        return list(cursor.fetchall())


def _overlaps() -> Iterator[Fault]:
    """Each live allocation of a subject begins when all before it have ended, but for others if both share it."""
    found = _rows(
        """SELECT id, subject_kind, subject_id, since, busy_until FROM (
            SELECT id, subject_kind, subject_id, lower(buffered) AS since,
                CASE WHEN is_shared THEN max(upper(buffered)) FILTER (WHERE NOT is_shared) OVER earlier
                    ELSE max(upper(buffered)) OVER earlier END AS busy_until
            FROM timetable_allocation
            WHERE community_id = %(community)s AND state <> 'released' AND NOT isempty(buffered)
            WINDOW earlier AS (
                PARTITION BY subject_id ORDER BY lower(buffered), id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ) one
        WHERE busy_until > since"""
    )
    for pk, kind, subject, since, until in found:
        what = f"begins {since} while {kind} {subject} is taken until {until}"
        yield Fault(check="overlaps", where=f"timetable.Allocation {pk}", what=what)


def _spans() -> Iterator[Fault]:
    """A span has a beginning and a later end, belongs to its buffered span, and is half-open."""
    found = _rows(
        """SELECT id, during::text, buffered::text FROM timetable_allocation
        WHERE community_id = %(community)s AND NOT (
            coalesce(lower(during) < upper(during), false)
            AND coalesce(lower(buffered) <= lower(during) AND upper(buffered) >= upper(during), false)
            AND lower_inc(during) AND NOT upper_inc(during) AND lower_inc(buffered) AND NOT upper_inc(buffered))"""
    )
    for pk, during, buffered in found:
        what = f"{during} is no half-open span within {buffered}"
        yield Fault(check="spans", where=f"timetable.Allocation {pk}", what=what)


def _holds() -> Iterator[Fault]:
    """Every hold has an end."""
    found = _rows(
        """SELECT id FROM timetable_allocation
        WHERE community_id = %(community)s AND state = 'hold' AND expires_at IS NULL"""
    )
    for (pk,) in found:
        yield Fault(check="holds", where=f"timetable.Allocation {pk}", what="is held for ever")


def _parts() -> Iterator[Fault]:
    """Who takes a whole takes each of its parts, for the same time."""
    found = _rows(
        """SELECT one.id, part.name FROM timetable_allocation one
        JOIN timetable_part part ON part.community_id = one.community_id AND part.whole_id = one.subject_id
        WHERE one.community_id = %(community)s AND one.state <> 'released' AND upper(one.during) > %(now)s
            AND NOT EXISTS (
                SELECT FROM timetable_allocation other WHERE other.community_id = %(community)s
                    AND other.subject_id = part.part_id AND other.source = one.source AND other.state = one.state
                    AND other.buffered = one.buffered)"""
    )
    for pk, name in found:
        yield Fault(check="parts", where=f"timetable.Allocation {pk}", what=f"takes a whole, but not its part {name}")
