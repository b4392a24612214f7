"""Recompute a draw from its published file, with no database: exit code 1 when it is not what comes out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.activities import lottery

BIGGEST = 20_000_000  # bytes; a hundred times the largest draw there can be


class Command(BaseCommand):
    help = "Recompute a draw by lot from its published file; exit code 1 when it is not what comes out."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("file", type=Path, help="the file that the draw's page offers")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            if file.stat().st_size > BIGGEST:
                raise CommandError(f"{file} is too large for the file of a draw.")
            sheet = lottery.read(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, lottery.NotASheet) as error:
            raise CommandError(f"{file}: {error}") from error
        found = lottery.faults(sheet)
        for fault in found:
            self.stdout.write(f"{file}: {fault}")
        if found:
            sys.exit(1)
        self.stdout.write(
            f"Date {sheet.date}: {len(sheet.tickets)} tickets, {len(sheet.seated)} with seats of {sheet.places}. "
            "The seed is the one committed to, and order and seats are what comes out."
        )
