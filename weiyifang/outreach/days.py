"""Grids in the demo's year: made on the first morning; in its last weeks somebody goes round."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from weiyifang.outreach import queries, services
from weiyifang.people import living
from weiyifang.people import queries as people
from weiyifang.people.living import Part
from weiyifang.people.models import Account

LAST = 28  # days of the year on which somebody goes round
A_DAY, A_DAY_OF_A_WORKER = 6, 2  # contacts on each of them, by the office and in the worker's own grid
WORKER = "volunteer"  # of the cast, in the compound they live in
OUTCOMES = ("visited", "visited", "visited", "phoned", "phoned", "met", "away", "away", "no", "moved")


class Days(living.Days):
    """After the register, which says which buildings there are."""

    def make_grids(self, rng: random.Random, day: date) -> None:
        by = self.year.cast["secretary"]
        for compound in dict.fromkeys(compound for compound, _building in queries.buildings_free()):
            grid = services.make_grid(name=f"{compound}网格", by=by)
            services.put_buildings_in(grid=grid, compound=compound, by=by)
        home = people.resident(self.year.cast[WORKER].resident_id)
        mine = queries.grid_of(home) if home is not None else None
        if mine is not None:
            services.let_look_after(grid=mine, account=Account.objects.get(username=WORKER), by=by)

    def go_round(self, rng: random.Random, day: date) -> None:
        cast, dice = self.year.cast, self.year.dice(f"outreach {day}")
        for by, many in ((cast["staff"], A_DAY), (cast[WORKER], A_DAY_OF_A_WORKER)):
            chosen = list(queries.unreached(by)[: max(1, self.year.scaled(many))])
            known = queries.last_contacts(one.pk for one in chosen)
            for one in chosen:
                after = known[one.pk].pk if one.pk in known else None
                services.note_contact(resident=one, outcome=dice.choice(OUTCOMES), after=after, by=by)

    def is_gone_round(self, day: date) -> bool:
        return self.year.number(day) >= living.DAYS - LAST and day.weekday() < 5

    def parts(self) -> Iterator[Part]:
        yield Part(turn=12, do=self.make_grids, at="07:10", opens="outreach")
        yield Part(turn=70, do=self.go_round, on=self.is_gone_round, at="16:00")
