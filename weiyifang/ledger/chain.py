"""What is hashed, and how: enough to recompute every seal with nothing but SHA-256 and the rows.

Everything is a JSON array without spaces, encoded in UTF-8; hashes are written in small hexadecimal letters. Names of
people are not in it: they can be erased without breaking the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
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
    return _sha256(*content)


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
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    return _sha256(before, number, transfer_id, journal, moment, by_account_id, content)


def root(
    before: str,
    *,
    book_code: str,
    month: date,
    head: tuple[int, str],
    seals: str,
    closing: Iterable[tuple[UUID, UUID, int, int]],
) -> str:
    """The root of a month: over the root before, the chain's head (number and hash), the SHA-256 of the month's seals
    written one after the other in order of number, and the closing balances (account, pool, debits, credits) in order
    of account and pool."""
    of_balances = hashlib.sha256()
    for balance in closing:
        of_balances.update(_json(*balance))
    return _sha256(before, book_code, month, *head, seals, of_balances.hexdigest())


def _sha256(*values: Any) -> str:
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
