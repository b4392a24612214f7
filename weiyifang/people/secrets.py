"""Encryption at rest, with search by exact value.

A value is sealed with Fernet (AES-128-CBC + HMAC, key rotation by `settings.DATA_KEYS`: the first key seals, all open)
and stands beside its *key*: an HMAC of the normalised value, which finds it again without telling what it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache
def _box() -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in settings.DATA_KEYS]
    )


@lru_cache
def _finder() -> bytes:
    # derived from the last key: rotating in a new first key does not make old values unfindable
    return hashlib.sha256(b"find by exact value:" + settings.DATA_KEYS[-1].encode()).digest()


def seal(text: str) -> str:
    """The sealed text; the empty text stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """The text again; raises ValueError when no key opens it."""
    if not token:
        return ""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise ValueError("sealed with a key that WEIYIFANG_DATA_KEYS does not hold") from error


def seal_bytes(content: bytes) -> bytes:
    """A sealed file."""
    return _box().encrypt(content)


def unseal_bytes(token: bytes) -> bytes:
    """The file again; raises ValueError when no key opens it."""
    try:
        return _box().decrypt(token)
    except InvalidToken as error:
        raise ValueError("sealed with a key that WEIYIFANG_DATA_KEYS does not hold") from error


def find_key(text: str) -> str:
    """What finds the exact (normalised) value: 43 characters; None-like empty text gives an empty key."""
    if not text:
        return ""
    return base64.urlsafe_b64encode(hmac.digest(_finder(), text.encode(), "sha256")).decode().rstrip("=")


if TYPE_CHECKING:
    TextOfStr = models.TextField[str, str]
else:  # Django's fields cannot be subscripted at run time
    TextOfStr = models.TextField


class SealedField(TextOfStr):
    """A text that is encrypted in the database and plain in Python. Cannot be searched: search its key."""

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        return None if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else seal(str(value))
