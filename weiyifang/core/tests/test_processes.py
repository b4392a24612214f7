"""Who ends is started again: soon, then later and later, but always."""

from __future__ import annotations

import pytest

from weiyifang.core.server import processes
from weiyifang.core.server.processes import Kept


def sentences(one: Kept, count: int) -> list[str]:
    """What it says while it is looked at again and again."""
    said: list[str] = []
    while len(said) < count:
        if sentence := one.look():
            said.append(sentence)
    return said


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LONGEST_WAIT", 0.3)


def test_what_goes_on_ending_is_started_later_and_later_but_always() -> None:
    starts: list[str] = []
    one = Kept("The lamp", lambda: False, lambda: starts.append("lit"), lambda: " (exit code 3)")
    said = sentences(one, 4)
    assert said[0] == "The lamp ended by itself (exit code 3); starting it again in 0.2 s"
    assert [sentence.split()[-2] for sentence in said] == ["0.2", "0.3", "0.3", "0.3"]
    assert starts == ["lit"] * 3


def test_after_a_time_of_health_it_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Kept("The lamp", lambda: False, lambda: None)
    sentences(one, 3)
    monkeypatch.setattr(processes, "HEALTHY", -1.0)
    assert sentences(one, 1)[0].endswith("in 0.2 s")


def test_what_cannot_be_started_says_why_and_is_tried_again() -> None:
    def start() -> None:
        raise RuntimeError("no oil\nand more that is of no use here")

    said = sentences(Kept("The lamp", lambda: False, start), 3)
    assert said[1] == "The lamp cannot be started: no oil; starting it again in 0.3 s"
    assert said[2].startswith("The lamp cannot be started: no oil")


def test_what_lives_is_left_alone() -> None:
    one = Kept("The lamp", lambda: True, lambda: pytest.fail("it burned already"))
    assert one.look() == ""
