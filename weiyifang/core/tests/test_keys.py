"""A key is named, never told."""

from __future__ import annotations

import base64
import hashlib

from weiyifang.core.keys import fingerprint

KEY = "k" * 64


def test_the_name_of_a_key_is_always_the_same() -> None:
    # written down in backups for years: a change here makes every one of them look as if its key were lost
    assert fingerprint(KEY) == "d1377d1c1f31"
    assert fingerprint(KEY) != fingerprint(KEY + "x")


def test_the_name_of_a_key_is_no_part_of_what_seals() -> None:
    sealing = hashlib.sha256(KEY.encode())  # the key of `people.secrets`
    assert fingerprint(KEY) not in sealing.hexdigest()
    assert fingerprint(KEY) not in base64.urlsafe_b64encode(sealing.digest()).decode()
