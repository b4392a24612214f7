"""The PostgreSQL at work on a data folder, as a process: is there one, is it ready, end it whatever it is doing.

Standard library only, like `embedded_postgres`, whose servers these are.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PATIENCE = 60.0  # seconds a start may make no progress; a recovery after a crash may take long, and tells its progress
STOP_PATIENCE = 20.0  # seconds for a gentle stop, and for an immediate one, before what is harder
NEWS = 5.0  # seconds between two lines about a start that takes long
GONE_WITHIN = 5.0  # seconds for what was killed to be gone


def find(data: Path) -> tuple[int, str] | None:
    """The number and state of the server at work on `data`: only if that process really is one."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        number = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    command = _command_line(number)
    if "postgres" in command and str(data) in command:
        return number, lines[7].strip() if len(lines) > 7 else "starting"
    return None


def is_ready(data: Path) -> bool:
    """Whether it takes connections."""
    found = find(data)
    return found is not None and found[1] == "ready"


def becomes_ready(data: Path, log: Path) -> bool:
    """Wait while the server starts, as long as it makes progress, or stops; whether it is ready then.

    Every ten seconds a recovery writes a line into its log, but only if it gets on.
    """
    began = told = time.monotonic()
    deadline = began + PATIENCE
    progress = ""
    while found := find(data):
        if found[1] == "ready":
            return True
        now = time.monotonic()
        if now > told + NEWS:
            told, seen = now, _progress(log)
            if seen != progress:
                progress, deadline = seen, now + PATIENCE
            print(f"PostgreSQL is {found[1]}, {now - began:.0f} s by now. {seen}".rstrip(), file=sys.stderr, flush=True)
        if now > deadline:
            return False
        time.sleep(0.02)
    return False


def _progress(log: Path) -> str:
    """The newest line in which a recovery tells how far it is."""
    try:
        with log.open("rb") as lines:
            lines.seek(max(0, log.stat().st_size - 10_000))
            told = [line for line in lines.read().decode(errors="replace").splitlines() if "elapsed time" in line]
    except OSError:
        return ""
    return told[-1].partition("LOG:")[2].strip() if told else ""


def stop(data: Path, is_urgent: Callable[[], bool] = lambda: False) -> None:
    """End it: gently; without ceremony when it does not listen, or once `is_urgent`; in the end by kill -9.

    Whatever it takes, what was committed stays: the next start recovers it. Ctrl-C makes it urgent.
    """
    try:
        if not is_urgent() and (_tell(data, signal.SIGINT) and _is_gone(data, is_urgent)):
            return
    except KeyboardInterrupt:
        pass
    if _tell(data, signal.SIGQUIT) and not _is_gone(data):
        _tell(data, signal.SIGKILL)
        _is_gone(data)
        end_orphans(data)


def _tell(data: Path, what: signal.Signals) -> bool:
    """Send a signal, never by number alone: it may belong to another program by now. False when nobody is there."""
    found = find(data)
    if found is not None:
        with suppress(ProcessLookupError):
            os.kill(found[0], what)
    return found is not None


def _is_gone(data: Path, is_urgent: Callable[[], bool] = lambda: False) -> bool:
    """Whether the server ends in time, and before it is urgent."""
    deadline = time.monotonic() + STOP_PATIENCE
    while find(data):
        if time.monotonic() > deadline or is_urgent():
            return False
        time.sleep(0.02)
    return True


def end_orphans(data: Path) -> None:
    """Kill what a dead server left behind, and wait until it is gone: while one of its processes lives, none can start.

    Each works in the data folder. Where there is no /proc, they have to end by themselves, and nearly always do.
    """
    killed = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve() == data and _command_line(int(process.name)).startswith("postgres: "):
                os.kill(int(process.name), signal.SIGKILL)
                killed.append(int(process.name))
    until = time.monotonic() + GONE_WITHIN
    while any(_command_line(number).startswith("postgres: ") for number in killed) and time.monotonic() < until:
        time.sleep(0.02)


def _command_line(number: int) -> str:
    if sys.platform == "linux":
        try:
            return os.fsdecode(Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" "))
        except OSError:
            return ""
    # -ww: without it ps cuts the line at 80 columns, and a live server looks like a stranger
    ps = ["ps", "-ww", "-o", "args=", "-p", str(number)]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout
