"""What activities mean for the fund."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from weiyifang.activities.events import LessonAttended, LessonVoided, StallProceedsCounted, StallProceedsTakenBack
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.fund import books
from weiyifang.fund import services as fund
from weiyifang.fund.models import Method
from weiyifang.fund.services import Receipt


def receive_lesson_fee(fact: LessonAttended) -> None:
    """The teacher gives the fee of each lesson, or what of it is not their own share, to the fund; the attendance is
    the key, so it is received once.

    The roster of a sealed month is booked into the open one, with its own day on the receipt.
    A community that keeps no fund receives nothing: the fee stays between teacher and pupil.
    """
    if fact.fund_fen and books.is_open():
        receipt = Receipt(
            channel="tuition",
            amount_fen=fact.fund_fen,
            received_on=fact.held_on,
            method=Method.WECHAT,
            note=fact.title,
            source=fact.subject,
            late=True,
        )
        fund.receive(receipt=receipt, by=system())


def receive_market_proceeds(fact: StallProceedsCounted) -> None:
    """What two people counted alike at a stall; the count is the key. The receipt says which market and stall.

    A stall that sold nothing brings nothing in; a community that keeps no fund receives nothing.
    """
    if fact.amount_fen and books.is_open():
        with translation.override(settings.LANGUAGE_CODE):  # a note that is kept, whoever counted
            note = _("%(title)s, no. %(activity)d-%(date)d, stall %(stall)d") % vars(fact)
        receipt = Receipt(
            channel="market",
            amount_fen=fact.amount_fen,
            received_on=clock.today(),
            method=Method.CASH,
            organization=fact.organization,
            note=note,
            source=fact.subject,
        )
        fund.receive(receipt=receipt, by=system())


def give_market_proceeds_back(fact: StallProceedsTakenBack) -> None:
    """The count was a mistake, so it is taken back by a second entry."""
    fund.take_back_of(source=fact.subject, reason=fact.reason, by=system())


def give_lesson_fee_back(fact: LessonVoided) -> None:
    """The attendance was a mistake, so its fee is taken back by a second entry."""
    fund.take_back_of(source=fact.subject, reason=str(LessonVoided.words), by=system())
