"""The stalls of a market's date: who has which, and what each brought in, counted by two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models.programme import Session
from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.organizations.queries import named

if TYPE_CHECKING:
    from uuid import UUID


class StallQuerySet(models.QuerySet["Stall"]):
    def taken(self) -> models.QuerySet[Stall]:
        return self.exclude(organization="")


class Stall(CommunityModel):
    """One place at a market; an organization has it, or it is free."""

    in_view = ("place", "organization", "goods")

    session = CommunityForeignKey(Session, models.CASCADE, related_name="stalls")
    number = models.SmallIntegerField(_("no."))  # within its date, from 1
    place = LineColumn(_("where it stands"), max_length=60, blank=True)
    organization = SourceField(_("who has it"), blank=True)  # a source; "": it is free
    goods = LineColumn(_("what is sold or shown"), max_length=60, blank=True)

    objects: ClassVar = Home.from_queryset(StallQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("stall")
        verbose_name_plural = _("stalls")
        constraints = [
            models.UniqueConstraint(fields=["community", "session", "number"], name="stall_number"),
            models.UniqueConstraint(
                fields=["community", "session", "organization"],
                condition=~Q(organization=""),
                name="stall_one_for_each",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="stall_numbers_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def is_free(self) -> bool:
        return not self.organization

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        found = named([value]).get(value) if name == "organization" else None
        return found.name if found else None


class CountState(models.TextChoices):
    """Where a count stands. `decided` by its second half, but for one that is taken back."""

    ONCE = "once", _("counted once")
    AGREED = "agreed", _("counted alike by two, in the fund")
    DIFFERS = "differs", _("counted differently, in nobody's books")
    TAKEN_BACK = "back", _("taken back")


class StallCount(CommunityModel):
    """What one stall brought in, counted by one person and then by another. Both counts stay, also when they differ."""

    stall = CommunityForeignKey(Stall, models.PROTECT, related_name="counts")
    turn = models.SmallIntegerField(_("which count"))  # from 1: counted anew when two differ, or one was taken back
    first_fen = models.BigIntegerField(_("first count"))
    first_by_id = models.UUIDField(null=True)  # an account
    first_at = models.DateTimeField(default=clock.now)
    second_fen = models.BigIntegerField(_("second count"), null=True, blank=True)
    second_by_id = models.UUIDField(null=True)
    second_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=CountState.choices, default=CountState.ONCE)
    why_back = ShortTextColumn(_("why it was taken back"), max_length=200, blank=True)

    if TYPE_CHECKING:
        stall_id: UUID

    class Meta(CommunityModel.Meta):
        verbose_name = _("count of a stall")
        verbose_name_plural = _("counts of stalls")
        constraints = [
            models.UniqueConstraint(fields=["community", "stall", "turn"], name="stallcount_turn"),
            models.UniqueConstraint(
                fields=["community", "stall"], condition=Q(state__in=("once", "agreed")), name="stallcount_one_stands"
            ),
            models.CheckConstraint(condition=Q(state__in=CountState.values), name="stallcount_state"),
            models.CheckConstraint(
                condition=Q(first_fen__gte=0) & (Q(second_fen=None) | Q(second_fen__gte=0)), name="stallcount_amounts"
            ),
            # nulls compare as unknown, which a CHECK lets pass until both are there
            models.CheckConstraint(condition=~Q(second_by_id=F("first_by_id")), name="stallcount_by_two"),
            models.CheckConstraint(
                condition=~Q(state__in=("agreed", "back")) | Q(second_fen=F("first_fen"), second_fen__isnull=False),
                name="stallcount_agreed_alike",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stall_id} {self.turn}"
