"""What a table that somebody brings may cost: counted, for a clock tells more about the machine than about the work."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from weiyifang.core import tables, text
from weiyifang.core.tables import MOST_CELLS, MOST_ROWS, EmptyTable, NotATable, TooLarge, TooMuchInside

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CELL = "<c><v>1</v></c>"
CHEAP = 200_000  # calls of Python functions; reading a list of 50,000 people takes fifty times as many


def workbook(*sheets: str, styles: str = "", texts: str = "", types: str = "") -> bytes:
    """A workbook as no spreadsheet program writes it; each sheet is what stands in its `sheetData`."""
    numbers = range(len(sheets))
    parts = {"xl/workbook.xml": "sheet.main", "xl/sharedStrings.xml": "sharedStrings"}
    parts |= {f"xl/worksheets/sheet{n}.xml": "worksheet" for n in numbers}
    kinds = "".join(f'<Override PartName="/{part}" ContentType="{KINDS}.{kind}+xml"/>' for part, kind in parts.items())
    links = "".join(
        f'<Relationship Id="r{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    named = "".join(f'<sheet name="{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in numbers)
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{kinds}{types}</Types>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "xl/sharedStrings.xml": f"<sst {MAIN}>{texts}</sst>",
    }
    if styles:
        members["xl/styles.xml"] = f"<styleSheet {MAIN}>{styles}</styleSheet>"
    for n, sheet in enumerate(sheets):
        members[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file.getvalue()


def calls_of(work: Callable[[], object]) -> int:
    """How many Python functions it calls."""
    calls = 0

    def note(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def refused(content: bytes, reason: type[NotATable]) -> int:
    """What it cost to say no."""

    def look() -> None:
        with pytest.raises(reason):
            tables.read(content)

    return calls_of(look)


def test_the_tests_workbook_is_a_table() -> None:
    read = tables.read(workbook("<row/>", f"<row>{CELL}</row><row><c/></row>"))
    assert [row.cells[0] for row in read.rows] == ["1"]
    assert read.sheet == "1"


EXPLOSIVE = {
    "a row of empty cells": workbook("<row>" + "<c/>" * (MOST_CELLS + 1) + "</row>"),
    "a row wider than any program writes": workbook("<row>" + CELL * 20_000 + "</row>"),
    "cells in many sheets": workbook(*[f"<row>{CELL * 10_000}</row>"] * 71),
    "a prefix before each cell": workbook('<row xmlns:x="x">' + "<x:c/>" * (MOST_CELLS + 1) + "</row>"),
    "marks that mean nothing": workbook(f"<row>{CELL}</row>" + "<x/>" * 200_000),
    "empty rows without end": workbook("<row/>" * 400_000),
    "texts without end": workbook(f"<row>{CELL}</row>", texts="<si><t>a</t></si>" * (MOST_CELLS + 1)),
    "formats without end": workbook(f"<row>{CELL}</row>", styles="<cellXfs>" + "<xf/>" * 60_000 + "</cellXfs>"),
}


@pytest.mark.parametrize("content", EXPLOSIVE.values(), ids=EXPLOSIVE)
def test_what_would_take_long_is_refused_before_it_is_read(content: bytes) -> None:
    assert len(content) < 100_000
    assert refused(content, TooMuchInside) < CHEAP


def test_gaps_cost_nothing() -> None:
    """400 sheets of 260 kB in all, each with one empty cell far below, took minutes."""
    content = workbook(*['<row r="50990"><c/></row>'] * 400)
    assert refused(content, EmptyTable) < CHEAP


def test_a_million_rows_between_two_are_not_read() -> None:
    """Somebody gave a cell of the last row a colour, or typed a blank there."""
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "姓名"
    sheet["C1048576"].fill = PatternFill("solid", "FFFF00")
    sheet["D1048575"] = " "
    book.save(file)
    coloured = file.getvalue()
    assert calls_of(lambda: tables.read(coloured)) < CHEAP
    assert [row.line for row in tables.read(coloured).rows] == [1]
    far = workbook(f'<row r="1">{CELL}</row><row r="1048576">{CELL}</row>')
    assert [row.line for row in tables.read(far).rows] == [1, 1_048_576]


def test_what_a_workbook_writes_for_a_line_end_is_none() -> None:
    text = "<row><c t='inlineStr'><is><t>%s</t></is></c></row>"
    rows = [text % "张三_x000D_", text % "_x000D_\n李四", text % "王_x4E94_五_x000d__x000A_"]
    assert [row.cells[0] for row in tables.read(workbook(*["".join(rows)])).rows] == ["张三", "李四", "王_x4E94_五"]


def test_as_many_entries_as_are_promised_fit_below_their_headings() -> None:
    content = ("姓名\n" + "张三\n" * MOST_ROWS).encode()
    assert len(tables.read(content).rows) == MOST_ROWS + 1


def test_what_stands_in_a_cell_that_cannot_be_taken_is_kept() -> None:
    fault = tables.read(workbook("<row><c><f>1+1</f></c><c><v>990100195001020013</v></c></row>")).rows[0].cells
    assert [cell.said for cell in fault[:2] if isinstance(cell, tables.Fault)] == ["=1+1", "990100195001020032"]


def test_a_workbook_cannot_pass_something_else_off_as_its_cells() -> None:
    """Names of sheets take much longer to read than cells, so many cells are no measure for them."""
    types = f'<Override PartName="/xl/worksheets/other.xml" ContentType="{KINDS}.sheet.main+xml"/>'
    assert refused(workbook(f"<row>{CELL}</row>", types=types), NotATable) < CHEAP


def test_more_is_unpacked_than_the_file_admits() -> None:
    assert refused(workbook(f"<row>{CELL}</row>" + " " * tables.MOST_UNPACKED), TooLarge) < CHEAP


@pytest.mark.parametrize(
    "content",
    [
        b"a," * 5_000_000,
        b"name\n" + b'"a\n",' * 1_000_000,  # one row on a million lines
        b"name\n" + b"," * 10_000_000,
    ],
    ids=["one line", "one row on many lines", "ten million columns"],
)
def test_a_row_of_csv_without_end_is_refused(content: bytes) -> None:
    assert refused(content[: tables.MOST_BYTES], TooLarge) < CHEAP


@pytest.mark.parametrize("typed", ["=1+1", "+86 199", "-", "@here", "＝SUM(A1)", "\t=x"])
def test_what_begins_like_a_formula_stays_the_text_it_is_in_a_workbook(typed: str) -> None:
    """Opened, and edited by hand later, it is still what somebody typed: no apostrophe is put into it."""
    book = load_workbook(io.BytesIO(tables.write_xlsx("名单", ["名字"], [[typed, 3]], above=[typed])))
    sheet = book.worksheets[0]
    for cell in (sheet["A1"], sheet["A3"]):
        assert cell.value == text.writable(typed)
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert sheet["A2"].font.bold
    assert sheet["B3"].value == 3
