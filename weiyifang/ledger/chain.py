"""What is hashed, and how: enough to recompute every seal with nothing but SHA-256 and the rows.

Everything is a JSON array without spaces, encoded in UTF-8; hashes are written in small hexadecimal letters. Names of
people are not in it: they can be erased without breaking the chain.

The one exception is the tree over a month's seals (RFC 6962, section 2.1): that one row is in a month of n is shown by
some log2 n hashes, so nobody needs the other rows. A leaf is the SHA-256 of the byte 0 and the seal's hash as it is
written, a node the SHA-256 of the byte 1 and the 32 bytes each of the two below it. Months that were sealed before
there was a tree have in its place the SHA-256 of their seals written one after the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any
from uuid import UUID

START = "0" * 64  # the hash before the first


def content_hash(*content: Any) -> str:
    """What makes a second try the same: every field but id, journal, moment and actor.

    Of a hold and a transfer that is: community, book, debit, credit, pool (their ids), amount, source, memo; then of a
    hold the moment it lapses, of a transfer its date, party, and the ids of the transfer it reverses and of its hold.
    """
    return digest(*content)


class ContentHashes:
    """`content_hash` of many that begin alike: what they share is written out once."""

    def __init__(self, *shared: Any) -> None:
        self._begun = _json(*shared)[:-1]

    def __call__(self, *rest: Any) -> str:
        """`content_hash(*shared, *rest)`; there is a rest."""
        return hashlib.sha256(b"%b,%b" % (self._begun, _json(*rest)[1:])).hexdigest()


def link(
    before: str,
    number: int,
    content: str,
    *,
    transfer_id: UUID,
    journal: UUID | None,
    recorded_at: datetime,
    by_account_id: UUID | None,
) -> str:
    """The hash of seal `number`, whose transfer has the given content hash, after the hash `before`."""
    return digest(before, number, transfer_id, journal, written(recorded_at), by_account_id, content)


def written(moment: datetime) -> str:
    """A moment as it is hashed."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def root(before: str, *, book_code: str, month: date, head: tuple[int, str], rows: str, closing: str) -> str:
    """The root of a month: over the root before, the chain's head (number and hash), the hash of the month's rows
    (`Tree.rows`, or `all_in_line`) and that of its closing balances (`closing`)."""
    return digest(before, book_code, month, *head, rows, closing)


def closing(balances: Iterable[tuple[UUID, UUID, int, int]]) -> str:
    """The hash of closing balances (account, pool, debits, credits) in order of account and pool."""
    of_balances = hashlib.sha256()
    for balance in balances:
        of_balances.update(_json(*balance))
    return of_balances.hexdigest()


# --- the rows of a month ------------------------------------------------------------------------------------------


class Tree:
    """The tree over seals, which are added in order of number; what is kept of it are the heads of full subtrees."""

    def __init__(self, seals: Iterable[str] = ()) -> None:
        self.size = 0
        self._full: list[bytes] = []  # the largest first
        for seal in seals:
            self.add(seal)

    def add(self, seal: str) -> None:
        """One seal more."""
        head, n = _leaf(seal), self.size
        while n & 1:
            head, n = _node(self._full.pop(), head), n >> 1
        self._full.append(head)
        self.size += 1

    @property
    def rows(self) -> str:
        """What stands for the rows in a month's root: how many there are, and the tree's head."""
        if not self._full:
            return f"0:{hashlib.sha256().hexdigest()}"
        head = self._full[-1]
        for left in reversed(self._full[:-1]):
            head = _node(left, head)
        return f"{self.size}:{head.hex()}"


def all_in_line(seals: Iterable[str]) -> str:
    """What stood for the rows before there was a tree; it has no colon in it."""
    return hashlib.sha256("".join(seals).encode()).hexdigest()


def storeys(seals: Iterable[str]) -> list[list[bytes]]:
    """The tree over these seals, from its leaves to its head."""
    found = [[_leaf(seal) for seal in seals]]
    while len(below := found[-1]) > 1:
        pairs = [_node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        found.append(pairs + below[2 * len(pairs) :])
    return found


def path(storeys: Sequence[Sequence[bytes]], index: int) -> list[str]:
    """What shows that the seal no. `index` (from 0) is in a tree: of each storey what stands beside it, from below."""
    ways = [(storey, index >> level ^ 1) for level, storey in enumerate(storeys)]
    return [storey[at].hex() for storey, at in ways if at < len(storey)]


def rows_by_path(seal: str, *, index: int, size: int, path: Sequence[str]) -> str:
    """`Tree.rows` of the tree in which the seal stands at `index` of `size`, beside these. Raises ValueError when as
    many hashes cannot be."""
    head, at, wide, beside = _leaf(seal), index, size, list(path)
    if not 0 <= index < size:
        raise ValueError("there is no such place in the month")
    while wide > 1:
        if at ^ 1 < wide:
            if not beside:
                raise ValueError("hashes are missing")
            other = bytes.fromhex(beside.pop(0))
            head = _node(other, head) if at & 1 else _node(head, other)
        at, wide = at >> 1, (wide + 1) >> 1
    if beside:
        raise ValueError("there are more hashes than the month has storeys")
    return f"{size}:{head.hex()}"


def _leaf(seal: str) -> bytes:
    return hashlib.sha256(b"\0" + seal.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def digest(*values: Any) -> str:
    """The SHA-256 of these values, written as this module says."""
    return hashlib.sha256(_json(*values)).hexdigest()


def _json(*values: Any) -> bytes:
    return f"[{','.join([_written.get(type(value), _written_as_text)(value) for value in values])}]".encode()


def _written_as_text(value: object) -> str:
    return _encode(value if isinstance(value, (int, str)) else str(value))


_encode = json.JSONEncoder(ensure_ascii=False).encode
_quote = '"{}"'.format
# What most values are: a third of the time that json.dumps takes, and not another byte.
_written: dict[type, Callable[[Any], str]] = {
    int: str,
    str: _encode,
    NoneType: lambda _none: "null",
    UUID: _quote,
    date: _quote,
}
