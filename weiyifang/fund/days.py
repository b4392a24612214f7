"""The fund in the demo's year: gifts and payments, what the bank says, months that are sealed, papers of some."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import CommunityModel, source_of
from weiyifang.files import demo as drawn
from weiyifang.files import services as files
from weiyifang.fund import demo, services
from weiyifang.fund.books import books
from weiyifang.fund.models import Donation, Method, PaymentRequest, State, StatedBalance
from weiyifang.ledger import services as ledger
from weiyifang.people import living
from weiyifang.people.living import Part
from weiyifang.people.models import Resident

BANK_DAY = 28  # of each month: cash and WeChat money go to the bank
OFTEN = 30  # the cast's resident gives as often as so many neighbours, so that her page has gifts to show
INVOICES = ("invoice-1.jpg", "invoice-2.jpg", "invoice-3.jpg")
EVERY = 30  # so many payments have one that was photographed


class Days(living.Days):
    """Money first; late in the evening to the bank, and on the third of a month the one before is sealed."""

    @cached_property
    def plan(self) -> demo.Plan:
        return demo.plan_year(
            self.year.dice("fund"), first_day=self.year.first_day, last_day=self.year.last_day, scale=self.year.scale
        )

    @cached_property
    def givers(self) -> list[tuple[UUID, str]]:
        people = list(Resident.objects.living_here().order_by("number").values_list("id", "name"))
        often = Resident.objects.filter(account__username="resident").values_list("id", "name")
        return people + list(often) * OFTEN

    def open_fund(self, rng: random.Random, day: date) -> None:
        services.open_fund(by=self.year.cast["accountant"])

    def receive_and_spend(self, rng: random.Random, day: date) -> None:
        cast, gifts = self.year.cast, [gift for gift in self.plan.gifts if gift.day == day]
        demo.receive_day(rng, gifts, self.givers, accountant=cast["accountant"])
        if day.weekday() < 5 or self.year.is_last(day):
            since = day - timedelta(days=2 if day.weekday() == 0 else 0)  # on Monday what the weekend brought
            wanted = [one for one in self.plan.spendings if since <= one.day <= day]
            demo.spend_day(wanted, cast=cast)
        photograph_invoices(staff=cast["staff"])

    def leave_on_the_desk(self, rng: random.Random, day: date) -> None:
        demo.leave_on_the_desk(staff=self.year.cast["staff"], secretary=self.year.cast["secretary"])

    def take_to_the_bank(self, rng: random.Random, day: date) -> None:
        demo.take_to_the_bank(accountant=self.year.cast["accountant"], secretary=self.year.cast["secretary"])

    def end_the_year(self, rng: random.Random, day: date) -> None:
        cast = self.year.cast
        demo.release_what_was_spent(accountant=cast["accountant"], secretary=cast["secretary"])
        demo.compare(day, accountant=self.year.cast["accountant"])
        photograph_invoices(every=1, staff=self.year.cast["staff"])
        _lay_out(by=self.year.cast["accountant"])

    def seal_rows(self, rng: random.Random, day: date) -> None:
        ledger.seal_rows(books().book)  # outside the replay a job does it each minute

    def close_the_month(self, rng: random.Random, day: date) -> None:
        """A month's books are compared and sealed on the third of the next."""
        ended = day.replace(day=1) - timedelta(days=1)
        demo.compare(ended, accountant=self.year.cast["accountant"])
        services.close_month(month=ended.replace(day=1), by=self.year.cast["accountant"])

    def is_third(self, day: date) -> bool:
        return day.day == 3 and day.replace(day=1) > self.year.first_day

    def parts(self) -> Iterator[Part]:
        yield Part(turn=30, do=self.open_fund, at="07:40", opens="fund and news")
        yield Part(turn=10, do=self.receive_and_spend)
        yield Part(turn=70, do=self.leave_on_the_desk, on=self.year.is_last, at="16:30")
        yield Part(
            turn=80, do=self.take_to_the_bank, on=lambda day: day.day == BANK_DAY or self.year.is_last(day), at="22:00"
        )
        yield Part(turn=90, do=self.end_the_year, on=self.year.is_last, at="22:30")
        yield Part(turn=95, do=self.seal_rows, on=lambda day: day.weekday() == 6 or self.year.is_last(day))
        yield Part(turn=96, do=self.close_the_month, on=self.is_third)


def photograph_invoices(*, every: int = EVERY, staff: Actor) -> None:
    """Of what was asked for today and nobody has decided on, some lie there photographed."""
    for row in PaymentRequest.objects.filter(state=State.SUBMITTED, files_changed=0).order_by("number"):
        if row.number % every == 0:
            services.add_paper(request=row, brought=drawn.sheet(INVOICES[row.number % len(INVOICES)]), by=staff)


def _lay_out(*, by: Actor) -> None:
    """What lies there when the year ends: a gift's letter and slip, the bank's statement."""
    gifts = Donation.objects.filter(reversed_at=None).order_by("-number")
    mine = gifts.filter(resident__account__username="resident").first()
    _lay(gifts.filter(channel="partners").first(), "letter.jpg", "letter", by)
    _lay(mine, "slip.jpg", "slip", by)
    said = StatedBalance.objects.filter(method=Method.BANK).order_by("-stated_on", "-id").first()
    _lay(said, "statement.jpg", "statement", by)


def _lay(row: CommunityModel | None, name: str, what: str, by: Actor) -> None:
    if row is not None:
        files.add(owner=source_of(row), brought=drawn.sheet(name), what=what, by=by)
