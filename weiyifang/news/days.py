"""News in the demo's year: written and published as planned, and read by neighbours and people elsewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property

from weiyifang.core.actors import system
from weiyifang.news import demo, reading, services
from weiyifang.news.models import Article
from weiyifang.news.plan import Paper, plan_paper
from weiyifang.news.services import counting
from weiyifang.people import living
from weiyifang.people.living import Part

ARTICLES, READS = 806, 161_200  # brief of the place, a year's figures
DEVICES = 40_000  # readers are neighbours and people elsewhere
PICTURED = 60  # days before the last: articles of these show pictures, so that the newest pages have them


class Days(living.Days):
    """Columns on the first morning; then what appears on a day, and what is read on it."""

    @cached_property
    def paper(self) -> Paper:
        return plan_paper(self.year.dice("news"), articles=self.year.scaled(ARTICLES), reads=self.year.scaled(READS))

    def open_columns(self, rng: random.Random, day: date) -> None:
        services.open_columns(by=system())

    def write(self, rng: random.Random, day: date) -> None:
        if count := self.paper.a_day[self.year.number(day)]:
            writers = [self.year.cast[key] for key in ("staff", "secretary", "leader")]
            lately = day > self.year.last_day - timedelta(days=PICTURED)
            demo.make_articles(rng, day, count, writers=writers, reviewers=writers[:2], with_pictures=lately)

    def read(self, rng: random.Random, day: date) -> None:
        wanted = self.paper.read_on(self.year.number(day))
        if not wanted:
            return
        articles = list(Article.objects.order_by("number").values_list("pk", flat=True))
        openings = [
            counting.Opening(article_id=articles[order], day=day, reader=reading.reader_key(f"demo {reader}", day))
            for order, count in wanted
            for reader in rng.sample(range(DEVICES), count)
        ]
        services.record_reads(openings)

    def leave_on_the_desk(self, rng: random.Random, day: date) -> None:
        demo.leave_on_the_desk(staff=self.year.cast["staff"], secretary=self.year.cast["secretary"])

    def parts(self) -> Iterator[Part]:
        yield Part(turn=31, do=self.open_columns, at="07:40", opens="fund and news")
        yield Part(turn=20, do=self.write)
        yield Part(turn=40, do=self.read)
        yield Part(turn=71, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
