"""The gate over every page of the workbench, with real things on it."""

from __future__ import annotations

import pytest

from tests.browser.inside import Window
from tests.browser.pages import named, visit_of, walked


@pytest.mark.parametrize("line", walked(workbench=True), ids=named)
def test_page_passes_the_gate(window: Window, line: str) -> None:
    window.must_pass(lambda stage: iter([visit_of(line, stage)]))
