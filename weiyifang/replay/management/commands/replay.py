"""Live the year of Nanhu community through the services, and compare it with what was published."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.money import yuan
from weiyifang.core.refusals import Refused
from weiyifang.core.server import database, installation
from weiyifang.core.server.processes import collect_rarely
from weiyifang.core.tenancy import in_community
from weiyifang.replay import engine, figures
from weiyifang.replay.models import Run
from weiyifang.replay.year import CODE, open_nanhu, steps_of

ANALYZED_AFTER = (3, 10, 30, 90)  # steps: the tables grow from nothing
TOLD_EVERY = 2.0  # seconds between two lines of progress


class Command(BaseCommand):
    help = "Live the year of Nanhu community through the services, and compare it with what was published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=2017, help="another seed is another year of the same figures")
        parser.add_argument("--scale", type=float, default=1.0, help="1.0 is the whole; people shrink with it")
        parser.add_argument("--until", type=date.fromisoformat, help="the last of its 365 days (yesterday without it)")
        parser.add_argument("--json", action="store_true", help="print figures and head as JSON, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["scale"] <= 1:
            raise CommandError("--scale is more than 0 and at most 1")
        settings.DEMO = True
        installation.settle()
        self.quiet = options["json"]
        try:
            run = self._play(options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        with in_community(CODE):
            if self.quiet:
                self.stdout.write(json.dumps(figures.as_json(run), ensure_ascii=False, indent=1))
            else:
                self._table(run)
        if self.quiet:
            return
        if self.replayed:
            call_command("verify", community="nanhu", stdout=self.stdout)
        else:
            self.stdout.write(
                "Lived before: nothing was replayed. `weiyifang verify` recomputes every promise at any time."
            )

    def _play(self, options: dict[str, Any]) -> Run:
        community = open_nanhu()
        with in_community(community):
            found = Run.objects.first()
            until = options["until"] or (found.last_day if found else clock.today() - timedelta(days=1))
            run = engine.begin(seed=options["seed"], scale=options["scale"], last_day=until)
            steps = steps_of(run, community)
        self.started = self.told = time.monotonic()
        self.replayed = run.finished_at is None
        if self.replayed:
            about = f"seed {run.seed}, scale {run.scale}, until {until}"
            collect_rarely()
            self._say(f"Replaying a year of {community.name} ({about}): about a minute at scale 1.")
        engine.play(run, community, steps, self._progress)
        return run

    def _progress(self, done: int, total: int, name: str) -> None:
        if done in ANALYZED_AFTER:
            database.analyze(connection)
        if time.monotonic() - self.told > TOLD_EVERY or done == total:
            self.told = time.monotonic()
            self._say(f"  {done * 100 // total:3d} %  {name}  {self.told - self.started:.0f} s")

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr if self.quiet else sys.stdout, flush=True)

    def _table(self, run: Run) -> None:
        home = f"/c/{Community.objects.get(pk=CODE).slug}/"
        self.stdout.write(f"{'figure':<34}{'published':>16}{'replayed':>16}  where to see it")
        for line in figures.figures(run):
            here = "—" if line.replayed is None else _shown(line.name, line.replayed)
            limit = "at most " if line.is_limit else ""
            where = f"{home}{line.where}" if line.replayed is not None else "follows with its part of the program"
            mark = "" if line.met or line.replayed is None or run.scale < 1 else "  DIFFERS"
            self.stdout.write(f"{line.en:<34}{limit + _shown(line.name, line.published):>16}{here:>16}  {where}{mark}")
        self.stdout.write(f"head {figures.head()}")


def _shown(name: str, number: int) -> str:
    return yuan(number) if name.endswith("_fen") else f"{number:,}"
