"""Finding a thing by what is typed into the one search box: each package finds its own, and what the reader may open.

A package says in its `finder.py` (`FINDERS`) what can be found there. The modules are found by themselves. What is
typed is a few words, or a number; who types a number that one thing alone has is led there at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise

from weiyifang.core import found, text
from weiyifang.core.actors import Actor

LONGEST = 60  # letters that may be sought
DIGITS = 9  # of a number that people read out; no column holds more


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing that was found. `desc` tells it from others of its name; `is_exact`: it has the number typed."""

    title: str
    desc: str = ""
    route: str
    args: Sequence[Any] = field(default_factory=tuple)
    is_exact: bool = False

    @property
    def url(self) -> str:
        """Its page. Only while a page is made: addresses are of a community."""
        return reverse(self.route, args=self.args)


@dataclass(frozen=True)
class Sought:
    """What was typed, by whom; `at_desk`: at the workbench, where things open as they are worked on."""

    words: str
    by: Actor
    at_desk: bool = False

    @property
    def number(self) -> int | None:
        """The number, if nothing but one was typed (`37`, `３７`, `no. 37`, `37号`)."""
        said = text.number(self.words).lower()
        for sign in ("no.", "no", "#", "第"):
            said = said.removeprefix(sign).strip()
        said = said.removesuffix("号").strip()
        return int(said) if said.isascii() and said.isdecimal() and len(said) <= DIGITS else None


@dataclass(frozen=True, kw_only=True)
class Finder:
    """One kind of thing that can be found: who may look for it, which rows fit (the best first), how they are shown.

    `rows` gives nothing that the reader may not open. `public`: it is found on everybody's pages, too.
    """

    code: str
    label: str | Promise
    icon: str
    may: Callable[[Actor], bool]
    rows: Callable[[Sought], QuerySet[Any]]
    hits: Callable[[Sequence[Any], Sought], list[Hit]]
    public: bool = False


@cache
def finders() -> Mapping[str, Finder]:
    """Every finder there is, by its code, package by package."""
    return {finder.code: finder for module in found.modules("finder") for finder in module.FINDERS}


def of(sought: Sought) -> list[Finder]:
    """Those that look for this reader, here."""
    return [one for one in finders().values() if (one.public or sought.at_desk) and one.may(sought.by)]


def number_first(rows: QuerySet[Any], sought: Sought, *order: Any) -> QuerySet[Any]:
    """The row with the number typed before all others."""
    if sought.number is None:
        return rows.order_by(*order)
    is_it = Case(When(number=sought.number, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(is_it, *order)


def has_number(sought: Sought) -> Q:
    """Rows with the number typed; none without one."""
    return Q(number=sought.number) if sought.number is not None else Q(pk=None)
