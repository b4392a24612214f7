"""Dates that the cast missed in a replayed year, what they say of it, and what is decided. Which: below.

Only whom their own account enrolled can miss a date (`queries.absences`), and of the demo's people the cast have one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from weiyifang.activities import queries, services
from weiyifang.activities.demo import ActivityPlan, DatePlan
from weiyifang.activities.models import Audience, Excuse, Session
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.people import queries as people

SAID, DECIDED = timedelta(days=1), timedelta(days=3)  # after the date


@dataclass(frozen=True, kw_only=True)
class Miss:
    """The first date from this day of the year on that has seats left: `who` of the cast enrols and does not come.

    Without `said` nobody objects; without `answer` nobody has looked at it yet.
    """

    day: int
    who: str
    said: str = ""
    answer: str = ""
    counts: bool = False


MISSES = (
    Miss(day=296, who="resident", said="那天下大雨，腿又疼，忘了打电话。", answer="晓得了，下回打个电话就好。"),
    Miss(day=316, who="volunteer", said="临时加班走不开。", answer="加班也请先把位子退出来，好让别人来。", counts=True),
    Miss(day=326, who="volunteer"),
    Miss(day=334, who="leader", answer="他来了，签到表上漏写了。"),
    Miss(day=344, who="resident", said="我去了的，门口人多，没扫上码。"),
)


@dataclass(frozen=True, kw_only=True)
class Missed:
    """One of them, with the date it fell on."""

    miss: Miss
    plan: ActivityPlan
    date: DatePlan

    @property
    def session(self) -> Session:
        rows = Session.objects.select_related("activity")
        return rows.get(activity__title=self.plan.title, starts_at=self.date.starts_at)


def find(programme: Sequence[ActivityPlan], first_day: date, last_day: date) -> list[Missed]:
    """Each with its date, as far as the year has one: with a seat left, for everybody, without questions."""
    open_to_all = [
        (one.starts_at, plan.title, plan, one)
        for plan in programme
        for one in plan.dates
        if one.enrolled < plan.details["places"]
        and plan.details["audience"] == Audience.EVERYONE
        and not (plan.pupils or plan.besides or plan.details["questions"])
    ]
    open_to_all.sort(key=lambda row: row[:2])
    found = list[Missed]()
    for miss in MISSES:
        since = first_day + timedelta(days=miss.day)
        fits = ((plan, one) for _at, _title, plan, one in open_to_all if since < one.day < last_day)
        free = ((plan, one) for plan, one in fits if all(row.date is not one for row in found))
        found += [Missed(miss=miss, plan=plan, date=one) for plan, one in islice(free, 1)]
    return found


def enrol(missed: Sequence[Missed], cast: Mapping[str, Actor]) -> None:
    """On the day before a date, behind everybody else who comes."""
    for one in missed:
        if one.date.day == clock.today() + timedelta(days=1):
            me = cast[one.miss.who]
            resident, session = people.resident(me.resident_id), one.session
            if resident is not None and resident.pk not in queries.enrolled_ids(session):
                services.enroll(session=session, resident=resident, by=me)


def away(missed: Sequence[Missed], cast: Mapping[str, Actor]) -> dict[tuple[str, datetime], UUID | None]:
    """Who does not come today, by title and time."""
    todays = [one for one in missed if one.date.day == clock.today()]
    return {(one.plan.title, one.date.starts_at): cast[one.miss.who].resident_id for one in todays}


def say(missed: Sequence[Missed], cast: Mapping[str, Actor], *, by: Actor) -> None:
    """What is said of a date on the day after it, and what is decided of it two days later."""
    for one in missed:
        days, miss = clock.today() - one.date.day, one.miss
        if days not in {SAID, DECIDED}:
            continue
        for row in queries.absences().filter(session=one.session, resident=cast[miss.who].resident_id):
            if miss.said and days == SAID:
                services.object_to_absence(enrollment=row, said=miss.said, by=cast[miss.who])
            elif miss.said and miss.answer and days == DECIDED:
                excuse = Excuse.objects.get(enrollment=row)
                services.decide_excuse(excuse=excuse, counts=miss.counts, answer=miss.answer, by=by)
            elif miss.answer and days == DECIDED:
                services.excuse_absence(enrollment=row, answer=miss.answer, by=by)
