"""Somebody who cannot come looks for somebody else: a stand-in, or a swap of two shifts.

Until another has said yes it stays theirs. Whoever takes it over is looked at as if they took it on by themselves, and
both changes are one transaction: never does nobody have the place, never do two.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.volunteering import events, queries, rules
from weiyifang.volunteering.models import Belonging, Shift, Slot, SlotState, Volunteer
from weiyifang.volunteering.services import helping, shifts, slots
from weiyifang.volunteering.services.slots import GivenBackAlready, NotInTheTeam, OnItAlready


class NotSought(Refused):
    """Nobody looks for a stand-in here, or somebody else was asked."""

    sentence = _("Nobody looks for a stand-in here any more. Look at the other shifts.")


class NobodyOfThatName(Refused):
    """Nobody in the team is called so, or several are."""

    sentence = _("In your team there is nobody of that name, or more than one. Ask the whole team instead.")
    status = 422


class NotYours(Refused):
    """What is offered in exchange is not, or no longer, theirs or on offer."""

    sentence = _("This shift is not on offer any more. Look at the page again.")


@transaction.atomic
def seek_stand_in(*, slot: Slot, colleague: str = "", by: Actor) -> Slot:
    """Ask the team whether somebody else would do it, or one colleague by name; until then it stays one's own.

    Raises `GivenBackAlready`, `ShiftOver`, `NobodyOfThatName`. Announces `StandInSought`.
    """
    shift, slot = slots.locked(slot)
    require(rules.can_sign_up(by, slot.volunteer.resident))
    _refuse_over(shift, slot)
    asked = _colleague(shift, slot, colleague) if colleague else None
    if not slot.seeks_stand_in or slot.asked_id != (asked.pk if asked else None):
        slot.seeks_stand_in, slot.asked = True, asked
        slot.save(update_fields=["seeks_stand_in", "asked"])
        who = asked.resident_id if asked else None
        announce(events.StandInSought(**slots.about(slot, shift), asked_id=who), by=by)
    return slot


@transaction.atomic
def end_search(*, slot: Slot, by: Actor) -> Slot:
    """Look for nobody any more; or, as the colleague who was asked, say no. It stays whose it was.

    Raises `NotSought`. Announces `StandInSearchEnded`.
    """
    shift, slot = slots.locked(slot)
    if slot.state != SlotState.TAKEN or not slot.seeks_stand_in:
        raise NotSought()
    was_asked = slot.asked is not None and slot.asked.resident_id == by.resident_id
    require(was_asked or rules.can_sign_up(by, slot.volunteer.resident))
    slot.seeks_stand_in, slot.asked = False, None
    slot.save(update_fields=["seeks_stand_in", "asked"])
    announce(events.StandInSearchEnded(**slots.about(slot, shift), is_own_wish=not was_asked), by=by)
    return slot


@transaction.atomic
def stand_in(*, slot: Slot, sure: bool = False, by: Actor) -> Slot:
    """Do it instead of whoever looks for a stand-in: in one step, or it stays theirs. Raises `NotSought`, and what
    `claim` raises. Announces `SlotGivenBack` and `SlotTaken`.
    """
    other = _hold(_oneself(by), slot.volunteer_id)
    shift, slot = slots.locked(slot)
    versions.check(shift, by)
    _refuse_unsought(shift, slot, other)
    slots.end_place(shift, slot, by=by)
    return slots.take(shift, slot.need, other, sure=sure, by=by)


@transaction.atomic
def offer_swap(*, slot: Slot, instead: Slot, sure: bool = False, by: Actor) -> Slot:
    """Do it instead of whoever looks for a stand-in, if they do `instead`, one of one's own. They say yes or no.

    Both must be able to: it is tried and undone. Raises `NotYours`, and what `stand_in` raises. Announces
    `SwapOffered`.
    """
    me = _hold(_oneself(by), slot.volunteer_id)
    (shift, slot), (other_shift, mine) = _both(slot, instead)
    versions.check(shift, by)
    _refuse_unsought(shift, slot, me)
    if mine.volunteer_id != me.pk or mine.state != SlotState.TAKEN or other_shift.has_begun:
        raise NotYours()
    with transaction.atomic():
        _exchange((shift, slot), (other_shift, mine), sure={slot.volunteer_id} | ({me.pk} if sure else set()), by=by)
        transaction.set_rollback(True)
    if mine.swap_for_id != slot.pk:
        Slot.objects.filter(pk=mine.pk).update(swap_for=slot)
        fact = events.SwapOffered(
            **slots.about(mine, other_shift), sought_number=shift.number, sought_id=slot.volunteer.resident_id
        )
        announce(fact, by=by)
    mine.refresh_from_db()  # as it was before it was tried
    return mine


@transaction.atomic
def withdraw_swap(*, offered: Slot, by: Actor) -> Slot:
    """Not swap after all. Raises `NotYours` when there is no offer. Announces `SwapWithdrawn`."""
    shift, mine = slots.locked(offered)
    require(rules.can_sign_up(by, mine.volunteer.resident))
    if mine.swap_for_id is None:
        raise NotYours()
    mine.swap_for = None
    mine.save(update_fields=["swap_for"])
    announce(events.SwapWithdrawn(**slots.about(mine, shift)), by=by)
    return mine


@transaction.atomic
def swap(*, offered: Slot, sure: bool = False, by: Actor) -> list[Slot]:
    """Say yes to an offer: both shifts change hands, or none. Returns the two new places, first the other person's.

    Raises `NotYours`, `NotSought`, and what `claim` raises; `Doubtful` of one's own new shift, unless `sure`. Announces
    `ShiftsSwapped`.
    """
    if offered.swap_for is None:
        raise NotYours()
    sought, other_id = offered.swap_for, offered.volunteer_id
    me = _oneself(by)
    if sought.volunteer_id != me.pk:
        raise NotAllowed()
    _hold(me, other_id)
    (shift, slot), (other_shift, theirs) = _both(sought, offered)
    versions.check(other_shift, by)
    if theirs.swap_for_id != slot.pk or theirs.state != SlotState.TAKEN or other_shift.has_begun:
        raise NotYours()
    _refuse_unsought(shift, slot, theirs.volunteer)
    sure_of = {other_id} | ({me.pk} if sure else set())
    made = _exchange((shift, slot), (other_shift, theirs), sure=sure_of, by=by)
    fact = events.ShiftsSwapped(
        **slots.about(slot, shift),
        other_id=theirs.volunteer.resident_id,
        leads=tuple(sorted({one.team.leader_id for one in (shift, other_shift) if one.team.leader_id is not None})),
        ended=(slot.pk, theirs.pk),
        slots=tuple(one.pk for one in made),
        shifts=tuple(one.shift_id for one in made),
        needs=tuple(one.need_id for one in made),
        volunteers=tuple(one.volunteer_id for one in made),
    )
    announce(fact, by=by)
    return made


def _exchange(
    sought: tuple[Shift, Slot], offered: tuple[Shift, Slot], *, sure: Iterable[UUID], by: Actor
) -> list[Slot]:
    """Each into the other's place; doubts are raised of those who are not `sure` (ids of volunteers)."""
    both = [sought, offered]
    for _shift, slot in sorted(both, key=lambda one: one[1].pk):
        slots.empty(slot, by=by)
    made = []
    for (shift, slot), (_other, whose) in zip(both, reversed(both), strict=True):
        one = whose.volunteer
        if not Belonging.objects.live().filter(team=shift.team, volunteer=one).exists():
            raise NotInTheTeam(team=shift.team.name)
        made.append(slots.put(shift, slot.need, one, sure=one.pk in sure, by=by))
    return made


def _oneself(by: Actor) -> Volunteer:
    me = queries.volunteer_of(by.resident_id)
    if me is None:
        raise helping.NotAVolunteer(name=by.name)
    return me


def _hold(me: Volunteer, other_id: UUID) -> Volunteer:
    """Both volunteers, locked in the one order; returns oneself as it is now."""
    for pk in sorted({me.pk, other_id}):
        locked = helping.locked(Volunteer(pk=pk))
        me = locked if pk == me.pk else me
    return me


def _both(one: Slot, other: Slot) -> tuple[tuple[Shift, Slot], tuple[Shift, Slot]]:
    """Both places with their shifts, locked in the one order."""
    shifts.hold([one.shift_id, other.shift_id])
    return slots.locked(one), slots.locked(other)


def _refuse_over(shift: Shift, slot: Slot) -> None:
    if slot.state != SlotState.TAKEN:
        raise GivenBackAlready()
    if shift.has_begun:
        raise shifts.ShiftOver()


def _refuse_unsought(shift: Shift, slot: Slot, other: Volunteer) -> None:
    """Can `other` do it instead, as far as the place itself says?"""
    if slot.state != SlotState.TAKEN or not slot.seeks_stand_in:
        raise NotSought()
    if slot.asked is not None and slot.asked.until is None and slot.asked_id != other.pk:
        raise NotSought()
    if not Belonging.objects.live().filter(team=shift.team, volunteer=other).exists():
        raise NotInTheTeam(team=shift.team.name)
    if shift.has_begun:
        raise shifts.ShiftOver()
    if other.pk == slot.volunteer_id:
        raise OnItAlready(name=other.resident.name)


def _colleague(shift: Shift, slot: Slot, name: str) -> Volunteer:
    found = queries.colleagues_named(shift.team, name)
    if len(found) != 1 or found[0].pk == slot.volunteer_id:
        raise NobodyOfThatName()
    return found[0]
