"""What the fund holds on one person: part of the person's own export."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Amount, Record


def held_on(resident: Resident) -> Iterable[Record]:
    """What they gave, taken-back entries too, and the payments they asked for."""
    for gift in Donation.objects.filter(resident=resident).order_by("-number"):
        yield {
            _("amount"): Amount(gift.amount_fen),
            _("received on"): gift.received_on,
            _("gift no."): gift.number,
            _("channel"): gift.channel_line.name,
            _("purpose"): gift.pool_line.name,
            _("how it was paid"): gift.get_method_display(),
            _("given as"): gift.donor_name,
            _("show the name in public"): gift.is_named,
            _("what for"): gift.note,
            _("reversed at"): gift.reversed_at,
        }
    if resident.account_id is None:
        return
    for asked in PaymentRequest.objects.filter(submitted_by=resident.account_id).order_by("-number"):
        yield {
            _("what for"): asked.title,
            _("payment request no."): asked.number,
            _("to whom"): asked.payee,
            _("amount"): Amount(asked.amount_fen),
            _("state"): asked.get_state_display(),
            _("submitted at"): asked.submitted_at,
            _("reason"): asked.reason,
        }
