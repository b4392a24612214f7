"""A lesson of a class that a pupil said they cannot come to; and what of its fee is the teacher's."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models.people import Attendance, Enrollment
from weiyifang.activities.models.programme import Activity, Session
from weiyifang.core import clock
from weiyifang.core.money import WHOLE
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, Journal
from weiyifang.people.models import Resident

if TYPE_CHECKING:
    from uuid import UUID


class LessonLeave(CommunityModel):
    """A pupil is excused from one lesson: said before it begins, or noted afterwards by who enrols others.

    It stands until `ended_at`. The seat stays theirs; what it is good for is that the lesson can be made up.
    """

    enrollment = CommunityForeignKey(Enrollment, models.CASCADE, related_name="leaves")
    session = CommunityForeignKey(Session, models.CASCADE, related_name="leaves")
    asked_at = models.DateTimeField(default=clock.now)
    asked_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id
    ended_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("leave from a lesson")
        verbose_name_plural = _("leaves from lessons")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "enrollment", "session"], condition=Q(ended_at=None), name="lessonleave_once"
            )
        ]
        indexes = [models.Index(fields=["community", "session"], name="lessonleave_of_session")]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.session_id}"


class TeacherPartQuerySet(models.QuerySet["TeacherPart"]):
    def standing(self) -> models.QuerySet[TeacherPart]:
        """Of lessons whose attendance was not taken back."""
        return self.filter(attendance__voided_by=None)


class TeacherPart(CommunityModel):
    """What of the fee of one lesson attended is the teacher's; the rest of the fee is the fund's.

    Written with the attendance, as the class said at that moment, and never changed. It counts unless the attendance
    was taken back. Nothing is written where the whole fee is the fund's.
    """

    append_only = True
    in_journal = Journal(moment="shared_at")

    attendance = CommunityForeignKey(Attendance, models.PROTECT, related_name="teacher_parts")
    activity = CommunityForeignKey(Activity, models.PROTECT, related_name="+")  # the class that earns the fee
    teacher = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    points = models.SmallIntegerField()  # basis points, as the class said then
    amount_fen = models.IntegerField(_("amount"))
    shared_at = models.DateTimeField(default=clock.now)

    objects: ClassVar = Home.from_queryset(TeacherPartQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("teacher's part of a fee")
        verbose_name_plural = _("teachers' parts of fees")
        constraints = [
            models.UniqueConstraint(fields=["community", "attendance"], name="teacherpart_once"),
            models.CheckConstraint(
                condition=Q(points__range=(1, WHOLE), amount_fen__gte=0), name="teacherpart_numbers_make_sense"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "activity"], name="teacherpart_of_activity"),
            models.Index(fields=["community", "teacher"], name="teacherpart_of_teacher"),
        ]

    def __str__(self) -> str:
        return f"{self.attendance_id} {self.amount_fen}"
