from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.facts import fingerprint, new_salt
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.fund.chart import Line, chart, line_or_code
from weiyifang.fund.models.places import Method
from weiyifang.fund.models.purposes import pool_line
from weiyifang.people.models import Account, Resident

if TYPE_CHECKING:
    from uuid import UUID


class Donation(CommunityModel):
    """One receipt of money over one channel. Taken back or forgotten by whom it was, it stays what it was."""

    fixed = (
        *("number", "channel", "pool", "amount_fen", "method", "organization"),
        *("received_on", "booked_on", "source", "recorded_by"),
    )
    in_view = ("amount_fen", "channel", "method", "pool", "received_on", "donor_name", "is_named", "note")

    number = models.IntegerField(_("no."))
    channel = models.CharField(_("channel"), max_length=20)
    pool = models.CharField(_("purpose"), max_length=20, default="general")
    amount_fen = models.BigIntegerField(_("amount"))
    method = models.CharField(_("how it was paid"), max_length=6, choices=Method.choices, default=Method.BANK)
    donor_name = LineColumn(_("who gave it"), max_length=60, blank=True)
    is_named = models.BooleanField(_("show the name in public"), default=False)
    resident = CommunityForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="+")
    organization = SourceField(blank=True)  # of an organization here that gave it: known by its name, as it is itself
    note = ShortTextColumn(_("what for"), max_length=120, blank=True)
    received_on = models.DateField(_("received on"))
    booked_on = models.DateField(null=True)  # the day it has in the books, where that of its receipt was sealed before
    source = SourceField()  # what it came from: itself, or another topic's row; posted once
    recorded_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reversed_at = models.DateTimeField(null=True)
    reversed_because = ShortTextColumn(_("reason"), max_length=200, blank=True)
    salt = models.CharField(max_length=32, blank=True, default=new_salt, editable=False)  # goes with the giver's name

    class Meta(CommunityModel.Meta):
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="donation_number"),
            models.UniqueConstraint(fields=["community", "source"], name="donation_source"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="donation_positive"),
        ]
        indexes = [
            models.Index(fields=["community", "received_on"], name="donation_day"),
            models.Index(fields=["community", "resident"], name="donation_resident"),
        ]

    if TYPE_CHECKING:
        resident_id: UUID | None
        recorded_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def fingerprint(self) -> str:
        """Of what a fact must not say; "" when the giver was forgotten (see `core.facts`)."""
        return fingerprint(self.salt, self.donor_name, self.is_named, self.resident_id)

    @property
    def is_reversed(self) -> bool:
        return self.reversed_at is not None

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        if name == "pool":
            return pool_line(value).name
        lines = {"channel": chart().channels}.get(name, {})
        return lines[value].name if value in lines else None

    @property
    def channel_line(self) -> Line:
        return line_or_code(chart().channels, self.channel)

    @property
    def pool_line(self) -> Line:
        return pool_line(self.pool)

    @property
    def shown_name(self) -> str:
        """What the public page says of a giver who is no organization here: the name only when the giver wished it."""
        return self.donor_name if self.is_named and self.donor_name else self.channel_line.unnamed
