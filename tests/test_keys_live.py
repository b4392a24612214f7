"""The data key is exchanged under the pages at work, killed again and again: nobody who is signed in notices."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.places import Place, migrated
from tests.processes import eventually, free_port
from weiyifang.core.keys import NEXT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("django_db_setup")]
PATIENCE = 120  # seconds until the pages are there on the busiest machine
KILLS = 4

WHOLE = """
from weiyifang.core.tenancy import in_community
from weiyifang.people.models import Account, Resident
from weiyifang.people.rotation import survey
print(len({key for key, column in survey().counts}), sorted(account.phone for account in Account.objects.all()))
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with migrated(tmp_path / "var") as place:
        yield place


class Reader(threading.Thread):
    """Somebody signed in who opens a page of theirs over and over."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self.port, self.cookie = port, cookie
        self.answers: list[int] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            self.answers.append(self.once())
            time.sleep(0.02)

    def once(self) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as link:
            try:
                link.request("GET", "/c/nanhu/me/", headers={"Cookie": self.cookie})
                return link.getresponse().status
            except OSError:
                return 0


def test_nobody_signed_in_notices_an_exchange_however_often_it_is_killed(place: Place, tmp_path: Path) -> None:
    dice = random.Random(17)
    made = place.run("web", module="tests.place_scenes")
    assert made.returncode == 0, made.stderr
    person = json.loads(made.stdout.splitlines()[-1])["people"][0]
    file = tmp_path / "var" / "keys" / "data_keys"
    old = file.read_text()
    phones = place.run("shell", "-v0", "-c", WHOLE).stdout.partition(" ")[2]
    assert "+86" in phones
    port = free_port()
    pages = place.start("--port", str(port), "--workers", "1", module="weiyifang.core.server.webserver")
    reader = Reader(port, person)
    try:
        assert eventually(lambda: reader.once() == 200, PATIENCE)
        reader.start()
        for _kill in range(KILLS):
            exchange = place.start("keys", "rotate")
            assert eventually(lambda: NEXT in file.read_text() or exchange.poll() is not None, PATIENCE)  # noqa: B023  called before the next turn
            time.sleep(dice.random() * 2.5)
            exchange.kill()
            exchange.wait()
        last = place.run("keys", "rotate")
        assert last.returncode == 0, last.stderr
        time.sleep(0.5)
    finally:
        reader.enough.set()
        pages.terminate()
        pages.wait(30)
    reader.join(30)
    assert len(reader.answers) > 50
    assert set(reader.answers) == {200}
    assert old not in file.read_text()
    assert NEXT not in file.read_text()
    assert place.run("shell", "-v0", "-c", WHOLE).stdout == f"1 {phones}"
