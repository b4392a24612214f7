"""What is lent and borrowed in a replayed year, made through the verbs. The things: `demo.toml`.

Organizations book what they need every week for a season at once; on top of it come single bookings, every day a few.
Whoever calls these sets the clock.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from weiyifang.core import clock, lots
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import announced_together
from weiyifang.core.refusals import Refused
from weiyifang.files import demo as files
from weiyifang.people.models import Resident
from weiyifang.sharing import queries, season, services
from weiyifang.sharing.models import Booking, Borrowers, Condition, Kind, Resource
from weiyifang.timetable.subjects import Span

DATA = Path(__file__).parent / "demo.toml"
EVERY_WEEK = 0.85  # of all bookings, which belong to something that comes every week
LEFT_BEHIND = 0.15
DAYS, SEASONS = 365, 5  # the last season begins on the last day
APPLY = 9  # groups that wish for a weekly slot
SPRING_AFTER, SPRING = 10, timedelta(weeks=8)  # days from the last day of the year to the season, and how long it is
PURPOSES = {
    Kind.ROOM: ("排练", "例会", "读书会", "练舞", "手工", "茶话会", "志愿者培训", "棋友聚会"),
    Kind.EQUIPMENT: ("活动布置", "义诊", "市集", "坝坝电影", "宣传", "摄影", "巡逻"),
    Kind.INSTRUMENT: ("排练", "练琴", "演出"),
}
OWN = ("练琴", "家庭聚会", "修家电", "接老人", "搬东西", "下棋", "给孩子过生日")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))


def add_things(organizers: Mapping[str, str], *, by: Actor) -> None:
    """Put everything on the list; `organizers`: sources of organizations by name."""
    made: dict[str, Resource] = {}
    with announced_together():
        for one in _data()["thing"]:
            picture = one.get("picture", "")
            made[one["name"]] = services.add(
                name=one["name"],
                kind=one["kind"],
                owner=organizers.get(one.get("owner", ""), ""),
                place=one["place"],
                about=one.get("about", ""),
                conditions=one.get("conditions", ""),
                seats=one.get("seats", 0),
                pieces=one.get("pieces", 1),
                whole=made.get(one.get("whole", "")),
                weekdays=one.get("weekdays", "1234567"),
                buffer_after=one.get("after", 0),
                borrowers=one.get("borrowers", Borrowers.ORGANIZATIONS),
                needs_approval=one.get("approval", False),
                pictures=files.wanted(picture) if picture else None,
                by=by,
            )


def _quiet() -> set[str]:
    """Rooms of activities: only booked for the next days, when the activities have theirs."""
    return {one["name"] for one in _data()["thing"] if one.get("quiet")}


def book_season(rng: random.Random, first_day: date, organizers: Mapping[str, str], *, scale: float, by: Actor) -> None:
    """What organizations do every week of a season that begins on this day."""
    weeks, quiet = _data()["weeks"], _quiet()
    things = [one for one in Resource.objects.lent().order_by("number") if one.name not in quiet]
    wanted = max(1, round(_data()["bookings"] * scale * EVERY_WEEK / SEASONS))
    sources = list(organizers.values())
    made = 0
    for _try in range(20 * wanted):
        if made >= wanted:
            return
        thing = rng.choice(things)
        begins = first_day + timedelta(days=1 + rng.randrange(7))
        hour = rng.randrange(8, 19)
        spans = [_hours(begins + timedelta(weeks=week), hour) for week in range(min(weeks, wanted - made))]
        with suppress(Refused), announced_together():
            series = services.book_series(
                resource=thing,
                times=spans,
                purpose=rng.choice(PURPOSES[Kind(thing.kind)]),
                pieces=_pieces(rng, thing),
                organization=rng.choice(sources),
                skip_taken=True,
                by=by,
            )
            made += len(series.booked)


def book_day(
    rng: random.Random,
    day: date,
    number: int,
    organizers: Mapping[str, str],
    people: Sequence[UUID],
    *,
    scale: float,
    by: Actor,
) -> None:
    """What is booked on one day for the days after it: by organizations, and by residents for themselves."""
    total = _data()["bookings"] * scale * (1 - EVERY_WEEK)
    wanted = round(total * (number + 1) / DAYS) - round(total * number / DAYS)
    things = list(Resource.objects.lent().order_by("number"))
    for _one in range(wanted):
        for _try in range(8):
            thing = rng.choice(things)
            span = _hours(day + timedelta(days=rng.randrange(1, 3)), rng.randrange(8, 19))
            is_own = thing.borrowers == Borrowers.EVERYONE and rng.random() < 0.7
            try:
                services.book(
                    resource=thing,
                    starts_at=span[0],
                    ends_at=span[1],
                    purpose=rng.choice(OWN if is_own else PURPOSES[Kind(thing.kind)]),
                    pieces=min(_pieces(rng, thing), 3) if is_own else _pieces(rng, thing),
                    organization="" if is_own else rng.choice(list(organizers.values())),
                    resident=Resident.objects.get(pk=rng.choice(people)) if is_own else None,
                    by=by,
                )
            except Refused:
                continue
            break


def hand_over(*, by: Actor) -> None:
    """The first thing of the day goes out; what was missing since the last time has turned up."""
    for thing in Resource.objects.filter(missing__gt=0).order_by("number"):
        services.note_found(resource=thing, pieces=thing.missing, by=by)
    going = queries.going_out().filter(resource__kind=Kind.EQUIPMENT)
    booking = going.order_by("starts_at", "resource__number", "pieces", "purpose").first()
    if booking is not None:
        services.hand_over(booking=booking, pieces=booking.pieces, by=by)


def take_back(rng: random.Random, *, by: Actor) -> None:
    """What is out comes back, mostly as it went; of many pieces one may be left behind."""
    for booking in Booking.objects.out().order_by("ends_at", "resource__number", "pieces", "purpose"):
        missing = int(booking.pieces > 1 and rng.random() < LEFT_BEHIND)
        condition = rng.choices((Condition.GOOD, Condition.WORN, Condition.BROKEN), (20, 4, 1))[0]
        services.take_back(
            booking=booking, pieces=booking.pieces - missing, missing=missing, condition=condition, by=by
        )


def open_season(dice: random.Random, last_day: date, organizers: Mapping[str, str], *, led: str, by: Actor) -> None:
    """Weekly slots of the next spring: a few groups wish for a time, the one of the cast's leader among them."""
    rooms = [one for one in Resource.objects.lent().order_by("number") if one.name in _data()["season"]]
    begins = last_day + timedelta(days=SPRING_AFTER)
    with lots.by_dice(dice), announced_together():
        round_ = services.open_round(
            title="开春",
            first_day=begins,
            last_day=begins + SPRING,
            closes_at=clock.day_bounds(last_day)[0],
            resources=rooms,
            about="每周固定时间用排练厅、会议室的队伍，都在这里申请。",
            by=by,
        )
        sources = list(organizers.values())
        for source in dict.fromkeys([led, *dice.sample(sources, min(APPLY, len(sources)))]):
            wishes = [_wish(dice, rooms) for _one in range(2)]
            with suppress(Refused):
                services.apply(
                    round_=round_,
                    organization=source,
                    purpose=dice.choice(PURPOSES[Kind.ROOM]),
                    slots_wanted=1,
                    wishes=wishes,
                    by=by,
                )


def share_season_out(*, by: Actor) -> None:
    """Applications are closed: who has which slot is published, and not booked yet."""
    round_ = season.under_way()
    if round_ is not None and round_.has_closed:
        services.share_out(round_=round_, by=by)


def _wish(dice: random.Random, rooms: Sequence[Resource]) -> services.Wished:
    """Two hours of an evening or a forenoon, of one room or of any."""
    thing, hour = dice.choice([*rooms, None]), dice.choice((9, 14, 15, 19))
    kind = "" if thing else Kind.ROOM
    weekday = dice.randrange(1, 6)  # few times, so that not everybody has the first wish
    return services.Wished(resource=thing, kind=kind, weekday=weekday, begins=time(hour), ends=time(hour + 2))


def leave_on_the_desk(*, leader_of: str, leader: Actor, resident: Resident, by: Actor) -> None:
    """What waits when the year ends: a hall that is asked for, a room the cast's resident has, one that is closed."""
    hall, room, kitchen = (Resource.objects.get(name=name) for name in ("邻里大厅", "邻里会议室", "公共厨房"))
    today = clock.today()
    for thing, days, purpose in ((hall, 9, "新年影展布展"), (kitchen, 5, "腊八节熬粥")):
        _first_free(thing, today + timedelta(days=days), purpose, organization=leader_of, by=leader)
    _first_free(room, today + timedelta(days=3), "家庭聚会", resident=resident, by=by)
    closed = Resource.objects.get(name="乒乓球室")
    services.close(
        resource=closed,
        starts_at=clock.local(today + timedelta(days=6), "08:00"),
        ends_at=clock.local(today + timedelta(days=7), "21:00"),
        reason="换球台",
        by=system(),
    )


def _first_free(thing: Resource, day: date, purpose: str, **more: Any) -> None:
    for hour in range(9, 19):
        with suppress(Refused):
            starts_at, ends_at = _hours(day, hour)
            services.book(resource=thing, starts_at=starts_at, ends_at=ends_at, purpose=purpose, **more)
            return


def _hours(day: date, hour: int) -> Span:
    return clock.local(day, f"{hour:02}:00"), clock.local(day, f"{hour + 2:02}:00")


def _pieces(rng: random.Random, thing: Resource) -> int:
    return rng.randint(1, max(1, thing.pieces // 3))
