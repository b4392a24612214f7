"""The SQL that stands in our sources, read without running it."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
IS_SQL = re.compile(r"^\s*(WITH|SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE)\s|\b(FROM|JOIN) \w+ \w+ (ON|WHERE)\b")
COMMENT = re.compile(r"--[^\n]*")


class Statement(NamedTuple):
    """One text of SQL: in which file, under which name (of the constant or of the function) and what it says."""

    path: str
    name: str
    sql: str

    @property
    def where(self) -> str:
        return f"{self.path}:{self.name}"


@dataclass
class Scope:
    """One SELECT, INSERT, UPDATE or DELETE by itself: what stands in brackets in it are scopes of their own."""

    before: str  # what stands right before its bracket; "" at the top
    sql: str


def sources() -> Iterator[Path]:
    """Every file of the program; no tests, and no migrations, which ran before a database was sharded."""
    for path in sorted(ROOT.glob("weiyifang/**/*.py")):
        if not {"tests", "migrations"} & {*path.parts}:
            yield path


@cache
def statements() -> list[Statement]:
    """Every text of SQL in the program; what f-strings insert is looked up where it is a text of the module."""
    return [one for path in sources() for one in _in(path)]


def _in(path: Path) -> Iterator[Statement]:
    here = path.relative_to(ROOT)
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    if not any(_has_sql(one) for one in ast.walk(tree) if id(one) not in docstrings):
        return
    known = vars(importlib.import_module(".".join(here.with_suffix("").parts).removesuffix(".__init__")))
    for name, text in _texts(tree, "", docstrings):
        sql = COMMENT.sub("", _written(text, known))
        if IS_SQL.search(sql):
            yield Statement(str(here), name, sql)


def _has_sql(one: ast.AST) -> bool:
    return isinstance(one, ast.Constant) and isinstance(one.value, str) and bool(IS_SQL.search(one.value))


def _texts(tree: ast.AST, name: str, left_out: set[int]) -> Iterator[tuple[str, ast.expr]]:
    """Texts under `tree` and the name they stand under, the longest ones: not the parts of an f-string."""
    for child in ast.iter_child_nodes(tree):
        inner = name
        if isinstance(child, ast.FunctionDef):
            inner = child.name
        elif not name and isinstance(child, ast.Assign) and isinstance(child.targets[0], ast.Name):
            inner = child.targets[0].id
        if isinstance(child, ast.JoinedStr) or (isinstance(child, ast.Constant) and isinstance(child.value, str)):
            if id(child) not in left_out:
                yield name, child
        else:
            yield from _texts(child, inner, left_out)


def _written(text: ast.expr, known: dict[str, Any]) -> str:
    """The text with what is known of its inserts; what is not is `{…}`."""
    if isinstance(text, ast.Constant):
        return str(text.value)
    parts = []
    for part in text.values if isinstance(text, ast.JoinedStr) else ():
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            value = known.get(part.value.id) if isinstance(part.value, ast.Name) else None
            parts.append(value if isinstance(value, str) else f"{{{ast.unparse(part.value)}}}")
    return "".join(parts)


def scopes(sql: str) -> list[Scope]:
    """The statement and its subselects, each with `()` in place of what stands in its own brackets; and each half of a
    UNION by itself."""
    found: list[Scope] = []
    opened: list[list[str]] = [[]]
    before = [""]
    for letter in sql:
        if letter == "(":
            before.append("".join(opened[-1])[-40:])
            opened[-1].append("()")
            opened.append([])
        elif letter == ")" and len(opened) > 1:
            found += _halves(before.pop(), "".join(opened.pop()))
        else:
            opened[-1].append(letter)
    return found + _halves("", "".join(opened[0]))


def _halves(before: str, sql: str) -> list[Scope]:
    return [Scope(before, half) for half in re.split(r"\bUNION(?: ALL)?\b", sql)]
