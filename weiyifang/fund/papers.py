"""Papers of what comes in, and of what the bank says: who sees and who adds them. Those of payments: `services.papers`.

They belong to the accounts: what was added stays, but for its first day.
"""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.core.look import wording
from weiyifang.core.tenancy import source_of
from weiyifang.files.models import What
from weiyifang.files.owners import Owner, Place
from weiyifang.fund import entries, rules
from weiyifang.fund.models import Donation, StatedBalance


def _gift(pk: UUID) -> Place | None:
    row = Donation.objects.filter(pk=pk).first()
    return Place(_where(row), _("Receipt no. %(number)d") % {"number": row.number}) if row else None


def _where(gift: Donation) -> str:
    """Its entry in the books, which all see who see the papers."""
    entry = entries.transfers().filter(source=source_of(gift)).first()
    return reverse("fund:entry", args=[entry.pk]) if entry else reverse("fund:income")


def _statement(pk: UUID) -> Place | None:
    row = StatedBalance.objects.filter(pk=pk).first()
    return Place(reverse("fund:statements"), f"{row.place} · {wording.full_day(row.stated_on)}") if row else None


OWNERS = {
    "fund.paymentrequest": Owner(may_see=rules.can_see_papers),
    "fund.donation": Owner(
        may_see=rules.can_see_papers_of_gift,
        may_change=lambda _pk, actor: rules.can_record_income(actor),
        place=_gift,
        labels=(What.SLIP, What.LETTER, What.OTHER),
        stays=True,
    ),
    "fund.statedbalance": Owner(
        may_see=lambda _pk, actor: rules.can_see_books(actor),
        may_change=lambda _pk, actor: rules.can_state_balance(actor),
        place=_statement,
        labels=(What.STATEMENT, What.OTHER),
        stays=True,
    ),
}
