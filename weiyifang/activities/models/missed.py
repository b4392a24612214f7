"""A date somebody missed, and why it does not count, or does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models.people import Enrollment
from weiyifang.core import clock
from weiyifang.core.columns import ShortTextColumn
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel

if TYPE_CHECKING:
    from uuid import UUID


class ExcuseState(models.TextChoices):
    ASKED = "asked", _("somebody will look at it; until then it does not count")
    EXCUSED = "excused", _("excused: it does not count")
    COUNTS = "counts", _("looked at: it counts")


EXCUSE_FLOW: Flow = {
    ExcuseState.ASKED: {ExcuseState.EXCUSED, ExcuseState.COUNTS},
    ExcuseState.COUNTS: {ExcuseState.EXCUSED},
}


class Excuse(CommunityModel):
    """What was said of a date that somebody missed, by them (`words`) and by whoever runs it (`answer`).

    Whether a date was missed stands nowhere: it follows from the enrolment, the date and who came.
    """

    in_view = ("state", "words")

    enrollment = CommunityForeignKey(Enrollment, models.CASCADE, related_name="excuses")
    state = models.CharField(max_length=8, choices=ExcuseState.choices)
    words = ShortTextColumn(_("what happened that day"), max_length=200, blank=True)
    answer = ShortTextColumn(_("why, or why not"), max_length=200, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    decided_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id

    class Meta(CommunityModel.Meta):
        verbose_name = _("excuse for a missed date")
        verbose_name_plural = _("excuses for missed dates")
        constraints = [
            models.UniqueConstraint(fields=["community", "enrollment"], name="excuse_once"),
            models.CheckConstraint(condition=Q(state__in=ExcuseState.values), name="excuse_state_known"),
            models.CheckConstraint(condition=Q(state=ExcuseState.ASKED) | ~Q(answer=""), name="excuse_decided_why"),
        ]
        indexes = [
            models.Index(fields=["community", "asked_at"], condition=Q(state=ExcuseState.ASKED), name="excuse_open")
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id} {self.state}"
