"""Cells merged over several rows: what a household shares is filled in and said, what is one's own is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from weiyifang.core import tables
from weiyifang.core.merged import Merged
from weiyifang.people.services import importing
from weiyifang.people.services.importing import preview
from weiyifang.people.tests.test_files import an_xlsx
from weiyifang.people.tests.test_imports import COURT, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def merged(*ranges: str) -> Any:
    def prepare(book: Any, sheet: Any) -> None:
        for one in ranges:
            sheet.merge_cells(one)

    return prepare


def test_one_address_merged_over_a_household_is_everybodys_and_is_said() -> None:
    home = [person("张三", "", "", "", "", *COURT), person("李四", "", "1949-10-01"), person("小张", "", "2001-01-01")]
    alone = person("王五", "", "1960-01-01")
    seen = preview(an_xlsx(*home, alone, prepare=merged("F2:F4", "G2:G4", "H2:H4", "I2:I4")))
    doors = [row.person.address.key if row.person.address else None for row in seen.good]
    assert doors == [COURT, COURT, COURT, None]
    assert [len(row.remarks) for row in seen.good] == [4, 4, 4, 0]
    assert "第 2 到 4 行" in seen.good[2].remarks[0]


def test_a_name_merged_over_two_rows_makes_nobody_two() -> None:
    rows = [person("张三", "", "1951-03-08"), person("", "", "", "199 0000 1234"), person("李四", "", "1949-10-01")]
    seen = preview(an_xlsx(*rows, prepare=merged("A2:A3")))
    assert ([row.line for row in seen.wrong], [row.line for row in seen.good]) == ([2, 3], [4])
    assert all("合并" in row.reasons[0] for row in seen.wrong)


def test_a_row_given_back_has_what_was_merged_into_it() -> None:
    content = an_xlsx(
        person("张三", "", "", "", "", *COURT), person("李四", "不详男"), prepare=merged("F2:F3", "I2:I3")
    )
    _head, rows = importing.rest(content, preview(content).problems())
    assert [(row[0], row[5], row[8]) for row in rows] == [("李四", COURT[0], COURT[3])]


def test_a_sheet_that_is_merged_beyond_reason_is_refused() -> None:
    sheet = tables.Table([tables.Row(line, ["x"]) for line in range(1, 20)], [Merged(1, 50_000, 0)] * 20)
    with pytest.raises(tables.TooMuchInside):
        sheet.filled_down(set(range(1, 20)))
