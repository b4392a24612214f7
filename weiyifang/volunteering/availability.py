"""Who has time when, by what they said of their week. It sorts whom one asks first; nobody is kept out by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from weiyifang.timetable import queries as timetable
from weiyifang.timetable.subjects import Subject
from weiyifang.volunteering.models import Belonging, Need, Shift, Volunteer

EVENING = 18  # o'clock, from which it is evening
SATURDAY = 6  # as ISO counts the days of a week
MOST_NAMED = 12  # of a team, whom its leader may ask


class Candidate(NamedTuple):
    """Somebody of the team who is free at that hour. `has_time`: as they said; None: they said nothing of it."""

    volunteer: Volunteer
    has_time: bool | None


def code_of(moment: datetime) -> str:
    """The code of `kinds.TIME` that a moment falls into, where the community lives."""
    here = timezone.localtime(moment)
    day = "weekend" if here.isoweekday() >= SATURDAY else "weekday"
    return f"{day}_{'evening' if here.hour >= EVENING else 'day'}"


def suits(resident_id: UUID) -> Q:
    """Of a query of shifts: does it begin when this volunteer said they have time?"""
    mine = Volunteer.objects.active().filter(resident_id=resident_id)
    weekend = GreaterThanOrEqual(ExtractIsoWeekDay("starts_at"), SATURDAY)
    evening = GreaterThanOrEqual(ExtractHour("starts_at"), EVENING)
    fits = Q()
    for day, in_week in (("weekday", ~Q(weekend)), ("weekend", Q(weekend))):
        for hours, in_day in (("day", ~Q(evening)), ("evening", Q(evening))):
            fits |= in_week & in_day & Q(Exists(mine.filter(times__contains=[f"{day}_{hours}"])))
    return fits


def who_could(shift: Shift, needs: Sequence[Need]) -> list[Candidate]:
    """Members of the team who have nothing else then: first who said they have time at such hours, then who said
    nothing of it (three queries).
    """
    there = [slot.volunteer_id for need in needs for slot in need.people]
    rows = Belonging.objects.live().filter(team=shift.team_id).exclude(volunteer__in=there)
    rows = rows.select_related("volunteer__resident")
    rows = rows.defer("volunteer__resident__phone", "volunteer__resident__id_number")
    people = [row.volunteer for row in rows.order_by("volunteer__resident__number")]
    subjects = [Subject(id=one.resident_id, kind="people.resident") for one in people]
    busy = {clash.subject.id for clash in timetable.clashes(subjects, shift.starts_at, shift.ends_at)}
    code = code_of(shift.starts_at)
    found = [Candidate(one, code in one.times if one.times else None) for one in people if one.resident_id not in busy]
    order = {True: 0, None: 1, False: 2}
    return sorted(found, key=lambda one: order[one.has_time])[:MOST_NAMED]
