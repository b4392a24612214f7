"""Several clients at once, each a thread with a connection of its own that it keeps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context

import psycopg
from django.db import connection

Work = Callable[[int], object]


class Crowd:
    """`size` clients of the program, and as many that speak plain SQL to the same database."""

    def __init__(self, size: int, url: str) -> None:
        self.size, self._url = size, url
        self._threads = ThreadPoolExecutor(size)
        self._own = threading.local()

    def share(self, work: Work, count: int) -> None:
        """Call `work(0)` to `work(count - 1)`, each client its part of them."""
        parts = [range(client, count, self.size) for client in range(self.size)]
        waiting = [self._threads.submit(copy_context().run, self._run, work, part) for part in parts]
        for done in waiting:
            done.result()

    @staticmethod
    def _run(work: Work, part: range) -> None:
        for number in part:
            work(number)

    def sql(self) -> psycopg.Connection:
        """This thread's plain connection; statements are prepared from the first time on."""
        if not hasattr(self._own, "connection"):
            self._own.connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=0)
        found: psycopg.Connection = self._own.connection
        return found

    def leave(self) -> None:
        """Close every connection."""

        def close() -> None:
            gate.wait()  # so that each thread gets exactly one of these
            connection.close()
            if hasattr(self._own, "connection"):
                self._own.connection.close()

        gate = threading.Barrier(self.size)
        for done in [self._threads.submit(close) for _client in range(self.size)]:
            done.result()
        self._threads.shutdown()


@contextmanager
def crowd(size: int, url: str) -> Iterator[Crowd]:
    """Clients for a while."""
    connection.close()  # the program's pool is small: the main thread leaves its place to the clients
    clients = Crowd(size, url)
    try:
        yield clients
    finally:
        clients.leave()
