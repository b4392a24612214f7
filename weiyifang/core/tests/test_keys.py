"""A key is named, never told."""

from __future__ import annotations

import base64
import hashlib
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from weiyifang.core.keys import Keys, Ring, fingerprint

KEY = "k" * 64


def test_the_name_of_a_key_is_always_the_same() -> None:
    # written down in backups for years: a change here makes every one of them look as if its key were lost
    assert fingerprint(KEY) == "d1377d1c1f31"
    assert fingerprint(KEY) != fingerprint(KEY + "x")


def test_the_name_of_a_key_is_no_part_of_what_seals() -> None:
    sealing = hashlib.sha256(KEY.encode())  # the key of `people.secrets`
    assert fingerprint(KEY) not in sealing.hexdigest()
    assert fingerprint(KEY) not in base64.urlsafe_b64encode(sealing.digest()).decode()


# --- where it is kept -------------------------------------------------------------------------------------------

OTHER = "o" * 64
LONG_AGO = "WEIYIFANG_SET_BY_NOBODY"


def kept(folder: Path, content: bytes) -> Keys:
    (folder / "data_keys").write_bytes(content)
    return Keys(LONG_AGO, folder / "data_keys")


@pytest.mark.parametrize("content", [b"", b" \n", b"\xef\xbb\xbf\r\n", b",", b" , ,\n"])
def test_a_file_without_a_key_stops_the_start(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImproperlyConfigured, match="holds no key"):
        kept(tmp_path, content)


@pytest.mark.parametrize("content", [b"short", KEY.encode() + b"," + OTHER[:31].encode()])
def test_a_key_that_was_cut_short_stops_the_start(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImproperlyConfigured, match="was cut short"):
        kept(tmp_path, content)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x01" * 20, bytes(range(128, 255)), b"\0" * 64, KEY.encode() + b"\0"]
)
def test_a_file_that_is_no_text_stops_the_start(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImproperlyConfigured, match="holds no key but something else"):
        kept(tmp_path, content)


ADDED = ["\n", "\r\n", " ", "\t\n\n", " \n"]


@pytest.mark.parametrize("added", ADDED)
def test_what_an_editor_adds_belongs_to_no_key(tmp_path: Path, added: str) -> None:
    for content in (KEY + added, "\ufeff" + KEY + added, added + KEY):
        assert kept(tmp_path, content.encode())[0] == KEY
    assert list(kept(tmp_path, f"{KEY}{added},{added}{OTHER}{added}".encode()))[:2] == [KEY, OTHER]


@pytest.mark.parametrize("added", ADDED)
def test_a_key_that_was_once_used_with_its_addition_opens_still(tmp_path: Path, added: str) -> None:
    """As the program read it before it knew of additions: the whole text, lines ended by one sign, commas between."""
    (tmp_path / "data_keys").write_bytes((KEY + added).encode())
    before = (tmp_path / "data_keys").read_text("utf-8").split(",")
    assert set(before) <= set(kept(tmp_path, (KEY + added).encode()))


def test_a_variable_is_read_as_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys" / "data_keys"
    monkeypatch.setenv(LONG_AGO, f" {KEY} , {OTHER}\n,{KEY},,")
    assert list(Keys(LONG_AGO, file))[:2] == [KEY, OTHER]
    assert len(set(Keys(LONG_AGO, file))) == len(Keys(LONG_AGO, file))
    monkeypatch.setenv(LONG_AGO, " \n")
    with pytest.raises(ImproperlyConfigured, match=f"{LONG_AGO} holds no key"):
        Keys(LONG_AGO, file)
    assert not file.exists()


def test_a_change_is_seen_at_once_and_a_broken_one_is_not_taken(tmp_path: Path) -> None:
    keys = kept(tmp_path, KEY.encode())
    keys.change(Ring((KEY, OTHER), OTHER))
    seen = Keys(LONG_AGO, keys.file)
    assert keys.ring == seen.ring == Ring((KEY, OTHER), OTHER)
    keys.change(Ring((OTHER,)))
    assert list(seen) == [OTHER]
    keys.file.write_text("")
    assert list(seen) == [OTHER]
    keys.file.unlink()
    assert list(seen) == [OTHER]


def test_a_destroyed_key_does_not_stand_in_the_old_file_either(tmp_path: Path) -> None:
    keys = kept(tmp_path, KEY.encode())
    (tmp_path / "still open").hardlink_to(keys.file)
    keys.change(Ring((OTHER,)), destroy=True)
    assert keys.file.read_text() == OTHER
    assert KEY.encode() not in (tmp_path / "still open").read_bytes()
    assert stat.S_IMODE(keys.file.stat().st_mode) == 0o600


MAKE = (
    "import sys; from pathlib import Path; from weiyifang.core.keys import Keys; print(*Keys('{}', Path(sys.argv[1])))"
)


def making(file: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", MAKE.format(LONG_AGO), str(file)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_whoever_starts_together_gets_one_key(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "data_keys"
    said = {process.communicate()[0] for process in [making(file) for _number in range(4)]}
    assert said == {file.read_text() + "\n"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_whenever_the_one_who_makes_it_is_killed_there_is_a_whole_key_or_none(tmp_path: Path) -> None:
    """Killed at every call to the system that a making consists of, as strace would see them."""
    calls = ("os.open", "os.fsync", "os.rename", "open")
    for number in range(1, 12):
        file = tmp_path / str(number) / "data_keys"
        words = (
            "import os, signal, sys; from pathlib import Path; from weiyifang.core.keys import Keys\n"
            "left = [int(sys.argv[2])]\n"
            "def killed(event, arguments):\n"
            f"    if event in {calls!r} and 'data_keys' in str(arguments):\n"
            "        left[0] -= 1\n"
            "        if not left[0]: os.kill(os.getpid(), signal.SIGKILL)\n"
            "sys.addaudithook(killed)\n"
            f"Keys('{LONG_AGO}', Path(sys.argv[1]))\n"
        )
        done = subprocess.run([sys.executable, "-c", words, str(file), str(number)], check=False, capture_output=True)
        assert done.returncode in {0, -signal.SIGKILL}, done.stderr
        assert not file.exists() or len(file.read_text()) == len(KEY)
        assert len(Keys(LONG_AGO, file)[0]) == len(KEY)
        if done.returncode == 0:
            assert number > 2
            return
    raise AssertionError("it was killed each time: the numbers do not reach the end")


def test_whoever_reads_while_keys_are_destroyed_reads_whole_ones(tmp_path: Path) -> None:
    keys, known = kept(tmp_path, KEY.encode()), {KEY, OTHER}
    words = (
        "import sys; from pathlib import Path; from weiyifang.core.keys import Keys\n"
        f"while not Path(sys.argv[2]).exists(): assert set(Keys('{LONG_AGO}', Path(sys.argv[1]))) <= {known!r}\n"
    )
    enough = tmp_path / "enough"
    reading = [
        subprocess.Popen([sys.executable, "-c", words, str(keys.file), str(enough)], stderr=subprocess.PIPE, text=True)
        for _reader in range(2)
    ]
    for _change in range(400):
        keys.change(Ring((OTHER, KEY)), destroy=True)
        keys.change(Ring((KEY, OTHER)), destroy=True)
    enough.touch()
    assert [process.communicate()[1] for process in reading] == ["", ""]
