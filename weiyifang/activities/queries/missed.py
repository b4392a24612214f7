"""Who missed a date: enrolled by themselves, not there, and the seat not given back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from weiyifang.activities import missed
from weiyifang.activities.models import Attendance, Enrollment, Excuse, ExcuseState, Session, SessionState
from weiyifang.core.prepared import IsAny, Read
from weiyifang.people.models import born_before_minors


def absences(adults: date | None = None) -> QuerySet[Enrollment]:
    """Every date that somebody missed, excused or not. `adults`: the last birthday of those of age; None: today's.

    Only where the list at the door was kept (somebody came by name), only whom their own account enrolled, and no
    minors: what a guardian, a proxy, a leader or the desk did is not held against whom they enrolled. Lessons of a term
    are not in it.
    """
    here = Attendance.objects.filter(session=OuterRef("session"), voids=None, voided_by=None)
    return (
        Enrollment.objects.taking_a_place()
        .filter(session__state=SessionState.HELD, enrolled_by_id=F("resident__account_id"))
        .filter(Q(resident__born_on=None) | Q(resident__born_on__lte=adults or born_before_minors()))
        .filter(~Exists(here.filter(resident=OuterRef("resident"))), Exists(here.filter(resident__isnull=False)))
    )


def that_count(since: datetime, adults: date | None = None) -> QuerySet[Enrollment]:
    """Those since this moment that nothing excuses; while somebody still has to look at it, it does not count."""
    not_counted = Excuse.objects.filter(enrollment=OuterRef("pk")).exclude(state=ExcuseState.COUNTS)
    return absences(adults).filter(~Exists(not_counted), session__starts_at__gte=since)


# whoever enrols at the moment it opens asks it, so it is prepared
_counting = Read(
    lambda residents, since, adults: that_count(since, adults).filter(IsAny("resident_id", residents)),
    *([UUID(int=0)], datetime(1, 2, 3, tzinfo=UTC), date(1, 2, 3)),
)


def who_missed(residents: Sequence[UUID], rule: missed.MissedRule) -> dict[UUID, int]:
    """Who of these missed as many as the rule says, and how many."""
    times = Counter(row.resident_id for row in _counting(list(residents), rule.begins, born_before_minors()))
    return {pk: n for pk, n in times.items() if n >= rule.absences}


def missed_by(person: UUID) -> QuerySet[Enrollment]:
    """What they missed within the rule's days, the latest first; `say_excuses` says what was said of it."""
    rows = absences().filter(resident=person, session__starts_at__gte=missed.rule().begins)
    return rows.select_related("activity", "session").order_by("-session__starts_at", "-id")


def missed_at(session: Session) -> QuerySet[Enrollment]:
    """Who missed this date, with the resident; `say_excuses` says what was said of it."""
    return absences().filter(session=session).select_related("activity", "session", "resident").order_by("id")


def say_excuses(rows: Sequence[Enrollment]) -> list[Excuse | None]:
    """What was said of each of these, in their order; the rows have it as `excuse`."""
    known = {one.enrollment_id: one for one in Excuse.objects.filter(enrollment__in=rows)}
    for row in rows:
        row.excuse = known.get(row.pk)  # type: ignore[attr-defined]  # for the page
    return [known.get(row.pk) for row in rows]
