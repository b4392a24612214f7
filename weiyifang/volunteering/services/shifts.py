"""What a team plans: shifts with their tasks, and calling them off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce, announced_together
from weiyifang.core.ids import new_id
from weiyifang.core.numbers import next_number
from weiyifang.core.prepared import Read
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.timetable import services as timetable
from weiyifang.timetable.subjects import Span
from weiyifang.volunteering import events, kinds, rules
from weiyifang.volunteering.models import (
    HELP_FLOW,
    SHIFT_FLOW,
    SLOT_FLOW,
    HelpRequest,
    HelpState,
    Need,
    Shift,
    ShiftState,
    Slot,
    SlotState,
    Team,
)
from weiyifang.volunteering.services import teams

LONGEST = timedelta(hours=12)


class TimesWrong(Refused):
    """It ends before it begins, or lasts too long."""

    sentence = _("A shift ends after it begins, and within twelve hours. Please look at the times.")
    status = 422


class NobodyNeeded(Refused):
    """A shift without a task, or a task for nobody."""

    sentence = _("Say at least one task, and for how many people.")
    status = 422


class RoleTwice(Refused):
    """Two tasks of one shift with the same name."""

    sentence = _("The task %(role)s stands there twice. Put them together.")
    status = 422


class NoDate(Refused):
    """A series without a date."""

    sentence = _("Between these days there is no date. Choose a later last day.")
    status = 422


class ShiftOff(Refused):
    """The shift was called off before."""

    sentence = _("This shift was called off. Look at the others.")


class ShiftOver(Refused):
    """It has begun, or is over."""

    sentence = _("This shift has begun already. The team's leader puts right what changed.")


class Wanted(NamedTuple):
    """One task of a shift to be planned: the fields of `models.Need`."""

    role: str
    wanted: int
    skill: str = ""
    certificate: str = ""
    least_age: int | None = None


@transaction.atomic
def plan(
    *,
    team: Team,
    what: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    needs: Sequence[Wanted],
    note: str = "",
    by: Actor,
) -> Shift:
    """Plan a shift of a team. Announces `ShiftPlanned`.

    Raises `TeamOver`, `TimesWrong`, `NobodyNeeded`, `RoleTwice`.
    """
    said = {"what": what, "place": place, "note": note}
    return write(_of_team(team, by), [(starts_at, ends_at)], said, needs, by=by)[0]


@transaction.atomic
def plan_series(
    *,
    team: Team,
    what: str,
    place: str,
    times: Sequence[Span],
    needs: Sequence[Wanted],
    note: str = "",
    by: Actor,
) -> list[Shift]:
    """The same shift at several times, which can be changed together later on. Otherwise like `plan`.

    Raises `NoDate` for no time at all.
    """
    if not times:
        raise NoDate()
    said = {"what": what, "place": place, "note": note}
    series = new_id() if len(times) > 1 else None
    return write(_of_team(team, by), sorted(set(times)), said, needs, series=series, by=by)


def refuse_odd_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raises `TimesWrong`."""
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise TimesWrong()


def _of_team(team: Team, by: Actor) -> Team:
    team = teams.locked(team)
    require(rules.can_manage(by, team))
    return team


def write(
    team: Team,
    times: Sequence[Span],
    said: Mapping[str, str],
    needs: Sequence[Wanted],
    *,
    series: UUID | None = None,
    by: Actor,
) -> list[Shift]:
    """Part of every way to plan, by whoever holds the team and may. Announces `ShiftPlanned` for each."""
    if team.is_over:
        raise teams.TeamOver(name=team.name)
    for starts_at, ends_at in times:
        refuse_odd_times(starts_at, ends_at)
    fields, made = cleaned(Shift, said), list[Shift]()
    for number, (starts_at, ends_at) in enumerate(times, next_number("shift", len(times))):
        shift = Shift(number=number, team=team, starts_at=starts_at, ends_at=ends_at, series=series, **fields)
        rows = needed(shift, needs)
        shift.save(force_insert=True)
        Need.objects.bulk_create(rows)
        made.append(shift)
    with announced_together():
        for shift in made:
            fact = events.ShiftPlanned(
                **about(shift), team_id=team.pk, starts_at=shift.starts_at, ends_at=shift.ends_at
            )
            announce(fact, by=by)
    return made


def needed(shift: Shift, needs: Sequence[Wanted]) -> list[Need]:
    """The tasks as rows, not saved yet. Raises `NobodyNeeded`, `RoleTwice`."""
    rows: list[Need] = []
    for one in needs:
        cleaned(Need, {"wanted": one.wanted, "least_age": one.least_age})
        role = cleaned(Need, {"role": one.role})["role"]
        if one.wanted < 1:
            raise NobodyNeeded()
        if role in {row.role for row in rows}:
            raise RoleTwice(role=role)
        row = Need(shift=shift, role=role, wanted=one.wanted, least_age=one.least_age)
        row.skill = next(iter(kinds.chosen(kinds.SKILL, [one.skill])), "")
        row.certificate = next(iter(kinds.chosen(kinds.CERTIFICATE, [one.certificate])), "")
        rows.append(row)
    if not rows:
        raise NobodyNeeded()
    fill_community(rows)
    return rows


@transaction.atomic
def call_off(*, shift: Shift, reason: str, by: Actor) -> Shift:
    """It does not take place: whoever took it on is free again, and told; what it was for is sought
    for again. Raises `ForbiddenMove`, `ShiftOver`,
    `text.Missing` without a reason. Announces `ShiftCalledOff`.
    """
    shift = locked(shift)
    versions.check(shift, by)
    require(rules.can_manage(by, shift.team))
    if shift.is_over:
        raise ShiftOver()
    why = cleaned(Shift, {"off_why": reason})["off_why"]
    if not why:
        raise ReasonMissing()
    asked_for = HelpRequest.objects.select_for_update(of=("self",)).filter(shift=shift, state=HelpState.TAKEN).first()
    end(shift, why, by=by)
    if asked_for is not None:
        states.move(asked_for, HelpState.OPEN, flow=HELP_FLOW, shift=None)
        announce(events.HelpOpenAgain(**about_help(asked_for)), by=by)
    return shift


def end(shift: Shift, why: str, *, by: Actor) -> None:
    """Part of every way in which a shift is called off, by whoever holds it. Announces `ShiftCalledOff`."""
    states.move(shift, ShiftState.CALLED_OFF, flow=SHIFT_FLOW, off_why=why)
    slots = list(Slot.objects.live().filter(shift=shift).select_related("volunteer").order_by("id"))
    Need.objects.filter(shift=shift).update(taken=0)
    if slots:
        states.move_all(slots, SlotState.CALLED_OFF, flow=SLOT_FLOW, ended_at=clock.now())
    for slot in slots:
        timetable.release(source=source_of(slot), by=by)
    fact = events.ShiftCalledOff(
        **about(shift),
        starts_at=shift.starts_at,
        slots=tuple(slot.pk for slot in slots),
        residents=tuple(slot.volunteer.resident_id for slot in slots),
        reason=why,
    )
    announce(fact, by=by)


class ReasonMissing(Refused):
    """Called off without a word."""

    sentence = _("Say in a few words why: whoever took it on will ask.")
    status = 422


def about_help(row: HelpRequest) -> dict[str, Any]:
    """What each fact about a request for help says."""
    return {
        "subject": source_of(row),
        "number": row.number,
        "resident_id": row.resident_id,
        "help": row.kind,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }


def locked(shift: Shift) -> Shift:
    """The row, locked until the transaction ends; its tasks and who takes them on wait for it."""
    row = _LOCKED.one(shift.pk)
    if row is None:
        raise Shift.DoesNotExist
    return row


_LOCKED = Read(
    lambda pk: Shift.objects.select_for_update(of=("self",)).select_related("team").filter(pk=pk), UUID(int=1)
)


def hold(ids: Iterable[UUID]) -> dict[UUID, Shift]:
    """These shifts by their ids, locked in the one order; their places and hours wait."""
    rows = Shift.objects.select_for_update(of=("self",)).filter(pk__in=sorted(set(ids)))
    return {row.pk: row for row in rows.order_by("id")}


def about(shift: Shift) -> dict[str, Any]:
    """What each fact about a shift says."""
    return {"subject": source_of(shift), "number": shift.number, "what": shift.what}
