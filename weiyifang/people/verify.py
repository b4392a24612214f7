"""The register's promises, recomputed from the rows."""

from __future__ import annotations

from weiyifang.core.faults import Fault
from weiyifang.people.models import Account, Duty, Resident


def check() -> list[Fault]:
    """The faults found in the community at hand."""
    return unproved_accounts()


def unproved_accounts() -> list[Fault]:
    """Records and duties are held by active accounts whose phone was proved."""
    unproved = Account.objects.exclude(is_active=True, phone_verified=True)
    held = {
        "record": Resident.objects.filter(account__in=unproved),
        "duty": Duty.objects.filter(account__in=unproved, until=None),
    }
    return [
        Fault(check="accounts", where=str(pk), what=f"nobody proved the account that holds this {what}")
        for what, rows in held.items()
        for pk in rows.order_by("pk").values_list("pk", flat=True)
    ]
