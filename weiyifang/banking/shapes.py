"""How banks and wallets write their statements, as data: `shapes.toml`. Nothing here knows a file or a row."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core import checks
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from weiyifang.core import dated

DATA = Path(__file__).with_name("shapes.toml")
FIELDS: dict[str, str | Promise] = {
    "day": _("day"),
    "time": _("time of day"),
    "in": _("money in"),
    "out": _("money out"),
    "amount": _("amount, out with a minus"),
    "flag": _("in or out"),
    "balance": _("balance afterwards"),
    "currency": _("currency"),
    "name": _("the other side"),
    "number": _("its account number"),
    "words": _("purpose or summary"),
    "serial": _("serial number"),
    "status": _("state"),
    "own": _("our own account number"),
}
_SIDES = ("payer", "payee", "payer_number", "payee_number")  # of banks that write both, whichever is the other one
_KEYS = {"code", "zh", "en", "since", "seen", "checked", "marks", "sums", "note_zh", "note_en", *FIELDS, *_SIDES}
BY_HAND = "by_hand"  # the shape of a file whose columns somebody named


def heading(said: object) -> str:
    """What a heading says, however it is written: `收支金额（元） ` is 收支金额(元), `余额[ Balance ]` 余额."""
    words = unicodedata.normalize("NFKC", said) if isinstance(said, str) else ""
    return re.sub(r"\[[^\]]*\]|[\s*:`]", "", words).lower()


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One shape. `columns`: field → the headings it may have; `marks`: headings that must all be there to know it."""

    code: str
    zh: str
    en: str
    since: date
    seen: str
    checked: bool  # was it compared with a real file, or with its maker's own words?
    marks: Sequence[frozenset[str]]
    columns: Mapping[str, Sequence[str]]
    sums: Mapping[str, str] = field(default_factory=dict)  # headings of the sums below the lines
    note_zh: str = ""
    note_en: str = ""

    @property
    def name(self) -> str:
        return self.en if _is_english() else self.zh

    @property
    def note(self) -> str:
        return self.note_en if _is_english() else self.note_zh

    def places(self, heads: Sequence[str]) -> dict[str, list[int]]:
        """Where each field stands among these headings; of `words` every place, of others the first heading's."""
        found: dict[str, list[int]] = {}
        for name, wanted in self.columns.items():
            places = [heads.index(one) for one in wanted if one in heads]
            if places:
                found[name] = places if name in {"words", "serial"} else places[:1]
        return found

    def fits(self, heads: Sequence[str]) -> int:
        """How many headings it knows of these; 0 when a mark is missing."""
        there = set(heads)
        return sum(map(len, self.places(heads).values())) if all(mark & there for mark in self.marks) else 0


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """All of the file."""

    source: Mapping[str, str]
    flags: Mapping[str, int]  # what stands in a column `flag` → 1 in, -1 out, 0 neither
    currencies: frozenset[str]
    closed: frozenset[str]
    neutral: Sequence[tuple[str, int]]  # of what is neither: a word of it → 1 in, -1 out
    every: Mapping[str, Shape]


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@lru_cache
def shapes() -> Shapes:
    """The shapes that are known. Raises `dated.BrokenRules`."""
    return read(DATA)


def shape(code: str) -> Shape:
    """The shape of this code; of one by hand, or gone since, what can be said of it."""
    return shapes().every.get(code) or by_hand({})


def by_hand(columns: Mapping[str, str]) -> Shape:
    """The shape of a file whose columns somebody named: field → heading."""
    named: dict[str, list[str]] = {}
    for name, said in columns.items():
        named[name] = [heading(said)]
    marks = [frozenset(names) for names in named.values()]
    return Shape(
        code=BY_HAND,
        zh="自己对应的列",
        en="columns named by hand",
        since=date.min,
        seen="",
        checked=False,
        marks=marks,
        columns=named,
    )


def read(path: Path) -> Shapes:
    """The shapes in a file. Raises `dated.BrokenRules`, with the file and what is wrong with it."""
    try:
        return _read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise dated.BrokenRules(f"{path.name} of banking cannot be read: {what}") from error


def _read(data: dict[str, Any]) -> Shapes:
    flags = {
        heading(word): sign
        for name, sign in (("flags_in", 1), ("flags_out", -1), ("flags_neutral", 0))
        for word in data[name]
    }
    every = [_shape(values) for values in data["shape"]]
    if len({one.code for one in every}) < len(every):
        raise ValueError("a code stands there twice")
    return Shapes(
        source={"zh": data["source"]["zh"], "en": data["source"]["en"]},
        flags=flags,
        currencies=frozenset(map(heading, data["currencies"])),
        closed=frozenset(data["closed"]),
        neutral=[(word, sign) for name, sign in (("neutral_in", 1), ("neutral_out", -1)) for word in data[name]],
        every={one.code: one for one in every},
    )


def _shape(values: dict[str, Any]) -> Shape:
    where = f"the shape {values['code']}"
    dated.known(values, _KEYS, where)
    if type(values["since"]) is not date:
        raise ValueError(f"{where}: `since` is no day")
    columns = {name: [heading(one) for one in values[name]] for name in (*FIELDS, *_SIDES) if name in values}
    if "day" not in columns or not ({"in", "out"} <= columns.keys() or "amount" in columns):
        raise ValueError(f"{where} has no day, or no amounts")
    return Shape(
        code=values["code"],
        zh=values["zh"],
        en=values["en"],
        since=values["since"],
        seen=values["seen"],
        checked=values["checked"],
        marks=[frozenset(map(heading, mark.split("|"))) for mark in values["marks"]],
        columns=columns,
        sums={name: heading(said) for name, said in values.get("sums", {}).items()},
        note_zh=values.get("note_zh", ""),
        note_en=values.get("note_en", ""),
    )


@checks.register
def check_shapes(**_options: Any) -> list[checks.CheckMessage]:
    """The shapes are read before anything starts."""
    try:
        shapes()
    except dated.BrokenRules as error:
        return [checks.Error(str(error), id="weiyifang.E004")]
    return []
