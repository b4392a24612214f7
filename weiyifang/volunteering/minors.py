"""What a guardian reads of the minors who help, or want to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weiyifang.core import clock
from weiyifang.people import queries as people
from weiyifang.people.models import OF_AGE, Purpose, Resident
from weiyifang.volunteering import queries
from weiyifang.volunteering.models import Slot, Team, Volunteer


@dataclass(frozen=True, kw_only=True)
class Child:
    """One who helps: in which teams, what is to come, how much, and when somebody said yes for them."""

    volunteer: Volunteer
    teams: Sequence[Team]
    slots: Sequence[Slot]
    worked: queries.Worked
    agreed_at: datetime | None


def minors_of(guardian_id: UUID) -> list[Resident]:
    """Whoever is under age, as far as the register knows, and for whom this resident acts."""
    today = clock.today()
    aged = [(one, one.age_on(today)) for one in people.people_acted_for(guardian_id)]
    return [one for one, age in aged if age is not None and age < OF_AGE]


def who_helps(minors: Sequence[Resident]) -> list[Child]:
    """Those of them who are volunteers, in their order."""
    rows = {row.resident_id: row for row in Volunteer.objects.active().filter(resident__in=[one.pk for one in minors])}
    return [_about(one, rows[one.pk]) for one in minors if one.pk in rows]


def _about(one: Resident, volunteer: Volunteer) -> Child:
    volunteer.resident = one
    said = {asked.purpose: asked.given for asked in people.consents_of(one)[one.pk]}
    consent = said.get(Purpose.VOLUNTEERING)
    return Child(
        volunteer=volunteer,
        teams=[row.team for row in queries.teams_of(volunteer)],
        slots=list(queries.my_slots(one.pk)[:20]),
        worked=queries.worked(queries.hours_of(one.pk)),
        agreed_at=consent.given_at if consent is not None else None,
    )
