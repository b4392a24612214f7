"""A run is paid out: all of it at once, and each grant once, however often it is begun."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.look.wording import full_day
from weiyifang.core.refusals import Refused
from weiyifang.core.states import ForbiddenMove, move
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import services as fund
from weiyifang.fund.models import State
from weiyifang.grants import events, queries, rules
from weiyifang.grants.models import RUN_FLOW, GrantRun, RunningGrant, RunState
from weiyifang.grants.services.entering import locked, told


class StillAppealable(Refused):
    """Nothing is paid while somebody may object."""

    sentence = _("There can be appeals until %(day)s. After that day it can be paid out.")


class AppealsOpen(Refused):
    """An appeal without an answer holds all of it."""

    sentence = _("%(many)d appeals wait for an answer. Once they are answered it can be paid out.")


class NothingToPay(Refused):
    """No grant of it has an approval that stands."""

    sentence = _("Nothing of this run is approved at the moment. Look at what each grant waits for.")


@transaction.atomic
def pay_out(*, run: GrantRun, slip: str = "", by: Actor) -> int:
    """Pay every grant that is set aside, all or none; gives how many. What waits for something is paid by another turn.

    `slip`: the number of the bank's receipt for the batch. Killed in the middle nothing is paid; begun again each is
    paid once, for a payment is paid once. Raises `StillAppealable`, `AppealsOpen`, `NothingToPay`. Announces
    `RunPaidOut` and the fund's `PaymentMade` for each.
    """
    run = locked(run, by)
    require(rules.can_pay(by, run))
    require_fresh(by)
    if run.state != RunState.PUBLISHED:
        raise ForbiddenMove()
    if run.takes_appeals:
        raise StillAppealable(day=full_day(run.appeals_until))
    grants = list(queries.grants_of(run).select_related("run"))
    if many := queries.open_appeals().filter(grant__run=run).count():
        raise AppealsOpen(many=many)
    rows = fund.hold_payments(follows=[source_of(grant) for grant in grants])
    standing = [row for row in rows if row.stands == State.APPROVED]
    if not standing:
        raise NothingToPay()
    with announced_together():
        for row in standing:
            fund.pay(request=row, slip=slip, by=by.without_marks())
    left = _left(grants)
    if not left:
        move(run, RunState.PAID, flow=RUN_FLOW, paid_by_id=by.account_id, paid_on=clock.today())
    fen = sum(row.amount_fen for row in standing)
    paid = tuple(id_in(row.follows) for row in standing)
    announce(events.RunPaidOut(**told(run), paid=paid, amount_fen=fen, left=left), by=by)
    return len(standing)


def _left(grants: list[RunningGrant]) -> int:
    """How many get something and are not paid yet."""
    return sum(1 for one in queries.shown(grants) if one.grant.fen and not one.is_paid)
