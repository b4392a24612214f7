"""Do the jobs that wait: messages, deadlines, nightly work."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any, cast

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.contrib.django.db_cleanup import close_db_connections, close_db_connections_async
from procrastinate.contrib.django.django_connector import DjangoConnector

from weiyifang.core import installation
from weiyifang.core.jobs import restore_community
from weiyifang.core.processes import OWNER_URL, end_with_parent


class Command(BaseCommand):
    """The worker. Ends after the jobs it is doing: on Ctrl-C, SIGTERM, or when the process that started it dies."""

    help = "Do the jobs that wait: messages, deadlines, nightly work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, default=2, help="jobs done at the same time (2)")
        parser.add_argument("--queue", action="append", help="only jobs of this queue; may be repeated")
        parser.add_argument(
            "--poll", action="store_true", help="ask every 5 s instead of listening (PgBouncer in transaction mode)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_parent()
        os.environ.pop(OWNER_URL, None)
        installation.settle()
        work(concurrency=options["threads"], queues=options["queue"], listen_notify=not options["poll"])


def work(*, wait: bool = True, **options: Any) -> None:
    """Run the worker; with `wait=False` until nothing is left to do (tests)."""
    # Not `replace_connector`: the services that jobs call go on asking for jobs in their own transactions.
    worker = app.with_connector(cast("DjangoConnector", app.connector).get_worker_connector())
    if not wait:
        options |= {"listen_notify": False, "install_signal_handlers": False}
    worker.run_worker(
        wait=wait,
        delete_jobs="successful",
        shutdown_graceful_timeout=10,  # seconds
        task_middleware=[close_db_connections, close_db_connections_async, restore_community],
        **options,
    )
