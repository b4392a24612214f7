"""Helpers for tests with real processes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from weiyifang.core.server.processes import OWNER_URL


@contextmanager
def public_folder(name: str = "wyf") -> Iterator[Path]:
    """A temporary folder that every user may enter: pytest's are private, and PostgreSQL refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="wyf-test-"))
    folder.chmod(0o755)
    try:
        (folder / name).mkdir(parents=True)
        yield folder / name
    finally:
        shutil.rmtree(folder)


def eventually(holds: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait until it holds, at most so long; whether it does."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_running(number: int) -> bool:
    """Whether a process of this number runs (a dead one nobody has asked after does not)."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    try:
        status = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return not Path("/proc/self").exists()  # no /proc at all, or it has just gone
    return status.rpartition(")")[2].split()[0] != "Z"


def children_of(number: int) -> list[int]:
    """The processes it has started, without Python's own helpers."""
    rows = [line.split(maxsplit=2) for line in _ps("pid=,ppid=,args=")]
    theirs = [(int(pid), command) for pid, parent, command in rows if 0 < number == int(parent)]
    return [pid for pid, command in theirs if "resource_tracker" not in command]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ps(columns: str) -> list[str]:
    return subprocess.check_output(["ps", "-ww", "-eo", columns], text=True).splitlines()


class Up:
    """`weiyifang up` with a folder and a port of its own, and what it has said.

    `database`: the URL of a database; without one, the embedded server in the folder. `more`: variables.
    """

    def __init__(self, var: Path, port: int, database: str = "", workers: int = 1, **more: str) -> None:
        environment = {**os.environ, "WEIYIFANG_VAR": str(var), "DATABASE_URL": database, **more}
        if not database:
            environment.pop(OWNER_URL, None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "weiyifang", "up", "--port", str(port), "--workers", str(workers)],
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
        for line in _ps("pid=,ppid=,args="):
            number, parent, arguments = line.split(maxsplit=2)
            if int(parent) == self.process.pid:
                found["jobs" if arguments.endswith(" work") else "pages"] = int(number)
        return found

    def everybody(self) -> dict[int, str]:
        """Every process started from here, however far down, and its command line."""
        table = [line.split(maxsplit=2) for line in _ps("pid=,ppid=,args=")]
        found: dict[int, str] = {}
        while more := {
            int(number): arguments
            for number, parent, arguments in table
            if int(parent) in {self.process.pid, *found} and int(number) not in found
        }:
            found |= more
        return found

    def rest(self) -> str:
        """All it has said, once it has ended."""
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.said.append(self.process.communicate()[0])
        self.process.wait()
        return "".join(self.said)


@contextmanager
def up(var: Path, database: str = "", workers: int = 1, **more: str) -> Iterator[Up]:
    running = Up(var, free_port(), database, workers, **more)
    try:
        ready = running.until("Ready")
        assert f"http://127.0.0.1:{running.port}/" in ready, "".join(running.said)
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
        running.rest()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def web_server(
    database: str, workers: int = 1, module: str = "weiyifang.core.server.webserver"
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The process that answers pages, on this database: its port, and the process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--port", str(port), "--workers", str(workers)],
        env={**os.environ, "DATABASE_URL": database, "WEIYIFANG_DEMO": "1"},
    )
    try:
        assert eventually(lambda: _answers(port))
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=30)
