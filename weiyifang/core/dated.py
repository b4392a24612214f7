"""Dated rules: figures that differ from place to place and change with the years, as data beside the code they steer.

A rule file is TOML: a `source` in both languages (where its values come from) and one `[[rule]]` for each day from
which other values hold (`since`). What is asked about a day follows the last rule whose `since` is not after it. Rules
are added, never changed. Every file is read when the program starts; one with an error stops the start.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.core import checks
from django.utils.functional import Promise
from django.utils.translation import get_language

from weiyifang.core.refusals import Refused


class BrokenRules(ValueError):
    """A rule file with an error: which file, which rule, and what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class DatedRule:
    """What holds from one day on. A subclass names the values, and refuses those that do not go together."""

    since: date


R = TypeVar("R", bound=DatedRule)
files: dict[str, RuleFile[Any]] = {}  # every rule file there is, by name


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One value of a rule: what it is called, and for a whole number its bounds (both may be used)."""

    label: str | Promise
    least: int = 0
    most: int | None = None  # None: a time of day

    def fault(self, value: Any) -> str:
        """What is wrong with a value, in English, for whoever wrote the file; "" for nothing."""
        if self.most is None:
            return "" if isinstance(value, time) else "is no time of day"
        if isinstance(value, bool) or not isinstance(value, int):
            return "is no whole number"
        return "" if self.least <= value <= self.most else f"is not between {self.least} and {self.most}"


@dataclass(frozen=True, kw_only=True)
class RuleFile(Generic[R]):
    """One file. `name` is its package and topic; `settings` are the values that can be said one by one."""

    name: str
    path: Path
    title: str | Promise
    settings: Mapping[str, Setting]
    make: Callable[..., R] = field(repr=False)  # the rule from its values; raises what it does not understand

    def __post_init__(self) -> None:
        files[self.name] = self

    @cached_property
    def _read(self) -> tuple[dict[str, str], tuple[R, ...]]:
        try:
            data = tomllib.loads(self.path.read_text(encoding="utf-8"))
            source = {"zh": str(data["source"]["zh"]), "en": str(data["source"]["en"])}
            rules = [self._rule(values) for values in data["rule"]]
        except BrokenRules:
            raise
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BrokenRules(f"{self.path.name} of {self.name} cannot be read: {_said(error)}") from error
        if not rules:
            raise BrokenRules(f"{self.path.name} of {self.name} holds no rule")
        days = [rule.since for rule in rules]
        if len(set(days)) < len(days):
            raise BrokenRules(f"{self.path.name} of {self.name} has two rules since the same day")
        return source, tuple(sorted(rules, key=lambda rule: rule.since, reverse=True))

    def _rule(self, values: Mapping[str, Any]) -> R:
        where = f"{self.path.name} of {self.name}, the rule since {values.get('since', '?')}"
        if type(values.get("since")) is not date:
            raise BrokenRules(f"{where}: `since` is no day")
        for name, setting in self.settings.items():
            if what := setting.fault(values.get(name)):
                raise BrokenRules(f"{where}: {name} {what}")
        try:
            return self.make(**values)
        except (Refused, ValueError, KeyError, TypeError) as error:
            raise BrokenRules(f"{where}: {_said(error)}") from error

    @property
    def source(self) -> str:
        """Where its values come from, in the reader's language."""
        return self._read[0]["en" if (get_language() or "").startswith("en") else "zh"]

    @property
    def shipped(self) -> tuple[R, ...]:
        """Every rule of the file, the newest first. Raises `BrokenRules`."""
        return self._read[1]

    def on(self, day: date) -> R:
        """The rule for what is asked about that day; before the first, the first."""
        return next((rule for rule in self.shipped if rule.since <= day), self.shipped[-1])


def _said(error: BaseException) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)


@checks.register
def check_rules(**_options: Any) -> list[checks.CheckMessage]:
    """Every rule file is read before anything starts."""
    found: list[checks.CheckMessage] = []
    for one in files.values():
        try:
            _rules = one.shipped
        except BrokenRules as error:
            found.append(checks.Error(str(error), id="weiyifang.E002"))
    return found
