"""The embedded server, with real processes that start it, join it, leave it and get killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tests.processes import eventually, is_running, public_folder
from weiyifang.core.server import embedded_postgres
from weiyifang.core.server.embedded_postgres import APP_ROLE, OWNER, CannotStart

pytestmark = pytest.mark.slow

SCRIPT = """
import sys
from pathlib import Path
from weiyifang.core.server import postmaster
from weiyifang.core.server.embedded_postgres import ensure_running
postmaster.PATIENCE = postmaster.STOP_PATIENCE = float(sys.argv[2])
print(ensure_running(Path(sys.argv[1]), fast=True).url, flush=True)
sys.stdin.readline()
"""


class User:
    """A process that uses the server until told to leave."""

    def __init__(self, folder: Path, patience: int = 60) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(folder), str(patience)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._url = ""

    def url(self) -> str:
        if not self._url:
            assert self.process.stdout is not None
            self._url = self.process.stdout.readline().strip()
        return self._url

    def leave(self) -> None:
        self.process.communicate("\n")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as folder:
        yield folder
        User(folder).leave()  # adopts what a test left running, and stops it


def server_of(folder: Path) -> int:
    """The process number of the server at work in `folder`; 0 when there is none."""
    try:
        number = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return 0
    return number if is_running(number) else 0


def owner_of(folder: Path) -> dict[str, Any]:
    """The login of the owner."""
    return {"user": OWNER, "password": (folder / "owner").read_text()}


def ask(url: str, words: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(words.encode()).fetchone()
    assert row is not None
    return row[0]


def test_three_who_start_it_at_once_share_one(folder: Path) -> None:
    users = [User(folder) for _ in range(3)]
    (url,) = {user.url() for user in users}
    assert (folder / "log").read_text().count("ready to accept connections") == 1
    assert ask(url, "SELECT current_setting('server_encoding') || lower('Ä') || ('南' ~ '[[:alpha:]]')") == "UTF8ätrue"
    assert ask(url, f"SELECT count(*) FROM pg_roles WHERE rolname = '{APP_ROLE}' AND NOT rolsuper") == 1
    for user in users[:2]:
        user.leave()
        assert server_of(folder)
    users[2].leave()
    assert not server_of(folder)


def test_who_is_killed_is_not_waited_for(folder: Path) -> None:
    one, other = User(folder), User(folder)
    one.url(), other.url()
    one.kill()
    assert server_of(folder)
    other.leave()
    assert not server_of(folder)


def test_a_server_left_alone_is_adopted(folder: Path) -> None:
    user = User(folder)
    user.url()
    user.kill()
    left = server_of(folder)
    assert left
    user = User(folder)
    user.url()
    assert server_of(folder) == left
    user.leave()
    assert not server_of(folder)


def test_a_killed_server_comes_back_with_its_data(folder: Path) -> None:
    user = User(folder)
    with psycopg.connect(user.url(), **owner_of(folder), autocommit=True) as connection:
        connection.execute("SET synchronous_commit = on")  # which tests otherwise do without
        connection.execute("CREATE TABLE kept AS SELECT 37 AS number")
        connection.execute("GRANT SELECT ON kept TO PUBLIC")
    killed = server_of(folder)
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: not is_running(killed))
    user.kill()
    user = User(folder)
    assert ask(user.url(), "SELECT number FROM kept") == 37
    user.leave()


def test_a_recovery_that_gets_nowhere_is_ended_and_begun_again(folder: Path) -> None:
    User(folder).leave()
    with hanging_recovery(folder) as began:
        user = User(folder)
        assert eventually(began.exists)
    user.kill()
    hangs = server_of(folder)
    assert hangs
    user = User(folder, patience=1)
    assert ask(user.url(), "SELECT 1") == 1
    assert server_of(folder) != hangs
    user.leave()


def test_ctrl_c_during_a_recovery_ends_it(folder: Path) -> None:
    User(folder).leave()
    with hanging_recovery(folder) as began:
        user = User(folder)
        assert eventually(began.exists)
    user.process.send_signal(signal.SIGINT)
    user.process.communicate()
    assert user.process.returncode
    assert not server_of(folder)


def test_a_stop_takes_no_longer_than_patience(folder: Path) -> None:
    user = User(folder, patience=1)
    with psycopg.connect(user.url()) as connection:
        hangs = connection.info.backend_pid
        os.kill(hangs, signal.SIGSTOP)
        user.leave()
    assert not server_of(folder)
    assert not is_running(hangs)


def test_who_hangs_when_the_server_dies_stands_in_nobodys_way(folder: Path) -> None:
    user = User(folder)
    with psycopg.connect(user.url()) as connection:
        hangs = connection.info.backend_pid
        os.kill(hangs, signal.SIGSTOP)
        os.kill(server_of(folder), signal.SIGKILL)
        user.kill()
        user = User(folder)
        assert ask(user.url(), "SELECT 1") == 1
    assert not is_running(hangs)
    user.leave()


@contextmanager
def hanging_recovery(folder: Path) -> Iterator[Path]:
    """The next start recovers, and gets stuck: then the file given here exists. The start after that has no trouble."""
    data, began = folder / "data", folder / "data" / "began"
    (data / "recovery.signal").touch()
    (data / "postgresql.auto.conf").write_text(f"restore_command = 'touch {began}; exec sleep 600'\n")
    yield began
    (data / "recovery.signal").unlink()


def test_a_stranger_with_the_old_number_is_left_alone(folder: Path) -> None:
    user = User(folder)
    user.url()
    number = folder / "data" / "postmaster.pid"
    lines = number.read_text().splitlines()
    os.kill(server_of(folder), signal.SIGKILL)
    user.kill()
    owner = (folder / "data").stat()
    become = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["sleep", "600"], cwd="/", **become)  # type: ignore[call-overload]  # arguments of a dictionary
    number.write_text("\n".join([str(stranger.pid), *lines[1:]]))
    try:
        user = User(folder)
        assert ask(user.url(), "SELECT 1") == 1
        assert server_of(folder) != stranger.pid
        user.leave()
        assert not server_of(folder)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("name", ["南湖 社区's data", "very-long-" * 14])
def test_the_path_may_be_strange(name: str) -> None:
    with public_folder(name) as folder:
        user = User(folder)
        url = user.url()
        assert ask(url, "SELECT 1") == 1
        socket = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert socket.stat().st_mode & 0o777 == 0o700
        user.leave()
        assert not server_of(folder)
        assert not list(socket.glob("*"))


def test_a_child_of_a_user_is_no_user(folder: Path) -> None:
    server = embedded_postgres.ensure_running(folder, fast=True)
    child = os.fork()
    if child == 0:
        embedded_postgres.leave(folder)  # knows of nothing
        os._exit(0)
    os.waitpid(child, 0)
    assert ask(server.url, "SELECT 1") == 1
    assert embedded_postgres.ensure_running(folder) is server
    embedded_postgres.leave(folder)
    assert not server_of(folder)
    embedded_postgres.leave(folder)  # twice is once


def test_what_cannot_start_says_why(folder: Path) -> None:
    User(folder).leave()
    (folder / "data" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(CannotStart, match="incompatible with server"):
        embedded_postgres.ensure_running(folder, fast=True)
    (folder / "data" / "PG_VERSION").write_text("18\n")


def who_gets_in(folder: Path, url: str) -> dict[str, bool]:
    """Who may log in, and where, without knowing a password."""

    def gets_in(**login: Any) -> bool:
        try:
            psycopg.connect(url, **login).close()
        except psycopg.OperationalError:
            return False
        return True

    return {
        "the program": gets_in(),
        "the program, elsewhere": gets_in(dbname="postgres") or gets_in(dbname="template1"),
        "the owner": gets_in(user=OWNER),
        "the owner with a password": gets_in(**owner_of(folder)),
        "the owner with another": gets_in(user=OWNER, password="weiyifang"),
        "a stranger": gets_in(user="postgres"),
    }


AS_IT_SHOULD_BE = {"the program", "the owner with a password"}


def test_only_the_program_gets_in_without_a_password(folder: Path) -> None:
    user = User(folder)
    assert {who for who, comes in who_gets_in(folder, user.url()).items() if comes} == AS_IT_SHOULD_BE
    assert (folder / "owner").stat().st_mode & 0o777 == 0o600
    user.leave()


@pytest.mark.parametrize("cut_short", [False, True])
def test_a_server_of_an_earlier_version_is_locked_up(folder: Path, *, cut_short: bool) -> None:
    """There everybody who reached the socket was the owner; its data stay."""
    user = User(folder)
    with psycopg.connect(user.url(), **owner_of(folder), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 37 AS number")
        connection.execute("GRANT SELECT ON kept TO PUBLIC")
        connection.execute(f"ALTER ROLE {APP_ROLE} NOLOGIN".encode())
        connection.execute(f"ALTER ROLE {OWNER} PASSWORD NULL".encode())
        connection.execute("GRANT ALL ON DATABASE postgres, template1, weiyifang TO PUBLIC")
    user.leave()
    (folder / "data" / "pg_hba.conf").write_text("local all all trust\n")
    (folder / "owner").unlink()
    if cut_short:
        (folder / "owner").write_text("a password the server was never told")
    user = User(folder)
    assert ask(user.url(), "SELECT number FROM kept") == 37
    assert {who for who, comes in who_gets_in(folder, user.url()).items() if comes} == AS_IT_SHOULD_BE
    user.leave()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand a folder to somebody else")
def test_root_opens_no_private_folder(tmp_path: Path) -> None:
    assert tmp_path.parent.stat().st_mode & 0o077 == 0
    server = embedded_postgres.ensure_running(tmp_path / "var" / "postgres", fast=True)
    try:
        assert ask(server.url, "SELECT 1") == 1
        assert tmp_path not in server.folder.parents
        assert tmp_path.parent.stat().st_mode & 0o077 == 0
    finally:
        embedded_postgres.leave(tmp_path / "var" / "postgres")
        subprocess.run(["rm", "-r", server.folder], check=True)


def test_its_log_holds_nothing_that_a_statement_was_told(folder: Path) -> None:
    user = User(folder)
    with psycopg.connect(user.url(), autocommit=True) as connection:
        for told in ("SELECT 'marker7x'::uuid", "SELECT 'marker7x' FROM nowhere", "SELECT 1/0, 'marker7x'"):
            with pytest.raises(psycopg.Error):
                connection.execute(told.encode())
        connection.execute("DO $$ BEGIN RAISE WARNING 'marker7x'; END $$")
    user.leave()
    assert "marker7x" not in (folder / "log").read_text()
