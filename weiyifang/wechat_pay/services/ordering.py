"""What somebody wants to give: kept here first, then asked of WeChat by a job."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.server.jobs import by_name, enqueue
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.fund.books import is_open
from weiyifang.fund.services.limits import check_amount, open_purpose_of
from weiyifang.wechat_pay import events, terms
from weiyifang.wechat_pay.merchant import is_offered
from weiyifang.wechat_pay.models import OPEN, Order, Refund

ASK = "weiyifang.wechat_pay.tasks.ask"
ORDERS = "wechat order"  # what their numbers count


class NotOffered(Refused):
    """Nobody has set it up here, or there is no fund yet."""

    sentence = _("Gifts by WeChat Pay are not taken here yet. Come by, or call us.")


class TooLittle(Refused):
    """Below what is taken this way."""

    sentence = _("By WeChat Pay a gift is %(least)s yuan or more. Smaller coins are welcome in the donation box.")
    status = 422


class TooMuchAtOnce(Refused):
    """Above what is taken this way."""

    sentence = _("By WeChat Pay a gift is %(most)s yuan at most. Look whether there is a zero too many, or call us.")
    status = 422


class SomebodyGives(Refused):
    """A purpose cannot be closed while an order for it may still be paid."""

    sentence = _("Somebody is just paying a gift for it by WeChat. Try again in two hours at the latest.")


class TooMany(Refused):
    """More wait to be paid than a neighbourhood gives at one time: a flood."""

    sentence = _("Many are giving just now. Please try again in a few minutes; nothing was paid.")
    status = 429
    wait = 60


@dataclass(frozen=True, kw_only=True)
class Gift:
    """What `start` is told. `donor_name` is shown in public only when `is_named`."""

    amount_fen: int
    pool: str = "general"
    donor_name: str = ""
    is_named: bool = False
    note: str = ""


@transaction.atomic
def start(*, gift: Gift, by: Actor) -> Order:
    """Keep what somebody wants to give; a job asks WeChat for a code to pay with. Anybody may give, visitors too.

    Raises `NotOffered`, `TooLittle`, `TooMuchAtOnce`, `TooMany`, the fund's `NotPositive`, `UnknownCode` and
    `PurposeClosed`. Announces
    `GiftOrderMade`.
    """
    if not is_offered() or not is_open():
        raise NotOffered()
    rule = terms.rule()
    check_amount(gift.amount_fen)
    if gift.amount_fen < rule.least_yuan * 100:
        raise TooLittle(least=rule.least_yuan)
    if gift.amount_fen > rule.most_yuan * 100:
        raise TooMuchAtOnce(most=rule.most_yuan)
    open_purpose_of(gift.pool)
    if Order.objects.filter(state__in=OPEN, until__gt=clock.now()).count() >= rule.open_at_most:
        raise TooMany()
    said = cleaned(Order, {"donor_name": gift.donor_name, "note": gift.note})
    row = Order(
        number=next_number(ORDERS),
        trade_no=new_trade_no(),
        amount_fen=gift.amount_fen,
        pool=gift.pool,
        is_named=gift.is_named and bool(said["donor_name"]),
        resident_id=by.resident_id,
        until=clock.now() + timedelta(minutes=rule.pay_minutes),
        **said,
    )
    row.save(force_insert=True)
    enqueue(by_name(ASK), key=str(row.pk), order_id=str(row.pk))
    fact = events.GiftOrderMade(
        subject=source_of(row), number=row.number, trade_no=row.trade_no, amount_fen=row.amount_fen, pool=row.pool
    )
    announce(fact, by=by)
    return row


def check_nobody_gives(*, pool: str) -> None:
    """When a purpose is closed: raises `SomebodyGives` while an order for it may still be paid."""
    if Order.objects.filter(state__in=OPEN, pool=pool).exists():
        raise SomebodyGives()


def new_trade_no() -> str:
    """What WeChat knows an order by: whose it is (the 12 digits of the community), then what nobody guesses."""
    return f"{current_community_id():012d}{secrets.token_hex(10)}"


def community_in(trade_no: str) -> int | None:
    """Whose order a number is; None for one that is none of ours."""
    code = trade_no[:12]
    return int(code) if len(trade_no) == 32 and code.isascii() and code.isdecimal() else None


@transaction.atomic
def forget_person(*, resident_id: UUID, name: str, instead: str) -> None:
    """A person is forgotten: what they were about to give is nobody's, and why a gift went back names them no more."""
    mine = Order.objects.filter(resident=resident_id)
    mine.update(donor_name="", is_named=False, note="", resident=None)
    write_over(Refund.objects.all(), "reason", "answer", name=name, instead=instead)
