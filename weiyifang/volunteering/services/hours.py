"""Who was really there: noted by one person, approved by another, taken back by a second row and never edited.

Nobody approves their own hours, nor what they noted themselves. With the approval, and in its transaction, the minutes
go into both books (`minutes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.bulk import copy_in
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.look.wording import as_day
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.ledger.services import OverdraftRefused
from weiyifang.volunteering import events, limits, rules
from weiyifang.volunteering.models import HOURS_FLOW, Hours, HoursState, Shift, Slot, SlotState, Team, Volunteer
from weiyifang.volunteering.services import minutes, shifts

LONGEST = timedelta(hours=16)  # what one person may have been there for one shift
AROUND = timedelta(hours=12)  # before it begins and after it ends


class NotBegunYet(Refused):
    """Nobody was there before it began, or until a time to come."""

    sentence = _("Note it when it has happened: the shift, and the time until when.")
    status = 422


class NotOfThatShift(Refused):
    """From when until when does not fit the shift."""

    sentence = _("That does not fit the shift: it ends after it begins, and lies on that day. Look at the times.")
    status = 422


class NotedAlready(Refused):
    """Hours of this place wait or count."""

    sentence = _("For %(name)s it is noted already. If that is wrong, it is taken back first and noted anew.")


class SomewhereElseThen(Refused):
    """The volunteer has hours that overlap."""

    sentence = _("%(name)s was somewhere else at that time, as another shift's hours say. Look at the times.")


class DidNotCome(Refused):
    """Noted as not having come."""

    sentence = _("It is noted that %(name)s did not come. Put that right first.")


class OwnHours(Refused):
    """Approved by whose hours they are."""

    sentence = _("Nobody approves their own hours. A colleague does it.")
    status = 403


class NotedByOneself(Refused):
    """Approved by who noted it."""

    sentence = _("What you noted yourself somebody else approves: four eyes see more than two.")
    status = 403


class WhyNeeded(Refused):
    """Not counted without a word."""

    sentence = _("Say in a few words why it does not count: whose hours they are will ask.")
    status = 422


class SpentAlready(Refused):
    """What the hours brought in the time bank was given on."""

    sentence = _("%(name)s has spent this time already, so it cannot be taken back.")


class Was(NamedTuple):
    """Somebody was there for a place in a shift."""

    slot: Slot
    came_at: datetime
    left_at: datetime


@transaction.atomic
def note_hours(*, team: Team, lines: Sequence[Was], by: Actor) -> list[Hours]:
    """Note from when until when people were there in shifts of one team: by who leads it, or one's own.

    All of it or nothing. Raises `NotBegunYet`, `NotOfThatShift`, `NotedAlready`, `SomewhereElseThen`, `DidNotCome`,
    `ForbiddenMove` for a place nobody has. Announces one `HoursNoted`.
    """
    wanted = {line.slot.pk: line for line in lines}
    slots = _locked_slots(wanted)
    if not rules.can_manage(by, team):
        for slot in slots:
            require(rules.can_sign_up(by, slot.volunteer.resident))
    there = set(Hours.objects.standing().filter(slot__in=slots).values_list("slot", flat=True))
    rows = []
    for slot in slots:
        if slot.shift.team_id != team.pk:
            raise ValueError("the place is of another team")
        if slot.pk in there:
            raise NotedAlready(name=slot.volunteer.resident.name)
        rows.append(_checked(wanted[slot.pk]._replace(slot=slot), by=by))
    _refuse_overlaps(rows)
    copy_in(rows)
    if rows:
        announce(
            events.HoursNoted(
                subject=source_of(team),
                number=team.number,
                name=team.name,
                hours=tuple(row.pk for row in rows),
                slots=tuple(row.slot_id for row in rows),
                volunteers=tuple(row.volunteer_id for row in rows),
                came=tuple(row.came_at for row in rows),
                left=tuple(row.left_at for row in rows),
                credited=tuple(row.credited for row in rows),
            ),
            by=by,
        )
    return rows


def note_as_planned(*, shift: Shift, by: Actor) -> list[Hours]:
    """Everybody in the shift came, from its beginning to its end; who is noted already, or did not come, is left out.

    Raises what `note_hours` raises.
    """
    noted = Hours.objects.standing().filter(slot__shift=shift).values("slot")
    slots = Slot.objects.live().filter(shift=shift, missed=False).exclude(pk__in=noted).order_by("id")
    lines = [Was(slot, shift.starts_at, shift.ends_at) for slot in slots]
    return note_hours(team=shift.team, lines=lines, by=by)


@transaction.atomic
def note_missed(*, slot: Slot, missed: bool = True, by: Actor) -> Slot:
    """Somebody did not come and said nothing; or that was a mistake. Raises `NotBegunYet`, `NotedAlready`.

    Announces `SlotMissed`.
    """
    (slot,) = _locked_slots([slot.pk])
    require(rules.can_manage(by, slot.shift.team))
    name = slot.volunteer.resident.name
    if slot.state != SlotState.TAKEN:
        raise states.ForbiddenMove()
    if not slot.shift.has_begun:
        raise NotBegunYet()
    if missed and Hours.objects.standing().filter(slot=slot).exists():
        raise NotedAlready(name=name)
    if slot.missed != missed:
        slot.missed = missed
        slot.save(update_fields=["missed"])
        announce(events.SlotMissed(**_about(slot), missed=missed), by=by)
    return slot


@transaction.atomic
def approve_hours(*, hours: Iterable[Hours], by: Actor) -> list[Hours]:
    """They count from now on, in both books. Raises `OwnHours`, `NotedByOneself`, `ForbiddenMove`.

    All of them or none. Announces one `HoursApproved` for each team.
    """
    rows = _locked([one.pk for one in hours])
    for row in rows:
        require(rules.can_manage(by, row.slot.shift.team))
        _refuse_own(row, by)
    states.move_all(rows, HoursState.APPROVED, flow=HOURS_FLOW, decided_by_id=by.account_id, decided_at=clock.now())
    by_team: dict[UUID, list[Hours]] = {}
    for row in rows:
        by_team.setdefault(row.slot.shift.team_id, []).append(row)
    for mine in by_team.values():
        team = mine[0].slot.shift.team
        fact = events.HoursApproved(
            subject=source_of(team), number=team.number, name=team.name, hours=tuple(row.pk for row in mine)
        )
        announce(fact, by=by)
    minutes.post(rows, by=by)
    return rows


@transaction.atomic
def refuse_hours(*, hours: Hours, reason: str, by: Actor) -> Hours:
    """They do not count: by who looks after the team, or taken away by who noted them. Raises `WhyNeeded`.

    Announces `HoursRefused`.
    """
    (row,) = _locked([hours.pk])
    require(rules.can_manage(by, row.slot.shift.team))
    why = _why(reason)
    states.move(row, HoursState.REFUSED, flow=HOURS_FLOW, decided_by_id=by.account_id, decided_at=clock.now(), why=why)
    announce(events.HoursRefused(**_of(row, by), reason=why), by=by)
    return row


@transaction.atomic
def take_back_hours(*, hours: Hours, reason: str, by: Actor) -> Hours:
    """Approved by mistake: both books the other way round, and the place can be noted anew. Never of one's own.

    Raises `WhyNeeded`, `OwnHours`, `SpentAlready`. Announces `HoursTakenBack`.
    """
    (row,) = _locked([hours.pk])
    require(rules.can_manage(by, row.slot.shift.team))
    if row.volunteer.resident_id == by.resident_id:
        raise OwnHours()
    why = _why(reason)
    states.move(row, HoursState.TAKEN_BACK, flow=HOURS_FLOW, back_by_id=by.account_id, back_at=clock.now(), why=why)
    announce(events.HoursTakenBack(**_of(row, by), reason=why), by=by)
    try:
        minutes.take_back(row, by=by)
    except OverdraftRefused:
        raise SpentAlready(name=row.volunteer.resident.name) from None
    return row


def _checked(line: Was, *, by: Actor) -> Hours:
    slot, came_at, left_at = line
    shift, volunteer = slot.shift, slot.volunteer
    if slot.state != SlotState.TAKEN:
        raise states.ForbiddenMove()
    if slot.missed:
        raise DidNotCome(name=volunteer.resident.name)
    if not shift.has_begun or left_at > clock.now():
        raise NotBegunYet()
    came_at, left_at = came_at.replace(second=0, microsecond=0), left_at.replace(second=0, microsecond=0)
    fits = shift.starts_at - AROUND <= came_at < shift.ends_at and shift.starts_at < left_at <= shift.ends_at + AROUND
    if not fits or not came_at < left_at <= came_at + LONGEST:
        raise NotOfThatShift()
    worked = round((left_at - came_at) / timedelta(minutes=1))
    return Hours(
        id=new_id(),
        slot=slot,
        volunteer=volunteer,
        came_at=came_at,
        left_at=left_at,
        minutes=worked,
        credited=limits.rule_on(as_day(came_at)).credited(worked),
        own_account_id=volunteer.resident.account_id,
        noted_by_id=by.account_id,
    )


def _refuse_overlaps(rows: Sequence[Hours]) -> None:
    """Nobody was in two places. Whoever notes hours holds the volunteers; the database has the last word."""
    if not rows:
        return
    first, last = min(row.came_at for row in rows), max(row.left_at for row in rows)
    others = Hours.objects.standing().filter(volunteer__in={row.volunteer_id for row in rows})
    spans: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for volunteer_id, *span in others.filter(came_at__lt=last, left_at__gt=first).values_list(
        "volunteer", "came_at", "left_at"
    ):
        spans.setdefault(volunteer_id, []).append((span[0], span[1]))
    for row in rows:
        mine = spans.setdefault(row.volunteer_id, [])
        if any(came_at < row.left_at and left_at > row.came_at for came_at, left_at in mine):
            raise SomewhereElseThen(name=row.volunteer.resident.name)
        mine.append((row.came_at, row.left_at))


def _refuse_own(row: Hours, by: Actor) -> None:
    resident = row.volunteer.resident
    if resident.pk == by.resident_id or (by.account_id is not None and resident.account_id == by.account_id):
        raise OwnHours()
    if by.account_id is not None and row.noted_by_id == by.account_id:
        raise NotedByOneself()
    if resident.account_id != row.own_account_id:  # it has come, or gone, since it was noted
        row.own_account_id = resident.account_id
        row.save(update_fields=["own_account"])


def _why(reason: str) -> str:
    why: str = cleaned(Hours, {"why": reason})["why"]
    if not why:
        raise WhyNeeded()
    return why


def _locked_slots(ids: Iterable[UUID]) -> list[Slot]:
    """The places, behind whose they are and their shifts, in the one order."""
    rows = Slot.objects.filter(pk__in=list(ids))
    whose = Volunteer.objects.filter(pk__in=sorted(set(rows.values_list("volunteer_id", flat=True))))
    list(whose.select_for_update(of=("self",)).order_by("id"))
    shifts.hold(rows.values_list("shift_id", flat=True))
    found = rows.select_for_update(of=("self",)).prefetch_related("shift__team", "volunteer__resident")
    return list(found.order_by("id"))


def _locked(ids: Iterable[UUID]) -> list[Hours]:
    rows = Hours.objects.filter(pk__in=list(ids))
    shifts.hold(rows.values_list("slot__shift_id", flat=True))
    # asked for table by table: of four weeks at once a join of five is planned badly
    found = rows.select_for_update(of=("self",)).prefetch_related("slot__shift__team", "volunteer__resident")
    return list(found.order_by("id"))


def _about(slot: Slot) -> dict[str, Any]:
    return {
        "subject": source_of(slot),
        "shift_id": slot.shift_id,
        "number": slot.shift.number,
        "volunteer_id": slot.volunteer_id,
        "resident_id": slot.volunteer.resident_id,
        "what": slot.shift.what,
        "starts_at": slot.shift.starts_at,
    }


def _of(row: Hours, by: Actor) -> dict[str, Any]:
    own = by.account_id is not None and row.noted_by_id == by.account_id
    return {**_about(row.slot), "subject": source_of(row), "minutes": row.minutes, "is_own_note": own}
