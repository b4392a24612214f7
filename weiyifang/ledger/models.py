from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.composite import CompositeForeignKey
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Journal


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_end(month: date) -> date:
    """The last day of the month."""
    return month_of(month_of(month) + timedelta(days=31)) - timedelta(days=1)


class Unit(models.TextChoices):
    """What amounts count. Whole units only: money is fen, time is minutes."""

    FEN = "fen", _("fen")
    MINUTES = "minutes", _("minutes")


class Side(models.TextChoices):
    """The side on which an account grows: money and costs by debits, sources and promises by credits."""

    DEBIT = "debit", _("debit")
    CREDIT = "credit", _("credit")


class Book(CommunityModel):
    """Accounts that are kept together in one unit."""

    code = models.CharField(_("code"), max_length=40)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices)
    name = LineColumn(_("name"), max_length=80)
    sealed_through = models.DateField(_("sealed through"), null=True)  # the last day nothing can be posted to any more
    opened_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("book")
        verbose_name_plural = _("books")
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="ledger_book_code")]

    if TYPE_CHECKING:
        id: UUID

    def __str__(self) -> str:
        return self.name


class Account(CommunityModel):
    """A place amounts come from and go to. Floored: it cannot fall below zero in any pool."""

    book = CommunityForeignKey(Book, models.PROTECT, related_name="accounts", db_index=False)
    code = models.CharField(_("code"), max_length=60)
    name = LineColumn(_("name"), max_length=80)
    side = models.CharField(_("grows by"), max_length=6, choices=Side.choices)
    floored = models.BooleanField(_("never below zero"))
    party = SourceField(_("kept for"), blank=True)  # a source, never a name
    closed = models.BooleanField(_("closed"), default=False)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(fields=["community", "book", "code"], name="ledger_account_code"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="ledger_account_side"),
        ]
        indexes = [models.Index(fields=["community", "party"], name="ledger_account_party", condition=~Q(party=""))]

    if TYPE_CHECKING:
        book_id: UUID

    def __str__(self) -> str:
        return self.name


class Pool(CommunityModel):
    """A fund inside a book: every transfer stays within one, so each balances for itself."""

    book = CommunityForeignKey(Book, models.PROTECT, related_name="pools", db_index=False)
    code = models.CharField(_("code"), max_length=60)
    name = LineColumn(_("name"), max_length=80)
    restricted = models.BooleanField(_("restricted"), default=False)  # by who gave it, not by the committee
    purpose = ShortTextColumn(_("purpose"), max_length=200, blank=True)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("pool")
        verbose_name_plural = _("pools")
        constraints = [models.UniqueConstraint(fields=["community", "book", "code"], name="ledger_pool_code")]

    if TYPE_CHECKING:
        book_id: UUID

    def __str__(self) -> str:
        return self.name


class Movement(CommunityModel):
    """What a transfer and a hold have in common: from `credit` to `debit`, within one pool.

    The database is asked for the two balances only. A balance has keys of its own to its book, account and pool, and
    these to the community, so a movement cannot point to any of them that is not there, of another book or of another
    community; and the two rows are locked by whoever posts, so that nobody waits for a lock on the others.
    """

    append_only = True

    community = models.ForeignKey(
        "communities.Community",
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the balances' community is this one
    )
    book = CommunityForeignKey(Book, models.PROTECT, related_name="+", db_index=False)
    debit = CommunityForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    credit = CommunityForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    pool = CommunityForeignKey(Pool, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField(_("amount"))
    source = SourceField(_("source"))  # what it follows from; posts once
    content_hash = models.CharField(max_length=64)  # what a second try is compared with (`chain.content_hash`)
    memo = models.CharField(_("memo"), max_length=200, blank=True)  # a code, never words: it cannot be forgotten
    recorded_at = models.DateTimeField(_("recorded"))
    by_account_id = models.UUIDField(null=True)

    class Meta(CommunityModel.Meta):
        abstract = True
        constraints = [
            CompositeForeignKey(
                fields=("community", "book", side, "pool"),
                to="ledger.Balance",
                to_fields=("community", "book", "account", "pool"),
                name=f"%(app_label)s_%(class)s_{side}_fk",
            )
            for side in ("debit", "credit")
        ]

    if TYPE_CHECKING:
        book_id: UUID
        debit_id: UUID
        credit_id: UUID
        pool_id: UUID

    def __str__(self) -> str:
        return self.source


class Hold(Movement):
    """An amount set aside until it is posted, released or expires: what is held cannot be spent otherwise."""

    expires_at = models.DateTimeField(_("lapses"), null=True)  # null: stays until it is posted or released

    class Meta(Movement.Meta):
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            *Movement.Meta.constraints,
            models.UniqueConstraint(fields=["community", "book", "source"], name="ledger_hold_source"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_hold_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_hold_two_accounts"),
        ]
        indexes = [models.Index(fields=["community", "expires_at"], name="ledger_hold_expiry")]


class HoldOutcome(models.TextChoices):
    POSTED = "posted", _("posted")
    RELEASED = "released", _("released")
    EXPIRED = "expired", _("lapsed")


class HoldResolution(CommunityModel):
    """How a hold ended: once, whoever tries. What was held and not posted is free again."""

    append_only = True
    in_journal = Journal(moment="resolved_at")

    hold = CommunityForeignKey(Hold, models.PROTECT, related_name="resolutions", db_index=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=HoldOutcome.choices)
    amount = models.BigIntegerField(_("amount"), default=0)  # what was posted of it
    resolved_at = models.DateTimeField(default=clock.now)
    by_account_id = models.UUIDField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("end of a hold")
        verbose_name_plural = _("ends of holds")
        constraints = [
            models.UniqueConstraint(fields=["community", "hold"], name="ledger_hold_resolves_once"),
            models.CheckConstraint(
                condition=Q(outcome=HoldOutcome.POSTED, amount__gt=0)
                | Q(outcome__in=[HoldOutcome.RELEASED, HoldOutcome.EXPIRED], amount=0),
                name="ledger_hold_outcome",
            ),
        ]

    if TYPE_CHECKING:
        hold_id: UUID

    def __str__(self) -> str:
        return self.get_outcome_display()


class Transfer(Movement):
    """One amount from one account to another within one pool. Never changed; put right by another that reverses it."""

    in_journal = Journal(instead="the seals of its book chain it")

    effective_on = models.DateField(_("date"))
    party = SourceField(_("with"), blank=True)  # a source, never a name
    journal = models.UUIDField(null=True)  # transfers that were posted together, all or nothing
    reverses = CommunityForeignKey("self", models.PROTECT, null=True, related_name="reversals", db_index=False)
    hold = CommunityForeignKey(Hold, models.PROTECT, null=True, related_name="transfers", db_index=False)

    class Meta(Movement.Meta):
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            *Movement.Meta.constraints,
            models.UniqueConstraint(fields=["community", "book", "source"], name="ledger_transfer_source"),
            models.UniqueConstraint(
                fields=["community", "hold"], condition=Q(hold__isnull=False), name="ledger_transfer_hold_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_transfer_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_transfer_two_accounts"),
        ]
        indexes = [
            models.Index(fields=["community", "book", "effective_on"], name="ledger_transfer_book"),
            models.Index(fields=["community", "pool", "effective_on"], name="ledger_transfer_pool"),
            models.Index(fields=["community", "debit", "effective_on"], name="ledger_transfer_debit"),
            models.Index(fields=["community", "credit", "effective_on"], name="ledger_transfer_credit"),
            models.Index(
                fields=["community", "reverses"], condition=Q(reverses__isnull=False), name="ledger_transfer_reverses"
            ),
            models.Index(
                fields=["community", "journal"], condition=Q(journal__isnull=False), name="ledger_transfer_journal"
            ),
        ]

    if TYPE_CHECKING:
        reverses_id: UUID | None
        hold_id: UUID | None


class Balance(CommunityModel):
    """What has moved through one account in one pool, and what is held; changed in the statement that posts.

    `side`, `floored`, `closed` and `sealed_through` are copies of the account's and the book's: whoever holds the row's
    lock knows them for sure, and the floor can be a CHECK.
    """

    book = CommunityForeignKey(Book, models.PROTECT, related_name="+", db_index=False)
    account = CommunityForeignKey(Account, models.PROTECT, related_name="balances", db_index=False)
    pool = CommunityForeignKey(Pool, models.PROTECT, related_name="balances", db_index=False)
    debits = models.BigIntegerField(_("debits"), default=0)
    credits = models.BigIntegerField(_("credits"), default=0)
    held_debits = models.BigIntegerField(_("held debits"), default=0)
    held_credits = models.BigIntegerField(_("held credits"), default=0)
    side = models.CharField(max_length=6, choices=Side.choices)
    floored = models.BooleanField()
    closed = models.BooleanField()
    sealed_through = models.DateField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.UniqueConstraint(fields=["community", "account", "pool"], name="ledger_balance_pair"),
            # says no more than the pair; it is what the keys of transfers and holds point to
            models.UniqueConstraint(fields=["community", "book", "account", "pool"], name="ledger_balance_of_movement"),
            models.CheckConstraint(
                condition=Q(floored=False)
                | Q(side=Side.DEBIT, debits__gte=F("credits") + F("held_credits"))
                | Q(side=Side.CREDIT, credits__gte=F("debits") + F("held_debits")),
                name="ledger_balance_floor",
            ),
            models.CheckConstraint(
                condition=Q(debits__gte=0, credits__gte=0, held_debits__gte=0, held_credits__gte=0),
                name="ledger_balance_totals",
            ),
        ]

    if TYPE_CHECKING:
        book_id: UUID
        account_id: UUID
        pool_id: UUID

    def __str__(self) -> str:
        return f"{self.account_id} {self.pool_id}"

    @property
    def amount(self) -> int:
        """The balance on the account's normal side."""
        return self.debits - self.credits if self.side == Side.DEBIT else self.credits - self.debits

    @property
    def free(self) -> int:
        """The balance less what is held against it."""
        return self.amount - (self.held_credits if self.side == Side.DEBIT else self.held_debits)


class Seal(CommunityModel):
    """A transfer's place in the book's chain: each hash covers the transfer and the hash before it (`chain.link`)."""

    append_only = True
    in_journal = Journal(instead="it is the chain of its book; anchors keep its head")

    book = CommunityForeignKey(Book, models.PROTECT, related_name="+", db_index=False)
    transfer = CommunityForeignKey(Transfer, models.PROTECT, related_name="seals", db_index=False)
    seal_no = models.BigIntegerField(_("number"))
    hash = models.CharField(_("hash"), max_length=64)

    class Meta(CommunityModel.Meta):
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            models.UniqueConstraint(fields=["community", "book", "seal_no"], name="ledger_seal_number"),
            models.UniqueConstraint(fields=["community", "transfer"], name="ledger_seal_once"),
        ]

    if TYPE_CHECKING:
        book_id: UUID
        transfer_id: UUID

    def __str__(self) -> str:
        return f"{self.seal_no} {self.hash[:12]}"


class Period(CommunityModel):
    """A sealed month. A month without such a row is open; once written the row can be neither changed nor removed."""

    append_only = True
    in_journal = Journal(moment="sealed_at")

    book = CommunityForeignKey(Book, models.PROTECT, related_name="periods", db_index=False)
    month = models.DateField(_("month"))  # its first day
    head_no = models.BigIntegerField(_("last number"))  # how far the chain reached when the month was sealed
    transfers = models.IntegerField(_("transfers"))  # how many the month has
    rows_hash = models.CharField(max_length=90)  # over their seals: `chain.Tree.rows`, of early months `all_in_line`
    root_hash = models.CharField(
        _("root hash"), max_length=64
    )  # covers the month's transfers, balances and the root before
    sealed_at = models.DateTimeField(_("sealed"), default=clock.now)
    by_account_id = models.UUIDField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("sealed month")
        verbose_name_plural = _("sealed months")
        constraints = [
            models.UniqueConstraint(fields=["community", "book", "month"], name="ledger_period_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="ledger_period_first_day"),
        ]

    if TYPE_CHECKING:
        book_id: UUID

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ClosingBalance(CommunityModel):
    """What had moved through one account in one pool when a month was sealed, since the book began."""

    append_only = True
    in_journal = Journal(instead="the root of its month covers it")

    period = CommunityForeignKey(Period, models.PROTECT, related_name="closing_balances", db_index=False)
    account = CommunityForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    pool = CommunityForeignKey(Pool, models.PROTECT, related_name="+", db_index=False)
    debits = models.BigIntegerField(_("debits"))
    credits = models.BigIntegerField(_("credits"))

    class Meta(CommunityModel.Meta):
        verbose_name = _("closing balance")
        verbose_name_plural = _("closing balances")
        constraints = [
            models.UniqueConstraint(fields=["community", "period", "account", "pool"], name="ledger_closing_balance")
        ]

    if TYPE_CHECKING:
        period_id: UUID
        account_id: UUID
        pool_id: UUID

    def __str__(self) -> str:
        return f"{self.period_id} {self.account_id}"
