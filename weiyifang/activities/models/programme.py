"""What is on: activities and their dates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.activities.audiences import Audience
from weiyifang.activities.kinds import KINDS, USUAL
from weiyifang.activities.orders import Order
from weiyifang.activities.questions import QuestionsColumn
from weiyifang.activities.shares import SharesColumn
from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn, TextColumn
from weiyifang.core.look.wording import as_day
from weiyifang.core.money import WHOLE, percent
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.files.album import AlbumColumn
from weiyifang.organizations.queries import named
from weiyifang.people.models import Resident

if TYPE_CHECKING:
    from uuid import UUID


class Mode(models.TextChoices):
    SESSION = "session", _("each date by itself")
    TERM = "term", _("once for the whole term")


class Cover(models.TextChoices):
    """The drawings in `covers.py`."""

    TEA = "tea", _("flowers and tea")
    LEAF = "leaf", _("leaves")
    POT = "pot", _("pottery")
    BRUSH = "brush", _("brush and paper")
    HEART = "heart", _("health")
    LANTERN = "lantern", _("lanterns")
    STALLS = "stalls", _("stalls")
    MUSIC = "music", _("music")
    ROAD = "road", _("hills and road")
    NEEDLE = "needle", _("mending")
    PHONE = "phone", _("smartphone")


class ActivityState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("open to all")
    FINISHED = "finished", _("over")
    CANCELLED = "cancelled", _("called off")


ACTIVITY_FLOW: Flow = {
    ActivityState.DRAFT: {ActivityState.PUBLISHED, ActivityState.CANCELLED},
    ActivityState.PUBLISHED: {ActivityState.FINISHED, ActivityState.CANCELLED},
}


class Leaving(models.TextChoices):
    """Whether it is noted who leaves, and children are handed over."""

    USUAL = "usual", _("where children enrol for what is for children")
    NOTED = "noted", pgettext_lazy("leaving is noted", "yes")
    NOT_NOTED = "not", pgettext_lazy("leaving is noted", "no")


class ActivityQuerySet(models.QuerySet["Activity"]):
    def shown(self) -> Self:
        """Once shown to the public: called off or over since, perhaps; a draft that was called off never was."""
        return self.filter(published_at__isnull=False)

    def published(self) -> Self:
        return self.filter(state=ActivityState.PUBLISHED)

    def terms(self) -> Self:
        return self.filter(mode=Mode.TERM)

    def noting_leaving(self) -> Self:
        """As `Activity.notes_leaving`."""
        usual = Q(leaving=Leaving.USUAL, audience=Audience.CHILDREN, places__gt=0)
        return self.filter(Q(leaving=Leaving.NOTED) | usual)

    def matching(self, words: str) -> Self:
        """Each word in the title, the summary or the place."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(place__icontains=word))
        return rows


class Activity(CommunityModel):
    """Something that is on."""

    in_view = (
        *("title", "summary", "description", "kind", "audience", "min_age", "max_age", "organizer", "place"),
        *("books_place", "places", "party_size", "fee_fen", "fee_note", "mode", "enrol_from", "cover", "state"),
        *("closes_hours", "order", "trials", "guest_seats", "teacher_share"),
        *("leaving", "pictures", "questions", "shares"),
    )

    number = models.IntegerField(_("no."))
    title = LineColumn(_("what it is called"), max_length=60)
    summary = LineColumn(_("one sentence about it"), max_length=120, blank=True)
    description = TextColumn(_("what happens that day"), max_length=10_000, blank=True)
    kind = models.CharField(_("kind"), max_length=10, default=USUAL)  # a code of `kinds.KINDS`
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience.choices, default=Audience.EVERYONE)
    min_age = models.SmallIntegerField(_("from age"), null=True, blank=True)
    max_age = models.SmallIntegerField(_("up to age"), null=True, blank=True)
    organizer = SourceField(_("who puts it on"), blank=True)  # a source; "": the committee
    instructor = CommunityForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+")
    place = LineColumn(pgettext_lazy("activities", "place"), max_length=80)
    books_place = models.BooleanField(_("nobody else may use the place then"), default=False)
    places = models.IntegerField(_("seats"), default=0)  # at each date, or for the term; 0: no enrolment, just come
    party_size = models.SmallIntegerField(_("seats one person may take"), default=1)
    fee_fen = models.IntegerField(_("fee"), default=0)  # a seat, or for a term a lesson; 0: free
    teacher_share = models.SmallIntegerField(  # of a lesson's fee, in basis points; the rest is given to the fund
        _("the teacher's share of a lesson's fee"), default=0, db_default=0
    )
    fee_note = LineColumn(_("about the fee"), max_length=80, blank=True)
    mode = models.CharField(_("enrolment"), max_length=8, choices=Mode.choices, default=Mode.SESSION)
    enrol_from = models.DateTimeField(_("enrolment opens"), null=True, blank=True)
    closes_hours = models.SmallIntegerField(_("hours before it begins at which enrolment closes"), default=0)
    order = models.CharField(_("who gets a seat"), max_length=8, choices=Order.choices, default=Order.FIRST_COME)
    trials = models.BooleanField(_("who is not a pupil may try one lesson"), default=False, db_default=False)
    guest_seats = models.SmallIntegerField(_("more seats at each lesson, for visits"), default=0, db_default=0)
    offer_hours = models.SmallIntegerField(_("hours to answer an offer"), default=24)  # 0: not asked
    leaving = models.CharField(  # what was planned before there was a choice: no
        _("who leaves is noted"),
        max_length=5,
        choices=Leaving.choices,
        default=Leaving.USUAL,
        db_default=Leaving.NOT_NOTED,
    )
    cover = models.CharField(_("drawing"), max_length=8, choices=Cover.choices, default=Cover.TEA)
    pictures = AlbumColumn()  # one at most, instead of the drawing
    questions = QuestionsColumn()  # asked of whoever enrols
    shares = SharesColumn()  # seats of each date that are kept for some until a moment
    state = models.CharField(max_length=10, choices=ActivityState.choices, default=ActivityState.DRAFT)
    cancel_reason = ShortTextColumn(_("reason"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    brought_in: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # with others of one file

    objects: ClassVar = Home.from_queryset(ActivityQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="activity_number"),
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="activity_state_known"),
            models.CheckConstraint(condition=Q(leaving__in=Leaving.values), name="activity_leaving_known"),
            models.CheckConstraint(
                condition=~Q(state=ActivityState.CANCELLED) | ~Q(cancel_reason=""), name="activity_cancelled_why"
            ),
            models.CheckConstraint(
                condition=Q(fee_fen__gte=0, places__gte=0, party_size__gte=1, offer_hours__gte=0, closes_hours__gte=0)
                & Q(guest_seats__gte=0, teacher_share__range=(0, WHOLE)),
                name="activity_numbers_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(min_age__lte=F("max_age")),
                name="activity_ages_in_order",
            ),
            models.CheckConstraint(  # a list becomes a line when enrolment closes, and there are seats to give
                condition=Q(order=Order.FIRST_COME) | Q(order__in=Order.values, places__gte=1, closes_hours__gte=1),
                name="activity_order_can_be_kept",
            ),
            models.CheckConstraint(  # a term has one list of pupils, so it needs seats to give
                condition=~Q(mode=Mode.TERM) | Q(places__gte=1), name="activity_term_has_seats"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "kind"], name="activity_state_kind"),
            models.Index(
                fields=["community", "brought_in"], condition=Q(brought_in__isnull=False), name="activity_brought_in"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        if name == "kind":
            return KINDS.name_of(value, as_day(self.made_at))
        found = named([value]).get(value) if name == "organizer" else None
        return found.name if found else None

    @property
    def is_open_door(self) -> bool:
        """No enrolment: people just come."""
        return self.places == 0

    @property
    def is_term(self) -> bool:
        return self.mode == Mode.TERM

    @property
    def teacher_points(self) -> int:
        """What is the teacher's of a lesson's fee, in basis points; nothing where nobody teaches."""
        return self.teacher_share if self.instructor_id is not None else 0

    @property
    def teacher_percent(self) -> str:
        """The same in per cent, as people read it; "" where it is nothing."""
        return percent(self.teacher_points) if self.teacher_points else ""

    @property
    def collects(self) -> bool:
        """Everybody stands in one list until enrolment closes; then the seats are given."""
        return self.order != Order.FIRST_COME

    @property
    def notes_leaving(self) -> bool:
        """Is it noted at the door who leaves, and children are handed over? See `Leaving`."""
        usual = self.leaving == Leaving.USUAL and self.audience == Audience.CHILDREN and self.places > 0
        return usual or self.leaving == Leaving.NOTED

    @property
    def kind_name(self) -> str:
        """In the reader's language, as it was called when this was planned."""
        return KINDS.name_of(self.kind, as_day(self.made_at))

    @property
    def is_free(self) -> bool:
        return self.fee_fen == 0


class SessionState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("took place")
    CANCELLED = "cancelled", _("called off")


SESSION_FLOW: Flow = {SessionState.PLANNED: {SessionState.HELD, SessionState.CANCELLED}}


class SessionQuerySet(models.QuerySet["Session"]):
    def to_come(self) -> Self:
        """Planned and not over yet, the next one first."""
        return self.filter(state=SessionState.PLANNED, ends_at__gt=clock.now()).order_by("starts_at", "id")

    def on(self, day: date) -> Self:
        """Beginning on that day, where the community lives."""
        first, after = clock.day_bounds(day)
        return self.filter(starts_at__gte=first, starts_at__lt=after).order_by("starts_at", "id")

    def shown(self) -> Self:
        """Of activities that were shown to the public."""
        return self.filter(activity__published_at__isnull=False)


class Session(CommunityModel):
    """One date of an activity."""

    in_view = ("starts_at", "ends_at", "place", "state")

    activity = CommunityForeignKey(Activity, models.CASCADE, related_name="sessions")
    number = models.IntegerField(_("no."))  # within its activity
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = LineColumn(_("another place"), max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=SessionState.choices, default=SessionState.PLANNED)
    cancel_reason = ShortTextColumn(_("reason"), max_length=200, blank=True)
    sequence = models.IntegerField(default=0)  # how often its time, place or state changed: calendars take the highest
    reminded_for = models.DateTimeField(null=True, blank=True)  # the beginning its people were reminded of
    calendar_key = models.CharField(max_length=32, blank=True, default="")  # of the event it came from: `calendars.key`
    calendar_sequence = models.IntegerField(default=0)  # that event's SEQUENCE when it was last followed

    objects: ClassVar = Home.from_queryset(SessionQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = pgettext_lazy("activities", "date")
        verbose_name_plural = _("sessions")
        constraints = [
            models.UniqueConstraint(fields=["community", "activity", "number"], name="session_number"),
            models.UniqueConstraint(
                fields=["community", "activity", "starts_at"],
                condition=~Q(state=SessionState.CANCELLED),
                name="session_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["community", "activity", "calendar_key"],
                condition=~Q(calendar_key=""),
                name="session_calendar_key",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_known"),
        ]
        indexes = [models.Index(fields=["community", "starts_at"], name="session_by_time")]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.number}"

    @property
    def shown_place(self) -> str:
        """Where: its own place, else the activity's."""
        return self.place or self.activity.place

    @property
    def pool_owner(self) -> str:
        """The source that owns its seats: the session, or the activity of a term."""
        if self.activity.is_term:
            return f"activities.activity:{self.activity_id}"
        return f"activities.session:{self.pk}"

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def is_under_way(self) -> bool:
        return self.starts_at <= clock.now() < self.ends_at
