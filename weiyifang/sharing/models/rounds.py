"""A round: for a season, organizations wish for weekly slots, which are shared out by a rule anybody can recompute."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn, TextColumn
from weiyifang.core.look import wording
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.people.secrets import SealedField
from weiyifang.sharing.models.things import Kind, Resource

if TYPE_CHECKING:
    from uuid import UUID

A_MONDAY = date(2024, 1, 1)
MOST_WISHES = 3
MOST_SLOTS = 3
WISHED = (Kind.ROOM, Kind.INSTRUMENT)  # what is wished for by its kind; of a stock everybody takes some


class RoundState(models.TextChoices):
    OPEN = "open", pgettext_lazy("a round", "takes applications")
    SHARED = "shared", pgettext_lazy("a round", "shared out, not booked yet")
    BOOKED = "booked", pgettext_lazy("a round", "shared out and booked")
    OFF = "off", pgettext_lazy("a round", "called off")


ROUND_FLOW: Flow = {
    RoundState.OPEN: {RoundState.SHARED, RoundState.OFF},
    RoundState.SHARED: {RoundState.BOOKED, RoundState.OFF},
}


class RoundQuerySet(models.QuerySet["Round"]):
    def under_way(self) -> Self:
        """Not booked and not called off, the first to close first."""
        return self.filter(state__in=(RoundState.OPEN, RoundState.SHARED)).order_by("closes_at", "number")


class Round(CommunityModel):
    """The slots of a season, from `first_day` to `last_day`; organizations apply until `closes_at`.

    `commitment` is public from the beginning, `seed` is what it commits to, and `sheet` what was published when slots
    were shared out (`slots.Sheet.text`).
    """

    in_view = ("title", "first_day", "last_day", "closes_at", "state")

    number = models.IntegerField(_("no."))
    title = LineColumn(_("for which season"), max_length=60)
    about = TextColumn(_("what to know"), max_length=2_000, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    closes_at = models.DateTimeField(_("applications until"))
    commitment = models.CharField(max_length=64)
    seed = SealedField()
    sheet = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=RoundState.choices, default=RoundState.OPEN)
    reason = ShortTextColumn(_("reason"), max_length=200, blank=True)  # why it was called off
    opened_at = models.DateTimeField(default=clock.now)
    shared_at = models.DateTimeField(null=True)

    objects: ClassVar = Home.from_queryset(RoundQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("round of a season")
        verbose_name_plural = _("rounds of a season")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="round_number"),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="round_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state=RoundState.OFF)
                | Q(state=RoundState.OPEN, sheet="", shared_at=None)
                | (Q(state__in=(RoundState.SHARED, RoundState.BOOKED), shared_at__isnull=False) & ~Q(sheet="")),
                name="round_shown_when_shared",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "closes_at"], name="round_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def last_to_apply(self) -> date:
        """The last day on which organizations apply."""
        return wording.as_day(self.closes_at - timedelta(microseconds=1))

    @property
    def takes_applications(self) -> bool:
        return self.state == RoundState.OPEN and clock.now() < self.closes_at

    @property
    def has_closed(self) -> bool:
        """Nobody applies any more, and nothing is shared out yet."""
        return self.state == RoundState.OPEN and clock.now() >= self.closes_at

    @property
    def is_booked(self) -> bool:
        return self.state == RoundState.BOOKED


class RoundThing(CommunityModel):
    """What is shared out in a round."""

    round = CommunityForeignKey(Round, models.CASCADE, related_name="things")
    resource = CommunityForeignKey(Resource, models.PROTECT, related_name="+")

    class Meta(CommunityModel.Meta):
        verbose_name = _("thing of a round")
        verbose_name_plural = _("things of a round")
        constraints = [models.UniqueConstraint(fields=["community", "round", "resource"], name="round_thing_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.resource_id}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def standing(self) -> Self:
        """Not withdrawn, in the order of their tickets."""
        return self.filter(withdrawn_at=None).order_by("ticket")


class Application(CommunityModel):
    """What an organization wishes for in a round. `ticket`: its number in the draw, kept when it is changed."""

    in_view = ("purpose", "slots", "withdrawn_at")

    round = CommunityForeignKey(Round, models.CASCADE, related_name="applications")
    organization = SourceField(_("for which organization"))
    ticket = models.IntegerField(_("ticket"))
    purpose = LineColumn(_("what for"), max_length=80)
    slots = models.SmallIntegerField(_("slots a week, at most"), default=1)
    asked_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id
    asked_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects: ClassVar = Home.from_queryset(ApplicationQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("application for slots")
        verbose_name_plural = _("applications for slots")
        constraints = [
            models.UniqueConstraint(fields=["community", "round", "organization"], name="round_application_once"),
            models.UniqueConstraint(fields=["community", "round", "ticket"], name="round_application_ticket"),
            models.CheckConstraint(condition=Q(slots__gte=1, slots__lte=MOST_SLOTS), name="round_application_slots"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.ticket}"


class Wish(CommunityModel):
    """A weekly slot that is wished for: of a thing, or (`kind`) of any of the round. `rank` 1: the first wish."""

    application = CommunityForeignKey(Application, models.CASCADE, related_name="wishes")
    rank = models.SmallIntegerField()
    resource = CommunityForeignKey(Resource, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True, default="")
    weekday = models.SmallIntegerField()  # 1 is Monday
    begins = models.TimeField()
    ends = models.TimeField()

    class Meta(CommunityModel.Meta):
        verbose_name = _("wish for a slot")
        verbose_name_plural = _("wishes for slots")
        constraints = [
            models.UniqueConstraint(fields=["community", "application", "rank"], name="wish_rank"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=MOST_WISHES), name="wish_rank_known"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="wish_weekday"),
            models.CheckConstraint(condition=Q(begins__lt=F("ends")), name="wish_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(resource__isnull=False, kind="") | Q(resource=None, kind__in=WISHED),
                name="wish_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.rank}"


class Slot(CommunityModel):
    """A slot as it was given. With an `objection` (why) it is not booked; `series`: that of its bookings."""

    in_view = ("objection",)

    round = CommunityForeignKey(Round, models.CASCADE, related_name="slots")
    application = CommunityForeignKey(Application, models.CASCADE, related_name="given")
    resource = CommunityForeignKey(Resource, models.PROTECT, related_name="+")
    turn = models.SmallIntegerField()
    rank = models.SmallIntegerField()
    weekday = models.SmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()
    objection = ShortTextColumn(_("objection"), max_length=200, blank=True)
    series: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("slot of a round")
        verbose_name_plural = _("slots of a round")
        constraints = [
            models.UniqueConstraint(fields=["community", "application", "rank"], name="round_slot_once"),
            models.UniqueConstraint(fields=["community", "application", "turn"], name="round_slot_turn"),
            models.CheckConstraint(condition=Q(series=None) | Q(objection=""), name="round_slot_objection"),
        ]
        indexes = [models.Index(fields=["community", "round", "turn"], name="round_slot_turns")]

    if TYPE_CHECKING:
        resource_id: UUID
        application_id: UUID

    def __str__(self) -> str:
        return f"{self.application_id} {self.turn}"

    @property
    def when(self) -> str:
        """`every Mon 14:00–16:00`."""
        return weekly(self.weekday, self.begins, self.ends)


def weekly(weekday: int, begins: time, ends: time) -> str:
    """A time that comes every week, in words."""
    day = wording.short_weekday(A_MONDAY + timedelta(days=weekday - 1))
    return gettext("every %(day)s %(begins)s–%(ends)s") % {
        "day": day,
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }
