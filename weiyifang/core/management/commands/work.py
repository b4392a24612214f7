"""Do the jobs that wait: messages, deadlines, nightly work."""

from __future__ import annotations

import asyncio
import os
import signal
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.db_cleanup import close_db_connections, close_db_connections_async
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

from weiyifang.core.server import installation, logs
from weiyifang.core.server.jobs import restore_community
from weiyifang.core.server.processes import OWNER_URL, end_with_parent
from weiyifang.core.web import outage


class Command(BaseCommand):
    """The worker. Ends after the jobs it is doing: on Ctrl-C, SIGTERM, or when the process that started it dies.

    When it loses the database it ends with 1, and is to be started again: what it had begun, the next one finishes.
    """

    help = "Do the jobs that wait: messages, deadlines, nightly work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, default=2, help="jobs done at the same time (2)")
        parser.add_argument("--queue", action="append", help="only jobs of this queue; may be repeated")
        parser.add_argument(
            "--poll", action="store_true", help="ask every 5 s instead of listening (PgBouncer in transaction mode)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_parent()
        logs.take_over()
        os.environ.pop(OWNER_URL, None)
        try:
            installation.begin()
            work(concurrency=options["threads"], queues=options["queue"], listen_notify=not options["poll"])
        except (DatabaseError, ConnectorException, PoolTimeout) as error:
            if (found := outage.of(error)) is None:
                raise
            raise CommandError(f"{found.logged}: {outage.reason(error)}") from None


def work(*, wait: bool = True, **options: Any) -> None:
    """Run the worker; with `wait=False` until nothing is left to do (tests). Raises `CommandError`."""
    if not wait:
        options |= {"listen_notify": False}
    is_stopped = asyncio.run(_work(wait, options))
    if wait and not is_stopped:  # it only stops when one of its tasks has failed, and has said which
        raise CommandError("The jobs lost the database")


async def _work(wait: bool, options: dict[str, Any]) -> bool:
    """Work until told to stop, or until it goes on no more. Whether it was told to."""
    # Not `replace_connector`: the services that jobs call go on asking for jobs in their own transactions.
    worker = app.with_connector(PsycopgConnector(kwargs=connector_params(), min_size=2, max_size=4, timeout=10))
    stopped_by: list[int] = []

    def stop(number: int) -> None:
        stopped_by.append(number)
        task.cancel()  # it does what is under way and takes nothing new

    async with worker.open_async():
        task = asyncio.create_task(
            worker.run_worker_async(
                wait=wait,
                delete_jobs="successful",
                shutdown_graceful_timeout=10,  # seconds
                task_middleware=[close_db_connections, close_db_connections_async, restore_community],
                install_signal_handlers=False,  # its own do not tell whether one came
                **options,
            )
        )
        if wait:
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, stop, number)
        with suppress(asyncio.CancelledError):
            await task
    return bool(stopped_by)
