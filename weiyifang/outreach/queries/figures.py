"""Who is reached and who is not, in groups. 人数 and 人次 stand side by side and are never added to one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThanOrEqual

from weiyifang.core import small_groups
from weiyifang.outreach import limits
from weiyifang.outreach.kinds import NEEDS
from weiyifang.outreach.models import Grid, GridBuilding, SpecialNeed
from weiyifang.people import reaching
from weiyifang.people.models import Gender, ResidentQuerySet

DIMENSIONS = ("grid", "compound", "age", "gender", "home", "need")
NOT_KNOWN = "-"  # the key of those of whom it is not noted
AT_HOME = ("1", "2", "3")  # people behind one door; the last: so many or more
NUMBER_LENGTH = 10  # digits that no number of ours has
DOOR = {"compound": OuterRef("household__compound"), "building": OuterRef("household__building")}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some of the residents. Without counts (None): so few that they could be recognized, or hidden with such a group.

    `people` and `reached` are 人数, `times` is 人次.
    """

    key: str
    people: int | None
    reached: int | None
    times: int | None

    @property
    def unreached(self) -> int | None:
        return None if self.people is None or self.reached is None else self.people - self.reached


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Those who live here: how many were reached between two days, how often, and in how many homes somebody was."""

    people: int
    reached: int
    times: int
    homes: int
    homes_reached: int
    groups: Mapping[str, Sequence[Group]]
    # each way with 人数 and 人次, None where too few were reached so; one person may stand in several
    ways: Sequence[tuple[reaching.Reached, int | None, int | None]]

    @property
    def unreached(self) -> int:
        return self.people - self.reached

    @property
    def is_said(self) -> bool:
        """Are those who were reached, and those who were not, so many that nobody is recognized?"""
        return not small_groups.hidden([(self.reached, self.unreached)])

    @property
    def says_homes(self) -> bool:
        """The same of the homes."""
        return not small_groups.hidden([(self.homes_reached, self.homes - self.homes_reached)])


class _Person(NamedTuple):
    pk: UUID
    household: UUID | None
    compound: str | None
    building: str | None
    gender: str
    born_on: date | None


def figures(since: date, until: date) -> Figures:
    """The whole table, of whoever lives here now: a query for the people, the grids, the needs, and each way."""
    columns = ("pk", "household_id", "household__compound", "household__building", "gender", "born_on")
    rows = reaching.everybody().values_list(*columns)
    people = [_Person(*row) for row in rows]
    here = {one.pk for one in people}
    by_way = [(way, reaching.times(since, until, only=way)) for way in reaching.ways()]
    counted = Counter[UUID]()
    for _way, times in by_way:
        counted.update({pk: many for pk, many in times.items() if pk in here})
    at_home = Counter(one.household for one in people if one.household)
    grids = _grids()
    homes = [str(min(at_home[one.household], len(AT_HOME))) if one.household else NOT_KNOWN for one in people]
    keys = {
        "grid": _one(grids.get((one.compound, one.building)) for one in people),
        "compound": _one(one.compound for one in people),
        "age": _one(_ages(people, until)),
        "gender": _one(one.gender for one in people),
        "home": _one(homes),
        "need": _needs(people),
    }
    order = {
        "grid": list(dict.fromkeys(grids.values())),
        "age": [str(place) for place in range(4)],
        "gender": list(Gender.values),
        "home": list(AT_HOME),
        "need": [word.code for word in NEEDS.ever()],
    }
    return Figures(
        people=len(people),
        reached=len(counted),
        times=counted.total(),
        homes=len(at_home),
        homes_reached=len({one.household for one in people if one.household and one.pk in counted}),
        groups={
            name: _groups(
                people, keys[name], counted, order.get(name) or sorted({key for own in keys[name] for key in own})
            )
            for name in DIMENSIONS
        },
        ways=[(way, *_of_here(times, here)) for way, times in by_way],
    )


def _of_here(times: Counter[UUID], here: set[UUID]) -> tuple[int | None, int | None]:
    ours = [many for pk, many in times.items() if pk in here]
    return (None, None) if 0 < len(ours) < small_groups.FEWEST else (len(ours), sum(ours))


def _grids() -> dict[tuple[str | None, str | None], str]:
    """The number of the grid of each building, in the order of the grids."""
    rows = GridBuilding.objects.order_by("grid__number").values_list("compound", "building", "grid__number")
    return {(compound, building): str(number) for compound, building, number in rows}


def _ages(people: Sequence[_Person], day: date) -> list[str]:
    """The place of each one's band of age. Of whom only the month is known it is counted from its first day."""
    starts = [first for first, _last in limits.rule_on(day).bands]
    turns = (day.month, day.day)

    def band(born: date | None) -> str:
        if born is None:
            return NOT_KNOWN
        age = day.year - born.year - (turns < (born.month, born.day))
        return str(max(place for place, first in enumerate(starts) if place == 0 or age >= first))

    return [band(one.born_on) for one in people]


def _one(keys: Iterable[str | None]) -> list[tuple[str, ...]]:
    """Of whom each stands in one group."""
    return [(key or NOT_KNOWN,) for key in keys]


def _needs(people: Sequence[_Person]) -> list[tuple[str, ...]]:
    """Who needs several things stands in several groups."""
    noted = defaultdict[UUID, list[str]](list)
    for resident_id, need in SpecialNeed.objects.values_list("resident_id", "need"):
        noted[resident_id].append(need)
    return [tuple(noted.get(one.pk, [NOT_KNOWN])) for one in people]


def _groups(
    people: Sequence[_Person], keys: Sequence[tuple[str, ...]], counted: Counter[UUID], order: Sequence[str]
) -> list[Group]:
    all_of, reached, times = Counter[str](), Counter[str](), Counter[str]()
    for one, own in zip(people, keys, strict=True):
        many = counted.get(one.pk, 0)
        for key in own:
            all_of[key] += 1
            reached[key] += bool(many)
            times[key] += many
    names = [key for key in (*(one for one in order if one != NOT_KNOWN), NOT_KNOWN) if all_of[key]]
    unsaid = small_groups.hidden([(reached[key], all_of[key] - reached[key]) for key in names])
    return [
        Group(key=key, people=None, reached=None, times=None)
        if place in unsaid
        else Group(key=key, people=all_of[key], reached=reached[key], times=times[key])
        for place, key in enumerate(names)
    ]


def members(*, by: str, of: str, was: bool | None, since: date, until: date, way: str = "") -> ResidentQuerySet:
    """Who stands behind a figure, by number: of a group (`by` one of `DIMENSIONS`, or "" for everybody), reached or not
    (None: both), by one way or by any.
    """
    rows = _in_group(reaching.everybody(), by, of, until)
    only = next((one for one in reaching.ways() if one.code == way), None)
    if was is not None:
        rows = (reaching.reached if was else reaching.not_reached)(rows, since, until, only)
    return rows.select_related("household").order_by("number")


def _in_group(rows: ResidentQuerySet, by: str, of: str, day: date) -> ResidentQuerySet:
    if of == NOT_KNOWN:
        parts = GridBuilding.objects.filter(**DOOR)
        missing = {"grid": ~Exists(parts), "compound": Q(household=None), "home": Q(household=None)}
        missing |= {"age": Q(born_on=None), "gender": Q(gender="")}
        missing |= {"need": ~Exists(SpecialNeed.objects.filter(resident=OuterRef("pk")))}
        return rows.filter(missing[by]) if by in missing else rows
    number = int(of) if of.isdecimal() and len(of) < NUMBER_LENGTH else 0
    first, last = dict(enumerate(limits.rule_on(day).bands)).get(number, (NUMBER_LENGTH * 100, None))
    of_grid = GridBuilding.objects.filter(grid__in=Grid.objects.filter(number=number), **DOOR)
    narrowed = {
        "grid": lambda: rows.filter(Exists(of_grid)),
        "compound": lambda: rows.filter(household__compound=of),
        "age": lambda: rows.aged(least=first or None, most=last, on=day).exclude(born_on=None),
        "gender": lambda: rows.filter(gender=of),
        "home": lambda: _at_home(rows, of),
        "need": lambda: rows.filter(Exists(SpecialNeed.objects.filter(resident=OuterRef("pk"), need=of))),
    }
    return narrowed[by]() if by in narrowed else rows


def _at_home(rows: ResidentQuerySet, of: str) -> ResidentQuerySet:
    """With so many people behind their door."""
    there = reaching.everybody().filter(household=OuterRef("household")).order_by()
    many = there.values("household").annotate(many=Count("pk")).values("many")
    at_home = Coalesce(Subquery(many), 0, output_field=IntegerField())
    number = int(of) if of in AT_HOME else -1
    return rows.filter(GreaterThanOrEqual(at_home, number) if of == AT_HOME[-1] else Exact(at_home, number))
