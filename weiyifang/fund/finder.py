"""Finding money: payments by what they are for, to whom, on which paper; every entry of the fund by its papers.

By number: a payment's, a receipt's for whoever sees the books, the number of the bank's slip, the entry's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.core.actors import Actor
from weiyifang.core.look.wording import day
from weiyifang.core.money import yuan
from weiyifang.core.text import number
from weiyifang.core.web.finding import Finder, Hit, Sought, has_number, number_first
from weiyifang.fund import entries, queries, rules
from weiyifang.fund.books import is_open
from weiyifang.fund.models import PaymentRequest, Purpose
from weiyifang.ledger.models import Transfer


def _payments(sought: Sought) -> QuerySet[PaymentRequest]:
    rows = queries.payments_saying(rules.visible_to(sought.by), str(sought.number or sought.words))
    return number_first(rows, sought, "-number")


def _payment_hits(rows: Sequence[PaymentRequest], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=f"{row.number} · {row.title}",
            desc=" · ".join([_("%(amount)s yuan") % {"amount": yuan(row.amount_fen)}, row.payee, row.standing]),
            route="fund:payment",
            args=(row.pk,),
            is_exact=row.number == sought.number,
        )
        for row in rows
    ]


def _id(sought: Sought) -> UUID | None:
    with suppress(ValueError):
        return UUID(sought.words)
    return None


def _is_kept(actor: Actor) -> bool:
    """Is there a fund? What it did is everybody's to read."""
    return is_open()


def _entries(sought: Sought) -> QuerySet[Transfer]:
    """Of givers only what everybody may read."""
    if (pk := _id(sought)) is not None:
        return entries.transfers().filter(pk=pk)
    numbered = sought.number if sought.at_desk and rules.can_see_books(sought.by) else None
    return entries.transfers(entries.Sought(words=sought.words, receipt=numbered))


def _entry_hits(rows: Sequence[Transfer], sought: Sought) -> list[Hit]:
    at_desk = sought.at_desk and rules.can_see_books(sought.by)
    typed = number(sought.words)
    return [
        Hit(
            title=one.title,
            desc=" · ".join(
                filter(
                    None, [day(one.transfer.effective_on), _("%(amount)s yuan") % {"amount": yuan(one.fen)}, one.who]
                )
            ),
            route="fund:entry" if at_desk else "fund:transfer",
            args=(one.transfer.pk,),
            is_exact=typed in {one.slip, str(one.transfer.pk)}
            or (at_desk and one.donation is not None and one.donation.number == sought.number),
        )
        for one in entries.entries(rows)
    ]


def _purposes(sought: Sought) -> QuerySet[Purpose]:
    said = Q(name__icontains=sought.words) | Q(words__icontains=sought.words) | Q(paper__icontains=sought.words)
    return Purpose.objects.filter(said | has_number(sought)).order_by("number")


def _purpose_hits(rows: Sequence[Purpose], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=row.name, desc=row.words, route="fund:purpose", args=(row.code,), is_exact=row.number == sought.number
        )
        for row in rows
    ]


FINDERS = (
    Finder(
        code="payments",
        label=gettext_lazy("Payments"),
        icon="book",
        may=rules.can_see_payments,
        rows=_payments,
        hits=_payment_hits,
    ),
    Finder(
        code="purposes",
        label=gettext_lazy("Purposes"),
        icon="fund",
        may=rules.can_see_books,
        rows=_purposes,
        hits=_purpose_hits,
    ),
    Finder(
        code="entries",
        label=gettext_lazy("Entries of the fund"),
        icon="fund",
        may=_is_kept,
        rows=_entries,
        hits=_entry_hits,
        public=True,
    ),
)
