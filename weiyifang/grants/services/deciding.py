"""A second person confirms a table: it is published, and its money set aside, or it goes back."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.refusals import Refused
from weiyifang.core.states import ForbiddenMove, move
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require, require_fresh
from weiyifang.fund import services as fund
from weiyifang.fund.models import PaymentRequest
from weiyifang.fund.services import Wanted
from weiyifang.grants import events, queries, rules
from weiyifang.grants.models import RUN_FLOW, GrantRun, RunningGrant, RunState
from weiyifang.grants.services.entering import locked, told
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.actors import actor_for

CATEGORY = "running_grants"  # of the fund's chart


class SignerGone(Refused):
    """Whoever handed it in may do so no longer."""

    sentence = _(
        "Whoever handed this in may ask for no payments any more. Send it back, so that somebody else signs it."
    )


class NotAtWork(Refused):
    """An organization of the table has ended since."""

    sentence = _("“%(name)s” is not at work any more. Send the table back, so that it is taken out.")


@transaction.atomic
def publish(*, run: GrantRun, by: Actor) -> GrantRun:
    """Confirm the table: everybody sees it, leaders can appeal, and the money of each grant is set aside in the fund.

    Each is asked for in the name of whoever handed the table in, and approved by whoever confirms it. Raises the
    ledger's `OverdraftRefused` when there is not enough for all, `SignerGone`, `NotAtWork`. Announces `RunPublished`.
    """
    run = locked(run, by)
    require(rules.can_confirm(by, run))
    require_fresh(by)
    if run.state != RunState.HANDED_IN:
        raise ForbiddenMove()
    assert run.handed_in_by_id is not None  # handed in
    asker = actor_for(people.account_in_use(run.handed_in_by_id))
    if not rules.can_keep(asker):
        raise SignerGone()
    today = clock.today()
    until = today + timedelta(days=run.rule.appeal_days)
    move(
        run,
        RunState.PUBLISHED,
        flow=RUN_FLOW,
        confirmed_by_id=by.account_id,
        published_on=today,
        appeals_until=until,
    )
    working = dict(organizations.givers())
    grants = [grant for grant in queries.grants_of(run).select_related("run") if grant.amount_fen]
    for one in queries.shown(grants):
        if one.grant.organization not in working:
            raise NotAtWork(name=one.name)
    with announced_together():
        rows = [ask(run, grant, working[grant.organization], by=asker) for grant in grants]
        for row in rows:
            fund.approve_payment(request=row, by=by.without_marks())
    found = queries.sums(run)
    announce(
        events.RunPublished(
            **told(run),
            grants=found.many,
            amount_fen=found.fen,
            digest=queries.digest_of(run),
            appeals_until=until,
        ),
        by=by,
    )
    return run


def ask(run: GrantRun, grant: RunningGrant, name: str, *, by: Actor) -> PaymentRequest:
    """Ask the fund for a grant; it takes one payment for it, however often it is asked."""
    assert run.appeals_until is not None  # published
    wanted = Wanted(
        title=f"{name}：{run.year}年度运行经费",
        payee=name,
        category=CATEGORY,
        amount_fen=grant.fen,
        papers=f"考核结果表第{run.number}号第{grant.place}行",
        organization=grant.organization,
        follows=source_of(grant),
        payable_from=run.appeals_until + timedelta(days=1),
    )
    return fund.submit_payment(wanted=wanted, by=by)


@transaction.atomic
def send_back(*, run: GrantRun, reason: str, by: Actor) -> GrantRun:
    """Give the table back with a reason. Announces `RunSentBack`."""
    run = locked(run, by)
    require(rules.can_confirm(by, run))
    if run.state != RunState.HANDED_IN:
        raise ForbiddenMove()
    signer_id = run.handed_in_by_id
    move(run, RunState.DRAFT, flow=RUN_FLOW, reason=reason, handed_in_by_id=None, handed_in_at=None)
    announce(events.RunSentBack(**told(run), signer_id=signer_id, reason=reason), by=by)
    return run
