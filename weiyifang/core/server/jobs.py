"""Work for later, kept in the same database: a job exists exactly when the transaction that asked for it was committed.

A package's `tasks.py` holds its jobs. Each is a shell that calls one service:

    @job(attempts=5)
    def deliver(message_id: str) -> None:
        services.deliver(message=Message.objects.get(id=message_id), by=system())

    enqueue(deliver, key=f"deliver:{message.id}", message_id=str(message.id))

A job runs in the community it was asked for in. It may run twice (a machine may fail between the work and the note
that it is done), so what it does must not matter twice. Arguments are what JSON can hold; ids rather than people's
data, for they appear in logs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, ParamSpec, TypeAlias

import procrastinate.jobs
from django.apps import apps
from django.db import connection, transaction
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task
from procrastinate.worker import Worker

from weiyifang.core import clock
from weiyifang.core.tenancy import current_community_id, in_community, outside_any_community
from weiyifang.core.web import outage

P = ParamSpec("P")
Job: TypeAlias = Task[Any, None, Any]
Due: TypeAlias = Callable[[], Iterable[int]]  # the communities where there is something to do

FIRST_WAIT = 5  # seconds before a failed job is tried again; then 25 s, 2 min, 10 min, 52 min, 4 h
AFTER_OUTAGE = 60  # seconds before a job that has no attempts left is tried again because the database was away

_of_no_community: set[str] = set()  # names of the jobs that run outside communities


def job(
    *,
    queue: str = "default",
    attempts: int = 1,
    every: str | None = None,
    due: Due | None = None,
    outside: bool = False,
    alone: bool = False,
) -> Callable[[Callable[P, None]], Task[P, None, P]]:
    """Make a function in `tasks.py` a job. It can still be called like any function.

    `attempts` is how often it is tried before it counts as failed. `every` is a crontab line (minute hour day month
    weekday, in UTC): the job is asked for at these times in every community, or once when it is of no community.
    `due` is one query over all communities that answers where there is something to do: only there is the job asked
    for. Whatever comes round several times a day has one, for there are many communities and in most of them nothing
    is due (`tests/test_periodic.py`). `outside=True` is for jobs of no community; they choose one themselves if they
    need one. `alone=True`: one of them is done at a time in the whole installation, for it takes long, and the worker's
    other threads are for what cannot wait.
    """

    def register(function: Callable[P, None]) -> Task[P, None, P]:
        lock = f"{function.__module__}.{function.__name__}" if alone else None
        task = app.task(queue=queue, retry=_Again(attempts), lock=lock)(function)
        if outside:
            _of_no_community.add(task.name)
        if due is not None and (outside or every is None):
            raise TypeError(f"{task.name}: `due` says in which communities a job of the clock is asked for")
        if every is not None:
            _repeat(task, every, queue, due)
        return task

    return register


class _Again(BaseRetryStrategy):
    """Whether a job that failed is tried again. That the database was away is not the job's fault."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: procrastinate.jobs.Job) -> RetryDecision | None:
        """As procrastinate asks; `job.attempts` counts those before this one."""
        if job.attempts + 1 < self.attempts:
            return RetryDecision(retry_in={"seconds": FIRST_WAIT ** (job.attempts + 1)})
        return RetryDecision(retry_in={"seconds": AFTER_OUTAGE}) if outage.of(exception) is not None else None


def enqueue(task: Job, /, *, key: str = "", at: datetime | None = None, **arguments: Any) -> bool:
    """Ask for a job, in the transaction at hand; it starts after the commit, and not before `at`.

    With a `key` it is asked for once: while the same job of the same community and key waits, this answers False and
    changes nothing. Raises `NoCommunity` when none is chosen and the job needs one.
    """
    if not isinstance(task, Task):
        raise TypeError(f"{task!r} is not a job: decorate it with @job() in a tasks.py")
    home = ""
    if task.name not in _of_no_community:
        arguments["community_id"] = current_community_id()
        home = str(arguments["community_id"])
    if not key:
        task.configure(schedule_at=at).defer(**arguments)
        return True
    try:
        with transaction.atomic():  # a savepoint: a second request must not spoil the caller's transaction
            task.configure(schedule_at=at, queueing_lock=f"{task.name}:{home}:{key}").defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def by_name(name: str) -> Job:
    """A job of the package's own `tasks.py`, for its verbs: jobs stand above them and import them."""
    return app.tasks[name]


def restore_community(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Around each job of the worker: back into the community it was asked for in."""
    with _home(context.job.task_kwargs):
        return call_next()


def run_jobs(queue: str | None = None) -> int:
    """Run the jobs that are due, here and now, on this connection; also those they ask for. Returns how many ran.

    For tests and the replay: time is the clock's, and what a job raises is raised here.
    """
    count = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'"
                    " AND (scheduled_at IS NULL OR scheduled_at <= %s) AND queue_name = coalesce(%s, queue_name)"
                    " ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED",
                    [clock.now(), queue],
                )
                row = cursor.fetchone()
                if row is None:
                    return count
                number, name, arguments = row[0], row[1], json.loads(row[2])
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])
            with _home(arguments):
                app.tasks[name].func(**arguments)
        count += 1


def _home(arguments: dict[str, Any]) -> AbstractContextManager[None]:
    community_id = arguments.pop("community_id", None)
    return outside_any_community() if community_id is None else in_community(community_id)


def _everywhere() -> Iterable[int]:
    return apps.get_model("communities", "Community")._default_manager.values_list("pk", flat=True)


def _repeat(task: Job, every: str, queue: str, due: Due | None) -> None:
    """Ask for `task` at these times, where it is `due`; not again while the last one still waits."""

    def tick(timestamp: int) -> None:
        if task.name in _of_no_community:
            enqueue(task, key="every")
            return
        for community_id in (due or _everywhere)():
            with in_community(community_id):
                enqueue(task, key="every")

    name = f"{task.name}.tick"
    _of_no_community.add(name)
    app.periodic(cron=every)(app.task(name=name, queue=queue, queueing_lock=name, retry=_Again(1))(tick))
