"""Other programs to measure beside ours, each in a virtual environment of its own: never a dependency.

A peer is a script here, run by its own Python. It reads one command a line (`post 200`) and answers with the
milliseconds that took, so that it can take turns with ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from psycopg.sql import SQL, Identifier

from bench.visitors import free_port

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


@contextmanager
def database(name: str, *, keep: bool = False) -> Iterator[dict[str, str]]:
    """A database for a peer on our server, and the variable that tells it: empty, or `keep` from run to run."""
    usual = connection.settings_dict
    login = {key: usual[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    its_name = f"weiyifang_peer_{name}"
    with psycopg.connect(
        dbname="postgres", autocommit=True, **{key.lower(): value for key, value in login.items() if value}
    ) as admin:
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
    """pretix with an event; it answers `orders 40` and `pages 40`."""
    with database("pretix", keep=True) as environment:
        environment |= {"PEER_PORT": str(free_port())}
        packages = ("pretix==2026.8.0", "granian==2.8.7")
        with peer("pretix", *packages, environment=environment) as running:
            yield running
