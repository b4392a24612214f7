"""The activities of a replayed year: planned from dice, carried out through the services. The programme: `demo.toml`.

`plan_year` is pure; `prepare_day` (in the morning) plans, shows and enrols, `attend_day` (late in the evening) notes
who came. Whoever calls them sets the clock.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from weiyifang.activities import demo_groups, queries, services
from weiyifang.activities.demo_crowd import Crowd
from weiyifang.activities.models import Audience, Leaving, Method, Mode, Session, Whom
from weiyifang.activities.orders import Order
from weiyifang.activities.questions import Question, QuestionKind
from weiyifang.activities.services import Came, Details
from weiyifang.activities.shares import Share
from weiyifang.core import clock, lots, money
from weiyifang.core.actors import Actor
from weiyifang.core.events import announced_together
from weiyifang.core.look import lunar
from weiyifang.core.look.wording import as_day
from weiyifang.files import demo as files

DATA = Path(__file__).parent / "demo.toml"
SHOWN_BEFORE = 10  # days between showing an activity and its first date
FREE_AT_THE_END = {"full": 0, "nearly": 3, "free": 9}  # how a date after the last day stands, in free seats
OTHER_TIMES = ("09:00", "14:00", "16:30", "19:00")
NOBODY: Mapping[tuple[str, datetime], UUID | None] = {}
NAMELESS = 0.12  # of those who come where no enrolment is needed, who give no name


@dataclass(frozen=True, kw_only=True)
class DatePlan:
    """One date: who comes (`people`, of them `guests` without a name), who enrols, who queues."""

    starts_at: datetime
    ends_at: datetime
    people: int = 0
    guests: int = 0
    enrolled: int = 0
    waiting: int = 0

    @cached_property
    def day(self) -> date:
        return as_day(self.starts_at)


@dataclass(frozen=True, kw_only=True)
class ActivityPlan:
    """One activity of the year. `organizer` is an organization's name, "" the committee. Titles are unique."""

    title: str
    organizer: str
    shown_on: date
    details: Details
    dates: tuple[DatePlan, ...]
    picture: str = ""  # by its name (`files.demo`), instead of the drawing
    besides: int = 0  # so many more stand on its list than get a seat, where seats are given when enrolment closes
    message: str = ""  # written to whoever is enrolled, on the day before a date
    pupils: int = 0  # of a term; they enrol within the first week
    has_regulars: bool = False
    is_once: bool = False

    @property
    def attendances(self) -> int:
        return sum(one.people for one in self.dates)

    @cached_property
    def on(self) -> Mapping[date, Sequence[DatePlan]]:
        """Its dates by day."""
        days: dict[date, list[DatePlan]] = {}
        for one in self.dates:
            days.setdefault(one.day, []).append(one)
        return days

    def due_on(self, day: date, last_day: date) -> Sequence[DatePlan]:
        """The dates people enrol for on a day: those of the next, and on the last one all that come after it."""
        if day == last_day:
            return [one for one in self.dates if one.day > day]
        return self.on.get(day + timedelta(days=1), ())


# --- planning ---------------------------------------------------------------------------------------------------


def plan_year(rng: random.Random, first_day: date, last_day: date, scale: float = 1.0) -> list[ActivityPlan]:
    """The programme of the year, in the order it is shown; attendances add up to the published ones times `scale`."""
    data = tomllib.loads(DATA.read_text("utf-8"))
    year = _Year(rng, data, first_day, last_day)
    count = max(8, round(data["activities"] * scale))
    weekly = data["weekly"][: max(2, round(len(data["weekly"]) * scale))]
    rows = data["once"]["rows"]
    once = rng.sample(rows, min(len(rows), max(1, count - 1 - len(data["named"]) - len(weekly))))
    plans = [  # in this order: what comes every week has its room, and the others find theirs around it
        year.term(data["term"]),
        *(year.weekly(entry) for entry in weekly),
        *(year.named(entry) for entry in data["named"]),
        *(year.once(row) for row in rows if row in once),
    ]
    plans = _add_up(plans, round(data["attendances"] * scale))
    return sorted(plans, key=lambda plan: (plan.shown_on, plan.title))


class _Year:
    """Turns entries of the data into plans with dates inside the year, and some in the weeks after it."""

    def __init__(self, rng: random.Random, data: dict[str, Any], first_day: date, last_day: date) -> None:
        self.rng, self.places, self.alone = rng, data["places"], frozenset(data["alone"])
        self.taken: dict[str, list[tuple[datetime, datetime]]] = {}
        self.first, self.last = first_day + timedelta(days=2), last_day
        self.end = last_day + timedelta(weeks=data["weeks_after"])

    def term(self, entry: dict[str, Any]) -> ActivityPlan:
        begin = self._day(f"{entry['month']:02d}-04", weekday=5)
        begin = min(begin, self.last - timedelta(weeks=entry["lessons"] - 1))
        days = [begin + timedelta(weeks=week) for week in range(entry["lessons"])]
        dates = [self._take(self._span(day, entry), entry) for day in days]
        people = money.split(entry["attended"], [1] * len(dates))
        details = self._details(entry)
        details |= {"mode": Mode.TERM, "fee_fen": entry["fee_fen"]}
        told = [DatePlan(starts_at=a, ends_at=b, people=n) for (a, b), n in zip(dates, people, strict=True)]
        return self._plan(entry, details, told, pupils=entry["pupils"], before=14)

    def named(self, entry: dict[str, Any]) -> ActivityPlan:
        entry = {"time": "14:30", "minutes": 120, **entry}
        day = self._day(entry["day"]) if "day" in entry else self._lunar_day(entry["lunar"])
        days = [day + timedelta(weeks=2 * turn) for turn in range(entry["dates"])]
        told = [self._held(self._free(one, entry), entry, 0.94) for one in days if one <= self.last]
        soon = self.last + timedelta(days=self.rng.randrange(6, 14))
        told.append(self._open(self._free(_weekend(soon), entry, after=True), entry))
        return self._plan(entry, self._details(entry), told)

    def weekly(self, entry: dict[str, Any]) -> ActivityPlan:
        day = self.first + timedelta(days=(entry["weekday"] - self.first.weekday()) % 7)
        told = []
        while day <= self.end:
            span = self._take(self._span(day, entry), entry)
            told.append(self._held(span, entry, entry.get("share", 1)) if day <= self.last else self._open(span, entry))
            day += timedelta(weeks=1)
        return self._plan(entry, self._details(entry), told, has_regulars=True)

    def once(self, row: Sequence[Any]) -> ActivityPlan:
        names = ("when", "title", "kind", "audience", "place", "seats", "crowd", "organizer", "cover", "summary")
        entry: dict[str, Any] = dict(zip(names, row, strict=True))
        entry["time"] = self.rng.choice(["09:00", "09:30", "14:00", "14:30", "15:00"])
        entry["minutes"] = self.rng.choice([90, 120, 150])
        when = entry["when"]
        day = self._lunar_day(when[1:]) if when.startswith("L") else _weekend(self._day(when))
        span = self._free(max(self.first, min(day, self.last)), entry)
        told = [self._held(span, entry, self.rng.uniform(0.8, 0.98))]
        return self._plan(entry, self._details(entry), told, is_once=True)

    def _plan(
        self,
        entry: Mapping[str, Any],
        details: Details,
        told: list[DatePlan],
        *,
        before: int = SHOWN_BEFORE,
        **more: Any,
    ) -> ActivityPlan:
        shown_on = max(told[0].day - timedelta(days=before), self.first - timedelta(days=2))
        return ActivityPlan(
            title=entry["title"],
            organizer=entry["organizer"],
            shown_on=shown_on,
            details=details,
            dates=tuple(told),
            picture=entry.get("picture", ""),
            besides=entry.get("besides", 0),
            message=entry.get("message", ""),
            **more,
        )

    def _details(self, entry: Mapping[str, Any]) -> Details:
        return Details(
            title=entry["title"],
            summary=entry["summary"],
            description=entry.get("description", ""),
            kind=entry["kind"],
            audience=entry["audience"],
            place=self.places[entry["place"]],
            books_place=entry["place"] in self.alone,
            places=entry.get("seats", 0),
            cover=entry["cover"],
            questions=[
                Question(**{**one, "choices": tuple(one.get("choices", ()))}) for one in entry.get("questions", ())
            ],
            closes_hours=entry.get("closes_hours", 0),
            shares=[Share(**one) for one in entry.get("shares", ())],
            order=entry.get("order", Order.FIRST_COME),
        )

    def _held(self, span: tuple[datetime, datetime], entry: Mapping[str, Any], share: float) -> DatePlan:
        """A date of the year: of those enrolled one in ten does not come."""
        starts_at, ends_at = span
        if not (seats := entry.get("seats", 0)):
            people = max(1, round(entry["crowd"] * self.rng.uniform(0.85, 1.15)))
            return DatePlan(starts_at=starts_at, ends_at=ends_at, people=people)
        people = min(seats, max(1, round(seats * share * self.rng.uniform(0.9, 1.05))))
        enrolled = min(seats, people + self.rng.randrange(1 + people // 10))
        return DatePlan(starts_at=starts_at, ends_at=ends_at, people=people, enrolled=enrolled)

    def _open(self, span: tuple[datetime, datetime], entry: Mapping[str, Any]) -> DatePlan:
        """A date that is still to come: full with a queue, nearly full, or with seats."""
        starts_at, ends_at = span
        seats, upcoming = entry.get("seats", 0), entry.get("upcoming", "free")
        waiting = self.rng.randrange(2, 5) if seats and upcoming == "full" else 0
        enrolled = max(seats - FREE_AT_THE_END[upcoming], 0)
        return DatePlan(starts_at=starts_at, ends_at=ends_at, enrolled=enrolled, waiting=waiting)

    def _take(self, span: tuple[datetime, datetime], entry: Mapping[str, Any]) -> tuple[datetime, datetime]:
        """Nobody else is in that place then."""
        self.taken.setdefault(entry["place"], []).append(span)
        return span

    def _free(self, day: date, entry: Mapping[str, Any], *, after: bool = False) -> tuple[datetime, datetime]:
        """The time the entry asks for, else the nearest other at which nobody is in its place, in the year or after it.

        Half an hour lies between two: one group clears up while the next waits in the corridor.
        """
        first, last = (self.last + timedelta(days=1), self.end) if after else (self.first, self.last)
        for step in range(60):
            near = day + timedelta(days=(step + 1) // 2 * (-1) ** step)
            for time in (entry["time"], *OTHER_TIMES):
                starts_at, ends_at = self._span(near, {**entry, "time": time})
                gap = timedelta(minutes=30)
                busy = self.taken.get(entry["place"], ())
                if first <= near <= last and all(a >= ends_at + gap or b <= starts_at - gap for a, b in busy):
                    return self._take((starts_at, ends_at), entry)
        raise LookupError(f"there is no room for {entry['title']}")

    def _span(self, day: date, entry: Mapping[str, Any]) -> tuple[datetime, datetime]:
        starts_at = clock.local(day, entry["time"])
        return starts_at, starts_at + timedelta(minutes=entry["minutes"])

    def _day(self, text: str, weekday: int | None = None) -> date:
        """That day of the (solar) calendar within the year, or the first such weekday after it."""
        month, day = map(int, text.split("-"))
        found = self._within(date(year, month, day) for year in range(self.first.year, self.last.year + 1))
        return found if weekday is None else found + timedelta(days=(weekday - found.weekday()) % 7)

    def _lunar_day(self, text: str) -> date:
        month, day = map(int, text.split("-"))
        years = range(self.first.year - 1, self.last.year + 1)
        return self._within(lunar.solar_day(year, month, day) for year in years)

    def _within(self, days: Iterable[date]) -> date:
        """The one of these days that lies in the year; else a day of it that the dice choose."""
        inside = [day for day in days if self.first <= day <= self.last]
        return (
            inside[0] if inside else self.first + timedelta(days=self.rng.randrange((self.last - self.first).days + 1))
        )


def _weekend(day: date) -> date:
    """The day itself from Friday to Sunday, else the Saturday before."""
    return day if day.weekday() >= 4 else day - timedelta(days=(day.weekday() - 5) % 7)


def _add_up(plans: Sequence[ActivityPlan], target: int) -> list[ActivityPlan]:
    """Give the dates without enrolment as many people as are missing; when there are too many, everybody gets fewer."""
    terms = sum(plan.attendances for plan in plans if plan.pupils)
    rest = [(p, d) for p, plan in enumerate(plans) if not plan.pupils for d, one in enumerate(plan.dates) if one.people]
    doors = [at for at in rest if plans[at[0]].is_once and not plans[at[0]].details["places"]]
    fixed = sum(plans[p].dates[d].people for p, d in rest if (p, d) not in set(doors))
    if target - terms - fixed < len(doors):
        doors, fixed = rest, 0
    shares = money.split(max(target - terms - fixed, 0), [plans[p].dates[d].people for p, d in doors])
    people = dict(zip(doors, shares, strict=True))
    return [_with_people(plan, [people.get((p, d)) for d in range(len(plan.dates))]) for p, plan in enumerate(plans)]


def _with_people(plan: ActivityPlan, people: Sequence[int | None]) -> ActivityPlan:
    dates = []
    for one, wanted in zip(plan.dates, people, strict=True):
        count = one.people if wanted is None else wanted
        guests = 0 if plan.details["places"] else round(count * NAMELESS)
        dates.append(replace(one, people=count, guests=guests))
    return replace(plan, dates=tuple(dates))


# --- carrying it out --------------------------------------------------------------------------------------------


def prepare_day(
    rng: random.Random,
    plans: Sequence[ActivityPlan],
    crowd: Crowd,
    *,
    organizers: Mapping[str, str],
    last_day: date,
    by: Actor,
) -> None:
    """A morning: plan and show what is due, enrol for tomorrow; on `last_day` also for what comes after.

    `organizers` maps organizations' names to their sources.
    """
    today = clock.today()
    services.draw_due(by=by)
    with announced_together():
        for plan in plans:
            if plan.shown_on == today:
                _show(plan, crowd, organizers, by)
            if plan.pupils:
                _enrol_pupils(rng, plan, crowd, (today - plan.shown_on).days, by)
                continue
            for one in plan.due_on(today, last_day):
                if one.enrolled:
                    _enrol(rng, plan, one, crowd, by)


def attend_day(
    rng: random.Random,
    plans: Sequence[ActivityPlan],
    crowd: Crowd,
    *,
    away: Mapping[tuple[str, datetime], UUID | None] = NOBODY,
    by: Actor,
) -> None:
    """A late evening: note everybody who came today in one go, and close what is over.

    `away`: who is enrolled and does not come, by title and time, besides those whom the dice keep away.
    """
    today, batch, held = clock.today(), list[Came](), list[tuple[ActivityPlan, Session]]()
    rows = Session.objects.on(today).select_related("activity")
    sessions = {(session.activity.title, session.starts_at): session for session in rows}
    for plan in plans:
        for one in plan.on.get(today, ()):
            session = sessions[plan.title, one.starts_at]
            held.append((plan, session))
            batch += _came(rng, plan, one, session, crowd, away=away.get((plan.title, one.starts_at)))
    if not held:
        return
    with announced_together():
        services.record_attendances(batch=batch, by=by)
        services.hold_sessions(sessions=[session for _plan, session in held], by=by)
        for plan, session in held:
            if session.starts_at == plan.dates[-1].starts_at:
                services.finish(activity=session.activity, by=by)


def _show(plan: ActivityPlan, crowd: Crowd, organizers: Mapping[str, str], by: Actor) -> None:
    organizer = organizers.get(plan.organizer, "")
    details = Details(**{**plan.details, "organizer": organizer, "leaving": Leaving.NOT_NOTED})
    if plan.pupils:
        elders = crowd.by_audience[Audience.ELDERS]
        details["instructor"] = random.Random(plan.title).choice(elders) if elders else None  # noqa: S311  dice of a play, not of secrets
    picture = files.wanted(plan.picture) if plan.picture else None
    activity = services.plan(by=by, pictures=picture, **details)
    with lots.by_dice(random.Random(plan.title)):  # noqa: S311  a demo's year is lived the same each time
        services.add_sessions(activity=activity, spans=[(one.starts_at, one.ends_at) for one in plan.dates], by=by)
    services.publish(activity=activity, by=by)


def _enrol(rng: random.Random, plan: ActivityPlan, one: DatePlan, crowd: Crowd, by: Actor) -> None:
    session = _session(plan, one)
    if plan.besides:
        dice = random.Random(f"{plan.title} {one.day}")  # noqa: S311  the year's own dice are not touched
        wish = crowd.pick(dice, plan, plan.details["places"] + plan.besides)
        services.enroll_many(session=session, residents=wish, by=by)
        return
    people = crowd.pick(rng, plan, one.enrolled + one.waiting)
    if questions := plan.details["questions"]:
        dice = random.Random(plan.title)  # noqa: S311  answers of a demo year; the year's own dice are not touched
        for person in people[: one.enrolled]:
            services.enroll(session=session, resident=person, answers=_answers(dice, questions), by=by)
    else:
        alone = demo_groups.enrol(session, people[: one.enrolled], by=by)
        services.enroll_many(session=session, residents=alone, by=by)
    if plan.message and one.day == clock.today() + timedelta(days=1):
        services.write_to(session=session, whom=Whom.ENROLLED, words=plan.message, by=by)
    alone = people[one.enrolled :] if questions else demo_groups.queue(session, people[one.enrolled :], by=by)
    for person in alone:
        answers = _answers(random.Random(person.name), plan.details["questions"])  # noqa: S311  dice of a play, not of secrets
        services.queue(session=session, resident=person, answers=answers, by=by)


def _answers(dice: random.Random, questions: Sequence[Question]) -> dict[str, str]:
    """Every choice and number; of what is asked in words, one in four has something to say."""
    said = {}
    for one in questions:
        if one.kind == QuestionKind.CHOICE:
            said[one.words] = dice.choice(one.choices)
        elif one.kind == QuestionKind.NUMBER:
            said[one.words] = str(dice.randrange(1, 4))
        elif dice.random() < 0.25:
            said[one.words] = dice.choice(("花生", "芒果", "鸡蛋", "没有，都能吃"))
    return said


def _enrol_pupils(rng: random.Random, plan: ActivityPlan, crowd: Crowd, days: int, by: Actor) -> None:
    """All within a week of the notice, as it was."""
    share = money.split(plan.pupils, [1] * 7)
    if 0 <= days < len(share):
        pupils = random.Random(plan.title).sample(crowd.by_audience[Audience.EVERYONE], plan.pupils)  # noqa: S311  dice of a play, not of secrets
        first = sum(share[:days])
        todays = pupils[first : first + share[days]]
        rng.shuffle(todays)
        services.enroll_many(session=_session(plan, plan.dates[0]), residents=todays, by=by)


def _came(
    rng: random.Random, plan: ActivityPlan, one: DatePlan, session: Session, crowd: Crowd, *, away: UUID | None
) -> Iterator[Came]:
    if plan.details["places"]:
        enrolled = [pk for pk in queries.enrolled_ids(session) if pk != away]
        people = rng.sample(enrolled, min(one.people, len(enrolled)))
    else:
        people = [resident.pk for resident in crowd.pick(rng, plan, one.people - one.guests)]
    for resident_id in people:
        minutes = rng.randrange(-15, 20)
        yield Came(
            session_id=session.pk,
            resident_id=resident_id,
            happened_at=one.starts_at + timedelta(minutes=minutes),
            method=rng.choice((Method.QR, Method.QR, Method.ROSTER, Method.PAPER)),
        )
    if guests := one.people - len(people):
        yield Came(
            session_id=session.pk, resident_id=None, people=guests, happened_at=one.ends_at, method=Method.ROSTER
        )


def _session(plan: ActivityPlan, one: DatePlan) -> Session:
    return Session.objects.select_related("activity").get(activity__title=plan.title, starts_at=one.starts_at)
