"""Who may do what with running grants: entered by one, confirmed by another, paid by a third."""

from __future__ import annotations

from django.db.models import QuerySet

from weiyifang.core.actors import Actor
from weiyifang.grants.models import SHOWN, Appeal, AppealState, GrantRun, RunningGrant, RunState
from weiyifang.people.roles import Permission


def can_keep(actor: Actor) -> bool:
    """Enter a table: whoever keeps the register of organizations and may ask for payments."""
    return actor.may(Permission.MANAGE_ORGANIZATIONS) and actor.may(Permission.REQUEST_PAYMENT)


def can_see(actor: Actor) -> bool:
    """See every run, also one that is not published yet."""
    return can_keep(actor) or actor.may(Permission.SEE_BOOKS)


def can_open(actor: Actor) -> bool:
    """Open these pages at all: a leader sees what is published of the own organization."""
    return can_see(actor) or actor.may_somewhere(Permission.MANAGE_OWN_ORGANIZATION)


def can_edit(actor: Actor, run: GrantRun) -> bool:
    return can_keep(actor) and run.state == RunState.DRAFT


def can_confirm(actor: Actor, run: GrantRun) -> bool:
    """Publish it or send it back: another person than who handed it in."""
    other = run.handed_in_by_id is None or actor.account_id != run.handed_in_by_id
    return actor.may(Permission.APPROVE_PAYMENT) and other


def can_take_up(actor: Actor, run: GrantRun) -> bool:
    """Go on changing what one handed in oneself."""
    return actor.account_id is not None and actor.account_id == run.handed_in_by_id


def can_pay(actor: Actor, run: GrantRun) -> bool:
    """Pay it out: a third person."""
    return actor.may(Permission.PAY) and actor.account_id not in {run.handed_in_by_id, run.confirmed_by_id}


def can_appeal(actor: Actor, grant: RunningGrant) -> bool:
    """Object: whoever leads the organization."""
    return grant.organization in (actor.scopes(Permission.MANAGE_OWN_ORGANIZATION) or frozenset())


def can_answer(actor: Actor, appeal: Appeal) -> bool:
    """Answer it: whoever approves payments, and neither who appeals nor who entered the table."""
    return actor.may(Permission.APPROVE_PAYMENT) and actor.account_id not in {
        appeal.made_by_id,
        appeal.grant.run.handed_in_by_id,
    }


def can_withdraw(actor: Actor, appeal: Appeal) -> bool:
    """Take an appeal back: whoever leads the organization now."""
    return appeal.state == AppealState.ASKED and can_appeal(actor, appeal.grant)


def visible_to(actor: Actor) -> QuerySet[RunningGrant]:
    """Every grant, or the published ones of the organizations one leads."""
    rows = RunningGrant.objects.exclude(run__state=RunState.DROPPED)
    if can_see(actor):
        return rows
    led = actor.scopes(Permission.MANAGE_OWN_ORGANIZATION) or frozenset()
    return rows.filter(organization__in=led, run__state__in=SHOWN)
