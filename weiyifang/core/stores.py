"""Where files that people brought lie (Django's default storage), and how each gets there: whole or not at all.

A folder, or an S3-compatible store (`core.bucket`); the settings say which.

Names are made by the program and never given twice; what has a name never changes. So whoever wrote down a name finds
under it, for good, what was there when it was written down, and a backup needs no moment at which nobody writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from weiyifang.core import files

if TYPE_CHECKING:
    from weiyifang.core.bucket import Bucket  # never imported where nobody needs it: boto3 takes a third of a second

LOCK = "weiyifang files"  # shared by whoever reads all files, taken alone by whoever deletes some


class WholeFiles(FileSystemStorage):
    """A folder. A name that is there is refused: nothing is written over."""

    def _save(self, name: str, content: Any) -> str:
        file = Path(self.path(name))
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with files.whole(file) as out:
            for piece in content.chunks():
                out.write(piece)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if self.exists(name):
            raise FileExistsError(f"{name} is there already, and nothing is written over")
        return name

    def names(self, folder: str = "") -> Iterator[str]:
        """Every name, or those under a folder, in order, without what a killed process left half-written."""
        try:
            folders, found = self.listdir(folder)
        except FileNotFoundError:  # nothing was ever brought
            return
        before = f"{folder}/" if folder else ""
        yield from (f"{before}{name}" for name in sorted(found) if not name.endswith(files.PART))
        for inner in sorted(folders):
            yield from self.names(f"{before}{inner}")


def names(folder: str = "") -> Iterator[str]:
    """Every file of the store, or under a folder of it. Raises OSError."""
    yield from cast("WholeFiles | Bucket", default_storage).names(folder)


def opened(name: str) -> IO[bytes]:
    """A file, for reading. Raises OSError."""
    return default_storage.open(name, "rb")


@contextmanager
def none_deleted() -> Iterator[None]:
    """While somebody reads all files: none is deleted. Begin it before looking at which rows name them."""
    _ask("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))")
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock_shared(hashtextextended(%s, 0))")


@contextmanager
def deleting() -> Iterator[bool]:
    """While somebody deletes files. False when all are being read, or another deletes: then leave it for later."""
    may = _ask("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))")
    try:
        yield may
    finally:
        if may:
            _ask("SELECT pg_advisory_unlock(hashtextextended(%s, 0))")


def _ask(statement: str) -> bool:
    with connection.cursor() as cursor:  # the connection's own lock: it lasts over several transactions
        cursor.execute(statement, [LOCK])
        (answer,) = cursor.fetchone()
    return bool(answer)
