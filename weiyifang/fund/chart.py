"""The chart of accounts as data: channels, categories, pools and the accounts behind them (`chart.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core import checks
from django.utils.translation import get_language

from weiyifang.core import dated

DATA = Path(__file__).parent / "chart.toml"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A channel, a category, a pool, an account of money or an official one: its code, its name in both languages."""

    code: str
    zh: str
    en: str
    account: str = ""  # the official account it is posted to
    restricted: bool = False
    category: str = ""  # of a purpose: the only one its money may be spent on
    unnamed_zh: str = ""  # of a channel: what a giver who is not named is called
    unnamed_en: str = ""

    @property
    def name(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh

    @property
    def unnamed(self) -> str:
        return self.unnamed_en if (get_language() or "").startswith("en") else self.unnamed_zh

    def __str__(self) -> str:
        return self.name

    @property
    def ledger_code(self) -> str:
        """The account in our book: the official code and what tells it apart (`4101.residents`)."""
        return f"{self.account}.{self.code}" if self.account else self.code


FIRST_IN = "first in, first out"


@dataclass(frozen=True, kw_only=True)
class Convention:
    """By which convention a gift is followed (`following`), from which day on, and how it is said."""

    since: date
    order: str
    zh: str
    en: str

    @property
    def words(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True, kw_only=True)
class Chart:
    """All of it, in the order of the file."""

    source: str
    since: date  # from when on the source is in force
    money: dict[str, Line]
    official: dict[str, Line]
    net: dict[str, Line]  # what is the fund's own, free and restricted
    channels: dict[str, Line]
    categories: dict[str, Line]
    pools: dict[str, Line]
    following: tuple[Convention, ...]  # the newest first

    def net_code(self, *, restricted: bool) -> str:
        """The account of net assets of this kind."""
        return next(code for code, line in self.net.items() if line.restricted == restricted)

    def convention(self, day: date) -> Convention:
        """The one in force on a day."""
        return next(one for one in self.following if one.since <= day)


@lru_cache
def chart() -> Chart:
    """The chart in force. Raises `dated.BrokenRules`."""
    return read(DATA)


def read(path: Path) -> Chart:
    """The chart in a file. Raises `dated.BrokenRules`, with the file and what is wrong with it."""
    try:
        return _read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise dated.BrokenRules(f"{path.name} of the fund cannot be read: {what}") from error


def _read(data: dict[str, Any]) -> Chart:
    if type(data["from"]) is not date:
        raise ValueError("`from` is no day")
    return Chart(
        source=data["source"],
        since=data["from"],
        money=_lines(data["account"]),
        official=_lines(data["official"]),
        net=_net(data["net"]),
        channels=_lines(data["channel"]),
        categories=_lines(data["category"]),
        pools=_lines(data["pool"]),
        following=_conventions(data["following"]),
    )


def _net(entries: list[dict[str, Any]]) -> dict[str, Line]:
    found = _lines(entries)
    if sorted(line.restricted for line in found.values()) != [False, True]:
        raise ValueError("net assets are one account without restrictions and one with")
    return found


def _conventions(rows: list[dict[str, Any]]) -> tuple[Convention, ...]:
    found = [Convention(since=row["since"], order=row["order"], zh=row["words"], en=row["words_en"]) for row in rows]
    if not found or any(type(one.since) is not date or not one.zh or not one.en for one in found):
        raise ValueError("a convention by which gifts are followed lacks its day or its words")
    if any(one.order != FIRST_IN for one in found):
        raise ValueError(f"gifts are followed by no other convention than {FIRST_IN!r}")
    return tuple(sorted(found, key=lambda one: one.since, reverse=True))


@checks.register
def check_chart(**_options: Any) -> list[checks.CheckMessage]:
    """The chart is read before anything starts."""
    try:
        chart()
    except dated.BrokenRules as error:
        return [checks.Error(str(error), id="weiyifang.E003")]
    return []


def _lines(entries: list[dict[str, Any]]) -> dict[str, Line]:
    codes = [entry["code"] for entry in entries]
    if len(set(codes)) < len(codes):
        raise ValueError("a code stands there twice")
    return {
        entry["code"]: Line(
            code=entry["code"],
            zh=entry["name"],
            en=entry["en"],
            account=entry.get("account", ""),
            restricted=entry.get("restricted", False),
            category=entry.get("category", ""),
            unnamed_zh=entry.get("unnamed", ""),
            unnamed_en=entry.get("unnamed_en", ""),
        )
        for entry in entries
    }


def line_or_code(lines: Mapping[str, Line], code: str) -> Line:
    """The line with this code; of one that the chart no longer has, the code alone, so that every page opens."""
    return lines.get(code) or Line(code=code, zh=code, en=code)


def by_ledger_code(code: str) -> Line | None:
    """The channel, category or money account with this code in our book."""
    here = chart()
    for line in (*here.channels.values(), *here.categories.values(), *here.money.values(), *here.net.values()):
        if line.ledger_code == code:
            return line
    return None
