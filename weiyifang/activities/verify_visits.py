"""What visits to single lessons promise, re-computed from the rows of the community at hand (part of `verify`)."""

from __future__ import annotations

from collections.abc import Iterator

from weiyifang.activities import events, events_lessons
from weiyifang.activities.models import Enrollment, LessonLeave, TeacherPart
from weiyifang.activities.services.teachers import part_of
from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in


def check() -> Iterator[Fault]:
    """What is broken of visits, and of teachers' shares."""
    yield from _visits()
    yield from _shares()


def _visits() -> Iterator[Fault]:
    """A lesson that is made up is one of another class, from which a pupil there is excused; leaves are as told."""
    rows = Enrollment.objects.live().filter(makes_up__isnull=False).select_related("activity", "makes_up")
    leaves = LessonLeave.objects.filter(ended_at=None).values_list("session_id", "enrollment__resident_id")
    excused = set(leaves)
    for row in rows:
        if row.makes_up is None or row.makes_up.activity_id == row.activity_id or not row.is_visit:
            yield Fault.of(row, check="activities.visits", what="makes up a lesson of the same class, or in no lesson")
        elif (row.makes_up_id, row.resident_id) not in excused:
            yield Fault.of(row, check="activities.visits", what="makes up a lesson that nobody is excused from")
    wanted = facts.due(
        {
            events_lessons.LeaveTaken: lambda fact: {**_about(fact), "ended_at": None},
            events_lessons.LeaveEnded: lambda fact: {**_about(fact), "ended_at": SOMETHING},
        }
    )
    told = facts.every(LessonLeave, "enrollment", "session", "ended_at")
    yield from facts.compare(told, wanted, check="activities.visits", untold="nobody said it")


def _shares() -> Iterator[Fault]:
    """A teacher's part is its share of the fee of a lesson that a pupil of their class attended, to the fen."""
    for row in TeacherPart.objects.select_related("attendance"):
        if row.amount_fen != part_of(row.attendance.fee_fen, row.points) or row.attendance.voids_id is not None:
            yield Fault.of(row, check="activities.teachers_share", what="is not the share of the fee")
    parts = dict(TeacherPart.objects.values_list("attendance_id", "amount_fen"))
    for fact in facts.told(events.LessonAttended):
        due = fact.values["fee_fen"] - fact.values.get("fund_fen", fact.values["fee_fen"])  # once there was none
        if parts.pop(id_in(fact.subject), 0) != due:
            yield Fault(check="activities.teachers_share", where=fact.subject, what="another part was told than kept")
    for pk in sorted(parts):
        where = f"activities.attendance:{pk}"
        yield Fault(check="activities.teachers_share", where=where, what="a part of a fee that nobody was told of")


def _about(fact: Told) -> Row:
    return {"enrollment_id": fact.id("enrollment_id"), "session_id": fact.id("session_id")}
