"""Lines and entries are said to be the same money, by a person; what belongs into no book of ours is set aside."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.banking import events, rules, suggesting
from weiyifang.banking.models import BankAccount, Line, Match, MatchedEntry
from weiyifang.banking.services.stating import say_balance
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce, announced_together
from weiyifang.core.money import yuan
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.fund import queries as fund_queries
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.fund.services import Receipt

MOST = 500  # lines or entries in one match


class NotEqual(Refused):
    """The sums differ: exact, or not at all."""

    sentence = _("The lines are %(lines)s yuan, the entries %(entries)s. They have to be the same to the fen.")
    status = 422


class TooFew(Refused):
    """A match needs two things."""

    sentence = _("Choose what it is matched with.")
    status = 422


class NotOpen(Refused):
    """Matched or set aside meanwhile, or no such."""

    sentence = _("Something of this was matched meanwhile, or set aside. Look at it as it is now.")


class AnotherAmount(Refused):
    """Booked from a line, it is what the line says."""

    sentence = _("The bank says %(bank)s yuan. What is booked from this line has to be as much, out of the same place.")
    status = 422


def _held(account_id: UUID) -> BankAccount:
    """Whoever matches waits here: two never take one line or one entry."""
    return BankAccount.objects.select_for_update().get(pk=account_id)


@transaction.atomic
def match(*, line: Line, lines: Collection[UUID] = (), transfers: Collection[UUID] = (), by: Actor) -> Match:
    """Say that a line, perhaps with others, is some entries of the books. Announces `LinesMatched`.

    `lines`: the ids of the others; `transfers`: those of the entries. What cancels out may be matched without the other
    side. Raises `NotEqual`, `TooFew`, `NotOpen`.
    """
    require(rules.can_keep(by))
    account = _held(line.account_id)
    line = _as_seen(line, by)
    made = _match(account, {line.pk, *lines}, set(transfers), first=line, by=by)
    say_balance(account, by)
    return made


def _as_seen(line: Line, by: Actor) -> Line:
    row = Line.objects.select_for_update(of=("self",)).get(pk=line.pk)
    versions.check(row, by)
    return row


def _match(account: BankAccount, lines: set[UUID], transfers: set[UUID], *, first: Line, by: Actor) -> Match:
    if len(lines) + len(transfers) < 2 or len(lines) > MOST or len(transfers) > MOST:
        raise TooFew()
    rows = list(suggesting.open_lines(account).filter(pk__in=lines))
    found = list(suggesting.open_entries(account).filter(pk__in=transfers))
    if len(rows) < len(lines) or len(found) < len(transfers):
        raise NotOpen()
    of_lines, of_entries = sum(row.fen for row in rows), sum(one.fen for one in found)
    if of_lines != of_entries:
        raise NotEqual(lines=yuan(of_lines), entries=yuan(of_entries))
    made = Match(account=account, fen=of_lines, made_by_id=by.account_id)
    made.save(force_insert=True)
    matched = [MatchedEntry(match=made, account=account, transfer_id=one.pk) for one in found]
    fill_community(matched)
    MatchedEntry.objects.bulk_create(matched)
    Line.objects.filter(pk__in=lines).update(match=made)
    announce(
        events.LinesMatched(
            subject=source_of(first),
            method=account.method,
            match=source_of(made),
            lines=len(rows),
            entries=len(found),
            fen=of_lines,
        ),
        by=by,
    )
    return made


@transaction.atomic
def match_sure(*, account: BankAccount, by: Actor) -> int:
    """Match all that is sure, one line with one entry each. Returns how many. Announces `LinesMatched` for each."""
    require(rules.can_keep(by))
    account = _held(account.pk)
    found = suggesting.sure(account)
    with announced_together():
        for one in found:
            assert one.first is not None  # what is sure has one
            _match(account, {one.line.pk}, {one.first.entry.transfer.pk}, first=one.line, by=by)
    say_balance(account, by)
    return len(found)


@transaction.atomic
def unmatch(*, line: Line, by: Actor) -> None:
    """The match of a line was wrong: all of it is open again. Announces `MatchUndone`. Raises `NotOpen`."""
    require(rules.can_keep(by))
    account = _held(line.account_id)
    line = _as_seen(line, by)
    if line.match_id is None:
        raise NotOpen()
    made = Match.objects.select_for_update(of=("self",)).get(pk=line.match_id)
    was = source_of(made)
    Line.objects.filter(match=made).update(match=None)
    MatchedEntry.objects.filter(match=made).delete()
    Match.objects.filter(pk=made.pk).delete()
    announce(events.MatchUndone(subject=source_of(line), method=account.method, match=was), by=by)


@transaction.atomic
def set_aside(*, line: Line, because: str, by: Actor) -> Line:
    """The line belongs into no book of ours; why stands beside it. Announces `LineSetAside`. Raises `NotOpen`."""
    require(rules.can_keep(by))
    _held(line.account_id)
    line = _as_seen(line, by)
    if not line.is_open:
        raise NotOpen()
    because = cleaned(Line, {"aside_because": because})["aside_because"]
    if not because:
        raise TooFew()
    line.aside_because, line.aside_by_id = because, by.account_id
    line.save(update_fields=["aside_because", "aside_by"])
    announce(events.LineSetAside(subject=source_of(line), fen=line.fen, reason=because), by=by)
    return line


@transaction.atomic
def take_up(*, line: Line, by: Actor) -> Line:
    """It does belong to us: it is open again. Announces `LineTakenUp`. Raises `NotOpen`."""
    require(rules.can_keep(by))
    _held(line.account_id)
    line = _as_seen(line, by)
    if not line.aside_because:
        raise NotOpen()
    line.aside_because, line.aside_by_id = "", None
    line.save(update_fields=["aside_because", "aside_by"])
    announce(events.LineTakenUp(subject=source_of(line), fen=line.fen), by=by)
    return line


@transaction.atomic
def receive_line(*, line: Line, receipt: Receipt, by: Actor) -> Donation:
    """Record the receipt that a line is, and match both: one step, or none. Raises what `fund.services.receive` raises.

    Raises `AnotherAmount` unless it is of the line's amount and place, `NotOpen`.
    """
    line = _to_be_booked(line, receipt.amount_fen, receipt.method, by)
    gift = fund.receive(receipt=receipt, by=by)
    _match_booked(line, gift, by)
    return gift


@transaction.atomic
def pay_line(*, line: Line, payment: PaymentRequest, by: Actor) -> PaymentRequest:
    """The bank has paid what another approved: it is booked as paid, and both are matched. Raises what `pay` raises.

    Raises `AnotherAmount` unless it is of the line's amount and place, `NotOpen`.
    """
    line = _to_be_booked(line, -payment.amount_fen, payment.method, by)
    paid = fund.pay(request=payment, slip=line.serial, by=by)
    _match_booked(line, paid, by)
    return paid


def _to_be_booked(line: Line, fen: int, method: str, by: Actor) -> Line:
    """The open line, its account held, of which something of so many fen (less than nothing: paid) is to be booked."""
    require(rules.can_keep(by))
    account = _held(line.account_id)
    line = _as_seen(line, by)
    if not line.is_open:
        raise NotOpen()
    if fen != line.fen or method != account.method:
        raise AnotherAmount(bank=yuan(abs(line.fen)))
    return line


def _match_booked(line: Line, row: Donation | PaymentRequest, by: Actor) -> None:
    account = _held(line.account_id)
    _match(account, {line.pk}, {fund_queries.entry_of(source_of(row)).pk}, first=line, by=by)
    say_balance(account, by)
