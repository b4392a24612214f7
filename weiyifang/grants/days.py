"""Running grants in the demo's year: assessed in summer, published, one corrected after an appeal, all paid at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from weiyifang.grants import demo
from weiyifang.organizations import queries as organizations
from weiyifang.people import living
from weiyifang.people.living import Part, scaled

ENTERED, PUBLISHED, OBJECTED, ANSWERED = 200, 201, 203, 204  # days of the year; seven days after the second it is paid
LED = "摄友之家"  # what the cast's organization leader leads
OBJECTION = "我们去年的三次公益拍摄没有算进去，附了签到表，请再核一下。"
ANSWER = "已核对签到表，三次公益拍摄补记，得分更正为90.5分。"


class Days(living.Days):
    """After the fund's day, whose money it takes."""

    def enter(self, rng: random.Random, day: date) -> None:
        content = demo.table(rng, scaled(organizations.count_active(), self.year.scale), LED)
        demo.enter(content, year=day.year, staff=self.year.cast["staff"])

    def publish(self, rng: random.Random, day: date) -> None:
        demo.publish(secretary=self.year.cast["secretary"])

    def object_to(self, rng: random.Random, day: date) -> None:
        demo.object_to(OBJECTION, of=organizations.sources_by_name()[LED], leader=self.year.cast["leader"])

    def answer(self, rng: random.Random, day: date) -> None:
        demo.answer(ANSWER, secretary=self.year.cast["secretary"], staff=self.year.cast["staff"])

    def pay(self, rng: random.Random, day: date) -> None:
        demo.pay(accountant=self.year.cast["accountant"])

    def parts(self) -> Iterator[Part]:
        number = self.year.number
        yield Part(turn=48, do=self.enter, on=lambda day: number(day) == ENTERED, at="10:30")
        yield Part(turn=48, do=self.publish, on=lambda day: number(day) == PUBLISHED, at="10:30")
        yield Part(turn=48, do=self.object_to, on=lambda day: number(day) == OBJECTED, at="10:30")
        yield Part(turn=48, do=self.answer, on=lambda day: number(day) == ANSWERED, at="10:30")
        yield Part(turn=48, do=self.pay, on=lambda day: number(day) > PUBLISHED, at="10:30")
