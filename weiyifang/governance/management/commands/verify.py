"""Recompute every promise from the rows; exit code 1 when one is broken."""

from __future__ import annotations

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from weiyifang.communities.models import Community
from weiyifang.core.tenancy import in_community
from weiyifang.governance import verify

SHOWN = 20  # faults of one check that are printed; the rest are counted


class Command(BaseCommand):
    help = "Recompute every promise from the rows; exit code 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--community", help="address (slug) of one community; all open ones without it")

    def handle(self, *args: Any, **options: Any) -> None:
        communities = Community.objects.order_by("pk")
        if options["community"]:
            communities = communities.filter(slug=options["community"])
        if not communities:
            self.stderr.write("No such community is open. Open one first: weiyifang community open 500108002001")
            sys.exit(2)
        broken = 0
        for community in communities:
            self.stdout.write(f"{community.short_name} ({community.pk})")
            with in_community(community):
                broken += self._verify()
        if broken:
            self.stdout.write(self.style.ERROR(f"{broken} faults."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("Every promise is kept."))

    def _verify(self) -> int:
        count = 0
        for name, check in verify.checks().items():
            started = time.perf_counter()
            faults = check()
            count += len(faults)
            mark = self.style.ERROR(f"{len(faults)} faults") if faults else self.style.SUCCESS("kept")
            self.stdout.write(f"  {name:<14} {mark}  {time.perf_counter() - started:.2f} s")
            for fault in faults[:SHOWN]:
                self.stdout.write(f"    {fault}")
            if len(faults) > SHOWN:
                self.stdout.write(f"    … and {len(faults) - SHOWN} more")
        return count
