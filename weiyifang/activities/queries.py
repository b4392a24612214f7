"""Reads worth a name: lists for pages, the list at the door, and the numbers others ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.activities.models import (
    Activity,
    ActivityState,
    Attendance,
    AttendanceQuerySet,
    Audience,
    Enrollment,
    EnrollmentState,
    Mode,
    Session,
    SessionState,
)
from weiyifang.capacity import queries as capacity
from weiyifang.capacity.models import PlacePool, WaitEntry, WaitState
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Relation, Resident

ON_THE_LIST = (WaitState.WAITING, WaitState.OFFERED)
FEW = 3  # this many free seats or fewer are "nearly full"


# --- seats ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Seats:
    """How a session (or a term) stands. `held` seats are offered to somebody who is deciding."""

    places: int = 0
    taken: int = 0
    held: int = 0
    waiting: int = 0

    @property
    def free(self) -> int:
        return max(self.places - self.taken - self.held, 0)

    @property
    def is_open_door(self) -> bool:
        return self.places == 0

    @property
    def is_full(self) -> bool:
        return self.places > 0 and self.free == 0

    @property
    def is_nearly_full(self) -> bool:
        return 0 < self.free <= FEW and self.places > FEW

    @property
    def words(self) -> str:
        """How it stands, in the fewest words."""
        if self.is_open_door:
            return _("just come")
        if self.is_full:
            return _("full, queue open")
        return ngettext("%(n)d seat left", "%(n)d seats left", self.free) % {"n": self.free}

    @property
    def tone(self) -> str:
        """The badge that goes with the words."""
        if self.is_open_door:
            return "info"
        return "wait" if self.is_full or self.is_nearly_full else "ok"

    @property
    def next_rank(self) -> int:
        """Which in the queue one would be now."""
        return self.waiting + 1


def seats_of(sessions: Iterable[Session]) -> dict[UUID, Seats]:
    """How each session stands, by its id; one query."""
    owners = {session.pk: session.pool_owner for session in sessions}
    pools = {pool.owner: _seats(pool) for pool in PlacePool.objects.filter(owner__in=set(owners.values()))}
    return {pk: pools.get(owner, Seats()) for pk, owner in owners.items()}


def _seats(pool: PlacePool) -> Seats:
    return Seats(places=pool.places, taken=pool.taken, held=pool.held, waiting=pool.waiting)


# --- what is on -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One line of a list: a date of an activity, and how it stands."""

    session: Session
    seats: Seats

    @property
    def activity(self) -> Activity:
        found: Activity = self.session.activity
        return found


def listed(sessions: Sequence[Session]) -> list[Listed]:
    seats = seats_of(sessions)
    return [Listed(session=session, seats=seats[session.pk]) for session in sessions]


def coming() -> QuerySet[Session]:
    """The dates to come of what is shown to all, the next one first."""
    return Session.objects.to_come().filter(activity__state=ActivityState.PUBLISHED).select_related("activity")


def this_week() -> QuerySet[Session]:
    """The dates of the next seven days, today among them."""
    return coming().filter(starts_at__lt=clock.day_bounds(clock.today() + timedelta(days=6))[1])


def on_day(day: date) -> QuerySet[Session]:
    """Everything that is or was on that day."""
    return Session.objects.on(day).shown().exclude(state=SessionState.CANCELLED).select_related("activity")


def next_of_each() -> QuerySet[Session]:
    """Of every activity the next date."""
    first = coming().order_by("activity_id", "starts_at").distinct("activity_id")
    return coming().filter(pk__in=first.values("pk"))


def past() -> QuerySet[Session]:
    """Of every activity that was shown to all and has nothing to come, the last date; the latest first."""
    gone = Session.objects.shown().filter(ends_at__lte=clock.now()).exclude(state=SessionState.CANCELLED)
    last = gone.exclude(activity__in=coming().values("activity_id"))
    last = last.order_by("activity_id", "-starts_at").distinct("activity_id")
    return gone.filter(pk__in=last.values("pk")).select_related("activity").order_by("-starts_at", "-id")


def with_free_places(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Those one can still come to: seats left, or open doors."""
    owner = Case(
        When(activity__mode=Mode.TERM, then=_source("activities.activity:", "activity_id")),
        default=_source("activities.session:", "pk"),
    )
    free = PlacePool.objects.filter(owner=OuterRef("owner"), places__gt=F("taken") + F("held"))
    return sessions.annotate(owner=owner).filter(Q(activity__places=0) | Exists(free))


def _source(label: str, field: str) -> Concat:
    return Concat(Value(label), Cast(field, CharField()), output_field=CharField())


def organizer_names(activities: Iterable[Activity]) -> dict[str, str]:
    """The names behind `organizer` sources; "" (the committee) is not in it. One query, or none."""
    ids = {id_in(activity.organizer) for activity in activities if activity.organizer}
    if not ids:
        return {}
    return {source_of(organization): organization.name for organization in Organization.objects.filter(pk__in=ids)}


def next_dates(activities: Iterable[Activity]) -> dict[UUID, Session]:
    """The next date of each activity that has one, drafts too."""
    first = Session.objects.to_come().filter(activity__in=list(activities))
    rows = first.order_by("activity_id", "starts_at").distinct("activity_id")
    return {session.activity_id: session for session in rows}


# --- mine -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Mine:
    """An enrolment of the actor, or of somebody they act for. `rank` (1 = next) and `offered_until` while waiting."""

    enrollment: Enrollment
    session: Session | None
    resident: Resident
    rank: int | None = None
    offered_until: datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.enrollment.state == EnrollmentState.CONFIRMED


def people_to_act_for(actor: Actor) -> list[Resident]:
    """Oneself first, then those one is guardian or proxy of, by name."""
    if actor.resident_id is None:
        return []
    helped = Relation.objects.lasting().filter(helper=actor.resident_id, kind__in=Relation.MAY_ACT)
    mine = Q(pk=actor.resident_id) | Q(pk__in=helped.values("resident_id"))
    people = Resident.objects.living_here().filter(mine).defer("phone", "id_number")
    return sorted(people, key=lambda person: (person.pk != actor.resident_id, person.name.encode("gb18030", "replace")))


def upcoming_of(actor: Actor) -> list[Mine]:
    """What the actor, and those they act for, are enrolled in or wait for, the next first: for "my page"."""
    people = people_to_act_for(actor)
    rows = Enrollment.objects.live().filter(resident__in=people).select_related("activity", "session")
    rows = rows.filter(Q(session=None, activity__state=ActivityState.PUBLISHED) | Q(session__ends_at__gt=clock.now()))
    mine = _mine(list(rows), {person.pk: person for person in people})
    return sorted(mine, key=lambda one: (one.session is None, one.session.starts_at if one.session else clock.now()))


def mine_in(session: Session, people: Sequence[Resident]) -> list[Mine]:
    """The enrolments of these people in one session (or its term), in the people's order."""
    rows = Enrollment.objects.live().for_session(session).filter(resident__in=people).select_related("activity")
    mine = {one.resident.pk: one for one in _mine(list(rows), {person.pk: person for person in people}, session)}
    return [mine[person.pk] for person in people if person.pk in mine]


def just_cancelled(session: Session, people: Sequence[Resident], within: timedelta) -> list[Enrollment]:
    """What these people gave up here a moment ago and may take back."""
    rows = Enrollment.objects.for_session(session).filter(resident__in=people, state=EnrollmentState.CANCELLED)
    return list(rows.filter(cancelled_at__gt=clock.now() - within).select_related("resident").order_by("-cancelled_at"))


def _mine(rows: Sequence[Enrollment], people: Mapping[UUID, Resident], session: Session | None = None) -> list[Mine]:
    terms = [row.activity_id for row in rows if row.session_id is None]
    next_lessons = {} if session or not terms else {s.activity_id: s for s in next_of_each().filter(activity__in=terms)}
    holders = {source_of(row): row for row in rows if row.state == EnrollmentState.WAITING}
    entries = {e.holder: e for e in WaitEntry.objects.filter(holder__in=holders, state__in=ON_THE_LIST)}
    found = []
    for row in rows:
        entry = entries.get(source_of(row))
        found.append(
            Mine(
                enrollment=row,
                session=session or row.session or next_lessons.get(row.activity_id),
                resident=people[row.resident_id],
                rank=capacity.rank(entry) if entry is not None and entry.state == WaitState.WAITING else None,
                offered_until=entry.offer_expires_at if entry is not None else None,
            )
        )
    return found


# --- at the door ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Guest:
    """One line of the list at the door: somebody enrolled, or somebody who just came."""

    resident: Resident
    enrollment: Enrollment | None
    attendance: Attendance | None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The list at the door: who enrolled (by name), who came besides, how many without a name, who waits."""

    guests: list[Guest]
    nameless: list[Attendance]
    waiting: list[Enrollment]

    @property
    def came(self) -> int:
        """人次 so far."""
        return sum(guest.attendance is not None for guest in self.guests) + sum(row.people for row in self.nameless)

    @property
    def expected(self) -> int:
        return sum(guest.enrollment.places for guest in self.guests if guest.enrollment is not None)


def standing_attendances(session: Session) -> QuerySet[Attendance]:
    """Those that count: not voids, and not voided."""
    return Attendance.objects.filter(session=session, voids=None, voided_by=None)


def roster(session: Session) -> Roster:
    """Three queries, however long the list is."""
    there = list(standing_attendances(session).select_related("resident").order_by("happened_at", "id"))
    came = {row.resident_id: row for row in there if row.resident is not None}
    rows = list(Enrollment.objects.live().for_session(session).select_related("resident", "activity").order_by("id"))
    enrolled = [row for row in rows if row.state == EnrollmentState.CONFIRMED]
    guests = [Guest(resident=e.resident, enrollment=e, attendance=came.pop(e.resident_id, None)) for e in enrolled]
    guests.sort(key=lambda guest: guest.resident.name.encode("gb18030", "replace"))
    guests += [Guest(resident=row.resident, enrollment=None, attendance=row) for row in came.values() if row.resident]
    return Roster(
        guests=guests,
        nameless=[row for row in there if row.resident_id is None],
        waiting=[row for row in rows if row.state == EnrollmentState.WAITING],
    )


def session_at_the_door(enrollment: Enrollment) -> Session | None:
    """Which date a ticket is for now: its own, or the lesson of the term that is on today."""
    if enrollment.session is not None:
        found: Session | None = enrollment.session
    else:
        found = Session.objects.on(clock.today()).filter(activity=enrollment.activity_id).first()
    if found is not None:
        found.activity = enrollment.activity
    return found


def concerned(activity: Activity, session: Session | None = None) -> int:
    """How many people would be told if the activity, or one date of it, were called off."""
    rows = Enrollment.objects.live().filter(activity=activity)
    if session is not None:
        rows = rows.filter(session=session)
    elif not activity.is_term:
        rows = rows.filter(session__state=SessionState.PLANNED)
    return rows.count()


@dataclass(frozen=True, kw_only=True)
class Today:
    """A session of today on the workbench."""

    session: Session
    seats: Seats
    came: int


def today(activities: QuerySet[Activity], day: date | None = None) -> list[Today]:
    """The sessions of the day (today) among these activities, with how many are expected and how many came."""
    rows = Session.objects.on(day or clock.today()).filter(activity__in=activities).select_related("activity")
    sessions = list(rows.exclude(activity__state=ActivityState.DRAFT))
    seats = seats_of(sessions)
    came = dict.fromkeys((session.pk for session in sessions), 0)
    for session_id, people in Attendance.objects.filter(session__in=sessions).values_list("session_id", "people"):
        came[session_id] += people
    return [Today(session=session, seats=seats[session.pk], came=came[session.pk]) for session in sessions]


# --- numbers ----------------------------------------------------------------------------------------------------


def attended(since: date | None = None, until: date | None = None) -> AttendanceQuerySet:
    """What was noted of sessions that began between two days, both included."""
    rows: AttendanceQuerySet = Attendance.objects.all()
    if since is not None:
        rows = rows.filter(session__starts_at__gte=clock.day_bounds(since)[0])
    if until is not None:
        rows = rows.filter(session__starts_at__lt=clock.day_bounds(until)[1])
    return rows


def attendances(since: date | None = None, until: date | None = None) -> int:
    """人次: how often somebody came. One person who came ten times counts ten."""
    return attended(since, until).attendances()


def people_served(since: date | None = None, until: date | None = None) -> int:
    """人数: how many different residents came. One person who came ten times counts once."""
    return attended(since, until).people_served()


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far what was put on for one audience went."""

    audience: Audience
    activities: int
    attendances: int
    people_served: int


def reach_by_audience(since: date | None = None, until: date | None = None) -> list[Reach]:
    found = []
    for audience in Audience:
        rows = attended(since, until).filter(session__activity__audience=audience)
        found.append(
            Reach(
                audience=audience,
                activities=rows.values("session__activity_id").distinct().count(),
                attendances=rows.attendances(),
                people_served=rows.people_served(),
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class TermFigures:
    """A term so far: pupils, lessons attended that cost something, and what they cost in all."""

    pupils: int
    lessons: int
    fees_fen: int


def term_figures(activity: Activity) -> TermFigures:
    pupils = Enrollment.objects.taking_a_place().filter(activity=activity, session=None).count()
    paid = list(Attendance.objects.filter(session__activity=activity, fee_fen__gt=0).values_list("people", "fee_fen"))
    return TermFigures(
        pupils=pupils,
        lessons=sum(people for people, _fee in paid),
        fees_fen=sum(people * fee for people, fee in paid),
    )
