"""Emergency relief was paid at once; here it is looked at afterwards."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.fund import events, rules
from weiyifang.fund.models import Finding, PaymentRequest, PaymentReview, State
from weiyifang.fund.services.limits import UnknownCode
from weiyifang.fund.services.payments import locked


class NothingToReview(Refused):
    """It was not paid at once, or not paid yet."""

    sentence = _("Only an urgent payment that was made is looked at afterwards.")


class NothingSaid(Refused):
    """Not in order, and no word why."""

    sentence = _("Write what is not in order, so that whoever paid can put it right.")
    status = 422


class ReviewedAlready(Refused):
    """One look is enough, and it stays."""

    sentence = _("This payment was looked at before. What was found stays as it is.")


@transaction.atomic
def review_payment(*, payment: PaymentRequest, finding: str, note: str = "", by: Actor) -> PaymentReview:
    """Say whether an urgent payment was in order. It changes nothing: what is wrong is corrected by those who pay.

    Raises `NothingToReview`, `NothingSaid`, `ReviewedAlready`, `UnknownCode`. Announces `PaymentReviewed`.
    """
    payment = locked(payment, by)
    require(rules.can_review(by, payment))
    if not payment.is_urgent or payment.state != State.PAID:
        raise NothingToReview()
    if finding not in Finding.values:
        raise UnknownCode()
    if finding == Finding.NOT_IN_ORDER and not note.strip():
        raise NothingSaid()
    home = payment.community_id
    row = PaymentReview(community_id=home, payment=payment, finding=finding, note=note, reviewed_by_id=by.account_id)
    PaymentReview.objects.bulk_create([row], ignore_conflicts=True)  # of two at once one stands, and the other hears so
    if not PaymentReview.objects.filter(pk=row.pk).exists():
        raise ReviewedAlready()
    announce(events.PaymentReviewed(subject=source_of(payment), number=payment.number, finding=row.finding), by=by)
    return row
