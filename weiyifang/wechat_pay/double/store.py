"""What the double keeps: its keys and ours with it, orders, refunds; one SQLite file that processes share."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

Row = dict[str, Any]
_TABLES = """
CREATE TABLE IF NOT EXISTS said (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS trade (no TEXT PRIMARY KEY, id TEXT UNIQUE NOT NULL, body TEXT NOT NULL,
    fen INTEGER NOT NULL,
    state TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, paid_at INTEGER, notify TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refund (no TEXT PRIMARY KEY, id TEXT UNIQUE NOT NULL, trade TEXT NOT NULL,
    fen INTEGER NOT NULL,
    at INTEGER NOT NULL, state TEXT NOT NULL);
"""


class Store:
    """The folder it lies in is made when it is first needed, and so are its keys."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "double.sqlite3"

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One after the other: whoever writes holds the file."""
        if not self.file.exists():
            self.file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=20)) as connection:
            connection.row_factory = sqlite3.Row
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'refund'").fetchone():
                connection.executescript(_TABLES)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def trade(self, no: str) -> Row | None:
        with self.writing() as there:
            return _row(there.execute("SELECT * FROM trade WHERE no = ? OR id = ?", (no, no)).fetchone())

    def refund(self, no: str) -> Row | None:
        with self.writing() as there:
            return _row(there.execute("SELECT * FROM refund WHERE no = ?", (no,)).fetchone())

    def all(self, table: str) -> list[Row]:
        with self.writing() as there:
            return [dict(row) for row in there.execute(f"SELECT * FROM {table} ORDER BY at, no")]  # noqa: S608  ours

    def _said(self, name: str, make: Any) -> str:
        with self.writing() as there:
            row = there.execute("SELECT value FROM said WHERE name = ?", (name,)).fetchone()
            if row is not None:
                return str(row[0])
            value = str(make())
            there.execute("INSERT INTO said VALUES (?, ?)", (name, value))
            return value

    @cached_property
    def merchant(self) -> str:
        return self._said("merchant", lambda: f"19{secrets.randbelow(10**8):08d}")

    @cached_property
    def app(self) -> str:
        return self._said("app", lambda: f"wx{secrets.token_hex(8)}")

    @cached_property
    def serial(self) -> str:
        return self._said("serial", lambda: secrets.token_hex(20).upper())

    @cached_property
    def platform_serial(self) -> str:
        return self._said("platform serial", lambda: f"PUB_KEY_ID_{secrets.token_hex(16)}")

    @cached_property
    def v3_key(self) -> bytes:
        return self._said("v3 key", lambda: secrets.token_hex(16)).encode()

    @cached_property
    def merchant_key(self) -> RSAPrivateKey:
        return _key(self._said("merchant key", _new_key))

    @cached_property
    def platform_key(self) -> RSAPrivateKey:
        return _key(self._said("platform key", _new_key))


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _key(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


def _row(found: sqlite3.Row | None) -> Row | None:
    return None if found is None else dict(found)
