"""Helpers for tests with real processes."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


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
    status = Path(f"/proc/{number}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
