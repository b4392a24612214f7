from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import ShortTextColumn
from weiyifang.core.tenancy import CommunityModel
from weiyifang.fund.models.places import PLACE, Method
from weiyifang.people.models import Account

if TYPE_CHECKING:
    from uuid import UUID


class StatedBalance(CommunityModel):
    """What the bank, WeChat or a count of the cash box says was there at the end of a day, beside what the books said.

    A newer row of the same place and day stands in its place; both stay to be seen.
    """

    fixed = ("method", "stated_on", "stated_fen", "booked_fen", "entered_by", "entered_at")

    method = models.CharField(_("where the money lies"), max_length=6, choices=Method.choices)
    stated_on = models.DateField(_("at the end of"))
    stated_fen = models.BigIntegerField(_("they say"))
    booked_fen = models.BigIntegerField(_("in the books"))  # when it was entered: late entries may follow
    note = ShortTextColumn(_("where the difference comes from"), max_length=200, blank=True)
    entered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("stated balance")
        verbose_name_plural = _("stated balances")
        constraints = [models.CheckConstraint(condition=Q(stated_fen__gte=0), name="statedbalance_not_negative")]
        indexes = [models.Index(fields=["community", "method", "stated_on"], name="statedbalance_day")]

    if TYPE_CHECKING:
        entered_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.method} {self.stated_on}"

    @property
    def place(self) -> str:
        return str(PLACE[Method(self.method)])

    @property
    def difference(self) -> int:
        """What they say less what the books said, in fen: 0 when they agree."""
        return self.stated_fen - self.booked_fen
