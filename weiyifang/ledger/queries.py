from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from weiyifang.core import clock, journal
from weiyifang.core.journal import Head
from weiyifang.core.tenancy import homes_with
from weiyifang.ledger import chain
from weiyifang.ledger.models import (
    Account,
    Balance,
    Book,
    Hold,
    HoldResolution,
    Period,
    Pool,
    Seal,
    Side,
    Transfer,
    month_end,
    month_of,
)

Pair = tuple[UUID, UUID]  # the ids of an account and a pool
Totals = dict[Pair, tuple[int, int]]  # debits and credits


@dataclass(frozen=True)
class Kept:
    """What stands on several accounts together, in fen: all of it, what is set aside, what is in restricted pools."""

    balance: int
    set_aside: int
    restricted: int


@dataclass(frozen=True)
class Route:
    """What moved from one account to another: the sum in fen, and in how many transfers."""

    debit_id: UUID
    credit_id: UUID
    total: int
    entries: int


@dataclass(frozen=True)
class Turnover:
    """What moved through one account in one pool."""

    account_id: UUID
    pool_id: UUID
    debits: int
    credits: int


def book(code: str) -> Book | None:
    """The community's book of this code, if it keeps one."""
    return Book.objects.filter(code=code).first()


def accounts(book: Book) -> dict[str, Account]:
    """The book's accounts by code."""
    return {account.code: account for account in Account.objects.filter(book=book)}


def account_of(book: Book, code: str) -> Account | None:
    """One account of the book, if it was opened."""
    return Account.objects.filter(book=book, code=code).first()


def pools(book: Book) -> dict[str, Pool]:
    """The book's pools by code."""
    return {pool.code: pool for pool in Pool.objects.filter(book=book)}


def balance(account: Account, pool: Pool | None = None, on: date | None = None) -> int:
    """The account's balance on its normal side, in one pool or in all of them; now, or at the end of the day `on`."""
    if on is None:
        rows = Balance.objects.filter(account=account)
        return sum(row.amount for row in (rows if pool is None else rows.filter(pool=pool)))
    found = totals(account.book_id, on, account=account)
    return sum(
        _amount(account.side, *moved) for (_, pool_id), moved in found.items() if pool is None or pool_id == pool.pk
    )


def free(account: Account, pool: Pool) -> int:
    """The balance less what is held against it: what can still be spent from a floored account."""
    row = Balance.objects.filter(account=account, pool=pool).first()
    return 0 if row is None else row.free


def balances(book: Book, on: date | None = None) -> dict[Pair, int]:
    """Every balance of the book on its account's normal side, now or at the end of the day `on`.

    Account and pool that nothing has moved between are left out.
    """
    if on is None:
        moved_rows = Balance.objects.filter(book=book).exclude(debits=0, credits=0)
        return {(row.account_id, row.pool_id): row.amount for row in moved_rows}
    sides = dict(Account.objects.filter(book=book).values_list("pk", "side"))
    return {pair: _amount(sides[pair[0]], *moved) for pair, moved in totals(book.pk, on).items()}


def balance_rows(book: Book, pools: Collection[UUID]) -> list[Balance]:
    """The balances of these pools that anything moved or is held in."""
    rows = Balance.objects.filter(book=book, pool_id__in=pools)
    return list(rows.exclude(debits=0, credits=0, held_debits=0, held_credits=0))


def pools_holding(code: str) -> QuerySet[Any]:
    """The codes of the pools of the book of this code that something lies in."""
    floored = Balance.objects.filter(book__code=code, floored=True)  # places that amounts lie in
    return floored.filter(debits__gt=F("credits")).values("pool__code")


def by_day(book: Book, account_ids: Collection[UUID]) -> list[tuple[UUID, date, int]]:
    """What each day added to some accounts together, debits less credits: pool, day and sum, the earliest day first."""
    signed = Case(When(debit_id__in=account_ids, then=F("amount")), default=0) - Case(
        When(credit_id__in=account_ids, then=F("amount")), default=0
    )
    rows = Transfer.objects.filter(book=book).order_by().values_list("pool_id", "effective_on")
    return sorted(rows.annotate(sum=Sum(signed)), key=lambda row: row[1])


def kept_for(code: str, parties: Collection[str] | None = None) -> dict[str, int]:
    """What the accounts of the book of this code that are kept for somebody, or for these, hold: party → amount on its
    normal side; nothing where no such book is kept.
    """
    found: dict[str, int] = defaultdict(int)
    rows = Balance.objects.filter(book__code=code).exclude(account__party="").select_related("account")
    for row in rows if parties is None else rows.filter(account__party__in=parties):
        found[row.account.party] += row.amount
    return found


def kept(account_ids: Collection[UUID]) -> Kept:
    """What stands on some accounts of the debit side together."""
    found = Balance.objects.filter(account_id__in=account_ids).aggregate(
        balance=Coalesce(Sum(F("debits") - F("credits")), 0),
        set_aside=Coalesce(Sum("held_credits"), 0),
        restricted=Coalesce(Sum(F("debits") - F("credits"), filter=Q(pool__restricted=True)), 0),
    )
    return Kept(**found)


def moved_in(book: Book) -> tuple[int, int]:
    """All that was ever moved in the book, and what is set aside in it now, in fen.

    The first grows with every transfer, so while both are the same, so is all that is added up of the book.
    """
    sums = Balance.objects.filter(book=book).aggregate(
        moved=Coalesce(Sum("debits"), 0), held=Coalesce(Sum("held_credits"), 0)
    )
    return int(sums["moved"]), int(sums["held"])


def routes(book: Book, *, since: date | None = None, until: date | None = None) -> list[Route]:
    """What moved between each two accounts from the day `since` through the day `until`."""
    rows = entries(book, since=since, until=until).order_by().values_list("debit_id", "credit_id")
    return [Route(*row) for row in rows.annotate(total=Sum("amount"), entries=Count("id"))]


def moved_through(account: Account, last: Transfer) -> int:
    """Debits less credits of an account in fen, through one of its transfers in the order of `entries`."""
    until = Q(effective_on__lt=last.effective_on) | Q(effective_on=last.effective_on, id__lte=last.pk)
    sums = Transfer.objects.filter(until, Q(debit=account) | Q(credit=account)).aggregate(
        debits=Coalesce(Sum("amount", filter=Q(debit=account)), 0),
        credits=Coalesce(Sum("amount", filter=Q(credit=account)), 0),
    )
    return int(sums["debits"] - sums["credits"])


def turnover(book: Book, since: date, until: date) -> list[Turnover]:
    """What moved from the day `since` through the day `until`, per account and pool, in order of their ids."""
    return [Turnover(*pair, *moved) for pair, moved in sorted(_moved(book.pk, since, until).items())]


def entries(
    book: Book,
    *,
    pool: Pool | None = None,
    account: Account | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Transfer]:
    """The book's transfers, latest first."""
    found = Transfer.objects.filter(book=book)
    if pool is not None:
        found = found.filter(pool=pool)
    if account is not None:
        found = found.filter(Q(debit=account) | Q(credit=account))
    if since is not None:
        found = found.filter(effective_on__gte=since)
    if until is not None:
        found = found.filter(effective_on__lte=until)
    return found.order_by("-effective_on", "-id")


def standing(rows: QuerySet[Transfer]) -> QuerySet[Any]:
    """Those that take nothing back themselves, each with what of it `stands`: its amount less what was taken back."""
    back = Transfer.objects.filter(reverses=OuterRef("pk")).order_by().values("reverses").annotate(fen=Sum("amount"))
    stands = F("amount") - Coalesce(Subquery(back.values("fen")), 0)
    return rows.filter(reverses=None).annotate(stands=stands)


def sum_standing(rows: QuerySet[Transfer]) -> int:
    """What stands of these together. What takes back is rare, so it is added up by itself."""
    given = rows.filter(reverses=None).order_by()
    back = Transfer.objects.filter(reverses__in=given.values("pk"))
    sums = [some.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"] for some in (given, back)]
    return int(sums[0] - sums[1])


def transfer_of(book: Book, source: str) -> Transfer:
    """The transfer posted for a source."""
    return Transfer.objects.get(book=book, source=source)


def posted(book: Book) -> dict[str, int]:
    """The amount of every transfer of the book by its source, in fen."""
    return dict(Transfer.objects.filter(book=book).values_list("source", "amount"))


def corrections_of(transfer: Transfer) -> list[Transfer]:
    """The transfers that take this one back, the oldest first."""
    return list(Transfer.objects.filter(reverses=transfer).order_by("id"))


def seals_of(transfers: Collection[Transfer]) -> dict[UUID, Seal]:
    """The seals of those that are sealed, by the transfer's id."""
    return {seal.transfer_id: seal for seal in Seal.objects.filter(transfer__in=transfers)}


def seals_of_month(book: Book, month: date) -> QuerySet[Seal, str]:
    """The hashes of the seals of all transfers of a month, in order of number."""
    of_month = Seal.objects.filter(book=book, transfer__effective_on__range=(month_of(month), month_end(month)))
    return of_month.order_by("seal_no").values_list("hash", flat=True)


def hold(pk: UUID) -> Hold:
    """An amount set aside, by its id."""
    return Hold.objects.get(pk=pk)


def ended_holds() -> set[UUID]:
    """The ids of the holds that were used or given back."""
    return set(HoldResolution.objects.values_list("hold_id", flat=True))


def periods(book: Book) -> QuerySet[Period]:
    """The sealed months, newest first."""
    return Period.objects.filter(book=book).order_by("-month")


def head(book: Book) -> str:
    """The hash of the last seal: it covers every transfer sealed so far."""
    last = Seal.objects.filter(book=book).order_by("-seal_no").first()
    return chain.START if last is None else last.hash


def heads() -> list[Head]:
    """The heads of every chain of the community at hand: the journal's, and `ledger.<code>` of each book."""
    found = [journal.head()]
    for book in Book.objects.order_by("code"):
        last = Seal.objects.filter(book=book).order_by("-seal_no").first()
        number, hash_ = (0, chain.START) if last is None else (last.seal_no, last.hash)
        found.append(Head(f"ledger.{book.code}", number, hash_, number))
    return found


def hashes(code: str, numbers: Collection[int]) -> dict[int, str]:
    """The hashes of these seals of a book, by number."""
    return dict(Seal.objects.filter(book__code=code, seal_no__in=numbers).values_list("seal_no", "hash"))


def is_sealed(book: Book, day: date) -> bool:
    """Can nothing be posted to this day any more?"""
    return Book.objects.filter(pk=book.pk, sealed_through__gte=day).exists()


def next_to_seal(book: Book) -> date | None:
    """The first day of the month that is sealed next, at first that of the earliest transfer; None before there is one.

    It may not be over yet.
    """
    last = Period.objects.filter(book=book).order_by("-month").first()
    if last is not None:
        return month_end(last.month) + timedelta(days=1)
    first = first_day(book)
    return None if first is None else month_of(first)


def first_day(book: Book) -> date | None:
    """The day of the earliest transfer; None before there is one."""
    first = Transfer.objects.filter(book=book).order_by("effective_on").first()
    return None if first is None else first.effective_on


def months_open(code: str) -> QuerySet[Book]:
    """The book with this code while a month of it is over and not sealed; `over`: the moment the oldest such ended."""
    first = Transfer.objects.filter(book=OuterRef("pk")).order_by("effective_on").values("effective_on")[:1]
    begins = Func(Subquery(first), template="(date_trunc('month', %(expressions)s)::date - 1)")
    over = Func(
        Coalesce("sealed_through", begins),
        template=f"(((%(expressions)s + 1) + interval '1 month') AT TIME ZONE '{settings.TIME_ZONE}')",
        output_field=DateTimeField(),
    )
    this_month = clock.day_bounds(month_of(clock.today()))[0]
    return Book.objects.filter(code=code).annotate(over=over).filter(over__lte=this_month)


def totals(book_id: UUID, on: date, account: Account | None = None) -> Totals:
    """Debits and credits since the book began, through the day `on`: the last sealed month plus what came after it."""
    since = date.min
    found: dict[Pair, tuple[int, int]] = {}
    # the last month that is over on that day
    over = month_of(on) if month_end(on) == on else month_of(month_of(on) - timedelta(days=1))
    period = Period.objects.filter(book_id=book_id, month__lte=over).order_by("-month").first()
    if period is not None:
        since = month_end(period.month) + timedelta(days=1)
        closing = period.closing_balances.all() if account is None else period.closing_balances.filter(account=account)
        for at_close in closing:
            found[at_close.account_id, at_close.pool_id] = at_close.debits, at_close.credits
    return _added(found, _moved(book_id, since, on, account))


def _moved(book_id: UUID, since: date, until: date, account: Account | None = None) -> Totals:
    rows = Transfer.objects.filter(book_id=book_id, effective_on__range=(since, until)).order_by()
    taken, given = (
        (rows if account is None else rows.filter(**{side: account})).values_list(side, "pool").annotate(Sum("amount"))
        for side in ("debit", "credit")
    )
    found = _added({}, {(account_id, pool_id): (amount, 0) for account_id, pool_id, amount in taken})
    return _added(found, {(account_id, pool_id): (0, amount) for account_id, pool_id, amount in given})


def _added(here: Totals, there: Mapping[Pair, tuple[int, int]]) -> Totals:
    both: Totals = defaultdict(lambda: (0, 0), here)
    for pair, moved in there.items():
        before = both[pair]
        both[pair] = before[0] + moved[0], before[1] + moved[1]
    return dict(both)


def _amount(side: str, debited: int, credited: int) -> int:
    return debited - credited if side == Side.DEBIT else credited - debited


# --- what the clock asks each minute, of all communities ----------------------------------------------------------


def is_lapsed() -> Q:
    """Holds whose time is over and that nobody has ended."""
    home = OuterRef("community")
    ended = HoldResolution.everywhere.filter(community=home, hold=OuterRef("pk"))  # everywhere: of the hold's own
    return Q(expires_at__lte=clock.now()) & ~Q(Exists(ended))


def has_new() -> Q:
    """Books with a transfer behind the one sealed last (ids grow with time) that has no seal.

    The first of these and not EXISTS, which PostgreSQL answers by reading all transfers and all seals.
    """
    of_book = {"community": OuterRef("community"), "book": OuterRef("pk")}
    sealed = Seal.everywhere.filter(community=OuterRef("community"), transfer=OuterRef("pk"))  # everywhere: its own
    last = Seal.everywhere.filter(  # everywhere: of the book's own community
        community=OuterRef(OuterRef("community")), book=OuterRef(OuterRef("pk"))
    ).order_by("-seal_no")
    behind = Coalesce(Subquery(last.values("transfer")[:1]), Value(UUID(int=0), output_field=UUIDField()))
    new = Transfer.everywhere.filter(~Exists(sealed), pk__gt=behind, **of_book)  # everywhere: its own
    return Q(IsNull(Subquery(new.order_by("pk").values("pk")[:1]), False))


def homes_with_lapsed_holds() -> list[int]:
    """The communities where an amount is set aside that nobody used in time."""
    return homes_with(Hold.everywhere.filter(is_lapsed()))  # everywhere: the clock asks once for all


def homes_to_seal() -> list[int]:
    """The communities where something was posted since it was sealed last."""
    return homes_with(Book.everywhere.filter(has_new()))  # everywhere: the clock asks once for all
