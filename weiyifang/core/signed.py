"""Codes on papers and phones: each says which row it means and is signed, so nobody makes one up; none is stored."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings

LENGTH = 12  # bytes kept of a signature: 96 bits


def code(purpose: str, pk: UUID) -> str:
    """What stands in a code that names this row. A code of one purpose is none of another."""
    return _encode(pk.bytes + _signatures(purpose, pk)[0])


def named(purpose: str, typed: str) -> UUID | None:
    """The row that a code names; None when it is not one of ours, letter for letter."""
    try:
        raw = base64.urlsafe_b64decode(typed + "=" * (-len(typed) % 4))
    except ValueError:
        return None
    # the decoder passes over letters it does not know and over the last letter's spare bits: one code would be many
    if len(raw) != 16 + LENGTH or _encode(raw) != typed:
        return None
    pk = UUID(bytes=raw[:16])
    return pk if any(hmac.compare_digest(raw[16:], one) for one in _signatures(purpose, pk)) else None


def secret(purpose: str, pk: UUID) -> str:
    """What only a paper of ours says about this row: it does not name it."""
    return _encode(_signatures(purpose, pk)[0])


def is_secret(purpose: str, pk: UUID, typed: str) -> bool:
    """Is it what a paper of ours says of this row? Also of one printed before the signing key was exchanged."""
    return any(hmac.compare_digest(_encode(one).encode(), typed.encode()) for one in _signatures(purpose, pk))


def _signatures(purpose: str, pk: UUID) -> list[bytes]:
    """By the key that signs, and by those whose signatures are still taken."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.digest(key.encode(), f"{purpose}:{pk}".encode(), sha256)[:LENGTH] for key in keys]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
