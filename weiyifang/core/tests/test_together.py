"""One commit for many: who comes meanwhile waits, and is served with all who wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from django.db import connections, transaction

from tests.processes import eventually
from weiyifang.core.together import Together

pytestmark = pytest.mark.django_db(transaction=True)


class Counter:
    """Serves one wish or many, keeps what was served together, and can be held up."""

    def __init__(self) -> None:
        self.served: list[list[int]] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.together = Together(self.serve)

    def serve(self, door: str, wishes: Sequence[int]) -> list[int]:
        self.served.append(list(wishes))
        assert self.may_go_on.wait(30)
        if 13 in wishes:
            raise ValueError("thirteen")
        return [wish * 10 for wish in wishes]

    def has_waiting(self, number: int) -> bool:
        return len(self.together._lines["door"]) == number


def in_threads(*calls: Callable[[], object]) -> tuple[list[threading.Thread], list[object]]:
    """Each call in a thread, begun one after the other; what each gave or raised comes into the list."""
    got: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            got[place] = call()
        except ValueError as error:
            got[place] = str(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    return threads, got


def hold_up_and_line_up(counter: Counter, first: int, others: Sequence[int]) -> list[object]:
    """While the first is served, the others come; then all go on. What everybody got."""
    counter.may_go_on.clear()
    wishes = [first, *others]
    threads, got = in_threads(*[partial(counter.together.ask, "door", wish) for wish in wishes])
    for number, thread in enumerate(threads):
        thread.start()
        assert eventually(lambda: counter.served != [])
        assert eventually(partial(counter.has_waiting, number))
    counter.may_go_on.set()
    for thread in threads:
        thread.join()
    return got


def test_alone_one_is_served_at_once() -> None:
    counter = Counter()
    assert [counter.together.ask("door", wish) for wish in (1, 2)] == [10, 20]
    assert counter.served == [[1], [2]]


def test_who_comes_meanwhile_is_served_together_in_the_order_of_coming() -> None:
    counter = Counter()
    assert hold_up_and_line_up(counter, 1, [2, 3, 4]) == [10, 20, 30, 40]
    assert counter.served == [[1], [2, 3, 4]]
    assert counter.together.ask("door", 5) == 50  # nobody is left in the line


def test_what_goes_wrong_goes_wrong_for_those_served_together_and_for_nobody_else() -> None:
    counter = Counter()
    assert hold_up_and_line_up(counter, 13, [2, 3]) == ["thirteen", 20, 30]
    counter = Counter()
    assert hold_up_and_line_up(counter, 1, [2, 13]) == [10, "thirteen", "thirteen"]
    assert counter.together.ask("door", 5) == 50


def test_more_than_two_hundred_are_served_in_two_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weiyifang.core.together.MOST", 2)
    counter = Counter()
    assert hold_up_and_line_up(counter, 1, [2, 3, 4]) == [10, 20, 30, 40]
    assert counter.served == [[1], [2, 3], [4]]


def test_nobody_waits_at_another_door() -> None:
    counter = Counter()
    counter.may_go_on.clear()
    threads, got = in_threads(*[partial(counter.together.ask, door, 1) for door in ("here", "there")])
    for thread in threads:
        thread.start()
    assert eventually(lambda: counter.served == [[1], [1]])
    counter.may_go_on.set()
    for thread in threads:
        thread.join()
    assert got == [10, 10]


def test_inside_a_transaction_nobody_may_ask() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        Counter().together.ask("door", 1)
