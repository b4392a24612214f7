"""Keep the lists of sentences to translate; --check that both languages are complete."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from weiyifang.core.look import words


class Command(BaseCommand):
    """Without options: adds new sentences to the .po files, drops those nobody says any more, and compiles."""

    help = "Keep the lists of sentences to translate; --check that both languages are complete."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("packages", nargs="*", help="only these, such as: people fund (otherwise all)")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--compile", action="store_true", help="only make the .mo files the program reads")
        what.add_argument("--check", action="store_true", help="change nothing; say what is missing, and fail if any")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["compile"] and find_spec("babel") is None:
            raise CommandError("Finding sentences needs the tools of the program's makers: run `make install`.")
        if options["check"]:
            found = words.complaints(options["packages"])
            self.stdout.write("\n".join([*found, f"{len(found)} to put right" if found else "Every sentence is there"]))
            sys.exit(1 if found else 0)
        if not options["compile"]:
            for catalogue in words.catalogues(options["packages"]):
                added, dropped = catalogue.update()
                if added or dropped:
                    self.stdout.write(f"{catalogue.file.relative_to(words.ROOT)}: {added} new, {dropped} dropped")
        self.stdout.write(f"{words.compile_stale()} compiled")
