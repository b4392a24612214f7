"""Messages in the demo's year: every week somebody works through the lists; on the last evening one waits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from weiyifang.notices import demo
from weiyifang.people import living
from weiyifang.people.living import Part

EVERY = 7  # days after which the lists are worked through


class Days(living.Days):
    """After what the day's facts told people."""

    def work_through_the_lists(self, rng: random.Random, day: date) -> None:
        demo.go_round(by=self.year.cast["volunteer"])

    def set_out(self, rng: random.Random, day: date) -> None:
        demo.set_out()  # whoever has to be called waits on the list

    def parts(self) -> Iterator[Part]:
        yield Part(turn=50, do=self.work_through_the_lists, on=lambda day: self.year.number(day) % EVERY == 0)
        yield Part(turn=79, do=self.set_out, on=self.year.is_last, at="17:00")
