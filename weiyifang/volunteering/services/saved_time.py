"""What becomes of saved time: who is to have it is named beforehand, and whoever is gone for good leaves it.

Nothing moves while leaving can be undone, so nobody has to give back what was a mistake. What went to the community
comes back to whoever lives here again later, as far as it is still there; what a person got is theirs.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import transaction

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.ledger import services as ledger
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.volunteering import events, parting, queries, rules
from weiyifang.volunteering.models import GIFT_FLOW, GiftState, TimeGift, TimeHeir
from weiyifang.volunteering.services import minutes
from weiyifang.volunteering.services.time_bank import OwnAdvantage, ToOneself, about


@transaction.atomic
def name_heir(*, giver: Resident, receiver: Resident | None, by: Actor) -> None:
    """Note who is to have what somebody has saved, should they leave or die; None: the community. Can be changed.

    Whoever acts for them, or the desk, may note it, but not in their own favour. Announces `TimeHeirNamed`; nobody is
    told. Raises `ToOneself`, `OwnAdvantage`, `LivesElsewhere`.
    """
    require(rules.can_sign_up(by, giver))
    giver = people.locked_here(giver)
    if receiver is not None:
        if giver.pk == receiver.pk:
            raise ToOneself()
        if by.resident_id == receiver.pk:
            raise OwnAdvantage()
        people.refuse_gone(receiver)
    row = TimeHeir.objects.filter(giver=giver).first()  # only whoever holds the giver writes it
    if (row.receiver_id if row else None) == (receiver.pk if receiver else None):
        return
    row = row or TimeHeir(giver=giver)
    row.receiver, row.named_at = receiver, clock.now()
    row.save()
    announce(
        events.TimeHeirNamed(subject=source_of(row), giver_id=giver.pk, receiver_id=receiver.pk if receiver else None),
        by=by,
    )


def pass_on_saved(*, by: Actor) -> int:
    """Let the saved time of all who are gone for good go on, each in a transaction of its own. Returns of how many."""
    count = 0
    for pk in parting.gone_with_time():
        with suppress(ledger.OverdraftRefused):  # the desk gave it on at this moment: the next night looks again
            count += pass_on(resident_id=pk, by=by) is not None
    return count


@transaction.atomic
def pass_on(*, resident_id: UUID, by: Actor) -> TimeGift | None:
    """What one person has saved goes to whom they named, or to the community; None if they came back meanwhile.

    Announces `TimeLeft`.
    """
    require(by.is_system)
    giver = people.locked_gone(resident_id)
    saved = queries.saved_minutes(resident_id)
    if giver is None or not saved:
        return None
    receiver = parting.heirs_of([giver.pk]).get(giver.pk)
    gift = TimeGift(giver=giver, receiver=receiver, minutes=saved, is_left=True)
    gift.save(force_insert=True)
    announce(events.TimeLeft(**about(gift), minutes=saved), by=by)
    minutes.give(gift, by=by)
    return gift


def hold_left(*, resident_id: UUID) -> None:
    """Lock what somebody left to the community, so that what else comes back can be locked behind it (`reactions`)."""
    list(parting.left_to_community(resident_id).select_for_update(of=("self",)))


@transaction.atomic
def bring_back(*, resident_id: UUID, by: Actor) -> None:
    """Somebody lives here again: what they had left to the community is theirs, if it was not given to others.

    Announces `TimeCameBack` for each.
    """
    require(by.is_system)
    for gift in parting.left_to_community(resident_id).select_for_update(of=("self",)):
        try:
            with transaction.atomic():
                minutes.reverse(source_of(gift), minutes.CREDITED, by=by)
        except ledger.OverdraftRefused:
            continue  # it helped somebody meanwhile
        states.move(gift, GiftState.TAKEN_BACK, flow=GIFT_FLOW, back_at=clock.now())
        announce(events.TimeCameBack(**about(gift), minutes=gift.minutes), by=by)
