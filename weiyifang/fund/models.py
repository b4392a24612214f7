from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.facts import fingerprint, new_salt
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.fund.chart import Line, chart
from weiyifang.people.models import Account, Resident

if TYPE_CHECKING:
    from uuid import UUID


class Method(models.TextChoices):
    """How the money changed hands; decides which money account it lies in."""

    BANK = "bank", _("bank transfer")
    WECHAT = "wechat", _("WeChat")
    CASH = "cash", _("cash")


MONEY_ACCOUNT = {Method.BANK: "1002", Method.WECHAT: "1009", Method.CASH: "1001"}


class Donation(CommunityModel):
    """One receipt of money over one channel. Taken back or forgotten by whom it was, it stays what it was."""

    fixed = ("number", "channel", "pool", "amount_fen", "method", "received_on", "source", "recorded_by")

    number = models.IntegerField(_("no."))
    channel = models.CharField(_("channel"), max_length=20)
    pool = models.CharField(_("purpose"), max_length=20, default="general")
    amount_fen = models.BigIntegerField(_("amount"))
    method = models.CharField(_("how it was paid"), max_length=6, choices=Method.choices, default=Method.BANK)
    donor_name = models.CharField(_("who gave it"), max_length=60, blank=True)
    is_named = models.BooleanField(_("show the name in public"), default=False)
    resident = CommunityForeignKey(Resident, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(_("what for"), max_length=120, blank=True)
    received_on = models.DateField(_("received on"))
    source = SourceField()  # what it came from: itself, or another topic's row; posted once
    recorded_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reversed_at = models.DateTimeField(null=True)
    reversed_because = models.CharField(max_length=120, blank=True)
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

    @property
    def channel_line(self) -> Line:
        return chart().channels[self.channel]

    @property
    def pool_line(self) -> Line:
        return chart().pools[self.pool]

    @property
    def shown_name(self) -> str:
        """What the public page says: the name only when the giver wished it."""
        return self.donor_name if self.is_named and self.donor_name else str(_("a neighbour"))


class State(models.TextChoices):
    DRAFT = "draft", _("being written")
    SUBMITTED = "submitted", _("waits for approval")
    APPROVED = "approved", _("approved, to be paid")
    PAID = "paid", _("paid")
    SENT_BACK = "sent_back", _("sent back")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


FLOW: Flow = {
    State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
    State.SUBMITTED: {State.APPROVED, State.SENT_BACK, State.REFUSED, State.WITHDRAWN},
    State.SENT_BACK: {State.SUBMITTED, State.WITHDRAWN},
    State.APPROVED: {State.PAID, State.SENT_BACK},
    State.PAID: set(),
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
}


class PaymentRequest(CommunityModel):
    """Money that is to be paid: submitted by one, approved by another, paid by a third. Paid, it stays as it is."""

    settled_when = "state = 'paid'"

    number = models.IntegerField(_("no."))
    title = models.CharField(_("what for"), max_length=80)
    payee = models.CharField(_("to whom"), max_length=80)
    category = models.CharField(_("category"), max_length=20)
    pool = models.CharField(_("from which money"), max_length=20, default="general")
    amount_fen = models.BigIntegerField(_("amount"))
    papers = models.CharField(_("invoices and other papers"), max_length=200, blank=True)
    organization = SourceField(blank=True)  # source of the organization that asks
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    submitted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    paid_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)
    method = models.CharField(_("how it was paid"), max_length=6, choices=Method.choices, default=Method.BANK)
    hold_id = models.UUIDField(null=True)  # the ledger's hold that the approval placed
    approvals = models.SmallIntegerField(default=0)  # an approval taken back and given again is another hold
    made_at = models.DateTimeField(default=clock.now)
    salt = models.CharField(max_length=32, blank=True, default=new_salt, editable=False)

    class Meta(CommunityModel.Meta):
        verbose_name = _("payment request")
        verbose_name_plural = _("payment requests")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="payment_number"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_positive"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="payment_state"),
            # three people: nulls compare as unknown, which a CHECK lets pass until both are there
            models.CheckConstraint(condition=~Q(approved_by=F("submitted_by")), name="payment_approver_is_another"),
            models.CheckConstraint(condition=~Q(paid_by=F("approved_by")), name="payment_payer_is_not_approver"),
            models.CheckConstraint(condition=~Q(paid_by=F("submitted_by")), name="payment_payer_is_not_submitter"),
            models.CheckConstraint(
                condition=~Q(state=State.PAID)
                | Q(
                    paid_by__isnull=False, approved_by__isnull=False, submitted_by__isnull=False, hold_id__isnull=False
                ),
                name="payment_paid_by_three",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "made_at"], name="payment_state_at")]

    if TYPE_CHECKING:
        submitted_by_id: UUID | None
        approved_by_id: UUID | None
        paid_by_id: UUID | None

    @property
    def fingerprint(self) -> str:
        """Of what a fact must not say: to whom, what for (see `core.facts`)."""
        return fingerprint(self.salt, self.payee, self.title, self.pool, self.organization)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def category_line(self) -> Line:
        return chart().categories[self.category]

    @property
    def pool_line(self) -> Line:
        return chart().pools[self.pool]
