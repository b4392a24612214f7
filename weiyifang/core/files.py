"""Files that are there whole or not at all: nothing else in the program writes one (a guard sees to it)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PART = ".weiyifang-part"  # how the name of a file ends that is being written, or was when its writer died


@contextmanager
def whole(file: Path, *, mode: int = 0o600, check: Callable[[Path], None] | None = None) -> Iterator[IO[bytes]]:
    """Write `file`, taking the place of one that is there; open for reading as well, its rights are `mode`.

    It is written beside its place, closed, on the disk (a power cut does not undo it) and looked at by `check` before
    it gets its name. When anything fails nothing is left; a killed process leaves a hidden file ending in `PART`.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-", suffix=PART)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
            if hasattr(os, "posix_fadvise"):  # what `check` reads comes from the disk
                os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if check is not None:
            check(fresh)
        if mode != 0o600:  # it is that already, and some sticks know no rights
            fresh.chmod(mode)
        fresh.replace(file)
    except BaseException:
        with suppress(OSError):  # the folder itself may be what went away
            fresh.unlink(missing_ok=True)
        raise
    keep_names(file.parent)


def add(file: Path, text: str) -> None:
    """Add lines at the end of a file that others read, or keep: on the disk when this returns.

    A line that was cut off by a crash is ended first, so that it spoils none of these.
    """
    with file.open("a+b") as out:
        if out.tell():
            out.seek(-1, os.SEEK_END)
            text = text if out.read() == b"\n" else f"\n{text}"
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())
    keep_names(file.parent)


def keep_names(folder: Path) -> None:
    """Have the disk keep the names in a folder: a file's own fsync does not."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network folders cannot; there it is the other machine's business
            os.fsync(handle)
    finally:
        os.close(handle)
