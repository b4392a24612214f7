"""Lists of the workbench: what is to come before what is over; and how the dates of an activity went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from weiyifang.activities.models import Activity, ActivityState, Attendance, Enrollment, Session

TO_COME, DRAFTS, OVER, OFF, ALL = "coming", "drafts", "over", "off", "all"
VIEWS: Mapping[str, Q] = {
    TO_COME: Q(state=ActivityState.PUBLISHED, next_at__isnull=False),
    DRAFTS: Q(state=ActivityState.DRAFT),
    OVER: Q(state=ActivityState.FINISHED) | Q(state=ActivityState.PUBLISHED, next_at=None),
    OFF: Q(state=ActivityState.CANCELLED),
    ALL: Q(),
}


def by_next_date(activities: QuerySet[Activity]) -> QuerySet[Any]:
    """Each with `next_at`, when its next date begins; the soonest first, then those without, the newest first."""
    coming = Session.objects.to_come().filter(activity=OuterRef("pk")).values("starts_at")[:1]
    return activities.annotate(next_at=Subquery(coming)).order_by(F("next_at").asc(nulls_last=True), "-number")


def counts(activities: QuerySet[Any]) -> dict[str, int]:
    """How many there are in each view of `by_next_date`: one query."""
    found: dict[str, int] = activities.order_by().aggregate(
        **{name: Count("pk", filter=wanted) if wanted else Count("pk") for name, wanted in VIEWS.items()}
    )
    return found


@dataclass(frozen=True, kw_only=True)
class Went:
    """How one date went: people who had enrolled, who came of them, and 人次 in all with guests and walk-ins."""

    session: Session
    enrolled: int
    kept: int
    came: int

    @property
    def absent(self) -> int:
        """Enrolled, and did not come."""
        return self.enrolled - self.kept

    @property
    def besides(self) -> int:
        """Came without having enrolled, and whom the enrolled brought."""
        return self.came - self.kept


def how_it_went(activity: Activity, sessions: Sequence[Session]) -> list[Went]:
    """The dates of these that have begun and were not called off: two queries, however many."""
    begun = [one for one in sessions if one.has_begun and one.state != "cancelled"]
    if not begun:
        return []
    enrolled: dict[UUID | None, set[UUID]] = defaultdict(set)
    rows = Enrollment.objects.taking_a_place().filter(activity=activity).values_list("session_id", "resident_id")
    for session_id, resident_id in rows:
        enrolled[session_id].add(resident_id)
    people: dict[UUID, set[UUID]] = defaultdict(set)
    came: dict[UUID, int] = defaultdict(int)
    noted = (
        Attendance.objects.filter(session__in=begun).values("session_id", "resident_id").annotate(times=Sum("people"))
    )
    for session_id, resident_id, times in noted.values_list("session_id", "resident_id", "times"):
        came[session_id] += times
        if resident_id is not None and times > 0:
            people[session_id].add(resident_id)
    found = []
    for one in begun:
        expected = enrolled[one.pk] | (enrolled[None] if activity.is_term else set())
        kept = len(expected & people[one.pk])
        found.append(Went(session=one, enrolled=len(expected), kept=kept, came=came[one.pk]))
    return found
