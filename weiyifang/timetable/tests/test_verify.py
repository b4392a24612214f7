"""`verify` is green on a clean base and finds each planted fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from weiyifang.core import actors
from weiyifang.core.server import database
from weiyifang.timetable import services, verify
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.tests.make import PIANO, ROOM, at, book

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
CONSTRAINTS = [
    "allocation_one_at_a_time",
    "allocation_span_is_half_open",
    "allocation_buffers_cover",
    "allocation_hold_ends",
]


@pytest.fixture
def busy(home: None) -> None:
    """A day with neighbours, buffers and something released."""
    book(ROOM, PIANO, after=15)
    book(ROOM, start=11.25, end=12, source="next")
    book(PIANO, start=14, end=15, source="gone")
    services.release(source="gone", by=actors.system())
    book(PIANO, start=14, end=15, source="again")
    for source in ("beside", "beside it"):
        book(replace(ROOM, shared=True), start=14, end=15, source=source)


def update(source: str, **values: object) -> Callable[[], object]:
    return lambda: Allocation.objects.filter(source=source).update(**values)


def span(start: float | None, end: float | None, bounds: str = "[)") -> DateTimeTZRange:
    return DateTimeTZRange(None if start is None else at(start), None if end is None else at(end), bounds)


FAULTS: dict[str, tuple[str, Callable[[], object]]] = {
    "an overlap": ("overlaps", update("next", during=span(11, 12), buffered=span(11, 12))),
    "an overlap of buffers only": ("overlaps", update("next", buffered=span(11, 12))),
    "a released one that came back": ("overlaps", update("gone", state="confirmed")),
    "one that has alone what another shares": ("overlaps", update("beside it", is_shared=False)),
    "an empty span": ("spans", update("again", during=span(14, 14))),
    "a span without an end": ("spans", update("again", during=span(14, None), buffered=span(14, None))),
    "buffers that do not cover": ("spans", update("again", buffered=span(14.5, 15))),
    "empty buffers": ("spans", update("again", buffered=span(14, 14))),
    "a closed span": ("spans", update("again", during=span(14, 15, "[]"), buffered=span(14, 15, "[]"))),
    "a hold for ever": ("holds", update("again", state="hold")),
}


def test_a_clean_base_has_no_faults(busy: None) -> None:
    assert Allocation.objects.count() == 7
    assert verify.check() == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, busy: None) -> None:
    check, plant = FAULTS[name]
    definitions = []
    with database.as_owner(connection), connection.cursor() as cursor:
        for constraint in CONSTRAINTS:
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint])
            definitions.append(cursor.fetchone()[0])
            cursor.execute(f"ALTER TABLE timetable_allocation DROP CONSTRAINT {constraint}")
    try:
        plant()
        (fault,) = verify.check()
        assert (fault.check, fault.where.split()[0]) == (check, "timetable.Allocation")
    finally:
        with database.as_owner(connection), connection.cursor() as cursor:
            cursor.execute("TRUNCATE timetable_allocation")
            for constraint, definition in zip(CONSTRAINTS, definitions, strict=True):
                cursor.execute(f"ALTER TABLE timetable_allocation ADD CONSTRAINT {constraint} {definition}")
