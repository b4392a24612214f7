"""A short storm: each thing that can die dies once, under load (the long one: `make torture`)."""

from __future__ import annotations

import random

import pytest

from tests.torture import storm

pytestmark = pytest.mark.slow


def test_whatever_dies_it_gets_up_again_and_nothing_is_lost() -> None:
    dice = random.Random(20_261_129)
    kinds = [kind for kind in storm.KINDS if kind not in (storm.all_is_killed, storm.a_process_that_answers_is_killed)]
    dice.shuffle(kinds)
    with storm.platform() as here:
        storm.check(here, storm.rage(here, kinds, dice))
