"""The file a backup is: how it is written, read and proved whole. What is in it, `core.server.backup` knows.

It is a tar archive, and one line behind its end that carries the SHA-256 of all before it:

    about.json            first, and never encrypted: what this is, what it needs
    database.dump[.age]   each further member as it is, or encrypted to public keys as `age` does (age-encryption.org)
    files/…[.age]         what people brought, from format 3 on
    keys/…[.age]
    sha256 0123…          noticed: every changed byte, every missing end

So everything can be had without this program: `tar -xf`, `age -d -i key.txt`, `pg_restore`. Files of format 1 have
neither the line nor encryption, and are still read.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

from pyrage import DecryptError, EncryptError, IdentityError, RecipientError, decrypt_io, encrypt_io
from pyrage.x25519 import Identity, Recipient

from weiyifang.core import clock, files

ABOUT, SEALED = "about.json", ".age"
FORMATS = (1, 2, 3)
NEEDED = {"format", "made_at", "postgresql", "communities"}  # what every backup says of itself
LAST_LINE = len(b"sha256 \n") + 64  # bytes
CHUNK = 1 << 20  # bytes read at a time


class CannotBackUp(RuntimeError):
    """The backup could not be made or read; the message says why and what to do."""


class Sink(Protocol):
    """Anything that can be written into."""

    def write(self, content: bytes, /) -> object:
        """Take this, all of it."""

    def flush(self) -> None:
        """Pass on what was taken."""


@dataclass(frozen=True)
class Sum:
    """What a member is known by: its size in bytes, and its SHA-256."""

    size: int
    sha256: str


class Counted:
    """Passes on what is read from or written to a file, and keeps its sum."""

    def __init__(self, file: Any) -> None:
        self._file, self._hash, self._size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, counted."""
        content: bytes = self._file.read(size)
        self._count(content)
        return content

    def write(self, content: bytes) -> int:
        """Pass on, counted."""
        content = bytes(content)  # age lends its own memory
        self._count(content)
        self._file.write(content)
        return len(content)

    def flush(self) -> None:
        self._file.flush()

    def _count(self, content: bytes) -> None:
        self._hash.update(content)
        self._size += len(content)

    @property
    def sum(self) -> Sum:
        """Of all that went through."""
        return Sum(self._size, self._hash.hexdigest())


class Nothing:
    """Takes everything and keeps nothing."""

    def write(self, content: bytes, /) -> object:
        return len(content)

    def flush(self) -> None: ...


# --- writing ----------------------------------------------------------------------------------------------------


class Writer:
    """Writes one member after the other. `sums`: what was given, before it was encrypted."""

    def __init__(self, recipients: Sequence[Recipient] = ()) -> None:
        # A key of this moment that nobody keeps: with it, what was encrypted is read back and compared.
        self.witness = Identity.generate()
        self.sums: dict[str, Sum] = {}
        self._recipients = [*recipients, self.witness.to_public()] if recipients else []

    def about(self, out: IO[bytes], about: Mapping[str, Any]) -> None:
        """The first member, readable by everybody."""
        self._add(out, ABOUT, io.BytesIO(json.dumps(about, ensure_ascii=False, indent=1).encode()), [])

    def add(self, out: IO[bytes], name: str, source: IO[bytes]) -> None:
        """All that `source` gives, until its end."""
        self._add(out, name, source, self._recipients)

    def finish(self, out: IO[bytes]) -> None:
        """The end of the archive, and the line with the hash of everything before it."""
        out.write(bytes(2 * tarfile.BLOCKSIZE))
        out.write(_last_line(out, out.tell()))

    def _add(self, out: IO[bytes], name: str, source: IO[bytes], recipients: Sequence[Recipient]) -> None:
        counted, start = Counted(source), out.tell()
        out.write(bytes(tarfile.BLOCKSIZE))  # the head tells the size, which is known afterwards
        if recipients:
            try:
                encrypt_io(_stream(counted), _stream(out), recipients)
            except EncryptError as error:  # a full disk is one, too
                raise CannotBackUp(f"No backup was made: it could not be encrypted ({error}).") from error
        else:
            while content := counted.read(CHUNK):
                out.write(content)
        head = tarfile.TarInfo(name + SEALED if recipients else name)
        head.size, head.mode = out.tell() - start - tarfile.BLOCKSIZE, 0o600
        head.mtime = int(clock.now().timestamp())
        out.write(bytes(-head.size % tarfile.BLOCKSIZE))
        end = out.tell()
        out.seek(start)
        out.write(head.tobuf(tarfile.GNU_FORMAT))
        out.seek(end)
        self.sums[name] = counted.sum


def write_key(file: Path) -> str:
    """A new pair of keys as `age-keygen` writes it: the private one into `file`. Returns the public one.

    Raises `CannotBackUp` when the file exists: what was encrypted to its key could never be read again.
    """
    if file.exists():
        raise CannotBackUp(f"{file} exists already: choose another name.")
    identity = Identity.generate()
    public = str(identity.to_public())
    with files.whole(file) as out:
        out.write(f"# created: {clock.now():%Y-%m-%dT%H:%M:%SZ}\n# public key: {public}\n{identity}\n".encode())
    return public


def recipients(texts: Sequence[str]) -> list[Recipient]:
    """Public keys from their texts, `age1…`. Raises `CannotBackUp` for anything else."""
    try:
        return [Recipient.from_str(text.strip()) for text in texts]
    except RecipientError as error:
        raise CannotBackUp(
            f"A public key looks like age1… ({error}). `weiyifang backup --new-key FILE` makes one, `age-keygen` too."
        ) from error


# --- reading ----------------------------------------------------------------------------------------------------


def read_identities(file: Path | None) -> list[Identity]:
    """The private keys in a file of `age-keygen` or `write_key`; none without a file. Raises `CannotBackUp`."""
    if file is None:
        return []
    try:
        lines = [line.strip() for line in file.read_text().splitlines()]
        found = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, ValueError, IdentityError) as error:
        raise CannotBackUp(f"{file} cannot be read as a private key ({error}).") from error
    if not found:
        raise CannotBackUp(f"There is no private key in {file}: it would stand in a line AGE-SECRET-KEY-….")
    return found


class Backup:
    """A backup that is open for reading. `opened` is the only door, and lets in only what is whole."""

    def __init__(self, file: Path, archive: tarfile.TarFile, identities: Sequence[Identity]) -> None:
        self._archive, self._identities, self.file = archive, identities, file
        self.about: Mapping[str, Any] = _about(archive)
        self.names = [name.removesuffix(SEALED) for name in archive.getnames()]
        self.encrypted = any(name.endswith(SEALED) for name in archive.getnames())

    @property
    def opens(self) -> bool:
        """Whether there is a private key for what is encrypted; whether it fits shows in reading."""
        return not self.encrypted or bool(self._identities)

    def pour(self, name: str, into: Sink) -> Sum:
        """Write a member's content into something. Raises `CannotBackUp` without the right private key."""
        counted = Counted(into)
        sealed = self.encrypted and name != ABOUT
        with _told(self.file), _member(self._archive, name + SEALED if sealed else name) as member:
            if not sealed:
                while content := member.read(CHUNK):
                    counted.write(content)
            elif not self._identities:
                raise CannotBackUp(f"{self.file} is encrypted: name the file of the private key (--identity FILE).")
            else:
                try:
                    decrypt_io(_stream(member), _stream(counted), self._identities)
                except DecryptError as error:
                    raise CannotBackUp(f"The private key does not open {self.file} ({error}).") from error
        return counted.sum

    def text(self, name: str) -> str:
        """A small member."""
        content = io.BytesIO()
        self.pour(name, content)
        return content.getvalue().decode()

    def read_back(self, written: Mapping[str, Sum]) -> None:
        """Read every member and compare it with what was written. Raises `CannotBackUp`."""
        found = {name: self.pour(name, Nothing()) for name in self.names}
        if found != dict(written):
            raise CannotBackUp(f"What was read back is not what was written ({self.file.parent}): is the disk sound?")


@contextmanager
def opened(file: Path, identities: Sequence[Identity] = ()) -> Iterator[Backup]:
    """A backup, read once from its first byte to its last before anything in it is used. Raises `CannotBackUp`."""
    with ExitStack() as stack:
        with _told(file):
            source = stack.enter_context(file.open("rb"))
            archive = stack.enter_context(tarfile.open(fileobj=source, mode="r:"))
            _compare_hash(source, _read_about(archive)["format"])
            backup = Backup(file, archive, identities)
        yield backup


def read_about(file: Path) -> Mapping[str, Any]:
    """What a backup says of itself, without looking at the rest of it. Raises `CannotBackUp` when the file is none."""
    with _told(file), file.open("rb") as source, tarfile.open(fileobj=source, mode="r:") as archive:
        return _about(archive)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Whatever can be wrong with a file, in one sentence."""
    try:
        yield
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise CannotBackUp(f"{file} is not a whole backup ({error}).") from error


def _about(archive: tarfile.TarFile) -> Mapping[str, Any]:
    about = _read_about(archive)
    if about["format"] not in FORMATS:
        raise CannotBackUp("This backup was made by a newer version of the program: use that one.")
    return about


def _read_about(archive: tarfile.TarFile) -> Mapping[str, Any]:
    with _member(archive, ABOUT) as member:
        about = json.loads(member.read())
    if not isinstance(about, dict) or not about.keys() >= NEEDED:
        raise ValueError("it does not say what it is")
    return about


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _compare_hash(source: IO[bytes], number: int) -> None:
    """The last line against all before it; a file of format 1 has none, and ends with a block."""
    size = source.seek(0, io.SEEK_END)
    if number == 1 and size % tarfile.BLOCKSIZE == 0:
        return
    expected = _last_line(source, size - LAST_LINE) if size > LAST_LINE else b""
    if number == 1 or source.read() != expected:
        raise ValueError("its hash is not the one it carries: it was cut off or changed")


def _last_line(file: IO[bytes], end: int) -> bytes:
    """What has to stand at `end`, where the file is left."""
    digest = hashlib.sha256()
    file.seek(0)
    while (left := end - file.tell()) and (content := file.read(min(CHUNK, left))):
        digest.update(content)
    return f"sha256 {digest.hexdigest()}\n".encode()


def _stream(file: Any) -> io.BufferedIOBase:
    """What age asks for; it only reads, or only writes and flushes."""
    return cast("io.BufferedIOBase", file)
