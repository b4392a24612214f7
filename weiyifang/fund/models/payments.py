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
from weiyifang.fund.models.places import PLACE, Method
from weiyifang.fund.models.purposes import pool_line
from weiyifang.organizations.queries import named
from weiyifang.people.models import Account

if TYPE_CHECKING:
    from uuid import UUID


class Path(models.TextChoices):
    """How a payment comes to its money: `fund.paths` says which one it takes."""

    SHORT = "short", _("one asks, one approves, one pays")
    CHECKED = "checked", _("checked before it is approved")
    COMMITTEE = "committee", _("decided by the fund's committee")
    URGENT = "urgent", _("emergency relief, looked at afterwards")


NEEDS_CHECK = (Path.CHECKED, Path.COMMITTEE)


class State(models.TextChoices):
    DRAFT = "draft", _("being written")
    SUBMITTED = "submitted", _("submitted, waits")
    CHECKED = "checked", _("checked, to be decided")
    APPROVED = "approved", _("approved, to be paid")
    PAID = "paid", _("paid")
    SENT_BACK = "sent_back", _("sent back")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("approval lapsed")


FLOW: Flow = {
    State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
    State.SUBMITTED: {State.CHECKED, State.APPROVED, State.SENT_BACK, State.REFUSED, State.WITHDRAWN},
    State.CHECKED: {State.APPROVED, State.SENT_BACK, State.REFUSED},
    State.SENT_BACK: {State.SUBMITTED, State.WITHDRAWN},
    State.APPROVED: {State.PAID, State.SENT_BACK, State.LAPSED},
    State.LAPSED: {State.SUBMITTED, State.SENT_BACK, State.WITHDRAWN},
    State.PAID: set(),
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
}


# one approved it, or the committee decided
_IS_DECIDED = Q(approved_by__isnull=False) | (Q(path=Path.COMMITTEE) & ~Q(decision_hash=""))


class PaymentRequest(CommunityModel):
    """Money that is to be paid: submitted by one, approved by another, paid by a third; of larger amounts a fourth
    checks the papers in between. Paid, it stays as it is.
    """

    settled_when = "state = 'paid'"
    in_view = (
        *("title", "payee", "amount_fen", "category", "pool", "method", "papers", "files_changed"),
        *("organization", "state", "path"),
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
    path = models.CharField(_("path"), max_length=9, choices=Path.choices, default=Path.SHORT)
    path_rule = models.JSONField(default=dict)  # the values of the rule it was submitted under (`fund.paths`)
    follows = SourceField(blank=True)  # the row of another topic that it pays; decided there, paid once
    payable_from = models.DateField(_("not to be paid before"), null=True)  # until then its money is only set aside
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = ShortTextColumn(_("reason"), max_length=200, blank=True)
    submitted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    round = models.SmallIntegerField(default=1)  # for which time it is submitted: what was said before counts no more
    decision_hash = models.CharField(max_length=64, blank=True)  # of the committee's decision (`fund.committee`)
    checked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_until = models.DateTimeField(null=True)  # then the money set aside is free again, and it is asked for anew
    paid_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)
    review_by = models.DateTimeField(null=True)  # until when an urgent payment that was made is looked at
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
            models.UniqueConstraint(
                fields=["community", "follows"],
                condition=~Q(follows="") & ~Q(state__in=[State.REFUSED, State.WITHDRAWN]),
                name="payment_follows_once",
            ),
            # three people: nulls compare as unknown, which a CHECK lets pass until both are there
            models.CheckConstraint(condition=~Q(approved_by=F("submitted_by")), name="payment_approver_is_another"),
            models.CheckConstraint(condition=~Q(paid_by=F("approved_by")), name="payment_payer_is_not_approver"),
            models.CheckConstraint(condition=~Q(paid_by=F("submitted_by")), name="payment_payer_is_not_submitter"),
            models.CheckConstraint(condition=~Q(checked_by=F("submitted_by")), name="payment_checker_is_not_submitter"),
            models.CheckConstraint(condition=~Q(checked_by=F("approved_by")), name="payment_checker_is_not_approver"),
            models.CheckConstraint(condition=~Q(checked_by=F("paid_by")), name="payment_checker_is_not_payer"),
            models.CheckConstraint(condition=Q(path__in=Path.values), name="payment_path"),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CHECKED, State.APPROVED, State.PAID], path__in=NEEDS_CHECK)
                | Q(checked_by__isnull=False),
                name="payment_checked_before_it_is_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PAID)
                | (Q(paid_by__isnull=False, submitted_by__isnull=False, hold_id__isnull=False) & _IS_DECIDED),
                name="payment_paid_by_three",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.APPROVED, State.PAID], path=Path.COMMITTEE)
                | (Q(approved_by__isnull=True) & ~Q(decision_hash="")),
                name="payment_decided_by_the_committee",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "made_at"], name="payment_state_at")]

    if TYPE_CHECKING:
        submitted_by_id: UUID | None
        checked_by_id: UUID | None
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
        if name == "pool":
            return pool_line(value).name
        lines = {"category": chart().categories}.get(name, {})
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
    def needs_check(self) -> bool:
        """Is it on a path on which the papers are checked before anybody decides?"""
        return self.path in NEEDS_CHECK

    @property
    def waits_for_check(self) -> bool:
        return self.state == State.SUBMITTED and self.needs_check

    @property
    def waits_for_approval(self) -> bool:
        """By one person; on a large amount a committee decides."""
        decided_alone = self.path != Path.COMMITTEE
        return decided_alone and self.state == (State.CHECKED if self.needs_check else State.SUBMITTED)

    @property
    def waits_for_committee(self) -> bool:
        return self.state == State.CHECKED and self.path == Path.COMMITTEE

    @property
    def is_decided_together(self) -> bool:
        """Does the committee decide on it, and nobody alone?"""
        return self.path == Path.COMMITTEE

    @property
    def is_urgent(self) -> bool:
        return self.path == Path.URGENT

    @property
    def is_payable(self) -> bool:
        """Has the day come from which on it may be paid?"""
        return self.payable_from is None or self.payable_from <= clock.today()

    @property
    def place(self) -> str:
        """Where it is paid out of."""
        return str(PLACE[Method(self.method)])

    @property
    def category_line(self) -> Line:
        return line_or_code(chart().categories, self.category)

    @property
    def pool_line(self) -> Line:
        return pool_line(self.pool)


class Finding(models.TextChoices):
    """What the later look at an urgent payment came to."""

    IN_ORDER = "in_order", _("in order")
    NOT_IN_ORDER = "not_in_order", _("not in order")


class PaymentReview(CommunityModel):
    """The later look at an urgent payment, by who oversees the fund. It changes nothing; what is wrong is corrected."""

    fixed = ("payment", "finding", "reviewed_by", "reviewed_at")

    payment = CommunityForeignKey(PaymentRequest, models.PROTECT, related_name="reviews")
    finding = models.CharField(_("finding"), max_length=12, choices=Finding.choices)
    note = ShortTextColumn(_("what is not in order"), max_length=200, blank=True)
    reviewed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("review of an urgent payment")
        verbose_name_plural = _("reviews of urgent payments")
        constraints = [
            models.UniqueConstraint(fields=["community", "payment"], name="paymentreview_once"),
            models.CheckConstraint(condition=Q(finding__in=Finding.values), name="paymentreview_finding"),
        ]

    if TYPE_CHECKING:
        payment_id: UUID
        reviewed_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.payment_id}"
