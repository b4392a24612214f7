"""The books beside what the bank, WeChat and the cash box say: only that shows whether they are right."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.money import MOST_FEN, yuan
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import events, queries, rules
from weiyifang.fund.models import MONEY_ACCOUNT, Method, StatedBalance
from weiyifang.fund.services.keeping import books_for
from weiyifang.fund.services.limits import TooMuch, UnknownCode
from weiyifang.ledger import queries as ledger


class NotOver(Refused):
    """A day that has not come."""

    sentence = _("That day has not come yet. Write the day the statement or the count is of.")
    status = 422


class BelowNothing(Refused):
    """No place of money holds less than nothing."""

    sentence = _("Write what is there: nothing, or more.")
    status = 422


class NotExplained(Refused):
    """A difference needs a word, of somebody who has seen it."""

    sentence = _("They say %(stated)s, the books say %(booked)s. Write where the difference comes from.")
    status = 422


class DifferenceNotSeen(Refused):
    """A difference that was explained before it was known."""

    sentence = _("They say %(stated)s, the books say %(booked)s. If your note explains that, send it once more.")
    status = 422


@transaction.atomic
def state_balance(*, method: str, stated_on: date, stated_fen: int, note: str = "", by: Actor) -> StatedBalance:
    """Write down what the bank, WeChat or a count of the cash says was there when a day ended, beside the books.

    A difference is written down, too, with the word that explains it; whoever explains it has seen what the books say
    (`queries.booked_figure`). Raises `NotOver`, `BelowNothing`, `NotExplained`, `DifferenceNotSeen`, `UnknownCode`,
    `TooMuch`. Announces `BalanceStated`.
    """
    require(rules.can_state_balance(by))
    require_fresh(by)
    if method not in Method.values:
        raise UnknownCode()
    if type(stated_fen) is not int or stated_fen < 0:
        raise BelowNothing()
    if stated_fen > MOST_FEN:
        raise TooMuch(most=yuan(MOST_FEN))
    if stated_on > clock.today():
        raise NotOver()
    here = books_for(by)
    booked = ledger.balance(here.account(MONEY_ACCOUNT[Method(method)]), on=stated_on)
    if booked != stated_fen:
        both = {"stated": yuan(stated_fen), "booked": yuan(booked)}
        if not note.strip():
            raise NotExplained(**both)
        try:
            versions.check(queries.booked_figure(method, stated_on), by)
        except versions.NotSeen:
            raise DifferenceNotSeen(**both) from None
    row = StatedBalance(
        method=method,
        stated_on=stated_on,
        stated_fen=stated_fen,
        booked_fen=booked,
        note=note,
        entered_by_id=by.account_id,
    )
    row.save(force_insert=True)
    announce(
        events.BalanceStated(
            subject=source_of(row),
            method=method,
            stated_on=stated_on,
            stated_fen=stated_fen,
            booked_fen=booked,
        ),
        by=by,
    )
    return row
