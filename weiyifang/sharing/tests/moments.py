"""Pages to look at when the slots of a season are shared out. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import HOME, Moment, Visit
from tests.stage import Stage


def shared_out(stage: Stage) -> Iterator[Visit]:
    """The result, with the button that shares it out again."""
    number = stage.paths["sharing/rounds/<number>/slots.json"]["number"]
    yield Visit(name="sharing-season-shared-out", address=f"{HOME}sharing/rounds/{number}/")


MOMENTS: tuple[Moment, ...] = (shared_out,)
