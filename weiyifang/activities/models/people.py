"""Who comes, who came, and what was written to them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models.programme import Activity, Session
from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.look.wording import day
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, Journal
from weiyifang.people.models import Resident

if TYPE_CHECKING:
    from uuid import UUID


class EnrollmentState(models.TextChoices):
    WAITING = "waiting", _("in the queue")
    CONFIRMED = "confirmed", _("enrolled")
    CANCELLED = "cancelled", _("given up")
    LAPSED = "lapsed", _("offer not answered")
    UNREACHED = "unreached", _("the queue closed before their turn")


ENROLLMENT_FLOW: Flow = {
    EnrollmentState.WAITING: {
        EnrollmentState.CONFIRMED,
        EnrollmentState.CANCELLED,
        EnrollmentState.LAPSED,
        EnrollmentState.UNREACHED,
    },
    EnrollmentState.CONFIRMED: {EnrollmentState.CANCELLED},
    EnrollmentState.CANCELLED: {EnrollmentState.CONFIRMED, EnrollmentState.WAITING},  # the way back to what it was
}

LIVE = (EnrollmentState.WAITING, EnrollmentState.CONFIRMED)


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def taking_a_place(self) -> Self:
        return self.filter(state=EnrollmentState.CONFIRMED)

    def waiting(self) -> Self:
        return self.filter(state=EnrollmentState.WAITING)

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def for_session(self, session: Session) -> Self:
        """Of a term, every date has the term's enrolments."""
        if session.activity.is_term:
            return self.filter(activity_id=session.activity_id, session=None)
        return self.filter(session=session)

    def at_the_door(self, session: Session) -> Self:
        """As `for_session`, with those who visit this one lesson of a term and are not its pupils."""
        if not session.activity.is_term:
            return self.filter(session=session)
        pupils = Enrollment.objects.taking_a_place().filter(activity=session.activity_id, session=None)
        visits = Q(session=session) & ~Q(resident__in=pupils.values("resident"))
        return self.filter(Q(session=None) | visits, activity_id=session.activity_id)


class Enrollment(CommunityModel):
    """A resident's places in one session (or, `session` empty, in a whole term), or their turn in its queue.

    One lesson of a term is a visit: on trial, or (`makes_up`) instead of a lesson missed in their own class. Its claim
    on places and its turn in the queue are held by `capacity` under this row's source.
    """

    in_view = ("state", "places", "note")

    activity = CommunityForeignKey(Activity, models.CASCADE, related_name="enrollments")
    session = CommunityForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="enrollments")
    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    makes_up = CommunityForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="+")  # a lesson missed
    places = models.SmallIntegerField(_("seats"), default=1)
    fee_fen = models.IntegerField(default=0)  # for all its places, as it was when they enrolled
    ticket = models.IntegerField(null=True, blank=True)  # on the list that a draw is made of, counted from one
    together = models.UUIDField(null=True, blank=True)  # the id of the first of those who came as a group, all or none
    place_in_group = models.SmallIntegerField(default=0, db_default=0)
    note = LineColumn(_("what we should know"), max_length=120, blank=True)
    answers: models.JSONField[dict[str, Any], dict[str, str]] = models.JSONField(  # by the words that were asked
        default=dict, db_default={}, blank=True
    )
    state = models.CharField(max_length=10, choices=EnrollmentState.choices, default=EnrollmentState.CONFIRMED)
    enrolled_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id
    enrolled_at = models.DateTimeField(default=clock.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    given_up_on_leaving = models.BooleanField(db_default=False)  # the community; it comes back if they do

    objects: ClassVar = Home.from_queryset(EnrollmentQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "activity", "session", "resident"],
                condition=Q(state__in=LIVE),
                nulls_distinct=False,
                name="enrollment_once",
            ),
            models.UniqueConstraint(
                fields=["community", "activity", "session", "ticket", "place_in_group"],  # a group has one ticket
                condition=Q(ticket__isnull=False),
                nulls_distinct=False,
                name="enrollment_ticket",
            ),
            models.UniqueConstraint(
                fields=["community", "makes_up", "resident"],
                condition=Q(state__in=LIVE, makes_up__isnull=False),
                name="enrollment_makes_up_once",
            ),
            models.CheckConstraint(condition=Q(places__gte=1, fee_fen__gte=0), name="enrollment_numbers_make_sense"),
            models.CheckConstraint(
                condition=Q(makes_up=None) | Q(session__isnull=False, places=1), name="enrollment_makes_up_in_a_lesson"
            ),
            models.CheckConstraint(condition=Q(state__in=EnrollmentState.values), name="enrollment_state_known"),
            models.CheckConstraint(
                condition=Q(together=None, place_in_group=0) | Q(together__isnull=False, place_in_group__gte=0),
                name="enrollment_group_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "session", "state"], name="enrollment_of_session"),
            models.Index(fields=["community", "resident", "state"], name="enrollment_of_resident"),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.state}"

    @property
    def told(self) -> str:
        """What they told us, on one line: what a visit is, the note, then each answer after what was asked."""
        return " · ".join(
            [*filter(None, [self.visit_words, self.note]), *(f"{words} {said}" for words, said in self.answers.items())]
        )

    @property
    def is_visit(self) -> bool:
        """Of one lesson of a class whose pupil one is not."""
        return self.session_id is not None and self.activity.is_term

    @property
    def visit_words(self) -> str:
        """What a visit is; "" for every other enrolment."""
        if not self.is_visit:
            return ""
        if self.makes_up is None:
            return gettext("trial lesson")
        about = {"day": day(self.makes_up.starts_at), "title": self.makes_up.activity.title}
        return gettext("makes up %(day)s, %(title)s") % about

    @property
    def pool_owner(self) -> str:
        """The source that owns the places it claims."""
        if self.session_id is None:
            return f"activities.activity:{self.activity_id}"
        return f"activities.session:{self.session_id}"

    @property
    def code(self) -> str:
        """Six digits to say at the door when no phone is at hand. Two people may share one: then the name decides."""
        return f"{self.pk.int % 1_000_000:06d}"


class Whom(models.TextChoices):
    """Whom whoever runs an activity writes to."""

    ENROLLED = "enrolled", _("who is enrolled")
    WAITING = "waiting", _("who waits in the queue")
    CAME = "came", _("who came")


class Message(CommunityModel):
    """What whoever runs it wrote to people of one date. Its notices hold none of it: they say what stands here now."""

    session = CommunityForeignKey(Session, models.CASCADE, related_name="messages")
    whom = models.CharField(pgettext_lazy("message", "to whom"), max_length=8, choices=Whom.choices)
    words = ShortTextColumn(_("what you write"), max_length=300)
    people = models.IntegerField()  # how many it was for; whoever acts for them reads it too
    written_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id
    written_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("message to people of a date")
        verbose_name_plural = _("messages to people of a date")
        constraints = [
            models.CheckConstraint(condition=Q(whom__in=Whom.values), name="message_whom_known"),
            models.CheckConstraint(condition=Q(people__gte=1), name="message_to_somebody"),
        ]
        indexes = [models.Index(fields=["community", "session"], name="message_of_session")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.whom}"


class Method(models.TextChoices):
    QR = "qr", _("scanned")
    ROSTER = "roster", _("ticked on the list")
    PAPER = "paper", _("from the paper list")
    KIOSK = "kiosk", _("by themselves at the door")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def attendances(self) -> int:
        """人次: how often somebody came, with everybody on their ticket. Voids count against it."""
        return int(self.aggregate(sum=models.Sum("people"))["sum"] or 0)

    def by_session(self) -> Counter[UUID]:
        """人次 of each session."""
        return Counter(dict(self.values_list("session_id").annotate(models.Sum("people"))))

    def people_served(self) -> int:
        """人数: how many different residents came.

        Guests without a name, and whom a resident brought along, are nobody's second visit: not in it.
        """
        came = self.exclude(resident=None).values("community_id", "resident_id").annotate(times=models.Sum("people"))
        return int(came.filter(times__gt=0).count())


class Attendance(CommunityModel):
    """Somebody came: a resident with whoever is on their ticket, `people` in all, or so many guests without a name.

    Append-only; a row that `voids` one takes all of it back.

    `turn` is how often this person's attendance of this session was voided before: with it, being counted twice at
    once is a broken unique constraint.
    """

    append_only = True
    in_journal = Journal(moment="recorded_at")

    session = CommunityForeignKey(Session, models.PROTECT, related_name="attendances")
    resident = CommunityForeignKey(Resident, models.PROTECT, null=True, related_name="+")
    people = models.IntegerField(default=1)
    method = models.CharField(max_length=8, choices=Method.choices)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id
    nonce = models.UUIDField()  # made where it was noted: the same scan uploaded twice is one attendance
    turn = models.SmallIntegerField(default=0)
    fee_fen = models.IntegerField(default=0)  # what this lesson of a term costs, for all its people
    voids = CommunityForeignKey("self", models.PROTECT, null=True, related_name="voided_by")

    objects: ClassVar = Home.from_queryset(AttendanceQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["community", "nonce"], name="attendance_nonce"),
            models.UniqueConstraint(
                fields=["community", "session", "resident", "turn"],
                condition=Q(voids=None, resident__isnull=False),
                name="attendance_once",
            ),
            models.UniqueConstraint(
                fields=["community", "voids"], condition=Q(voids__isnull=False), name="attendance_voided_once"
            ),
            models.CheckConstraint(
                condition=Q(voids=None, people__gte=1) | Q(voids__isnull=False, people__lte=-1),
                name="attendance_counts_or_voids",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "resident"], name="attendance_of_resident"),
            models.Index(fields=["community", "happened_at"], name="attendance_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.resident_id or self.people}"
