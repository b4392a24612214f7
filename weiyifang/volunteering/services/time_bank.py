"""The time bank: what was approved is saved, and given on to whoever helped, or to whoever needs help.

Nobody gives more than they have: an account that cannot fall below zero, in the ledger. A mistake goes back by a second
entry, as long as the receiver has not given it on.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.look.wording import worked
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.ledger import services as ledger
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.volunteering import events, queries, rules
from weiyifang.volunteering.models import GIFT_FLOW, GiftState, TimeGift
from weiyifang.volunteering.services import minutes

MOST = 10_000  # minutes at once


class TooLittleTime(Refused):
    """More than is saved."""

    sentence = _("%(name)s has %(left)s in the time bank, and this is more. Give less.")


class NoTime(Refused):
    """Nothing, or more than anybody means."""

    sentence = _("Say how many minutes: at least one, at most 10,000.")
    status = 422


class ToOneself(Refused):
    """From somebody to the same person."""

    sentence = _("Giver and receiver are the same person. Choose somebody else.")
    status = 422


class OwnAdvantage(Refused):
    """Somebody who acts for another gave their time to themselves."""

    sentence = _(
        "Whoever acts for somebody else does not give that person's time to themselves. Ask the committee's office."
    )
    status = 403


class GivenOnAlready(Refused):
    """The receiver has too little left of it."""

    sentence = _("%(name)s has given this time on already, so it cannot be taken back.")


class ReasonForBack(Refused):
    """Taken back without a word."""

    sentence = _("Say in a few words why it is taken back: both will ask.")
    status = 422


class OfNobody(Refused):
    """From the community to the community."""

    sentence = _("Say whose time it is, or who gets it: one of both is a person.")
    status = 422


@transaction.atomic
def give_time(*, giver: Resident | None, receiver: Resident | None, amount: int, by: Actor) -> TimeGift:
    """Give `amount` minutes on: by whose they are, who may act for them, or noted at the desk.

    To None: to the community, for whoever needs help. From None: of the community's own, which the office gives.
    Raises `TooLittleTime`, `NoTime`, `ToOneself`, `OfNobody`, `OwnAdvantage`, `LivesElsewhere`. Announces `TimeGiven`.
    """
    require(rules.can_sign_up(by, giver) if giver else rules.can_manage_all(by))
    if giver == receiver:
        raise ToOneself() if giver else OfNobody()
    if receiver is not None:
        if by.resident_id == receiver.pk:
            raise OwnAdvantage()
        people.refuse_gone(receiver)
    if not 0 < amount <= MOST:
        raise NoTime()
    gift = TimeGift(giver=giver, receiver=receiver, minutes=amount, given_by_id=by.account_id)
    gift.save(force_insert=True)
    announce(events.TimeGiven(**about(gift), minutes=amount), by=by)
    try:
        minutes.give(gift, by=by)
    except ledger.OverdraftRefused:
        left = queries.saved_minutes(giver.pk) if giver else queries.community_minutes()
        raise TooLittleTime(name=called(giver), left=worked(left)) from None
    return gift


@transaction.atomic
def take_time_back(*, gift: TimeGift, reason: str, by: Actor) -> TimeGift:
    """It was a mistake, and the office puts it right. Raises `ReasonForBack`, `GivenOnAlready`, `OwnAdvantage`.

    Announces `TimeTakenBack`.
    """
    require(rules.can_manage_all(by))
    rows = TimeGift.objects.select_for_update(of=("self",)).select_related("giver", "receiver")
    gift = rows.get(pk=gift.pk)
    if gift.giver_id is not None and by.resident_id == gift.giver_id:
        raise OwnAdvantage()
    why = cleaned(TimeGift, {"back_why": reason})["back_why"]
    if not why:
        raise ReasonForBack()
    states.move(gift, GiftState.TAKEN_BACK, flow=GIFT_FLOW, back_at=clock.now(), back_why=why)
    announce(events.TimeTakenBack(**about(gift), minutes=gift.minutes, reason=why), by=by)
    try:
        minutes.reverse(source_of(gift), minutes.CREDITED, by=by)
    except ledger.OverdraftRefused:
        raise GivenOnAlready(name=called(gift.receiver)) from None
    return gift


def called(one: Resident | None) -> str:
    """Whose time it is, in words."""
    return one.name if one else gettext("the community")


def about(gift: TimeGift) -> dict[str, Any]:
    """What a fact says of it."""
    return {"subject": source_of(gift), "giver_id": gift.giver_id, "receiver_id": gift.receiver_id}
