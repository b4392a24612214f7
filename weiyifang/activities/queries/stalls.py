"""The stalls of a market, with the organizations that have them, and what they brought in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum

from weiyifang.activities.models import CountState, Session, SessionQuerySet, Stall, StallCount
from weiyifang.core import clock
from weiyifang.organizations import queries as organizations
from weiyifang.organizations.queries import Named


@dataclass(frozen=True, kw_only=True)
class Stand:
    """A stall, who has it, and how often it was counted."""

    stall: Stall
    organization: Named | None
    counts: Sequence[StallCount] = field(default_factory=tuple)

    @property
    def proceeds_fen(self) -> int | None:
        """What two people counted alike; None until they did."""
        return next((row.first_fen for row in self.counts if row.state == CountState.AGREED), None)

    @property
    def open_count(self) -> StallCount | None:
        """The count that waits for a second person."""
        return next((row for row in self.counts if row.state == CountState.ONCE), None)

    @property
    def has_differed(self) -> bool:
        """Was the last count two different ones?"""
        return bool(self.counts) and self.counts[-1].state == CountState.DIFFERS


def stalls_of(session: Session) -> list[Stand]:
    """All of a date, by number."""
    return stands(list(Stall.objects.filter(session=session).order_by("number")))


def stands(stalls: Sequence[Stall]) -> list[Stand]:
    counts: dict[UUID, list[StallCount]] = defaultdict(list)
    for row in StallCount.objects.filter(stall__in=stalls).order_by("turn"):
        counts[row.stall_id].append(row)
    named = organizations.named({stall.organization for stall in stalls if stall.organization})
    return [Stand(stall=stall, organization=named.get(stall.organization), counts=counts[stall.pk]) for stall in stalls]


def saying_stalls(dates: SessionQuerySet) -> SessionQuerySet:
    """Each with `has_stalls`: is it a market?"""
    return dates.annotate(has_stalls=Exists(Stall.objects.filter(session=OuterRef("pk"))))


def market_proceeds(since: date, until: date) -> int:
    """What two people counted alike at the markets of these days, both included, in fen."""
    begin, end = clock.day_bounds(since)[0], clock.day_bounds(until)[1]
    held = StallCount.objects.filter(stall__session__starts_at__gte=begin, stall__session__starts_at__lt=end)
    return held.filter(state=CountState.AGREED).aggregate(fen=Sum("first_fen"))["fen"] or 0


def proceeds_by_source(since: datetime) -> dict[str, int]:
    """What a fund that is open since then has to have received of what stands, by the source of the count."""
    rows = StallCount.objects.filter(state=CountState.AGREED, first_fen__gt=0, second_at__gte=since)
    return {f"activities.stallcount:{pk}": fen for pk, fen in rows.values_list("pk", "first_fen")}
