"""Print the heads of all chains, or add them to a file, for somebody else to keep."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.communities.models import Community
from weiyifang.core.tenancy import in_community
from weiyifang.governance import services


class Command(BaseCommand):
    help = "Print the heads of all chains, or add them to a file, for somebody else to keep."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="where the lines go; printed without it")
        parser.add_argument("--community", help="address (slug) of one community; all open ones without it")

    def handle(self, *args: Any, **options: Any) -> None:
        communities = Community.objects.order_by("pk")
        if options["community"]:
            communities = communities.filter(slug=options["community"])
        if not communities:
            self.stderr.write("No such community is open. Open one first: weiyifang community open 500108002001")
            sys.exit(2)
        kept = []
        for community in communities:
            with in_community(community):
                kept += services.anchor()
        if options["file"] == "-":
            for one in kept:
                self.stdout.write(str(one))
            return
        try:
            services.write(kept, Path(options["file"]))
        except OSError as error:
            raise CommandError(f"Nothing was kept: {error}") from error
        self.stdout.write(
            f"Kept {len(kept)} heads in {options['file']}. Let another machine, or another person, keep it."
        )
