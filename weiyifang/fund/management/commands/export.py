"""Write the fund's book as a journal for Beancount or hledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.communities.models import Community
from weiyifang.core.files import whole
from weiyifang.core.tenancy import in_community
from weiyifang.fund import journals
from weiyifang.fund.books import FundNotOpen


class Command(BaseCommand):
    help = "Write the fund's book as a journal for Beancount or hledger, with nothing that is not public."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="where it goes; printed without it")
        parser.add_argument("--format", required=True, choices=journals.FORMATS, help="for which program")
        parser.add_argument("--community", help="address (slug) of the community; not needed where there is one")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Community.objects.order_by("pk")
        found = list(rows.filter(slug=options["community"]) if options["community"] else rows[:2])
        if len(found) != 1:
            raise CommandError("Say which community's: --community and its address (slug).")
        with in_community(found[0]):
            try:
                self._write(journals.lines(options["format"]), options["file"])
            except FundNotOpen as refusal:
                raise CommandError(str(refusal)) from refusal
            except OSError as error:
                raise CommandError(f"It could not be written: {error}") from error

    def _write(self, pieces: Iterator[str], file: str) -> None:
        if file == "-":
            for piece in pieces:
                self.stdout.write(piece, ending="")
            return
        with whole(Path(file), mode=0o644) as opened:
            for piece in pieces:
                opened.write(piece.encode())
