"""A backup is one file: everything in the database and in the store, and the keys to phones and id numbers.

    about.json      made when and from what, which data keys it needs, what every table holds
    database.dump   as `pg_dump -Fc` writes it, in one snapshot; owners and rights stay behind: `migrate` deals them out
    files/…         what people brought (`core.stores`): at least all that a row in the dump names
    keys/…          `secret_key` and `data_keys`, unless they were left out

It is made without the owner's rights, and has its name only after it was read back whole. It is restored into an empty
database only, as a whole or not at all, and compared row by row with what it was made from (ADR 16).
"""

from __future__ import annotations

import fcntl
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import psycopg
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from pyrage.x25519 import Identity, Recipient

from weiyifang.core import clock, files, keys, stores
from weiyifang.core.keys import fingerprint
from weiyifang.core.server import backup_file, dumps
from weiyifang.core.server.backup_file import Backup, CannotBackUp

DUMP, FILES, KEYS = "database.dump", "files/", "keys/"
LEFT_OUT = ("weiyifang_cache", "core_clockmark")  # its rows mean nothing elsewhere, and nothing refers to them
NAMED = "weiyifang-%Y%m%d-%H%M%S.backup"  # in UTC, so that names stand in the order of time
NAME = re.compile(r"weiyifang-\d{8}-\d{6}\.backup")  # no other file is ever deleted
LATE = timedelta(hours=36)  # a nightly backup may be late by a night's work, not by a night


# --- making -----------------------------------------------------------------------------------------------------


def make(target: Path, *, with_keys: bool, to: Sequence[Recipient] = ()) -> Path:
    """Write a backup into the folder `target`, or to the file of this name, readable by its owner only.

    Encrypted to the public keys `to`, where there are any. Returns the file: closed, on the disk, and read back whole.
    Raises `CannotBackUp`; then nothing has that name.
    """
    if target.is_dir():
        target = target / f"{clock.now():{NAMED}}"
    if not target.parent.is_dir():
        raise CannotBackUp(f"There is no folder {target.parent}: make it, or mount the disk that holds it.")
    with _alone(target.parent):
        if target.exists():
            raise CannotBackUp(f"{target} exists already: choose another name.")
        try:
            _write(target, with_keys=with_keys, to=to)
        except (OSError, psycopg.Error, dumps.Failed) as error:
            raise CannotBackUp(f"No backup was made: {error}") from error
    return target


def _write(target: Path, *, with_keys: bool, to: Sequence[Recipient]) -> None:
    writer = backup_file.Writer(to)

    def check(file: Path) -> None:
        with backup_file.opened(file, [writer.witness]) as backup:
            backup.read_back(writer.sums)
            _refuse_closed_dump(backup)

    with files.whole(target, check=check) as out, stores.none_deleted(), dumps.snapshot() as (cursor, snapshot):
        brought = list(stores.names())  # after the snapshot: a file is there before its row
        writer.about(out, _about(cursor, to) | {"files": len(brought)})
        with dumps.dump(snapshot, without_rows_of=LEFT_OUT) as dump:
            writer.add(out, DUMP, dump)
        for name in brought:
            with stores.opened(name) as one:
                writer.add(out, FILES + name, one)
        for name, key in _keys().items() if with_keys else ():
            writer.add(out, KEYS + name, io.BytesIO(key.encode()))
        writer.finish(out)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time is made in a folder, so what lies half-made in it is left by the dead, and goes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotBackUp(f"Another backup is being made in {folder}: wait until it is done.") from None
        except OSError:  # a network folder without locks: nobody knows who is alive there
            pass
        else:
            for left in folder.glob(f".*{files.PART}"):
                left.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def _about(cursor: psycopg.Cursor[Any], to: Sequence[Recipient]) -> dict[str, Any]:
    tables = dumps.contents(cursor, without=LEFT_OUT)
    return {
        "format": backup_file.FORMATS[-1],
        "made_at": clock.now().isoformat(),
        "program": version("weiyifang"),
        "postgresql": dumps.value(cursor, "SELECT current_setting('server_version')"),
        "communities": dumps.value(cursor, "SELECT count(*) FROM communities_community"),
        "encrypted_to": [str(key) for key in to],
        "data_keys": [fingerprint(key) for key in settings.DATA_KEYS],
        "head": dumps.head(tables),
        "tables": tables,
    }


def _keys() -> dict[str, str]:
    """As they stand in files of these names; an exchange that is under way goes on where it is restored."""
    return {"secret_key": settings.SECRET_KEYS.ring.text, "data_keys": settings.DATA_KEYS.ring.text}


# --- keeping ----------------------------------------------------------------------------------------------------


def made_in(folder: Path) -> list[Path]:
    """The backups in a folder that were named by the time, newest first."""
    found = [file for file in folder.glob("weiyifang-*.backup") if NAME.fullmatch(file.name)]
    return sorted((file for file in found if file.is_file() and not file.is_symlink()), reverse=True)


def newest_in(folder: Path) -> Path:
    """The newest backup in a folder. Raises `CannotBackUp` when there is none, or it is older than `LATE`."""
    if not (found := made_in(folder)):
        raise CannotBackUp(f"There is no backup in {folder}.")
    made_at = datetime.strptime(found[0].name, NAMED).replace(tzinfo=UTC)
    if clock.now() - made_at > LATE:
        raise CannotBackUp(f"The newest backup in {folder} is of {made_at:%Y-%m-%d %H:%M} UTC: later ones are missing.")
    return found[0]


def prune(folder: Path, *, newest: Path, keep: int, days: int) -> list[Path]:
    """Delete the backups that are neither among the last `keep` nor younger than `days`. Returns which.

    `newest` was just made and read back: it stays, whatever the clock says. So does everything that this program did
    not name, and what does not say of itself that it is a backup; neither counts among the last `keep`.
    """
    until = f"{clock.now() - timedelta(days=days):{NAMED}}"
    ours = [file for file in made_in(folder) if file != newest and _is_backup(file)]
    old = [file for file in ours[max(keep - 1, 0) :] if file.name < until]
    try:
        for file in old:
            file.unlink()
    except OSError as error:
        raise CannotBackUp(f"{newest} was made, but older ones cannot be deleted ({error}).") from error
    return old


def _is_backup(file: Path) -> bool:
    with suppress(CannotBackUp):
        return bool(backup_file.read_about(file))
    return False


def make_scheduled() -> tuple[Path, list[Path]]:
    """What the nightly job does: a backup in the folder of the settings, and the old ones deleted. Returns both.

    Raises `CannotBackUp` with the last good one named.
    """
    folder = Path(settings.BACKUPS)
    try:
        if not folder.is_dir():  # never made here: it would hide that a disk is not mounted
            raise CannotBackUp(f"There is no folder {folder}: make it, or mount the disk that holds it.")  # noqa: TRY301  beside its sentence
        file = make(folder, with_keys=True, to=backup_file.recipients(settings.BACKUP_RECIPIENTS))
    except CannotBackUp as error:
        last = next(iter(made_in(folder)), None)
        raise CannotBackUp(f"{error} The last backup is {last.name if last else 'none'}.") from error
    return file, prune(folder, newest=file, keep=settings.BACKUPS_KEEP, days=settings.BACKUPS_DAYS)


def told_at_start() -> str:
    """One line about the nightly backups, for whoever starts the program."""
    if not settings.BACKUPS:
        return "Nobody makes backups: WEIYIFANG_BACKUPS names no folder"
    try:
        return f"The newest backup is {newest_in(Path(settings.BACKUPS)).name}"
    except CannotBackUp as error:
        return str(error)


# --- looking ----------------------------------------------------------------------------------------------------


def describe(file: Path, identities: Sequence[Identity] = ()) -> list[str]:
    """Read a backup whole and say in sentences what it is. Raises `CannotBackUp` when it is not whole, or none."""
    with backup_file.opened(file, identities) as backup:
        about, here = backup.about, {fingerprint(key) for key in settings.DATA_KEYS}
        made_by = f" by version {about['program']}" if "program" in about else ""
        lines = [
            f"{file} ({file.stat().st_size / 1_000_000:.1f} MB)",
            f"Made at {about['made_at']}{made_by} from PostgreSQL {about['postgresql']}.",
            f"Communities: {about['communities']}.",
        ]
        if "tables" in about:
            lines.append(f"{_in_tables(about['tables'])}, head {about['head'][:12]}.")
        lines.append(f"Encrypted to {', '.join(about['encrypted_to'])}." if backup.encrypted else "Not encrypted.")
        if "files" in about:
            lines.append(f"Files that people brought: {about['files']}.")
        lines.append("The keys are in it." if _holds_keys(backup) else "The keys are not in it.")
        lines += [
            f"It needs the data key {name}, which is {'here' if name in here else 'not here'}."
            for name in about.get("data_keys", ())
        ]
        if about["format"] == 1:
            lines.append("An earlier version made it, and it carries no hashes: of what it holds, only the dump tells.")
        if backup.opens:
            for name in backup.names:
                backup.pour(name, backup_file.Nothing())
            _refuse_closed_dump(backup)
            lines.append("It is whole: every byte was read, and the dump to its last row.")
        else:
            lines.append("It is whole: every byte is as it was written. (What is encrypted opens with --identity.)")
    return lines


def holds_keys(file: Path) -> bool:
    """Whether the keys are in a backup. Reads it once, and raises `CannotBackUp` when it is not whole."""
    with backup_file.opened(file) as backup:
        return _holds_keys(backup)


def _holds_keys(backup: Backup) -> bool:
    return any(name.startswith(KEYS) for name in backup.names)


def _in_tables(tables: Mapping[str, Sequence[Any]]) -> str:
    return f"{sum(rows for rows, _total in tables.values())} rows in {len(tables)} tables"


def _refuse_closed_dump(backup: Backup) -> None:
    """Raises `CannotBackUp` unless `pg_restore` reads the dump to its end."""
    try:
        dumps.look_through(lambda into: backup.pour(DUMP, into))
    except dumps.Failed as error:
        raise CannotBackUp(f"The dump in {backup.file} cannot be read ({error}).") from error


# --- restoring --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Restored:
    """What came back: the names of the keys, and what the tables hold."""

    keys: list[str]
    tables: dumps.Tables

    def __str__(self) -> str:
        return f"{_in_tables(self.tables)}, head {dumps.head(self.tables)[:12]}"


def restore(file: Path, *, with_keys: bool, identities: Sequence[Identity] = ()) -> Restored:
    """Put a backup back: its keys, then its rows, in one transaction; then compare them with what was backed up.

    Raises `CannotBackUp` when the database is not empty, when the file is not whole, when no key at hand would open
    what is sealed in it, or when the environment gives other keys, which would win.
    """
    if tables := connection.introspection.table_names():
        raise CannotBackUp(
            f"The database holds {len(tables)} tables already, and a backup is restored into an empty one only. "
            "Name an empty database (DATABASE_URL) or an empty folder (WEIYIFANG_VAR)."
        )
    with backup_file.opened(file, identities) as backup:
        held = [name.removeprefix(KEYS) for name in backup.names if name.startswith(KEYS)]
        ours = {name: backup.text(KEYS + name) for name in held if name in _keys()} if with_keys else {}
        _refuse_missing_keys(backup.about, _ring(ours["data_keys"]) if "data_keys" in ours else settings.DATA_KEYS)
        _refuse_closed_dump(backup)
        _put_back(ours)
        try:
            _put_back_files(backup)
        except OSError as error:
            raise CannotBackUp(f"What people brought could not be put back ({error}); no row was.") from error
        try:
            dumps.play(lambda into: backup.pour(DUMP, into))
        except dumps.Failed as error:
            raise CannotBackUp(f"The rows could not be restored; the database is as it was.\n{error}") from error
        restored = Restored(sorted(ours), dumps.contents_here(without=LEFT_OUT))
        _compare(backup.about, restored.tables)
    return restored


def _refuse_missing_keys(about: Mapping[str, Any], at_hand: Sequence[str]) -> None:
    missing = set(about.get("data_keys", ())) - {fingerprint(key) for key in at_hand}
    if missing:
        raise CannotBackUp(
            f"This backup needs the data key {', '.join(sorted(missing))}, and it is not here: without it no phone and "
            "no id number in it can be read. Put the key into var/keys/data_keys or WEIYIFANG_DATA_KEYS, behind a "
            "comma when another stands there."
        )


def _put_back(held: Mapping[str, str]) -> None:
    """The keys, where the program looks for them; others that lie there go aside. Those the environment gives stay."""
    for name, key in held.items():
        given = os.environ.get(f"WEIYIFANG_{name.upper()}")
        if given and not set(_ring(key)) <= set(_ring(given)):
            raise CannotBackUp(
                f"WEIYIFANG_{name.upper()} is set to another key than the backup's: take it out of the environment, "
                "or keep it with --without-keys (phones and id numbers it does not open stay closed)."
            )
    home = settings.VAR_DIR / "keys"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with keys.locked(home):
        for name, key in held.items():
            kept = home / name
            if kept.exists() and kept.read_text() != key:
                kept.rename(home / f"{name}.before-{clock.now():%Y%m%d-%H%M%S}")
            if not kept.exists():
                keys.write(kept, key)


def _put_back_files(backup: Backup) -> None:
    """What people brought; before the rows, so that no row names what is not there. One that is there stays."""
    for name in backup.names:
        stored = name.removeprefix(FILES)
        if stored == name or default_storage.exists(stored):  # `verify` says whether it is the same
            continue
        with TemporaryFile() as content:
            backup.pour(name, content)
            content.seek(0)
            default_storage.save(stored, File(content))


def _ring(text: str) -> tuple[str, ...]:
    return keys.parse(text, "The backup").keys


def _compare(about: Mapping[str, Any], here: dumps.Tables) -> None:
    """What came back against what the backup was made from."""
    there = {name: (rows, total) for name, (rows, total) in about.get("tables", here).items()}
    if different := sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name)):
        raise CannotBackUp(f"The rows came back otherwise than they were backed up, in: {', '.join(different)}.")
