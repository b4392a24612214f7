"""Who is reached and who is not, in groups. 人数 and 人次 stand side by side and are never added to one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
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


class _Count(NamedTuple):
    """Of one group: 人数, how many of them were reached, 人次."""

    people: int
    reached: int
    times: int


def figures(since: date, until: date) -> Figures:
    """The whole table, of whoever lives here now: counted by PostgreSQL in one statement."""
    ways = reaching.ways()
    counted = _counted(ways, since, until)
    whole, homes = counted["all"][""], counted["homes"][""]
    order = {
        "grid": [str(number) for number in Grid.objects.order_by("number").values_list("number", flat=True)],
        "compound": sorted(counted["compound"]),
        "age": [str(place) for place in range(len(limits.rule_on(until).bands))],
        "gender": list(Gender.values),
        "home": list(AT_HOME),
        "need": [word.code for word in NEEDS.ever()],
    }
    return Figures(
        people=whole.people,
        reached=whole.reached,
        times=whole.times,
        homes=homes.people,
        homes_reached=homes.reached,
        groups={name: _groups(counted[name], order[name]) for name in DIMENSIONS},
        ways=[(way, *_said(counted["ways"].get(way.code, _Count(0, 0, 0)))) for way in ways],
    )


def _said(way: _Count) -> tuple[int | None, int | None]:
    return (None, None) if 0 < way.reached < small_groups.FEWEST else (way.reached, way.times)


def _counted(ways: Sequence[reaching.Reached], since: date, until: date) -> dict[str, dict[str, _Count]]:
    """By dimension and key; besides, under "all" and "homes" all of them, under "ways" each way.

    Who lives here, each way's rows, the grids and the needs are asked for as everywhere else; put together they are
    looked at once.
    """
    people = reaching.everybody().order_by()
    columns = ("pk", "household_id", "household__compound", "household__building", "gender", "born_on")
    parts: list[tuple[str, QuerySet[Any]]] = [
        ("person (pk, household, compound, building, gender, born_on)", people.values_list(*columns)),
        ("grid (compound, building, number)", GridBuilding.objects.values_list(*DOOR, "grid__number")),
        ("need (pk, need)", SpecialNeed.objects.values_list("resident_id", "need")),
    ]
    for place, way in enumerate(ways):
        rows = way.between(since, until).values_list(way.resident)
        parts.append((f"way{place} (pk, many)", rows.annotate(Count("pk"))))
    asked, params = list[str](), list[Any]()
    for name, query in parts:
        sql, values = query.query.sql_with_params()
        asked.append(f"{name} AS ({sql})")
        params += values
    places = range(len(ways))
    statement = _STATEMENT.format(
        parts=", ".join(asked),
        times=", ".join(f"COALESCE(way{place}.many, 0)" for place in places),
        joins=" ".join(f"LEFT JOIN way{place} USING (pk)" for place in places),
        ways=", ".join(f"(%s, times[{place + 1}])" for place in places),
    )
    starts = [first for first, _last in limits.rule_on(until).bands]
    params += [until.year, until.month, until.day, starts, len(AT_HOME), *(way.code for way in ways)]
    counted: dict[str, dict[str, _Count]] = {name: {} for name in (*DIMENSIONS, "all", "homes", "ways")}
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        for by, key, *counts in cursor.fetchall():
            counted[by][key] = _Count(*(int(count or 0) for count in counts))
    return counted


# '-' is NOT_KNOWN. The place of a band of age is that of the last start that is not after the age; of whom only the
# month of birth is known the age is counted from its first day. Who needs several things stands in several groups.
_STATEMENT = """
WITH {parts},
home (household, many) AS (SELECT household, count(*) FROM person WHERE household IS NOT NULL GROUP BY household),
aged AS (
    SELECT person.*, ARRAY[{times}] AS times,
        %s - extract(year FROM born_on)::int
        - ((%s, %s) < (extract(month FROM born_on), extract(day FROM born_on)))::int AS years
    FROM person {joins}
),
counted AS (
    SELECT pk, household, times, (SELECT sum(one) FROM unnest(times) AS one) AS many,
        COALESCE(grid.number::text, '-') AS grid,
        COALESCE(NULLIF(compound, ''), '-') AS compound,
        CASE WHEN years IS NULL THEN '-' ELSE GREATEST(width_bucket(years, %s::int[]) - 1, 0)::text END AS age,
        COALESCE(NULLIF(gender, ''), '-') AS gender,
        CASE WHEN household IS NULL THEN '-' ELSE LEAST(home.many, %s)::text END AS home
    FROM aged LEFT JOIN grid USING (compound, building) LEFT JOIN home USING (household)
)
SELECT CASE GROUPING(grid, compound, age, gender, home)
        WHEN 15 THEN 'grid' WHEN 23 THEN 'compound' WHEN 27 THEN 'age' WHEN 29 THEN 'gender' WHEN 30 THEN 'home' END,
    COALESCE(grid, compound, age, gender, home), count(*), count(*) FILTER (WHERE many > 0), sum(many)
FROM counted GROUP BY GROUPING SETS ((grid), (compound), (age), (gender), (home))
UNION ALL SELECT 'need', COALESCE(need, '-'), count(*), count(*) FILTER (WHERE many > 0), sum(many)
FROM counted LEFT JOIN need USING (pk) GROUP BY need
UNION ALL SELECT 'all', '', count(*), count(*) FILTER (WHERE many > 0), sum(many) FROM counted
UNION ALL SELECT 'homes', '', count(*), count(*) FILTER (WHERE was_reached), 0
FROM (SELECT bool_or(many > 0) AS was_reached FROM counted WHERE household IS NOT NULL GROUP BY household) AS each
UNION ALL SELECT 'ways', code, count(*), count(*) FILTER (WHERE of_way > 0), sum(of_way)
FROM counted CROSS JOIN LATERAL (VALUES {ways}) AS way (code, of_way) GROUP BY code
"""


def _groups(counted: Mapping[str, _Count], order: Sequence[str]) -> list[Group]:
    names = [key for key in (*(one for one in order if one != NOT_KNOWN), NOT_KNOWN) if key in counted]
    unsaid = small_groups.hidden([(counted[key].reached, counted[key].people - counted[key].reached) for key in names])
    return [
        Group(key=key, people=None, reached=None, times=None)
        if place in unsaid
        else Group(key=key, people=counted[key].people, reached=counted[key].reached, times=counted[key].times)
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
