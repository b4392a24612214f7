"""Jobs live and die with the transaction that asks for them, and run in the community it was asked for in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.concurrency import at_once
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.management.commands.work import work
from weiyifang.core.models import Counter
from weiyifang.core.server.jobs import enqueue, job, run_jobs
from weiyifang.core.tenancy import NoCommunity, chosen_community_id, in_community

NANHU, XIHU = 500108002001, 330106001001
ran: list[tuple[str, int | None]] = []


@job()
def note(word: str) -> None:
    ran.append((word, chosen_community_id()))


@job(outside=True)
def note_outside(word: str) -> None:
    ran.append((word, chosen_community_id()))


@job()
def fail() -> None:
    raise ZeroDivisionError


@job()
def meet_an_outage() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@job()
def count(kind: str) -> None:
    Counter.objects.create(kind=kind)


@job(every="0 3 * * *")
def nightly() -> None:
    ran.append(("night", chosen_community_id()))


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    ran.clear()
    yield
    ran.clear()


def community(code: int, slug: str) -> Community:
    return Community.objects.create(id=code, slug=slug, name=slug, short_name=slug, platform_name=slug)


@pytest.mark.django_db
def test_a_job_is_taken_back_with_its_transaction() -> None:
    with in_community(NANHU):
        with transaction.atomic():
            enqueue(note, word="never")
            transaction.set_rollback(True)
        enqueue(note, word="kept")
    assert run_jobs() == 1
    assert ran == [("kept", NANHU)]
    assert run_jobs() == 0


@pytest.mark.django_db
def test_asking_twice_under_one_key_asks_once_and_spoils_nothing() -> None:
    with in_community(NANHU), transaction.atomic():
        assert enqueue(note, key="a", word="first")
        assert not enqueue(note, key="a", word="second")
        assert enqueue(note, key="b", word="other key")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # the transaction is alive
    with in_community(XIHU):
        assert enqueue(note, key="a", word="elsewhere")
    run_jobs()
    assert ran == [("first", NANHU), ("other key", NANHU), ("elsewhere", XIHU)]
    with in_community(NANHU):
        assert enqueue(note, key="a", word="again")


@pytest.mark.django_db
def test_a_job_needs_a_community_or_says_that_it_needs_none() -> None:
    with pytest.raises(NoCommunity):
        enqueue(note, word="whose?")
    with in_community(NANHU):
        enqueue(note_outside, word="everybody's")
        run_jobs()
        assert chosen_community_id() == NANHU
    assert ran == [("everybody's", None)]


@pytest.mark.django_db
def test_a_plain_function_is_no_job() -> None:
    with pytest.raises(TypeError, match="not a job"):
        enqueue(print)  # type: ignore[arg-type]  # what is refused


@pytest.mark.django_db
def test_a_job_waits_for_its_moment() -> None:
    later = clock.now() + timedelta(hours=1)
    with in_community(NANHU):
        enqueue(note, at=later, word="later")
    assert run_jobs() == 0
    with clock.at(later):
        assert run_jobs() == 1


@pytest.mark.django_db
def test_what_fails_in_a_job_is_heard_and_the_job_stays() -> None:
    with in_community(NANHU):
        enqueue(fail)
    with pytest.raises(ZeroDivisionError):
        run_jobs()
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
def test_a_nightly_job_is_asked_for_in_every_community() -> None:
    community(NANHU, "nanhu"), community(XIHU, "xihu")
    tick = app.tasks[f"{nightly.name}.tick"]
    tick(timestamp=0)
    tick(timestamp=60)  # the first night's job still waits
    run_jobs()
    assert sorted(ran) == [("night", XIHU), ("night", NANHU)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_worker_does_all_that() -> None:
    community(NANHU, "nanhu")
    with in_community(NANHU):
        enqueue(note, word="worker")
        enqueue(count, kind="pearls")
        enqueue(fail)
        enqueue(meet_an_outage)
    assert at_once(lambda: work(wait=False)) == [None]  # a browser test may have left its event loop in this thread
    assert ran == [("worker", NANHU)]
    with in_community(NANHU):
        assert Counter.objects.get().kind == "pearls"
    left = ProcrastinateJob.objects.exclude(task_name__startswith="weiyifang.")  # what the clock asked for may wait
    came_of = {job.task_name: job.status for job in left}
    with connection.cursor() as cursor:  # what waits for its next try would be tried in a later test
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert came_of == {fail.name: "failed", meet_an_outage.name: "todo"}  # the outage was not the job's fault
