"""Allocations: one subject, one span of time, one source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, just
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityModel, Home, current_community_id
from weiyifang.timetable.subjects import Subject


class AllocationState(models.TextChoices):
    HOLD = "hold", _("held")
    CONFIRMED = "confirmed", _("booked")
    RELEASED = "released", _("released")


ALLOCATION_FLOW: Flow = {
    AllocationState.HOLD: {AllocationState.CONFIRMED, AllocationState.RELEASED},
    AllocationState.CONFIRMED: {AllocationState.RELEASED},
}


def is_over() -> Q:
    """Holds whose time is over, whether they are cleared away or not."""
    return Q(state=AllocationState.HOLD, expires_at__lte=clock.now())


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def live(self) -> AllocationQuerySet:
        """Not released; a hold whose time is over no longer counts, even before it is cleared away."""
        return self.exclude(state=AllocationState.RELEASED).exclude(is_over())

    def lapsed(self) -> AllocationQuerySet:
        """Holds whose time is over."""
        return self.filter(is_over())

    def of(self, subject_ids: Iterable[UUID]) -> AllocationQuerySet:
        """Of these subjects."""
        return self.filter(subject_id__in=list(subject_ids))

    def move_to(self, state: AllocationState, **also: Any) -> int:
        """Move those from which the flow leads to `state`; `also` are fields written with it. Returns how many."""
        origins = [origin for origin, goals in ALLOCATION_FLOW.items() if state in goals]
        return self.filter(state__in=origins).update(state=state, **also)

    def against(self, subjects: Iterable[Subject]) -> AllocationQuerySet:
        """What can stand in the way of these: of one that is shared, only what somebody has for themselves."""
        wanted = list(subjects)
        alone = Q(subject_id__in=[one.id for one in wanted if not one.shared])
        shared = Q(subject_id__in=[one.id for one in wanted if one.shared], is_shared=False)
        return self.filter(alone | shared)

    def touching(self, starts_at: datetime, ends_at: datetime) -> AllocationQuerySet:
        """Whose buffered span overlaps `[starts_at, ends_at)`; in order of time."""
        # by its bounds and not with &&: these are what the index `allocation_calendar` holds
        spans = self.filter(buffered__endswith__gt=starts_at, buffered__startswith__lt=ends_at)
        return spans.order_by("buffered", "id")


class AllocationManager(Home["Allocation"]):
    def get_queryset(self) -> AllocationQuerySet:
        return AllocationQuerySet(self.model, using=self._db).filter(community_id=current_community_id())

    def live(self) -> AllocationQuerySet:
        return self.get_queryset().live()

    def lapsed(self) -> AllocationQuerySet:
        return self.get_queryset().lapsed()

    def of_source(self, source: str) -> AllocationQuerySet:
        """What a source has and did not release."""
        return self.get_queryset().filter(source=source).exclude(state=AllocationState.RELEASED)


# Whoever has a thing for themselves takes the range of all ids, and so meets everybody; who shares it takes only the
# row's own id, and so meets nobody else who shares it.
_COMPANY = Case(
    When(is_shared=True, then=just("id", "uuidrange")),
    default=Func(Value(None), Value(None), function="uuidrange", output_field=models.TextField()),
    output_field=models.TextField(),
)


class Allocation(CommunityModel):
    """One subject is taken `during` a span (UTC, `[from, until)`), and not to be had in the wider `buffered` span."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    is_shared = models.BooleanField(_("beside others"), default=False)
    during = DateTimeRangeField(_("when"))
    buffered = DateTimeRangeField(_("with buffers"))
    source = SourceField()
    state = models.CharField(
        _("state"), max_length=10, choices=AllocationState.choices, default=AllocationState.CONFIRMED
    )
    expires_at = models.DateTimeField(_("held until"), null=True, blank=True)

    objects: ClassVar[AllocationManager] = AllocationManager()

    class Meta(CommunityModel.Meta):
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints: ClassVar[list[Any]] = [
            ExclusionConstraint(
                name="allocation_one_at_a_time",
                expressions=[
                    (just("community_id", "int8range"), RangeOperators.OVERLAPS),
                    (just("subject_id", "uuidrange"), RangeOperators.OVERLAPS),
                    (_COMPANY, RangeOperators.OVERLAPS),
                    ("buffered", RangeOperators.OVERLAPS),
                ],
                condition=~Q(state=AllocationState.RELEASED),
                violation_error_message=_("This is already taken at that time."),
            ),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
                name="allocation_span_is_half_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    buffered__contains=F("during"),
                    buffered__lower_inf=False,
                    buffered__upper_inf=False,
                    buffered__lower_inc=True,
                    buffered__upper_inc=False,
                ),
                name="allocation_buffers_cover",
            ),
            models.CheckConstraint(
                condition=~Q(state=AllocationState.HOLD) | Q(expires_at__isnull=False), name="allocation_hold_ends"
            ),
        ]
        indexes = [
            models.Index(
                F("community"),
                F("subject_id"),
                Func(F("buffered"), function="upper"),
                condition=~Q(state=AllocationState.RELEASED),
                name="allocation_calendar",
            ),
            models.Index(fields=["community", "source"], name="allocation_source"),
            models.Index(
                fields=["community", "expires_at"], condition=Q(state=AllocationState.HOLD), name="allocation_lapses"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.during}"

    @property
    def starts_at(self) -> datetime:
        """When the span begins, without buffers."""
        start: datetime = self.during.lower
        return start

    @property
    def ends_at(self) -> datetime:
        """When the span is over, without buffers."""
        end: datetime = self.during.upper
        return end


class Part(CommunityModel):
    """A subject is made of others: who takes the whole takes each part of it, at the same time and for the same source.

    One floor deep: what is a part has no parts. `whole_id` and `part_id` are subjects, `kind` and `name` the part's.
    """

    whole_id = models.UUIDField()
    part_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    name = LineColumn(_("what it is called"), max_length=80)

    class Meta(CommunityModel.Meta):
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "whole_id", "part_id"], name="part_once"),
            models.CheckConstraint(condition=~Q(whole_id=F("part_id")), name="part_of_another"),
        ]

    def __str__(self) -> str:
        return self.name
