"""What was handed over to be done, how far it is, and the file that came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import TextColumn
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.people.models import Account

if TYPE_CHECKING:
    from uuid import UUID

STANDS_STILL = timedelta(minutes=10)  # without a step, or in the queue: then somebody should look


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("errand", "in the queue")
    RUNNING = "running", pgettext_lazy("errand", "under way")
    DONE = "done", pgettext_lazy("errand", "done")
    FAILED = "failed", pgettext_lazy("errand", "not done")
    CANCELLED = "cancelled", pgettext_lazy("errand", "cancelled")


OPEN = (State.WAITING, State.RUNNING)
FLOW: Flow = {
    State.WAITING: {State.RUNNING, State.FAILED, State.CANCELLED},
    State.RUNNING: {State.RUNNING, State.WAITING, State.DONE, State.FAILED, State.CANCELLED},
}


class Why(models.TextChoices):
    """Why it is not done (yet)."""

    REFUSED = "refused", _("It could not be done.")
    NO_RIGHT = "no_right", _("You may no longer do this, so nothing was done.")
    NO_ROOM = "no_room", _("Our disk takes nothing new at the moment. Nothing was changed.")
    STOPPED = "stopped", _("The program ended in the middle of it. Nothing was half done.")
    BROKEN = "broken", _("Something unforeseen happened. Nothing was changed.")


class Errand(CommunityModel):
    """A piece of work. `arguments`: ids, codes and what was sought for, forgotten with the file. `key`: what makes two
    presses one. `came`: what came of it, in numbers and ids; its kind makes the words. `begun`: how often it began.
    """

    kind = models.CharField(max_length=40)
    arguments: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    key = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    asked_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    begun = models.SmallIntegerField(default=0)
    moved_at = models.DateTimeField(default=clock.now)
    cancel_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    came: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    why = models.CharField(max_length=8, choices=Why.choices, blank=True, default="")
    said = TextColumn(blank=True, default="", max_length=1_000)  # of a refusal: its sentence, in `language`

    class Meta(CommunityModel.Meta):
        verbose_name = _("long work")
        verbose_name_plural = _("long work")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "asked_by", "key"], condition=Q(state__in=OPEN), name="errand_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="errand_state"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="errand_ended_at",
            ),
            models.CheckConstraint(condition=Q(done__gte=0, total__gte=0, begun__gte=0), name="errand_counts"),
        ]
        indexes = [
            models.Index(fields=["community", "asked_by", "-id"], name="errand_of_somebody"),
            models.Index(fields=["community", "moved_at"], condition=Q(state__in=OPEN), name="errand_open"),
        ]

    if TYPE_CHECKING:
        asked_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        """In the queue or under way."""
        return self.state in OPEN

    @property
    def stands_still(self) -> bool:
        """It should have moved long ago."""
        return self.is_open and self.moved_at < clock.now() - STANDS_STILL


class ErrandFile(CommunityModel):
    """The file that came of an errand, sealed with the data keys: whole registers stand in such files."""

    errand = CommunityForeignKey(Errand, models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)  # made by the program
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()  # bytes
    content = models.BinaryField()
    until = models.DateTimeField()

    class Meta(CommunityModel.Meta):
        verbose_name = _("file of long work")
        verbose_name_plural = _("files of long work")
        constraints = [
            models.UniqueConstraint(fields=["community", "errand"], name="errand_file_one"),
            models.CheckConstraint(condition=Q(size__gte=0), name="errand_file_size"),
        ]
        indexes = [models.Index(fields=["community", "until"], name="errand_file_until")]

    def __str__(self) -> str:
        return self.name
