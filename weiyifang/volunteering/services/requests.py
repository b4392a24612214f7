"""Requests for help: asked for, taken by a volunteer or a team, done; or no longer needed, or nobody was found.

Whoever takes one takes on a shift with one task: calendars, rest and hours are those of every shift.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people import services as people
from weiyifang.people.models import Resident, SensitiveRead
from weiyifang.volunteering import events, kinds, queries, rules
from weiyifang.volunteering.models import HELP_FLOW, HelpRequest, HelpState, Shift, Team, Volunteer
from weiyifang.volunteering.services import helping, shifts, slots, teams
from weiyifang.volunteering.services.changing import TimeIsOver
from weiyifang.volunteering.services.hours import NotBegunYet

MOST_OPEN = 5  # of one person at a time
AT_HOME = "邻居家"  # where one meets, as the team reads it; the address is for whoever takes it on


class TooManyRequests(Refused):
    """So many of one person's requests stand."""

    sentence = _("%(name)s has %(most)s requests that still stand. Take one back, or ask the committee's office.")


class UnknownHelp(Refused):
    """A kind that is not on the list."""

    sentence = _("Choose what it is about from the list.")
    status = 422


class NotTheirsToDo(Refused):
    """Somebody takes a request for a team they are not in."""

    sentence = _("Only members of a service team take this on. Join a team first.")
    status = 403


class OwnRequest(Refused):
    """Somebody takes what they asked for themselves."""

    sentence = _("You asked for this yourself. Somebody else does it.")


class WhyNobody(Refused):
    """Nobody was found, without a word."""

    sentence = _("Say in a few words what was tried: whoever asked reads it.")
    status = 422


@transaction.atomic
def ask_for_help(
    *, resident: Resident, kind: str, starts_at: datetime, ends_at: datetime, place: str, remark: str = "", by: Actor
) -> HelpRequest:
    """Ask for somebody's help: for oneself, for whom one acts, or at the desk. `place` is for whoever does it.

    Raises `LivesElsewhere`, `UnknownHelp`, `TimesWrong`, `TimeIsOver`, `TooManyRequests`. Announces `HelpAsked`.
    """
    require(rules.can_sign_up(by, resident))
    people.refuse_gone(resident)
    if not kinds.chosen(kinds.HELP, [kind]):
        raise UnknownHelp()
    shifts.refuse_odd_times(starts_at, ends_at)
    if starts_at <= clock.now():
        raise TimeIsOver()
    if HelpRequest.objects.standing().filter(resident=resident, ends_at__gt=clock.now()).count() >= MOST_OPEN:
        raise TooManyRequests(name=resident.name, most=MOST_OPEN)
    said = cleaned(HelpRequest, {"place": place, "remark": remark})
    row = HelpRequest(
        number=next_number("help"),
        resident=resident,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        asked_by_id=by.account_id,
        **said,
    )
    row.save(force_insert=True)
    announce(events.HelpAsked(**shifts.about_help(row)), by=by)
    return row


@transaction.atomic
def take_request(*, request: HelpRequest, team: Team, sure: bool = False, by: Actor) -> HelpRequest:
    """Do it oneself, as a member of a team: a shift of the team with oneself in it.

    Raises `NotTheirsToDo`, `OwnRequest`, what `claim` raises, and `StaleState` when somebody was faster. Announces
    `ShiftPlanned`, `SlotTaken` and `HelpTaken`.
    """
    me = queries.volunteer_of(by.resident_id)
    if me is None:
        raise helping.NotAVolunteer(name=by.name)
    if request.resident_id == by.resident_id:
        raise OwnRequest()
    team, me = teams.locked(team), helping.locked(Volunteer(pk=me.pk))
    if queries.belongs(team, by.resident_id) is None:
        raise NotTheirsToDo()
    shift = _becomes_a_shift(request, team, by=by)
    row = _taken(request, shift, by=by)
    slots.take(shift, shift.needs.get(), me, sure=sure, by=by)
    announce(events.HelpTaken(**shifts.about_help(row), shift_id=shift.pk), by=by)
    return row


@transaction.atomic
def hand_to_team(*, request: HelpRequest, team: Team, by: Actor) -> HelpRequest:
    """Whoever looks after a team takes it for the team: a shift that its members see. Raises what `plan` raises.

    Announces `ShiftPlanned` and `HelpTaken`.
    """
    team = teams.locked(team)
    require(rules.can_manage(by, team))
    shift = _becomes_a_shift(request, team, by=by)
    row = _taken(request, shift, by=by)
    announce(events.HelpTaken(**shifts.about_help(row), shift_id=shift.pk), by=by)
    return row


@transaction.atomic
def withdraw_request(*, request: HelpRequest, by: Actor) -> HelpRequest:
    """It is not needed any more: by whose it is, who acts for them, or the desk. Whoever took it on is told.

    Announces `HelpWithdrawn`, and `ShiftCalledOff`.
    """
    shift = shifts.locked(Shift(pk=request.shift_id)) if request.shift_id else None
    row = _locked(request, by)
    require(rules.can_sign_up(by, row.resident))
    _withdraw(row, shift if row.is_taken else None, by=by)
    return row


@transaction.atomic
def close_unfound(*, request: HelpRequest, reason: str, by: Actor) -> HelpRequest:
    """Nobody was found; whose it is is told, with the reason. Raises `WhyNobody`. Announces `HelpNotFound`."""
    row = _locked(request, by)
    require(rules.can_manage_all(by))
    why = cleaned(HelpRequest, {"why": reason})["why"]
    if not why:
        raise WhyNobody()
    states.move(row, HelpState.NOT_FOUND, flow=HELP_FLOW, closed_at=clock.now(), why=why)
    announce(events.HelpNotFound(**shifts.about_help(row), reason=why), by=by)
    return row


@transaction.atomic
def finish_request(*, request: HelpRequest, by: Actor) -> HelpRequest:
    """It is done: said by whose it is, by whoever did it, or by the desk, once it has begun. From then on nobody reads
    the address here. Raises `NotBegunYet`. Announces `HelpDone`.
    """
    row = _locked(request, by)
    require(rules.does(by, row) or rules.can_sign_up(by, row.resident))
    if row.starts_at > clock.now():
        raise NotBegunYet()
    states.move(row, HelpState.DONE, flow=HELP_FLOW, closed_at=clock.now())
    announce(events.HelpDone(**shifts.about_help(row)), by=by)
    return row


@transaction.atomic
def read_address(*, request: HelpRequest, by: Actor) -> SensitiveRead:
    """Whoever does it, or the office, wants to see where it is and whom to call; whose it is sees that they looked."""
    row = HelpRequest.objects.select_related("resident").get(pk=request.pk)
    require(rules.can_read_address(by, row))
    return people.note_reading(resident=row.resident, fields=queries.FIELDS, reason="service", by=by)


def hold_all_of(*, resident_id: UUID) -> list[HelpRequest]:
    """Lock what somebody asked for and still stands; part of `leaving.hold`."""
    rows = HelpRequest.objects.standing().filter(resident_id=resident_id)
    return list(rows.select_for_update(of=("self",)).order_by("id"))


def withdraw_all_of(*, resident_id: UUID, by: Actor) -> None:
    """Part of leaving: what they asked for is needed no more. Whoever calls it holds the shifts (`leaving.hold`)."""
    for row in hold_all_of(resident_id=resident_id):
        _withdraw(row, shifts.locked(Shift(pk=row.shift_id)) if row.shift_id else None, by=by)


def _withdraw(row: HelpRequest, shift: Shift | None, *, by: Actor) -> None:
    states.move(row, HelpState.WITHDRAWN, flow=HELP_FLOW, closed_at=clock.now())
    announce(events.HelpWithdrawn(**shifts.about_help(row)), by=by)
    if shift is not None and not shift.is_off and not shift.is_over:
        shifts.end(shift, str(_("It is no longer needed.")), by=by)


def _becomes_a_shift(request: HelpRequest, team: Team, *, by: Actor) -> Shift:
    if request.starts_at <= clock.now():
        raise TimeIsOver()
    (shift,) = shifts.write(
        team,
        [(request.starts_at, request.ends_at)],
        {"what": kinds.HELP.name_of(request.kind), "place": AT_HOME, "note": request.remark},
        [shifts.Wanted(kinds.HELP.name_of(request.kind), 1)],
        by=by,
    )
    return shifts.locked(shift)


def _taken(request: HelpRequest, shift: Shift, *, by: Actor) -> HelpRequest:
    """The request is locked behind the shift; who was faster wins, and this shift was never there."""
    row = _locked(request, by)
    states.move(row, HelpState.TAKEN, flow=HELP_FLOW, shift=shift)
    return row


def _locked(request: HelpRequest, by: Actor) -> HelpRequest:
    rows = HelpRequest.objects.select_for_update(of=("self",)).select_related("resident")
    row = rows.get(pk=request.pk)
    versions.check(row, by)
    return row
