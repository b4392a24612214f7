"""`kill -9` of what runs, the pages or the worker: nothing is lost and nothing is done twice."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.places import Place, migrated
from tests.processes import children_of, eventually, free_port

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("django_db_setup")]

LANES = 4  # requests on their way at the same time
KILLS = 3
PATIENCE = 120  # seconds until the pages are back on the busiest machine


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One request of the plan: who sends it, what, and the key that makes it the same when it is sent again."""

    path: str
    cookie: str
    body: dict[str, Any]
    key: str


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with migrated(tmp_path / "var") as place:
        yield place


def set_up(place: Place, what: str) -> Any:
    made = place.run(what, module="tests.place_scenes")
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout.splitlines()[-1])


# --- the pages --------------------------------------------------------------------------------------------------


def plan_of(scene: Any, dice: random.Random) -> list[Planned]:
    """Everybody signs up for both dates, 20 gifts are recorded: in an order the dice give."""
    plan = [
        Planned(path=path, cookie=cookie, body={}, key=f"enrol-{number}-{path}"[-60:])
        for path in scene["dates"]
        for number, cookie in enumerate(scene["people"])
    ]
    gift = {"channel": "partners", "method": "bank", "received_on": "2026-10-14", "pool": "general"}
    plan += [
        Planned(
            path="/c/nanhu/api/fund/receipts",
            cookie=scene["accountant"],
            body={**gift, "amount_fen": 100 * fen},
            key=f"gift-{fen}",
        )
        for fen in range(1, 21)
    ]
    dice.shuffle(plan)
    return plan


class Sender:
    """Sends the plan and counts; what gets no answer is sent again under the same key until it gets one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.sent = 0
        self.cut_off = 0
        self._lock = threading.Lock()

    def send(self, planned: Planned) -> int:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with self._lock:
                self.sent += 1
            try:
                status = self._once(planned)
            except (OSError, http.client.HTTPException):
                with self._lock:
                    self.cut_off += 1
            else:
                if status < 500:
                    return status
            time.sleep(0.1)
        return 0

    def _once(self, planned: Planned) -> int:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(link):
            head = {"Cookie": planned.cookie, "Content-Type": "application/json", "Idempotency-Key": planned.key}
            link.request("POST", planned.path, json.dumps(planned.body), head)
            answer = link.getresponse()
            answer.read()
            return answer.status


class Pages:
    """The web server; the processes that answer are its children, and it starts others when they die."""

    def __init__(self, place: Place) -> None:
        self.port = free_port()
        self.process = place.start("--port", str(self.port), "--workers", "1", module="weiyifang.core.server.webserver")
        self.killed_at = 0.0

    def kill(self) -> None:
        """kill -9. A worker that dies twice within 5.5 s counts as a crash loop, and the server would give up."""
        time.sleep(max(0.0, self.killed_at + 6 - time.monotonic()))
        eventually(lambda: bool(children_of(self.process.pid)), PATIENCE)
        for number in children_of(self.process.pid):
            os.kill(number, signal.SIGKILL)
        self.killed_at = time.monotonic()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def send_through_a_death(sender: Sender, pages: Pages, plan: list[Planned], moment: int, pause: float) -> list[int]:
    """Send them all in a few lanes; the pages die when `moment` of them are on their way, `pause` seconds later."""
    first = sender.sent

    def kill() -> None:
        eventually(lambda: sender.sent >= first + moment, PATIENCE)
        time.sleep(pause)
        pages.kill()

    with ThreadPoolExecutor(LANES + 1) as lanes:
        death = lanes.submit(kill)
        answers = list(lanes.map(sender.send, plan))
        death.result()
    return answers


def test_whatever_the_pages_die_of_each_request_is_done_once(place: Place) -> None:
    dice = random.Random(7)
    plan = plan_of(set_up(place, "web"), dice)
    pages = Pages(place)
    sender = Sender(pages.port)
    answers: list[int] = []
    try:
        for lot in range(KILLS):
            share = plan[lot::KILLS]
            answers += send_through_a_death(sender, pages, share, dice.randrange(1, len(share)), dice.random() / 50)
    finally:
        pages.end()
    assert answers == [201] * len(plan)
    assert sender.cut_off, "nobody noticed the killing"
    assert place.ask("SELECT count(*) FROM activities_enrollment") == 24
    assert place.ask("SELECT count(*) FROM capacity_claim") == 24
    assert place.ask("SELECT sum(taken) FROM capacity_placepool") == 24
    assert place.ask("SELECT count(*) FROM fund_donation") == 20
    assert place.ask("SELECT sum(amount) FROM ledger_transfer") == sum(100 * fen for fen in range(1, 21))
    assert place.ask("SELECT count(*) FROM core_oncerecord WHERE status = 201") == len(plan)
    verified = place.run("verify")
    assert verified.returncode == 0, verified.stdout


# --- the jobs ---------------------------------------------------------------------------------------------------

ERASED = "SELECT count(*) FROM core_timelineentry WHERE verb = 'PersonErased'"
RESCUE = "from weiyifang.core.tasks import rescue; rescue.configure(queueing_lock='{}').defer(timestamp=0)"


def test_whatever_the_worker_dies_of_each_job_is_done_once(place: Place) -> None:
    dice = random.Random(11)
    expected = set_up(place, "work")
    for moment in sorted(dice.sample(range(1, expected["people"] - 4), 3)):
        worker = place.start("work", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert eventually(lambda moment=moment: place.ask(ERASED) >= moment, PATIENCE)  # type: ignore[misc]  # bound as it is now
        worker.kill()
        worker.wait()
        # nobody has to wait here until a dead worker is missed (30 s)
        place.ask("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour' RETURNING 1")
        assert place.run("shell", "-v0", "-c", RESCUE.format(moment)).returncode == 0
    assert place.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") > 0
    worker = place.start("work", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        left = (
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE task_name IN ('weiyifang.people.tasks.erase_due', 'weiyifang.ledger.tasks.seal_all')"
        )
        assert eventually(lambda: place.ask(left) == 0, PATIENCE)
    finally:
        worker.terminate()
        worker.wait(30)
    assert place.ask(ERASED) == expected["people"]
    assert (
        place.ask("SELECT count(DISTINCT subject) FROM core_timelineentry WHERE verb = 'PersonErased'")
        == (expected["people"])
    )
    assert place.ask("SELECT count(*) FROM people_resident WHERE erased_at IS NULL") == 0
    assert place.ask("SELECT count(*) FROM ledger_seal") == expected["transfers"]
    verified = place.run("verify")
    assert verified.returncode == 0, verified.stdout
