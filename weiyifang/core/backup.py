"""A backup is one file: everything in the database, and the keys without which phones cannot be read.

    about.json      when it was made, from what
    database.dump   as `pg_dump -Fc` writes it, in one snapshot; owners and rights stay behind: `migrate` deals them out
    keys/…          `secret_key` and `data_keys`, unless they were left out

It is restored into an empty database only, as a whole or not at all.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from weiyifang.core import clock, embedded_postgres
from weiyifang.core.database import owner_url
from weiyifang.core.processes import without_owner

ABOUT, DUMP, KEYS = "about.json", "database.dump", "keys/"
FORMAT = 1
LEFT_OUT = ("weiyifang_cache", "procrastinate_workers")  # their rows mean nothing elsewhere
# What the wheel's pg_restore writes and an older server or psql refuses. No row of a COPY can begin like this.
NOT_EVERYWHERE = re.compile(rb"\\(un)?restrict |SET transaction_timeout = 0;$")


class CannotBackUp(RuntimeError):
    """The backup could not be made or read; the message says why and what to do."""


def make(target: Path, *, with_keys: bool) -> Path:
    """Write a backup into the folder `target`, or to the file of this name, readable by its owner only.

    Returns the file. What is half written never carries its name. Raises `CannotBackUp`.
    """
    if target.is_dir():
        target = target / f"weiyifang-{clock.now():%Y%m%d-%H%M%S}.backup"
    if target.exists():
        raise CannotBackUp(f"{target} exists already: choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".weiyifang-", dir=target.parent) as folder:
        dump, whole = Path(folder) / DUMP, Path(folder) / "whole"
        leave_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        _run("pg_dump", "-Fc", "--no-owner", "--no-privileges", *leave_out, "-f", str(dump))
        with tarfile.open(fileobj=_private(whole), mode="w") as archive:
            _add(archive, ABOUT, json.dumps(_about(), ensure_ascii=False, indent=1))
            for name, key in _keys().items() if with_keys else ():
                _add(archive, KEYS + name, key)
            archive.add(dump, DUMP)
        whole.rename(target)
    return target


def read_about(file: Path) -> Mapping[str, Any]:
    """What a backup says of itself. Raises `CannotBackUp` when the file is none."""
    with _open(file) as archive:
        about: dict[str, Any] = json.loads(_text(archive, ABOUT))
    if about.get("format") != FORMAT:
        raise CannotBackUp(f"{file} was made by a newer version of the program: restore it with that one.")
    return about


def restore(file: Path, *, with_keys: bool) -> list[str]:
    """Put a backup back: its keys, then its rows, in one transaction. Returns the names of the keys.

    Raises `CannotBackUp` when the database is not empty, or when the environment gives other keys, which would win.
    """
    if tables := connection.introspection.table_names():
        raise CannotBackUp(
            f"The database holds {len(tables)} tables already, and a backup is restored into an empty one only. "
            "Name an empty database (DATABASE_URL) or an empty folder (WEIYIFANG_VAR)."
        )
    with _open(file) as archive, tempfile.TemporaryDirectory(prefix="weiyifang-") as folder:
        keys = {name: _text(archive, KEYS + name) for name in _keys() if KEYS + name in archive.getnames()}
        dump = Path(folder) / DUMP
        with _member(archive, DUMP) as source, _private(dump) as copy:
            shutil.copyfileobj(source, copy)
        if with_keys:
            _put_back(keys)
        _play(dump)
    return sorted(keys) if with_keys else []


def _put_back(keys: Mapping[str, str]) -> None:
    """The keys, where the program looks for them; others that lie there go aside."""
    for name, key in keys.items():
        if os.environ.get(f"WEIYIFANG_{name.upper()}") not in {None, "", key}:
            raise CannotBackUp(
                f"WEIYIFANG_{name.upper()} is set to another key than the backup's: take it out of the environment, "
                "or keep it with --without-keys (phones and id numbers it does not open stay closed)."
            )
    home = settings.VAR_DIR / "keys"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, key in keys.items():
        kept = home / name
        if kept.exists() and kept.read_text() != key:
            kept.rename(home / f"{name}.before-{clock.now():%Y%m%d-%H%M%S}")
        if not kept.exists():
            with _private(kept) as out:
                out.write(key.encode())


# --- the file ---------------------------------------------------------------------------------------------------


def _about() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), count(*) FROM communities_community")
        version, communities = cursor.fetchone()
    return {"format": FORMAT, "made_at": clock.now().isoformat(), "postgresql": version, "communities": communities}


def _keys() -> dict[str, str]:
    return {"secret_key": settings.SECRET_KEY, "data_keys": ",".join(settings.DATA_KEYS)}


def _private(file: Path) -> IO[bytes]:
    return os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _add(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), 0o600, int(clock.now().timestamp())
    archive.addfile(member, io.BytesIO(content))


@contextmanager
def _open(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file) as archive:
            yield archive
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise CannotBackUp(f"{file} cannot be read as a backup ({error}).") from error


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _text(archive: tarfile.TarFile, name: str) -> str:
    with _member(archive, name) as member:
        return member.read().decode()


# --- PostgreSQL's own programs ----------------------------------------------------------------------------------


def _play(dump: Path) -> None:
    """A dump as a script, played in one transaction."""
    reading: list[str | Path] = [
        embedded_postgres.program("pg_restore"),
        "--no-owner",
        "--no-privileges",
        "-f",
        "-",
        dump,
    ]
    url = owner_url()
    playing = [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-o", os.devnull]
    connection.close_pool()  # type: ignore[attr-defined]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(reading, stdout=pipe) as reader,
        subprocess.Popen([*playing, *_target(url)], stdin=pipe, stderr=pipe, env=_environment(url)) as player,
    ):
        assert reader.stdout is not None
        assert player.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it says why
            player.stdin.writelines(line for line in reader.stdout if not NOT_EVERYWHERE.match(line))
        reader.stdout.close()
        _nothing, errors = player.communicate()
    if player.returncode != 0 or reader.returncode != 0:
        raise CannotBackUp(f"The rows could not be restored; the database is as it was.\n{errors.decode().strip()}")


def _run(name: str, *arguments: str) -> None:
    url = settings.DATABASE_URL  # reading needs no owner
    done = subprocess.run(
        [_program(name), *_target(url), *arguments], env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CannotBackUp(f"{name}: {done.stderr.strip()}")


def _program(name: str) -> str:
    """The machine's own program when it is not older than the server, because it knows TLS; else the wheel's."""
    own = shutil.which(name)
    if own is not None:
        said = subprocess.run([own, "--version"], capture_output=True, text=True, check=False).stdout
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
            server = cursor.fetchone()[0]
        connection.close()
        if (found := re.search(r"\) (\d+)", said)) and int(found[1]) >= server:
            return own
    return str(embedded_postgres.program(name))


def _target(url: str) -> tuple[str, str]:
    """The database at hand, for the login of `url`. The password goes another way: everybody sees arguments."""
    parts: dict[str, Any] = {**conninfo_to_dict(url), "dbname": connection.settings_dict["NAME"]}
    parts.pop("password", None)
    return "--dbname", make_conninfo(**parts)


def _environment(url: str) -> dict[str, str]:
    password = conninfo_to_dict(url).get("password")
    return {**without_owner(os.environ), **({"PGPASSWORD": str(password)} if password else {})}
