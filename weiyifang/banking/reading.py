"""From a file of a bank or a wallet to its lines: pure, to the fen, and nothing is dropped without a word.

Each row below the headings is a line; or *beside* (a sum, a note, what moved nothing); or *wrong*, with the reason.
The headings are found by search, the columns by name (`shapes`). Where there is a running balance it is reckoned again
line by line, in whichever order the file has. Amounts are whole fen; text is never made a float.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.banking.cells import BLANK, SHOWN, NoAmount, clock, day_and_time, ending, fen, said
from weiyifang.banking.movements import Beside, ReadLine, Wrong, in_order
from weiyifang.banking.shapes import FIELDS, Shape, by_hand, heading, shapes
from weiyifang.core import tables
from weiyifang.core.long_work import Step, along, nowhere
from weiyifang.core.money import yuan
from weiyifang.core.refusals import Refused

ABOVE = 40  # lines of a preamble

_PACKED = b"PK\x03\x04"
_BESIDE = re.compile(
    r"(人民币|本页|全部|累计)?(合计|总计|小计|共计|汇总|总笔数|总金额|承前页|过次页|期初余额|期末余额|上期结余|本期结余).*"
    r"|共\d+(笔|条).*|第\d+页.*|以上(数据|信息).*|(说明|备注|注|提示|打印|制表)[:：].*|[-=#*·—]{2,}.*|#.*|\d+/\d+",
)
_NUMBERED = re.compile(r"(?:账号|卡号|帐号|账户号码|查询账号|银行账号|银行帐号)[^\d]{0,40}(\d[\d ]{5,40}\d)")
_IN_A_LINE = re.compile(r"(?<!\d)20\d{2}[-/.年]?\d{1,2}[-/.月]?\d{1,2}(?!\d)")
_PERIOD = ("起止", "时间范围", "查询日期", "查询期间", "起始时间", "交易时间段", "日期范围")
_FROM, _TO = ("起始日期", "开始日期"), ("结束日期", "终止日期", "截止日期")


class PackedFile(tables.NotATable):
    """A zip, mostly with a password."""

    sentence = gettext_lazy(
        "This is a packed file (.zip). Unpack it first, with the password you were sent, and choose the table in it."
    )


class WebPage(tables.NotATable):
    """An .xls that is a web page."""

    sentence = gettext_lazy(
        "This file is a web page that calls itself a table. Open it, save it as .xlsx, choose that."
    )


class UnknownShape(Refused):
    """No shape that is known, and no row of headings that could be one."""

    sentence = gettext_lazy(
        "Nothing in this file looks like a row of headings with a day and amounts. Is it the statement?"
    )
    status = 422


class NotThisColumn(Refused):
    """Columns that do not make a statement."""

    sentence = gettext_lazy("Say where the day stands, and either one signed amount, or money in and money out.")
    status = 422


@dataclass(kw_only=True)
class Reading:
    """What a file holds, its lines in the order in which they happened. Amounts in fen."""

    shape: Shape
    columns: Sequence[tuple[str, str]]  # (heading in the file, what we read it as)
    unread: Sequence[str]  # headings we do not use
    encoding: str = ""
    number: str = ""  # of our own account, where the file says it
    since: date | None = None  # the period the file says it is of
    until: date | None = None
    lines: list[ReadLine] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    is_turned: bool = False  # in and out stood the other way round than its shape says

    @property
    def has_balances(self) -> bool:
        return bool(self.lines) and all(line.balance is not None for line in self.lines)

    @property
    def opening(self) -> int | None:
        """What was there before the first line, where the file says balances."""
        first = self.lines[0] if self.lines else None
        return None if first is None or first.balance is None else first.balance - first.fen

    @property
    def closing(self) -> int | None:
        return self.lines[-1].balance if self.lines else None

    @property
    def came_in(self) -> int:
        return sum(line.fen for line in self.lines if line.fen > 0)

    @property
    def went_out(self) -> int:
        return -sum(line.fen for line in self.lines if line.fen < 0)


def _table(content: bytes) -> tables.Table:
    if content.startswith(_PACKED):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if "[Content_Types].xml" not in archive.namelist():
                    raise PackedFile()
        except zipfile.BadZipFile:
            raise tables.DamagedFile() from None
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise WebPage()
    return tables.read(content, above=ABOVE)


def read(content: bytes, *, columns: Mapping[str, str] | None = None, step: Step = nowhere) -> Reading | None:
    """What a file holds; None when its shape is not known. `columns`: field → heading, as somebody named them once.

    Raises a `tables.NotATable`. What is wrong with single lines stands in `wrong`.
    """
    table = _table(content)
    found = _find(table, by_hand(columns) if columns else None)
    return None if found is None else _Reader(table, *found).read(step)


def head_of(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Of a file of an unknown shape: what is most likely its headings, and the first rows below them.

    Raises a `tables.NotATable`, or `UnknownShape`.
    """
    table = _table(content)
    rows = [row for row in table.rows if row.line <= ABOVE + 1]
    fullest = max(rows, key=lambda row: (sum(map(_is_word, row.cells)), -row.line), default=None)
    if fullest is None or sum(map(_is_word, fullest.cells)) < 2:
        raise UnknownShape()
    below = [row for row in table.rows if row.line > fullest.line][:3]
    heads = [str(cell) if _is_word(cell) else "" for cell in fullest.cells]
    return heads, [[said(cell) for cell in row.cells] for row in below]


def check_columns(columns: Mapping[str, str]) -> None:
    """Raises `NotThisColumn` unless these make a statement: a day, and amounts one way or the other."""
    if "day" not in columns or not ({"in", "out"} <= columns.keys() or "amount" in columns):
        raise NotThisColumn()


def _is_word(cell: tables.Cell) -> bool:
    return isinstance(cell, str) and bool(cell) and day_and_time(cell) is None and not re.search(r"\d{3}", cell)


def _find(table: tables.Table, named: Shape | None) -> tuple[Shape, tables.Row] | None:
    """The shape and its row of headings: what somebody named, else of all shapes the one that knows most of them."""
    known = list(shapes().every.values()) if named is None else [named]
    plain = known[-1]
    for row in table.rows:
        if row.line > ABOVE + 1:
            break
        heads = [heading(cell) for cell in row.cells]
        best = max(known, key=lambda one: (one.fits(heads) > 0, one is not plain, one.fits(heads)))
        if best.fits(heads):
            return best, row
    return None


class _Reader:
    """One file being read."""

    def __init__(self, table: tables.Table, shape: Shape, head: tables.Row) -> None:
        self.table, self.shape, self.head = table, shape, head
        self.heads = [heading(cell) for cell in head.cells]
        self.places = shape.places(self.heads)
        self.known = shapes()
        self.owns: set[str] = set()

    def read(self, step: Step) -> Reading:
        used = {place: name for name, places in self.places.items() for place in places}
        seen = Reading(
            shape=self.shape,
            columns=[(said(self.head.cells[at]).strip("`"), str(FIELDS.get(used[at], ""))) for at in sorted(used)],
            unread=[said(cell) for at, cell in enumerate(self.head.cells) if at not in used and cell != ""],
            encoding=self.table.encoding,
        )
        rows = [row for row in self.table.rows if row.line > self.head.line]
        ended = next((n for n, row in enumerate(rows) if self._begins_sums(row)), len(rows))
        for row in along(rows[:ended], ended, step):
            self._sort(seen, row)
        seen.beside += [Beside(row.line, _shown(row)) for row in rows[ended:]]
        self._look_above(seen)
        ordered = in_order(seen.lines)
        seen.lines, seen.is_turned = list(ordered.lines), ordered.is_turned
        seen.wrong += ordered.breaks
        self._check_sums(seen, rows[ended:])
        if not seen.lines and not seen.wrong and seen.shape.code == "plain" and not seen.since:
            seen.wrong.append(Wrong(self.head.line, _("there is no line below the headings")))
        return seen

    def _cell(self, row: tables.Row, name: str) -> tables.Cell:
        """What stands in a field: of several columns the first that says something."""
        for place in self.places.get(name, ()):
            if place < len(row.cells) and not (
                isinstance(row.cells[place], str) and BLANK.fullmatch(str(row.cells[place]).strip("`0")) is not None
            ):
                return row.cells[place]
        places = self.places.get(name, ())
        return row.cells[places[0]] if places and places[0] < len(row.cells) else ""

    def _text(self, row: tables.Row, name: str) -> str:
        text = said(self._cell(row, name)).strip().lstrip("`").strip()
        return "" if BLANK.fullmatch(text) else text

    def _words(self, row: tables.Row) -> str:
        """All columns that say what for, each once."""
        told: list[str] = []
        for place in self.places.get("words", ()):
            text = said(row.cells[place]).strip().lstrip("`").strip() if place < len(row.cells) else ""
            if text and not BLANK.fullmatch(text) and text not in told:
                told.append(text)
        return " ".join(told)

    def _sort(self, seen: Reading, row: tables.Row) -> None:
        """Put a row where it belongs."""
        when = day_and_time(self._cell(row, "day"))
        try:
            found = self._fen(row)
        except NoAmount as error:
            if when is None:
                seen.beside.append(Beside(row.line, _shown(row)))
            else:
                seen.wrong.append(Wrong(row.line, str(error), _shown(row)))
            return
        first = next((said(cell) for cell in row.cells if cell != ""), "").strip("` ")
        if when is None:
            if found and not _BESIDE.fullmatch(first.replace(" ", "")):
                words = _("“%(text)s” is no day") % {"text": said(self._cell(row, "day"))[:SHOWN]}
                seen.wrong.append(Wrong(row.line, words, _shown(row)))
            else:
                seen.beside.append(Beside(row.line, _shown(row)))
            return
        if self._text(row, "status") in self.known.closed or found == 0:
            seen.beside.append(Beside(row.line, _shown(row)))
            return
        if found is None:
            words = _("it says neither in nor out: %(text)s") % {"text": said(self._cell(row, "flag"))[:SHOWN]}
            seen.wrong.append(Wrong(row.line, words, _shown(row)))
            return
        currency = self._text(row, "currency")
        if currency and heading(currency) not in self.known.currencies:
            words = _("it is in another currency: %(text)s") % {"text": currency[:SHOWN]}
            seen.wrong.append(Wrong(row.line, words, _shown(row)))
            return
        self._take(seen, row, when, found)

    def _take(self, seen: Reading, row: tables.Row, when: tuple[date, str], found: int) -> None:
        balance = None
        if "balance" in self.places and self._text(row, "balance"):
            try:
                balance = fen(self._cell(row, "balance"))
            except NoAmount as error:
                seen.wrong.append(Wrong(row.line, str(error), _shown(row)))
                return
        if "payer" in self.places and "payee" in self.places:
            mine, other = ("payer", "payee") if found < 0 else ("payee", "payer")
            name, number, own = (self._text(row, one) for one in (other, f"{other}_number", f"{mine}_number"))
        else:
            name, number, own = (self._text(row, one) for one in ("name", "number", "own"))
        if own := re.sub(r"\D", "", own):
            self.owns.add(own)
        if (found_in := re.search(r"\d{8,}", name)) is not None:  # some write both in one cell
            number, name = number or found_in[0], name.replace(found_in[0], "").strip("/ -")
        time = when[1] or clock(self._text(row, "time"))
        serial = self._text(row, "serial")
        seen.lines.append(
            ReadLine(
                line=row.line,
                day=when[0],
                time=time,
                fen=found,
                balance=balance,
                name=name,
                number=ending(number),
                words=self._words(row),
                serial=serial,
            )
        )

    def _fen(self, row: tables.Row) -> int | None:
        """What came in (out below zero); None when the row says neither. Raises `NoAmount`."""
        if "in" in self.places and "out" in self.places:
            came, went = fen(self._cell(row, "in")), fen(self._cell(row, "out"))
            if came and went:
                raise NoAmount(_("it has money in and money out at once"))
            return came - went
        amount = fen(self._cell(row, "amount"))
        if "flag" not in self.places:
            return amount
        sign = self.known.flags.get(heading(self._text(row, "flag")) or "/")
        if not sign:
            told = f"{self._words(row)} {self._text(row, 'status')}"
            sign = next((sign for word, sign in self.known.neutral if word in told), None)
        return None if sign is None else sign * amount

    def _begins_sums(self, row: tables.Row) -> bool:
        sums = set(self.shape.sums.values())
        return bool(sums) and sums <= {heading(cell) for cell in row.cells}

    def _check_sums(self, seen: Reading, rows: Sequence[tables.Row]) -> None:
        """The sums below the lines are those of the lines."""
        if len(rows) < 2 or not self._begins_sums(rows[0]) or seen.wrong:
            return
        heads = [heading(cell) for cell in rows[0].cells]
        has = {"in": seen.came_in, "out": seen.went_out, "count": len(seen.lines) * 100}
        for name, wanted in self.shape.sums.items():
            place = heads.index(wanted)
            cell = rows[1].cells[place] if place < len(rows[1].cells) else ""
            try:
                told = fen(cell)
            except NoAmount as error:
                seen.wrong.append(Wrong(rows[1].line, str(error)))
                continue
            if told != has[name]:
                words = _("the sum “%(name)s” says %(told)s, the lines are %(has)s")
                both = {"name": said(rows[0].cells[place]), "told": yuan(told), "has": yuan(has[name])}
                seen.wrong.append(Wrong(rows[1].line, words % both))

    def _look_above(self, seen: Reading) -> None:
        """The number of the account and the period, where the preamble says them."""
        above = [row for row in self.table.rows if row.line < self.head.line]
        for row in above:
            text = unicodedata.normalize("NFKC", " ".join(said(cell) for cell in row.cells))
            plain = text.replace(" ", "").replace("\t", "")
            if (match := _NUMBERED.search(plain)) is not None:
                self.owns.add(re.sub(r"\D", "", match[1]))
            days = [when[0] for one in _IN_A_LINE.findall(text) if (when := day_and_time(one)) is not None]
            if len(days) == 2 and any(word in plain for word in _PERIOD):
                seen.since, seen.until = min(days), max(days)
            elif len(days) == 1:
                seen.since = days[0] if any(word in plain for word in _FROM) else seen.since
                seen.until = days[0] if any(word in plain for word in _TO) else seen.until
        if len(self.owns) > 1:
            seen.wrong.append(Wrong(self.head.line, _("lines of more than one account stand in it")))
        seen.number = next(iter(self.owns)) if len(self.owns) == 1 else ""


def _shown(row: tables.Row) -> str:
    return " ".join(said(cell) for cell in row.cells if cell != "")[:SHOWN]
