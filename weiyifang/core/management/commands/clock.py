"""What time the program believes it is; --accept after somebody has looked at a clock that had jumped."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from weiyifang.core import timekeeping


class Command(BaseCommand):
    help = "What time the program believes it is; --accept after somebody has looked at a clock that had jumped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accept", action="store_true", help="this clock is right: let money move again")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accept"]:
            timekeeping.accept()
        try:
            timekeeping.require()
        except timekeeping.ClockJumped as jumped:
            raise CommandError(
                f"{jumped}\nPut the clock right (NTP), or say that it is: weiyifang clock --accept"
            ) from jumped
        self.stdout.write(f"{timezone.localtime():%Y-%m-%d %H:%M:%S %Z}: nothing is wrong with it.")
