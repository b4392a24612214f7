"""Reads: the accounts and how far their statements go, what was there on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from weiyifang.banking import terms
from weiyifang.banking.models import WITH_STATEMENTS, BankAccount, Line, MatchedEntry, Statement
from weiyifang.fund.entries import transfers
from weiyifang.fund.models import PLACE, Method
from weiyifang.ledger.models import Transfer

ONE = timedelta(days=1)
Days = tuple[date, date]  # from the first through the last


def account_of(method: str) -> BankAccount | None:
    """The account behind a place of money, once a statement of it was imported."""
    return BankAccount.objects.filter(method=method).first()


def standing(account: BankAccount) -> QuerySet[Statement]:
    """Its statements that were not taken back, by their first day."""
    return Statement.objects.filter(account=account, taken_back_at=None).order_by("since", "id")


def covered(statements: QuerySet[Statement]) -> list[Days]:
    """The days that statements are there for, joined where they touch, in order."""
    found: list[Days] = []
    for since, until in statements.values_list("since", "until"):
        if found and since <= found[-1][1] + ONE:
            found[-1] = found[-1][0], max(found[-1][1], until)
        else:
            found.append((since, until))
    return found


def gaps(days: list[Days], since: date, until: date) -> list[Days]:
    """The days from one through another for which there is no statement."""
    found, at = [], since
    for first, last in days:
        if first > at:
            found.append((at, min(until, first - ONE)))
        at = max(at, last + ONE)
        if at > until:
            break
    if at <= until:
        found.append((at, until))
    return [(first, last) for first, last in found if first <= last and first <= until]


def there_on(account: BankAccount, day: date) -> int | None:
    """What the bank says was there when a day ended, in fen; None when nothing is known of that time."""
    before = Line.objects.filter(account=account, day__lte=day).order_by("-day", "-seq").first()
    if before is not None:
        return before.balance_fen
    first = standing(account).filter(since__lte=day + ONE).first()
    return None if first is None else first.opening_fen


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place of money with statements: its account, once there is one, and its newest statement."""

    method: Method
    account: BankAccount | None
    newest: Statement | None
    open: int = 0  # lines of which nobody has said anything

    @property
    def name(self) -> str:
        return str(PLACE[self.method])


def places() -> list[Place]:
    """Each place that has statements."""
    counts = open_counts()
    accounts = {row.method: row for row in BankAccount.objects.all()}
    found = []
    for method in WITH_STATEMENTS:
        account = accounts.get(method)
        newest = standing(account).order_by("-until", "-id").first() if account else None
        found.append(Place(method=method, account=account, newest=newest, open=counts.get(method, 0)))
    return found


def lines_in(account: BankAccount) -> QuerySet[Line]:
    """All movements of an account, the latest first."""
    return Line.objects.filter(account=account).order_by("-day", "-seq")


def entries_of(match_id: UUID) -> QuerySet[Transfer]:
    """The entries of the books in a match, latest first."""
    matched = MatchedEntry.objects.filter(match=match_id).values("transfer")
    return transfers().filter(pk__in=matched)


def around(day: date) -> Days:
    """The days in which an entry may be the same money."""
    near = timedelta(days=terms.rule().near_days)
    return day - near, day + near


def open_counts() -> dict[str, int]:
    """How many lines of each place nobody has said anything of."""
    rows = Line.objects.filter(match=None, aside_because="").values_list("account__method").annotate(Count("id"))
    return dict(rows.order_by())


def lines_of(statement: Statement) -> QuerySet[Line]:
    """All movements in the days of a statement, those too that another brought, as they happened."""
    rows = Line.objects.filter(account=statement.account_id, day__range=(statement.since, statement.until))
    return rows.order_by("day", "seq")
