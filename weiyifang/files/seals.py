"""Sealed files: each has a key of its own, and that key is sealed in its row with the data keys (`people.secrets`).

So what lies in the store never changes, also while the data keys are exchanged, and without its row nobody opens it:
who deletes the row has destroyed what is in the store and in every copy of it that the row was not copied with.
"""

from __future__ import annotations

import hmac

from cryptography.fernet import Fernet, InvalidToken


def new_key() -> str:
    """A key for one file, 44 characters."""
    return Fernet.generate_key().decode()


def sealed(content: bytes, key: str) -> bytes:
    """What goes into the store: AES-128-CBC with an HMAC."""
    return Fernet(key.encode()).encrypt(content)


def opened(token: bytes, key: str) -> bytes:
    """The content again. Raises ValueError when this key does not open it, or a byte of it was changed."""
    try:
        return Fernet(key.encode()).decrypt(token)
    except InvalidToken as error:
        raise ValueError("is not what was sealed with this key") from error


def fingerprint(content: bytes, key: str) -> str:
    """An HMAC under the file's key: a SHA-256 would tell whoever has the same paper that it is here."""
    return hmac.digest(key.encode(), content, "sha256").hex()
