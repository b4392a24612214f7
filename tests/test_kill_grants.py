"""`kill -9` in the middle of a payout of 43 grants: none is paid or all are, and in the end each is paid once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.grant_payout import BEGINS, FEN, GRANTS
from tests.places import Place, migrated

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("django_db_setup")]
TRIES, LONGEST = 12, 0.4  # seconds after the payout begins
PAID = "SELECT count(*) FROM fund_paymentrequest WHERE state = 'paid'"
MOVED = "SELECT count(*) FROM ledger_transfer WHERE source LIKE 'fund.paymentrequest:%'"


def is_cut_off(place: Place, seconds: float) -> bool:
    """Begin a payout and kill it: was it in the middle?"""
    process = place.start("pay", module="tests.grant_payout", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == BEGINS
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    return process.communicate()[0] == ""


def test_a_payout_that_is_killed_pays_nothing_and_then_everybody_once(tmp_path: Path) -> None:
    dice = random.Random(20_261_201)
    with migrated(tmp_path / "var") as place:
        for step in (("web", "tests.place_scenes"), ("prepare", "tests.grant_payout")):
            made = place.run(step[0], module=step[1])
            assert made.returncode == 0, made.stderr
        cut_off = 0
        for _try in range(TRIES):
            if is_cut_off(place, dice.uniform(0, LONGEST)) and place.ask(PAID) == 0:
                cut_off += 1
            assert place.ask(PAID) in {0, GRANTS}
            assert place.ask(MOVED) == place.ask(PAID)
            if cut_off == 2 or place.ask(PAID):
                break
        assert cut_off, "it was never killed in the middle"
        done = place.run("pay", module="tests.grant_payout")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert told == {"paid": [FEN] * GRANTS, "whom": GRANTS, "faults": []}
        assert place.ask(MOVED) == GRANTS
