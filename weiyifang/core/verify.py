"""Does the journal still say what the tables say? Looks at every row of every append-only table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from weiyifang.core import clock, journal
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import CommunityModel, current_community_id

NAMED = 100  # rows of one block that are named
BACK = timedelta(days=1)  # how far moments may go back from one block to the next: the replay's clock is no stricter


class _Made(NamedTuple):
    """A block without its rows, and the hash it should have."""

    id: UUID
    number: int
    model: str
    columns: str
    first: UUID
    last: UUID
    due: str
    hash: str
    whole: bool


@dataclass
class _Block:
    """What the rows of a block say now."""

    gone: list[UUID]
    changed: list[UUID]
    first: datetime | None
    last: datetime | None


def check() -> list[Fault]:
    """Every fault of the journal in the community at hand; a row is named as its source, a block likewise."""
    with transaction.atomic():
        made = _blocks()
        return [*_chain(made), *(fault for model in journal.journaled() for fault in _table(model, made))]


def _blocks() -> list[_Made]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, number, model, columns, members[1], members[rows],
                encode(sha256(convert_to(concat_ws(E'\\n', lag(hash, 1, %s) OVER (ORDER BY number), number::text, model,
                    columns, (SELECT string_agg(one.id || ' ' || one.digest, E'\\n' ORDER BY one.n)
                    FROM unnest(members, digests) WITH ORDINALITY AS one(id, digest, n))), 'UTF8')), 'hex'), hash,
                rows = cardinality(members) AND rows = cardinality(digests)
            FROM core_block WHERE community_id = %s ORDER BY number""",
            [journal.START, current_community_id()],
        )
        return [_Made._make(row) for row in cursor.fetchall()]


def _chain(blocks: list[_Made]) -> Iterator[Fault]:
    """The blocks have numbers without a gap, and each hash follows from the one before and from its rows."""
    for due, block in enumerate(blocks, 1):
        if block.number != due and (due == 1 or block.number != blocks[due - 2].number + 1):
            what = f"has number {block.number} after {blocks[due - 2].number if due > 1 else 0}: blocks are missing"
            yield _fault(f"core.block:{block.id}", what)
        if block.due != block.hash or not block.whole:
            yield _fault(f"core.block:{block.id}", f"block {block.number} of {block.model} does not give its hash")


def _table(model: type[CommunityModel], made: list[_Made]) -> Iterator[Fault]:
    blocks = [block for block in made if block.model == model._meta.label_lower]
    found: dict[int, _Block] = {}
    for names in dict.fromkeys(block.columns for block in blocks):
        found |= _compare(model, names)
    latest, moment = datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    for block in blocks:
        rows = found[block.number]
        yield from (_row(model, pk, f"is gone; block {block.number} holds it") for pk in rows.gone[:NAMED])
        yield from (_row(model, pk, f"is not what block {block.number} holds") for pk in rows.changed[:NAMED])
        if latest != datetime.min.replace(tzinfo=UTC):
            since = latest - journal.LATE
            if journal.moment_of(block.first) < since:
                yield from _slipped_in(model, block.number, "id", journal.first_id_at(since))
        if rows.first is not None and rows.first < moment:
            yield from _slipped_in(model, block.number, model.in_journal.moment, moment)
        latest = min(journal.moment_of(block.last), clock.now())
        if rows.last is not None:
            moment = rows.last - BACK
    yield from _unwritten(model, journal.first_id_at(latest - journal.LATE) if blocks else None)


def _compare(model: type[CommunityModel], columns: str) -> dict[int, _Block]:
    """Block number → how its rows stand now, for the blocks of a table that cover these columns."""
    quote, names = connection.ops.quote_name, columns.split(",")
    missing = {*names} - {field.column for field in model._meta.local_concrete_fields}
    digest = "NULL::uuid" if missing else journal.digest_sql(model, names, "t")  # a dropped column: every row differs
    moment = f"t.{quote(model.in_journal.moment)}" if model.in_journal.moment else "NULL::timestamptz"
    statement = f"""
        SELECT b.number, array_remove(array_agg(m.id) FILTER (WHERE t.id IS NULL), NULL),
            array_agg(m.id) FILTER (WHERE t.id IS NOT NULL AND {digest} IS DISTINCT FROM m.digest),
            min({moment}), max({moment})
        FROM core_block b CROSS JOIN LATERAL unnest(b.members, b.digests) AS m(id, digest)
        LEFT JOIN {quote(model._meta.db_table)} t ON t.community_id = b.community_id AND t.id = m.id
        WHERE b.community_id = %s AND b.model = %s AND b.columns = %s GROUP BY b.number"""  # noqa: S608  quoted names of our own
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_community_id(), model._meta.label_lower, columns])
        return {number: _Block(gone or [], changed or [], *span) for number, gone, changed, *span in cursor.fetchall()}


def _slipped_in(model: type[CommunityModel], number: int, column: str, before: UUID | datetime) -> Iterator[Fault]:
    """The rows of a block whose id or moment lies before what was written down earlier."""
    quote = connection.ops.quote_name
    statement = f"""
        SELECT t.id FROM core_block b JOIN {quote(model._meta.db_table)} t
            ON t.community_id = b.community_id AND t.id = ANY(b.members)
        WHERE b.community_id = %s AND b.number = %s AND t.{quote(column)} < %s ORDER BY t.id LIMIT {NAMED}"""  # noqa: S608  as above
    with connection.cursor() as cursor:
        cursor.execute(statement, [current_community_id(), number, before])
        for (pk,) in cursor.fetchall():
            yield _row(model, pk, f"came into block {number} long after the moment it carries ({column})")


def _unwritten(model: type[CommunityModel], since: UUID | None) -> Iterator[Fault]:
    """Rows that are in no block: they have to be new, and their ids made by the program."""
    after = since or UUID(int=0)
    quote = connection.ops.quote_name
    statement = f"""
        SELECT t.id FROM {quote(model._meta.db_table)} t
        LEFT JOIN (SELECT unnest(members) AS id FROM core_block WHERE community_id = %(community)s
            AND model = %(model)s) m ON m.id = t.id
        WHERE t.community_id = %(community)s AND m.id IS NULL
            AND (t.id < %(after)s OR t.id > %(future)s OR substr(t.id::text, 15, 1) <> '7') LIMIT {NAMED}"""  # noqa: S608  as above
    values: dict[str, Any] = {
        "community": current_community_id(),
        "model": model._meta.label_lower,
        "after": after,
        "future": journal.first_id_at(clock.now() + BACK),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for (pk,) in cursor.fetchall():
            yield _row(model, pk, "is in no block, and its id says that it should be in one")


def _row(model: type[CommunityModel], pk: UUID, what: str) -> Fault:
    return _fault(f"{model._meta.label_lower}:{pk}", what)


def _fault(where: str, what: str) -> Fault:
    return Fault(check="journal", where=where, what=what)
