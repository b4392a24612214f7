"""What these tests are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from weiyifang.core.actors import system
from weiyifang.people import services
from weiyifang.people.models import Resident
from weiyifang.people.services import Door

HOME = Door("学府花园", "6", "1", "4-2")


def a_resident(name: str = "赵一鸣", **details: Any) -> Resident:
    """Somebody new on the register."""
    return services.register_resident(name=name, by=system(), **{"born_on": date(1950, 1, 2), **details})


def an_id_number(start: str = "99010019500102001") -> str:
    """An identity number with a right check character, of a region that does not exist (99)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(start, weights, strict=True))
    return start + "10X98765432"[total % 11]
