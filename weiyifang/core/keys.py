"""Where keys are kept, how they are made and exchanged, and what may be said of one where it must not stand itself.

Keys come from the environment (then the operator keeps them), or from a file under `var/keys` that is made once.
Several stand in a row, with commas between: the first seals or signs, all open or verify. While data keys are
exchanged (`weiyifang keys rotate`) the one that is to remain is marked with `NEXT`; everybody who runs reads the file
again when it has changed. This module needs no Django set up: the settings ask it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32  # characters; ours have 64
NEXT = "next:"  # stands before the key that an exchange under way leads to
BYTE_ORDER_MARK = "\ufeff"  # some editors put it at the beginning of a file


def fingerprint(key: str) -> str:
    """Twelve hexadecimal digits that name a data key and tell nothing of it: in a backup, on a page, in a log.

    Keys are 64 random characters, so nobody finds one by trying; two of one installation never share twelve digits.
    """
    return hashlib.sha256(b"weiyifang data key:" + key.encode()).hexdigest()[:12]


def new_key() -> str:
    """64 random characters."""
    return secrets.token_urlsafe(48)


@dataclass(frozen=True, slots=True)
class Ring:
    """Keys in a row: the first seals, all open. `target`: the one that is to remain ("": none is being exchanged)."""

    keys: tuple[str, ...]
    target: str = ""

    @property
    def text(self) -> str:
        """As it stands in a file."""
        return ",".join(NEXT + key if key == self.target else key for key in self.keys)


def parse(text: str, where: str) -> Ring:
    """The keys in a text from `where` ("The file …"). Raises `ImproperlyConfigured` with a sentence.

    What editors add before and behind a key does not belong to it. But the program once took it for a part of the key;
    what was sealed so must go on being opened, and a key written with such an addition opens in both ways.
    """
    if "\0" in text:  # what a power cut may leave of a file that was being written
        raise ImproperlyConfigured(f"{where} holds no key but something else. {_REMEDY}")
    entries = [entry for entry in text.split(",") if _bare(entry)]
    if not entries:
        raise ImproperlyConfigured(f"{where} holds no key. {_REMEDY}")
    target = next((_bare(_bare(entry)[len(NEXT) :]) for entry in entries if _bare(entry).startswith(NEXT)), "")
    written = [_bare(entry)[len(NEXT) :] if _bare(entry).startswith(NEXT) else entry for entry in entries]
    keys = [_bare(entry) for entry in written]
    if shortest := min((len(key) for key in keys if len(key) < SHORTEST), default=0):
        raise ImproperlyConfigured(
            f"{where} holds a key of {shortest} characters, and a key has at least {SHORTEST}: it was cut short. "
            f"{_REMEDY}"
        )
    return Ring(tuple(dict.fromkeys([*keys, *written])), target)


_REMEDY = (
    "Put it back from a backup (`weiyifang restore` says which it needs). Only where nothing was ever kept with it, "
    "take it away: a new one is made."
)


def _bare(entry: str) -> str:
    return entry.strip().strip(BYTE_ORDER_MARK).strip()


class Keys(Sequence[str]):
    """The keys of one kind as they are at this moment: from the environment, or from a file that may change."""

    def __init__(self, variable: str, file: Path) -> None:
        """Raises `ImproperlyConfigured` when there is a key and it cannot be one."""
        self.variable = variable
        self.file = file
        self._seen: State | None = None
        text = os.environ.get(variable, "")
        self.from_environment = bool(text)
        if text:
            self._ring = parse(text, variable)
            return
        if not file.exists():
            _make(file)
        self._seen, self._ring = _read(file)

    @property
    def ring(self) -> Ring:
        """As it is now. A file that vanished or broke while we run leaves us the keys we have."""
        if self.from_environment:
            return self._ring
        try:
            if _state(os.stat(self.file)) != self._seen:  # noqa: PTH116  a Path takes twice as long, each time
                self._seen, self._ring = _read(self.file)
        except (OSError, ImproperlyConfigured):
            pass
        return self._ring

    def change(self, ring: Ring, *, destroy: bool = False) -> None:
        """Write other keys into the file; with `destroy` the text that stood there is overwritten on the disk."""
        if self.from_environment:
            raise ImproperlyConfigured(f"The keys come from {self.variable}, where only its owner can change them.")
        with locked(self.file.parent), self.file.open("r+b") as before:
            length = os.fstat(before.fileno()).st_size
            write(self.file, ring.text)
            if destroy:
                before.write(b"\0" * length)
                before.flush()
                os.fsync(before.fileno())

    def __iter__(self) -> Iterator[str]:
        return iter(self.ring.keys)

    def __len__(self) -> int:
        return len(self.ring.keys)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        return self.ring.keys[index]


State = tuple[int, int, int]


def _state(now: os.stat_result) -> State:
    return now.st_mtime_ns, now.st_ino, now.st_size


def _read(file: Path) -> tuple[State, Ring]:
    """The keys, and the state of the file that they were read from."""
    try:
        with file.open(encoding="utf-8") as opened:
            text, seen = opened.read(), os.fstat(opened.fileno())
            is_replaced = file.stat().st_ino != seen.st_ino
        if is_replaced:  # another took its place, and this one may have been overwritten meanwhile
            return _read(file)
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"The file {file} holds no key but something else. {_REMEDY}") from error
    except OSError as error:
        raise ImproperlyConfigured(f"The file {file} with the keys cannot be read ({error.strerror}).") from error
    return _state(seen), parse(text, f"The file {file}")


def _make(file: Path) -> None:
    """A key of its own for a new installation. Of processes that start together, one makes it and all read it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(file.parent):
        if not file.exists():
            write(file, new_key())


@contextmanager
def locked(folder: Path, name: str = ".lock", *, wait: bool = True) -> Iterator[None]:
    """Alone in this folder; whoever dies lets go. Without `wait` raises `BlockingIOError` when somebody is there."""
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)


def write(file: Path, text: str) -> None:
    """Write a key file, readable by its owner only: it is there whole or not at all, whenever we are killed."""
    fresh = file.with_name(f".{file.name}.fresh")  # one name, so that a killed writer's leavings are written over
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the disk keeps the name too
    finally:
        os.close(folder)
