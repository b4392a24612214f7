"""A thousand claims on scarce places, against the best plain SQL that does the same without batching.

    make bench ARGS=capacity

Each line is the time of 1,000 claims (a million divided by it is claims a second), each in a transaction of its own
that waits for the disk. "one statement" is a prepared CTE sent by psycopg: count the place on the pool's row if one is
free, insert the claim. "transaction" is BEGIN, a conditional UPDATE, INSERT, COMMIT. Both write the same tables with
the same constraints; ours also clears lapsed holds, keeps the waiting list's turn and says why when it refuses.
"""

from __future__ import annotations

from bench.crowd import Crowd, Work, crowd
from bench.scratch import scratch_database
from bench.table import Row, compare
from weiyifang.capacity import services
from weiyifang.capacity.models import PlacePool
from weiyifang.communities.models import Community
from weiyifang.core import actors
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import in_community

NANHU = 500108002001
CLAIMS = 400  # in one run of one side
PLACES = 10_000_000
MANY = 50

ONE_STATEMENT = """
    WITH pool AS (
        UPDATE capacity_placepool SET taken = taken + 1
        WHERE community_id = %(community)s AND id = %(pool)s AND taken + held + 1 <= places RETURNING community_id, id)
    INSERT INTO capacity_claim (id, community_id, pool_id, holder, places, state)
    SELECT %(id)s, community_id, id, %(holder)s, 1, 'taken' FROM pool
"""
COUNT = """
    UPDATE capacity_placepool SET taken = taken + 1
    WHERE community_id = %(community)s AND id = %(pool)s AND taken + held + 1 <= places
"""
INSERT = """
    INSERT INTO capacity_claim (id, community_id, pool_id, holder, places, state)
    VALUES (%(id)s, %(community)s, %(pool)s, %(holder)s, 1, 'taken')
"""


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database() as url:
        Community.objects.create(id=NANHU, slug="nanhu", name="南湖社区", short_name="南湖社区")
        rows: list[Row] = []
        with in_community(NANHU):
            for size in (1, 8):
                for many in (1, MANY):
                    pools = [_pool(PLACES) for _number in range(many)]
                    with crowd(size, url) as people:
                        said = f"{many} pool{'s' * (many > 1)}, {size} client{'s' * (size > 1)}"
                        ours = _claim(pools)
                        rows.append(_measure(said, people, ours, "one statement", _one_statement(people, pools)))
                        rows.append(_measure(said, people, ours, "transaction", _transaction(people, pools)))
            full = [_pool(0)]
            with crowd(8, url) as people:
                rows.append(
                    _measure("too late, 8 clients", people, _refusal(full[0]), "UPDATE", _in_vain(people, full))
                )
    return rows


def _measure(name: str, people: Crowd, ours: Work, against: str, theirs: Work) -> Row:
    """Milliseconds for 1,000 calls of each side."""
    row = compare(name, lambda: people.share(ours, CLAIMS), against, lambda: people.share(theirs, CLAIMS))
    return Row(name, row.ours_ms * 1000 / CLAIMS, against, (row.against_ms or 0) * 1000 / CLAIMS)


def _pool(places: int) -> PlacePool:
    return services.open_pool(owner=f"bench.session:{new_id()}", places=places, by=actors.system())


def _claim(pools: list[PlacePool]) -> Work:
    by = actors.system()
    return lambda number: services.claim(pool=pools[number % len(pools)], holder=f"bench.person:{new_id()}", by=by)


def _refusal(pool: PlacePool) -> Work:
    take = _claim([pool])

    def refused(number: int) -> None:
        try:
            take(number)
        except services.Full:
            return
        raise AssertionError("a place where there is none")

    return refused


def _values(pools: list[PlacePool], number: int) -> dict[str, object]:
    pool = pools[number % len(pools)]
    return {"community": NANHU, "pool": pool.pk, "id": new_id(), "holder": f"bench.person:{new_id()}"}


def _one_statement(people: Crowd, pools: list[PlacePool]) -> Work:
    return lambda number: people.sql().execute(ONE_STATEMENT, _values(pools, number))


def _in_vain(people: Crowd, pools: list[PlacePool]) -> Work:
    return lambda number: people.sql().execute(COUNT, _values(pools, number))


def _transaction(people: Crowd, pools: list[PlacePool]) -> Work:
    def work(number: int) -> None:
        given = _values(pools, number)
        with people.sql().transaction():
            people.sql().execute(COUNT, given)
            people.sql().execute(INSERT, given)

    return work
