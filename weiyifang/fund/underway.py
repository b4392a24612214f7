"""Payments on their way: at which step they stand, and who has had a part in them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.fund.models import NEEDS_CHECK, CommitteeVoice, Finding, Path, PaymentRequest, State


def waiting_for(step: Q) -> QuerySet[PaymentRequest]:
    """Requests at one step, the longest waiting first."""
    return PaymentRequest.objects.filter(step).select_related("submitted_by").order_by("submitted_at")


def to_check() -> Q:
    """Whose papers are to be checked."""
    return Q(state=State.SUBMITTED, path__in=NEEDS_CHECK)


def to_approve() -> Q:
    """Which somebody can approve: checked where their path wants it."""
    checked = Q(state=State.CHECKED) & ~Q(path=Path.COMMITTEE)
    return checked | (Q(state=State.SUBMITTED) & ~Q(path__in=NEEDS_CHECK))


def to_decide_together() -> Q:
    """Checked, and the committee has not come to an end of it."""
    return Q(state=State.CHECKED, path=Path.COMMITTEE)


def unheard(actor: Actor) -> QuerySet[PaymentRequest]:
    """What the committee decides on and this person has not said anything about yet."""
    said = CommitteeVoice.objects.filter(payment=OuterRef("pk"), round=OuterRef("round"), said_by=actor.account_id)
    rows = PaymentRequest.objects.filter(to_decide_together()).filter(~Exists(said))
    return rows.exclude(submitted_by=actor.account_id).exclude(checked_by=actor.account_id)


def to_pay() -> Q:
    """Approved, and the time of it is not over. What follows from another topic is paid there, all of it together."""
    return Q(state=State.APPROVED, approved_until__gt=clock.now(), follows="")


def following(sources: Iterable[str]) -> dict[str, PaymentRequest]:
    """The payment of each of these rows of other topics, by source: the newest, for all before it have ended."""
    return {row.follows: row for row in PaymentRequest.objects.filter(follows__in=[*sources]).order_by("number")}


def to_review() -> Q:
    """Urgent payments that were made and that nobody has looked at."""
    return Q(state=State.PAID, path=Path.URGENT, reviews=None)


def who_had_a_part(payment: str) -> list[UUID]:
    """The accounts that asked for a payment, checked, approved and paid it, as far as it has come."""
    names = ("submitted_by_id", "checked_by_id", "approved_by_id", "paid_by_id")
    row = PaymentRequest.objects.values_list(*names).get(pk=id_in(payment))
    spoke = CommitteeVoice.objects.filter(payment=id_in(payment)).values_list("said_by_id", flat=True)
    return [*dict.fromkeys([*(pk for pk in row if pk is not None), *spoke])]


def payment_of(correction: str) -> str:
    """The source of the payment that a correction takes back."""
    return source_of(PaymentRequest.objects.get(corrections=id_in(correction)))


def is_decided_together(payment: str) -> bool:
    """Does the committee decide on this payment?"""
    return PaymentRequest.objects.filter(pk=id_in(payment), path=Path.COMMITTEE).exists()


def needs_check(path: str) -> bool:
    """Are the papers checked on this path before anybody decides?"""
    return path in NEEDS_CHECK


def is_looked_at_later(path: str) -> bool:
    """Is a payment on this path looked at after it was made?"""
    return path == Path.URGENT


def is_not_in_order(finding: str) -> bool:
    """Did the later look find something that is to be put right?"""
    return finding == Finding.NOT_IN_ORDER
