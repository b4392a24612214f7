"""Somebody leaves, or is forgotten: who is gone for good, and what is said beforehand of what they have, by topic."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from weiyifang.core import clock
from weiyifang.core.models import TimelineEntry
from weiyifang.people import terms
from weiyifang.people.events import ResidentLeft
from weiyifang.people.models import Resident

Says = Callable[[Resident, bool], Iterable[str]]  # of whom; whether they are forgotten, or else leave
_says: list[Says] = []


def says_with(says: Says) -> None:
    """Register sentences of a topic about what becomes of what somebody has there; without a name of another person."""
    _says.append(says)


def words(resident: Resident, *, forgotten: bool) -> list[str]:
    """What every topic says before somebody is noted as gone, or asks to be forgotten."""
    return [one for says in _says for one in says(resident, forgotten)]


def gone_for_good(resident_ids: Collection[UUID], *, since: timedelta = timedelta(0)) -> list[UUID]:
    """Who of these is forgotten, or left and has no way back (`terms`); for at least so long. In order of their ids.

    The way back begins when leaving is noted: whoever notes an old day by mistake can undo it as long as anybody.
    """
    gone = Resident.objects.filter(pk__in=resident_ids).exclude(left_on=None).order_by("pk")
    rows = [(one.pk, one.erased_at, one.left_on) for one in gone.only("erased_at", "left_on")]
    facts = TimelineEntry.objects.filter(subject__in=[_subject(pk) for pk, *_ in rows], verb=ResidentLeft.__name__)
    noted: dict[str, datetime] = dict(facts.order_by().values_list("subject").annotate(Max("at")))
    last, left_last = clock.now() - since, clock.now() - since - terms.way_back()
    return [
        pk
        for pk, erased_at, left_on in rows
        if (erased_at is not None and erased_at <= last)
        or noted.get(_subject(pk), clock.day_bounds(left_on or clock.today())[0]) <= left_last
    ]


def _subject(pk: UUID) -> str:
    return f"{Resident._meta.label_lower}:{pk}"
