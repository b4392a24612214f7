"""`verify` is green on a clean base and finds each planted fault by the row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import F

from weiyifang.capacity import services, verify
from weiyifang.capacity.models import Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.capacity.tests.make import later, open_pool, take, wait
from weiyifang.core import actors
from weiyifang.core.server import database

CONSTRAINTS = {
    "capacity_placepool": ["placepool_never_oversold"],
    "capacity_claim": ["claim_hold_ends"],
    "capacity_waitentry": ["waitentry_waits_without_claim", "waitentry_offer_holds_places"],
}


@pytest.fixture
def busy() -> PlacePool:
    """A pool in the middle of its life: 5 places; 2 taken, 1 held, 2 offered to a group; one waits."""
    pool = open_pool(5, skips_allowed=0)
    claims = [take(pool, name) for name in "abcd"]
    take(pool, "holder", hold_minutes=30)
    wait(pool, "group", 2)
    wait(pool, "last")
    for claim in claims[:2]:
        services.release(claim=claim, by=actors.system())
    return pool


def held() -> Claim:
    return Claim.objects.get(holder="holder")


def offer() -> WaitEntry:
    return WaitEntry.objects.get(holder="group")


def last() -> WaitEntry:
    return WaitEntry.objects.get(holder="last")


def test_a_clean_base_has_no_faults(busy: PlacePool) -> None:
    assert verify.check() == []
    with later(days=2):
        assert verify.check() == []
        services.expire_due(by=actors.system())
        assert verify.check() == []


FAULTS: dict[str, tuple[set[str], Callable[[], object]]] = {
    "taken is one too many": ({"counters"}, lambda: PlacePool.objects.update(taken=F("taken") + 1, places=6)),
    "held is one too few": ({"counters"}, lambda: PlacePool.objects.update(held=F("held") - 1, taken=3)),
    "waiting is forgotten": ({"counters"}, lambda: PlacePool.objects.update(waiting=0)),
    "a claim nobody counted": ({"counters", "oversold"}, lambda: Claim.objects.create(**dict(extra(), places=1))),
    "fewer places than are gone": ({"oversold"}, lambda: PlacePool.objects.update(places=4)),
    "a hold the pool does not know of": ({"lapses"}, lambda: PlacePool.objects.update(lapses_at=None)),
    "a hold for ever": ({"lapses"}, lambda: Claim.objects.filter(holder="holder").update(expires_at=None)),
    "an offer without a claim": ({"offers"}, lambda: WaitEntry.objects.filter(holder="group").update(claim=None)),
    "an offer with another's claim": (
        {"offers"},
        lambda: WaitEntry.objects.filter(holder="group").update(claim=held()),
    ),
    "an offer that ends when its claim does not": (
        {"offers"},
        lambda: WaitEntry.objects.filter(holder="group").update(offer_expires_at=held().expires_at),
    ),
    "one who waits with a claim": ({"offers"}, lambda: WaitEntry.objects.filter(holder="last").update(claim=held())),
    "accepted without a claim": (
        {"offers"},
        lambda: WaitEntry.objects.filter(holder="group").update(state=WaitState.ACCEPTED, claim=None),
    ),
    "a free place while somebody waits": ({"lines"}, lambda: PlacePool.objects.update(places=6)),
}


def extra() -> dict[str, object]:
    return {"pool": PlacePool.objects.get(), "holder": "stranger", "state": ClaimState.TAKEN}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, busy: PlacePool) -> None:
    checks, plant = FAULTS[name]
    plant_without_constraints(plant)
    found = verify.check()
    assert {fault.check for fault in found} == checks
    assert all(fault.where.startswith("capacity.") for fault in found)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("table", "constraint", "rows"), [("claim", "claim_once", Claim), ("waitentry", "waitentry_once", WaitEntry)]
)
def test_a_holder_who_is_there_twice_is_found(
    table: str, constraint: str, rows: type[Claim | WaitEntry], busy: PlacePool
) -> None:
    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [constraint])
        definition = cursor.fetchone()[0]
        cursor.execute(f"DROP INDEX {constraint}")
    try:
        holder = "a" if rows is Claim else "group"
        rows.objects.filter(holder="d" if rows is Claim else "last").update(holder="c" if rows is Claim else holder)
        assert "holders" in {fault.check for fault in verify.check()}
    finally:
        with database.as_owner(connection), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE capacity_{table} CASCADE")
            cursor.execute(definition)


def plant_without_constraints(plant: Callable[[], object]) -> None:
    """Do what the database would refuse: its CHECKs are set aside and put back unproven."""
    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = ANY(%s)",
            [[name for names in CONSTRAINTS.values() for name in names]],
        )
        definitions = cursor.fetchall()
        for table, name, _definition in definitions:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        plant()
    finally:
        with database.as_owner(connection), connection.cursor() as cursor:
            for table, name, definition in definitions:
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
