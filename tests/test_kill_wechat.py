"""`kill -9` in the middle of a day of gifts by WeChat Pay: started again, each order is paid and booked once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests import wechat_day
from tests.places import Place, migrated
from tests.processes import eventually

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("django_db_setup")]
KILLS = 3
STEPS = 2 * wechat_day.GIFTS  # each is made, then paid
COME = "SELECT count(*) + count(*) FILTER (WHERE state = 'paid') FROM wechat_pay_order"


def has_come_to(place: Place, step: int, process: subprocess.Popen[str]) -> bool:
    return int(place.ask(COME)) >= step or process.poll() is not None


def test_a_day_killed_three_times_books_each_order_once(tmp_path: Path) -> None:
    dice = random.Random(20_261_201)
    with migrated(tmp_path / "var") as place:
        made = place.run("web", module="tests.place_scenes")
        assert made.returncode == 0, made.stderr
        for step in sorted(dice.sample(range(1, STEPS - 2), KILLS)):
            process = place.start(module="tests.wechat_day", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            assert eventually(partial(has_come_to, place, step, process), 120)
            assert process.poll() is None, "it ended before it could be killed"
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        done = place.run(module="tests.wechat_day")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        want = sum(wechat_day.FEN * (n + 1) for n in range(wechat_day.GIFTS))
        assert told["faults"] == []
        assert sorted(told["booked"].values()) == [wechat_day.FEN * (n + 1) for n in range(wechat_day.GIFTS)]
        assert told["paid_at_wechat"] == want
