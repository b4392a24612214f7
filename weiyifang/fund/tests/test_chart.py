"""The chart of accounts: read whole before anything starts, and dated."""

from __future__ import annotations

from pathlib import Path

import pytest

from weiyifang.core.dated import BrokenRules
from weiyifang.fund import chart as charts
from weiyifang.people.testing import ClientOf

WHOLE = charts.DATA.read_text(encoding="utf-8")


def test_the_chart_that_ships_is_whole() -> None:
    assert charts.check_chart() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from = 2026-01-01", "", "'from' is missing"),
        ("from = 2026-01-01", 'from = "next year"', "`from` is no day"),
        ('code = "running"', 'code = "meals"', "a code stands there twice"),
        ('source = "', "source = ", "cannot be read"),
        ('order = "first in', 'order = "last in', "by no other convention"),
        ("words_en = ", "word_en = ", "'words_en' is missing"),
    ],
)
def test_a_chart_with_an_error_stops_the_start_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    path = tmp_path / "chart.toml"
    assert old in WHOLE
    path.write_text(WHOLE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrokenRules, match=said):
        charts.read(path)
    monkeypatch.setattr(charts, "DATA", path)
    charts.chart.cache_clear()
    (error,) = charts.check_chart()
    assert "chart.toml" in str(error.msg)


def test_the_page_says_whose_accounts_they_are_and_since_when(fund: object, client_of: ClientOf) -> None:
    page = client_of("visitor").get("/c/nanhu/fund/").content.decode()
    assert "科目依据财会〔2024〕25号（2026年1月1日起施行）" in page
