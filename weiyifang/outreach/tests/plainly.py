"""The figures counted the plain way, person by person in Python: what PostgreSQL's one statement is held against."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

from weiyifang.core import small_groups
from weiyifang.outreach import limits
from weiyifang.outreach.kinds import NEEDS
from weiyifang.outreach.models import GridBuilding, SpecialNeed
from weiyifang.outreach.queries import Figures, Group
from weiyifang.people import reaching
from weiyifang.people.models import Gender, Resident


def figures(since: date, until: date) -> Figures:
    people = list(reaching.everybody().select_related("household"))
    here = {one.pk for one in people}
    by_way = {
        way: {pk: many for pk, many in reaching.times(since, until, only=way).items() if pk in here}
        for way in reaching.ways()
    }
    counted = Counter[UUID]()
    for times in by_way.values():
        counted.update(times)
    at_home = Counter(one.household_id for one in people if one.household_id)
    needs = defaultdict[UUID, list[str]](list)
    for row in SpecialNeed.objects.all():
        needs[row.resident_id].append(row.need)
    grids = {(row.compound, row.building): row.grid.number for row in GridBuilding.objects.select_related("grid")}

    def keys(by: str, one: Resident) -> list[str]:
        home = one.household
        door = (home.compound, home.building) if home else None
        return {
            "grid": [str(grids.get(door, "-")) if door else "-"],
            "compound": [home.compound if home else "-"],
            "age": [_band(one, until)],
            "gender": [one.gender or "-"],
            "home": [str(min(3, at_home[home.pk])) if home else "-"],
            "need": needs.get(one.pk, ["-"]),
        }[by]

    order = {
        "grid": [str(number) for number in sorted(grids.values())],
        "compound": sorted({home.compound for one in people if (home := one.household)}),
        "age": ["0", "1", "2", "3"],
        "gender": list(Gender.values),
        "home": ["1", "2", "3"],
        "need": [word.code for word in NEEDS.ever()],
    }
    groups = {}
    for by, names in order.items():
        found = defaultdict[str, list[int]](list)
        for one in people:
            for key in keys(by, one):
                found[key].append(counted[one.pk])
        groups[by] = _groups(found, [*dict.fromkeys(name for name in names if name), "-"])
    return Figures(
        people=len(people),
        reached=sum(counted[pk] > 0 for pk in here),
        times=counted.total(),
        homes=len(at_home),
        homes_reached=len({one.household_id for one in people if one.household_id and counted[one.pk]}),
        groups=groups,
        ways=[
            (way, None, None) if 0 < len(times) < small_groups.FEWEST else (way, len(times), sum(times.values()))
            for way, times in by_way.items()
        ],
    )


def _groups(found: dict[str, list[int]], names: list[str]) -> list[Group]:
    rows = [
        (key, len(found[key]), sum(many > 0 for many in found[key]), sum(found[key])) for key in names if key in found
    ]
    unsaid = small_groups.hidden([(reached, people - reached) for _key, people, reached, _times in rows])
    return [
        Group(key=key, people=None, reached=None, times=None)
        if place in unsaid
        else Group(key=key, people=people, reached=reached, times=times)
        for place, (key, people, reached, times) in enumerate(rows)
    ]


def _band(one: Resident, day: date) -> str:
    age = one.age_on(day)
    if age is None:
        return "-"
    bands = limits.rule_on(day).bands
    return str(next(place for place, (_first, last) in enumerate(bands) if last is None or age <= last))
