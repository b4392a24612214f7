"""Processes that start together end together, and who ends alone is started again."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

PARENT = "WYF_PARENT"  # the number of the process that started us, if it wants us to end with it
OWNER_URL = "WEIYIFANG_OWNER_URL"  # where the owner of the tables logs in: no process that answers people knows it
GRACE = 15  # seconds a process gets to finish what it is doing
FIRST_WAIT, LONGEST_WAIT = 0.2, 8.0  # seconds until what ended is started again: doubled each time it ends soon
HEALTHY = 60.0  # seconds after which it did not end soon


def end_with_parent() -> None:
    """Watch the process that started us, and end when it is gone, however it went (kill -9 tells nobody)."""
    if parent := int(os.environ.get(PARENT, "0")):
        end_with(parent)


def end_with(parent: int) -> None:
    """End when this process, which must have started us, is gone."""
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="parent").start()


def without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process that has no use for the owner's address."""
    return {name: value for name, value in environment.items() if name != OWNER_URL}


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE - 3)
    os._exit(1)


def collect_rarely() -> None:
    """For a process with much to do: what is there now stays, and is not looked through for rubbish again and again.

    That took a tenth of the time of small requests, and a twentieth of a year's replay.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class Child:
    """A process of ours whose lines appear on our output behind its name. Ctrl-C does not reach it: we end it."""

    def __init__(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._arguments, self._environment = arguments, environment
        self.start()

    def start(self) -> None:
        """Start it, again if need be; what an earlier one left running is ended first."""
        if hasattr(self, "process"):
            self.kill()
        self.process = subprocess.Popen(
            [sys.executable, *self._arguments],
            env=without_owner({**self._environment, PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._pass_on, args=(self.process,), daemon=True, name=self.name)
        self._reader.start()

    def _pass_on(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            say(self.name, line.rstrip())

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def how_it_ended(self) -> str:
        """In words, once it has."""
        code = self.process.returncode
        return f" (killed by {signal.Signals(-code).name})" if code < 0 else f" (exit code {code})"

    def kill(self) -> None:
        """End it now, with all processes it has started."""
        with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM when only the dead are left
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(timeout=2)
        if self.process.stdout is not None and not self._reader.is_alive():
            self.process.stdout.close()


class Kept:
    """Something that is started again whenever it has ended: soon, and later and later if it goes on ending soon."""

    def __init__(
        self,
        name: str,
        is_alive: Callable[[], bool],
        start: Callable[[], None],
        how_it_ended: Callable[[], str] = lambda: "",
    ) -> None:
        self.name = name
        self._is_alive, self._start, self._how_it_ended = is_alive, start, how_it_ended
        self._wait = FIRST_WAIT
        self._started_at = time.monotonic()
        self._due_at: float | None = None  # None: it was alive when we last looked

    def look(self) -> str:
        """Start it if it has ended and the time has come. What there is to say about it: a sentence or nothing."""
        if self._due_at is None:
            return "" if self._is_alive() else self._wait_for_it(f"{self.name} ended by itself{self._how_it_ended()}")
        if time.monotonic() < self._due_at:
            return ""
        self._started_at, self._due_at = time.monotonic(), None
        try:
            self._start()
        except (OSError, RuntimeError) as error:
            return self._wait_for_it(f"{self.name} cannot be started: {str(error).partition(chr(10))[0]}")
        return ""

    def _wait_for_it(self, why: str) -> str:
        now = time.monotonic()
        if now > self._started_at + HEALTHY:
            self._wait = FIRST_WAIT
        wait, self._wait = self._wait, min(LONGEST_WAIT, 2 * self._wait)
        self._due_at = now + wait
        return f"{why}; starting it again in {wait:.1f} s"


def end(children: Sequence[Child], is_urgent: Callable[[], bool] = lambda: False) -> None:
    """Ask all to end, wait while nobody is in a hurry, and kill what does not listen."""
    for child in children:
        if child.is_alive():
            child.process.terminate()
    deadline = time.monotonic() + GRACE
    while any(child.is_alive() for child in children) and time.monotonic() < deadline and not is_urgent():
        time.sleep(0.02)
    for child in children:
        child.kill()


def say(name: str, line: str) -> None:
    """One line of output, behind the name of who says it. Nobody dies of it when nobody listens or the disk is full."""
    with suppress(OSError):
        print(f"{name:<6}│ {line}", flush=True)
