"""Several people at the same moment."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.db import OperationalError, connections

T = TypeVar("T")


def at_once(*calls: Callable[[], T]) -> list[T | BaseException]:
    """Run the calls at the same moment, each in its own thread with its own connection.

    Gives back what each returned or raised, in the order of the calls. Needs a transactional test
    (`@pytest.mark.django_db(transaction=True)`): the others do not see what a test has not committed.
    """
    results: list[T | BaseException] = [RuntimeError("did not run")] * len(calls)
    start = threading.Barrier(len(calls))

    def run(place: int, call: Callable[[], T]) -> None:
        try:
            _connect()  # all, before the first one starts
            start.wait()
            results[place] = call()
        except BaseException as error:  # the caller looks at it
            results[place] = error
            start.abort()  # the others shall not wait for one who could not come
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, place, call))
        for place, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _connect() -> None:
    """A crowd's connections take longer on a busy machine than the one second after which the program gives up."""
    for _try in range(20):
        with suppress(OperationalError):
            connections["default"].ensure_connection()
            return
    connections["default"].ensure_connection()
