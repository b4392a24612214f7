"""A month that does not agree is sealed with a word of two people, and not before."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.banking import events, queries, reconciling, rules
from weiyifang.banking.models import BankAccount, Explanation
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.look.wording import full_month
from weiyifang.core.money import yuan
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require


class NotReconciled(Refused):
    """The bank says something else, and nobody has said why."""

    sentence = _(
        "%(month)s cannot be sealed yet, for %(place)s does not agree with the books: %(lines)s lines not matched, "
        "%(days)s days without a statement, a difference of %(fen)s yuan. Put it right, or let two people say why."
    )


class NothingToExplain(Refused):
    """It agrees, or its statements begin later."""

    sentence = _("There is nothing to explain: the statements and the books agree.")


def check_month(*, month: date) -> None:
    """When a month is sealed: raises `NotReconciled` for the first place that neither agrees nor is explained."""
    for account in BankAccount.objects.order_by("method"):
        seen = reconciling.month(account, month)
        if seen is not None and not seen.may_be_sealed:
            values = seen.figures.values
            raise NotReconciled(
                month=full_month(seen.first),
                place=account.place,
                lines=values["open_lines"] + values["aside_lines"],
                days=values["missing_days"],
                fen=yuan(values["difference_fen"]),
            )


@transaction.atomic
def explain(*, account: BankAccount, month: date, word: str, by: Actor) -> Explanation:
    """Say why a month does not agree, having seen its figures. Another has to confirm it. Announces `MonthExplained`.

    It is of the figures as they are: when they change it counts no more. Raises `NothingToExplain`.
    """
    require(rules.can_keep(by))
    account = BankAccount.objects.select_for_update().get(pk=account.pk)
    seen = reconciling.month(account, month)
    if seen is None or seen.agrees:
        raise NothingToExplain()
    versions.check(seen.figures, by)
    word = cleaned(Explanation, {"word": word})["word"]
    row = Explanation(
        account=account, month=seen.first, word=word, figures=dict(seen.figures.values), asked_by_id=by.account_id
    )
    row.save(force_insert=True)
    announce(
        events.MonthExplained(
            subject=source_of(row), method=account.method, month=f"{month:%Y-%m}", word=word, **seen.figures.values
        ),
        by=by,
    )
    return row


@transaction.atomic
def confirm_explanation(*, row: Explanation, by: Actor) -> Explanation:
    """Another person confirms it, and the month may be sealed. Announces `MonthExplanationConfirmed`."""
    BankAccount.objects.select_for_update().get(pk=row.account_id)
    row = Explanation.objects.select_for_update(of=("self",)).select_related("account").get(pk=row.pk)
    require(rules.can_confirm(by, row))
    versions.check(row, by)
    seen = reconciling.month(row.account, row.month)
    if seen is None or seen.explanation != row:
        raise NothingToExplain()
    if row.confirmed_by_id is None:
        row.confirmed_by_id, row.confirmed_at = by.account_id, clock.now()
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        announce(
            events.MonthExplanationConfirmed(
                subject=source_of(row), method=row.account.method, month=f"{row.month:%Y-%m}"
            ),
            by=by,
        )
    return row


def months_open(account: BankAccount) -> list[reconciling.Month]:
    """The months that are over, since the statements begin, the newest first; a year of them."""
    found: list[reconciling.Month] = []
    day = clock.today().replace(day=1) - queries.ONE
    while len(found) < 12 and (seen := reconciling.month(account, day)) is not None:
        found.append(seen)
        day = seen.first - queries.ONE
    return found
