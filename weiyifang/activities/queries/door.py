"""The list at the door, and today on the workbench."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import overload
from uuid import UUID

from django.db.models import BinaryField, Func, OuterRef, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import cached_property

from weiyifang.activities import codes
from weiyifang.activities.models import (
    Activity,
    Attendance,
    Enrollment,
    LessonLeave,
    Message,
    Session,
    SessionState,
    TeacherPart,
    Whom,
)
from weiyifang.activities.queries.passages import with_passages
from weiyifang.activities.queries.seats import Seats, seats_of
from weiyifang.activities.shares import ShareFor
from weiyifang.capacity import queries as capacity
from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.people.models import Resident

PIECE = 500  # rows read at a time where all are wanted
_BY_NAME = Func("resident__name", Value("GB18030"), function="convert_to", output_field=BinaryField())  # as by Pinyin


@dataclass(frozen=True, kw_only=True)
class Guest:
    """One line of the list at the door: somebody enrolled, or somebody who just came."""

    resident: Resident
    enrollment: Enrollment | None
    attendance: Attendance | None
    on_leave: bool = False  # a pupil who said that they cannot come to this lesson
    share: str = ""  # a `ShareFor`: their seat is one of those kept for some

    @property
    def share_name(self) -> str:
        return str(ShareFor(self.share).label) if self.share in ShareFor.values else ""

    @property
    def came(self) -> int:
        """How many of them came so far."""
        return self.attendance.people if self.attendance is not None else 0

    @property
    def in_at(self) -> datetime | None:
        """The last time they came in; as `came_at`, where nobody notes who leaves."""
        came = self.attendance
        return getattr(came, "in_at", came.happened_at) if came is not None else None

    @property
    def left_at(self) -> datetime | None:
        """When they left, if that is noted and they have not come back since."""
        found: datetime | None = getattr(self.attendance, "left_at", None)
        return found

    @property
    def left_by(self) -> UUID | None:
        """The passage that says so."""
        found: UUID | None = getattr(self.attendance, "left_by", None)
        return found

    @property
    def is_child(self) -> bool:
        """Are they handed over when they leave? Known of who came, where it is noted who leaves."""
        return bool(getattr(self.attendance, "is_child", False))

    @property
    def ticket(self) -> str:
        """What their code says; "" for whoever just came."""
        return codes.ticket(self.enrollment) if self.enrollment is not None else ""


def standing_attendances(session: Session) -> QuerySet[Attendance]:
    """Those that count: not voids, and not voided."""
    return Attendance.objects.filter(session=session, voids=None, voided_by=None)


def lesson_fees_by_source(since: datetime) -> dict[str, int]:
    """What a fund that is open since then has to have received for lessons, by the source of the attendance."""
    rows = Attendance.objects.filter(fee_fen__gt=0, voids=None, voided_by=None, recorded_at__gte=since)
    parts = dict(TeacherPart.objects.values_list("attendance_id", "amount_fen"))
    due = ((pk, fen - parts.get(pk, 0)) for pk, fen in rows.values_list("pk", "fee_fen"))
    return {f"activities.attendance:{pk}": fen for pk, fen in due if fen}


class Guests(Sequence[Guest]):
    """Who enrolled, by name, then who came besides; read piece by piece, however many there are.

    `words`: only those whose name holds them, or whose resident number they are.
    """

    def __init__(self, session: Session, words: str = "") -> None:
        self._session = session
        who = Q(resident__name__icontains=words)
        if words.isdecimal():
            who |= Q(resident__number=int(words[:9]))
        everybody = Enrollment.objects.taking_a_place().at_the_door(session)
        self._has_shares = bool(session.activity.shares)
        self._here = with_passages(standing_attendances(session).select_related("resident"), session)
        besides = self._here.filter(resident__isnull=False).exclude(resident_id__in=everybody.values("resident_id"))
        enrolled = everybody.select_related("resident", "activity", "makes_up__activity")
        self._enrolled = enrolled.filter(who).order_by(_BY_NAME, "id")
        self._besides = besides.filter(who).order_by("happened_at", "id")

    @cached_property
    def _counts(self) -> tuple[int, int]:
        return self._enrolled.count(), self._besides.count()

    def __len__(self) -> int:
        return sum(self._counts)

    @overload
    def __getitem__(self, place: int) -> Guest: ...
    @overload
    def __getitem__(self, place: slice) -> list[Guest]: ...
    def __getitem__(self, place: int | slice) -> Guest | list[Guest]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        first, last, _step = place.indices(len(self))
        until = self._counts[0]
        enrolled = self._with_attendance(self._enrolled[first:last]) if first < until else []
        besides = self._besides[max(first - until, 0) : last - until] if last > until else ()
        return [*enrolled, *map(_walked_in, besides)]

    def __iter__(self) -> Iterator[Guest]:
        """All of them, for a file: a few hundred in memory at a time."""
        rows = self._enrolled.iterator(chunk_size=PIECE)
        while some := list(islice(rows, PIECE)):
            yield from self._with_attendance(some)
        yield from map(_walked_in, self._besides.iterator(chunk_size=PIECE))

    def after(self, number: int, count: int) -> list[Guest]:
        """The first so many of them whose resident number is higher, by number."""
        higher, by_number = Q(resident__number__gt=number), "resident__number"
        enrolled = self._with_attendance(self._enrolled.filter(higher).order_by(by_number)[:count])
        found = [*enrolled, *map(_walked_in, self._besides.filter(higher).order_by(by_number)[:count])]
        return sorted(found, key=lambda guest: guest.resident.number)[:count]

    def _with_attendance(self, rows: Iterable[Enrollment]) -> list[Guest]:
        some = list(rows)
        came = {row.resident_id: row for row in self._here.filter(resident_id__in=[one.resident_id for one in some])}
        held = capacity.shares_held([source_of(one) for one in some]) if self._has_shares else {}
        return [
            Guest(
                resident=one.resident,
                enrollment=one,
                attendance=came.get(one.resident_id),
                share=held.get(source_of(one), ""),
                on_leave=one.pk in self._on_leave,
            )
            for one in some
        ]

    @cached_property
    def _on_leave(self) -> frozenset[UUID]:
        if not self._session.activity.is_term:
            return frozenset()
        rows = LessonLeave.objects.filter(session=self._session, ended_at=None)
        return frozenset(rows.values_list("enrollment_id", flat=True))


def _walked_in(row: Attendance) -> Guest:
    return Guest(resident=row.resident, enrollment=None, attendance=row)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The list at the door: how many are here and expected, who they are, who is counted without a name, who waits."""

    session: Session
    came: int  # 人次 so far
    expected: int

    def guests(self, words: str = "") -> Guests:
        """Who enrolled or came."""
        return Guests(self.session, words)

    @property
    def nameless(self) -> QuerySet[Attendance]:
        """Those counted without a name, the newest first."""
        return standing_attendances(self.session).filter(resident=None).order_by("-happened_at", "-id")

    def asked(self) -> list[str]:
        """Every question somebody on the list or in its queue was asked: those of now first, in their order."""
        now = [one.words for one in self.session.activity.questions]
        keys = Func("answers", function="jsonb_object_keys", output_field=TextField())
        rows = Enrollment.objects.live().at_the_door(self.session)
        before = set(rows.annotate(words=keys).values_list("words", flat=True).distinct())
        return [*now, *sorted(before.difference(now))]

    @property
    def waiting(self) -> QuerySet[Enrollment]:
        """Whose turn comes first."""
        rows = Enrollment.objects.waiting().for_session(self.session).order_by("id")
        if self.session.activity.collects:  # they came in one order, and stand in another
            holder = Concat(
                Value(f"{Enrollment._meta.label_lower}:"), Cast("id", TextField()), output_field=TextField()
            )
            turns = rows.annotate(holder=holder, turn=capacity.turn_began(OuterRef("holder")))
            rows = turns.order_by("turn", "id")
        return rows.select_related("resident", "activity")


def roster(session: Session) -> Roster:
    """Two questions; the list itself is read where it is shown."""
    places = Enrollment.objects.taking_a_place().at_the_door(session).aggregate(sum=Sum("places"))["sum"]
    return Roster(session=session, came=Attendance.objects.filter(session=session).attendances(), expected=places or 0)


def session_at_the_door(enrollment: Enrollment) -> Session | None:
    """Which date a ticket is for now: its own, or the lesson of the term that is on today."""
    if enrollment.session is not None:
        found: Session | None = enrollment.session
    else:
        lessons = Session.objects.on(clock.today()).filter(activity=enrollment.activity_id)
        found = lessons.exclude(state=SessionState.CANCELLED).first()
    if found is not None:
        found.activity = enrollment.activity
    return found


def enrolled_ids(session: Session) -> list[UUID]:
    """The residents who have a place, in the order they enrolled."""
    rows = Enrollment.objects.taking_a_place().at_the_door(session).order_by("id")
    return list(rows.values_list("resident_id", flat=True))


def addressees(session: Session, whom: str) -> list[UUID]:
    """The residents of a group one can write to, by the date; of a term, whoever is enrolled or waits for all of it,
    and who visits this lesson."""
    if whom == Whom.CAME:
        rows = standing_attendances(session).exclude(resident=None).values_list("resident_id", flat=True)
        return sorted(set(rows))
    enrolled = Enrollment.objects.at_the_door(session)
    chosen = enrolled.waiting() if whom == Whom.WAITING else enrolled.taking_a_place()
    return sorted(chosen.values_list("resident_id", flat=True))


def messages_of(session: Session) -> list[Message]:
    """What was written to people of a date, the newest first."""
    return list(Message.objects.filter(session=session).order_by("-id"))


def concerned(activity: Activity, session: Session | None = None) -> int:
    """How many people would be told if the activity, or one date of it, were called off."""
    rows = Enrollment.objects.live().filter(activity=activity)
    if session is not None:
        rows = rows.filter(session=session)
    elif not activity.is_term:
        rows = rows.filter(session__state=SessionState.PLANNED)
    return rows.count()


def came_to_planned(activity: Activity, session: Session | None = None) -> int:
    """How many people are checked in at the dates that would be called off with the activity, or at this one."""
    dates = Session.objects.filter(activity=activity, state=SessionState.PLANNED)
    if session is not None:
        dates = dates.filter(pk=session.pk)
    return Attendance.objects.filter(session__in=dates).attendances()


@dataclass(frozen=True, kw_only=True)
class Today:
    """A session of today on the workbench."""

    session: Session
    seats: Seats
    came: int


def today(activities: QuerySet[Activity], day: date | None = None) -> list[Today]:
    """The sessions of the day (today) among these activities, with how many are expected and how many came."""
    rows = Session.objects.on(day or clock.today()).shown().filter(activity__in=activities)
    sessions = list(rows.select_related("activity"))
    seats = seats_of(sessions)
    came = dict.fromkeys((session.pk for session in sessions), 0)
    for session_id, people in Attendance.objects.filter(session__in=sessions).values_list("session_id", "people"):
        came[session_id] += people
    return [Today(session=session, seats=seats[session.pk], came=came[session.pk]) for session in sessions]
