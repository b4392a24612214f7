from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.fund.models.by_two import ByTwo
from weiyifang.fund.models.payments import PaymentRequest
from weiyifang.people.models import Account

if TYPE_CHECKING:
    from uuid import UUID


class Budget(ByTwo):
    """What the committee wishes to spend in a year: asked for by one, approved by another. It restricts no money.

    The newest that was approved for a year counts; those before stay to be seen. `amount_fen`: all its lines together.
    """

    fixed = ("number", "year", "amount_fen", "happened_on", "slip", "asked_by", "asked_at")

    year = models.SmallIntegerField(_("year"))
    paper = LineColumn(_("in which decision it stands"), max_length=120)

    class Meta(ByTwo.Meta):
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [
            *ByTwo.Meta.constraints,
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2999), name="budget_year"),
        ]


class BudgetLine(CommunityModel):
    """What a budget plans for one category out of one purpose."""

    fixed = ("budget", "pool", "category", "planned_fen")

    budget = CommunityForeignKey(Budget, models.PROTECT, related_name="lines", db_index=False)
    pool = models.CharField(_("from which money"), max_length=20)
    category = models.CharField(_("category"), max_length=20)
    planned_fen = models.BigIntegerField(pgettext_lazy("budget", "planned"))

    class Meta(CommunityModel.Meta):
        verbose_name = _("line of a budget")
        verbose_name_plural = _("lines of budgets")
        constraints = [
            models.UniqueConstraint(fields=["community", "budget", "pool", "category"], name="budgetline_once"),
            models.CheckConstraint(condition=Q(planned_fen__gt=0), name="budgetline_positive"),
        ]

    if TYPE_CHECKING:
        budget_id: UUID

    def __str__(self) -> str:
        return f"{self.pool} {self.category}"


class BudgetWord(CommunityModel):
    """Why a payment goes beyond the budget: the word of who asked for it, with the figures of that moment."""

    fixed = ("payment", "planned_fen", "used_fen", "amount_fen", "said_by", "said_at")

    payment = CommunityForeignKey(PaymentRequest, models.PROTECT, related_name="budget_words")
    planned_fen = models.BigIntegerField(pgettext_lazy("budget", "planned"))
    used_fen = models.BigIntegerField(_("spent or asked for before"))
    amount_fen = models.BigIntegerField(_("amount"))
    word = ShortTextColumn(_("why beyond the budget"), max_length=200)
    said_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("word for going beyond a budget")
        verbose_name_plural = _("words for going beyond a budget")

    if TYPE_CHECKING:
        payment_id: UUID
        said_by_id: UUID | None

    def __str__(self) -> str:
        return self.word
