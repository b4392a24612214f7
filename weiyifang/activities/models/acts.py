"""The running order of a date (节目单): its acts, one after the other, and what each of them needs on the stage."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models.programme import Session
from weiyifang.core.columns import LineColumn
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.organizations.queries import named

STAGED = frozenset({"gala", "show"})  # kinds of activities whose pages offer a running order before there is one
LONGEST = 240  # minutes of one act
LONGEST_CHANGE = 60  # minutes until the next one begins
MOST_THINGS = 200  # microphones, or chairs


class RunningOrder(CommunityModel):
    """Which acts a date has, and whether everybody may read them."""

    session = CommunityForeignKey(Session, models.CASCADE, related_name="+")
    published_at = models.DateTimeField(_("shown to all since"), null=True, blank=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("running order")
        verbose_name_plural = _("running orders")
        constraints = [models.UniqueConstraint(fields=["community", "session"], name="runningorder_once")]

    def __str__(self) -> str:
        return f"{self.session_id}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class ActQuerySet(models.QuerySet["Act"]):
    def in_order(self, order: RunningOrder) -> models.QuerySet[Act]:
        """Its acts, first to last; those taken out are left out."""
        return self.filter(order=order, position__isnull=False).order_by("position")


class Act(CommunityModel):
    """One act: who performs what, for how long, and how long it takes until the next may begin."""

    in_view = (
        *("position", "title", "organization", "performers", "minutes", "changeover"),
        *("microphones", "chairs", "needs"),
    )

    order = CommunityForeignKey(RunningOrder, models.CASCADE, related_name="acts")
    position = models.SmallIntegerField(_("no."), null=True, blank=True)  # from 1; None: taken out
    title = LineColumn(_("what is performed"), max_length=60)
    organization = SourceField(_("organization that performs"), blank=True)  # a source; its leader is told when
    performers = LineColumn(_("who performs, in words"), max_length=80, blank=True)
    minutes = models.SmallIntegerField(_("minutes"))
    changeover = models.SmallIntegerField(_("minutes until the next begins"), default=0)
    microphones = models.SmallIntegerField(_("microphones"), default=0)
    chairs = models.SmallIntegerField(_("chairs"), default=0)
    needs = LineColumn(_("what else is needed"), max_length=120, blank=True)

    objects: ClassVar = Home.from_queryset(ActQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        constraints = [
            models.UniqueConstraint(fields=["community", "order", "position"], name="act_position_once"),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, LONGEST), changeover__range=(0, LONGEST_CHANGE)), name="act_takes_time"
            ),
            models.CheckConstraint(
                condition=Q(microphones__range=(0, MOST_THINGS), chairs__range=(0, MOST_THINGS)), name="act_things"
            ),
            models.CheckConstraint(condition=~Q(organization="") | ~Q(performers=""), name="act_by_somebody"),
        ]

    def __str__(self) -> str:
        return self.title

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        found = named([value]).get(value) if name == "organization" else None
        return found.name if found else None
