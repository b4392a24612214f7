# ruff: noqa: N999  a command is called by the name of its file
"""Check the file of a gift's receipt, with no database: exit code 1 when something in it does not fit."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.core.money import yuan
from weiyifang.fund import proof_file
from weiyifang.fund.proof_file import FEWEST_DIGITS, Months, NotAProof, Receipt

File = TypeVar("File")
BIGGEST = 50_000_000  # bytes; the seals of a month with hundreds of thousands of entries
NOT_PROVEN = (
    "It does not say who gave, whether the gift was taken back later, or whether what was written down is true; "
    "and it is no official donation receipt."
)


class Command(BaseCommand):
    help = "Check the file of a gift's receipt, with no database; exit code 1 when something in it does not fit."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file that the receipt's page offers")
        parser.add_argument("months", type=Path, nargs="?", help="the list that the page of the sealed months offers")
        parser.add_argument(
            "--root", default="", help=f"a printed root, or its first digits, {FEWEST_DIGITS} of them at least"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        receipt = _read(options["file"], proof_file.read_receipt)
        months = _read(options["months"], proof_file.read_months) if options["months"] else None
        digits = "".join(options["root"].lower().split())
        if digits and (len(digits) < FEWEST_DIGITS or set(digits) - set("0123456789abcdef")):
            raise CommandError(f"A root has 64 digits from 0 to f; give the first {FEWEST_DIGITS} at least.")
        found = [*proof_file.faults(receipt), *proof_file.compared(receipt, months=months, digits=digits)]
        for fault in found:
            self.stdout.write(f"{options['file']}: {fault}")
        if found:
            sys.exit(1)
        self.stdout.write(_said(receipt, months))
        if months is None and not digits:
            self.stdout.write(
                f"Nothing to compare it with was given. Its root is {receipt.root}: it proves something when this is "
                f"the published root of {receipt.month.month[:7]}."
            )
        self.stdout.write(NOT_PROVEN)


def _read(path: Path, understand: Callable[[str], File]) -> File:
    """What a file says."""
    try:
        if path.stat().st_size > BIGGEST:
            raise CommandError(f"{path} is too large for such a file.")
        return understand(path.read_bytes().decode())
    except (OSError, UnicodeDecodeError, NotAProof) as error:
        raise CommandError(f"{path}: {error}") from error


def _said(receipt: Receipt, months: Months | None) -> str:
    names = months.pools.get(receipt.pool, {}) if months else {}
    purpose = f" for {names['zh']} ({names['en']})" if {"zh", "en"} <= names.keys() else ""
    return (
        f"{yuan(receipt.fen)} yuan{purpose}, in the books of community {receipt.community} on {receipt.day}, "
        f"entry no. {receipt.number} of the chain: it is in {receipt.month.month[:7]}, one of {receipt.size} entries."
    )
