"""When a committee has decided: a pure rule over what its members said, the same for everybody who recomputes it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from weiyifang.fund.models import Voice


class Outcome(StrEnum):
    OPEN = "open"  # what is still to be said can change it
    PASSED = "passed"
    REFUSED = "refused"
    STUCK = "stuck"  # so many stepped back that too few are left: it can only be sent back


def outcome(voices: Iterable[str], *, seats: int, quorum: int) -> Outcome:
    """What the voices come to, in whatever order they were raised.

    Whoever steps back as a related party leaves the count. Of the seats that remain, empty ones too, more than half
    must be for it; abstaining is no yes. Nothing is decided before `quorum` members have voted and the supervisor is
    there; then it is decided as soon as what is still to be said cannot change it.
    """
    said = Counter(voices)
    entitled = seats - said[Voice.STEPS_BACK]
    if entitled < quorum:
        return Outcome.STUCK
    yes, other = said[Voice.FOR], said[Voice.AGAINST] + said[Voice.ABSTAINS]
    if not said[Voice.WATCHES] or yes + other < quorum:
        return Outcome.OPEN
    if 2 * yes > entitled:
        return Outcome.PASSED
    return Outcome.REFUSED if 2 * other >= entitled else Outcome.OPEN


def decision_hash(request: Mapping[str, Any], voices: Iterable[str]) -> str:
    """SHA-256 over a decision: the request with its path, rule and fingerprint, and the fingerprints of the voices.

    Canonical: the same in every process, and it names nobody.
    """
    text = json.dumps({"decision": 1, **request, "voices": sorted(voices)}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
