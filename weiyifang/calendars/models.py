"""The table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.people.models import Resident

if TYPE_CHECKING:
    from uuid import UUID


class LinkQuerySet(models.QuerySet["Link"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def open(self) -> Self:
        """Whose owner lives here and has an account in use: the others open nothing."""
        return self.live().filter(resident__left_on=None, resident__erased_at=None, resident__account__is_active=True)


class Link(CommunityModel):
    """An address under which a calendar is read. `digest`: of the secret in it; "" once it has ended."""

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    of = SourceField(_("of which organization"), blank=True)  # "": of what is the resident's own
    with_others = models.BooleanField(_("with what those have for whom they act"), default=False)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    renewed_at = models.DateTimeField(null=True, blank=True)
    fetched_on = models.DateField(_("last fetched on"), null=True, blank=True)
    fetches = models.IntegerField(default=0)  # on that day
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = Home.from_queryset(LinkQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "resident", "of"], condition=Q(ended_at=None), name="link_once"
            ),
            models.UniqueConstraint(fields=["community", "digest"], condition=~Q(digest=""), name="link_digest"),
            models.CheckConstraint(
                condition=Q(ended_at=None) & ~Q(digest="") | Q(ended_at__isnull=False, digest=""), name="link_ends"
            ),
            models.CheckConstraint(condition=Q(of="") | Q(with_others=False), name="link_of_one_kind"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at")), name="link_times"),
        ]

    if TYPE_CHECKING:
        resident_id: UUID

    def __str__(self) -> str:
        return f"{self.resident_id} {self.of}"
