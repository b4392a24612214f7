"""What the owner of the database does to rows that can only be added is named by the row, or by the block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F

from weiyifang.communities.models import Community
from weiyifang.core import clock, journal, verify
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.models import Block, TimelineEntry
from weiyifang.core.server.database import append_only_models, as_owner
from weiyifang.core.tenancy import CommunityModel, in_community
from weiyifang.people.events import ConsentTextPublished

BY = Actor(account_id=UUID("01900000-0000-7000-8000-00000000aaaa"), community_id=500108002001, name="周敏")
NEIGHBOUR = 500108002002
STORY = "core.timelineentry"

pytestmark = pytest.mark.any_lock_order  # what an intruder does keeps no order


@transaction.atomic
def tell(version: int) -> TimelineEntry:
    subject = f"people.consenttext:{new_id()}"
    announce(ConsentTextPublished(subject=subject, purpose="photos", version=version), by=BY)
    return TimelineEntry.objects.get(subject=subject)


@pytest.fixture
def told(transactional_db: None, community: Community, neighbour: Community) -> Iterator[list[TimelineEntry]]:
    """Six facts: three in the first block, two in the second, one in none yet."""
    with in_community(community):
        journal.seal_all()
        first = [tell(number) for number in range(3)]
        journal.seal_new()
        second = [tell(number) for number in range(3, 5)]
        journal.seal_new()
        yield [*first, *second, tell(5)]


def found() -> set[str]:
    return {fault.where for fault in verify.check()}


def block_of(row: TimelineEntry) -> Block:
    return Block.objects.get(model=STORY, members__contains=[row.pk])


def change(row: TimelineEntry, **values: object) -> str:
    TimelineEntry.objects.filter(pk=row.pk).update(**values)
    return f"{STORY}:{row.pk}"


def gone(row: TimelineEntry) -> str:
    TimelineEntry.objects.filter(pk=row.pk)._raw_delete("default")
    return f"{STORY}:{row.pk}"


def slip_in(pk: UUID, at: datetime) -> str:
    TimelineEntry(id=pk, verb="DutyGiven", subject="people.duty:1", at=at).save(force_insert=True)
    return f"{STORY}:{pk}"


def slip_in_and_seal(pk: UUID, at: datetime) -> str:
    where = slip_in(pk, at)
    journal.seal_all()
    return where


def long_ago() -> datetime:
    return clock.now() - timedelta(days=30)


def change_block(block: Block, **values: object) -> str:
    Block.objects.filter(pk=block.pk).update(**values)
    return f"core.block:{block.pk}"


def without_the_second_block(told: list[TimelineEntry]) -> str:
    """Its rows with it: then the next one stands where it was due."""
    TimelineEntry.objects.filter(pk__in=[told[3].pk, told[4].pk])._raw_delete("default")
    Block.objects.filter(pk=block_of(told[0]).pk)._raw_delete("default")
    return f"core.block:{Block.objects.get(model=STORY).pk}"


def both_the_row_and_its_place_in_the_block(told: list[TimelineEntry]) -> str:
    block = block_of(told[1])
    gone(told[1])
    keep = [place for place, pk in enumerate(block.members) if pk != told[1].pk]
    return change_block(
        block,
        rows=block.rows - 1,
        members=[block.members[place] for place in keep],
        digests=[block.digests[place] for place in keep],
    )


DEEDS: dict[str, Callable[[list[TimelineEntry]], str]] = {
    "a row is deleted": lambda told: gone(told[1]),
    "a row is given to another": lambda told: change(told[1], actor_account_id=new_id()),
    "a row is given to the program": lambda told: change(told[1], actor_account_id=None, actor_name="system"),
    "what it says": lambda told: change(told[3], values={"purpose": "photos", "version": 9}),
    "what it is about": lambda told: change(told[3], subject="people.consenttext:1"),
    "what happened": lambda told: change(told[3], verb="ConsentGiven"),
    "when": lambda told: change(told[0], at=F("at") + timedelta(microseconds=1)),
    "in which community": lambda told: change(told[2], community_id=NEIGHBOUR),
    "a row of last month": lambda _told: slip_in(journal.first_id_at(long_ago()), long_ago()),
    "the same, sealed since": lambda _told: slip_in_and_seal(journal.first_id_at(long_ago()), long_ago()),
    "a new row of last month, sealed since": lambda _told: slip_in_and_seal(new_id(), long_ago()),
    "a row of next year": lambda _told: slip_in(journal.first_id_at(clock.now() + timedelta(days=365)), clock.now()),
    "a row with any id": lambda _told: slip_in(uuid4(), clock.now()),
    "the hash of a block": lambda told: change_block(block_of(told[0]), hash="0" * 64),
    "the number of a block": lambda told: change_block(block_of(told[4]), number=99),
    "the rows of a block": both_the_row_and_its_place_in_the_block,
    "a block, with its rows": without_the_second_block,
}


@pytest.mark.any_lock_order
def test_every_change_is_named_by_its_row_or_its_block(told: list[TimelineEntry]) -> None:
    assert found() == set()
    missed = {}
    with as_owner(connection):
        for name, plant in DEEDS.items():
            with transaction.atomic():
                where = plant(told)
                if where not in (named := found()):
                    missed[name] = where, named
                transaction.set_rollback(True)
    assert missed == {}
    assert found() == set()


def test_a_row_committed_a_little_late_is_sealed_with_the_next(told: list[TimelineEntry]) -> None:
    pk = journal.first_id_at(journal.moment_of(told[0].pk) - timedelta(minutes=10))
    slip_in(pk, clock.now())
    assert journal.seal_new() == 2  # it, and the one that was in no block
    assert found() == set()
    assert journal.seal_new() == journal.seal_all() == 0


@pytest.mark.computers_clock  # ids have it
def test_a_clock_that_ran_ahead_does_not_keep_later_rows_out(told: list[TimelineEntry]) -> None:
    ahead = clock.now() + timedelta(days=400)
    slip_in_and_seal(journal.first_id_at(ahead), clock.now())
    later = tell(7)
    journal.seal_new()
    assert block_of(later).rows == 1


def test_a_block_says_in_which_columns_it_was_written_down(told: list[TimelineEntry]) -> None:
    """A column that comes later does not make the blocks before it wrong."""
    block = block_of(told[0])
    assert block.columns == "id,verb,subject,actor_account_id,actor_name,values,at"
    assert block.digests == [digest(row, block.columns) for row in told[:3]]


def digest(row: TimelineEntry, columns: str) -> UUID:
    with connection.cursor() as cursor:
        sql = journal.digest_sql(TimelineEntry, columns.split(","), "t")
        cursor.execute(f"SELECT {sql} FROM core_timelineentry t WHERE id = %s", [row.pk])
        (found,) = cursor.fetchone()
    assert isinstance(found, UUID)
    return found


def test_a_digest_is_what_the_text_says(told: list[TimelineEntry]) -> None:
    """Anybody can recompute it: the JSON that PostgreSQL writes, with moments in UTC whatever the session says."""
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'Asia/Chongqing'")
        try:
            assert digest(told[0], block_of(told[0]).columns) == block_of(told[0]).digests[0]
        finally:
            cursor.execute("SET TIME ZONE 'UTC'")


def test_every_append_only_table_is_chained_or_says_why_not(here: Community) -> None:
    chained = set(journal.journaled())
    for model in append_only_models():
        if not issubclass(model, CommunityModel):
            continue  # of no community's history
        assert model in chained or model.in_journal.instead
        if model in chained:
            assert journal.digest_sql(model, journal.columns(model), "t")
    assert TimelineEntry in chained


def test_an_id_of_no_moment_is_of_the_last_one() -> None:
    assert journal.moment_of(uuid4()) == datetime.max.replace(tzinfo=UTC)
