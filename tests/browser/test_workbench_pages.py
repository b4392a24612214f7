"""The gate over every page of the workbench, with real things on it."""

from __future__ import annotations

import pytest

from tests.browser.inside import Window
from tests.browser.moments_bench import MOMENTS
from tests.browser.pages import Moment, visit_of, walked


@pytest.mark.parametrize("line", walked(workbench=True))
def test_page_passes_the_gate(window: Window, line: str) -> None:
    window.must_pass(lambda stage: iter([visit_of(line, stage)]))


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
def test_pages_pass_the_gate_in_every_moment(window: Window, moment: Moment) -> None:
    window.must_pass(moment)
