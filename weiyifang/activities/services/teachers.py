"""What of a lesson's fee is the teacher's: shared out to the fen when the lesson is attended."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from weiyifang.activities.models import Activity, TeacherPart
from weiyifang.core.ids import new_id
from weiyifang.core.money import WHOLE, split
from weiyifang.core.tenancy import fill_community


def part_of(fee_fen: int, points: int) -> int:
    """The teacher's part of a fee, in fen; the rest is the fund's. What cannot be divided: `core.money.split`."""
    return split(fee_fen, [points, WHOLE - points])[0]


def write_parts(lessons: Sequence[tuple[UUID, int, Activity]]) -> dict[UUID, int]:
    """Part of noting who came: of each attendance its id, its fee and the class that earns it.

    Returns the teachers' parts, in fen, by attendance.
    """
    rows = []
    for attendance_id, fee_fen, own in lessons:
        points, teacher = own.teacher_points, own.instructor_id
        if teacher is not None and points:
            rows.append(
                TeacherPart(
                    id=new_id(),
                    attendance_id=attendance_id,
                    activity=own,
                    teacher_id=teacher,
                    points=points,
                    amount_fen=part_of(fee_fen, points),
                )
            )
    if rows:
        fill_community(rows)
        TeacherPart.objects.bulk_create(rows)
    return {row.attendance_id: row.amount_fen for row in rows}
