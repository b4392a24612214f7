"""Start everything: the database, the pages and the jobs."""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import signal
import socket
import time
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import connection, connections
from django.utils import translation

from weiyifang.core.look import words
from weiyifang.core.server import backup, database, embedded_postgres, installation, logs, postmaster
from weiyifang.core.server.processes import FIRST_WAIT, LONGEST_WAIT, Child, Kept, end, say
from weiyifang.core.web import outage

DATABASE = settings.VAR_DIR / "postgres"
LINGERING = 3.0  # seconds for the children of an `up` that was killed to leave its port
HOME = {True: "/c/nanhu/", False: "/"}  # where to begin: in the demo, or not


class Stopped(BaseException):
    """Ctrl-C or SIGTERM came."""


class Command(BaseCommand):
    """Brings the database up to date, then keeps a web server and a worker running until told to stop.

    What ends by itself is started again: the two, and the PostgreSQL that comes along. Exits with 0 after Ctrl-C or
    SIGTERM; who presses twice does not want to wait for what is under way.
    """

    help = "Start everything: the database, the pages and the jobs."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="with the Nanhu community and its year")
        parser.add_argument("--host", default="127.0.0.1", help="the address to answer on (127.0.0.1: this machine)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="processes that answer pages (2)")

    def handle(self, *args: Any, **options: Any) -> None:
        logs.take_over()
        self.start = time.monotonic()
        self.children: list[Child] = []
        self.kept: list[Kept] = []
        self.signals = 0
        self.is_disk_low = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        try:
            if options["demo"]:
                self.say("The first start takes one or two minutes: a community lives through its year. Later: seconds")
            refuse_taken_port(options["host"], options["port"])
            with contextlib.suppress(OSError):  # an installed program may lie where we cannot write
                words.compile_stale()
            self.patiently(self.prepare)
            if options["demo"]:
                self.patiently(self.replay)
            connections.close_all()
            connection.close_pool()  # type: ignore[attr-defined]  # psycopg's backend has it
            self.start_children(options)
            self.wait_until_ready(options)
            self.tell(options)
            self.watch(lambda: False)
        except Stopped:
            self.say("Stopping (once more: at once)")
        finally:
            end(self.children, self.is_urgent)
            embedded_postgres.leave(DATABASE, self.is_urgent)
        self.say("All stopped")

    def stop(self, number: int, frame: Any) -> None:
        """What a signal does. The first ends what is being done here; later ones only say that it is urgent."""
        self.signals += 1
        if self.signals == 1:
            raise Stopped

    def is_urgent(self) -> bool:
        return self.signals > 1

    def say(self, line: str) -> None:
        """A line of our own, with the seconds since the start."""
        say("up", f"{time.monotonic() - self.start:5.1f} s  {line}")

    def prepare(self) -> None:
        """The database: there, ours, up to date, and such that what must stay stays."""
        may_migrate = database.may_make_tables(connection)
        # without the owner's address somebody else migrates: then only look
        call_command("migrate", verbosity=0, check_unapplied=not may_migrate)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version')")
            self.say(f"PostgreSQL {cursor.fetchone()[0]}")
        found, ways_up = database.problems(connection), database.ways_up(connection)
        if found or (ways_up and not settings.DEMO):
            raise CommandError("\n".join(filter(None, [*found, ways_up])))
        for line in ways_up.splitlines():  # in the demo nobody's affairs are at stake
            self.say(line)
        installation.settle()
        self.say("The tables are up to date")
        if not settings.DEMO:
            self.say(backup.told_at_start())

    def replay(self) -> None:
        """The year of the demo; goes on where an earlier start was interrupted."""
        if "replay" in get_commands():
            self.say("The Nanhu community lives through its year (Ctrl-C: the next start goes on from there)")
            call_command("replay")

    def patiently(self, do: Callable[[], None]) -> None:
        """Do it, and again when the database was away or the disk full meanwhile: both may pass."""
        wait = FIRST_WAIT
        while True:
            try:
                if (data := embedded_postgres.data_of(DATABASE)) and postmaster.find(data) is None:
                    embedded_postgres.start_again(DATABASE)
                return do()
            except embedded_postgres.CannotStart as error:
                what = str(error).partition("\n")[0]
            except (DatabaseError, OSError) as error:
                found = outage.of(error)
                if found is None:
                    raise
                what = f"{found.logged}: {outage.reason(error)}"
            self.say(f"{what}; trying again in {wait:.1f} s")
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def start_children(self, options: dict[str, Any]) -> None:
        if data := embedded_postgres.data_of(DATABASE):
            restart = partial(embedded_postgres.start_again, DATABASE)
            self.kept.append(Kept("PostgreSQL", lambda: postmaster.find(data) is not None, restart))
        environment = {**os.environ, "DATABASE_URL": settings.DATABASE_URL}
        address = ("--host", options["host"], "--port", str(options["port"]), "--workers", str(options["workers"]))
        for name, arguments in (
            ("pages", ["-m", "weiyifang.core.server.webserver", *address]),
            ("jobs", ["-m", "weiyifang", "work"]),
        ):
            child = Child(name, arguments, environment)
            self.children.append(child)
            self.kept.append(Kept(f"The process {name}", child.is_alive, child.start, child.how_it_ended))

    def wait_until_ready(self, options: dict[str, Any]) -> None:
        """Until the pages answer. The parent's own imports are done, so this is about a second."""
        self.watch(lambda: answers(options["host"], options["port"]))

    def tell(self, options: dict[str, Any]) -> None:
        host = f"[{options['host']}]" if ":" in options["host"] else options["host"]
        self.say(f"Ready: http://{host}:{options['port']}{HOME[options['demo']]}")
        if settings.PROXIES and not settings.PROXY_HEADER:
            self.say("WEIYIFANG_PROXY_HEADER is not set: all visitors count as one address (see docs/operations.md)")
        if options["demo"] and find_spec("weiyifang.people.demo"):
            with translation.override("en"):
                for line in import_module("weiyifang.people.demo").cast_lines():
                    say("up", line)

    def watch(self, is_enough: Callable[[], bool]) -> None:
        """Keep all running, until it is enough."""
        while not is_enough():
            for one in self.kept:
                if sentence := one.look():
                    self.say(sentence)
            self.look_at_disk()
            time.sleep(0.1)

    def look_at_disk(self) -> None:
        """Say it once when nothing more can be written, and once when that is over."""
        folders = {settings.VAR_DIR, embedded_postgres.data_of(DATABASE) or settings.VAR_DIR}
        if any(map(outage.is_out_of_room, folders)) != self.is_disk_low:
            self.is_disk_low = not self.is_disk_low
            what = f"{outage.Outage.NO_ROOM.logged}. Make room" if self.is_disk_low else "The disk takes data again"
            self.say(f"{what} ({', '.join(sorted(map(str, folders)))})")


def refuse_taken_port(host: str, port: int) -> None:
    """Raises `CommandError` when another program answers there, and does not end soon.

    What an `up` that was killed has started ends within seconds.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + LINGERING
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                return probe.bind((host, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                    raise CommandError(
                        f"Port {port} cannot be used ({error.strerror}). Another program may have it: "
                        f"choose another port, such as --port {port + 1} (make demo PORT={port + 1})."
                    ) from error
        time.sleep(0.1)


def answers(host: str, port: int) -> bool:
    """Whether somebody answers HTTP there, whatever the answer."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  what was asked for, said as one opens it
    link = http.client.HTTPConnection(host, port, timeout=5)
    try:
        link.request("HEAD", "/")
        link.getresponse()
    except OSError:
        return False
    except http.client.HTTPException:
        return True
    finally:
        link.close()
    return True
