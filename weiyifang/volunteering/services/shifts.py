"""What a team plans: shifts with their tasks, and calling them off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.timetable import services as timetable
from weiyifang.volunteering import events, kinds, rules
from weiyifang.volunteering.models import SHIFT_FLOW, SLOT_FLOW, Need, Shift, ShiftState, Slot, SlotState, Team
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
    team = teams.locked(team)
    require(rules.can_manage(by, team))
    if team.is_over:
        raise teams.TeamOver(name=team.name)
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise TimesWrong()
    said = cleaned(Shift, {"what": what, "place": place, "note": note})
    shift = Shift(number=next_number("shift"), team=team, starts_at=starts_at, ends_at=ends_at, **said)
    rows = needed(shift, needs)
    shift.save(force_insert=True)
    Need.objects.bulk_create(rows)
    fact = events.ShiftPlanned(**about(shift), team_id=team.pk, starts_at=starts_at, ends_at=ends_at)
    announce(fact, by=by)
    return shift


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
    """It does not take place: whoever took it on is free again, and told. Raises `ForbiddenMove`, `ShiftOver`,
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
    return shift


class ReasonMissing(Refused):
    """Called off without a word."""

    sentence = _("Say in a few words why: whoever took it on will ask.")
    status = 422


def locked(shift: Shift) -> Shift:
    """The row, locked until the transaction ends; its tasks and who takes them on wait for it."""
    return Shift.objects.select_for_update(of=("self",)).select_related("team").get(pk=shift.pk)


def hold(ids: Iterable[UUID]) -> dict[UUID, Shift]:
    """These shifts by their ids, locked in the one order; their places and hours wait."""
    rows = Shift.objects.select_for_update(of=("self",)).filter(pk__in=sorted(set(ids)))
    return {row.pk: row for row in rows.order_by("id")}


def about(shift: Shift) -> dict[str, Any]:
    """What each fact about a shift says."""
    return {"subject": source_of(shift), "number": shift.number, "what": shift.what}
