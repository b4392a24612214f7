"""Other programs to measure beside ours, each in a virtual environment of its own: never a dependency.

A peer is a script here, run by its own Python. It reads one command a line (`post 200`) and answers with the
milliseconds that took, so that it can take turns with ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from bench.visitors import free_port

HERE = Path(__file__).parent


class Peer:
    """A running peer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, command: str) -> float:
        """Let it do something; gives the milliseconds it took by its own clock."""
        self.begin(command)
        return self.ended()

    def begin(self, command: str) -> None:
        """Let it do something; `ended` waits for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def ended(self) -> float:
        """The milliseconds that took by its own clock."""
        assert self._process.stdout is not None
        return float(self._process.stdout.readline())


def at_once(peers: Sequence[Peer], command: str) -> None:
    """Let all of them do the same at the same time."""
    for one in peers:
        one.begin(command)
    for one in peers:
        one.ended()


@contextmanager
def process(*command: str | Path, environment: Mapping[str, str]) -> Iterator[Peer]:
    """A Python process that reads commands while the block runs."""
    running = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    try:
        yield Peer(running)
    finally:
        assert running.stdin is not None
        running.stdin.close()
        running.wait()


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
    # -P: a script named like its package does not hide it
    with process(python, "-P", HERE / f"{name}.py", environment=environment) as running:
        yield running


@contextmanager
def database(name: str, *, keep: bool = False) -> Iterator[dict[str, str]]:
    """A database for a peer on our server, and the variable that tells it: empty, or `keep` from run to run."""
    from weiyifang.core.server.database import owner_url  # Django is set up here, but not where a peer imports this

    owner = conninfo_to_dict(owner_url())  # a peer makes its tables itself
    login = {key.upper(): str(owner.get(key) or "") for key in ("user", "password", "host", "port")}
    its_name = f"weiyifang_peer_{name}"
    with psycopg.connect(owner_url(), dbname="postgres", autocommit=True) as admin:
        drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(its_name))
        if not keep:
            admin.execute(drop)
        if admin.execute("SELECT FROM pg_database WHERE datname = %s", [its_name]).fetchone() is None:
            make = SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
            admin.execute(make.format(Identifier(its_name)))
        try:
            yield {"PEER_DATABASE": json.dumps({"NAME": its_name, **login})}
        finally:
            if not keep:
                admin.execute(drop)


@contextmanager
def pretix() -> Iterator[Peer | None]:
    """pretix with an event; it answers `orders 40`, `checkouts 8` and `pages 40`."""
    with database("pretix", keep=True) as environment:
        environment |= {"PEER_PORT": str(free_port())}
        packages = ("pretix==2026.8.0", "granian==2.8.7")
        with peer("pretix", *packages, environment=environment) as running:
            yield running
