"""One command starts everything and ends everything; with real processes, ports and signals."""

from __future__ import annotations

import contextlib
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

from tests.processes import Up, children_of, eventually, free_port, is_running, public_folder, up
from weiyifang.core.server import embedded_postgres
from weiyifang.core.server.embedded_postgres import OWNER
from weiyifang.core.server.processes import OWNER_URL, without_owner

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A folder with a migrated database, made without waiting for the disk."""
    with public_folder("var") as folder:
        embedded_postgres.ensure_running(folder / "postgres", fast=True)
        environment = {**without_owner(os.environ), "WEIYIFANG_VAR": str(folder), "DATABASE_URL": ""}
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
    return answer_of(port, "/")


def health(port: int) -> int:
    return answer_of(port, "/health/")


def answer_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


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


def test_who_ends_by_itself_is_started_again(var: Path) -> None:
    with up(var) as running:
        children = running.all_processes()
        for name in ("jobs", "pages"):
            os.kill(children[name], signal.SIGKILL)
            assert "killed by SIGKILL" in running.until(f"{name} ended by itself")
        assert eventually(lambda: running.all_processes().keys() == {"pages", "jobs"})
        assert not set(running.all_processes().values()) & set(children.values())
        assert eventually(lambda: answer(running.port) < 500)


def test_a_database_that_dies_is_started_again(var: Path) -> None:
    with up(var) as running:
        killed = server_in(var)
        os.kill(killed, signal.SIGKILL)
        running.until("PostgreSQL ended by itself")
        assert eventually(lambda: server_in(var) not in (0, killed) and health(running.port) == 200)
        running.process.terminate()
        said = running.rest()
        assert "Traceback" not in said
        assert running.process.returncode == 0, said


def test_without_a_database_each_answer_is_a_sentence_until_it_is_back(var: Path) -> None:
    with up(var) as running:
        stopped = server_in(var)
        os.kill(stopped, signal.SIGSTOP)  # it is there, so nobody starts another, but it lets nobody in
        try:
            for backend in children_of(stopped):
                os.kill(backend, signal.SIGKILL)
            assert eventually(lambda: health(running.port) == 503)
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(f"http://127.0.0.1:{running.port}/c/nanhu/", timeout=30)
            with caught.value as page:
                assert page.code == 503
                assert page.headers["Retry-After"]
                assert 'http-equiv="refresh"' in page.read().decode()
        finally:
            os.kill(stopped, signal.SIGCONT)
        assert "exit code 1" in running.until("jobs ended by itself")
        assert eventually(lambda: health(running.port) == 200 and len(running.all_processes()) == 2)
        running.process.terminate()
        said = running.rest()
        assert "Traceback" not in said, said


def test_nobody_dies_because_nobody_listens(var: Path) -> None:
    with up(var) as running:
        assert running.process.stdout is not None
        running.process.stdout.close()
        jobs = running.all_processes()["jobs"]
        os.kill(jobs, signal.SIGKILL)  # there is something to say
        assert eventually(lambda: running.all_processes().get("jobs", jobs) != jobs)


def test_who_presses_twice_does_not_wait(var: Path) -> None:
    with up(var) as running:
        os.kill(running.all_processes()["jobs"], signal.SIGSTOP)
        running.process.send_signal(signal.SIGINT)
        running.until("Stopping")
        running.process.send_signal(signal.SIGINT)
        assert "All stopped" in running.rest()
        assert running.process.returncode == 0
    assert not server_in(var)


def test_nobody_outlives_a_killed_parent_and_the_next_one_takes_over(var: Path) -> None:
    with up(var) as running:
        children = running.all_processes()
        running.process.kill()
        after = Up(var, running.port)  # at once: the port is free in a moment
        try:
            assert f":{running.port}/" in after.until("Ready")
            assert not any(is_running(child) for child in children.values())
        finally:
            after.process.terminate()
            after.rest()


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


def holds(process: int, secret: bytes) -> bool:
    """Whether the secret lies in the environment, the command line or the memory of a process."""
    home = Path(f"/proc/{process}")
    if secret in (home / "environ").read_bytes() or secret in (home / "cmdline").read_bytes():
        return True
    with (home / "mem").open("rb", buffering=0) as memory:
        for line in (home / "maps").read_text().splitlines():
            borders, rights, *_rest = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(border, 16) for border in borders.split("-"))
            memory.seek(start)
            with contextlib.suppress(OSError):  # some of the kernel's own pages are nobody's to read
                if secret in memory.read(end - start):
                    return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("address", ["in the folder", "in the environment"])
def test_no_process_that_answers_people_or_does_jobs_knows_the_owner(
    var: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = var / "postgres"
    server = embedded_postgres.ensure_running(folder)
    try:
        monkeypatch.setenv(OWNER_URL, embedded_postgres.owner_url(folder))
        secret = (folder / "owner").read_bytes()
        assert holds(os.getpid(), secret)  # what is there is found
        with up(var, server.url if "environment" in address else "", workers=2) as running:
            assert answer(running.port) < 500
            everybody = running.everybody()
            assert len(everybody) >= 4, everybody  # the jobs, the pages and two that answer them
            for process, command in everybody.items():
                assert not holds(process, secret), command
                assert OWNER_URL.encode() not in Path(f"/proc/{process}/environ").read_bytes(), command
    finally:
        embedded_postgres.leave(folder)


def test_it_does_not_start_with_a_login_that_is_more_than_it_needs(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OWNER_URL, raising=False)
    folder = var / "postgres"
    embedded_postgres.ensure_running(folder)
    try:
        refused = Up(var, free_port(), embedded_postgres.owner_url(folder))
        said = refused.rest()
    finally:
        embedded_postgres.leave(folder)
    assert refused.process.returncode == 1
    assert f"logs in as {OWNER}, which is a superuser" in said
    assert "CREATE ROLE weiyifang_web LOGIN" in said
    assert "Traceback" not in said
