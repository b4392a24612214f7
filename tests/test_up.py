"""One command starts everything and ends everything; with real processes, ports and signals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Up, eventually, is_running, public_folder, up
from weiyifang.core import embedded_postgres

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A folder with a migrated database, made without waiting for the disk."""
    with public_folder("var") as folder:
        url = embedded_postgres.ensure_running(folder / "postgres", fast=True).url
        environment = {**os.environ, "WEIYIFANG_VAR": str(folder), "DATABASE_URL": url}
        subprocess.run([sys.executable, "-m", "weiyifang", "migrate", "-v0"], env=environment, check=True)
        embedded_postgres.leave(folder / "postgres")
        yield folder
        embedded_postgres.ensure_running(folder / "postgres")  # a killed parent left it running
        embedded_postgres.leave(folder / "postgres")


def server_in(var: Path) -> int:
    try:
        return int((var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return 0


def answer(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everything_starts_answers_and_ends(var: Path, number: signal.Signals) -> None:
    with up(var) as running:
        children = running.all_processes()
        assert set(children) == {"pages", "jobs"}
        assert answer(running.port) < 500
        assert server_in(var)
        running.process.send_signal(number)
        said = running.rest()
        assert "All stopped" in said
        assert running.process.returncode == 0, said
        assert not any(is_running(child) for child in children.values())
        assert not server_in(var)


def test_when_one_child_dies_the_rest_ends_with_an_error(var: Path) -> None:
    with up(var) as running:
        children = running.all_processes()
        os.kill(children["jobs"], signal.SIGKILL)
        said = running.rest()
        assert "jobs ended by itself" in said
        assert running.process.returncode == 1
        assert not is_running(children["pages"])


def test_nobody_outlives_a_killed_parent(var: Path) -> None:
    with up(var) as running:
        children = running.all_processes()
        running.process.kill()
        assert eventually(lambda: not any(is_running(child) for child in children.values()))


def test_a_taken_port_is_said_in_one_sentence(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        refused = Up(var, port)
        said = refused.rest()
    assert refused.process.returncode == 1
    assert f"Port {port} cannot be used" in said
    assert "Traceback" not in said
