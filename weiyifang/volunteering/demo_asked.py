"""Neighbours who ask for help in a replayed year, and volunteers who do one another's shifts; and papers about it.

Whoever acts here is free at that hour, so nothing is refused: what waits in `announced_together` knows no savepoint.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, TypeVar

from django.db.models import F

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.people.models import Resident
from weiyifang.timetable import queries as timetable
from weiyifang.timetable.subjects import Subject
from weiyifang.volunteering import services, year_hours
from weiyifang.volunteering.demo import FILE
from weiyifang.volunteering.models import Belonging, HelpRequest, Shift, Slot, Team, Volunteer

Fate = Literal["taken", "handed", "withdrawn", "unfound"]
FATES: Sequence[Fate] = ("taken", "taken", "handed", "taken", "withdrawn", "unfound")  # of requests, in turn
HALF_A_DAY = ("11:00", "14:00")  # one person for three hours: as much as a shift of two for an hour and a half
LATER = 2  # days between asking and being helped
FIRST, LAST = 3, 350  # days of the year on which the first and the last ask
OLD, OLDEST, ASKERS = 75, 120, 200
T = TypeVar("T")
MOST_WRITTEN = 8  # papers at once
AFTERNOON, SOON = ("15:00", "16:30"), 6  # of the last shifts, and in how many days
DONE_THERE, WHERE = "讲邮票故事", "活动室二楼"


class Wish(NamedTuple):
    """What is asked for, and which team does such things."""

    kind: str
    team: str
    remark: str


def wishes() -> list[Wish]:
    return [Wish(**one) for one in tomllib.loads(FILE.read_text("utf-8"))["help"]]


def asked_on(day: int, total: int) -> list[int]:
    """Which of the `total` requests of the year are made on this day of it, by their place from 0."""
    return [one for one in range(total) if FIRST + (LAST - FIRST) * one // total == day]


def helped(total: int) -> int:
    """How many of them become a shift that takes place."""
    return sum(_fate(one) in ("taken", "handed") for one in range(total))


def ask_for_help(rng: random.Random, places: Iterable[int], *, by: Actor) -> None:
    """Old neighbours ask at the desk for somebody's hand in a few days."""
    elders = list(Resident.objects.living_here().aged(least=OLD, most=OLDEST).order_by("number")[:ASKERS])
    for place in places:
        if elders:
            _ask(rng.choice(elders), _wish(place), LATER, by=by)


def answer(places: Iterable[int], *, by: Actor) -> None:
    """On the day after: somebody takes it on, or their team does; or it is no longer needed; or nobody is found."""
    for place in places:
        for request in _requests(place):
            team = Team.objects.get(name=_wish(place).team)
            free = next(_free(_members(team), request), None)
            if _fate(place) == "unfound" or free is None:
                services.close_unfound(request=request, reason="那天队里都有班，问了一圈都走不开。", by=by)
            elif _fate(place) == "handed":
                row = services.hand_to_team(request=request, team=team, by=by)
                assert row.shift is not None
                services.assign(need=row.shift.needs.get(), resident=free.resident, sure=True, by=by)
            else:
                services.take_request(request=request, team=team, sure=True, by=_oneself(free.resident))
            if _fate(place) == "withdrawn" and free is not None:
                services.withdraw_request(request=HelpRequest.objects.get(pk=request.pk), by=_oneself(request.resident))


def finish(places: Iterable[int], *, by: Actor) -> None:
    """The day after it was done."""
    for place in places:
        for request in _requests(place):
            if request.is_taken:
                services.finish_request(request=request, by=by)


def stand_in(rng: random.Random, team: Team, *, last: date) -> None:
    """Somebody of a team cannot come to one of the shifts planned until a day; somebody else does it."""
    for slot in _some(rng, _to_come(team, last)):
        other = next(_free(_members(team), slot.shift), None)
        services.seek_stand_in(slot=slot, by=_oneself(slot.volunteer.resident))
        if other is not None:
            services.stand_in(slot=slot, sure=True, by=_oneself(other.resident))


def swap(rng: random.Random, team: Team, *, last: date) -> None:
    """Two of a team exchange two shifts."""
    slots = _to_come(team, last)
    for mine in _some(rng, slots):
        theirs = next((one for one in rng.sample(slots, len(slots)) if _fit(mine, one)), None)
        if theirs is None:
            continue
        me, other = _oneself(mine.volunteer.resident), _oneself(theirs.volunteer.resident)
        services.seek_stand_in(slot=mine, by=me)
        offered = services.offer_swap(slot=mine, instead=theirs, sure=True, by=other)
        services.swap(offered=Slot.objects.get(pk=offered.pk), sure=True, by=me)


def leave_open(*, resident: Resident, volunteer: Resident, leader: Resident, by: Actor) -> None:
    """When the year ends: one request nobody has taken on, one that the cast's volunteer does, and a swap offered.

    The volunteer and the leader are in one team (`demo.begin_teams`): one cannot come, the other would do it instead.
    """
    team = Belonging.objects.live().select_related("team").get(volunteer__resident=volunteer).team
    _ask(resident, _wish(0), LATER, by=by)
    neighbour = _neighbour(resident)
    asked = _ask(neighbour, _wish(1), _free_day([volunteer], LATER, HALF_A_DAY), by=by)
    services.take_request(request=asked, team=team, sure=True, by=_oneself(volunteer))
    slots = []
    days = SOON
    for one in (volunteer, leader):
        days = _free_day([volunteer, leader], days + 1, AFTERNOON)
        begins, ends = _span(days, AFTERNOON)
        wanted = services.Wanted(DONE_THERE, 2)
        shift = services.plan(
            team=team, what=DONE_THERE, place=WHERE, starts_at=begins, ends_at=ends, needs=[wanted], by=by
        )
        slots.append(services.claim(need=shift.needs.get(), sure=True, by=_oneself(one)))
    services.seek_stand_in(slot=slots[0], by=_oneself(volunteer))
    services.offer_swap(slot=slots[0], instead=slots[1], sure=True, by=_oneself(leader))


def write_papers(year: int, *, by: Actor) -> None:
    """Those who helped most in a year, and let their name stand, ask at the desk for their paper."""
    for row in list(year_hours.roll_of_honour(year)[:MOST_WRITTEN]):
        services.issue_paper(resident=Resident.objects.get(pk=row["volunteer__resident"]), year=year, by=by)


def _ask(one: Resident, wish: Wish, days: int, *, by: Actor) -> HelpRequest:
    begins, ends = _span(days, HALF_A_DAY)
    place = one.household.address if one.household else ""
    return services.ask_for_help(
        resident=one, kind=wish.kind, starts_at=begins, ends_at=ends, place=place, remark=wish.remark, by=by
    )


def _span(days: int, hours: tuple[str, str]) -> tuple[datetime, datetime]:
    """So many days from today."""
    day = clock.today() + timedelta(days=days)
    return clock.local(day, hours[0]), clock.local(day, hours[1])


def _free_day(people: Sequence[Resident], days: int, hours: tuple[str, str]) -> int:
    """From so many days on, the first on which none of these has anything else at these hours."""
    while not all(_is_free(one, *_span(days, hours)) for one in people):
        days += 1
    return days


def _is_free(one: Resident, begins: datetime, ends: datetime) -> bool:
    return not timetable.taken(Subject(id=one.pk, kind="people.resident", name=one.name), begins, ends).exists()


def _requests(place: int) -> list[HelpRequest]:
    """The request with this place: requests are numbered as they are made, and nobody else makes any."""
    return list(HelpRequest.objects.standing().filter(number=place + 1).select_related("resident", "shift"))


def _wish(place: int) -> Wish:
    every = wishes()
    return every[place % len(every)]


def _fate(place: int) -> Fate:
    return FATES[place % len(FATES)]


def _neighbour(of: Resident) -> Resident:
    others = Resident.objects.living_here().aged(least=OLD, most=OLDEST).filter(account=None).exclude(pk=of.pk)
    return others.order_by("number")[0]


def _members(team: Team) -> list[Volunteer]:
    """Those of the cast first: whoever looks at the year sees it with their eyes."""
    rows = Belonging.objects.live().filter(team=team).select_related("volunteer__resident")
    return [
        row.volunteer for row in rows.order_by(F("volunteer__resident__account__username").asc(nulls_last=True), "id")
    ]


def _free(people: Iterable[Volunteer], at: Shift | HelpRequest) -> Iterator[Volunteer]:
    """Who has nothing else then, and has not asked for it."""
    for one in people:
        asked = isinstance(at, HelpRequest) and at.resident_id == one.resident_id
        if not asked and _is_free(one.resident, at.starts_at, at.ends_at):
            yield one


def _to_come(team: Team, last: date) -> list[Slot]:
    """What can still change hands: not begun, however long it goes on."""
    until = clock.day_bounds(last)[1]
    rows = Slot.objects.to_come().filter(shift__team=team, shift__starts_at__gt=clock.now(), shift__starts_at__lt=until)
    rows = rows.filter(seeks_stand_in=False).select_related("shift", "volunteer__resident")
    return list(rows.order_by("shift__starts_at", "shift__number", "id"))


def _fit(one: Slot, other: Slot) -> bool:
    """May these two be exchanged, by their calendars?"""
    if one.volunteer_id == other.volunteer_id:
        return False
    return any(_free([one.volunteer], other.shift)) and any(_free([other.volunteer], one.shift))


def _some(rng: random.Random, rows: Sequence[T]) -> list[T]:
    """One of them, if there is any."""
    return [rng.choice(rows)] if rows else []


def _oneself(resident: Resident) -> Actor:
    return Actor(community_id=resident.community_id, resident_id=resident.pk, name=resident.name)
