"""The year, step by step: who opens what, and what happens on each day, carried out through the services."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from uuid import UUID

from weiyifang.activities import demo as activities_demo
from weiyifang.communities.models import Community
from weiyifang.communities.services import open_community
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import source_of
from weiyifang.fund import demo as fund_demo
from weiyifang.fund import services as fund
from weiyifang.fund.books import books
from weiyifang.ledger import services as ledger
from weiyifang.news import demo as news_demo
from weiyifang.news import reading
from weiyifang.news import services as news
from weiyifang.news.models import Article
from weiyifang.news.services import counting
from weiyifang.notices import demo as notices_demo
from weiyifang.organizations import demo as organizations_demo
from weiyifang.organizations.models import Organization
from weiyifang.people import demo as people_demo
from weiyifang.people import population
from weiyifang.people import services as people
from weiyifang.people.actors import actor_for
from weiyifang.people.models import Account, Resident
from weiyifang.replay import papers
from weiyifang.replay.engine import Step
from weiyifang.replay.models import Run
from weiyifang.replay.plan import DAYS, Paper, first_day_of, plan_paper, scaled
from weiyifang.volunteering import demo as volunteering_demo

CODE, SLUG, PHONE, HOURS = 500108002001, "nanhu", "023-0123 9999", "8:00–20:00"  # the number belongs to nobody
RESIDENTS, ARTICLES, READS = 22_000, 806, 161_200  # brief of the place, a year's figures
DEVICES = 40_000  # readers are neighbours and people elsewhere
LED = "摄友之家"  # what the cast's organization leader leads
BANK_DAY = 28  # of each month: cash and WeChat money go to the bank
CHOIR = "南湖合唱团"  # where the cast's resident sings
OFTEN = 30  # the cast's resident gives as often as so many neighbours, so that her page has gifts to show
CALLS_EVERY = 7  # days after which the lists are worked through
PICTURED = 60  # days before the last: articles of these show pictures, so that the newest pages have them
SIGN_IN_EVERY = 60  # days in which each of the cast types a code


def open_nanhu() -> Community:
    """The community of the replay, opened from the register, or found open."""
    return open_community(code=CODE, slug=SLUG, phone=PHONE, phone_hours=HOURS)


@dataclass
class Year:
    """One run's year."""

    run: Run
    community: Community

    @property
    def first_day(self) -> date:
        return first_day_of(self.run.last_day)

    def _dice(self, name: str) -> random.Random:
        return random.Random(f"{self.run.seed}:{name}")  # noqa: S311  dice of a demo year

    @cached_property
    def money(self) -> fund_demo.Plan:
        return fund_demo.plan_year(
            self._dice("fund"), first_day=self.first_day, last_day=self.run.last_day, scale=self.run.scale
        )

    @cached_property
    def programme(self) -> list[activities_demo.ActivityPlan]:
        return activities_demo.plan_year(self._dice("activities"), self.first_day, self.run.last_day, self.run.scale)

    @cached_property
    def crowd(self) -> activities_demo.Crowd:
        return activities_demo.Crowd.load(self.first_day)

    @cached_property
    def organizers(self) -> dict[str, str]:
        return {row.name: source_of(row) for row in Organization.objects.all()}

    @cached_property
    def paper(self) -> Paper:
        return plan_paper(
            self._dice("news"), articles=scaled(ARTICLES, self.run.scale), reads=scaled(READS, self.run.scale)
        )

    @cached_property
    def actors(self) -> dict[str, Actor]:
        """The cast, asked for anew in each process."""
        keys = [part.key for part in people_demo.PARTS]
        return {account.username: actor_for(account) for account in Account.objects.filter(username__in=keys)}

    @cached_property
    def givers(self) -> list[tuple[UUID, str]]:
        people = list(Resident.objects.living_here().order_by("number").values_list("id", "name"))
        often = Resident.objects.filter(account__username="resident").values_list("id", "name")
        return people + list(often) * OFTEN

    def steps(self) -> list[Step]:
        """Everything, in order."""
        start = clock.local(self.first_day, "07:00")
        opening = [
            Step(name="people", at=start, do=self._people),
            Step(name="organizations", at=start + timedelta(minutes=20), do=self._organizations),
            Step(name="volunteers", at=start + timedelta(minutes=30), do=self._volunteers),
            Step(name="fund and news", at=start + timedelta(minutes=40), do=self._desks),
        ]
        days = [
            Step(name=str(day), at=clock.local(day, "08:00"), do=partial(self._day, number=number))
            for number in range(DAYS)
            for day in [self.first_day + timedelta(days=number)]
        ]
        return [*opening, *days]

    def _people(self, rng: random.Random) -> None:
        people_demo.make_cast(self.community)
        people.publish_standard_texts(by=self.actors["secretary"])
        cast = Resident.objects.count()
        population.make_population(self.run.seed, max(1, scaled(RESIDENTS, self.run.scale) - cast))

    def _organizations(self, rng: random.Random) -> None:
        leader = Resident.objects.filter(account__username="leader").first()
        organizations_demo.make_organizations(rng, by=system(), leader=leader)
        people_demo.make_cast(self.community, leader_of=source_of(Organization.objects.get(name=LED)))
        sings = Resident.objects.get(account__username="resident")
        organizations_demo.join(resident=sings, name=CHOIR, by=system())

    def _volunteers(self, rng: random.Random) -> None:
        cast = Resident.objects.filter(account__username__in=self.actors).exclude(account__username="leader")
        volunteering_demo.begin_teams(
            rng, leader=Resident.objects.get(account__username="leader"), cast=list(cast), scale=self.run.scale
        )

    def _desks(self, rng: random.Random) -> None:
        fund.open_fund(by=self.actors["accountant"])
        news.open_columns(by=system())

    def _day(self, rng: random.Random, number: int) -> None:
        day = self.first_day + timedelta(days=number)
        self._money(rng, day)
        papers.photograph_invoices(staff=self.actors["staff"])
        self._news(rng, day, number)
        self._activities(rng, day)
        self._reads(rng, day, number)
        if number % CALLS_EVERY == 0:
            notices_demo.go_round(by=self.actors["volunteer"])
        if number % SIGN_IN_EVERY == 0 or day == self.run.last_day:
            people_demo.sign_in_again(Account.objects.filter(username__in=self.actors))
        if day == self.run.last_day:
            self._desk(rng)
        if day.day == BANK_DAY or day == self.run.last_day:
            with clock.at(clock.local(day, "22:00")):
                fund_demo.take_to_the_bank(accountant=self.actors["accountant"], secretary=self.actors["secretary"])
        if day == self.run.last_day:
            with clock.at(clock.local(day, "22:30")):
                fund_demo.compare(day, accountant=self.actors["accountant"])
                papers.lay_out(cast=self.actors, choir=CHOIR, led=LED)
        if day.weekday() == 6 or day == self.run.last_day:  # outside the replay a job does it each minute
            ledger.seal_rows(books().book)
        ended = day.replace(day=1) - timedelta(days=1)
        if day.day == 3 and ended >= self.first_day:  # a month's books are compared and sealed on the third of the next
            fund_demo.compare(ended, accountant=self.actors["accountant"])
            fund.close_month(month=ended.replace(day=1), by=self.actors["accountant"])

    def _money(self, rng: random.Random, day: date) -> None:
        gifts = [gift for gift in self.money.gifts if gift.day == day]
        fund_demo.receive_day(rng, gifts, self.givers, self.organizers, accountant=self.actors["accountant"])
        if day.weekday() < 5 or day == self.run.last_day:
            since = day - timedelta(days=2 if day.weekday() == 0 else 0)  # on Monday what the weekend brought
            wanted = [one for one in self.money.spendings if since <= one.day <= day]
            fund_demo.spend_day(
                wanted,
                staff=self.actors["staff"],
                secretary=self.actors["secretary"],
                accountant=self.actors["accountant"],
            )

    def _desk(self, rng: random.Random) -> None:
        """What waits when the year ends: the workbench opens on real work."""
        cast = self.actors
        resident = Resident.objects.get(account__username="resident")
        with clock.at(clock.local(self.run.last_day, "16:30")):
            fund_demo.leave_on_the_desk(staff=cast["staff"], secretary=cast["secretary"])
            news_demo.leave_on_the_desk(staff=cast["staff"], secretary=cast["secretary"])
            organizations_demo.leave_on_the_desk(rng, name=LED)
            activities_demo.leave_on_the_desk(resident=resident, by=cast["resident"])
            activities_demo.call_one_off(whose=cast["resident"], reason="那天楼里停水，改日再办。", by=cast["staff"])
        with clock.at(clock.local(self.run.last_day, "17:00")):
            notices_demo.set_out()  # whoever has to be called waits on the list

    def _activities(self, rng: random.Random, day: date) -> None:
        staff = self.actors["staff"]
        activities_demo.prepare_day(
            rng,
            self.programme,
            self.crowd,
            organizers=self.organizers,
            last_day=self.run.last_day,
            by=staff,
        )
        with clock.at(clock.local(day, "21:30")):
            activities_demo.attend_day(rng, self.programme, self.crowd, by=staff)

    def _news(self, rng: random.Random, day: date, number: int) -> None:
        if count := self.paper.a_day[number]:
            writers = [self.actors[key] for key in ("staff", "secretary", "leader")]
            lately = day > self.run.last_day - timedelta(days=PICTURED)
            news_demo.make_articles(rng, day, count, writers=writers, reviewers=writers[:2], with_pictures=lately)

    def _reads(self, rng: random.Random, day: date, number: int) -> None:
        wanted = self.paper.read_on(number)
        if not wanted:
            return
        articles = list(Article.objects.order_by("number").values_list("pk", flat=True))
        openings = [
            counting.Opening(article_id=articles[order], day=day, reader=reading.reader_key(f"demo {reader}", day))
            for order, count in wanted
            for reader in rng.sample(range(DEVICES), count)
        ]
        news.record_reads(openings)
