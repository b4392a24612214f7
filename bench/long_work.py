"""A whole register of 22,000 residents handed over, against the same work that somebody waits for.

    make bench ARGS=long_work

What handing over costs: the row, how far it is each second over a connection of its own, the sealed file, the message.
The import is measured once, on 22,000 more people; the worker's way to the job (milliseconds) is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from bench.scratch import scratch_database
from bench.table import Row, compare, elapsed_ms
from weiyifang.communities.services import open_community
from weiyifang.core import long_work
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import in_community
from weiyifang.errands import services
from weiyifang.errands.models import Errand, State
from weiyifang.people import services as people
from weiyifang.people.actors import actor_for
from weiyifang.people.population import make_population
from weiyifang.people.roles import Role

PEOPLE = 22_000


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database():
        community = open_community(code=500108002001, slug="nanhu")
        with in_community(community):
            account = people.make_account(name="周敏", phone="199 0000 0001", phone_verified=True)
            people.give_duty(account=account, role=Role.STAFF, by=system())
            staff = actor_for(account)
            make_population(7, PEOPLE)
            rows = [
                compare(f"{PEOPLE:,} as {form}", _handed_over(form, staff), "at once", _at_once(form, staff))
                for form in ("csv", "xlsx")
            ]
            return [*rows, Row(f"{PEOPLE:,} more imported", elapsed_ms(_import(staff)))]


def _handed_over(form: str, by: Actor) -> Callable[[], None]:
    return lambda: _carry_out(services.ask(kind="residents_export", arguments=_wanted(form), by=by))


def _wanted(form: str) -> dict[str, Any]:
    return {"wishes": {}, "form": form, "sensitive": False}


def _at_once(form: str, by: Actor) -> Callable[[], None]:
    def made() -> None:
        with transaction.atomic():
            long_work.kind("residents_export").run(_wanted(form), by, long_work.nowhere)

    return made


def _import(by: Actor) -> Callable[[], None]:
    lines = (f"新{number},1960-01-01,学府花园,{900 + number // 1000},1,{number % 1000}\n" for number in range(PEOPLE))
    table = "姓名,出生日期,小区,楼栋,单元,门牌\n" + "".join(lines)
    draft = people.keep_draft(file_name="a.csv", content=table.encode(), people=PEOPLE, by=by)
    errand = services.ask(kind="residents_import", arguments={"draft": str(draft.pk), "also": []}, by=by)
    return lambda: _carry_out(errand)


def _carry_out(errand: Errand) -> None:
    services.carry_out(errand_id=errand.pk)
    done = Errand.objects.get(pk=errand.pk)
    assert done.state == State.DONE, done.said
