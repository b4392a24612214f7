from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.tenancy import CommunityModel
from weiyifang.fund.chart import Line, chart
from weiyifang.people.models import Account

if TYPE_CHECKING:
    from uuid import UUID


class RestrictedBy(models.TextChoices):
    """Who fixed a purpose. Nobody else can: what the committee wishes for is a budget."""

    GIVER = "giver", _("the giver")
    LAW = "law", _("the law")


class Purpose(CommunityModel):
    """A purpose of this community's own, beside those that every fund begins with (`chart.toml`).

    Its money lies in the ledger's pool of the same code. Who fixed it, since when and for which category never changes.
    """

    fixed = ("number", "code", "category", "restricted_by", "since", "opened_by", "opened_at")
    in_view = ("name", "words", "paper", "until", "closed_at")
    names_in_view = MappingProxyType({"closed_at": _("closed on")})

    number = models.IntegerField(_("no."))
    code = models.CharField(_("code"), max_length=20)
    name = LineColumn(_("name"), max_length=40)
    words = ShortTextColumn(_("purpose in words"), max_length=200)
    category = models.CharField(_("may be spent on"), max_length=20, blank=True)  # of the chart; "": on all of them
    restricted_by = models.CharField(_("fixed by"), max_length=5, choices=RestrictedBy.choices, blank=True)
    paper = LineColumn(_("in which paper it is written"), max_length=120, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="purpose_number"),
            models.UniqueConstraint(fields=["community", "code"], name="purpose_code"),
            models.CheckConstraint(
                condition=Q(restricted_by="", paper="") | (Q(restricted_by__in=RestrictedBy.values) & ~Q(paper="")),
                name="purpose_fixed_by_paper",
            ),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="purpose_days"),
        ]

    if TYPE_CHECKING:
        opened_by_id: UUID | None
        closed_by_id: UUID | None

    def __str__(self) -> str:
        return self.name

    @property
    def line(self) -> Line:
        """As the purposes of the chart are."""
        return Line(code=self.code, zh=self.name, en=self.name, restricted=self.is_restricted, category=self.category)

    @property
    def is_restricted(self) -> bool:
        return bool(self.restricted_by)


def own_lines() -> dict[str, Line]:
    """The purposes of the community at hand that are not the chart's, by code; closed ones too."""
    return {row.code: row.line for row in Purpose.objects.order_by("number")}


def open_lines() -> dict[str, Line]:
    """The purposes that money can be given for and paid out of: the chart's, then the community's own that are open."""
    own = Purpose.objects.filter(closed_at=None).order_by("number")
    return chart().pools | {row.code: row.line for row in own}


def pool_line(code: str) -> Line:
    """The purpose with this code; of one that nobody knows any more, the code alone, so that every page opens."""
    if (known := chart().pools.get(code)) is not None:
        return known
    row = Purpose.objects.filter(code=code).first()
    return row.line if row else Line(code=code, zh=code, en=code)
