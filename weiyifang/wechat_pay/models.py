"""What somebody wants to give by WeChat Pay, and what is given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.fund.chart import Line
from weiyifang.fund.models import pool_line
from weiyifang.people.models import Account, Resident

if TYPE_CHECKING:
    from uuid import UUID

NAME, NOTE = 60, 120  # as the fund's receipt keeps them (tests hold them to it)


class State(models.TextChoices):
    """Where an order stands."""

    MADE = "made", _("being prepared")
    ASKED = "asked", _("waits to be paid")
    PAID = "paid", _("paid")
    CLOSED = "closed", _("not paid")
    RETURNED = "returned", _("gone back")


FLOW: Flow = {
    State.MADE: {State.ASKED, State.PAID, State.CLOSED},
    State.ASKED: {State.PAID, State.CLOSED},
    State.CLOSED: {State.PAID},  # the money came although we had given it up: it is booked
    State.PAID: {State.RETURNED},
    State.RETURNED: set(),
}
OPEN = (State.MADE, State.ASKED)


class Trouble(models.TextChoices):
    """Why somebody has to look at an order."""

    AMOUNT = "amount", _("WeChat names another amount")
    PURPOSE = "purpose", _("its purpose was closed meanwhile")
    TWICE = "twice", _("WeChat names a second payment")
    REFUSED = "refused", _("WeChat did not take the order")


class Order(CommunityModel):
    """One gift by WeChat Pay. Who gives and what they wrote goes to the fund's receipt and is forgotten here."""

    fixed = ("number", "trade_no", "amount_fen", "pool", "made_at", "until")

    number = models.IntegerField(_("no."))
    trade_no = models.CharField(max_length=32)  # ours, which WeChat knows it by
    amount_fen = models.BigIntegerField(_("amount"))
    pool = models.CharField(_("purpose"), max_length=20, default="general")
    donor_name = LineColumn(_("your name"), max_length=NAME, blank=True, default="")
    is_named = models.BooleanField(_("show the name in public"), default=False)
    note = ShortTextColumn(_("a word with it"), max_length=NOTE, blank=True, default="")
    resident = CommunityForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.MADE)
    code_url = models.CharField(max_length=500, blank=True, default="")  # what the code to pay with says
    transaction = models.CharField(max_length=32, blank=True, default="")  # WeChat's number of the payment
    trouble = models.CharField(max_length=8, choices=Trouble.choices, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    looked_at = models.DateTimeField(default=clock.now)  # when WeChat was asked last
    paid_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("order by WeChat Pay")
        verbose_name_plural = _("orders by WeChat Pay")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="wechatorder_number"),
            models.UniqueConstraint(fields=["community", "trade_no"], name="wechatorder_trade_no"),
            models.UniqueConstraint(
                fields=["community", "transaction"], condition=~Q(transaction=""), name="wechatorder_transaction"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="wechatorder_positive"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="wechatorder_state"),
            models.CheckConstraint(
                condition=Q(state__in=(*OPEN, State.CLOSED)) & Q(transaction="") & Q(paid_at=None)
                | Q(state__in=(State.PAID, State.RETURNED)) & ~Q(transaction="") & Q(paid_at__isnull=False),
                name="wechatorder_paid_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN) | Q(donor_name="", note="", resident=None), name="wechatorder_forgets"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "looked_at"], condition=Q(state__in=OPEN), name="wechatorder_open"),
            models.Index(fields=["community", "paid_at"], name="wechatorder_paid"),
            models.Index(fields=["community", "resident"], name="wechatorder_resident"),
        ]

    if TYPE_CHECKING:
        resident_id: UUID | None

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def pool_line(self) -> Line:
        return pool_line(self.pool)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_late(self) -> bool:
        """The time to pay is over."""
        return self.is_open and self.until <= clock.now()


class Step(models.TextChoices):
    """Where a refund stands."""

    ASKED = "asked", _("waits for a second person")
    BOOKED = "booked", _("confirmed, WeChat pays it back")
    DONE = "done", _("paid back")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


STEPS: Flow = {
    Step.ASKED: {Step.BOOKED, Step.REFUSED, Step.WITHDRAWN},
    Step.BOOKED: {Step.DONE},
    Step.DONE: set(),
    Step.REFUSED: set(),
    Step.WITHDRAWN: set(),
}
STANDING = (Step.ASKED, Step.BOOKED, Step.DONE)


class Refund(CommunityModel):
    """A gift that is given back, whole: asked for by one, confirmed by another, then paid back by WeChat."""

    fixed = ("number", "order", "refund_no", "asked_by", "asked_at")
    in_view = ("reason", "step")

    number = models.IntegerField(_("no."))
    order = CommunityForeignKey(Order, models.PROTECT, related_name="refunds")
    refund_no = models.CharField(max_length=32)  # ours, which WeChat knows it by
    reason = ShortTextColumn(_("reason"), max_length=200)
    step = models.CharField(_("state"), max_length=9, choices=Step.choices, default=Step.ASKED)
    trouble = models.CharField(max_length=40, blank=True, default="")  # WeChat's word for why it does not pay
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = ShortTextColumn(_("why not"), max_length=200, blank=True, default="")
    looked_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("refund by WeChat Pay")
        verbose_name_plural = _("refunds by WeChat Pay")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="wechatrefund_number"),
            models.UniqueConstraint(
                fields=["community", "order"], condition=Q(step__in=STANDING), name="wechatrefund_once"
            ),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="wechatrefund_step"),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="wechatrefund_two_people"),
            models.CheckConstraint(
                condition=~Q(step__in=(Step.BOOKED, Step.DONE)) | Q(asked_by__isnull=False, decided_by__isnull=False),
                name="wechatrefund_booked_by_two",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "looked_at"], condition=Q(step="booked"), name="wechatrefund_open"),
        ]

    if TYPE_CHECKING:
        order_id: UUID
        asked_by_id: UUID | None
        decided_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.number}"
