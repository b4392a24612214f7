"""Tables and their promises: the grids, and who was visited or called."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, NumberColumn
from weiyifang.core.look.wording import as_day
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.outreach.kinds import MOVED, NEEDS, NO, OUTCOMES
from weiyifang.people.models import Account, Resident

if TYPE_CHECKING:
    from uuid import UUID


class Grid(CommunityModel):
    """Buildings that somebody looks after. Who does holds a duty within it (`people.roles.Role.GRID_WORKER`)."""

    in_view = ("name",)
    names_in_view = MappingProxyType({"name": pgettext_lazy("grid", "name")})

    number = models.IntegerField(_("no."))
    name = LineColumn(pgettext_lazy("grid", "name"), max_length=40)
    made_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("grid")
        verbose_name_plural = _("grids")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="grid_number"),
            models.UniqueConstraint(fields=["community", "name"], name="grid_name"),
        ]

    def __str__(self) -> str:
        return self.name


class GridBuilding(CommunityModel):
    """One building of a grid, written as on the doors of the register. It belongs to one grid alone."""

    grid = CommunityForeignKey(Grid, models.CASCADE, related_name="buildings")
    compound = LineColumn(_("compound"), max_length=40)
    building = NumberColumn(_("building"), max_length=20)

    class Meta(CommunityModel.Meta):
        verbose_name = _("building of a grid")
        verbose_name_plural = _("buildings of grids")
        constraints = [
            models.UniqueConstraint(fields=["community", "compound", "building"], name="grid_building_once"),
        ]
        indexes = [models.Index(fields=["community", "grid"], name="grid_building_of")]

    def __str__(self) -> str:
        return f"{self.compound} {self.building}"


class SpecialNeed(CommunityModel):
    """What somebody needs, noted because they agreed to it (`Purpose.SENSITIVE`). Over, it is gone: nobody keeps it."""

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    need = models.CharField(_("need"), max_length=20)  # a code of `kinds.NEEDS`
    since = models.DateField(_("since"), default=clock.today)
    noted_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    class Meta(CommunityModel.Meta):
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            models.UniqueConstraint(fields=["community", "resident", "need"], name="special_need_once"),
        ]

    if TYPE_CHECKING:
        resident_id: UUID

    def __str__(self) -> str:
        return f"{self.resident_id}"

    @property
    def name(self) -> str:
        """In the reader's language."""
        return NEEDS.name_of(self.need)


class ContactQuerySet(models.QuerySet["Contact"]):
    def standing(self) -> Self:
        """Of each person the last one: it alone says when to come again."""
        return self.filter(is_last=True)


class Contact(CommunityModel):
    """Somebody of the committee went there, called or met a person. Never edited; the next one follows it.

    It is no service and reaches nobody. No words are kept with it: what was said stays between the two.
    """

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    outcome = models.CharField(_("what came of it"), max_length=20)  # a code of `kinds.OUTCOMES`
    on = models.DateField(_("day"), default=clock.today)
    again_on = models.DateField(_("not before"))
    is_last = models.BooleanField(default=True)
    noted_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    objects: ClassVar = Home.from_queryset(ContactQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(fields=["community", "resident"], condition=Q(is_last=True), name="contact_last"),
            models.CheckConstraint(condition=Q(again_on__gt=F("on")), name="contact_days_in_order"),
        ]
        indexes = [models.Index(fields=["community", "resident", "noted_at"], name="contact_of_resident")]

    if TYPE_CHECKING:
        resident_id: UUID

    def __str__(self) -> str:
        return f"{self.resident_id} {self.outcome}"

    @property
    def outcome_name(self) -> str:
        """In the reader's language, as it was called that day."""
        return OUTCOMES.name_of(self.outcome, as_day(self.noted_at))

    @property
    def is_no(self) -> bool:
        return self.outcome == NO

    @property
    def is_gone(self) -> bool:
        return self.outcome == MOVED

    @property
    def rests(self) -> bool:
        """Is the day from which one may come again still ahead?"""
        return self.again_on > clock.today()
