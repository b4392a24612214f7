"""Where a package's pages stand on the map of the site: the dock and the rail of residents, the side of the workbench.

A package says it in its `menu.py` (`RESIDENTS`, `WORKBENCH`); the modules are found by themselves. What has one number
in its group stands in the order of the packages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weiyifang.core import found

# what residents' pages stand under in the rail (no words: at its top), and those of the workbench at its side
TOP, IN_THE_OPEN = "", _("In the open")
GROUPS = TODAY, PEOPLE, ACTIVITIES, MONEY, LETTERS, OVERSIGHT = (
    _("Today"),
    _("People and organizations"),
    _("Activities and rooms"),
    _("Money"),
    _("Letters and news"),
    _("Oversight"),
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place on the map: the route's name, its words and icon, and for the workbench who sees it."""

    route: str
    label: str | Promise
    icon: str
    group: str | Promise = TOP
    at: int = 0  # its place in the group, the smallest first
    wide: bool = False  # only in the rail of a wide screen
    care: bool = False  # stays on a phone in the version for elders, beside the telephone
    searched: bool = False  # its pages have the search box
    permissions: tuple[str, ...] = ()  # any of them


def _all(name: str, groups: Sequence[str | Promise]) -> Iterator[Entry]:
    entries = [entry for module in found.modules("menu") for entry in getattr(module, name, ())]
    yield from sorted(entries, key=lambda entry: (groups.index(entry.group), entry.at))


@cache
def residents() -> tuple[Entry, ...]:
    """What residents' dock and rail lead to."""
    return tuple(_all("RESIDENTS", (TOP, IN_THE_OPEN)))


@cache
def workbench() -> tuple[tuple[str | Promise, tuple[Entry, ...]], ...]:
    """What the workbench's side leads to, by group."""
    entries = tuple(_all("WORKBENCH", GROUPS))
    return tuple((group, tuple(entry for entry in entries if entry.group is group)) for group in GROUPS)
