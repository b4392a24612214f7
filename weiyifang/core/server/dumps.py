"""The database as one stream, with PostgreSQL's own programs: `pg_dump`, `pg_restore`, `psql`.

A dump is taken as the program connects, which may read everything and own nothing; it is played back as the owner.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connection
from psycopg import IsolationLevel
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from weiyifang.core.server import embedded_postgres
from weiyifang.core.server.database import owner_url
from weiyifang.core.server.processes import without_owner

# What the wheel's pg_restore writes and an older server or psql refuses. No row of a COPY can begin like this.
NOT_EVERYWHERE = re.compile(rb"\\(un)?restrict |SET transaction_timeout = 0;$")
# Earlier versions left the workers out of a backup, but not which of them was doing a job.
JOBS_OF_NOBODY = re.compile(rb"-- Name: procrastinate_jobs procrastinate_jobs_worker_id_fkey; .*Schema: (\w+);")
LEAVE_THEM = (
    b"UPDATE %(in)b.procrastinate_jobs SET worker_id = NULL"
    b" WHERE worker_id NOT IN (SELECT id FROM %(in)b.procrastinate_workers);\n"
)

Login = dict[str, Any]  # the parts of a connection string
Pour = Callable[["Pipe"], object]  # writes a whole dump into a pipe
Tables = dict[str, tuple[int, str]]  # by name: how many rows, and a sum over all that stands in them


class Failed(RuntimeError):
    """One of the programs did not do it; the message is what it said."""


@contextmanager
def snapshot() -> Iterator[tuple[psycopg.Cursor[Any], str]]:
    """The database at one moment: to ask, and the name under which `dump` takes the same moment."""
    with psycopg.connect(**program_login()) as link:
        link.isolation_level = IsolationLevel.REPEATABLE_READ
        link.read_only = True
        with link.cursor() as cursor:
            yield cursor, value(cursor, "SELECT pg_export_snapshot()")


@contextmanager
def dump(name: str, *, without_rows_of: Sequence[str]) -> Iterator[IO[bytes]]:
    """The database as it is in the snapshot `name`, in the custom format, to be read to its end. Raises `Failed`."""
    login = program_login()
    command = [program("pg_dump", login), *_target(login), "-Fc", "--no-owner", "--no-privileges"]
    command += ["--enable-row-security"]  # every row may be read, but not every row changed: see `core.server.database`
    command += [f"--snapshot={name}", *(f"--exclude-table-data={table}" for table in without_rows_of)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=_environment(login)) as dumping,
    ):
        assert dumping.stdout is not None
        try:
            yield dumping.stdout
        except BaseException:
            dumping.kill()
            raise
        dumping.wait()
        _refuse(dumping, errors)


def look_through(pour: Pour) -> None:
    """Have `pg_restore` read a dump to its end. Raises `Failed` when it cannot."""
    command: list[str | Path] = [newest("pg_restore"), "-f", os.devnull]
    with tempfile.TemporaryFile() as errors, subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors) as reader:
        assert reader.stdin is not None
        with _fed(reader.stdin, pour):
            reader.wait()
        _refuse(reader, errors)


def play(pour: Pour) -> None:
    """Play a dump into the empty database at hand, all of it or nothing. Raises `Failed`."""
    reading: list[str | Path] = [newest("pg_restore"), "--no-owner", "--no-privileges", "-f", "-"]
    login = owner_login()
    playing = [program("psql", login), *_target(login), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
    connection.close_pool()  # type: ignore[attr-defined]  # psycopg's backend has it
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(reading, stdin=pipe, stdout=pipe, stderr=errors) as reader,
        subprocess.Popen(playing, stdin=pipe, stderr=errors, env=_environment(login)) as player,
    ):
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert player.stdin is not None
        into = Pipe(player.stdin)
        # Not --single-transaction: at the end of what it is given it commits, also when we were killed halfway.
        into.write(b"BEGIN;\n")
        with _fed(reader.stdin, pour):
            for line in reader.stdout:
                if found := JOBS_OF_NOBODY.match(line):
                    into.write(LEAVE_THEM % {b"in": found[1]})
                if not NOT_EVERYWHERE.match(line):
                    into.write(line)
            reader.wait()
        _refuse(reader, errors)
        into.write(b"COMMIT;\n")
        into.close()
        player.wait()
        _refuse(player, errors)


# --- what is in it ----------------------------------------------------------------------------------------------


def contents(cursor: psycopg.Cursor[Any], *, without: Sequence[str]) -> Tables:
    """What the tables hold: a sum over hashes of their rows, the same in whatever order they lie, on every server."""
    for name, wanted in (("TimeZone", "UTC"), ("DateStyle", "ISO, YMD"), ("bytea_output", "hex")):
        cursor.execute("SELECT set_config(%s, %s, true)", [name, wanted])
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    tables = [name for (name,) in cursor.fetchall() if name not in without]
    # fifteen hexadecimal digits of MD5: against accidents; what was done on purpose shows in the file's SHA-256
    words = SQL(
        "SELECT count(*), coalesce(sum(('x' || left(md5(whole_row::text), 15))::bit(60)::bigint), 0)::text"
        " FROM {} AS whole_row"
    )
    found = {}
    for table in tables:
        cursor.execute(words.format(Identifier(table)))
        found[table] = cursor.fetchone()
    return {table: (row[0], row[1]) for table, row in found.items() if row is not None}


def contents_here(*, without: Sequence[str]) -> Tables:
    """What the database at hand holds, seen by its owner."""
    with psycopg.connect(**owner_login()) as link, link.cursor() as cursor:
        return contents(cursor, without=without)


def head(tables: Mapping[str, Sequence[Any]]) -> str:
    """One hash over what all tables hold: the same rows have the same head."""
    lines = sorted(f"{name} {rows} {total}\n" for name, (rows, total) in tables.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def value(cursor: psycopg.Cursor[Any], question: str) -> Any:
    """The one value a question gives."""
    row = cursor.execute(question).fetchone()
    assert row is not None
    return row[0]


# --- programs and logins ----------------------------------------------------------------------------------------


def program_login() -> Login:
    """As the program connects: it may read everything, and a backup needs no more."""
    parts = connection.settings_dict
    options = {name: given for name, given in parts["OPTIONS"].items() if name != "pool"}
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return options | {name: parts[key] for name, key in named.items() if parts[key]}


def owner_login() -> Login:
    """As the one who owns the database, and makes tables in it."""
    return {**conninfo_to_dict(owner_url()), "dbname": connection.settings_dict["NAME"]}


def program(name: str, login: Login) -> str:
    """The machine's own program when it is not older than the server, because it knows TLS; else the wheel's."""
    own = shutil.which(name)
    if own is not None:
        with psycopg.connect(**login) as link:
            server = link.info.server_version // 10_000
        if _major(own) >= server:
            return own
    return str(embedded_postgres.program(name))


def newest(name: str) -> str:
    """The machine's own program or the wheel's: the newer one reads what either of them wrote."""
    found = [str(embedded_postgres.program(name)), *filter(None, [shutil.which(name)])]
    return max(found, key=_major)


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _target(login: Login) -> tuple[str, str]:
    """The password goes another way: everybody sees arguments."""
    return "--dbname", make_conninfo(**{name: given for name, given in login.items() if name != "password"})


def _environment(login: Login) -> dict[str, str]:
    return {**without_owner(os.environ), **({"PGPASSWORD": str(login["password"])} if login.get("password") else {})}


# --- pipes ------------------------------------------------------------------------------------------------------


class Pipe:
    """What a program reads. When it ends early it says why; writing on is nobody's fault."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, content: bytes, /) -> int:
        with suppress(BrokenPipeError):
            self._file.write(content)
        return len(content)

    def flush(self) -> None:
        with suppress(BrokenPipeError):
            self._file.flush()

    def close(self) -> None:
        """Nothing more comes."""
        with suppress(BrokenPipeError):
            self._file.close()


@contextmanager
def _fed(file: IO[bytes], pour: Pour) -> Iterator[None]:
    """Let another thread fill a program while its output is read. What goes wrong there is raised here."""
    into = Pipe(file)
    wrong: list[Exception] = []

    def feed() -> None:
        try:
            pour(into)
        except Exception as error:
            wrong.append(error)
        finally:
            into.close()

    thread = threading.Thread(target=feed, daemon=True)
    thread.start()
    yield
    thread.join()
    if wrong:
        raise wrong[0]


def _refuse(done: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
    if done.returncode != 0:
        errors.seek(0)
        raise Failed(errors.read().decode(errors="replace").strip() or f"it ended with {done.returncode}")
