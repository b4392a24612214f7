"""The two books of minutes: what was worked, by team; what the time bank owes, by person, and to the community.

Worked minutes are never multiplied and never spent, so an account for each team is enough, and whose they are stands
with the transfer. Credited minutes are promises of the community to one person each: an account that cannot fall below
zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal
from uuid import UUID

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.look.wording import as_day
from weiyifang.core.tenancy import source_of
from weiyifang.ledger import queries as ledger_read
from weiyifang.ledger import services as ledger
from weiyifang.ledger.models import Account, Book, Pool, Unit
from weiyifang.volunteering import queries
from weiyifang.volunteering.models import Hours, Team, TimeGift
from weiyifang.volunteering.queries import person

WORKED, CREDITED = "worked", "credited"  # the books
POOL = "all"
BACK = "/taken-back"  # behind the source of what was taken back


def post(rows: Sequence[Hours], *, by: Actor) -> None:
    """Both books, for hours that are approved; each with its place, shift and volunteer."""
    if not rows:
        return
    teams = {row.slot.shift.team_id: row.slot.shift.team for row in rows}
    worked, by_team, given = _worked(teams.values(), by=by)
    postings = [
        ledger.Posting(
            debit=by_team[f"team:{row.slot.shift.team_id}"],
            credit=given,
            pool=worked,
            amount=row.minutes,
            source=source_of(row),
            effective_on=as_day(row.came_at),
            party=person(row.volunteer.resident_id),
        )
        for row in rows
    ]
    ledger.post_many(postings, by=by)
    credited = [row for row in rows if row.credited]
    bank, by_person, promised = saved({row.volunteer.resident_id for row in credited}, by=by)
    postings = [
        ledger.Posting(
            debit=promised,
            credit=by_person[row.volunteer.resident_id],
            pool=bank,
            amount=row.credited,
            source=source_of(row),
            effective_on=as_day(row.came_at),
            party=person(row.volunteer.resident_id),
        )
        for row in credited
    ]
    ledger.post_many(postings, by=by)


def take_back(row: Hours, *, by: Actor) -> None:
    """Both books the other way round. Raises `ledger.services.OverdraftRefused` when the time is spent already."""
    for code in (WORKED, CREDITED) if row.credited else (WORKED,):
        reverse(source_of(row), code, by=by)


def reverse(source: str, code: str, *, by: Actor) -> None:
    """What was posted for a source in one of the books, the other way round. Raises `OverdraftRefused`."""
    book = ledger_read.book(code)
    assert book is not None  # it was posted there
    ledger.reverse(transfer=ledger_read.transfer_of(book, source), source=source + BACK, by=by)


def _worked(teams: Iterable[Team], *, by: Actor) -> tuple[Pool, dict[str, Account], Account]:
    book, pool, given = _book(WORKED, "志愿服务时长", "服务时长", "credit", by=by)
    wanted = {f"team:{team.pk}": source_of(team) for team in teams}
    return pool, ledger.open_accounts(book=book, wanted=wanted, name="服务队", side="debit", floored=True, by=by), given


def saved(residents: Iterable[UUID], *, by: Actor) -> tuple[Pool, dict[UUID, Account], Account]:
    """The time bank: its pool, an account for each of these people, and the account of all that was promised."""
    book, pool, promised = _book(CREDITED, "时间银行", "记入的时间", "debit", by=by)
    wanted = {f"person:{one}": person(one) for one in residents}
    found = ledger.open_accounts(book=book, wanted=wanted, name="时间存折", side="credit", floored=True, by=by)
    return pool, {UUID(code.partition(":")[2]): account for code, account in found.items()}, promised


def purses(*whose: UUID | None, by: Actor) -> tuple[Pool, dict[UUID | None, Account]]:
    """The time bank's pool and the account of each of these; None is the community's own, floored like everybody's."""
    pool, accounts, _promised = saved([one for one in whose if one is not None], by=by)
    found: dict[UUID | None, Account] = dict(accounts.items())
    if None in whose:
        name = "社区的时间"
        found[None] = ledger.open_account(
            book=pool.book, code=queries.COMMUNITY, name=name, side="credit", floored=True, by=by
        )
    return pool, found


def give(gift: TimeGift, *, by: Actor) -> None:
    """Minutes go on from one to another. Raises `ledger.services.OverdraftRefused` when there are fewer."""
    pool, accounts = purses(gift.giver_id, gift.receiver_id, by=by)
    ledger.post(
        debit=accounts[gift.giver_id],
        credit=accounts[gift.receiver_id],
        pool=pool,
        amount=gift.minutes,
        source=source_of(gift),
        effective_on=clock.today(),
        by=by,
    )


def _book(
    code: str, name: str, source: str, side: Literal["debit", "credit"], *, by: Actor
) -> tuple[Book, Pool, Account]:
    """A book with its one pool and the account all of it comes from; opened with the first hours."""
    book = ledger_read.book(code)
    if book is None:
        book = ledger.open_book(code=code, unit=Unit.MINUTES, name=name, by=by)
    pool = ledger.open_pool(book=book, code=POOL, name=name, by=by)
    return book, pool, ledger.open_account(book=book, code="source", name=source, side=side, floored=False, by=by)
