"""What may wait at the fund's desk: a payment for its next step, one that came back, a month to seal."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.access import holds
from weiyifang.core.web.waiting import Wait
from weiyifang.fund import queries, rules, underway
from weiyifang.fund.models import (
    Budget,
    Decision,
    MoneyMove,
    PaymentCorrection,
    PaymentRequest,
    Purpose,
    PurposeChange,
    State,
)
from weiyifang.ledger import queries as ledger
from weiyifang.people.roles import Permission

_approves, _pays = holds(Permission.APPROVE_PAYMENT), holds(Permission.PAY)
_checks, _reviews = holds(Permission.CHECK_PAYMENT), holds(Permission.REVIEW_PAYMENT)


def _to_approve(actor: Actor) -> QuerySet[PaymentRequest]:
    me = actor.account_id
    return PaymentRequest.objects.filter(underway.to_approve()).exclude(submitted_by=me).exclude(checked_by=me)


def _to_check(actor: Actor) -> QuerySet[PaymentRequest]:
    return PaymentRequest.objects.filter(underway.to_check()).exclude(submitted_by=actor.account_id)


def _to_review(actor: Actor) -> QuerySet[PaymentRequest]:
    me = actor.account_id
    rows = PaymentRequest.objects.filter(underway.to_review())
    return rows.exclude(submitted_by=me).exclude(approved_by=me).exclude(paid_by=me)


def _to_pay(actor: Actor) -> QuerySet[PaymentRequest]:
    me = actor.account_id
    standing = PaymentRequest.objects.filter(underway.to_pay())
    return standing.exclude(submitted_by=me).exclude(checked_by=me).exclude(approved_by=me)


def _came_back(actor: Actor) -> QuerySet[PaymentRequest]:
    """What this person asked for and has to change or to withdraw."""
    rows = PaymentRequest.objects.filter(Q(state__in=[State.SENT_BACK, State.LAPSED]) | queries.is_lapsed())
    return rows.filter(submitted_by=actor.account_id)


def _asked(model: type[MoneyMove] | type[PaymentCorrection] | type[PurposeChange] | type[Budget]) -> Any:
    def rows(actor: Actor) -> QuerySet[Any]:
        return model.objects.filter(state=Decision.ASKED).exclude(asked_by=actor.account_id)

    return rows


def _to_seal(actor: Actor) -> QuerySet[Any]:
    return ledger.months_open("fund")


def _over(actor: Actor) -> QuerySet[Purpose]:
    """Purposes whose time is over, and closed ones that money came back to."""
    came_back = Q(closed_at__isnull=False, code__in=ledger.pools_holding("fund"))
    return Purpose.objects.filter(came_back | Q(closed_at=None, until__lt=clock.today()))


def _called(name: str) -> Any:
    """What somebody's account is called."""
    return Coalesce(NullIf(F(f"{name}__name"), Value("")), F(f"{name}__username"), Value(""), output_field=TextField())


def _to_vote(actor: Actor) -> QuerySet[PaymentRequest]:
    return underway.unheard(actor)


WAITS = (
    *(
        Wait(
            code=code,
            words=words,
            icon="ballot",
            place="fund:bench",
            route="fund:payment",
            may=may,
            rows=_to_vote,
            title="title",
            who="payee",
            fen="amount_fen",
            since="checked_at",
            is_oversight=watches,
        )
        for code, words, may, watches in (
            ("fund.vote", _("the committee decides: your vote"), rules.can_vote, False),
            ("fund.watch", _("the committee decides: be there"), rules.can_watch, True),
        )
    ),
    Wait(
        code="fund.check",
        words=_("papers to check"),
        icon="book",
        place="fund:bench",
        route="fund:payment",
        may=_checks,
        rows=_to_check,
        title="title",
        who=_called("submitted_by"),
        fen="amount_fen",
        since="submitted_at",
    ),
    Wait(
        code="fund.approve",
        words=_("to approve"),
        icon="book",
        place="fund:bench",
        route="fund:payment",
        may=_approves,
        rows=_to_approve,
        title="title",
        who=_called("submitted_by"),
        fen="amount_fen",
        since="submitted_at",
    ),
    Wait(
        code="fund.pay",
        words=_("approved, to be paid"),
        icon="book",
        place="fund:bench",
        route="fund:payment",
        may=_pays,
        rows=_to_pay,
        title="title",
        who="payee",
        fen="amount_fen",
        since="approved_at",
    ),
    Wait(
        code="fund.review",
        words=_("paid at once: to be looked at"),
        icon="scale",
        place="fund:bench",
        route="fund:payment",
        may=_reviews,
        rows=_to_review,
        title="title",
        who="payee",
        fen="amount_fen",
        since="paid_at",
        due="review_by",
        is_oversight=True,
    ),
    Wait(
        code="fund.came_back",
        words=_("came back: change it, or withdraw it"),
        icon="undo",
        place="fund:bench",
        route="fund:payment",
        may=holds(Permission.REQUEST_PAYMENT),
        rows=_came_back,
        title="title",
        who="reason",
        fen="amount_fen",
        since=Coalesce("submitted_at", "made_at"),
    ),
    Wait(
        code="fund.move",
        words=_("money moved: to confirm"),
        icon="scale",
        place="fund:bench",
        route="fund:move",
        may=_approves,
        rows=_asked(MoneyMove),
        who=_called("asked_by"),
        fen="amount_fen",
        since="asked_at",
    ),
    Wait(
        code="fund.correction",
        words=_("a payment to take back: to confirm"),
        icon="scale",
        place="fund:bench",
        route="fund:correction_of",
        may=_approves,
        rows=_asked(PaymentCorrection),
        title="payment__title",
        who=_called("asked_by"),
        fen="amount_fen",
        since="asked_at",
    ),
    Wait(
        code="fund.change",
        words=_("money for another purpose: to confirm"),
        icon="scale",
        place="fund:bench",
        route="fund:change",
        may=_approves,
        rows=_asked(PurposeChange),
        title="reason",
        who=_called("asked_by"),
        fen="amount_fen",
        since="asked_at",
    ),
    Wait(
        code="fund.budget",
        words=_("a budget: to approve"),
        icon="scale",
        place="fund:books",
        route="fund:budget",
        may=_approves,
        rows=_asked(Budget),
        title="paper",
        who=_called("asked_by"),
        fen="amount_fen",
        since="asked_at",
    ),
    Wait(
        code="fund.purpose",
        words=_("a purpose is over: say what is left is for, and close it"),
        icon="fund",
        place="fund:books",
        route="fund:purpose",
        args=("code",),
        may=rules.can_keep_purposes,
        rows=_over,
        title="name",
        since=Coalesce("closed_at", Cast("until", DateTimeField())),
    ),
    Wait(
        code="fund.seal",
        words=_("a month is over: seal its books"),
        icon="ballot",
        place="fund:books",
        route="fund:books",
        args=(),
        may=rules.can_close,
        rows=_to_seal,
        since="over",
    ),
)
