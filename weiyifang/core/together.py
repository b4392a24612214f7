"""Many people's same wish in one transaction: a commit waits for the disk once, for however many it carries.

Whoever comes while nobody is being served is served at once, alone. Whoever comes meanwhile waits in line; the first of
the line then serves all who stand in it. So nobody waits for a timer, there is no thread that must be started, watched
or stopped, and the more people come, the more share one commit. The answer is given after the commit.

It is about speed only: that nothing is given twice is promised by constraints, as everywhere.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import connection

Door = TypeVar("Door")  # hashable
Wish = TypeVar("Wish")
Result = TypeVar("Result")

MOST = 200  # wishes in one transaction


class _Place(Generic[Wish, Result]):
    """One in the line: what they want, and in the end what came of it."""

    __slots__ = ("error", "result", "turn", "wish")

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.turn = threading.Lock()  # opened when they were served, or are to serve; an Event costs several times more
        self.turn.acquire()
        self.result: list[Result] = []
        self.error: BaseException | None = None


class Together(Generic[Door, Wish, Result]):
    """`serve(door, wishes)` fulfils them, in one transaction, and gives the result of each, in their order.

    What it raises is raised to each of them. It runs in the thread, community and language of whoever serves: of one at
    the same door.
    """

    def __init__(self, serve: Callable[[Door, Sequence[Wish]], Sequence[Result]]) -> None:
        self._serve = serve
        self._lines: dict[Door, deque[_Place[Wish, Result]]] = {}  # a door is in it while somebody serves there
        self._lock = threading.Lock()

    def ask(self, door: Door, wish: Wish) -> Result:
        """Fulfil a wish together with the others at this door. Never inside a transaction: its own has to end."""
        if connection.in_atomic_block:
            raise RuntimeError("asked together inside a transaction")
        place: _Place[Wish, Result] = _Place(wish)
        with self._lock:
            is_first = door not in self._lines
            self._lines.setdefault(door, deque()).append(place)
        if not is_first:
            connection.close()  # to the pool: whoever only waits needs none
            place.turn.acquire()
        if not place.result and place.error is None:
            self._serve_line(door)
        if place.error is not None:
            raise place.error
        return place.result[0]

    def _serve_line(self, door: Door) -> None:
        """Serve all who stand there, oneself the first of them; then it is the turn of whoever came meanwhile."""
        with self._lock:
            line = self._lines[door]
            served = [line.popleft() for _place in range(min(MOST, len(line)))]
        try:
            for place, result in zip(served, self._serve(door, [place.wish for place in served]), strict=True):
                place.result.append(result)
        except BaseException as error:
            for place in served:
                place.result.clear()
                place.error = error
        finally:
            with self._lock:
                if line:
                    line[0].turn.release()
                else:
                    del self._lines[door]
            for place in served:
                place.turn.release()
