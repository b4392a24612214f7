"""What may be said of a data key where the key itself must not be."""

from __future__ import annotations

import hashlib


def fingerprint(key: str) -> str:
    """Twelve hexadecimal digits that name a data key and tell nothing of it: in a backup, on a page, in a log.

    Keys are 64 random characters, so nobody finds one by trying; two of one installation never share twelve digits.
    """
    return hashlib.sha256(b"weiyifang data key:" + key.encode()).hexdigest()[:12]
