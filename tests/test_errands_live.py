"""Long work in the real worker: how far it is is seen from outside, and `kill -9` leaves nothing half done or twice."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.places import Place, migrated
from tests.processes import eventually

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("django_db_setup")]

RESIDENTS, MORE = 3_000, 1_500
PATIENCE = 120  # seconds on the busiest machine
RESCUE = "from weiyifang.core.tasks import rescue; rescue.configure(queueing_lock='now').defer(timestamp=0)"


class Office:
    """A place with long work waiting in it, looked at from outside."""

    def __init__(self, place: Place) -> None:
        self.place = place
        made = place.run(f"errands {RESIDENTS} {MORE}", module="tests.place_scenes")
        assert made.returncode == 0, made.stderr
        self.residents: int = json.loads(made.stdout.splitlines()[-1])["residents"]

    def work(self) -> subprocess.Popen[str]:
        return self.place.start("work", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def of(self, kind: str, column: str) -> Any:
        return self.place.ask(f"SELECT {column} FROM errands_errand WHERE kind = '{kind}'")

    def under_way(self, kind: str) -> bool:
        """It has told how far it is, and is not done."""
        return bool(self.of(kind, "state = 'running' AND total > 0"))

    def count(self, table: str) -> int:
        return int(self.place.ask(f"SELECT count(*) FROM {table}"))

    def kill(self, worker: subprocess.Popen[str]) -> None:
        worker.kill()
        worker.wait()
        # nobody has to wait here until a dead worker is missed (30 s)
        self.place.ask(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour' RETURNING 1"
        )
        assert self.place.run("shell", "-v0", "-c", RESCUE).returncode == 0


def test_killed_in_the_middle_it_begins_again_and_nothing_is_there_twice(tmp_path: Path) -> None:
    with migrated(tmp_path / "var") as place:
        office = Office(place)
        worker = office.work()
        assert eventually(lambda: office.under_way("residents_export"), PATIENCE)
        assert eventually(lambda: office.under_way("residents_import"), PATIENCE)
        office.kill(worker)
        assert office.of("residents_import", "state") == "running"
        assert office.count("people_resident") == office.residents, "nobody before everybody"
        worker = office.work()
        try:
            assert eventually(lambda: office.of("residents_import", "state") == "done", PATIENCE)
        finally:
            worker.terminate()
            worker.wait(30)
        assert [office.of(kind, "begun") for kind in ("residents_export", "residents_import")] == [1, 2]
        assert office.of("residents_export", "came ->> 'count'") == str(office.residents)
        assert office.count("errands_errandfile") == 1
        assert office.count("people_resident") == office.residents + MORE
        noted = (
            "core_timelineentry WHERE verb IN ('ResidentsExported', 'ResidentsImported') AND subject <> 'people.import'"
        )
        assert office.count(noted) == 2, "what was undone is not told of either"
        assert office.count("notices_notice WHERE kind = 'errand_done'") == 2
        verified = place.run("verify")
        assert verified.returncode == 0, verified.stdout
