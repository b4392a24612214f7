"""Write everything into one file: the database and the keys. Also looks at such a file."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.core.server import backup, backup_file
from weiyifang.core.server.backup_file import CannotBackUp

NIGHTLY = "; without it WEIYIFANG_BACKUPS, and all is done as each night"


class Command(BaseCommand):
    help = "Write everything into one file, which was read back whole before it has its name; or look at such a file."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("target", type=Path, nargs="?", help=f"a folder (the file is named by the time), or a new file{NIGHTLY}")
        add("--without-keys", action="store_true", help="leave out the keys to phones and id numbers")
        add("--to", action="append", metavar="age1…", help="encrypt to this public key (WEIYIFANG_BACKUP_RECIPIENT)")
        add("--keep", type=count, metavar="N", help="delete older backups in the folder, but never the last N")
        add("--keep-days", type=count, metavar="DAYS", help="nor any that is younger than so many days")
        look = parser.add_argument_group("instead of making one").add_argument
        look("--check", action="store_true", help="read a backup, or the newest in a folder, and say what it is")
        look("--identity", type=Path, metavar="FILE", help="with --check: the private key, to look inside as well")
        look("--new-key", action="store_true", help="make a pair of keys: the private one into the file TARGET")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path | None = options["target"]
        if target is None and (options["new_key"] or not settings.BACKUPS):
            raise CommandError("Say where: weiyifang backup FOLDER (or set WEIYIFANG_BACKUPS).")
        try:
            if options["new_key"]:
                self.make_key(target or Path())
            elif options["check"]:
                self.look_at(target or Path(settings.BACKUPS), options["identity"])
            elif target is None:
                self.tell(*backup.make_scheduled(), with_keys=True, encrypted=bool(settings.BACKUP_RECIPIENTS))
            else:
                self.make(target, options)
        except CannotBackUp as error:
            raise CommandError(str(error)) from error

    def make(self, target: Path, options: dict[str, Any]) -> None:
        folder, keep, days = target.is_dir(), options["keep"], options["keep_days"]
        prunes = keep is not None or days is not None
        if prunes and not folder:
            raise CannotBackUp("--keep and --keep-days are for a folder of backups that are named by the time.")
        to = backup_file.recipients(options["to"] or settings.BACKUP_RECIPIENTS)
        with_keys = not options["without_keys"]
        file = backup.make(target, with_keys=with_keys, to=to)
        gone = backup.prune(target, newest=file, keep=keep or 1, days=days or 0) if prunes else []
        self.tell(file, gone, with_keys=with_keys, encrypted=bool(to))

    def tell(self, file: Path, gone: list[Path], *, with_keys: bool, encrypted: bool) -> None:
        self.stdout.write(f"{file} ({file.stat().st_size / 1_000_000:.1f} MB)")
        for old in gone:
            self.stdout.write(f"Deleted {old.name}")
        if not with_keys:
            self.stdout.write(
                self.style.WARNING(
                    "The keys are not in it. Unless var/keys (or WEIYIFANG_DATA_KEYS) is kept somewhere else, "
                    "no phone and no id number in this backup can ever be read again."
                )
            )
        elif encrypted:
            self.stdout.write("It holds the keys, and is encrypted: without the private key nobody can ever read it.")
        else:
            self.stdout.write(
                "It holds the keys: whoever has this file can read every phone and id number. Lock it away."
            )

    def look_at(self, target: Path, identity: Path | None) -> None:
        file = backup.newest_in(target) if target.is_dir() else target
        for line in backup.describe(file, backup_file.read_identities(identity)):
            self.stdout.write(line)

    def make_key(self, file: Path) -> None:
        public = backup_file.write_key(file)
        self.stdout.write(f"The public key, for WEIYIFANG_BACKUP_RECIPIENT:\n{public}")
        self.stdout.write(
            f"The private key is in {file}. Bring it off this machine, twice: without it no backup can be read, "
            "and on this machine it protects nothing."
        )


def count(text: str) -> int:
    """A whole number of at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)
