"""Start everything: the database, the pages and the jobs."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import time
from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.utils import translation

from weiyifang.core import database, installation, words
from weiyifang.core.processes import Child, end, say

HOME = {True: "/c/nanhu/", False: "/"}  # where to begin: in the demo, or not


class Stopped(BaseException):
    """Ctrl-C or SIGTERM came."""


class Command(BaseCommand):
    """Brings the database up to date, then keeps a web server and a worker running until told to stop.

    Exits with 0 after Ctrl-C or SIGTERM, with 1 when one of the two ends by itself.
    """

    help = "Start everything: the database, the pages and the jobs."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="with the Nanhu community and its year")
        parser.add_argument("--host", default="127.0.0.1", help="the address to answer on (127.0.0.1: this machine)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="processes that answer pages (2)")

    def handle(self, *args: Any, **options: Any) -> None:
        self.start = time.monotonic()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)
        children: list[Child] = []
        try:
            if options["demo"]:
                self.say("The first start takes one or two minutes: a community lives through its year. Later: seconds")
            refuse_taken_port(options["host"], options["port"])
            with contextlib.suppress(PermissionError):  # an installed program may lie where we cannot write
                words.compile_stale()
            self.prepare()
            if options["demo"]:
                self.replay()
            connections.close_all()
            connection.close_pool()  # type: ignore[attr-defined]
            children = self.start_children(options)
            self.wait_until_ready(children, options)
            self.tell(options)
            self.watch(children)
        except Stopped:
            self.say("Stopping")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # we are ending already
            end(children)
        self.say("All stopped")

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

    def replay(self) -> None:
        """The year of the demo; goes on where an earlier start was interrupted."""
        if "replay" in get_commands():
            self.say("The Nanhu community lives through its year (Ctrl-C: the next start goes on from there)")
            call_command("replay")

    def start_children(self, options: dict[str, Any]) -> list[Child]:
        environment = {**os.environ, "DATABASE_URL": settings.DATABASE_URL}
        address = ("--host", options["host"], "--port", str(options["port"]), "--workers", str(options["workers"]))
        return [
            Child("pages", ["-m", "weiyifang.core.webserver", *address], environment),
            Child("jobs", ["-m", "weiyifang", "work"], environment),
        ]

    def wait_until_ready(self, children: list[Child], options: dict[str, Any]) -> None:
        """Until the pages answer. The parent's own imports are done, so this is about a second."""
        while not answers(options["host"], options["port"]):
            refuse_dead(children)
            time.sleep(0.1)

    def tell(self, options: dict[str, Any]) -> None:
        host = f"[{options['host']}]" if ":" in options["host"] else options["host"]
        self.say(f"Ready: http://{host}:{options['port']}{HOME[options['demo']]}")
        if options["demo"] and find_spec("weiyifang.people.demo"):
            with translation.override("en"):
                for line in import_module("weiyifang.people.demo").cast_lines():
                    say("up", line)

    def watch(self, children: list[Child]) -> None:
        while True:
            refuse_dead(children)
            time.sleep(0.5)


def stop(number: int, frame: Any) -> None:
    """What a signal does."""
    raise Stopped


def refuse_taken_port(host: str, port: int) -> None:
    """Raises `CommandError` when another program answers there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Another program may have it: "
                f"choose another port, such as --port {port + 1} (make demo PORT={port + 1})."
            ) from error


def refuse_dead(children: list[Child]) -> None:
    """Raises `CommandError` when a child has ended by itself."""
    for child in children:
        if not child.is_alive():
            raise CommandError(f"{child.name} ended by itself (exit code {child.process.returncode}); see its lines.")


def answers(host: str, port: int) -> bool:
    """Whether somebody answers HTTP there, whatever the answer."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    link = http.client.HTTPConnection(host, port, timeout=30)
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
