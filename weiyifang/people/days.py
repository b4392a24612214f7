"""People in the demo's year: the cast and 22,000 neighbours, and a phone that is proved again now and then."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from weiyifang.communities import demo as rules_demo
from weiyifang.people import demo, living, population, services
from weiyifang.people.living import Part
from weiyifang.people.models import Account, Resident

RESIDENTS = 22_000  # brief of the place, a year's figures
SIGN_IN_EVERY = 60  # days in which each of the cast types a code


class Days(living.Days):
    """The register before anything else."""

    def open_register(self, rng: random.Random, day: date) -> None:
        demo.make_cast(self.year.community)
        services.publish_standard_texts(by=self.year.cast["secretary"])
        cast = Resident.objects.count()
        population.make_population(self.year.seed, max(1, self.year.scaled(RESIDENTS) - cast))

    def type_a_code(self, rng: random.Random, day: date) -> None:
        demo.sign_in_again(Account.objects.filter(username__in=self.year.cast))

    def decide(self, rng: random.Random, day: date) -> None:
        rules_demo.decide(day, by=self.year.cast["secretary"])

    def is_due(self, day: date) -> bool:
        return self.year.number(day) % SIGN_IN_EVERY == 0 or self.year.is_last(day)

    def parts(self) -> Iterator[Part]:
        yield Part(turn=10, do=self.open_register, at="07:00", opens="people")
        yield Part(turn=15, do=self.decide, on=rules_demo.is_due)
        yield Part(turn=60, do=self.type_a_code, on=self.is_due)
