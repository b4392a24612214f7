"""What the clock asks for each minute and every five, at 300 communities where nothing is due.

    make bench ARGS=clock

Against the same jobs asked for in every community, where each only looks and finds nothing to do.
"""

from __future__ import annotations

from bench.scratch import scratch_database
from bench.table import Row, compare
from weiyifang.communities.models import Community
from weiyifang.core.server.jobs import enqueue, run_jobs
from weiyifang.core.tenancy import in_community

COMMUNITIES = 300


def run() -> list[Row]:
    """Measure on a database of its own."""
    from procrastinate.contrib.django import app

    from weiyifang.capacity.tasks import expire_holds
    from weiyifang.core.tasks import seal_journal
    from weiyifang.ledger import tasks as ledger
    from weiyifang.timetable.tasks import expire_allocations

    jobs = (expire_holds, ledger.expire_holds, ledger.seal, expire_allocations, seal_journal)

    def where_due() -> None:
        for task in jobs:
            app.tasks[f"{task.name}.tick"](timestamp=0)
        assert run_jobs() == 0

    def in_each() -> None:
        for task in jobs:
            for number in range(COMMUNITIES):
                with in_community(500108100000 + number):
                    enqueue(task, key="every")
        assert run_jobs() == COMMUNITIES * len(jobs)

    with scratch_database():
        Community.objects.bulk_create(
            Community(id=500108100000 + number, slug=f"c{number}", name=f"社区{number}", short_name=f"社区{number}")
            for number in range(COMMUNITIES)
        )
        return [compare("one round of the clock", where_due, "a job in each", in_each)]
