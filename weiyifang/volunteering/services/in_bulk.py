"""A whole plan at once: a week of a team, from the paper on which its people wrote themselves down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from weiyifang.core.actors import Actor
from weiyifang.core.bulk import copy_in
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.look.wording import as_day
from weiyifang.core.numbers import next_number
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web.access import require
from weiyifang.timetable import services as timetable
from weiyifang.timetable.subjects import Subject
from weiyifang.volunteering import events, kinds, rules
from weiyifang.volunteering.models import Certificate, Need, Shift, Slot, Team, Volunteer
from weiyifang.volunteering.services import shifts, slots, teams


class Line(NamedTuple):
    """One shift of the plan, with one task and who does it."""

    what: str
    place: str
    starts_at: datetime
    ends_at: datetime
    role: str
    people: Sequence[Volunteer]
    certificate: str = ""


@transaction.atomic
def plan_many(*, team: Team, lines: Sequence[Line], by: Actor) -> list[Shift]:
    """Plan these shifts with the people who wrote themselves down; who has something else at that hour is left out.

    They are not told: it is their own list. Raises `TeamOver`, `TimesWrong`, `PaperMissing`. Announces one
    `ShiftsPlanned`.
    """
    team = teams.locked(team)
    require(rules.can_manage(by, team))
    if team.is_over:
        raise teams.TeamOver(name=team.name)
    _refuse_without_paper(lines)
    made, needs, wanted = list[Shift](), list[Need](), list[Slot]()
    first = next_number("shift", len(lines)) if lines else 0
    for number, line in enumerate(lines, first):
        if not line.starts_at < line.ends_at <= line.starts_at + shifts.LONGEST:
            raise shifts.TimesWrong()
        shift = Shift(
            id=new_id(),
            number=number,
            team=team,
            what=line.what,
            place=line.place,
            starts_at=line.starts_at,
            ends_at=line.ends_at,
        )
        (need,) = shifts.needed(
            shift, [shifts.Wanted(line.role, max(1, len(line.people)), certificate=line.certificate)]
        )
        made.append(shift)
        needs.append(need)
        people = {one.pk: one for one in line.people}.values()
        wanted += [Slot(id=new_id(), need=need, shift=shift, volunteer=one) for one in people]
    fill_community([*made, *wanted])
    taken = _in_their_calendars(wanted, by=by)
    for slot in taken:
        slot.need.taken += 1
    for rows in (made, needs, taken):
        copy_in(rows)
    place = {shift.pk: at for at, shift in enumerate(made)}
    fact = events.ShiftsPlanned(
        subject=source_of(team),
        number=team.number,
        name=team.name,
        shifts=tuple(shift.pk for shift in made),
        numbers=tuple(shift.number for shift in made),
        begin=tuple(shift.starts_at for shift in made),
        end=tuple(shift.ends_at for shift in made),
        needs=tuple(need.pk for need in needs),
        slots=tuple(slot.pk for slot in taken),
        of=tuple(place[slot.shift_id] for slot in taken),
        volunteers=tuple(slot.volunteer_id for slot in taken),
    )
    announce(fact, by=by)
    return made


def _in_their_calendars(wanted: Sequence[Slot], *, by: Actor) -> list[Slot]:
    spans = [
        (
            Subject(id=slot.volunteer.resident_id, kind="people.resident"),
            slot.shift.starts_at,
            slot.shift.ends_at,
            source_of(slot),
        )
        for slot in wanted
    ]
    got = timetable.allocate_each(wanted=spans, by=by)
    return [slot for slot in wanted if source_of(slot) in got]


def _refuse_without_paper(lines: Sequence[Line]) -> None:
    people = {one.pk for line in lines if line.certificate for one in line.people}
    if not people:
        return
    until: dict[tuple[UUID, str], date] = {}
    for paper in Certificate.objects.standing().filter(volunteer__in=people):
        key = paper.volunteer_id, paper.kind
        until[key] = max(until.get(key, paper.valid_until), paper.valid_until)
    for line in lines:
        day = as_day(line.ends_at)
        if line.certificate and any(until.get((one.pk, line.certificate), date.min) < day for one in line.people):
            raise slots.PaperMissing(role=line.role, paper=kinds.CERTIFICATE.name_of(line.certificate))
