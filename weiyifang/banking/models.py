"""What banks and wallets say: the accounts, their statements, each movement."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.banking.shapes import Shape, shape
from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, NumberColumn, ShortTextColumn
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.fund.models import PLACE, Method
from weiyifang.ledger.models import Transfer
from weiyifang.people.models import Account
from weiyifang.people.secrets import SealedField

if TYPE_CHECKING:
    from uuid import UUID

WITH_STATEMENTS = (Method.BANK, Method.WECHAT)  # the cash box is counted
KEY = 120  # signs of what a line is known by


class BankAccount(CommunityModel):
    """The account or wallet behind one place of the fund's money. `columns`: as somebody named them once."""

    method = models.CharField(_("where the money lies"), max_length=6, choices=Method.choices)
    number = SealedField(_("account number"), blank=True, default="")  # as its statements say it
    columns: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        constraints = [
            models.UniqueConstraint(fields=["community", "method"], name="bankaccount_one_a_place"),
            models.CheckConstraint(condition=Q(method__in=WITH_STATEMENTS), name="bankaccount_method"),
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def place(self) -> str:
        return str(PLACE[Method(self.method)])


class StatementDraft(CommunityModel):
    """An uploaded statement that was read and waits for a yes. Sealed, and gone after the yes or a day."""

    method = models.CharField(_("where the money lies"), max_length=6, choices=Method.choices)
    file_name = LineColumn(_("name of the file"), max_length=200)
    content = models.BinaryField()
    lines = models.IntegerField(default=0)
    columns: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    made_by = models.ForeignKey(Account, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("uploaded statement")
        verbose_name_plural = _("uploaded statements")
        constraints = [
            models.CheckConstraint(condition=Q(done_at=None) | Q(content=b""), name="statementdraft_leaves_nothing")
        ]
        indexes = [models.Index(fields=["community", "made_at"], condition=Q(done_at=None), name="statementdraft_open")]

    if TYPE_CHECKING:
        made_by_id: UUID

    def __str__(self) -> str:
        return self.file_name

    @property
    def place(self) -> str:
        return str(PLACE[Method(self.method)])


class Statement(CommunityModel):
    """One file of an account: what was there, each movement, what was there then. Amounts in fen.

    `came_in` and `went_out` are of all its lines, also of those that were here before it.
    """

    fixed = (
        *("account", "number", "sha256", "shape", "since", "until", "opening_fen", "came_in_fen", "went_out_fen"),
        *("closing_fen", "lines", "known", "imported_by", "imported_at"),
    )
    account = CommunityForeignKey(BankAccount, models.PROTECT, related_name="statements")
    number = models.IntegerField(_("no."))
    sha256 = models.CharField(max_length=64)
    shape = models.CharField(max_length=20)
    since = models.DateField(_("from day"))
    until = models.DateField(_("to day"))
    opening_fen = models.BigIntegerField(_("opening balance"))
    came_in_fen = models.BigIntegerField(_("money in"))
    went_out_fen = models.BigIntegerField(_("money out"))
    closing_fen = models.BigIntegerField(_("closing balance"))
    lines = models.IntegerField(_("lines"))  # all of the file
    known = models.IntegerField(default=0)  # of these, how many were here before it
    imported_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="statement_number"),
            models.UniqueConstraint(
                fields=["community", "account", "sha256"],
                condition=Q(taken_back_at=None),
                name="statement_of_a_file_once",
            ),
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="statement_days"),
            models.CheckConstraint(
                condition=Q(closing_fen=F("opening_fen") + F("came_in_fen") - F("went_out_fen")),
                name="statement_adds_up",
            ),
            models.CheckConstraint(condition=Q(known__lte=F("lines"), known__gte=0), name="statement_known"),
        ]
        indexes = [models.Index(fields=["community", "account", "since"], name="statement_days_of")]

    if TYPE_CHECKING:
        account_id: UUID
        imported_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def shaped(self) -> Shape:
        return shape(self.shape)

    @property
    def place(self) -> str:
        return str(self.account.place)


class LineState(models.TextChoices):
    """What somebody has said of a line."""

    OPEN = "open", _("not matched yet")
    MATCHED = "matched", _("matched with the books")
    ASIDE = "aside", _("set aside")


class Match(CommunityModel):
    """Lines of an account and entries of the books that are the same money: their sums are equal.

    One line and one entry mostly; a line may be many entries, many lines one entry, and what cancels out stands alone.
    """

    account = CommunityForeignKey(BankAccount, models.PROTECT, related_name="+")
    fen = models.BigIntegerField(_("amount"))
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        indexes = [models.Index(fields=["community", "account"], name="match_of_account")]

    if TYPE_CHECKING:
        account_id: UUID
        made_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.fen}"


class MatchedEntry(CommunityModel):
    """An entry of the books in a match: of one account once. What goes from one place to another is in two."""

    match = CommunityForeignKey(Match, models.CASCADE, related_name="entries")
    account = CommunityForeignKey(BankAccount, models.PROTECT, related_name="+")
    transfer = CommunityForeignKey(Transfer, models.PROTECT, related_name="+")

    class Meta(CommunityModel.Meta):
        verbose_name = _("matched entry")
        verbose_name_plural = _("matched entries")
        constraints = [
            models.UniqueConstraint(fields=["community", "account", "transfer"], name="matchedentry_once"),
        ]
        indexes = [models.Index(fields=["community", "match"], name="matchedentry_of_match")]

    if TYPE_CHECKING:
        match_id: UUID
        transfer_id: UUID

    def __str__(self) -> str:
        return f"{self.transfer_id}"


class Line(CommunityModel):
    """One movement of an account. `fen` is positive when money came in; `seq` is its place among those of its day.

    What others wrote in it (`name`, `words`) can be forgotten; of their account only the last digits are here. It goes
    with a statement that was taken back; that no amount was changed is seen by the balances.
    """

    in_view = ("words", "match", "aside_because")
    names_in_view = MappingProxyType({"match": _("what it was matched with")})

    statement = CommunityForeignKey(Statement, models.PROTECT, related_name="+")
    account = CommunityForeignKey(BankAccount, models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    seq = models.IntegerField()
    time = models.CharField(max_length=8, blank=True, default="")
    fen = models.BigIntegerField(_("amount"))
    balance_fen = models.BigIntegerField(_("balance afterwards"))
    key = models.CharField(max_length=KEY)  # what it is known by in another file
    name = LineColumn(_("the other side"), max_length=80, blank=True, default="")
    ending = models.CharField(max_length=4, blank=True, default="")  # how the number of the other account ends
    words = ShortTextColumn(_("purpose or summary"), max_length=200, blank=True, default="")
    serial = NumberColumn(_("serial number"), max_length=60, blank=True, default="")
    match = CommunityForeignKey(Match, models.PROTECT, null=True, related_name="lines")
    aside_because = ShortTextColumn(_("why it is in no book of ours"), max_length=200, blank=True, default="")
    aside_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta(CommunityModel.Meta):
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of statements")
        constraints = [
            models.UniqueConstraint(fields=["community", "account", "key"], name="line_once"),
            models.CheckConstraint(condition=~Q(fen=0), name="line_moves_something"),
            models.CheckConstraint(condition=Q(match=None) | Q(aside_because=""), name="line_matched_or_aside"),
        ]
        indexes = [
            models.Index(fields=["community", "account", "day", "seq"], name="line_in_order"),
            models.Index(fields=["community", "statement"], name="line_of_statement"),
            models.Index(
                fields=["community", "account", "day", "seq"],
                condition=Q(match=None, aside_because=""),
                name="line_open",
            ),
            models.Index(fields=["community", "match"], name="line_of_match"),
        ]

    if TYPE_CHECKING:
        statement_id: UUID
        account_id: UUID
        match_id: UUID | None

    def __str__(self) -> str:
        return f"{self.day} {self.fen}"

    @property
    def is_open(self) -> bool:
        """Nobody has said yet what it is."""
        return self.match_id is None and not self.aside_because

    @property
    def told(self) -> str:
        """What the bank says of it: what for, else who; or that it says neither."""
        return self.words or self.name or self.serial or str(_("no words of the bank"))

    @property
    def out(self) -> int:
        """What went out."""
        return -self.fen


class Explanation(CommunityModel):
    """Why a month does not agree with the bank, said by one and confirmed by another: then it may be sealed.

    `figures`: what it was that did not agree. When that changes, it explains nothing any more.
    """

    fixed = ("account", "month", "figures", "asked_by", "asked_at")
    in_view = ("month", "word", "confirmed_at")
    names_in_view = MappingProxyType({"confirmed_at": _("confirmed at")})

    account = CommunityForeignKey(BankAccount, models.PROTECT, related_name="+")
    month = models.DateField(_("month"))
    word = ShortTextColumn(_("why it does not agree"), max_length=200)
    figures: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("explanation of a month")
        verbose_name_plural = _("explanations of months")
        constraints = [
            models.CheckConstraint(condition=~Q(confirmed_by=F("asked_by")), name="explanation_two_people"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirmed_by__isnull=False, asked_by__isnull=False),
                name="explanation_confirmed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["community", "account", "month"], name="explanation_of_month")]

    if TYPE_CHECKING:
        account_id: UUID
        asked_by_id: UUID | None
        confirmed_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
