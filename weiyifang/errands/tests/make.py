"""Work to try it with: a list of residents that counts to ten, and lets a test interfere at a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.long_work import Arguments, Kind, Made, Result, Step, along
from weiyifang.errands import services
from weiyifang.errands.models import Errand
from weiyifang.people import rules
from weiyifang.people import services as people

STEPS = 10
at_step: dict[int, Callable[[], object]] = {}  # what happens before a step


def _run(arguments: Arguments, by: Actor, step: Step) -> Result:
    people.register_resident(name="新来的", by=system())
    for number in along(range(STEPS), STEPS, step):
        at_step.get(number, lambda: None)()
    return Result(came={"count": STEPS}, file=Made(name="list.csv", media_type="text/csv", content=b"\xef\xbb\xbfa,b"))


KINDS = {
    "test_list": Kind(
        title="a list",
        run=_run,
        may=lambda actor, _arguments: rules.can_see_residents(actor),
        words=lambda came: f"{came['count']} rows",
        shows_numbers=lambda arguments: bool(arguments.get("sensitive")),
        names_people=True,
    )
}


def asked(by: Actor, **arguments: Any) -> Errand:
    """Somebody hands it over."""
    return services.ask(kind="test_list", arguments={"of": "everybody", **arguments}, by=by)


def carried_out(errand: Errand) -> Errand:
    """The worker takes what is due, each verb in a transaction of its own as there; how it stands then."""
    while (number := _due()) is not None:
        services.carry_out(errand_id=number)
    return Errand.objects.get(pk=errand.pk)


def _due() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT id FROM procrastinate_jobs WHERE queue_name = 'errands'"
            " AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY id LIMIT 1) RETURNING args->>'errand_id'",
            [clock.now()],
        )
        row = cursor.fetchone()
    return UUID(row[0]) if row else None
