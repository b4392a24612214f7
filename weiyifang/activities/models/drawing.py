"""The giving of the seats of one date, or of a term, where everybody stands in one list first."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models.programme import Activity, Session
from weiyifang.core import clock
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.people.secrets import SealedField


class Draw(CommunityModel):
    """When the list of a date (or, `session` empty, of a term) becomes a line.

    Of a lottery `commitment` is public from the beginning, `seed` is what it commits to, and `sheet` what was
    published (`lottery.Sheet.text`); where first-timers go first the three stay empty.
    """

    activity = CommunityForeignKey(Activity, models.CASCADE, related_name="+")
    session = CommunityForeignKey(Session, models.CASCADE, null=True, related_name="+")
    commitment = models.CharField(max_length=64, blank=True, default="")
    seed = SealedField(blank=True, default="")
    sheet = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    drawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "activity", "session"], nulls_distinct=False, name="draw_once"
            ),
            models.CheckConstraint(condition=Q(drawn_at__isnull=False) | Q(sheet=""), name="draw_shown_when_drawn"),
        ]
        indexes = [models.Index(fields=["community", "drawn_at"], name="draw_due")]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.session_id or ''}".strip()
