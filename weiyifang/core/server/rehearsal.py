"""A backup brought back for trial, as on the bad day, into a database that is thrown away afterwards.

It is always the embedded PostgreSQL, in a folder of its own, whatever server the affairs are on: nothing on that server
can be touched, and no right on it is needed. What runs there is `weiyifang restore` itself.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from weiyifang.core.server import embedded_postgres
from weiyifang.core.server.backup_file import CannotBackUp
from weiyifang.core.server.processes import OWNER_URL

# What says where the real affairs are, and how they are opened: not for a rehearsal.
OURS = ("DATABASE_URL", OWNER_URL, "WEIYIFANG_SECRET_KEY", "WEIYIFANG_DATA_KEYS", "WEIYIFANG_BACKUPS")
STORE = "WEIYIFANG_S3_"  # a rehearsal's files lie in its folder


def rehearse(file: Path, *, with_keys: bool, more: Mapping[str, str | Path]) -> str:
    """Restore, migrate, verify and compare elsewhere; leave nothing. Returns the last line of `weiyifang restore`.

    With the backup's own keys, or without them those at hand. `more`: files for further options of `restore`.
    Raises `CannotBackUp` with all that was said.
    """
    command = [sys.executable, "-m", "weiyifang", "restore", str(file.resolve())]
    for name, given in more.items():
        command += [f"--{name}", str(Path(given).resolve())]
    command += [] if with_keys else ["--without-keys"]
    with _stage() as var:
        there = environment_of(var, with_keys=with_keys)
        done = subprocess.run(
            command, env=there, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    said = done.stdout.strip()
    if done.returncode != 0:
        raise CannotBackUp(f"The rehearsal failed. What was said:\n{said}")
    return said.splitlines()[-1]


def environment_of(var: Path, *, with_keys: bool) -> dict[str, str]:
    """Ours, without what leads to the real affairs."""
    told = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith(STORE)}
    keys = {} if with_keys else {"WEIYIFANG_DATA_KEYS": settings.DATA_KEYS.ring.text}
    return told | {"WEIYIFANG_VAR": str(var)} | keys


@contextmanager
def _stage() -> Iterator[Path]:
    """An empty folder under ours, nobody else in it. It goes afterwards, and what an earlier one left goes before."""
    outer = settings.VAR_DIR / "rehearsal"
    outer.mkdir(parents=True, exist_ok=True)
    handle = os.open(outer, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotBackUp(f"Another rehearsal is going on in {outer}: wait until it is over.") from None
        stage = outer / "var"
        _clear(stage)
        stage.mkdir()
        try:
            yield stage
        finally:
            _clear(stage)
            outer.rmdir()
    finally:
        os.close(handle)


def _clear(stage: Path) -> None:
    if stage.exists():
        embedded_postgres.discard(stage / "postgres")
        shutil.rmtree(stage)
