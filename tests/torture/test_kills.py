"""A hundred kills of everything, chosen by a seed, under a stream of enrolments and payments: up again, nothing lost.

`WEIYIFANG_SEED` repeats a run, `WEIYIFANG_KILLS` says how many.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.torture import storm

KILLS = int(os.environ.get("WEIYIFANG_KILLS") or 100)
SEED = int(os.environ.get("WEIYIFANG_SEED") or random.SystemRandom().randrange(1_000_000))
PROMISED = 15.0  # seconds until it is up again by itself; where a start alone takes long, two starts


def test_whatever_dies_it_gets_up_again_and_nothing_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    def tell(lines: str) -> None:
        with capsys.disabled():  # also when all goes well
            print(f"\n{lines}", flush=True)

    dice = random.Random(SEED)
    kinds = [storm.KINDS[number % len(storm.KINDS)] for number in range(KILLS)]
    dice.shuffle(kinds)
    tell(f"seed {SEED}, {KILLS} kills")
    with storm.platform() as here:
        gone_by = storm.rage(here, kinds, dice)
        tell(f"{gone_by.report()}\n  a start alone took {here.started_in:.1f} s")
        storm.check(here, gone_by)
    longest = max(PROMISED, 2 * here.started_in)
    slow = [(kind, round(seconds, 1)) for kind, seconds in gone_by.kills if seconds > longest]
    assert not slow, f"seed {SEED}: not up again within {longest:.0f} s: {slow}"
