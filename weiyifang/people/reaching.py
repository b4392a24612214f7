"""Who was reached: by what a topic did with or for somebody on a day. The one place in which that is asked.

Each topic says in its `reached.py` which of its rows reach a resident, and when; they are found, as what waits and what
is searched is. Nothing is copied: a row that is taken back has reached nobody (docs/adr). 人次 (`times`) and 人数
(its length) are two figures and never mixed: here somebody who came ten times with a guest is ten times one person.
A contact (a visit, a call) is no service: it reaches nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from weiyifang.core import clock, found
from weiyifang.people.models import Resident, ResidentQuerySet


@dataclass(frozen=True, kw_only=True)
class Reached:
    """One way in which people are reached. A row is one time: `resident` leads to whom, `moment` to when."""

    code: str
    words: str | Promise
    rows: Callable[[], QuerySet[Any]]
    moment: str
    resident: str = "resident"

    def between(self, since: date, until: date) -> QuerySet[Any]:
        """The rows of two days and those between, as far as they are past."""
        begin, end = clock.day_bounds(since)[0], min(clock.day_bounds(until)[1], clock.now())
        past = {f"{self.moment}__gte": begin, f"{self.moment}__lt": end}
        return self.rows().filter(**past).exclude(**{self.resident: None}).order_by()

    def of(self, since: date, until: date) -> Exists:
        """Of a query of residents: was this one reached so?"""
        return Exists(self.between(since, until).filter(**{self.resident: OuterRef("pk")}))


def everybody() -> ResidentQuerySet:
    """Whoever lives here: the whole of which some are reached. Without their numbers."""
    return Resident.objects.living_here().filter(erased_at=None).defer("phone", "id_number")


def ways() -> list[Reached]:
    """Every way there is, in the order in which the topics are installed."""
    return [way for module in found.modules("reached") for way in module.REACHED]


def times(
    since: date, until: date, *, among: Collection[UUID] | None = None, only: Reached | None = None
) -> Counter[UUID]:
    """How often (人次) each resident was reached; who was not is not in it, so its length is 人数. A query a way."""
    counted = Counter[UUID]()
    for way in ways() if only is None else [only]:
        rows = way.between(since, until)
        if among is not None:
            rows = rows.filter(**{f"{way.resident}__in": among})
        counted.update(dict(rows.values_list(way.resident).annotate(Count("pk"))))
    return counted


def people_reached(since: date, until: date) -> int:
    """人数: how many different residents were reached, those who have left since among them."""
    return len(times(since, until))


def reached(rows: ResidentQuerySet, since: date, until: date, only: Reached | None = None) -> ResidentQuerySet:
    """Those of the residents who were reached (by one way)."""
    was = Q()
    for way in ways() if only is None else [only]:
        was |= Q(way.of(since, until))
    return rows.filter(was)


def not_reached(rows: ResidentQuerySet, since: date, until: date, only: Reached | None = None) -> ResidentQuerySet:
    """Those whom nothing reached. One `NOT EXISTS` a way, each answered with one pass over its rows."""
    for way in ways() if only is None else [only]:
        rows = rows.filter(~way.of(since, until))
    return rows
