"""Reading what people bring, with suspicion: too large, truncated, packed to explode, it is refused with a sentence."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import IO, Any
from xml.etree import ElementTree

from django.utils.translation import gettext_lazy as _

from weiyifang.core.merged import Merged, TooManyError, fill_down, merged_in
from weiyifang.core.refusals import Refused
from weiyifang.core.text import paragraphs

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024  # bytes inside an xlsx, which is a zip
MOST_MEMBERS = 500
MOST_ROWS = 50_000  # entries, as who reads the table counts them: titles, headings and sums are not among them
MOST_BESIDE = 1_000  # such rows besides
MOST_COLUMNS = 60
MOST_CELLS = 700_000  # with something in them or not: 51,000 rows of 13; also the texts shared by cells
MOST_IN_A_ROW = 16_384  # cells; no spreadsheet program has more
MOST_AROUND = 50_000  # marks beside the cells: formats, names of sheets
MARKS_A_CELL = 12
LONGEST_CELL = 1000  # characters
LONGEST_ROW = MOST_COLUMNS * (LONGEST_CELL + 10)  # characters in a CSV, however many lines they stand on
EXACT_DIGITS = 15  # a number in a spreadsheet keeps no more

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_TABLE = re.compile(r"xl/(?:worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)  # where the cells and their texts are
_COUNTED = re.compile(rb"<(?:\w+:)?(c|row|si)(?=[\s/>])")
_PIECE = 1 << 20


class NotATable(Refused):
    """The file cannot be read as a table."""

    sentence = _("This file cannot be read. Save it as an Excel workbook (.xlsx) or as CSV, and choose it again.")
    status = 422


class OldWorkbook(NotATable):
    """An .xls of before 2007, or a workbook with a password."""

    sentence = _("This is an old .xls file, or it has a password. Save it as .xlsx without a password.")


class DamagedFile(NotATable):
    """The file ends in the middle, or parts of it are broken."""

    sentence = _("The file is damaged or was cut off on its way. Save it once more and choose it again.")


class TooLarge(NotATable):
    """More than we read at once."""

    sentence = _("The file is too large. Split it: at most 10 MB, 50,000 entries and 1,000 characters in a cell.")


class TooMuchInside(NotATable):
    """A workbook with more cells, sheets or formats than such a table has; mostly they are empty."""

    sentence = _(
        "This workbook holds far more than a list of people: empty cells, formats or sheets. Copy the list alone into "
        "a new workbook and choose that."
    )


class EmptyTable(NotATable):
    """Not one row."""

    sentence = _("There is nothing in this file. Choose one with a row of headings and a row for each entry.")


class UnknownLetters(NotATable):
    """Neither UTF-8 nor GB 18030."""

    sentence = _("The letters in this file cannot be read. Save it as CSV in UTF-8 or GBK, or as .xlsx.")


@dataclass(frozen=True)
class Fault:
    """Why one cell cannot be taken; stands in the cell's place. `said` is what stands in the file."""

    reason: str
    said: str = ""


Cell = str | date | Fault


@dataclass(frozen=True)
class Row:
    """One row with its line as people see it in the file."""

    line: int
    cells: Sequence[Cell]

    @property
    def is_empty(self) -> bool:
        return all(cell == "" for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """What a file holds: its rows that are not empty, and where cells are merged."""

    rows: Sequence[Row]
    merged: Sequence[Merged] = ()
    sheet: str = ""  # which one was read, when there are several
    encoding: str = ""

    def filled_down(self, lines: Container[int]) -> tuple[dict[int, Row], dict[int, list[Merged]]]:
        """The rows in `lines` with what is merged over several of them in each, and where. Raises `TooMuchInside`."""
        cells = {row.line: row.cells for row in self.rows if row.line in lines}
        try:
            done = fill_down(cells, self.merged)
        except TooManyError as error:
            raise TooMuchInside() from error
        return {line: Row(line, found) for line, found in cells.items()}, done


def read(content: bytes, *, above: int = 0) -> Table:
    """The table in a file that somebody brought. Raises a `NotATable`.

    `above`: how many lines of other things may stand above the headings of a CSV.
    """
    if not content.strip():
        raise EmptyTable()
    if len(content) > MOST_BYTES:
        raise TooLarge()
    if content.startswith(_OLE):
        raise OldWorkbook()
    table = _read_xlsx(content) if content.startswith(_ZIP) else _read_csv(content, above)
    if not table.rows:
        raise EmptyTable()
    return table


def _read_csv(content: bytes, above: int) -> Table:
    text, encoding = _decode(content)
    if "\0" in text:
        raise NotATable()
    delimiter = _delimiter(text, above)
    lines = _Lines(text)
    escapes = "\\" if above and "\n`" in text else None  # how WeChat Pay writes commas within its back-ticked cells
    reader = csv.reader(lines, delimiter=delimiter, strict=True, escapechar=escapes)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            row = Row(line, [plain(cell) for cell in cells[:MOST_COLUMNS]])
            line, lines.in_row = reader.line_num + 1, 0
            if not row.is_empty:
                rows.append(row)
            if len(rows) > MOST_ROWS + MOST_BESIDE:
                raise TooLarge()
    except csv.Error as error:
        raise (TooLarge if "field larger" in str(error) else DamagedFile)() from error
    return Table(rows, encoding=encoding)


def _delimiter(text: str, above: int) -> str:
    """What parts the cells: the sign there is most of; below other things, that of the fullest line."""
    sample = text[: 4000 + 400 * above].splitlines()[: 5 + above]
    count = max if above else sum
    return max(",;\t，", key=lambda sign: count(line.count(sign) for line in sample))


class _Lines:
    """The lines of a text; raises `TooLarge` when those of one row grow too long."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.in_row = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._lines.readline(LONGEST_ROW + 1)
        self.in_row += len(line)
        if self.in_row > LONGEST_ROW:
            raise TooLarge()
        if not line:
            raise StopIteration
        return line


def _decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding: by its mark, else UTF-8 when it fits, else GB 18030 (of which GBK is a part)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(content, "utf-16"), "UTF-16"
    marked = content.startswith(b"\xef\xbb\xbf")
    body = content[3:] if marked else content
    try:
        return body.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        if marked or error.start >= len(body) - 3:  # cut off in the middle of a character
            raise DamagedFile() from error
    return _strictly(content, "gb18030"), "GBK"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise (DamagedFile if error.start >= len(content) - 4 else UnknownLetters)() from error


def _read_xlsx(content: bytes) -> Table:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bombs(archive)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in sheets:
            rows = list(_rows_of(sheet))
            if rows:
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    merged = merged_in(archive.read(str(vars(sheet)["_worksheet_path"])))
                return Table(rows, merged, sheet=sheet.title if len(sheets) > 1 else "")
    except Refused:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over in a broken file
        raise DamagedFile() from error
    raise EmptyTable()


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Look through all of it for what would take long to read: unpacking and counting is a hundred times cheaper."""
    members = archive.infolist()  # zipfile reads no more of a member than it says here
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise TooLarge()
    if "[Content_Types].xml" not in archive.namelist():
        raise NotATable()
    cells = marks = around = 0
    for member in members:
        with archive.open(member) as unpacked:
            if _TABLE.fullmatch(member.filename):
                some = _counted(unpacked, MOST_CELLS - cells)
                cells, marks = cells + some[0], marks + some[1]
            else:
                around += sum(piece.count(b"<") for piece in iter(partial(unpacked.read, _PIECE), b""))
        if around > MOST_AROUND or marks > MOST_AROUND + MARKS_A_CELL * cells:
            raise TooMuchInside()
    _refuse_disguise(archive.read("[Content_Types].xml"))


def _counted(unpacked: IO[bytes], most: int) -> tuple[int, int]:
    """How many cells (or shared texts) and how many marks there are. Raises `TooMuchInside`."""
    cells = in_row = marks = 0
    rest = b""
    while piece := unpacked.read(_PIECE):
        marks += piece.count(b"<")
        piece, rest = _whole_marks(rest + piece)
        for mark in _COUNTED.finditer(piece):
            if mark[1] == b"row":
                in_row = 0
            else:
                cells, in_row = cells + 1, in_row + (mark[1] == b"c")
        if cells > most or in_row > MOST_IN_A_ROW:
            raise TooMuchInside()
    return cells, marks


def _whole_marks(piece: bytes) -> tuple[bytes, bytes]:
    """Up to the last mark, and from it on: it may be cut in two."""
    last = max(piece.rfind(b"<"), len(piece) - 200)
    return piece[:last], piece[last:]


def _refuse_disguise(types: bytes) -> None:
    """What is read in another way than a table must not be called one."""
    for part in ElementTree.fromstring(types):  # noqa: S314  a few kB: it was counted before
        name, kind = part.get("PartName", ""), part.get("ContentType", "")
        if _TABLE.fullmatch(name.lstrip("/")) and not kind.endswith(("worksheet+xml", "sharedStrings+xml")):
            raise NotATable()


def _rows_of(sheet: Any) -> Iterator[Row]:
    """The rows that hold something. Only those are looked at that are written in the file: openpyxl's own `iter_rows`
    makes a million empty ones where somebody gave row 1,048,576 a colour.
    """
    from openpyxl.cell.read_only import EMPTY_CELL
    from openpyxl.worksheet._reader import WorkSheetParser

    book, found = sheet.parent, 0
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for line, written in parser.parse():
            cells = sheet._get_row(written, max_col=MOST_COLUMNS)
            if {*map(id, cells)} <= {id(EMPTY_CELL)}:  # a row of formats
                continue
            row = Row(line, [_value(cell) for cell in cells])
            if not row.is_empty:
                found += 1
                yield row
            if found > MOST_ROWS + MOST_BESIDE:
                raise TooLarge()


def _value(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        return Fault(str(_("holds a formula; write the value itself")), str(value))
    if cell.data_type == "e":
        return Fault(str(_("holds an error (%(value)s); write the value") % {"value": value}), str(value))
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, (time, timedelta)):
        return Fault(str(_("became a time of day; format the column as text and type it again")), str(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _digits(value)
    return "" if value is None else plain(str(value))


def _digits(value: float) -> Cell:
    if abs(value) >= 10**EXACT_DIGITS:
        reason = _("is stored as a number and lost its last digits; format the column as text")
        return Fault(str(reason), f"{value:.0f}")
    return str(int(value)) if value == int(value) else str(value)


def plain(text: str) -> str:
    """A text as it was meant. Raises `TooLarge`."""
    if len(text) > LONGEST_CELL:
        raise TooLarge()
    # an apostrophe in front is how spreadsheets, and `write_csv`, say "this is text"
    plain = paragraphs(text)
    return plain.removeprefix("'")


def heading(cell: Cell) -> str:
    """What a heading says, however it is written: `活动名称（必填）*` is 活动名称, `Min_Age:` is min age."""
    words = re.sub(r"[（(].*?[)）]|[*＊:：]", "", cell) if isinstance(cell, str) else ""
    words = words.lower().replace("_", " ")
    return re.sub(r"\s+", " " if words.isascii() else "", words).strip()
