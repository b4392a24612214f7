from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, NumberColumn
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Journal


class Community(models.Model):
    """A residents' or villagers' committee's area that uses the program. Shared by all: not a row *of* a community."""

    id = models.BigIntegerField(_("official code"), primary_key=True)
    slug = models.CharField(
        _("address"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Small letters, digits, -."))],
    )
    name = LineColumn(_("name"), max_length=80)  # 南湖社区居民委员会
    short_name = LineColumn(_("short name"), max_length=40)  # 南湖社区
    platform_name = LineColumn(_("name of its platform"), max_length=60, blank=True)  # 南湖微益坊
    street_name = LineColumn(_("street"), max_length=40, blank=True)
    district_name = LineColumn(_("district"), max_length=40, blank=True)
    city_name = LineColumn(_("city"), max_length=40, blank=True)
    phone = NumberColumn(_("telephone"), max_length=20, blank=True)
    phone_hours = LineColumn(_("when somebody answers"), max_length=40, blank=True)
    address = LineColumn(_("where the office is"), max_length=120, blank=True)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        constraints = [models.UniqueConstraint(fields=["slug"], name="community_slug")]

    def __str__(self) -> str:
        return self.short_name

    @property
    def street_code(self) -> int:
        """The official code of the street office above it (9 digits)."""
        return self.id // 1000

    @property
    def home_url(self) -> str:
        """The address of its front page."""
        return f"/c/{self.slug}/"

    @property
    def phone_href(self) -> str:
        """For a `tel:` link."""
        return "".join(c for c in self.phone if c.isdigit() or c == "+")


class OwnRule(CommunityModel):
    """Values of its own that a community has for a rule file (`core.dated`) from a day on; or that a row is taken back.

    Who set them, and why, is the fact beside it.
    """

    append_only = True
    in_journal = Journal(moment="set_at")

    rule = models.CharField(max_length=60)  # the name of the rule file: `activities.queue`
    since = models.DateField()
    values = models.JSONField(default=dict)  # every setting of the file by name; times of day as `21:00`
    takes_back = CommunityForeignKey("self", models.PROTECT, null=True, related_name="taken_back_by")
    set_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["community", "takes_back"], name="own_rule_taken_back_once"),
            models.CheckConstraint(
                condition=models.Q(takes_back=None) | models.Q(values={}), name="own_rule_or_taking_back"
            ),
        ]
        indexes = [models.Index(fields=["community", "rule", "since"], name="own_rule_since")]

    def __str__(self) -> str:
        return f"{self.rule} {self.since}"
