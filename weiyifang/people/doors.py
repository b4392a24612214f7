"""Reads of the doors: compounds, their buildings, and who lives behind which."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from weiyifang.people.models import Household, Resident, ResidentQuerySet


def compounds() -> list[str]:
    """The compounds of the community by name."""
    names = Household.objects.order_by().values_list("compound", flat=True).distinct()
    return sorted(names, key=lambda name: name.encode("gb18030", "replace"))


def buildings(compound: str) -> list[tuple[str, int]]:
    """The buildings of a compound as they are counted (9 before 10), each with how many people live there."""
    live = Q(residents__left_on=None, residents__erased_at=None)
    doors = Household.objects.filter(compound=compound).order_by()
    counted = doors.values_list("building").annotate(people=Count("residents", filter=live))
    return sorted(counted, key=lambda one: as_counted(one[0]))


def as_counted(name: str) -> list[Any]:
    """Words and numbers by turns: `9` stands before `10`, `A9` before `A10`."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", name))]


def households(compound: str = "") -> QuerySet[Household]:
    """Doors with how many people live behind each (`people`)."""
    rows = Household.objects.annotate(people=Count("residents", filter=Q(residents__left_on=None)))
    if compound:
        rows = rows.filter(compound=compound)
    return rows.order_by("compound", "building", "unit", "door")


def every() -> QuerySet[Household]:
    """All doors, also those behind which nobody lives now."""
    return Household.objects.order_by()


def behind(household: Household) -> ResidentQuerySet:
    """Who lives behind a door."""
    return Resident.objects.living_here().filter(household=household).order_by("born_on", "number")


def once_behind(household: Household) -> ResidentQuerySet:
    """Who is still noted behind a door, but left."""
    return Resident.objects.get_queryset().filter(household=household).exclude(left_on=None).order_by("-left_on")


def who_lives_in(place: OuterRef) -> ResidentQuerySet:
    """Whose compound is named in a place, as somebody wrote it; `place`: of a query in which this one stands."""
    is_named = GreaterThan(StrIndex(place, F("household__compound")), 0)
    return Resident.objects.living_here().filter(is_named, household__isnull=False)
