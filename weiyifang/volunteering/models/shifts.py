"""Shifts: what is to be done when, whom it takes, and who does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.look.wording import span
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.people.models import Account
from weiyifang.volunteering import kinds
from weiyifang.volunteering.models.teams import Team, Volunteer

if TYPE_CHECKING:
    from datetime import timedelta

    from weiyifang.volunteering.models.hours import Hours


class ShiftState(models.TextChoices):
    PLANNED = "planned", _("planned")
    CALLED_OFF = "called_off", _("called off")


SHIFT_FLOW: Flow = {ShiftState.PLANNED: {ShiftState.CALLED_OFF}}


class ShiftQuerySet(models.QuerySet["Shift"]):
    def to_come(self) -> Self:
        """Planned and not over yet, the next one first."""
        return self.filter(state=ShiftState.PLANNED, ends_at__gt=clock.now()).order_by("starts_at", "id")


class Shift(CommunityModel):
    """A team does something, somewhere, from when until when."""

    in_view = ("what", "place", "starts_at", "ends_at", "note", "state")

    number = models.IntegerField(_("no."))
    team = CommunityForeignKey(Team, models.PROTECT, related_name="shifts")
    what = LineColumn(_("what is to be done"), max_length=60)
    place = LineColumn(_("where one meets"), max_length=80)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    note = ShortTextColumn(_("good to know"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ShiftState.choices, default=ShiftState.PLANNED)
    off_why = ShortTextColumn(_("why it was called off"), max_length=200, blank=True)
    planned_at = models.DateTimeField(default=clock.now)
    sequence = models.IntegerField(default=0, db_default=0)  # how often it was changed: calendars take the highest
    series = models.UUIDField(null=True, blank=True)  # the same for all that were planned week by week in one go

    objects: ClassVar = Home.from_queryset(ShiftQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="shift_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state__in=ShiftState.values), name="shift_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ShiftState.CALLED_OFF) | ~Q(off_why=""), name="shift_called_off_why"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "team", "starts_at"], name="shift_of_team"),
            models.Index(fields=["community", "ends_at"], name="shift_to_come"),
            models.Index(fields=["community", "series"], condition=Q(series__isnull=False), name="shift_of_series"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def when(self) -> str:
        """From when until when, in words."""
        return span(self.starts_at, self.ends_at)

    @property
    def is_off(self) -> bool:
        return self.state == ShiftState.CALLED_OFF

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()


class Need(CommunityModel):
    """What a shift takes: so many people for one role, with what they have to bring along."""

    in_view = ("role", "wanted", "skill", "certificate", "least_age")

    shift = CommunityForeignKey(Shift, models.PROTECT, related_name="needs")
    role = LineColumn(_("task"), max_length=40)
    wanted = models.SmallIntegerField(_("how many people"))
    taken = models.SmallIntegerField(_("how many there are"), default=0)  # moved by whoever holds the shift
    skill = models.CharField(_("should be able to"), max_length=20, blank=True)  # a code of `kinds.SKILL`; or ""
    certificate = models.CharField(_("has to have"), max_length=20, blank=True)  # likewise
    least_age = models.SmallIntegerField(_("from age"), null=True, blank=True)

    people: Sequence[Slot] = ()  # who does it now, where a page says it (`queries.needs_of`)
    has_them, is_near_another = False, False  # has a volunteer a place in its shift already, or too near it;
    their_week: timedelta | None = None  # and how long their others of its week are (`services.slots`)

    class Meta(CommunityModel.Meta):
        verbose_name = _("task of a shift")
        verbose_name_plural = _("tasks of shifts")
        constraints = [
            models.UniqueConstraint(fields=["community", "shift", "role"], name="need_role_once"),
            models.CheckConstraint(condition=Q(wanted__gte=1), name="need_wants_somebody"),
            models.CheckConstraint(condition=Q(taken__gte=0, taken__lte=F("wanted")), name="need_never_too_many"),
        ]

    def __str__(self) -> str:
        return self.role

    @property
    def left(self) -> int:
        """How many are still sought."""
        return self.wanted - self.taken

    @property
    def skill_name(self) -> str:
        return kinds.SKILL.name_of(self.skill)

    @property
    def certificate_name(self) -> str:
        return kinds.CERTIFICATE.name_of(self.certificate)


class SlotState(models.TextChoices):
    TAKEN = "taken", _("taken on")
    GIVEN_BACK = "given_back", _("given back")
    CALLED_OFF = "called_off", _("called off")


SLOT_FLOW: Flow = {SlotState.TAKEN: {SlotState.GIVEN_BACK, SlotState.CALLED_OFF}}


class SlotQuerySet(models.QuerySet["Slot"]):
    def live(self) -> Self:
        return self.filter(state=SlotState.TAKEN)

    def to_come(self) -> Self:
        """Taken on and not over, the next one first."""
        return self.live().filter(shift__ends_at__gt=clock.now()).order_by("shift__starts_at", "id")


class Slot(CommunityModel):
    """Somebody does one task of a shift."""

    need = CommunityForeignKey(Need, models.PROTECT, related_name="slots")
    shift = CommunityForeignKey(Shift, models.PROTECT, related_name="slots")  # of the need: one constraint asks for it
    volunteer = CommunityForeignKey(Volunteer, models.PROTECT, related_name="slots")
    state = models.CharField(_("state"), max_length=10, choices=SlotState.choices, default=SlotState.TAKEN)
    seeks_stand_in = models.BooleanField(_("somebody else is sought"), default=False)
    asked = CommunityForeignKey(Volunteer, models.PROTECT, null=True, blank=True, related_name="+")  # None: the team
    swap_for = CommunityForeignKey("self", models.PROTECT, null=True, blank=True, related_name="offers")  # which of
    # another person they would take on, if that person does this one
    missed = models.BooleanField(_("did not come"), default=False)  # without a word; whoever was told gave it back
    assigned_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")  # None: by themselves
    taken_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)  # given back, or called off

    is_asked = False  # was the reader asked by name, where a page says it (`queries.open_to`)
    noted: Hours | None = None  # what waits or counts, where a page says it (`queries.was_there`)

    objects: ClassVar = Home.from_queryset(SlotQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("place in a shift")
        verbose_name_plural = _("places in shifts")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "shift", "volunteer"], condition=Q(state=SlotState.TAKEN), name="slot_once"
            ),
            models.CheckConstraint(condition=Q(state__in=SlotState.values), name="slot_state_known"),
        ]
        indexes = [
            models.Index(fields=["community", "volunteer", "state"], name="slot_of_volunteer"),
            models.Index(fields=["community", "need"], name="slot_of_need"),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.shift_id}"
