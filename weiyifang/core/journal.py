"""The journal: what can only be added is written down in blocks, and each block's hash covers the one before.

PostgreSQL refuses the program's role to change or remove a row of an append-only table; whoever owns the database can
do it all the same. They cannot do it unseen: a block holds, for each of up to a thousand rows, its id and a digest of
its columns, so that `verify` names the row that is gone, differs or was slipped in later. A job makes the blocks a few
minutes after the rows: nobody who acts waits for it.

A digest is the first half of the SHA-256 of the row's columns as a JSON array (moments in UTC), written like a UUID.
The hash of a block is the SHA-256 of these lines: the hash before (or 64 zeros), its number, its table, its columns,
and for each row, in order of ids, the id and the digest.

Every model with `append_only = True` is in it, unless its `in_journal` says what keeps it instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import GreaterThan

from weiyifang.core import clock, locks
from weiyifang.core.ids import new_id
from weiyifang.core.models import Block
from weiyifang.core.tenancy import CommunityModel, current_community_id

START = "0" * 64  # the hash before the first
ROWS = 1_000  # of a block at most
LATE = timedelta(hours=1)  # a row may be committed so long after its id was made
_AS_IT_IS = (
    models.UUIDField,
    models.ForeignKey,
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.DateField,
    models.JSONField,
)


class Head(NamedTuple):
    """How far a chain has come: its newest number and hash, and how many rows it covers."""

    chain: str
    number: int
    hash: str
    rows: int

    def line(self, at: datetime, community_id: int) -> str:
        """The head as one line, for somebody to keep: moment, community, chain, number, rows, hash."""
        return (
            f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {community_id} {self.chain} {self.number} {self.rows} {self.hash}"
        )


def journaled() -> list[type[CommunityModel]]:
    """The models whose rows the journal covers."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, CommunityModel) and model.append_only and not model.in_journal.instead
    ]


def columns(model: type[CommunityModel]) -> list[str]:
    """The columns a digest covers from now on (a block remembers those it was made of)."""
    fields = [field for field in model._meta.local_concrete_fields if field.name != "community"]
    return [field.column for field in fields if field.column]


def digest_sql(model: type[CommunityModel], names: list[str], alias: str) -> str:
    """The digest of the row called `alias`, as SQL."""
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    values = ", ".join(_value_sql(fields[name], f"{alias}.{connection.ops.quote_name(name)}") for name in names)
    return f"left(encode(sha256(convert_to(jsonb_build_array({values})::text, 'UTF8')), 'hex'), 32)::uuid"


def _value_sql(field: models.Field[Any, Any], column: str) -> str:
    if isinstance(field, models.DateTimeField):
        return f"{column} AT TIME ZONE 'UTC'"
    if isinstance(field, models.BinaryField):
        return f"encode({column}, 'hex')"
    if isinstance(field, _AS_IT_IS):
        return column
    raise TypeError(f"{field}: say in core/journal.py how the journal writes a {type(field).__name__}")


def head() -> Head:
    """The head of the journal of the community at hand; number 0 while it is empty."""
    last = Block.objects.order_by("-number").values_list("number", "hash").first() or (0, START)
    rows = Block.objects.aggregate(sum=models.Sum("rows"))["sum"]
    return Head("journal", *last, int(rows or 0))


def seal_new() -> int:
    """Write down what was added since the last block, and what was committed a little late; gives how many rows."""
    return _seal(everything=False)


def seal_all() -> int:
    """The same, looking at every row: one may have been committed very late."""
    return _seal(everything=True)


def homes_with_new() -> list[int]:
    """The communities where rows were added since the last block, or may have been committed a little late: one query.

    A row that was committed late lies before the end of its table's last block, and was made within the last two hours.
    """
    recent = models.Value(first_id_at(clock.now() - 2 * LATE), output_field=models.UUIDField())
    none = models.Value(UUID(int=0), output_field=models.UUIDField())
    found = models.Q()
    for model in journaled():
        blocks = Block.everywhere.filter(  # everywhere: of the community of the row around it
            community=OuterRef("pk"), model=model._meta.label_lower
        )
        up_to = Subquery(blocks.order_by("-number").values("up_to")[:1])
        newest = model.everywhere.filter(community=OuterRef("pk"))  # everywhere: of each in turn
        newest_id = Subquery(newest.order_by("-pk").values("pk")[:1])  # not EXISTS, which may read the whole table
        found |= models.Q(GreaterThan(newest_id, Least(recent, Coalesce(up_to, none))))
    homes: Any = Block._meta.get_field("community").related_model
    return list(homes.objects.filter(found).order_by("pk").values_list("pk", flat=True))


def moment_of(pk: UUID) -> datetime:
    """When an id was made; an id that is no UUIDv7 was made at no moment: the last there is."""
    milliseconds = pk.int >> 80
    if pk.version != 7 or milliseconds > 253_370_764_800_000:  # the year 9999
        return datetime.max.replace(tzinfo=UTC)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def first_id_at(moment: datetime) -> UUID:
    """The smallest UUIDv7 there can be at a moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)


@transaction.atomic
def _seal(*, everything: bool) -> int:
    """Write down the rows that are in no block; one sealer of a community at a time."""
    locks.take("journal")
    number, before = Block.objects.order_by("-number").values_list("number", "hash").first() or (0, START)
    count = 0
    for model in journaled():
        of_model = Block.objects.filter(model=model._meta.label_lower).order_by("-number")
        up_to = of_model.values_list("up_to", flat=True).first() or UUID(int=0)
        fresh = _in_no_block(model, UUID(int=0) if everything or not up_to.int else _a_little_before(up_to))
        while ids := list(islice(fresh, ROWS)):
            number, up_to = number + 1, max(up_to, ids[-1])
            before = _write(model, ids, number=number, before=before, up_to=up_to)
            count += len(ids)
    return count


def _a_little_before(up_to: UUID) -> UUID:
    """Where a look for new rows begins."""
    return first_id_at(min(moment_of(up_to), clock.now()) - LATE)


def _in_no_block(model: type[CommunityModel], first: UUID) -> Iterator[UUID]:
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"""
        SELECT t.id FROM {table} t
        LEFT JOIN (SELECT unnest(members) AS id FROM core_block
            WHERE community_id = %(community)s AND model = %(model)s AND up_to >= %(first)s) m ON m.id = t.id
        WHERE t.community_id = %(community)s AND t.id >= %(first)s AND m.id IS NULL ORDER BY t.id"""  # noqa: S608  a quoted name of our own
    values: dict[str, Any] = {"community": current_community_id(), "model": model._meta.label_lower, "first": first}
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(ROWS):
            yield from (pk for (pk,) in rows)


def _write(model: type[CommunityModel], ids: list[UUID], *, number: int, before: str, up_to: UUID) -> str:
    """Add a block of these rows; gives its hash."""
    names, table = columns(model), connection.ops.quote_name(model._meta.db_table)
    statement = f"""
        INSERT INTO core_block
            (id, community_id, number, model, columns, rows, up_to, members, digests, hash, made_at)
        SELECT %(id)s, %(community)s, %(number)s, %(model)s, %(columns)s, count(*), %(up_to)s,
            array_agg(id ORDER BY id), array_agg(digest ORDER BY id),
            encode(sha256(convert_to(concat_ws(E'\\n', %(before)s, %(number)s::text, %(model)s, %(columns)s,
                string_agg(id || ' ' || digest, E'\\n' ORDER BY id)), 'UTF8')), 'hex'), %(at)s
        FROM (SELECT t.id, {digest_sql(model, names, "t")} AS digest FROM {table} t
            WHERE t.community_id = %(community)s AND t.id = ANY(%(ids)s)) one
        RETURNING hash"""  # noqa: S608  quoted names of our own
    values: dict[str, Any] = {
        "id": new_id(),
        "community": current_community_id(),
        "number": number,
        "model": model._meta.label_lower,
        "columns": ",".join(names),
        "up_to": up_to,
        "before": before,
        "at": clock.now(),
        "ids": ids,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return str(cursor.fetchone()[0])
