"""Somebody helps no more: by their own wish, because they live elsewhere, or because they are forgotten."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.volunteering import events, rules
from weiyifang.volunteering.models import Belonging, HelpRequest, Hours, Shift, Slot, Team, TimeGift, Volunteer
from weiyifang.volunteering.services import helping, requests, shifts, slots


def hold(*, resident_id: UUID) -> None:
    """Lock what signing off changes, so that what else ends with it can be locked behind it (`reactions`).

    Who holds a volunteer's row keeps them from taking anything on, so all of it is held from here on.
    """
    _hold_places(resident_id)
    requests.hold_all_of(resident_id=resident_id)


def _hold_places(resident_id: UUID) -> None:
    whose = {"volunteer__resident_id": resident_id}
    for volunteer in Volunteer.objects.filter(resident_id=resident_id).order_by("id"):
        helping.locked(volunteer)
    list(Belonging.objects.live().filter(**whose).select_for_update(of=("self",)).order_by("id"))
    asked_for = HelpRequest.objects.standing().filter(resident_id=resident_id, shift__isnull=False)
    mine = Slot.objects.to_come().filter(**whose).values_list("shift_id", flat=True)
    shifts.hold([*mine, *asked_for.values_list("shift_id", flat=True)])


@transaction.atomic
def sign_off(*, volunteer: Volunteer, by: Actor) -> Volunteer:
    """They help no more: their places in teams end with it, and what they took on is open to others again.

    Raises `OverAlready`. Announces `VolunteerSignedOff`, and `SlotGivenBack` for each.
    """
    volunteer = helping.locked(volunteer)
    require(rules.can_sign_up(by, volunteer.resident))
    if volunteer.until is not None:
        raise helping.OverAlready()
    volunteer.until = max(clock.today(), volunteer.since)
    volunteer.save(update_fields=["until"])
    Belonging.objects.live().filter(volunteer=volunteer).update(until=Greatest(F("since"), Value(clock.today())))
    slots.free(volunteer=volunteer, by=by)
    announce(events.VolunteerSignedOff(**helping.about(volunteer)), by=by)
    return volunteer


def leave(*, resident_id: UUID, by: Actor) -> None:
    """What `reactions` calls when somebody leaves the community or is forgotten: they help no more and need none."""
    requests.withdraw_all_of(resident_id=resident_id, by=by)
    sign_off_resident(resident_id=resident_id, by=by)


def sign_off_resident(*, resident_id: UUID, by: Actor) -> None:
    """What `reactions` calls when somebody takes the consent back; and part of leaving."""
    for volunteer in Volunteer.objects.active().filter(resident_id=resident_id).order_by("id"):
        sign_off(volunteer=volunteer, by=by)


@transaction.atomic
def forget_person(*, resident_id: UUID, name: str, instead: str, by: Actor) -> None:
    """A person asked to be forgotten: they lead nothing, and their words go. Counts stay; they sign off after this."""
    require(by.is_system)
    Team.objects.filter(leader_id=resident_id).update(leader=None)  # whose duty it was ended with their account
    write_over(Team.objects.all(), "ended_why", "purpose", name=name, instead=instead)
    write_over(Volunteer.objects.all(), "words", name=name, instead=instead)
    _hold_places(resident_id)  # before shifts, as everybody locks them
    write_over(Shift.objects.all(), "what", "note", "off_why", name=name, instead=instead)
    Shift.objects.filter(help_requests__resident_id=resident_id).update(note="")  # what they said it is about
    shifts.hold(Hours.objects.filter(why__contains=name).values_list("slot__shift", flat=True))
    write_over(Hours.objects.all(), "why", name=name, instead=instead)
    requests.hold_all_of(resident_id=resident_id)
    write_over(TimeGift.objects.all(), "back_why", name=name, instead=instead)
    write_over(HelpRequest.objects.all(), "place", "remark", "why", name=name, instead=instead)
    HelpRequest.objects.filter(resident_id=resident_id).update(place="", remark="", why="")
    Volunteer.objects.filter(resident_id=resident_id).update(words="", is_named=False)
    timeline.forget_remarks([source_of(row) for row in Volunteer.objects.filter(resident_id=resident_id)])
