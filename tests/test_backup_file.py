"""The file under a backup: whole at every size, and known as broken when a single byte of it is not as it was."""

from __future__ import annotations

import io
import json
import os
import random
import resource
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from pyrage.x25519 import Identity

from weiyifang.core import clock, files
from weiyifang.core.server import backup, backup_file
from weiyifang.core.server.backup_file import CannotBackUp

# Where buffers, blocks of an archive and chunks of the encryption end; cut off before: 11 of every 59 sizes.
EDGES = (512, 4096, 8192, 10_240, 16_148, 16_384, 65_536, 131_072, 1 << 20)
SIZES = sorted({0, 1, *(edge + step for edge in EDGES for step in range(-55, 56))} | {97 * n for n in range(1, 60)})
KEY = Identity.generate()
MADE = {"format": 2, "made_at": "2026-11-29T19:40:00+00:00", "postgresql": "18.1", "communities": 1, "encrypted_to": []}
CONTENT = random.Random(59).randbytes(max(SIZES))


def write(file: Path, members: Mapping[str, bytes], *to: Identity, about: Mapping[str, object] = MADE) -> Path:
    """A backup with these members, as `backup.make` writes one."""
    writer = backup_file.Writer([key.to_public() for key in to])

    def check(fresh: Path) -> None:
        with backup_file.opened(fresh, [writer.witness]) as found:
            found.read_back(writer.sums)

    with files.whole(file, check=check) as out:
        writer.about(out, about)
        for name, content in members.items():
            writer.add(out, name, io.BytesIO(content))
        writer.finish(out)
    return file


def content(file: Path, name: str = backup.DUMP, *identities: Identity) -> bytes:
    into = io.BytesIO()
    with backup_file.opened(file, identities) as found:
        found.pour(name, into)
    return into.getvalue()


@pytest.mark.parametrize("to", [(), (KEY,)], ids=["plain", "encrypted"])
def test_a_backup_of_any_size_is_whole(tmp_path: Path, to: tuple[Identity, ...]) -> None:
    assert len(SIZES) > 1000
    assert 16_148 in SIZES
    for size in SIZES:
        file = write(tmp_path / "one.backup", {backup.DUMP: CONTENT[:size]}, *to)
        assert content(file, backup.DUMP, *to) == CONTENT[:size], size
    assert [file.name for file in tmp_path.iterdir()] == ["one.backup"]


@pytest.mark.parametrize("to", [(), (KEY,)], ids=["plain", "encrypted"])
def test_every_changed_byte_and_every_missing_end_is_noticed_without_a_key(
    tmp_path: Path, to: tuple[Identity, ...]
) -> None:
    file = write(tmp_path / "one.backup", {backup.DUMP: CONTENT[:700], "keys/data_keys": b"k" * 64}, *to)
    whole, luck = file.read_bytes(), random.Random(11)
    with file.open("r+b", buffering=0) as place:
        for number, byte in enumerate(whole):
            place.seek(number)
            place.write(bytes([byte ^ luck.randrange(1, 256)]))
            with pytest.raises(CannotBackUp), backup_file.opened(file):
                pass
            place.seek(number)
            place.write(bytes([byte]))
        for size in reversed(range(len(whole))):
            place.truncate(size)
            with pytest.raises(CannotBackUp), backup_file.opened(file):
                pass
    for more in (b"\0", b"\n", bytes(512), whole):
        file.write_bytes(whole + more)
        with pytest.raises(CannotBackUp), backup_file.opened(file):
            pass


def test_turned_into_the_older_format_it_does_not_pass_without_its_hash(tmp_path: Path) -> None:
    file = write(tmp_path / "one.backup", {backup.DUMP: b"rows"})
    file.write_bytes(file.read_bytes().replace(b'"format": 2', b'"format": 1'))
    with pytest.raises(CannotBackUp, match="cut off or changed"), backup_file.opened(file):
        pass


def test_what_is_no_backup_is_told_in_a_sentence(tmp_path: Path) -> None:
    cases = {"missing": None, "empty": b"", "text": b"Dear all," * 999, "zeros": bytes(20_480)}
    for name, found in cases.items():
        if found is not None:
            (tmp_path / name).write_bytes(found)
        with pytest.raises(CannotBackUp, match="is not a whole backup"), backup_file.opened(tmp_path / name):
            pass


def test_a_file_of_the_first_format_is_read_and_its_cut_off_dump_is_not(tmp_path: Path) -> None:
    def add(archive: tarfile.TarFile, name: str, found: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size = len(found)
        archive.addfile(member, io.BytesIO(found))

    file = tmp_path / "old.backup"
    with tarfile.open(file, "w") as archive:
        add(archive, "about.json", json.dumps({**MADE, "format": 1}).encode())
        add(archive, backup.DUMP, CONTENT[:16_148])
    assert content(file) == CONTENT[:16_148]
    file.write_bytes(file.read_bytes()[: 16 * 512])
    with pytest.raises(CannotBackUp):
        content(file)


def test_a_newer_format_is_left_to_the_newer_version(tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp, match="newer version"):
        write(tmp_path / "one.backup", {}, about={**MADE, "format": 4})


def test_what_does_not_say_what_it_is_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp, match="does not say what it is"):
        write(tmp_path / "one.backup", {}, about={"format": 2})


# --- encrypted --------------------------------------------------------------------------------------------------


def test_only_the_private_key_opens_what_is_encrypted(tmp_path: Path) -> None:
    second = Identity.generate()
    file = write(tmp_path / "one.backup", {backup.DUMP: CONTENT[:5000], "keys/data_keys": b"k" * 64}, KEY, second)
    assert b"k" * 64 not in file.read_bytes()
    assert CONTENT[:64] not in file.read_bytes()
    assert content(file, "keys/data_keys", Identity.generate(), KEY) == b"k" * 64
    assert content(file, backup.DUMP, second) == CONTENT[:5000]
    with pytest.raises(CannotBackUp, match="--identity"):
        content(file)
    with pytest.raises(CannotBackUp, match="private key does not open"):
        content(file, backup.DUMP, Identity.generate())


def test_a_made_key_is_one_of_age_and_never_over_another(tmp_path: Path) -> None:
    public = backup_file.write_key(tmp_path / "key.txt")
    (identity,) = backup_file.read_identities(tmp_path / "key.txt")
    assert str(identity.to_public()) == public
    assert (tmp_path / "key.txt").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CannotBackUp, match="exists already"):
        backup_file.write_key(tmp_path / "key.txt")
    for wrong in ("", "# nothing", "AGE-SECRET-KEY-1QQQ"):
        (tmp_path / "wrong").write_text(wrong)
        with pytest.raises(CannotBackUp, match="private key"):
            backup_file.read_identities(tmp_path / "wrong")
    with pytest.raises(CannotBackUp, match="public key looks like"):
        backup_file.recipients(["age1qqq"])


def test_the_machines_own_tar_takes_it_apart(tmp_path: Path) -> None:
    write(tmp_path / "one.backup", {backup.DUMP: CONTENT[:5000]})
    done = subprocess.run(["tar", "-xf", "one.backup"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert (tmp_path / backup.DUMP).read_bytes() == CONTENT[:5000]


# --- the unlucky day --------------------------------------------------------------------------------------------


@contextmanager
def disk_full_after(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("to", [(), (KEY,)], ids=["plain", "encrypted"])
@pytest.mark.parametrize("room", [0, 512, 4096, 20_000, 99_000])
def test_a_full_disk_leaves_nothing(tmp_path: Path, room: int, to: tuple[Identity, ...]) -> None:
    with pytest.raises((OSError, CannotBackUp)), disk_full_after(room):
        write(tmp_path / "one.backup", {backup.DUMP: CONTENT[:100_000]}, *to)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_goes_away_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()

    def write_on() -> None:
        with files.whole(folder / "one.backup") as out:
            out.write(b"half")
            shutil.rmtree(folder)

    with pytest.raises(FileNotFoundError):
        write_on()
    assert not folder.exists()


def test_what_is_read_back_otherwise_gets_no_name(tmp_path: Path) -> None:
    def a_bad_disk(file: Path) -> None:
        content = file.read_bytes()
        file.write_bytes(content[:700] + b"?" + content[701:])
        with backup_file.opened(file):
            pass

    def write_on() -> None:
        writer = backup_file.Writer()
        with files.whole(tmp_path / "one.backup", check=a_bad_disk) as out:
            writer.about(out, MADE)
            writer.finish(out)

    with pytest.raises(CannotBackUp, match="cut off or changed"):
        write_on()
    assert not list(tmp_path.iterdir())


def test_what_came_to_the_disk_otherwise_than_it_was_given_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "one.backup", {backup.DUMP: b"rows"})
    with backup_file.opened(file) as found:
        sums = {name: found.pour(name, backup_file.Nothing()) for name in found.names}
        found.read_back(sums)
        for wrong in ({}, {**sums, backup.DUMP: backup_file.Sum(4, "0" * 64)}, {**sums, "keys/x": sums[backup.DUMP]}):
            with pytest.raises(CannotBackUp, match="not what was written"):
                found.read_back(wrong)


def test_a_file_is_on_the_disk_before_it_has_its_name_and_so_is_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").write_bytes(b"before")
    synced, fsync = [], os.fsync

    def note(handle: int) -> None:
        fsync(handle)
        synced.append((os.fstat(handle).st_ino, (tmp_path / "one").read_bytes()))

    monkeypatch.setattr(os, "fsync", note)
    with files.whole(tmp_path / "one") as out:
        out.write(b"after")
    assert synced == [((tmp_path / "one").stat().st_ino, b"before"), (tmp_path.stat().st_ino, b"after")]


# --- how many are kept ------------------------------------------------------------------------------------------

TODAY = datetime(2026, 11, 30, 19, 40, tzinfo=UTC)


def nights(folder: Path, *ages: int) -> list[Path]:
    """Backups made so many nights ago."""
    return [write(folder / f"{TODAY - timedelta(days=age):{backup.NAMED}}", {backup.DUMP: b""}) for age in ages]


def left(folder: Path) -> list[int]:
    """How many nights old the backups are that are still there."""
    made = [datetime.strptime(file.name, backup.NAMED).replace(tzinfo=UTC) for file in backup.made_in(folder)]
    return [(TODAY - moment).days for moment in made]


@pytest.mark.parametrize(
    ("keep", "days", "stay"),
    [
        (1, 0, [0]),
        (3, 0, [0, 1, 2]),
        (1, 3, [0, 1, 2, 3]),
        (3, 30, [0, 1, 2, 3, 29, 30]),
        (5, 2, [0, 1, 2, 3, 29]),
        (99, 0, [0, 1, 2, 3, 29, 30, 31, 400]),
    ],
)
def test_the_last_ones_and_the_young_ones_stay(tmp_path: Path, keep: int, days: int, stay: list[int]) -> None:
    made = nights(tmp_path, 0, 1, 2, 3, 29, 30, 31, 400)
    with clock.at(TODAY):
        gone = backup.prune(tmp_path, newest=made[0], keep=keep, days=days)
        assert left(tmp_path) == stay
        assert set(gone) == {file for file in made if not file.exists()}
        assert backup.prune(tmp_path, newest=made[0], keep=keep, days=days) == []


def test_only_what_the_program_made_is_deleted(tmp_path: Path) -> None:
    (newest, *_old) = nights(tmp_path, 0, 50, 60)
    others = ["notes.backup", "weiyifang-20200101-000000.backup.old", "Weiyifang-20200101-000000.backup"]
    for name in others:
        shutil.copy(newest, tmp_path / name)
    harmed = tmp_path / "weiyifang-20200101-000000.backup"
    harmed.write_bytes(b"somebody else's")
    pointer = tmp_path / "weiyifang-20200102-000000.backup"
    pointer.symlink_to(tmp_path / "notes.backup")
    (tmp_path / "weiyifang-20200103-000000.backup").mkdir()
    with clock.at(TODAY):
        backup.prune(tmp_path, newest=newest, keep=1, days=0)
    names = {newest.name, *others, harmed.name, pointer.name, "weiyifang-20200103-000000.backup"}
    assert {file.name for file in tmp_path.iterdir()} == names


def test_a_clock_that_ran_ahead_deletes_no_more_than_it_may(tmp_path: Path) -> None:
    nights(tmp_path, 1, 2, 3)
    (ahead,) = nights(tmp_path, -400)
    with clock.at(TODAY + timedelta(days=400)):
        backup.prune(tmp_path, newest=ahead, keep=3, days=30)
    assert left(tmp_path) == [-400, 1, 2]
    (today,) = nights(tmp_path, 0)  # the clock is right again; what was just made stays, though it is not the newest
    with clock.at(TODAY):
        backup.prune(tmp_path, newest=today, keep=1, days=0)
    assert left(tmp_path)[-1] == 0


def test_a_backup_that_did_not_come_is_missed(tmp_path: Path) -> None:
    with clock.at(TODAY):
        with pytest.raises(CannotBackUp, match="There is no backup"):
            backup.newest_in(tmp_path)
        (old,) = nights(tmp_path, 2)
        with pytest.raises(CannotBackUp, match="later ones are missing"):
            backup.newest_in(tmp_path)
        with clock.at(TODAY - timedelta(hours=13)):
            assert backup.newest_in(tmp_path) == old


def test_the_start_says_which_backup_is_the_newest(tmp_path: Path) -> None:
    with override_settings(BACKUPS=""):
        assert "WEIYIFANG_BACKUPS names no folder" in backup.told_at_start()
    with override_settings(BACKUPS=str(tmp_path)), clock.at(TODAY):
        assert "There is no backup" in backup.told_at_start()
        (newest,) = nights(tmp_path, 0)
        assert backup.told_at_start() == f"The newest backup is {newest.name}"


# --- every other file -------------------------------------------------------------------------------------------


def test_lines_are_added_behind_a_line_that_was_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "heads"
    files.add(file, "one\n")
    file.write_bytes(file.read_bytes() + b"tw")
    files.add(file, "three\nfour\n")
    assert file.read_text().splitlines() == ["one", "tw", "three", "four"]
