"""Hours: who was really there, from when until when, noted by one and approved by another."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import ShortTextColumn, just
from weiyifang.core.look.wording import span
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.people.models import Account
from weiyifang.volunteering.models.shifts import Slot
from weiyifang.volunteering.models.teams import Volunteer


class HoursState(models.TextChoices):
    NOTED = "noted", _("waits for another person")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not counted")
    TAKEN_BACK = "taken_back", _("taken back")


HOURS_FLOW: Flow = {
    HoursState.NOTED: {HoursState.APPROVED, HoursState.REFUSED},
    HoursState.APPROVED: {HoursState.TAKEN_BACK},
}
STANDING = (HoursState.NOTED, HoursState.APPROVED)


class HoursQuerySet(models.QuerySet["Hours"]):
    def standing(self) -> Self:
        """What waits or counts."""
        return self.filter(state__in=STANDING)

    def approved(self) -> Self:
        return self.filter(state=HoursState.APPROVED)


class Hours(CommunityModel):
    """One volunteer was there for one place in a shift. Times are never edited: a mistake is taken back and noted anew.

    `minutes` is what was worked; `credited` what the time bank gives for it, by the rule of that day (`limits.toml`).
    """

    slot = CommunityForeignKey(Slot, models.PROTECT, related_name="hours")
    volunteer = CommunityForeignKey(Volunteer, models.PROTECT, related_name="hours")  # of the place
    came_at = models.DateTimeField(_("when they came"))
    left_at = models.DateTimeField(_("when they left"))
    minutes = models.SmallIntegerField(_("minutes worked"))
    credited = models.SmallIntegerField(_("minutes credited"))
    state = models.CharField(_("state"), max_length=10, choices=HoursState.choices, default=HoursState.NOTED)
    own_account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")  # of whose hours they are
    noted_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")  # approved or refused it
    decided_at = models.DateTimeField(null=True, blank=True)
    back_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    back_at = models.DateTimeField(null=True, blank=True)
    why = ShortTextColumn(_("why it does not count"), max_length=200, blank=True)

    objects: ClassVar = Home.from_queryset(HoursQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("hours of a volunteer")
        verbose_name_plural = _("hours of volunteers")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "slot"], condition=Q(state__in=STANDING), name="hours_once_for_a_place"
            ),
            ExclusionConstraint(
                name="hours_one_at_a_time",
                expressions=[
                    (just("community_id", "int8range"), RangeOperators.OVERLAPS),
                    (just("volunteer_id", "uuidrange"), RangeOperators.OVERLAPS),
                    (
                        Func(F("came_at"), F("left_at"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=STANDING),
            ),
            models.CheckConstraint(condition=Q(left_at__gt=F("came_at")), name="hours_end_after_they_begin"),
            models.CheckConstraint(condition=Q(minutes__gt=0, credited__gte=0), name="hours_are_some"),
            models.CheckConstraint(condition=Q(state__in=HoursState.values), name="hours_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[HoursState.NOTED, HoursState.REFUSED])
                | Q(decided_by=None)  # the program, or somebody who was forgotten
                | (
                    (Q(noted_by=None) | ~Q(decided_by=F("noted_by")))
                    & (Q(own_account=None) | ~Q(decided_by=F("own_account")))
                ),
                name="hours_approved_by_another",
            ),
            models.CheckConstraint(condition=Q(state__in=STANDING) | ~Q(why=""), name="hours_not_counted_why"),
        ]
        indexes = [
            models.Index(fields=["community", "volunteer", "came_at"], name="hours_of_volunteer"),
            models.Index(fields=["community", "slot"], name="hours_of_slot"),
            models.Index(
                fields=["community", "noted_at"], condition=Q(state=HoursState.NOTED), name="hours_to_approve"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.minutes}"

    @property
    def when(self) -> str:
        """From when until when, in words."""
        return span(self.came_at, self.left_at)

    @property
    def is_waiting(self) -> bool:
        return self.state == HoursState.NOTED

    @property
    def is_approved(self) -> bool:
        return self.state == HoursState.APPROVED
