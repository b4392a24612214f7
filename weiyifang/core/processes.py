"""Processes that start together end together."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

PARENT = "WYF_PARENT"  # the number of the process that started us, if it wants us to end with it
OWNER_URL = "WEIYIFANG_OWNER_URL"  # where the owner of the tables logs in: no process that answers people knows it
GRACE = 15  # seconds a process gets to finish what it is doing


def end_with_parent() -> None:
    """Watch the process that started us, and end when it is gone, however it went (kill -9 tells nobody)."""
    parent = int(os.environ.get(PARENT, "0"))
    if parent:
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
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            env=without_owner({**environment, PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._pass_on, daemon=True, name=name)
        self._reader.start()

    def _pass_on(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            say(self.name, line.rstrip())

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None


def end(children: Sequence[Child]) -> None:
    """Ask all to end, wait, and kill what does not listen."""
    for child in children:
        if child.is_alive():
            child.process.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        child._reader.join(timeout=2)
        if child.process.stdout is not None:
            child.process.stdout.close()


def say(name: str, line: str) -> None:
    """One line of output, behind the name of who says it."""
    print(f"{name:<6}│ {line}", flush=True)
