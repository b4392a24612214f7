"""Drawing lots so that anybody can do it again: a seed that is committed to, and keys that follow from it.

A seed of 64 hexadecimal digits is chosen by chance, and its SHA-256, the commitment, is shown at once. Later `of_all`,
the SHA-256 of everything that goes in, is fixed. A number's key is the SHA-256 of the text `seed:of_all:number`; the
lowest key is drawn first. What this proves and what not: docs/adr/0033.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256

_dice: ContextVar[random.Random | None] = ContextVar("dice", default=None)


@contextmanager
def by_dice(dice: random.Random) -> Iterator[None]:
    """Seeds come from dice that can be guessed: for a demo's year, which is lived the same each time."""
    token = _dice.set(dice)
    try:
        yield
    finally:
        _dice.reset(token)


def new_seed() -> str:
    """64 hexadecimal digits that nobody can guess."""
    dice = _dice.get()
    return secrets.token_hex(32) if dice is None else f"{dice.getrandbits(256):064x}"


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def key(seed: str, of_all: str, number: int) -> str:
    """What a number is ordered by."""
    return digest(f"{seed}:{of_all}:{number}")


def ordered(seed: str, of_all: str, numbers: Iterable[int]) -> list[int]:
    """The numbers in the order drawn."""
    return sorted(numbers, key=lambda number: key(seed, of_all, number))
