"""Bring a backup back into an empty database, and prove that it is whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from weiyifang.core import backup
from weiyifang.core.database import as_owner


class Command(BaseCommand):
    """Keys, rows, then `migrate` (role, rights, newer tables) and `verify`, each in a process that knows the keys."""

    help = "Bring a backup back into an empty database, and prove that it is whole."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--without-keys", action="store_true", help="keep the keys that are here")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            about = backup.read_about(file)
            self.stdout.write(f"Made at {about['made_at']}, communities: {about['communities']}")
            with as_owner(connection):  # the program's role may not be there yet
                keys = backup.restore(file, with_keys=not options["without_keys"])
        except backup.CannotBackUp as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The rows are back. Keys put back: {', '.join(keys) or 'none'}")
        self.stdout.flush()
        for command in ("migrate", "verify"):
            quiet = ["-v0"] if command == "migrate" else []
            if subprocess.run([sys.executable, "-m", "weiyifang", command, *quiet], check=False).returncode != 0:
                raise CommandError(f"`weiyifang {command}` finds the restored database not in order; see above.")
