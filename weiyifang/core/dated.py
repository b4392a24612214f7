"""Dated rules: what differs from place to place and changes with the years, as data beside the code it steers.

A rule file is TOML: a `source` in both languages (where its values come from) and one `[[rule]]` for each day from
which other values hold (`since`). What is asked about a day follows the last rule whose `since` is not after it. A rule
with a `region` holds where the official codes begin so, before those of wider regions and of everywhere. Rules are
added, never changed. Every file is read when the program starts; one with an error stops the start. Here are figures
and times of day; `core.wordlists` has the lists of words.

A community may have values of its own (`communities.services.set_rule`), from tomorrow at the earliest and until the
next ones of its own. A process remembers them for `TRUST`: nobody's request asks the database for them each time, and
as none begins today, all processes know them long before their first day.
"""

from __future__ import annotations

import re
import time as stopwatch
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.core import checks
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import chosen_community_id

TRUST = 10.0  # seconds a process remembers a community's own values
Values = Mapping[str, Any]  # of one rule: by name, as JSON holds them
OwnValues = Mapping[str, Sequence[tuple[date, Values]]]  # by the name of the file, from which day on, in order
_readers: list[Callable[[], OwnValues]] = []
_known: dict[int, tuple[OwnValues, float]] = {}  # community → its own values, and until when they are trusted


class BrokenRules(ValueError):
    """A rule file with an error: which file, which rule, and what is wrong with it."""


class NotWithinBounds(Refused):
    """A value that a rule does not take."""

    sentence = _("“%(what)s” takes a whole number from %(least)s to %(most)s.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class DatedRule:
    """What holds from one day on. A subclass names the values, and refuses those that do not go together."""

    since: date
    region: str = ""  # how the official codes begin where it holds; "": everywhere


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

    def kept(self, value: Any) -> Any:
        """A value as JSON holds it: a number, or `21:00`."""
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def read(self, kept: Any) -> Any:
        """A value from JSON. Raises ValueError."""
        return time.fromisoformat(kept) if self.most is None and isinstance(kept, str) else kept


@dataclass(frozen=True, kw_only=True)
class RuleFile(Generic[R]):
    """One file. `name` is its package and topic; `settings` are the values that can be said one by one."""

    name: str
    path: Path
    title: str | Promise
    settings: Mapping[str, Setting]
    make: Callable[..., R] = field(repr=False)  # the rule from its values; raises what it does not understand
    note: str | Promise = ""  # what whoever sets it otherwise should know

    def __post_init__(self) -> None:
        files[self.name] = self

    @cached_property
    def _read(self) -> tuple[dict[str, str], tuple[R, ...]]:
        where = f"{self.path.name} of {self.name}"
        try:
            data = tomllib.loads(self.path.read_text(encoding="utf-8"))
            known(data, {"source", "rule"}, where)
            source = {"zh": str(data["source"]["zh"]), "en": str(data["source"]["en"])}
            rules = [self._rule(values) for values in data["rule"]]
        except BrokenRules:
            raise
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BrokenRules(f"{where} cannot be read: {_said(error)}") from error
        if not any(rule.region == "" for rule in rules):
            raise BrokenRules(f"{where} holds no rule" + (" for everywhere" if rules else ""))
        if len({(rule.region, rule.since) for rule in rules}) < len(rules):
            raise BrokenRules(f"{where} has two rules since the same day")
        return source, tuple(sorted(rules, key=lambda rule: (len(rule.region), rule.since), reverse=True))

    def _rule(self, values: Mapping[str, Any]) -> R:
        where = f"{self.path.name} of {self.name}, the rule since {values.get('since', '?')}"
        if type(values.get("since")) is not date:
            raise BrokenRules(f"{where}: `since` is no day")
        if not re.fullmatch(r"\d*", str(values.get("region", ""))) or type(values.get("region", "")) is not str:
            raise BrokenRules(f'{where}: `region` is not how an official code begins, "50" for example')
        if is_dataclass(self.make):
            known(values, {one.name for one in fields(self.make)}, where)
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
        """Every rule of the file, those of the narrowest region first, of these the newest. Raises `BrokenRules`."""
        return self._read[1]

    @property
    def shipped_here(self) -> Sequence[R]:
        """Those that hold for the community at hand."""
        code = str(chosen_community_id() or "")
        return [rule for rule in self.shipped if code.startswith(rule.region)]

    def shipped_on(self, day: date) -> R:
        """What holds that day where a community has no values of its own; before the first rule, the first."""
        here = self.shipped_here
        return next((rule for rule in here if rule.since <= day), here[-1])

    def on(self, day: date, own: OwnValues | None = None) -> R:
        """The rule for what is asked about that day, in the community at hand if one is chosen.

        Values of its own that a newer version of the program does not take are passed over; `verify` names them.
        """
        shipped = self.shipped_on(day)
        rows = self.own_rows(own)
        values = next((values for since, values in reversed(rows) if since <= day), None)
        if values is None:
            return shipped
        try:
            return self.changed(shipped, self.read(values))
        except (Refused, ValueError, TypeError):
            return shipped

    def own_rows(self, own: OwnValues | None = None) -> Sequence[tuple[date, Values]]:
        """What the community at hand said about it, in the order in which it holds."""
        return (remembered() if own is None else own).get(self.name, ())

    def changed(self, rule: R, values: Values) -> R:
        """The rule with these values instead of its own. Raises `NotWithinBounds`, and what the rule itself refuses."""
        for name, value in values.items():
            setting = self.settings[name]
            if setting.fault(value):
                raise NotWithinBounds(what=setting.label, least=setting.least, most=setting.most)
        return replace(rule, **values)

    def kept(self, rule: DatedRule) -> dict[str, Any]:
        """The values of a rule as JSON holds them."""
        return {name: setting.kept(getattr(rule, name)) for name, setting in self.settings.items()}

    def read(self, values: Values) -> dict[str, Any]:
        """Those values of JSON that there still are. Raises ValueError."""
        return {name: setting.read(values[name]) for name, setting in self.settings.items() if name in values}

    def change(self, since: date, values: Values, own: OwnValues, ever: Collection[Values]) -> tuple[R, dict[str, Any]]:
        """What holds from that day on once these values are said, and how they are kept.

        `own` are the values that stand, `ever` all that were said. Raises what `changed` raises.
        """
        after = self.changed(self.on(since, own), values)
        return after, self.kept(after)

    def unfit(self, since: date, values: Values) -> str:
        """Why values that a community said are passed over, "" when they are not."""
        try:
            self.changed(self.shipped_on(since), self.read(values))
        except (Refused, ValueError, TypeError) as error:
            return str(error)
        return ""


def own_with(reader: Callable[[], OwnValues]) -> None:
    """Register who knows the own values of the community at hand."""
    _readers[:] = [reader]


def remembered() -> OwnValues:
    """Every own value of the community at hand."""
    community_id = chosen_community_id()
    if community_id is None or not _readers:
        return {}
    asked_at = stopwatch.monotonic()
    own, until = _known.get(community_id, ({}, 0.0))
    if asked_at >= until:
        own = _readers[0]()
        _known[community_id] = own, asked_at + TRUST
    return own


def forget() -> None:
    """Ask anew: a value was set in this process."""
    _known.clear()


def known(values: Mapping[str, Any], names: Collection[str], where: str) -> None:
    """Raise `BrokenRules` for a key that nobody reads: it was mistyped, or nothing would come of it."""
    for name in values:
        if name not in names:
            raise BrokenRules(f"{where}: nobody knows the key {name}; there are {', '.join(sorted(names))}")


def _said(error: BaseException) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)


@checks.register
def check_rules(**_options: Any) -> list[checks.CheckMessage]:
    """Every rule file is read before anything starts."""
    found: list[checks.CheckMessage] = []
    for one in files.values():
        try:
            begins = one.shipped[-1].since
        except BrokenRules as error:
            found.append(checks.Error(str(error), id="weiyifang.E002"))
            continue
        if begins > clock.today():
            said = f"{one.path.name} of {one.name} holds nothing yet: its first rule begins on {begins}"
            found.append(checks.Error(said, id="weiyifang.E002"))
    return found
