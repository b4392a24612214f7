"""A payment's path as steps, for its page: what is done and by whom, what comes next and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.core.look.wording import when
from weiyifang.core.money import yuan
from weiyifang.fund.models import Decision, PaymentRequest, State


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. `state` is "done", "now" or "" (to come); `note` says by whom it was done, or whose it is."""

    title: str
    state: str = ""
    note: str = ""
    at: str = ""


def _done(title: str, who: Any, at: datetime | None) -> Step:
    return Step(title=title, state="done", note=str(who) if who else "", at=when(at) if at else "")


def _afterwards(row: PaymentRequest) -> list[Step]:
    """What came of it after it was paid, in the order in which it was said: money that came back, what was wrong."""
    made, left = [], row.amount_fen
    for one in row.corrections.select_related("decided_by").order_by("asked_at", "number"):
        if one.state == Decision.BOOKED:
            left -= one.amount_fen
            said = {"amount": yuan(one.amount_fen), "left": yuan(left)}
            back = _("%(amount)s yuan are back, %(left)s yuan stay paid") % said
            made.append(Step(title=one.get_kind_display(), state="done", note=back, at=when(one.decided_at)))
        elif one.state == Decision.ASKED:
            waits = _("%(amount)s yuan, waits for a second person") % {"amount": yuan(one.amount_fen)}
            made.append(Step(title=one.get_kind_display(), state="now", note=waits))
    return made


def steps(row: PaymentRequest) -> list[Step]:
    """The steps of one request, in order. A request that has ended otherwise shows what was done, and its end."""
    stands = row.stands
    made = [_done(pgettext("step", "Asked for"), row.submitted_by, row.submitted_at)]
    if row.checked_by_id:
        made.append(_done(pgettext("step", "Papers checked"), row.checked_by, row.checked_at))
    if row.approved_by_id:
        made.append(_done(pgettext("step", "Approved, money set aside"), row.approved_by, row.approved_at))
    if row.is_decided_together and row.approved_at and row.decision_hash:
        made.append(_done(pgettext("step", "Decided by the committee, money set aside"), "", row.approved_at))
    if stands == State.PAID:
        made.append(_done(pgettext("step", "Paid"), row.paid_by, row.paid_at))
        return [*made, *_afterwards(row)]
    if stands in {State.REFUSED, State.WITHDRAWN, State.SENT_BACK, State.LAPSED}:
        return [*made, Step(title=row.standing.capitalize(), state="now")]
    ahead = []
    if row.needs_check and not row.checked_by_id:
        ahead.append((pgettext("step", "Papers checked"), _("the accountant; not who asked")))
    if row.is_decided_together and not row.decision_hash:
        decides = _("the members, with the supervisor there; who is related steps back")
        ahead.append((pgettext("step", "Decided by the committee, money set aside"), decides))
    elif not row.approved_by_id and not row.is_decided_together:
        ahead.append((pgettext("step", "Approved, money set aside"), _("the secretary; nobody of those before")))
    ahead.append((pgettext("step", "Paid"), _("the accountant or the cashier; nobody of those before")))
    if row.is_urgent:
        ahead.append((pgettext("step", "Looked at afterwards"), _("the supervisor")))
    first, *rest = ahead
    return [*made, Step(title=first[0], state="now", note=first[1]), *(Step(title=t, note=n) for t, n in rest)]
