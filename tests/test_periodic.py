"""What the clock asks for, job by job: asked for as the worker does, done in every community, never piled up."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from tests.concurrency import at_once
from weiyifang.activities import tasks as programme
from weiyifang.activities.tests import make as dates
from weiyifang.banking import tasks as statements
from weiyifang.banking.tests import make as bank
from weiyifang.capacity import tasks as capacity
from weiyifang.capacity.models import ClaimState
from weiyifang.capacity.tests import make as places
from weiyifang.communities.models import Community
from weiyifang.core import clock, ids, journal
from weiyifang.core import tasks as core
from weiyifang.core.actors import Actor, system
from weiyifang.core.management.commands.work import work
from weiyifang.core.models import Block, OnceRecord, TimelineEntry
from weiyifang.core.server.jobs import enqueue, run_jobs
from weiyifang.core.tenancy import in_community
from weiyifang.core.web import once
from weiyifang.errands import tasks as errands
from weiyifang.files import tasks as brought
from weiyifang.fund import services as gifts_services
from weiyifang.fund import tasks as gifts
from weiyifang.fund.tests import make as fund
from weiyifang.governance import tasks as oversight
from weiyifang.governance.models import Anchor
from weiyifang.ledger import services as ledger
from weiyifang.ledger import tasks as books
from weiyifang.ledger.models import HoldResolution, Seal, Transfer
from weiyifang.ledger.tests import make as money
from weiyifang.news import reading
from weiyifang.news import services as news
from weiyifang.news import tasks as paper
from weiyifang.news.models import Read, ReadTotal
from weiyifang.news.services import counting
from weiyifang.news.tests import make as articles
from weiyifang.notices import tasks as letters
from weiyifang.notices.models import Delivery
from weiyifang.notices.tests import make as notices
from weiyifang.people import services as people
from weiyifang.people import tasks as registers
from weiyifang.people import typed_forms
from weiyifang.people.models import NEUTRAL_NAME, Account, ImportDraft, Resident
from weiyifang.people.testing import CommunityClient
from weiyifang.reactions import tasks as reminders
from weiyifang.sharing import tasks as lending
from weiyifang.sharing.services import hand_over as lend
from weiyifang.sharing.tests import make as things
from weiyifang.talents import tasks as skills
from weiyifang.talents.tests import make as skilled
from weiyifang.timetable import tasks as rooms
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.tests import make as times
from weiyifang.volunteering import tasks as hours
from weiyifang.wechat_pay import tasks as wechat
from weiyifang.wechat_pay.tests import make as wechat_orders

pytestmark = pytest.mark.django_db

WHERE_DUE: list[Task[Any, Any, Any]] = [  # several times a day: in the communities where there is something to do
    books.seal,
    books.expire_holds,
    capacity.expire_holds,
    rooms.expire_allocations,
    lending.lapse_unanswered,
    lending.tell_overdue,
    skills.lapse_unanswered,
    gifts.lapse_approvals,
    wechat.look_again,
    registers.erase_due,
    programme.draw_due,
    registers.forget_typed,
    core.seal_journal,
]
IN_COMMUNITIES: list[Task[Any, Any, Any]] = [
    books.seal_all,
    paper.forget_readers,
    registers.end_outgrown,
    registers.forget_drafts,
    statements.forget_drafts,
    core.forget_answers,
    oversight.anchor,
    letters.forget_old,
    reminders.remind_of_months,
    brought.sweep,
    errands.forget_old,
    programme.remind,
    hours.pass_on_saved_time,
]
OUTSIDE: list[Task[Any, Any, Any]] = [registers.forget_sessions, core.back_up, core.note_the_time, letters.deliver]
OF_THE_QUEUE: list[Task[Any, Any, Any]] = [core.rescue, core.forget_failed]


def ask_for(task: Task[Any, Any, Any]) -> int:
    """The clock strikes three times while nobody works; returns how many jobs wait then."""
    tick = app.tasks[f"{task.name}.tick"]
    for minute in range(3):
        tick(timestamp=60 * minute)
    return ProcrastinateJob.objects.filter(task_name=task.name, status="todo").count()


def strike(task: Task[Any, Any, Any], **later: float) -> None:
    """The clock strikes, some time later, and the worker does what it asks for."""
    with clock.at(clock.now() + timedelta(**later)):
        ask_for(task)
        run_jobs()


def test_every_job_of_the_clock_is_proven_here() -> None:
    registered = {task.task.name.removesuffix(".tick") for task in app.periodic_registry.periodic_tasks.values()}
    ours = {name for name in registered if name.startswith("weiyifang.")}
    assert ours == {task.name for task in (*WHERE_DUE, *IN_COMMUNITIES, *OUTSIDE, *OF_THE_QUEUE)}


@pytest.mark.parametrize("task", IN_COMMUNITIES, ids=lambda task: task.name)
def test_it_is_asked_for_once_in_each_community_and_does_not_pile_up(
    task: Task[Any, Any, Any], community: Community, neighbour: Community
) -> None:
    assert ask_for(task) == 2
    assert run_jobs() == 2
    assert ask_for(task) == 2  # and again the next time


def test_what_comes_round_several_times_a_day_says_where_it_is_due() -> None:
    often = {
        one.task.name.removesuffix(".tick")
        for one in app.periodic_registry.periodic_tasks.values()
        if one.cron.split()[1] == "*" and one.task.name.startswith("weiyifang.")  # every hour, or more often
    }
    assert often == {task.name for task in WHERE_DUE} | {
        core.rescue.name,
        core.note_the_time.name,
        letters.deliver.name,
    }


@pytest.mark.parametrize("task", WHERE_DUE, ids=lambda task: task.name)
def test_where_nothing_is_due_nothing_is_asked_for(
    task: Task[Any, Any, Any], community: Community, neighbour: Community
) -> None:
    assert ask_for(task) == 0


def test_only_where_something_is_due_it_is_asked_for(due_here: Community, neighbour: Community) -> None:
    for task in WHERE_DUE:
        assert ask_for(task) == 1, task.name
        assert ProcrastinateJob.objects.get(task_name=task.name).args == {"community_id": due_here.pk}
    run_jobs()
    with clock.at(clock.now() + timedelta(days=1)):
        assert [task.name for task in WHERE_DUE if ask_for(task)] == []


def test_three_hundred_communities_cost_the_clock_no_more_than_two(due_here: Community, neighbour: Community) -> None:
    few = _strike_all()
    Community.objects.bulk_create(
        Community(id=500108100000 + n, slug=f"c{n}", name=f"社区{n}", short_name=f"社区{n}") for n in range(300)
    )
    assert _strike_all() == few
    assert few[0] < 60


def _strike_all() -> tuple[int, int]:
    """The clock strikes for all that comes round often: how many queries that takes, and how many jobs it leaves."""
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        for task in (*WHERE_DUE, letters.deliver):
            app.tasks[f"{task.name}.tick"](timestamp=0)
        jobs = ProcrastinateJob.objects.filter(status="todo").count()
        transaction.set_rollback(True)
    return len(asked), jobs


@pytest.fixture
def due_here(
    here: Community, neighbour: Community, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> Iterator[Community]:
    """Something for each of `WHERE_DUE` in this community, and nothing in the neighbouring one."""
    with in_community(neighbour):
        journal.seal_new()  # what was told when it was made
    gifts_services.open_fund(by=system())
    fund.gift(cast["accountant"])
    gifts_services.approve_payment(request=fund.request(cast["staff"]), by=cast["secretary"])
    places.take(places.open_pool(1), "a", hold_minutes=10)
    with clock.at(times.MONDAY):
        times.book(times.ROOM, hold_until=times.MONDAY + timedelta(minutes=10))
        things.book(things.resource(needs_approval=True), resident=resident_of("resident"), by=cast["resident"])
        lend(booking=things.book(things.resource("轮椅"), days=0), by=system())
    people.ask_erasure(resident=resident_of("resident"), by=cast["resident"])
    dates.lottery(people=1)
    skilled.request(skilled.talent())
    wechat_orders.order(cast["resident"])
    typed_forms.put(cast["staff"].account_id or UUID(int=0), "/c/nanhu/news/", "title=1")
    with clock.at(clock.now() + timedelta(days=100)):
        yield here


@pytest.mark.parametrize("task", OUTSIDE, ids=lambda task: task.name)
def test_what_is_of_no_community_is_asked_for_once(task: Task[Any, Any, Any], community: Community) -> None:
    assert ask_for(task) == 1
    assert run_jobs() == 1


def test_what_was_posted_is_sealed_in_every_community(community: Community, neighbour: Community) -> None:
    for home in (community, neighbour):
        with in_community(home):
            for code in ("fund", "time"):
                money.fund(code).give(500)
    strike(books.seal)
    for home in (community, neighbour):
        with in_community(home):
            assert Seal.objects.count() == Transfer.objects.count() == 2


def test_what_is_told_is_on_its_way_within_a_minute_and_forgotten_after_half_a_year(
    community: Community, neighbour: Community
) -> None:
    for home in (community, neighbour):
        with in_community(home):
            notices.told(notices.resident())
    strike(letters.deliver, minutes=1)
    for home in (community, neighbour):
        with in_community(home):
            assert Delivery.objects.count() == 1
    strike(letters.forget_old, days=181)
    for home in (community, neighbour):
        with in_community(home):
            assert not Delivery.objects.exists()


def test_when_nothing_was_posted_sealing_only_looks(here: Community) -> None:
    fund = money.fund()
    for _gift in range(3):
        fund.give(100)
    ledger.seal_new()
    with CaptureQueriesContext(connection) as asked:
        assert ledger.seal_new() == 0
    assert len(asked) == 1  # which books have something behind their last seal
    assert not [query for query in asked.captured_queries if "advisory" in query["sql"]]


def test_a_transfer_committed_late_with_an_old_id_is_sealed_at_night(here: Community) -> None:
    fund = money.fund()
    fund.give(100)
    ledger.seal_new()
    with clock.at(clock.now() - timedelta(hours=1)), ids.seeded("late"):
        fund.give(200)
    strike(books.seal)
    assert Seal.objects.count() == 1
    strike(books.seal_all)
    assert Seal.objects.count() == 2


def test_what_was_told_is_written_down_in_the_journal_of_each_community(
    community: Community, neighbour: Community
) -> None:
    for home in (community, neighbour):
        with in_community(home):
            people.register_resident(name="赵一鸣", by=system())
    strike(core.seal_journal)
    for home in (community, neighbour):
        with in_community(home):
            block = Block.objects.get(model="core.timelineentry")
            assert block.members == list(TimelineEntry.objects.order_by("id").values_list("id", flat=True))


def test_when_nothing_was_told_the_journal_only_looks(here: Community) -> None:
    people.register_resident(name="赵一鸣", by=system())
    journal.seal_new()
    with CaptureQueriesContext(connection) as asked:
        assert journal.seal_new() == 0
    looks = 2 * len(journal.journaled())  # at each table: how far it came, what lies behind
    assert len(asked) <= looks + 6  # the lock, the head, and the transaction


def test_each_night_the_heads_of_the_chains_are_kept(here: Community) -> None:
    money.fund().give(100)
    strike(oversight.anchor)
    assert set(Anchor.objects.values_list("chain", "rows")) >= {("ledger.fund", 1)}


def test_what_was_set_aside_is_freed_when_its_time_is_over(here: Community) -> None:
    fund = money.fund()
    fund.give(1000)
    fund.hold(300, expires_at=clock.now() + timedelta(minutes=15))
    strike(books.expire_holds)
    assert not HoldResolution.objects.exists()
    strike(books.expire_holds, minutes=16)
    assert HoldResolution.objects.get().outcome == "expired"


def test_a_place_held_too_long_is_given_on(here: Community) -> None:
    pool = places.open_pool(1)
    held = places.take(pool, "a", hold_minutes=10)
    waiting = places.wait(pool, "b")
    strike(capacity.expire_holds, minutes=11)
    held.refresh_from_db()
    assert held.state != ClaimState.HELD
    assert places.fresh(waiting).state == "offered"


def test_a_room_held_too_long_is_free_again(here: Community) -> None:
    with clock.at(times.MONDAY):
        times.book(times.ROOM, hold_until=times.MONDAY + timedelta(minutes=10))
        strike(rooms.expire_allocations, minutes=9)
        assert Allocation.objects.filter(state="hold").exists()
        strike(rooms.expire_allocations, minutes=11)
        assert not Allocation.objects.filter(state="hold").exists()


def test_who_read_what_is_forgotten_and_the_count_stays(here: Community, cast: dict[str, Actor]) -> None:
    articles.column()
    article = articles.published(by=cast["staff"], reviewer=cast["secretary"])
    day = clock.today()
    news.record_reads([counting.Opening(article.pk, day, reading.reader_key("a", day))])
    strike(paper.forget_readers, days=counting.KEPT_DAYS)
    assert Read.objects.count() == 1
    strike(paper.forget_readers, days=counting.KEPT_DAYS + 1)
    assert not Read.objects.exists()
    assert ReadTotal.objects.get(article=article).reads == 1


def test_who_asked_to_be_forgotten_is_forgotten_when_it_is_due(
    here: Community, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    resident = resident_of("resident")
    people.ask_erasure(resident=resident, by=cast["resident"])
    strike(registers.erase_due, days=2)
    resident.refresh_from_db()
    assert resident.name != NEUTRAL_NAME
    strike(registers.erase_due, days=3, minutes=1)
    resident.refresh_from_db()
    assert resident.name == NEUTRAL_NAME


def test_a_file_nobody_said_yes_to_is_forgotten(here: Community, cast: dict[str, Actor]) -> None:
    people.keep_draft(file_name="居民.csv", content="姓名\n张三\n".encode(), by=cast["staff"])
    strike(registers.forget_drafts, days=2)
    assert bytes(ImportDraft.objects.get().content) == b""


def test_a_statement_nobody_said_yes_to_is_forgotten(here: Community, cast: dict[str, Actor]) -> None:
    waiting = bank.draft(cast["accountant"])
    strike(statements.forget_drafts, days=2)
    waiting.refresh_from_db()
    assert bytes(waiting.content) == b""


def test_kept_answers_are_forgotten(here: Community) -> None:
    OnceRecord(scope="somebody POST /", key="k", body_hash="", status=200, body="赵一鸣".encode()).save()
    strike(core.forget_answers, days=once.KEPT.days - 1)
    assert OnceRecord.objects.exists()
    strike(core.forget_answers, days=once.KEPT.days, minutes=1)
    assert not OnceRecord.objects.exists()


def test_sessions_that_are_over_are_forgotten_with_their_addresses(accounts: dict[str, Account]) -> None:
    from allauth.usersessions.models import UserSession

    over, lasting = CommunityClient(), CommunityClient()
    for browser in (over, lasting):
        browser.post("/accounts/demo/resident/")
        browser.get("/c/nanhu/")
    assert (Session.objects.count(), UserSession.objects.count()) == (2, 2)
    store = SessionStore(over.session.session_key)
    Session.objects.filter(session_key=store.session_key).update(expire_date=clock.now() - timedelta(minutes=1))
    strike(registers.forget_sessions)
    assert UserSession.objects.get().session_key == lasting.session.session_key == Session.objects.get().session_key


# --- the queue itself, with the real worker ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_had_begun_is_done_by_the_next_one(community: Community) -> None:
    with in_community(community):
        money.fund().give(100)
        enqueue(books.seal_all, key="every")
    _begun_by_a_dead_worker()
    _work_at(core.rescue)
    assert not _waiting(books.seal_all)
    with in_community(community):
        assert Seal.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_was_asked_for_again_meanwhile_is_done_once(community: Community) -> None:
    with in_community(community):
        enqueue(books.seal_all, key="every")
        _begun_by_a_dead_worker()
        enqueue(books.seal_all, key="every")
    _work_at(core.rescue)
    assert not _waiting(books.seal_all)


def _work_at(task: Task[Any, Any, Any]) -> None:
    """The worker at work; it asks for the jobs of the clock by itself, for this one maybe a moment too late."""
    with contextlib.suppress(AlreadyEnqueued):
        task.configure(priority=1).defer(timestamp=0)
    assert at_once(lambda: work(wait=False)) == [None]


def _waiting(task: Task[Any, Any, Any]) -> list[str]:
    return [job.queueing_lock.rsplit(":", 1)[1] for job in ProcrastinateJob.objects.filter(task_name=task.name)]


def _begun_by_a_dead_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
            " RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
        )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_failed_long_ago_is_forgotten(community: Community) -> None:
    with in_community(community):
        enqueue(books.seal_all, key="old")
        enqueue(books.seal_all, key="new")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '31 days'"
            " WHERE job_id = (SELECT id FROM procrastinate_jobs WHERE queueing_lock LIKE '%:old')"
        )
    _work_at(core.forget_failed)
    assert _waiting(books.seal_all) == ["new"]
