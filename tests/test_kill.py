"""`kill -9` in the middle of a year: started again, the replay ends with the very same head."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.database import TEMPLATE, administrator, drop_database
from tests.processes import eventually

pytestmark = pytest.mark.slow

COMMAND = ["replay", "--scale", "0.02", "--seed", "7", "--until", "2026-10-14", "--json"]
STEPS = 365  # at least; the opening comes on top
KILLS = 4


class Year:
    """A replay with a database of its own."""

    def __init__(self, name: str, var: Path) -> None:
        parts = urlsplit(os.environ["DATABASE_URL"])
        self.url = urlunsplit(parts._replace(path=f"/{name}"))
        self.environment = {**os.environ, "DATABASE_URL": self.url, "WEIYIFANG_VAR": str(var), "WEIYIFANG_DEMO": "1"}

    def start(self) -> subprocess.Popen[str]:
        arguments = [sys.executable, "-m", "weiyifang", *COMMAND]
        return subprocess.Popen(
            arguments, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def steps_done(self) -> int:
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute("SELECT max(steps_done) FROM replay_run").fetchone()
        return int(row[0] or 0) if row else 0

    def head(self) -> str:
        process = self.start()
        said, _nothing = process.communicate(timeout=300)
        assert process.returncode == 0
        return str(json.loads(said)["head"])


@contextmanager
def a_year(var: Path) -> Iterator[Year]:
    """A migrated, empty database, thrown away afterwards."""
    name = f"weiyifang_kill_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    with administrator() as admin:
        templates = admin.execute("SELECT datname FROM pg_database WHERE datistemplate").fetchall()
        template = next(found for (found,) in templates if found.startswith(TEMPLATE))
        admin.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
    try:
        yield Year(name, var)
    finally:
        with administrator() as admin:
            drop_database(admin, name)


def has_come(year: Year, process: subprocess.Popen[str], moment: int) -> bool:
    """The moment, or the end of the process before it."""
    return year.steps_done() >= moment or process.poll() is not None


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """One folder for all runs: the keys in it decide what is written."""
    return tmp_path


@pytest.mark.usefixtures("django_db_setup")
def test_a_replay_killed_four_times_ends_as_if_nothing_had_happened(var: Path) -> None:
    dice = random.Random(20_261_014)
    with a_year(var) as undisturbed:
        expected = undisturbed.head()
    with a_year(var) as year:
        for moment in sorted(dice.sample(range(1, STEPS), KILLS)):
            process = year.start()
            assert eventually(partial(has_come, year, process, moment), 300)
            assert process.poll() is None, "it ended before it could be killed"
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            assert process.returncode == -signal.SIGKILL
            assert moment <= year.steps_done() < STEPS + 3
        assert year.head() == expected
