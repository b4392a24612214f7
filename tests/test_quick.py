"""`make quick` runs what a change touches (`tools/quick.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.pages import moments, package_of
from tests.test_access import LINES
from tools.quick import ALWAYS, OF_ITS_PAGES, chosen

ROOT = Path(__file__).resolve().parent.parent


def test_a_package_that_is_touched_is_tested_whole_with_its_pages() -> None:
    packages, tests = chosen(["weiyifang/fund/views.py", "weiyifang/fund/templates/fund/months.html", "README.md"])
    assert packages == ["fund"]
    assert tests == [*ALWAYS, *OF_ITS_PAGES, "weiyifang/fund"]


def test_a_test_that_is_changed_is_run_and_one_that_is_gone_is_not() -> None:
    assert chosen(["tests/test_quick.py", "tests/test_gone.py", "docs/guards.md"]) == (
        [],
        [*ALWAYS, "tests/test_quick.py"],
    )


@pytest.mark.parametrize("file", [*ALWAYS, *OF_ITS_PAGES])
def test_what_it_names_is_there(file: str) -> None:
    assert (ROOT / file).exists()


def test_every_page_and_every_moment_belongs_to_a_package_there_is() -> None:
    """Else nobody's change would ever open it."""
    there = {folder.parent.name for folder in ROOT.glob("weiyifang/*/__init__.py")}
    pages = {line: package_of(line) for line in LINES if not line.split()[1].startswith("api/")}
    assert not {line: package for line, package in pages.items() if package not in there}
    assert {name.split()[0] for name in moments()} <= there
