"""Pages to look at when running grants are entered, published, objected to and paid. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tests.browser.pages import BENCH, HOME, Moment, Visit
from tests.stage import Stage
from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.fund.tests import make as money
from weiyifang.grants import services
from weiyifang.grants.tests import make

NAMES = ("晨光合唱团", "晨光棋社", "晨光太极队", "晨光诗社")
POINTS = ("92", "85.5", "61", "40")


def a_year_of_grants(stage: Stage) -> Iterator[Visit]:
    """From an empty table to money, with a corrected line."""
    cast, bench = dict(stage.cast), f"{BENCH}grants/"
    money.gift(cast["accountant"], 500_000)
    groups = make.organizations(NAMES)
    empty = services.begin_run(year=2016, by=cast["staff"])
    yield Visit(name="grants-empty", address=f"{bench}{empty.pk}/", who="staff")
    table = make.table([*zip(NAMES, POINTS, strict=True)])
    waiting = make.handed_in(cast, table, 2017)
    yield Visit(name="grants-to-confirm", address=f"{bench}{waiting.pk}/", who="secretary")
    yield Visit(name="grants-handed-in", address=f"{bench}{waiting.pk}/", who="staff")
    with clock.at(clock.now() - timedelta(days=9)):
        run = services.publish(run=waiting, by=cast["secretary"])
        appeal = services.appeal(grant=make.of(run, groups[1]), words="漏了三次活动", by=make.leads(cast, groups[1]))
        services.answer_appeal(appeal=appeal, answer="已补记", tenths=905, grade="", by=cast["secretary"])
    yield Visit(name="grants-corrected", address=f"{bench}lines/{appeal.grant_id}/", who="staff")
    yield Visit(name="grants-to-pay", address=f"{bench}{run.pk}/", who="accountant")
    again = make.published(cast, table, 2018)
    asked = services.appeal(grant=make.of(again, groups[2]), words="分数加错了", by=make.leads(cast, groups[2]))
    yield Visit(name="grants-answer", address=f"{bench}lines/{asked.grant_id}/", who="secretary")
    services.pay_out(run=run, slip="回单 8", by=cast["accountant"])
    yield Visit(name="grants-public", address=f"{HOME}grants/2017/")
    yield Visit(name="grants-of", address=f"{HOME}grants/?of={source_of(groups[0])}")


MOMENTS: tuple[Moment, ...] = (a_year_of_grants,)
