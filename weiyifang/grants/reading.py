"""A table of results that somebody brings (xlsx or CSV): read whole, or every line that is wrong is named."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.core import tables, text
from weiyifang.core.refusals import Refused
from weiyifang.core.tables import Cell
from weiyifang.grants import terms
from weiyifang.grants.terms import Grade, GrantRule
from weiyifang.organizations import queries as organizations

HEADINGS = {  # how people write them, as `tables.heading` says them
    "organization": {"社会组织", "社会组织名称", "组织名称", "组织", "名称", "organization", "name"},
    "points": {"得分", "分数", "总分", "考核得分", "points", "score"},
    "grade": {"等级", "等次", "考核等级", "考核结果", "结果", "grade", "result"},
}
GRADES = {
    "优秀": Grade.EXCELLENT,
    "优": Grade.EXCELLENT,
    "良好": Grade.GOOD,
    "良": Grade.GOOD,
    "合格": Grade.PASSED,
    "不合格": Grade.NONE,
    **{grade.value: grade for grade in Grade},
}
SUMS = ("合计", "总计", "total")
ABOVE = 5  # lines of a title above the headings


class NoHeadings(Refused):
    """A table whose columns nobody recognizes."""

    sentence = gettext_lazy(
        "No column with the names of the organizations was found. Give the table a row of headings: organization, and "
        "points or grade."
    )
    status = 422


class WrongLines(Refused):
    """Lines that cannot be taken; nothing was."""

    sentence = gettext_lazy("%(many)d lines of the table cannot be taken, so nothing was. They are named below.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Result:
    """What an organization was found to be: points in tenths where they are known, and the grade."""

    organization: str
    tenths: int | None
    grade: Grade


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a table holds, in its order; `wrong`: line and why."""

    results: list[Result] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)


def read(content: bytes, rule: GrantRule) -> Reading:
    """The results in a file. Raises a `NotATable` or `NoHeadings`."""
    rows = tables.read(content, above=ABOVE).rows
    heads = [_columns([tables.heading(cell) for cell in row.cells]) for row in rows[: ABOVE + 1]]
    place = next((at for at, one in enumerate(heads) if "organization" in one and len(one) > 1), None)
    if place is None:
        raise NoHeadings()
    columns, found = heads[place], Reading()
    known = {name: source for source, name in organizations.givers()}
    seen = set[str]()
    for row in rows[place + 1 :]:
        said = {name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.items()}
        name = said["organization"]
        if isinstance(name, str) and (name.strip() in SUMS or not any(said.values())):
            continue
        try:
            result = _result(said, known, rule)
        except (_Wrong, Refused) as wrong:
            found.wrong.append((row.line, str(wrong)))
            continue
        if result.organization in seen:
            found.wrong.append((row.line, _("This organization stands in the table twice.")))
            continue
        seen.add(result.organization)
        found.results.append(result)
    return found


class _Wrong(Exception):
    pass


def _columns(heads: list[str]) -> dict[str, int]:
    """Field → where it stands; of two alike the first."""
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        for name, words in HEADINGS.items():
            if head in words:
                found.setdefault(name, at)
    return found


def _result(said: dict[str, Cell], known: dict[str, str], rule: GrantRule) -> Result:
    name, points, grade = (_words(said.get(part, "")) for part in HEADINGS)
    if not name:
        raise _Wrong(_("The name of the organization is missing."))
    if name not in known:
        raise _Wrong(_("No organization at work here is called “%(name)s”.") % {"name": name})
    return judged(known[name], terms.tenths(points), grade, rule)


def judged(organization: str, tenths: int | None, grade: str, rule: GrantRule) -> Result:
    """A result from points, from a grade, or from both where they agree. Raises `NotJudged`, `Disagree`."""
    if grade and grade not in GRADES:
        raise NotJudged()
    named = GRADES.get(grade)
    if tenths is None:
        if named is None:
            raise NotJudged()
        return Result(organization=organization, tenths=None, grade=named)
    reached = rule.grade_of(tenths)
    if named is not None and named != reached:
        raise Disagree(points=terms.points(tenths), reached=reached.label, said=named.label)
    return Result(organization=organization, tenths=tenths, grade=reached)


class NotJudged(Refused):
    """Neither points nor a grade that is known."""

    sentence = gettext_lazy("Write the points, or the grade: excellent, good, passed or not passed.")
    status = 422


class Disagree(Refused):
    """Points and grade that do not go together by the rule."""

    sentence = gettext_lazy("%(points)s points are “%(reached)s” by the rule, yet the table says “%(said)s”.")
    status = 422


def _words(cell: Cell) -> str:
    if isinstance(cell, tables.Fault):
        raise _Wrong(cell.reason)
    return text.line(str(cell))
