"""Recompute every promise from the rows; exit code 1 when one is broken."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.communities.models import Community
from weiyifang.core.tenancy import in_community
from weiyifang.governance import anchors, verify
from weiyifang.governance.anchors import Kept, NotAnAnchor

SHOWN = 20  # faults of one check that are printed; the rest are counted


class Command(BaseCommand):
    help = "Recompute every promise from the rows; exit code 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--community", help="address (slug) of one community; all open ones without it")
        parser.add_argument(
            "--anchors",
            type=Path,
            default=settings.ANCHORS or None,
            help="a file, or a folder of files, that `weiyifang anchor` wrote; WEIYIFANG_ANCHORS without it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        communities = Community.objects.order_by("pk")
        if options["community"]:
            communities = communities.filter(slug=options["community"])
        if not communities:
            self.stderr.write("No such community is open. Open one first: weiyifang community open 500108002001")
            sys.exit(2)
        kept = self._kept(options["anchors"])
        broken = 0
        for community in communities:
            self.stdout.write(f"{community.short_name} ({community.pk})")
            with in_community(community):
                broken += self._verify(kept)
        if not options["community"]:
            for gone in sorted({one.community_id for one in kept} - {community.pk for community in communities}):
                broken += 1
                self.stdout.write(f"anchors: {gone}: anchors were kept of this community, and it is not here any more")
        if broken:
            self.stdout.write(self.style.ERROR(f"{broken} faults."))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("Every promise is kept."))

    def _kept(self, path: Path | None) -> list[Kept]:
        if path is None or (path == settings.ANCHORS and not path.exists()):  # no night has passed yet
            return []
        try:
            return anchors.read(path)
        except (OSError, NotAnAnchor) as error:
            raise CommandError(f"The anchors cannot be read: {error}") from error

    def _verify(self, kept: list[Kept]) -> int:
        count = 0
        checks = verify.checks()
        if kept:
            checks |= {"kept anchors": lambda: list(anchors.compare(kept))}
        for name, check in checks.items():
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
