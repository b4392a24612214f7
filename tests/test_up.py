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
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import eventually, is_running, public_folder
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Up:
    """`weiyifang up` with a folder and a port of its own, and what it has said."""

    def __init__(self, var: Path, port: int) -> None:
        environment = {**os.environ, "WEIYIFANG_VAR": str(var), "DATABASE_URL": ""}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "weiyifang", "up", "--port", str(port), "--workers", "1"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.port = port
        self.said: list[str] = []

    def until(self, word: str) -> str:
        """Read on until a line holds `word`, or until there are no more."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if word in line:
                return line
        return "".join(self.said)

    def all_processes(self) -> dict[str, int]:
        """The processes started from here, by what they are."""
        found = {}
        for line in subprocess.check_output(["ps", "-ww", "-eo", "pid=,ppid=,args="], text=True).splitlines():
            number, parent, arguments = line.split(maxsplit=2)
            if int(parent) == self.process.pid:
                found["jobs" if arguments.endswith(" work") else "pages"] = int(number)
        return found

    def rest(self) -> str:
        """All it has said, once it has ended."""
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.said.append(self.process.communicate()[0])
        return "".join(self.said)


@contextmanager
def up(var: Path) -> Iterator[Up]:
    running = Up(var, free_port())
    try:
        ready = running.until("Ready")
        assert f"http://127.0.0.1:{running.port}/" in ready, "".join(running.said)
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
        running.rest()


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
