"""Who may do what with statements. They name people: seen by whoever keeps the books, or oversees that."""

from __future__ import annotations

from weiyifang.banking.models import Explanation
from weiyifang.core.actors import Actor
from weiyifang.people.roles import Permission


def can_see(actor: Actor) -> bool:
    """Read statements: whoever keeps the books, and whoever oversees them."""
    oversees = actor.may(Permission.RECORD_INCOME) or actor.may(Permission.SEE_TIMELINE)
    return actor.may(Permission.SEE_BOOKS) and oversees


def can_confirm(actor: Actor, row: Explanation) -> bool:
    """Confirm what another says of a month that does not agree: whoever approves payments."""
    return actor.may(Permission.APPROVE_PAYMENT) and row.asked_by_id != actor.account_id


def can_keep(actor: Actor) -> bool:
    """Import statements and match them: whoever keeps the books."""
    return actor.may(Permission.RECORD_INCOME)
