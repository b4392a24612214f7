"""Dated rules: read at the start, followed from their day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from weiyifang.core import dated


@dataclass(frozen=True, kw_only=True)
class Tea(dated.DatedRule):
    cups: int


HEAD = 'source = { zh = "习惯", en = "custom" }\n'
OLD, NEW = "[[rule]]\nsince = 2026-01-01\ncups = 2\n", "[[rule]]\nsince = 2026-05-01\ncups = 3\n"


@pytest.fixture
def tea(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(dated, "files", {})

    def written(text: str) -> dated.RuleFile[Tea]:
        path = tmp_path / "tea.toml"
        path.write_text(text, encoding="utf-8")
        settings = {"cups": dated.Setting(label="cups", least=1, most=9)}
        return dated.RuleFile(name="core.tea", path=path, title="tea", settings=settings, make=Tea)

    return written


def test_a_day_follows_the_last_rule_that_is_not_after_it(tea: Any) -> None:
    file = tea(HEAD + NEW + OLD)
    days = (date(2025, 1, 1), date(2026, 1, 1), date(2026, 4, 30), date(2026, 5, 1), date(2030, 1, 1))
    assert [file.on(day).cups for day in days] == [2, 2, 2, 3, 3]
    assert dated.check_rules() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cups = ", "cannot be read"),
        (OLD, "'source' is missing"),
        (HEAD, "'rule' is missing"),
        (HEAD + "rule = []", "holds no rule"),
        ("note = 1\n" + HEAD + OLD, "nobody knows the key note; there are rule, source"),
        (HEAD + OLD + OLD, "two rules since the same day"),
        (HEAD + "[[rule]]\ncups = 2", "`since` is no day"),
        (HEAD + "[[rule]]\nsince = 2026-01-01", "cups is no whole number"),
        (HEAD + "[[rule]]\nsince = 2026-01-01\ncups = true", "cups is no whole number"),
        (HEAD + "[[rule]]\nsince = 2026-01-01\ncups = 10", "cups is not between 1 and 9"),
        (
            HEAD + "[[rule]]\nsince = 2026-01-01\ncups = 2\nmugs = 1",
            "nobody knows the key mugs; there are cups, region, since",
        ),
    ],
)
def test_a_file_with_an_error_stops_the_start_with_a_sentence(tea: Any, text: str, said: str) -> None:
    tea(text)
    (error,) = dated.check_rules()
    assert "tea.toml" in str(error.msg)
    assert said in str(error.msg)


def test_every_rule_file_that_ships_is_registered_and_without_error() -> None:
    assert {"activities.queue", "notices.routes", "core.festivals"} <= dated.files.keys()
    assert dated.check_rules() == []
