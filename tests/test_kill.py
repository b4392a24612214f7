"""`kill -9` in the middle of a year: started again, the replay ends with the very same head."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.places import Place, migrated
from tests.processes import eventually

pytestmark = pytest.mark.slow

COMMAND = ["replay", "--scale", "0.02", "--seed", "7", "--until", "2026-10-14", "--json"]
STEPS = 365  # at least; the opening comes on top
KILLS = 4


class Year:
    """A replay in a place of its own."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def start(self) -> subprocess.Popen[str]:
        return self.place.start(*COMMAND, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def steps_done(self) -> int:
        return int(self.place.ask("SELECT max(steps_done) FROM replay_run") or 0)

    def has_come_to(self, moment: int, process: subprocess.Popen[str]) -> bool:
        """So many steps are done, or nobody does any more."""
        return self.steps_done() >= moment or process.poll() is not None

    def head(self) -> str:
        process = self.start()
        said, _nothing = process.communicate(timeout=300)
        assert process.returncode == 0
        return str(json.loads(said)["head"])


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """One folder for all runs: the keys in it decide what is written."""
    return tmp_path


@pytest.mark.usefixtures("django_db_setup")
def test_a_replay_killed_four_times_ends_as_if_nothing_had_happened(var: Path) -> None:
    dice = random.Random(20_261_014)
    with migrated(var) as place:
        expected = Year(place).head()
    with migrated(var) as place:
        year = Year(place)
        for moment in sorted(dice.sample(range(1, STEPS), KILLS)):
            process = year.start()
            assert eventually(partial(year.has_come_to, moment, process), 300)
            assert process.poll() is None, "it ended before it could be killed"
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            assert process.returncode == -signal.SIGKILL
            assert moment <= year.steps_done() < STEPS + 3
        assert year.head() == expected
