"""What waits for somebody at the workbench: one list over all topics, which know nothing of one another.

A package says in its `waits.py` (`WAITS`) what may wait there: for whose duty, which rows, what they are called, since
when they wait and by when they should be done. The modules are found by themselves. A reader's list is one statement
over the kinds that are among their duties, so the database sorts it and cuts its pages; another counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, overload

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated, found, learned
from weiyifang.core.actors import Actor
from weiyifang.core.look.wording import as_day

Column = str | Expression | F
BETWEEN = "/"  # the parts of an address


@dataclass(frozen=True, kw_only=True)
class AnswerRule(dated.DatedRule):
    """Days by which what waits should be looked at, where nothing else says so."""

    answer_days: int


ANSWERS = dated.RuleFile(
    name="core.waiting",
    path=Path(__file__).with_name("waiting.toml"),
    title=_("What waits at the workbench"),
    settings={"answer_days": dated.Setting(label=_("Days until what waits counts as late"), least=1, most=60)},
    make=AnswerRule,
    note=_("It sorts today's list and says what is late; nothing happens by itself."),
)


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One kind of thing that waits. Columns are names of fields or expressions over `rows`.

    `words`: what is to be done. `place`: the route of the page on the map that counts it; it shows them all. `route`
    with `args`: where one is dealt with. `rows`: those that wait for this reader, asked for only if `may` says, by the
    rights alone, that it is their duty. `due`: by when; else so many days after `since` as the rule says. `many`: how
    many things one line stands for, and then `words` is said of that number (`ngettext_lazy`).
    """

    code: str  # its package and what it is, once in the program
    words: str | Promise
    icon: str
    place: str
    route: str
    may: Callable[[Actor], bool]
    rows: Callable[[Actor], QuerySet[Any]]
    since: Column
    args: tuple[Column, ...] = ("pk",)
    title: Column | None = None
    who: Column | None = None
    fen: Column | None = None
    due: Column | None = None
    many: Column | None = None
    begins: bool = False
    is_oversight: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that waits, as the list shows it."""

    wait: Wait
    args: str
    title: str
    who: str
    fen: int | None
    since: datetime
    due: datetime
    many: int = 1

    @property
    def url(self) -> str:
        """Where it is dealt with. Only while a page is made: addresses are of a community."""
        return reverse(self.wait.route, args=self.args.split(BETWEEN) if self.args else ())

    @property
    def words(self) -> str:
        """What is to be done."""
        return str(self.wait.words)

    @property
    def is_under_way(self) -> bool:
        """It has begun, and is not over."""
        return self.wait.begins and self.due <= clock.now()

    @property
    def is_late(self) -> bool:
        return not self.wait.begins and self.due < clock.now()

    @property
    def waits_already(self) -> bool:
        """It began to wait, and does not only begin at its hour."""
        return not self.wait.begins and self.since < clock.now()

    @property
    def is_due_today(self) -> bool:
        """Today or before."""
        return as_day(self.due) <= clock.today()


@cache
def kinds() -> Mapping[str, Wait]:
    """Every kind there is, by its code, package by package."""
    return {wait.code: wait for module in found.modules("waits") for wait in module.WAITS}


def of(actor: Actor) -> list[Wait]:
    """The kinds that are among the reader's duties."""
    return [wait for wait in kinds().values() if wait.may(actor)]


def counts(actor: Actor) -> dict[str, int]:
    """How much waits of each kind, by its code, nothing left out that is 0: one query, none without a duty."""
    mine = of(actor)
    if not mine:
        return {}
    days = _answer_days()
    name = ("what waits, counted", *(wait.code for wait in mine), days)
    return dict(learned.rows(name, actor, lambda who: _below_one_another([_counted(one, who, days) for one in mine])))


def of_which(counted: Mapping[str, int]) -> list[tuple[Wait, int]]:
    """Each kind of which something waits, with how much."""
    return [(wait, counted[code]) for code, wait in kinds().items() if code in counted]


class Lines(Sequence[Line]):
    """What waits for a reader, of these kinds, what is due first at the top: a page of it is one query."""

    def __init__(self, actor: Actor, kinds: Sequence[Wait], length: int) -> None:
        self._actor, self._kinds, self._length = actor, kinds, length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Line: ...

    @overload
    def __getitem__(self, at: slice) -> list[Line]: ...

    def __getitem__(self, at: int | slice) -> Line | list[Line]:
        if isinstance(at, slice):
            return list(self._read(at))
        return next(self._read(slice(at, at + 1)))

    def _read(self, at: slice) -> Iterator[Line]:
        if not self._length:
            return
        days = _answer_days()

        def listed(who: Actor) -> QuerySet[Any]:
            rows = _below_one_another([_columns(wait, who, days) for wait in self._kinds])
            return rows.order_by("wait_due", "wait_since", "wait_args")[at]

        name = ("what waits", *(wait.code for wait in self._kinds), days, at.start, at.stop)
        for code, args, title, who, fen, since, due, many in learned.rows(name, self._actor, listed):
            yield Line(wait=kinds()[code], args=args, title=title, who=who, fen=fen, since=since, due=due, many=many)


def lines(actor: Actor, counted: Mapping[str, int], only: Wait | None = None) -> Lines:
    """What waits for the reader, all of it or of one kind; `counted` is what `counts` said."""
    asked = [wait for wait in of(actor) if only in {None, wait}]
    return Lines(actor, asked, sum(counted.get(wait.code, 0) for wait in asked))


def _answer_days() -> int:
    return ANSWERS.on(clock.today()).answer_days


def _below_one_another(kinds: Sequence[QuerySet[Any]]) -> QuerySet[Any]:
    first, *others = kinds
    return first.union(*others, all=True) if others else first


def _counted(wait: Wait, actor: Actor, days: int) -> QuerySet[Any]:
    """One row: the code, and how many there are."""
    rows: QuerySet[Any] = wait.rows(actor).order_by()
    if wait.many is not None:
        return _columns(wait, actor, days).values_list("wait_code", "wait_many")
    counted: QuerySet[Any] = (
        rows.annotate(wait_code=_text(Value(wait.code)))
        .values("wait_code")
        .annotate(wait_many=Count("pk"))
        .values_list("wait_code", "wait_many")
    )
    return counted


def _columns(wait: Wait, actor: Actor, days: int) -> QuerySet[Any]:
    """The same eight columns of any kind, so that the kinds can stand below one another."""
    since = Cast(wait.since, DateTimeField())
    late = ExpressionWrapper(since + Value(timedelta(days=days)), DateTimeField())
    due = late if wait.due is None else Cast(wait.due, DateTimeField())
    parts = [part for arg in wait.args for part in (Value(BETWEEN), Cast(arg, CharField()))][1:]
    args = Concat(*parts, output_field=TextField()) if len(parts) > 1 else _text(parts[0] if parts else Value(""))
    columns: QuerySet[Any] = (
        wait.rows(actor)
        .order_by()
        .annotate(
            wait_code=_text(Value(wait.code)),
            wait_args=args,
            wait_title=_text(wait.title or Value("")),
            wait_who=_text(wait.who or Value("")),
            wait_fen=Cast(wait.fen or Value(None), BigIntegerField()),
            wait_since=since,
            wait_due=due,
            wait_many=Cast(Value(1) if wait.many is None else wait.many, BigIntegerField()),
        )
        .values_list(
            *("wait_code", "wait_args", "wait_title", "wait_who", "wait_fen", "wait_since", "wait_due", "wait_many")
        )
    )
    return columns


def _text(column: Column) -> Cast:
    return Cast(column, TextField())
