"""Odd values for longer: several of them in each field, in an order that the seed decides."""

from __future__ import annotations

import os
import random

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.odd_round import Round
from tests.real_stage import real_stage

SEED = int(os.environ.get("WEIYIFANG_SEED") or random.SystemRandom().randrange(1_000_000))
EACH = 6  # values for a field


@pytest.mark.slow
def test_nothing_that_anybody_sends_breaks_anything(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with real_stage(django_db_blocker, workers=2) as real:
        round_ = Round(real, day=SEED, each=EACH)
        faults = round_.play()
        assert not faults, "\n".join([f"WEIYIFANG_SEED={SEED}: {len(faults)} of {round_.sent}:", *faults])
