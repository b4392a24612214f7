"""The numbers others ask for. 人次 and 人数 are two of them and never mixed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from weiyifang.activities.models import (
    Activity,
    Attendance,
    AttendanceQuerySet,
    Audience,
    Enrollment,
    Session,
    SessionState,
)
from weiyifang.activities.queries.lessons import paid_lessons
from weiyifang.activities.shares import ShareFor
from weiyifang.capacity import queries as capacity
from weiyifang.core import clock, small_groups
from weiyifang.core.tenancy import source_of
from weiyifang.people.models import Gender, Resident
from weiyifang.people.queries import born_and_gender_of


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


def held_between(since: date, until: date) -> int:
    """How many dates took place between two days, both included: begun, shown to all, not called off."""
    rows = Session.objects.shown().exclude(state=SessionState.CANCELLED)
    first, after = clock.day_bounds(since)[0], clock.day_bounds(until)[1]
    return rows.filter(starts_at__gte=first, starts_at__lt=min(after, clock.now())).count()


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
    """A term so far: pupils, lessons attended that cost something (by head), and what they cost in all."""

    pupils: int
    lessons: int
    fees_fen: int


def term_figures(activity: Activity) -> TermFigures:
    pupils = Enrollment.objects.taking_a_place().filter(activity=activity, session=None).count()
    lessons, fees_fen = paid_lessons(activity)
    return TermFigures(pupils=pupils, lessons=lessons, fees_fen=fees_fen)


BANDS = ((0, 14), (15, 59), (60, 79), (80, None))  # full years


@dataclass(frozen=True, kw_only=True)
class ActivityFigures:
    """One activity in a year: dates that took place, people who had enrolled, 人次 and 人数.

    `kept`: the seats kept for some that these took, by the name of the share.
    """

    activity: Activity
    dates: int
    enrolled: int
    attendances: int
    people: int
    kept: Mapping[str, int]

    @property
    def kept_words(self) -> str:
        return " · ".join(f"{ShareFor(name).label} {n}" for name, n in self.kept.items() if name in ShareFor.values)


@dataclass(frozen=True, kw_only=True)
class Group:
    """So many different people; None: so few that they could be recognized. `first`, `last`: full years."""

    people: int | None
    first: int | None = None
    last: int | None = None
    gender: str = ""


@dataclass(frozen=True, kw_only=True)
class YearFigures:
    """A year of these activities. `people` counts each person once, however many activities they came to."""

    rows: Sequence[ActivityFigures]
    attendances: int
    people: int
    nameless: int  # of the attendances: guests without a name, and whom somebody brought along
    ages: Sequence[Group]
    genders: Sequence[Group]


def figures_of(activities: QuerySet[Activity], since: date, until: date) -> YearFigures:
    """What came of these activities between two days, both included: six questions, however many they are."""
    begin, end = clock.day_bounds(since)[0], min(clock.day_bounds(until)[1], clock.now())
    shown = Session.objects.shown().exclude(state=SessionState.CANCELLED).filter(activity__in=activities)
    held = shown.filter(starts_at__gte=begin, starts_at__lt=end)
    dates = dict(held.values_list("activity_id").annotate(Count("id")))
    of_them = Q(session__in=held) | Q(session=None, activity__in=dates)
    seats = Enrollment.objects.taking_a_place().filter(of_them)
    enrolled = dict(seats.values_list("activity_id").annotate(Count("resident_id", distinct=True)))
    came, people = Counter[UUID](), defaultdict[UUID, set[UUID]](set)
    noted = (
        attended(since, until).filter(session__activity__in=dates).values_list("session__activity_id", "resident_id")
    )
    for activity_id, resident_id, times in noted.annotate(Sum("people")):
        came[activity_id] += times
        if resident_id is not None and times > 0:
            people[activity_id].add(resident_id)
    everybody = set[UUID]().union(*people.values())
    known = born_and_gender_of(everybody)
    kept = _kept(held)
    rows = [
        ActivityFigures(
            activity=one,
            dates=dates[one.pk],
            enrolled=enrolled.get(one.pk, 0),
            attendances=came[one.pk],
            people=len(people[one.pk]),
            kept=kept[one.pk],
        )
        for one in activities.filter(pk__in=dates).order_by("number")
    ]
    return YearFigures(
        rows=rows,
        attendances=came.total(),
        people=len(everybody),
        nameless=came.total() - _named(activities.filter(pk__in=dates), since, until),
        ages=_by_age(known, min(until, clock.today())),
        genders=_by_gender(known),
    )


def _kept(held: QuerySet[Session]) -> Mapping[UUID, Counter[str]]:
    """Seats taken out of shares at these dates, by activity and name; asks once more where something was kept."""
    found = defaultdict[UUID, Counter[str]](Counter)
    of = {source_of(one): one.activity_id for one in held.exclude(activity__shares=[]).only("id", "activity_id")}
    for owner, name, places in capacity.taken_of_shares(of) if of else ():
        found[of[owner]][name] += places
    return found


def _named(activities: QuerySet[Activity], since: date, until: date) -> int:
    """How often somebody came whose name is known, without whom they brought."""
    rows = attended(since, until).filter(session__activity__in=activities).exclude(resident=None)
    first = rows.filter(voids=None).count()
    return first - rows.exclude(voids=None).count()


def _by_age(people: Sequence[Resident], day: date) -> list[Group]:
    ages = [one.age_on(day) for one in people]
    counts = [sum(age is not None and a <= age <= (b or 200) for age in ages) for a, b in BANDS]
    shown = _shown([*counts, ages.count(None)])
    bands = [Group(first=a, last=b, people=n) for (a, b), n in zip(BANDS, shown, strict=False)]
    return [*bands, Group(people=shown[-1])]


def _by_gender(people: Sequence[Resident]) -> list[Group]:
    genders = ["", *Gender.values]
    counts = Counter(one.gender if one.gender in Gender.values else "" for one in people)
    shown = _shown([counts[gender] for gender in genders])
    return [Group(gender=gender, people=n) for gender, n in zip(genders, shown, strict=True)]


def _shown(counts: Sequence[int]) -> list[int | None]:
    """Without groups so small that somebody could be recognized, and without one from which they would follow."""
    unsaid = small_groups.hidden([(count,) for count in counts])
    return [None if place in unsaid else count for place, count in enumerate(counts)]
