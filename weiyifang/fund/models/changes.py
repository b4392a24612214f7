from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.tenancy import CommunityForeignKey
from weiyifang.fund.chart import Line
from weiyifang.fund.models.by_two import ByTwo, Decision
from weiyifang.fund.models.payments import PaymentRequest
from weiyifang.fund.models.places import PLACE, Method
from weiyifang.fund.models.purposes import pool_line

if TYPE_CHECKING:
    from uuid import UUID


class Why(models.TextChoices):
    """Why money is no longer for what it was for."""

    SPENT = "spent", _("It was spent for its purpose")
    PAID = "paid", _("Free money has paid for the purpose before")
    FULFILLED = "fulfilled", _("What the giver or the law asked for is fulfilled, or its time is over")
    GIVER = "giver", _("The giver or the law fixes it for another purpose")
    BETWEEN = "between", _("Free money, from one purpose without conditions to another")
    UNDONE = "undone", _("An earlier change was a mistake")


class PurposeChange(ByTwo):
    """Money that is no longer for what it was for (解除限定, 改变用途): the document, and the only way.

    `spent` stays in its purpose and turns restricted net assets into free ones; every other moves money from one
    purpose to another, at the place where it lies.
    """

    fixed = (
        *("number", "why", "from_pool", "to_pool", "method", "payment", "undoes", "amount_fen"),
        *("happened_on", "slip", "asked_by", "asked_at"),
    )

    why = models.CharField(_("why"), max_length=9, choices=Why.choices)
    from_pool = models.CharField(_("from the purpose"), max_length=20)
    to_pool = models.CharField(_("to the purpose"), max_length=20)
    method = models.CharField(_("where the money lies"), max_length=6, choices=Method.choices, default=Method.BANK)
    payment = CommunityForeignKey(PaymentRequest, models.PROTECT, null=True, related_name="+")
    undoes = CommunityForeignKey("self", models.PROTECT, null=True, related_name="undone_by")
    paper = LineColumn(_("in which paper it is written"), max_length=120, blank=True)
    reason = ShortTextColumn(_("reason"), max_length=200)

    class Meta(ByTwo.Meta):
        verbose_name = _("change of a purpose")
        verbose_name_plural = _("changes of purposes")
        constraints = [
            *ByTwo.Meta.constraints,
            models.CheckConstraint(
                condition=Q(why=Why.SPENT, from_pool=F("to_pool"))
                | Q(why=Why.UNDONE)
                | (~Q(why=Why.SPENT) & ~Q(from_pool=F("to_pool"))),
                name="purposechange_two_purposes",
            ),
            models.CheckConstraint(
                condition=~Q(why__in=[Why.FULFILLED, Why.GIVER]) | ~Q(paper=""), name="purposechange_paper"
            ),
            models.CheckConstraint(
                condition=Q(why=Why.PAID, payment__isnull=False)
                | (~Q(why=Why.PAID) & (Q(payment__isnull=True) | Q(why=Why.UNDONE))),
                name="purposechange_payment",
            ),
            models.CheckConstraint(
                condition=Q(why=Why.UNDONE, undoes__isnull=False) | (~Q(why=Why.UNDONE) & Q(undoes__isnull=True)),
                name="purposechange_undoes",
            ),
            models.UniqueConstraint(
                fields=["community", "undoes"],
                condition=Q(state__in=[Decision.ASKED, Decision.BOOKED], undoes__isnull=False),
                name="purposechange_undone_once",
            ),
        ]

    if TYPE_CHECKING:
        payment_id: UUID | None
        undoes_id: UUID | None

    @property
    def title(self) -> str:
        """What people call it."""
        known = {
            Why.SPENT: _("Restricted money became free: it was spent for its purpose"),
            Why.UNDONE: _("A change of purpose was taken back"),
        }
        return str(known.get(Why(self.why), _("Money for another purpose")))

    @property
    def place(self) -> str:
        return str(PLACE[Method(self.method)])

    @property
    def from_line(self) -> Line:
        return pool_line(self.from_pool)

    @property
    def to_line(self) -> Line:
        return pool_line(self.to_pool)
