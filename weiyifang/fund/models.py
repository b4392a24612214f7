from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, NumberColumn, ShortTextColumn
from weiyifang.core.facts import fingerprint, new_salt
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.fund.chart import Line, chart, line_or_code
from weiyifang.organizations.queries import named
from weiyifang.people.models import Account, Resident

if TYPE_CHECKING:
    from uuid import UUID


class Method(models.TextChoices):
    """How the money changed hands; decides which money account it lies in."""

    BANK = "bank", _("bank transfer")
    WECHAT = "wechat", _("WeChat")
    CASH = "cash", _("cash")


PLACE = {Method.BANK: _("the bank"), Method.WECHAT: _("WeChat"), Method.CASH: _("the cash box")}
# where money lies: the account behind each way to pay
MONEY_ACCOUNT = {Method.BANK: "1002", Method.WECHAT: "1009", Method.CASH: "1001"}


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
        lines = {"channel": chart().channels, "pool": chart().pools}.get(name, {})
        return lines[value].name if value in lines else None

    @property
    def channel_line(self) -> Line:
        return line_or_code(chart().channels, self.channel)

    @property
    def pool_line(self) -> Line:
        return line_or_code(chart().pools, self.pool)

    @property
    def shown_name(self) -> str:
        """What the public page says of a giver who is no organization here: the name only when the giver wished it."""
        return self.donor_name if self.is_named and self.donor_name else self.channel_line.unnamed


class State(models.TextChoices):
    DRAFT = "draft", _("being written")
    SUBMITTED = "submitted", _("waits for approval")
    APPROVED = "approved", _("approved, to be paid")
    PAID = "paid", _("paid")
    SENT_BACK = "sent_back", _("sent back")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("approval lapsed")


FLOW: Flow = {
    State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
    State.SUBMITTED: {State.APPROVED, State.SENT_BACK, State.REFUSED, State.WITHDRAWN},
    State.SENT_BACK: {State.SUBMITTED, State.WITHDRAWN},
    State.APPROVED: {State.PAID, State.SENT_BACK, State.LAPSED},
    State.LAPSED: {State.SUBMITTED, State.SENT_BACK, State.WITHDRAWN},
    State.PAID: set(),
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
}


class PaymentRequest(CommunityModel):
    """Money that is to be paid: submitted by one, approved by another, paid by a third. Paid, it stays as it is."""

    settled_when = "state = 'paid'"
    in_view = (
        *("title", "payee", "amount_fen", "category", "pool", "method", "papers", "files_changed"),
        *("organization", "state"),
    )
    names_in_view = MappingProxyType({"organization": _("on behalf of")})

    number = models.IntegerField(_("no."))
    title = LineColumn(_("what for"), max_length=80)
    payee = LineColumn(_("to whom"), max_length=80)
    category = models.CharField(_("category"), max_length=20)
    pool = models.CharField(_("from which money"), max_length=20, default="general")
    amount_fen = models.BigIntegerField(_("amount"))
    papers = ShortTextColumn(_("invoices and other papers"), max_length=200, blank=True)
    files_changed = models.SmallIntegerField(_("files added and taken away"), default=0)  # so that an approver notices
    slip = NumberColumn(_("bank receipt no."), max_length=60, blank=True)  # of the payment itself (回单)
    organization = SourceField(blank=True)  # source of the organization that asks
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = ShortTextColumn(_("reason"), max_length=200, blank=True)
    submitted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_until = models.DateTimeField(null=True)  # then the money set aside is free again, and it is asked for anew
    paid_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)
    method = models.CharField(_("paid out of"), max_length=6, choices=Method.choices, default=Method.BANK)
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

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        if name == "organization":
            return found.name if (found := named([value]).get(value)) else value
        lines = {"category": chart().categories, "pool": chart().pools}.get(name, {})
        return lines[value].name if value in lines else None

    @property
    def lapses_at(self) -> datetime | None:
        """Until when an approval counts; None without one."""
        return self.approved_until if self.state == State.APPROVED else None

    @property
    def stands(self) -> State:
        """The state as everybody may rely on it: an approval lapses by the clock, whenever the job comes by."""
        lapses_at = self.lapses_at
        return State.LAPSED if lapses_at is not None and lapses_at <= clock.now() else State(self.state)

    @property
    def standing(self) -> str:
        """`stands` in words."""
        return str(self.stands.label)

    @property
    def place(self) -> str:
        """Where it is paid out of."""
        return str(PLACE[Method(self.method)])

    @property
    def category_line(self) -> Line:
        return line_or_code(chart().categories, self.category)

    @property
    def pool_line(self) -> Line:
        return line_or_code(chart().pools, self.pool)


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
        return line_or_code(chart().pools, self.pool)

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
