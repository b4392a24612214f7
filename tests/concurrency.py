"""Several people at the same moment."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

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
            connections["default"].ensure_connection()  # all connect before the first one starts
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
