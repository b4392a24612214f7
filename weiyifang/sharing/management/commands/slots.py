"""Recompute who got which slots from the published file, with no database: exit code 1 when it does not come out so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.sharing import slots

BIGGEST = 20_000_000  # bytes; many times the largest season there can be


class Command(BaseCommand):
    help = "Recompute the slots of a season from their published file; exit code 1 when they do not come out so."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("file", type=Path, help="the file that the season's page offers")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            if file.stat().st_size > BIGGEST:
                raise CommandError(f"{file} is too large for the slots of a season.")
            sheet = slots.read(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, slots.NotASheet) as error:
            raise CommandError(f"{file}: {error}") from error
        found = slots.faults(sheet)
        for fault in found:
            self.stdout.write(f"{file}: {fault}")
        if found:
            sys.exit(1)
        self.stdout.write(
            f"Season {sheet.round}: {len(sheet.tickets)} organizations, {len(sheet.given)} slots. "
            "The seed is the one committed to, and order and slots are what comes out."
        )
