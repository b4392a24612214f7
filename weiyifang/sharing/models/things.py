"""Tables, their promises, their states and the moves between them."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn, TextColumn
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.files.album import AlbumColumn
from weiyifang.organizations.queries import named
from weiyifang.people.models import Resident
from weiyifang.timetable.rooms import room
from weiyifang.timetable.subjects import Subject

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from weiyifang.timetable.subjects import Span

EVERY_DAY = "1234567"


class Kind(models.TextChoices):
    ROOM = "room", pgettext_lazy("to borrow", "room")
    EQUIPMENT = "equipment", _("equipment")
    INSTRUMENT = "instrument", _("instrument")


class Borrowers(models.TextChoices):
    """Who may book it."""

    ORGANIZATIONS = "groups", _("organizations")
    EVERYONE = "everyone", _("organizations and residents")


class ResourceState(models.TextChoices):
    LENT = "lent", _("to be borrowed")
    RETIRED = "retired", _("lent no more")


RESOURCE_FLOW: Flow = {
    ResourceState.LENT: {ResourceState.RETIRED},
    ResourceState.RETIRED: {ResourceState.LENT},
}


class ResourceQuerySet(models.QuerySet["Resource"]):
    def lent(self) -> Self:
        return self.filter(state=ResourceState.LENT)

    def matching(self, words: str) -> Self:
        """Each word in the name, in what is said about it, or in where it is."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(name__icontains=word) | Q(about__icontains=word) | Q(place__icontains=word))
        return rows


class Resource(CommunityModel):
    """Something that is lent. `key`: its name in one normal form, by which activities find the same room."""

    in_view = (
        *("name", "kind", "owner", "place", "about", "conditions", "seats", "pieces", "whole", "weekdays", "opens"),
        *("closes", "buffer_before", "buffer_after", "borrowers", "needs_approval", "pictures", "state"),
    )

    number = models.IntegerField(_("no."))
    name = LineColumn(_("what it is called"), max_length=60)
    key = models.CharField(max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.ROOM)
    owner = SourceField(_("whose it is"), blank=True)  # a source; "": the committee
    place = LineColumn(_("where it is"), max_length=80, blank=True)
    about = TextColumn(_("what it is"), max_length=2_000, blank=True)
    conditions = TextColumn(_("what to mind"), max_length=2_000, blank=True)
    seats = models.SmallIntegerField(_("for how many people"), default=0)  # of a room; 0: not said
    pieces = models.SmallIntegerField(_("how many pieces"), default=1)  # more than one: a stock
    missing = models.SmallIntegerField(_("missing"), default=0)  # of its pieces; not lent until they are found
    whole = CommunityForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    weekdays = models.CharField(_("open on"), max_length=7, default=EVERY_DAY)  # 1 is Monday
    opens = models.TimeField(_("opens"), default=time(8))
    closes = models.TimeField(_("closes"), default=time(21))
    buffer_before = models.SmallIntegerField(_("minutes before"), default=0)
    buffer_after = models.SmallIntegerField(_("minutes after"), default=0)
    borrowers = models.CharField(
        _("who may book it"), max_length=10, choices=Borrowers.choices, default=Borrowers.ORGANIZATIONS
    )
    needs_approval = models.BooleanField(_("somebody says yes first"), default=False)
    pictures = AlbumColumn()
    state = models.CharField(max_length=10, choices=ResourceState.choices, default=ResourceState.LENT)
    added_at = models.DateTimeField(default=clock.now)

    next_free: Span | None = None  # where a page says it (`queries.next_free`)

    objects: ClassVar = Home.from_queryset(ResourceQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("thing to borrow")
        verbose_name_plural = _("things to borrow")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="resource_number"),
            models.UniqueConstraint(fields=["community", "key"], name="resource_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="resource_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ResourceState.values), name="resource_state_known"),
            models.CheckConstraint(condition=Q(borrowers__in=Borrowers.values), name="resource_borrowers_known"),
            models.CheckConstraint(
                condition=Q(pieces=1) | Q(pieces__gt=1, kind=Kind.EQUIPMENT), name="resource_stock_of_equipment"
            ),
            models.CheckConstraint(condition=Q(whole=None) | Q(kind=Kind.ROOM), name="resource_parts_are_rooms"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="resource_opens_before_it_closes"),
            models.CheckConstraint(condition=Q(missing__gte=0, missing__lte=F("pieces")), name="resource_missing"),
            models.CheckConstraint(
                condition=Q(seats__gte=0, buffer_before__gte=0, buffer_after__gte=0), name="resource_numbers"
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "kind"], name="resource_state_kind")]

    if TYPE_CHECKING:
        whole_id: UUID | None

    def __str__(self) -> str:
        return self.name

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        found = named([value]).get(value) if name == "owner" else None
        return found.name if found else None

    @property
    def is_stock(self) -> bool:
        """Several pieces, of which people take as many as they need."""
        return self.pieces > 1

    @property
    def there(self) -> int:
        """How many pieces can be lent."""
        return self.pieces - self.missing

    @property
    def is_lent(self) -> bool:
        return self.state == ResourceState.LENT

    @property
    def subject(self) -> Subject:
        """What of the timetable it is: of a room the one that activities take by its name."""
        if self.kind == Kind.ROOM:
            return room(self.name, shared=False)
        return Subject(id=self.pk, kind=self._meta.label_lower, name=self.name, shared=self.is_stock)

    def is_open(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Between its hours, on one of its days."""
        begins, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
        return (
            begins.date() == ends.date()
            and str(begins.isoweekday()) in self.weekdays
            and self.opens <= begins.time()
            and ends.time() <= self.closes
        )


class ClosureQuerySet(models.QuerySet["Closure"]):
    def to_come(self) -> Self:
        """Not over and not given up, the next one first."""
        return self.filter(ended_at=None, ends_at__gt=clock.now()).order_by("starts_at", "id")


class Closure(CommunityModel):
    """Nobody has it then. `ended_at`: it was given up before."""

    resource = CommunityForeignKey(Resource, models.PROTECT, related_name="closures")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    reason = ShortTextColumn(_("reason"), max_length=200)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar = Home.from_queryset(ClosureQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="closure_ends_after_it_begins")
        ]
        indexes = [models.Index(fields=["community", "resource", "starts_at"], name="closure_of_resource")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts_at}"


class BookingState(models.TextChoices):
    ASKED = "asked", _("waits for a yes")
    BOOKED = "booked", pgettext_lazy("to borrow", "booked")
    REFUSED = "refused", _("not this time")
    CANCELLED = "cancelled", pgettext_lazy("to borrow", "called off")
    LAPSED = "lapsed", _("nobody answered in time")
    OUT = "out", _("handed over")
    BACK = "back", pgettext_lazy("to borrow", "given back")


BOOKING_FLOW: Flow = {
    BookingState.ASKED: {BookingState.BOOKED, BookingState.REFUSED, BookingState.CANCELLED, BookingState.LAPSED},
    BookingState.BOOKED: {BookingState.CANCELLED, BookingState.OUT},
    BookingState.OUT: {BookingState.BACK},
}
OPEN = (BookingState.ASKED, BookingState.BOOKED)  # can be moved and given up
LIVE = (*OPEN, BookingState.OUT)


class BookingQuerySet(models.QuerySet["Booking"]):
    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def to_come(self) -> Self:
        """Live and not over, the next one first."""
        return self.live().filter(ends_at__gt=clock.now()).order_by("starts_at", "id")

    def open(self) -> Self:
        """That can still be given up: nothing is handed over yet."""
        return self.filter(state__in=OPEN)

    def out(self) -> Self:
        """Handed over and not back, what should be back first at the top."""
        return self.filter(state=BookingState.OUT).order_by("ends_at", "id")

    def waiting(self) -> Self:
        """For somebody who says yes or no, the next one first."""
        return self.filter(state=BookingState.ASKED, starts_at__gt=clock.now()).order_by("starts_at", "id")


class Booking(CommunityModel):
    """Somebody has it, or asked for it. For an `organization` (a source), for a `resident`, or for the committee.

    `resident` is whom to talk to: who asked, or for whom it was noted.
    """

    in_view = ("starts_at", "ends_at", "pieces", "purpose", "state")

    resource = CommunityForeignKey(Resource, models.PROTECT, related_name="bookings")
    organization = SourceField(_("for which organization"), blank=True)
    resident = CommunityForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = LineColumn(_("what for"), max_length=80, blank=True)  # forgotten with the resident
    pieces = models.SmallIntegerField(_("how many pieces"), default=1)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    series: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=BookingState.choices, default=BookingState.BOOKED)
    reason = ShortTextColumn(_("reason"), max_length=200, blank=True)
    sequence = models.IntegerField(default=0, db_default=0)  # how often its time changed: calendars take the highest
    told_overdue_at = models.DateTimeField(null=True)  # that it should be back
    asked_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id
    asked_at = models.DateTimeField(default=clock.now)

    objects: ClassVar = Home.from_queryset(BookingQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state__in=BookingState.values), name="booking_state_known"),
            models.CheckConstraint(condition=Q(pieces__gte=1), name="booking_of_something"),
        ]
        indexes = [
            models.Index(fields=["community", "resource", "starts_at"], name="booking_of_resource"),
            models.Index(fields=["community", "organization", "starts_at"], name="booking_of_organization"),
            models.Index(fields=["community", "resident", "starts_at"], name="booking_of_resident"),
            models.Index(
                fields=["community", "starts_at"], condition=Q(state=BookingState.ASKED), name="booking_waiting"
            ),
            models.Index(fields=["community", "ends_at"], condition=Q(state=BookingState.OUT), name="booking_out"),
            models.Index(fields=["community", "series"], condition=Q(series__isnull=False), name="booking_of_series"),
        ]

    if TYPE_CHECKING:
        resource_id: UUID
        resident_id: UUID | None

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts_at}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_to_come(self) -> bool:
        """It can be moved and given up: not begun, nothing handed over."""
        return self.state in OPEN and not self.has_begun

    @property
    def is_overdue(self) -> bool:
        """Handed over, and its time is over."""
        return self.state == BookingState.OUT and self.ends_at < clock.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()


class Condition(models.TextChoices):
    """How a thing is when it changes hands."""

    GOOD = "good", _("as it should be")
    WORN = "worn", _("used, and still good")
    BROKEN = "broken", _("damaged")


class Handover(CommunityModel):
    """A thing changed hands: it went out, or (`is_back`) came back. `missing`: pieces that did not."""

    booking = CommunityForeignKey(Booking, models.PROTECT, related_name="handovers")
    is_back = models.BooleanField(default=False)
    pieces = models.SmallIntegerField(_("how many pieces"), default=1)
    missing = models.SmallIntegerField(_("missing"), default=0)
    condition = models.CharField(_("how it is"), max_length=10, choices=Condition.choices, default=Condition.GOOD)
    note = ShortTextColumn(_("what was noted"), max_length=200, blank=True)
    pictures = AlbumColumn()
    at = models.DateTimeField(default=clock.now)
    noted_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id

    class Meta(CommunityModel.Meta):
        verbose_name = _("handing over")
        verbose_name_plural = _("handings over")
        constraints = [
            models.UniqueConstraint(fields=["community", "booking", "is_back"], name="handover_once"),
            models.CheckConstraint(condition=Q(condition__in=Condition.values), name="handover_condition_known"),
            models.CheckConstraint(condition=Q(pieces__gte=0, missing__gte=0), name="handover_numbers"),
            models.CheckConstraint(condition=Q(missing=0) | Q(is_back=True), name="handover_missing_when_back"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.at}"
