"""The gate over every page of the residents, with real things on it."""

from __future__ import annotations

import pytest

from tests.browser.inside import Window
from tests.browser.pages import NOT_PAGES, named, visit_of, walked


@pytest.mark.parametrize("line", walked(workbench=False), ids=named)
def test_page_passes_the_gate(window: Window, line: str) -> None:
    window.must_pass(lambda stage: iter([visit_of(line, stage)]))


@pytest.mark.parametrize("route", sorted(NOT_PAGES))
def test_what_is_left_out_is_no_page(window: Window, route: str) -> None:
    assert not window.kind_of(f"GET {route}").startswith("text/html")
