"""`manage.py register`: look into the official register from the command line.

register find 南湖 [--limit N] [--json]    places by name, region and name, or code
register show 500108002001 [--json]        one place and all it belongs to
register browse [500108] [--json]          what lies directly in a region; without a code: the provinces
"""

from __future__ import annotations

import json
import sys
import unicodedata
from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.communities import register
from weiyifang.communities.register_file import fold


class Command(BaseCommand):
    help = "Look into the official register of communities and villages."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        find = verbs.add_parser("find", help="by name, region and name, or code: find 重庆 南湖")
        find.add_argument("text", nargs="+")
        find.add_argument("--limit", type=_positive, default=20, help="at most this many (20)")
        show = verbs.add_parser("show", help="one place by its code: show 500108002001")
        show.add_argument("code", nargs="+", help="12 digits")
        browse = verbs.add_parser("browse", help="what lies in a region: browse 500108")
        browse.add_argument("code", nargs="*", help="2, 4, 6 or 9 digits; none: the provinces")
        for verb in (find, show, browse):
            verb.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {"find": self.find, "show": self.show, "browse": self.browse}
        verbs[options["verb"]](**options)

    def find(self, *, text: list[str], limit: int, json: bool, **_options: Any) -> None:
        sought = " ".join(text)
        answer = register.search(sought, limit)
        found = answer.places
        if not found:
            self.refuse(
                _("Nothing in the register is called “%(text)s”. Try fewer characters, or the district and the name.")
                % {"text": sought}
            )
        rows = [(each.code, each.short_name, each.street, each.district, each.city, each.province) for each in found]
        heads = (_("Code"), _("Name"), _("Street"), _("District"), _("City"), _("Province"))
        self.answer([asdict(place) for place in found], heads, rows, as_json=json)
        if answer.more:  # a program's reader looks at what it was given, not at this
            (self.stderr if json else self.stdout).write("\n".join(_about_more(answer)))

    def show(self, *, code: list[str], json: bool, **_options: Any) -> None:
        digits = _digits(code)
        place = register.place(digits)
        if place is None:
            self.refuse(
                _("The register has no place with the code %(code)s. Check the 12 digits, or find it by its name.")
                % {"code": digits}
            )
        rows = [
            (_("Code"), place.code),
            (_("Name"), place.name),
            (_("Short name"), place.short_name),
            (_("Street"), place.street),
            (_("District"), place.district),
            (_("City"), place.city),
            (_("Province"), place.province),
        ]
        self.answer(asdict(place), (), rows, as_json=json)

    def browse(self, *, code: list[str], json: bool, **_options: Any) -> None:
        digits = _digits(code)
        found = register.children(digits)
        if not found:
            self.refuse(
                _("The register has no region with the code %(code)s. Give 2, 4, 6 or 9 digits, or none at all.")
                % {"code": digits}
            )
        rows = [(region.code, region.name, region.places) for region in found]
        heads = (_("Code"), _("Name"), _("Places"))
        self.answer([asdict(region) for region in found], heads, rows, as_json=json)

    def answer(self, data: Any, heads: Sequence[str], rows: Sequence[Sequence[object]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
            return
        lines = [[str(cell) for cell in row] for row in ((heads, *rows) if heads else rows)]
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            padded = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(padded).rstrip())

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(1)


def _about_more(answer: register.Answer) -> list[str]:
    """How many are not shown, and how to come to them."""
    few = ngettext("%(n)d more is not shown.", "%(n)d more are not shown.", answer.more)
    many = _("More than %(n)d others are not shown.")
    lines = [
        (many if answer.is_least else few) % {"n": answer.more},
        _("Put the city or the district before the name (%(example)s), or ask for more with --limit.")
        % {"example": answer.example},
    ]
    if answer.narrower:
        parts = "  ".join(f"{part.region} {part.places}" for part in answer.narrower)
        lines.append(_("Where they lie: %(parts)s") % {"parts": parts})
    return lines


def _digits(parts: list[str]) -> str:
    """A code as typed: full-width digits and spaces are welcome."""
    return fold("".join(parts)).replace(" ", "")


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(_("give a number from 1"))
    return int(text)
