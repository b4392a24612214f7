from __future__ import annotations

from django.db import models

from weiyifang.core import clock
from weiyifang.core.tenancy import CommunityModel


class Run(CommunityModel):
    """One replay: what it was asked for and how many of its steps are done."""

    seed = models.IntegerField()
    scale = models.FloatField()
    last_day = models.DateField()
    steps_done = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        constraints = [models.UniqueConstraint(fields=["community"], name="replay_once")]

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.steps_done} steps"
