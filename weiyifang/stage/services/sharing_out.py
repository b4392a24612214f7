"""What was paid for a show, who gets which part, and giving it back. All of it lasts for ever: nothing is changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.money import yuan
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require, require_fresh
from weiyifang.stage import events, queries, rules
from weiyifang.stage.models import Engagement, Income, PaidBy, Party, Split, State
from weiyifang.stage.services.agreeing import NoPrice, about, locked
from weiyifang.stage.services.playing import ReasonMissing


class NotHeld(Refused):
    """Money for a show that was not held."""

    sentence = _("This show has not been noted as held. Note that first; then receive what was paid.")


class BeforeTheShow(Refused):
    """The day of the money is none on which it can have come."""

    sentence = _("Write the day the money arrived: not before the contract was made, and not in the future.")
    status = 422


class MoreThanAgreed(Refused):
    """All that was received together is more than the price."""

    sentence = _("Of the agreed price %(left)s yuan are still open, no more. Was it noted before?")
    status = 422


class GivenBackAlready(Refused):
    """An income is given back once."""

    sentence = _("This income was given back already.")


class MoreThanThere(Refused):
    """More is to be given back than was received."""

    sentence = _("Only %(there)s yuan were received. Give back this much or less.")
    status = 422


@transaction.atomic
def receive(
    *, engagement: Engagement, amount_fen: int, received_on: date, method: str = PaidBy.BANK, by: Actor
) -> Income:
    """Receive what was paid for a show that was held, and share it out as was agreed.

    The fund's part is recorded in its books by what follows from `IncomeReceived` (`reactions`), in this transaction.
    Raises `NotHeld`, `BeforeTheShow`, `NoPrice`, `MoreThanAgreed`, and what the fund refuses.
    """
    require(rules.can_record_income(by))
    require_fresh(by)
    engagement = locked(engagement)
    versions.check(engagement, by)
    if engagement.state != State.HELD or engagement.agreed_at is None:
        raise NotHeld()
    if not timezone.localtime(engagement.agreed_at).date() <= received_on <= clock.today():
        raise BeforeTheShow()
    if amount_fen <= 0:
        raise NoPrice()
    left = engagement.price_fen - queries.paid_for(engagement)
    if amount_fen > left:
        raise MoreThanAgreed(left=yuan(left))
    income = Income(engagement=engagement, amount_fen=amount_fen, method=PaidBy(method), received_on=received_on)
    fund_fen = _share(income, engagement)
    fact = events.IncomeReceived(
        **_about(income, engagement),
        amount_fen=amount_fen,
        fund_fen=fund_fen,
        method=income.method,
        received_on=received_on,
    )
    announce(fact, by=by)
    return income


@transaction.atomic
def give_back(*, income: Income, amount_fen: int, reason: str, by: Actor) -> Income | None:
    """Give back an income, or some of it: the whole is taken back, and what stays is received anew for the same day.

    So each party's part is exactly its share of what stays, and every entry stays to be seen. Returns the income that
    stays, if any. Announces `IncomeGivenBack`. Raises `GivenBackAlready`, `MoreThanThere`, `NoPrice`, `ReasonMissing`,
    and what the fund refuses (its part may have been spent).
    """
    require(rules.can_record_income(by))
    require_fresh(by)
    engagement = locked(Engagement(pk=income.engagement_id))
    income = Income.objects.get(pk=income.pk)  # nobody moves it but who holds the show
    if income.is_given_back:
        raise GivenBackAlready()
    if amount_fen <= 0:
        raise NoPrice()
    if amount_fen > income.amount_fen:
        raise MoreThanThere(there=yuan(income.amount_fen))
    why = cleaned(Income, {"given_back_why": reason})["given_back_why"]
    if not why:
        raise ReasonMissing()
    income.given_back_at, income.given_back_why = clock.now(), why
    income.save(update_fields=["given_back_at", "given_back_why"])
    left, left_fund_fen = income.amount_fen - amount_fen, 0
    stays: Income | None = None
    if left:
        stays = Income(
            engagement=engagement,
            amount_fen=left,
            method=income.method,
            received_on=income.received_on,
            instead_of=income,
        )
        left_fund_fen = _share(stays, engagement)
    fact = events.IncomeGivenBack(
        **_about(income, engagement),
        amount_fen=amount_fen,
        instead=source_of(stays) if stays else "",
        left_fen=left,
        left_fund_fen=left_fund_fen,
        method=income.method,
        received_on=income.received_on,
        reason=why,
    )
    announce(fact, by=by)
    return stays


def _share(income: Income, engagement: Engagement) -> int:
    """Keep an income and its parts; returns the fund's, in fen."""
    income.save(force_insert=True)
    rows = [
        Split(id=new_id(), income=income, whose=party, resident_id=resident_id, amount_fen=fen)
        for (party, resident_id), fen in queries.parts_due(engagement, income.amount_fen).items()
    ]
    fill_community(rows)
    Split.objects.bulk_create(rows)
    return sum(row.amount_fen for row in rows if row.whose == Party.FUND)


def _about(income: Income, engagement: Engagement) -> dict[str, Any]:
    return {
        **about(engagement),
        "subject": source_of(income),
        "engagement_id": engagement.pk,
        "organization": engagement.organization,
        "is_purchase": engagement.is_purchase,
    }
