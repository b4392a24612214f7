"""Bring a backup back into an empty database, and prove that it is whole."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from weiyifang.core.server import backup, backup_file, rehearsal
from weiyifang.core.server.backup_file import CannotBackUp
from weiyifang.core.server.database import as_owner


class Command(BaseCommand):
    """Keys, rows, then `migrate` (role, rights, newer tables) and `verify`, each in a process that knows the keys."""

    help = "Bring a backup back into an empty database, and prove that it is whole."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--without-keys", action="store_true", help="keep the keys that are here")
        parser.add_argument("--identity", type=Path, metavar="FILE", help="the private key, when it is encrypted")
        parser.add_argument("--anchors", metavar="FILE", help="let verify compare with heads that were kept elsewhere")
        parser.add_argument(
            "--rehearse", action="store_true", help="only try it, in a database of its own that is thrown away"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["rehearse"]:
                with_keys = not options["without_keys"] and backup.holds_keys(options["file"])
                more = {name: options[name] for name in ("identity", "anchors") if options[name]}
                said = rehearsal.rehearse(options["file"], with_keys=with_keys, more=more)
                self.stdout.write(f"{said} Nothing of this rehearsal is left.")
            else:
                self.restore(options["file"], options)
        except CannotBackUp as error:
            raise CommandError(str(error)) from error

    def restore(self, file: Path, options: dict[str, Any]) -> None:
        started = time.monotonic()
        about = backup_file.read_about(file)
        self.stdout.write(f"Made at {about['made_at']}, communities: {about['communities']}")
        identities = backup_file.read_identities(options["identity"])
        with as_owner(connection):  # the program's role may not be there yet
            restored = backup.restore(file, with_keys=not options["without_keys"], identities=identities)
        self.stdout.write(f"The rows are back. Keys put back: {', '.join(restored.keys) or 'none'}")
        self.stdout.flush()
        anchors = ["--anchors", options["anchors"]] if options["anchors"] else []
        for command, more in {"migrate": ["-v0"], "verify": anchors}.items():
            if subprocess.run([sys.executable, "-m", "weiyifang", command, *more], check=False).returncode != 0:
                raise CommandError(f"`weiyifang {command}` finds the restored database not in order; see above.")
        self.stdout.write(f"Restored {restored}, verify green, took {time.monotonic() - started:.0f} s.")
