"""Databases of their own for tests with real processes: what `weiyifang` does there, no other test sees."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Composable, Identifier

from tests.database import TEMPLATE, administrator, drop_database

ROOT = Path(__file__).resolve().parent.parent


class Place:
    """A database, and the folder `var` with its keys."""

    def __init__(self, name: str, var: Path) -> None:
        self.url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "WEIYIFANG_VAR": str(var),
            "WEIYIFANG_DEMO": "1",
            "WEIYIFANG_STAFF_TOTP": "0",
            "PYTHONWARNINGS": "always::ResourceWarning",  # a file nobody closed is a file cut off one day
        }

    def start(self, *arguments: str, module: str = "weiyifang", **streams: Any) -> subprocess.Popen[str]:
        """`weiyifang …` at work on this database."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.environment, text=True, **streams
        )

    def run(self, *arguments: str, module: str = "weiyifang", **changed: str) -> subprocess.CompletedProcess[str]:
        """`weiyifang …`, to its end; it closes what it opened."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**self.environment, **changed},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "ResourceWarning" not in done.stderr, done.stderr
        return done

    def ask(self, question: str) -> Any:
        """The one value a query gives."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(question).fetchone()
        return row[0] if row else None


@contextmanager
def migrated(var: Path) -> Iterator[Place]:
    """A place with tables and nothing in them, thrown away afterwards."""
    with administrator() as admin:
        names = admin.execute("SELECT datname FROM pg_database WHERE datistemplate").fetchall()
    template = next(name for (name,) in names if name.startswith(TEMPLATE))
    with _place(var, SQL("CREATE DATABASE {} TEMPLATE {}"), Identifier(template)) as place:
        yield place


@contextmanager
def empty(var: Path) -> Iterator[Place]:
    """A place without a table, thrown away afterwards."""
    with _place(var, SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")) as place:
        yield place


@contextmanager
def _place(var: Path, words: SQL, *more: Composable) -> Iterator[Place]:
    name = f"weiyifang_place_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    with administrator() as admin:
        admin.execute(words.format(Identifier(name), *more))
    try:
        yield Place(name, var)
    finally:
        with administrator() as admin:
            drop_database(admin, name)
