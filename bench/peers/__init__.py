"""Other programs to measure beside ours, each in a virtual environment of its own: never a dependency.

A peer is a script here, run by its own Python. It reads one command a line (`post 200`) and answers with the
milliseconds that took, so that it can take turns with ours.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


class Peer:
    """A running peer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, command: str) -> float:
        """Let it do something; gives the milliseconds it took by its own clock."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


@contextmanager
def peer(name: str, *packages: str, environment: Mapping[str, str]) -> Iterator[Peer | None]:
    """The peer `name.py` with its packages; None, and a line that says so, when they cannot be installed."""
    home = Path(os.environ["WEIYIFANG_VAR"]) / "peers" / name
    python = home / "bin" / "python"
    try:
        if not (home / "ready").exists():
            subprocess.run([sys.executable, "-m", "venv", home], check=True, capture_output=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True, capture_output=True)
            (home / "ready").touch()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{name} is left out, it could not be installed: {error}", file=sys.stderr)
        yield None
        return
    process = subprocess.Popen(
        [python, "-P", HERE / f"{name}.py"],  # -P: a script named like its package does not hide it
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield Peer(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
