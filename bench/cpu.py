"""What servers have worked: a machine that others use as well says little by the clock on the wall."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from django.db import connection

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def of_servers() -> float:
    """Milliseconds of CPU so far, of every process this one has started (servers, peers) and of the database's.

    Sides take turns, so what is added while one of them is asked is its own. Who asks is not counted.
    """
    parents, worked = _processes()
    ours, database = os.getpid(), _database()
    return sum(ms for pid, ms in worked.items() if pid != ours and {ours, database} & _above(pid, parents))


@cache
def _database() -> int:
    """The database server's process, when it is on this machine; else 0."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return _processes()[0].get(cursor.fetchone()[0], 0)


def _processes() -> tuple[dict[int, int], dict[int, float]]:
    """Each process's parent, and what it has worked, its children that have ended with it."""
    parents, worked = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "stat").read_text()
        except OSError:  # it has just ended
            continue
        fields = said.rpartition(")")[2].split()
        parents[int(folder.name)] = int(fields[1])
        worked[int(folder.name)] = sum(map(int, fields[11:15])) * TICK_MS
    return parents, worked


def _above(pid: int, parents: dict[int, int]) -> set[int]:
    """The process and all above it."""
    found = set[int]()
    while pid and pid not in found:
        found.add(pid)
        pid = parents.get(pid, 0)
    return found
