from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import NumberColumn, ShortTextColumn
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.fund.chart import Line
from weiyifang.fund.models.payments import PaymentRequest
from weiyifang.fund.models.places import PLACE, Method
from weiyifang.fund.models.purposes import pool_line
from weiyifang.people.models import Account

if TYPE_CHECKING:
    from uuid import UUID


class Decision(models.TextChoices):
    """Where something that needs two people stands."""

    ASKED = "asked", _("waits for a second person")
    BOOKED = "booked", _("confirmed and booked")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


DECISIONS: Flow = {
    Decision.ASKED: {Decision.BOOKED, Decision.REFUSED, Decision.WITHDRAWN},
    Decision.BOOKED: set(),
    Decision.REFUSED: set(),
    Decision.WITHDRAWN: set(),
}


class ByTwo(CommunityModel):
    """Something in the books that one person asks for and another confirms; it is booked at that moment."""

    number = models.IntegerField(_("no."))
    amount_fen = models.BigIntegerField(_("amount"))
    happened_on = models.DateField(_("day"))
    booked_on = models.DateField(null=True)  # the day it has in the books: today's, where its own was sealed before
    slip = NumberColumn(_("bank receipt no."), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=Decision.choices, default=Decision.ASKED)
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = ShortTextColumn(_("why not"), max_length=200, blank=True)

    class Meta(CommunityModel.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="%(class)s_number"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="%(class)s_positive"),
            models.CheckConstraint(condition=Q(state__in=Decision.values), name="%(class)s_state"),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="%(class)s_two_people"),
            models.CheckConstraint(
                condition=~Q(state=Decision.BOOKED)
                | Q(asked_by__isnull=False, decided_by__isnull=False, booked_on__isnull=False),
                name="%(class)s_booked_by_two",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "asked_at"], name="%(class)s_state_at")]

    if TYPE_CHECKING:
        asked_by_id: UUID | None
        decided_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.number}"


class MoneyMove(ByTwo):
    """Money that goes from one place of the fund to another (缴存现金, 微信提现): neither income nor spending."""

    fixed = ("number", "from_method", "to_method", "pool", "amount_fen", "happened_on", "slip", "asked_by", "asked_at")

    from_method = models.CharField(_("from"), max_length=6, choices=Method.choices)
    to_method = models.CharField(_("to"), max_length=6, choices=Method.choices)
    pool = models.CharField(_("purpose"), max_length=20, default="general")

    class Meta(ByTwo.Meta):
        verbose_name = _("move of money")
        verbose_name_plural = _("moves of money")
        constraints = [
            *ByTwo.Meta.constraints,
            models.CheckConstraint(condition=~Q(from_method=F("to_method")), name="moneymove_two_places"),
        ]

    @property
    def pool_line(self) -> Line:
        return pool_line(self.pool)

    @property
    def title(self) -> str:
        """What people call it: a deposit of cash, a withdrawal from WeChat."""
        known = {
            (Method.CASH, Method.BANK): _("Cash taken to the bank"),
            (Method.WECHAT, Method.BANK): _("WeChat money withdrawn to the bank"),
            (Method.BANK, Method.CASH): _("Cash fetched from the bank"),
        }
        ends = (Method(self.from_method), Method(self.to_method))
        other = _("From %(from)s to %(to)s") % {"from": PLACE[ends[0]], "to": PLACE[ends[1]]}
        return str(known.get(ends, other))

    @property
    def from_place(self) -> str:
        return str(PLACE[Method(self.from_method)])

    @property
    def to_place(self) -> str:
        return str(PLACE[Method(self.to_method)])


class CorrectionKind(models.TextChoices):
    """Why a payment is taken back, wholly or in part."""

    REFUND = "refund", _("money came back from who was paid")
    FAILED = "failed", _("the bank could not pay it out, the money is back")
    MISTAKE = "mistake", _("it was booked wrongly")


class PaymentCorrection(ByTwo):
    """A paid payment taken back, wholly or in part, by an entry the other way round; the payment stays as it is."""

    fixed = ("number", "payment", "kind", "amount_fen", "happened_on", "slip", "asked_by", "asked_at")

    payment = CommunityForeignKey(PaymentRequest, models.PROTECT, related_name="corrections")
    kind = models.CharField(_("what happened"), max_length=8, choices=CorrectionKind.choices)
    reason = ShortTextColumn(_("reason"), max_length=200)

    class Meta(ByTwo.Meta):
        verbose_name = _("correction of a payment")
        verbose_name_plural = _("corrections of payments")

    if TYPE_CHECKING:
        payment_id: UUID
