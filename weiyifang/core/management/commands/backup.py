"""Write everything into one file: the database and the keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.core import backup


class Command(BaseCommand):
    help = "Write everything into one file: the database and the keys."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a folder (the file is named by the time), or a new file")
        parser.add_argument("--without-keys", action="store_true", help="leave out the keys to phones and id numbers")

    def handle(self, *args: Any, **options: Any) -> None:
        with_keys = not options["without_keys"]
        try:
            file = backup.make(options["target"], with_keys=with_keys)
        except backup.CannotBackUp as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file} ({file.stat().st_size / 1_000_000:.1f} MB)")
        if with_keys:
            self.stdout.write(
                "It holds the keys: whoever has this file can read every phone and id number. Lock it away."
            )
        else:
            self.stdout.write(
                self.style.WARNING(
                    "The keys are not in it. Unless var/keys (or WEIYIFANG_DATA_KEYS) is kept somewhere else, "
                    "no phone and no id number in this backup can ever be read again."
                )
            )
