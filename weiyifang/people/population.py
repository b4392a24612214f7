"""An invented population for the demo: the same seed gives the same people (`population.toml`)."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.people import services
from weiyifang.people.models import Gender, Resident

DATA = Path(__file__).parent / "population.toml"
UNITS, FLOORS, DOORS = 3, 8, 4  # of each building
AT_HOME = (1, 1, 2, 2, 2, 3, 3, 4, 5)  # people behind one door
WITH_PHONE = 10  # years of age from which somebody has a phone


def make_population(seed: int, count: int) -> list[Resident]:
    """Put `count` invented residents on the register at hand, through the import, household by household."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    rng = random.Random(f"population {seed}")  # noqa: S311  dice of a demo
    homes = _homes(rng, data)
    rows: list[services.NewResident] = []
    while len(rows) < count:
        home, surname = next(homes), rng.choice(data["surnames"])
        for _person in range(min(rng.choice(AT_HOME), count - len(rows))):
            rows.append(_person_row(rng, data, home, surname, number=len(rows)))
    return services.import_residents(rows=rows, by=system())


def _homes(rng: random.Random, data: dict[str, Any]) -> Iterator[services.Door]:
    doors = [
        services.Door(compound["name"], str(building), str(unit), f"{floor}-{door}")
        for compound in data["compounds"]
        for building in range(1, compound["buildings"] + 1)
        for unit in range(1, UNITS + 1)
        for floor in range(1, FLOORS + 1)
        for door in range(1, DOORS + 1)
    ]
    rng.shuffle(doors)
    while True:  # a large population shares doors
        yield from doors


def _person_row(
    rng: random.Random, data: dict[str, Any], home: services.Door, surname: str, *, number: int
) -> services.NewResident:
    bands = data["ages"]
    youngest, oldest, _share = rng.choices(bands, weights=[band[2] for band in bands])[0]
    days = rng.randrange(youngest * 365, (oldest + 1) * 365)
    is_woman, age = rng.random() < 0.52, days // 365
    if age >= 55:
        given = data["elder_women" if is_woman else "elder_men"]
    elif age >= 18:
        given = data["women" if is_woman else "men"]
    else:
        given = data["girls" if is_woman else "boys"]
    own = surname if rng.random() < 0.6 else rng.choice(data["surnames"])
    return services.NewResident(
        name=own + rng.choice(given),
        gender=Gender.FEMALE if is_woman else Gender.MALE,
        born_on=clock.today() - timedelta(days=days),
        phone=f"1990000{number:04d}" if number < 9000 and age >= WITH_PHONE else _spare_phone(number, age),
        address=home,
    )


def _spare_phone(number: int, age: int) -> str:
    """The block goes on in 199 0001 and 199 0002; 199 0000 9xxx belongs to the cast."""
    return f"1990001{number - 9000:04d}" if age >= WITH_PHONE and 9000 <= number < 19_000 else ""
