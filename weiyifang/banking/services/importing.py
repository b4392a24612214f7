"""Statements come in as a whole or not at all; and go again, as long as nothing was done with their lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.banking import events, queries, reading, rules
from weiyifang.banking.models import KEY, BankAccount, Explanation, Line, Statement, StatementDraft
from weiyifang.banking.movements import ReadLine
from weiyifang.banking.services.stating import say_balance
from weiyifang.core import bulk, clock, locks, text
from weiyifang.core.actors import Actor
from weiyifang.core.columns import most
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.long_work import Step, nowhere
from weiyifang.core.look.wording import full_day
from weiyifang.core.money import yuan
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.people.secrets import seal_bytes, unseal_bytes

ONE = timedelta(days=1)


class DraftGone(Refused):
    """The file was imported before, or is too old."""

    sentence = _("This file was imported already, or waited for more than a day. Choose it again to start anew.")


class SameFile(Refused):
    """It is here already."""

    sentence = _("This very file is here already, as statement no. %(number)s. Nothing was changed.")


class WrongLines(Refused):
    """A line of it cannot be taken, so nothing is."""

    sentence = _("Some lines of this file cannot be taken, so none was. Each is named below with what is wrong.")
    status = 422


class AnotherAccount(Refused):
    """It is of another account than those before."""

    sentence = _(
        "This is a statement of the account that ends in %(theirs)s; the ones before are of the one that ends in "
        "%(ours)s. Look whether you chose the right file and the right place."
    )
    status = 422


class NotOver(Refused):
    """A period that has not come, or ends before it begins."""

    sentence = _("A statement ends on a day after it begins, and not beyond today. Write the days it really is of.")
    status = 422


class OutsideThePeriod(Refused):
    """Lines of other days than the statement is said to be of."""

    sentence = _("Line %(line)s is of %(day)s. That is not within %(since)s to %(until)s.")
    status = 422


class ClosingNeeded(Refused):
    """A file without balances, and nothing before it."""

    sentence = _("This file says no balances. Write what was there at its end.")
    status = 422


class ClosingDiffers(Refused):
    """The closing balance that was typed is not that of the lines."""

    sentence = _("By its lines there were %(reckoned)s at the end, you wrote %(said)s. Look once more.")
    status = 422


class DoesNotContinue(Refused):
    """It begins with something else than the one before ended with, or ends otherwise than the next begins."""

    sentence = _(
        "By this file there were %(theirs)s when %(day)s ended; by the statements that are here, %(ours)s. One of them "
        "lacks a day, or is wrong. Nothing was imported."
    )


class NotTheSame(Refused):
    """Days that are here already, with other lines."""

    sentence = _("For %(day)s other lines are here than in this file. Take the earlier statement back if it was wrong.")


class InUse(Refused):
    """Something was done with its lines."""

    sentence = _("Lines of this statement were matched or set aside. Undo that first, then it can be taken back.")


class NeededByAnother(Refused):
    """Another statement counts on its lines."""

    sentence = _("Statement no. %(number)s is of the same days and counts on these lines. Take that one back first.")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What whoever imports says: the days, and what was there at the end where the file does not."""

    since: date
    until: date
    closing_fen: int | None = None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A file as it was read, and what of it is here already. `known`: by place in `reading.lines`."""

    reading: reading.Reading
    account: BankAccount | None
    keys: Sequence[str]
    known: frozenset[int]
    before: int | None  # what the statements here say was there before its first line, if they go that far

    @property
    def new(self) -> int:
        return len(self.reading.lines) - len(self.known)

    @property
    def needs_closing(self) -> bool:
        """Nobody else says what was there."""
        return not self.reading.has_balances and self.before is None


@transaction.atomic
def keep_draft(*, method: str, file_name: str, content: bytes, lines: int, by: Actor) -> StatementDraft:
    """Keep an uploaded file, sealed, until somebody has looked at it and says yes."""
    require(rules.can_keep(by))
    assert by.account_id is not None
    row = StatementDraft(
        method=method, file_name=file_name[-200:], content=seal_bytes(content), lines=lines, made_by_id=by.account_id
    )
    row.save(force_insert=True)
    return row


@transaction.atomic
def name_columns(*, draft: StatementDraft, columns: Mapping[str, str], by: Actor) -> StatementDraft:
    """Say which heading of a file is which column. Raises `reading.NotThisColumn`, `reading.UnknownShape`."""
    require(rules.can_keep(by))
    draft = StatementDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    reading.check_columns(columns)
    seen = reading.read(draft_content(draft), columns=columns)
    if seen is None:
        raise reading.UnknownShape()
    draft.columns, draft.lines = dict(columns), len(seen.lines)
    draft.save(update_fields=["columns", "lines"])
    return draft


@transaction.atomic
def drop_draft(*, draft: StatementDraft, by: Actor) -> None:
    """Throw an uploaded file away."""
    require(rules.can_keep(by))
    StatementDraft.objects.filter(pk=draft.pk, done_at=None).update(content=b"", done_at=clock.now())


def forget_drafts() -> int:
    """Forget the files that nobody said yes to within a day (called daily). Returns how many."""
    waited = StatementDraft.objects.filter(done_at=None, made_at__lt=clock.now() - ONE)
    return waited.update(content=b"", done_at=clock.now())


def draft_content(draft: StatementDraft) -> bytes:
    """The uploaded file. Raises `DraftGone` when it is forgotten."""
    if not draft.content:
        raise DraftGone()
    return unseal_bytes(bytes(draft.content))


def preview(draft: StatementDraft, step: Step = nowhere) -> Preview | None:
    """A draft against what is here; None when nobody has said yet which column is which."""
    account = queries.account_of(draft.method)
    columns = draft.columns or None
    content = draft_content(draft)
    seen = reading.read(content, columns=columns, step=step)
    if seen is None and account is not None and account.columns:
        seen = reading.read(content, columns=account.columns, step=step)
    return None if seen is None else _against(account, seen)


def _against(account: BankAccount | None, seen: reading.Reading) -> Preview:
    keys = list(_keys(seen.lines))
    here: set[str] = set()
    before = None
    if account is not None and seen.lines:
        first, last = seen.lines[0].day, seen.lines[-1].day
        rows = Line.objects.filter(account=account, day__range=(first, last))
        here = set(rows.values_list("key", flat=True))
        before = queries.there_on(account, first - ONE)
    known = frozenset(place for place, key in enumerate(keys) if key in here)
    return Preview(reading=seen, account=account, keys=keys, known=known, before=before)


def _keys(lines: Sequence[ReadLine]) -> Iterator[str]:
    """What each line is known by in another file: its day, amount and balance; without one its serial, or its time.

    True repeats are numbered. Nobody's words are in it.
    """
    times: Counter[str] = Counter()
    for line in lines:
        told = f"b{line.balance}" if line.balance is not None else f"s{line.serial}" if line.serial else f"t{line.time}"
        key = f"{line.day:%Y%m%d}.{line.fen}.{told}"[: KEY - 8]
        times[key] += 1
        yield f"{key}.{times[key]}"


@transaction.atomic
def import_statement(*, draft: StatementDraft, wanted: Wanted, by: Actor, step: Step = nowhere) -> Statement:
    """Take a statement in: all of its lines that are not here yet, or nothing. Announces `StatementImported`.

    Raises `SameFile`, `WrongLines`, `AnotherAccount`, `NotOver`, `OutsideThePeriod`, `ClosingNeeded`, `ClosingDiffers`,
    `DoesNotContinue`, `NotTheSame`, `DraftGone`.
    """
    require(rules.can_keep(by))
    draft = StatementDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    content = draft_content(draft)
    account = _held(draft.method)
    digest = sha256(content).hexdigest()
    if (same := queries.standing(account).filter(sha256=digest).first()) is not None:
        raise SameFile(number=same.number)
    seen = preview(draft, step)
    if seen is None:
        raise reading.UnknownShape()
    found = seen.reading
    if found.wrong:
        raise WrongLines()
    _check_number(account, found.number)
    _check_days(found, wanted)
    opening = _opening(account, found, wanted)
    closing = opening + found.came_in - found.went_out
    _check_neighbours(account, wanted, opening, closing)
    _check_overlap(account, seen, wanted)
    row = Statement(
        account=account,
        number=next_number("statement"),
        sha256=digest,
        shape=found.shape.code,
        since=wanted.since,
        until=wanted.until,
        opening_fen=opening,
        came_in_fen=found.came_in,
        went_out_fen=found.went_out,
        closing_fen=closing,
        lines=len(found.lines),
        known=len(seen.known),
        imported_by_id=by.account_id,
    )
    row.save(force_insert=True)
    bulk.copy_in(list(_rows(row, seen, opening)))
    draft.content, draft.done_at = b"", clock.now()
    draft.save(update_fields=["content", "done_at"])
    _remember(account, found, draft)
    announce(
        events.StatementImported(
            subject=source_of(row),
            number=row.number,
            method=account.method,
            since=row.since,
            until=row.until,
            closing_fen=row.closing_fen,
            lines=row.lines,
            known=row.known,
            sha256=row.sha256,
        ),
        by=by,
    )
    say_balance(account, by)
    return row


def _held(method: str) -> BankAccount:
    """The account behind a place, held; made with its first statement."""
    locks.take("banking", method)  # before there is a row to lock
    account, _made = BankAccount.objects.select_for_update().get_or_create(method=method)
    return account


def _check_number(account: BankAccount, number: str) -> None:
    if number and account.number and number != account.number:
        raise AnotherAccount(theirs=number[-4:], ours=account.number[-4:])


def _check_days(found: reading.Reading, wanted: Wanted) -> None:
    if wanted.until > clock.today() or wanted.since > wanted.until:
        raise NotOver()
    for line in found.lines:
        if not wanted.since <= line.day <= wanted.until:
            both = {"since": full_day(wanted.since), "until": full_day(wanted.until)}
            raise OutsideThePeriod(line=line.line, day=full_day(line.day), **both)


def _opening(account: BankAccount, found: reading.Reading, wanted: Wanted) -> int:
    """What was there before its first line: as it says itself, as the one before ended, or reckoned from its end."""
    moved = found.came_in - found.went_out
    if found.has_balances and found.opening is not None:
        opening = found.opening
    else:
        before = queries.there_on(account, wanted.since - ONE)
        if before is None and wanted.closing_fen is None:
            raise ClosingNeeded()
        opening = before if before is not None else (wanted.closing_fen or 0) - moved
    if wanted.closing_fen is not None and wanted.closing_fen != opening + moved:
        raise ClosingDiffers(reckoned=yuan(opening + moved), said=yuan(wanted.closing_fen))
    return opening


def _check_neighbours(account: BankAccount, wanted: Wanted, opening: int, closing: int) -> None:
    """It begins with what was there the day before, and the day after begins with what it ends with."""
    days = queries.covered(queries.standing(account))
    before, after = wanted.since - ONE, wanted.until + ONE
    for day, theirs, beside in ((before, opening, before), (wanted.until, closing, after)):
        if any(first <= beside <= last for first, last in days):
            ours = queries.there_on(account, day)
            if ours is not None and ours != theirs:
                raise DoesNotContinue(theirs=yuan(theirs), ours=yuan(ours), day=full_day(day))


def _check_overlap(account: BankAccount, seen: Preview, wanted: Wanted) -> None:
    """Days that are here already have the same lines; on the last day of what is here there may be later ones."""
    days = queries.covered(queries.standing(account))
    ends = {last for _first, last in days}
    for place, line in enumerate(seen.reading.lines):
        if place not in seen.known and line.day not in ends and any(one <= line.day <= two for one, two in days):
            raise NotTheSame(day=full_day(line.day))
    here = Line.objects.filter(account=account, day__range=(wanted.since, wanted.until)).order_by("day", "seq")
    brought = set(seen.keys)
    for key, day in here.values_list("key", "day"):
        if key not in brought:
            raise NotTheSame(day=full_day(day))


def _rows(statement: Statement, seen: Preview, opening: int) -> Iterator[Line]:
    """The lines that are new, each with what was there after it."""
    there, day, seq = opening, date.min, 0
    name, words, serial = (most(Line, field) for field in ("name", "words", "serial"))
    for place, line in enumerate(seen.reading.lines):
        there += line.fen
        day, seq = line.day, seq + 1 if line.day == day else 1
        if place not in seen.known:
            yield Line(
                statement=statement,
                account_id=statement.account_id,
                day=day,
                seq=seq,
                time=line.time,
                fen=line.fen,
                balance_fen=there,
                key=seen.keys[place],
                name=text.line(line.name)[:name],
                ending=line.number,
                words=text.paragraphs(line.words)[:words],
                serial=text.number(line.serial)[:serial],
            )


def _remember(account: BankAccount, found: reading.Reading, draft: StatementDraft) -> None:
    """The number of the account and the columns somebody named are known from now on."""
    changed = []
    if found.number and not account.number:
        account.number = found.number
        changed.append("number")
    if draft.columns and draft.columns != account.columns:
        account.columns = draft.columns
        changed.append("columns")
    if changed:
        account.save(update_fields=changed)


@transaction.atomic
def take_back_statement(*, statement: Statement, by: Actor) -> Statement:
    """It was the wrong file: the lines it brought go, that it was here stays to be seen.

    Announces `StatementTakenBack`; nothing when it was taken back before. Raises `NeededByAnother`, `InUse`.
    """
    require(rules.can_keep(by))
    BankAccount.objects.select_for_update().get(pk=statement.account_id)
    row = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if row.taken_back_at is not None:
        return row
    others = queries.standing(row.account).filter(since__lte=row.until, until__gte=row.since).exclude(pk=row.pk)
    if (other := others.filter(imported_at__gt=row.imported_at).order_by("-imported_at").first()) is not None:
        raise NeededByAnother(number=other.number)
    mine = Line.objects.filter(statement=row)
    if mine.exclude(match=None, aside_because="").exists():
        raise InUse()
    mine.delete()
    row.taken_back_at = clock.now()
    row.save(update_fields=["taken_back_at"])
    announce(events.StatementTakenBack(subject=source_of(row), number=row.number), by=by)
    return row


def forget_person(*, name: str, instead: str) -> None:
    """A person is forgotten: wherever a bank wrote their name, another stands there. The amounts stay."""
    list(BankAccount.objects.select_for_update().order_by("pk"))  # whoever matches lines meanwhile
    write_over(Line.objects.all(), "name", "words", "aside_because", name=name, instead=instead)
    write_over(Explanation.objects.all(), "word", name=name, instead=instead)
