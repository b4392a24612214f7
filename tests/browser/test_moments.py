"""The gate over the pages as they are in moments of their own. See `pages`."""

from __future__ import annotations

import pytest

from tests.browser.inside import Window
from tests.browser.pages import Moment, moments


@pytest.mark.parametrize("moment", moments().values(), ids=moments())
def test_pages_pass_the_gate_in_every_moment(window: Window, moment: Moment) -> None:
    window.must_pass(moment, narrow=True)
