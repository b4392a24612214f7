"""Who may do what with the fund's money."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from weiyifang.core.actors import Actor
from weiyifang.fund.models import ByTwo, Donation, PaymentRequest, State
from weiyifang.people.roles import Permission


def can_record_income(actor: Actor) -> bool:
    return actor.may(Permission.RECORD_INCOME)


def can_request(actor: Actor, organization: str = "") -> bool:
    """Ask for a payment: for the committee, or within one's own organization."""
    return actor.may(Permission.REQUEST_PAYMENT, organization)


def can_edit(actor: Actor, request: PaymentRequest) -> bool:
    """Change, submit or withdraw: who wrote it, while it is theirs to change."""
    return request.stands in {State.DRAFT, State.SENT_BACK, State.SUBMITTED, State.LAPSED} and (
        actor.is_system or request.submitted_by_id == actor.account_id
    )


def can_check(actor: Actor, request: PaymentRequest) -> bool:
    """Check the papers, or send it back for them: another person than who submitted it."""
    return actor.may(Permission.CHECK_PAYMENT) and request.submitted_by_id != actor.account_id


def can_approve(actor: Actor, request: PaymentRequest) -> bool:
    """Approve, send back or refuse: another person than who submitted it, and than who checked it."""
    others = {request.submitted_by_id, request.checked_by_id}
    return actor.may(Permission.APPROVE_PAYMENT) and actor.account_id not in others


def can_approve_alone(actor: Actor, request: PaymentRequest) -> bool:
    """Approve or refuse by oneself: what the committee does not decide on."""
    return can_approve(actor, request) and not request.is_decided_together


def can_vote(actor: Actor) -> bool:
    """Speak in the committee; who is related is said by `committee.is_related`."""
    return actor.may(Permission.VOTE_ON_PAYMENTS)


def can_watch(actor: Actor) -> bool:
    """Be there as supervisor when the committee decides."""
    return actor.may(Permission.REVIEW_PAYMENT)


def can_send_back(actor: Actor, request: PaymentRequest) -> bool:
    """Give it back with a reason: who may approve it, and while its papers wait for a check who may check them."""
    return can_approve(actor, request) or (request.waits_for_check and can_check(actor, request))


def can_pay(actor: Actor, request: PaymentRequest) -> bool:
    """Pay: a person who had no other part in it, in the committee neither."""
    others = {request.submitted_by_id, request.checked_by_id, request.approved_by_id}
    if not actor.may(Permission.PAY) or actor.account_id in others:
        return False
    spoke = request.is_decided_together and request.voices.filter(said_by=actor.account_id).exists()
    return not spoke


def can_review(actor: Actor, payment: PaymentRequest) -> bool:
    """Look at an urgent payment afterwards: whoever had no part in it."""
    return actor.may(Permission.REVIEW_PAYMENT) and actor.account_id not in {
        payment.submitted_by_id,
        payment.approved_by_id,
        payment.paid_by_id,
    }


def can_correct_payment(actor: Actor) -> bool:
    """Say that a paid payment needs correcting: whoever pays. Another confirms it."""
    return actor.may(Permission.PAY)


def can_move_money(actor: Actor) -> bool:
    """Say that money went from one place to another: whoever keeps the books. Another confirms it."""
    return actor.may(Permission.RECORD_INCOME)


def can_keep_purposes(actor: Actor) -> bool:
    """Open and close a purpose: the committee, which also approves payments."""
    return actor.may(Permission.APPROVE_PAYMENT)


def can_plan_budget(actor: Actor) -> bool:
    """Write down what is to be spent in a year: whoever keeps the books. Another approves it."""
    return actor.may(Permission.RECORD_INCOME)


def can_change_purpose(actor: Actor) -> bool:
    """Say that money is no longer for what it was for: whoever keeps the books. Another confirms it."""
    return actor.may(Permission.RECORD_INCOME)


def can_decide(actor: Actor, row: ByTwo) -> bool:
    """Confirm or refuse what another asked for."""
    return actor.may(Permission.APPROVE_PAYMENT) and row.asked_by_id != actor.account_id


def can_withdraw(actor: Actor, row: ByTwo) -> bool:
    """Take back what one asked for oneself."""
    return actor.account_id is not None and row.asked_by_id == actor.account_id


def can_state_balance(actor: Actor) -> bool:
    """Write down what the bank, WeChat or the cash box says."""
    return actor.may(Permission.RECORD_INCOME)


def can_see_books(actor: Actor) -> bool:
    return actor.may(Permission.SEE_BOOKS)


def can_see_payments(actor: Actor) -> bool:
    """Whoever submits, approves, pays or oversees; which ones is said by `visible_to`."""
    wanted = (Permission.REQUEST_PAYMENT, Permission.PAY, Permission.SEE_BOOKS)
    return any(actor.may_somewhere(permission) for permission in wanted)


def can_close(actor: Actor) -> bool:
    return actor.may(Permission.CLOSE_PERIOD)


def visible_to(actor: Actor) -> QuerySet[PaymentRequest]:
    """Requests an actor sees in the workbench: all with the books, else one's own and one's organizations'."""
    rows = PaymentRequest.objects.all()
    if can_see_books(actor) or actor.may(Permission.PAY):
        return rows
    scopes = actor.scopes(Permission.REQUEST_PAYMENT) or frozenset()
    return rows.filter(Q(submitted_by_id=actor.account_id) | Q(organization__in=scopes))


def can_see_papers_of_gift(pk: UUID, actor: Actor) -> bool:
    """The papers of a gift: whoever keeps the books or sees them, and who gave it, on their own page."""
    if can_record_income(actor) or can_see_books(actor):
        return True
    if actor.resident_id is None:
        return False
    return Donation.objects.filter(pk=pk, resident_id=actor.resident_id, reversed_at=None).exists()


def can_see_papers(pk: UUID, actor: Actor) -> bool:
    """The papers of a payment: whoever sees the request itself."""
    return can_see_payments(actor) and visible_to(actor).filter(pk=pk).exists()
