"""From a file of residents to people we can put on the register: every doubt and every fault named by its line.

Each row below the headings is one of: *good*; *to decide* (perhaps somebody we have); *known* (left out); *wrong*; or
*beside* (a sum, a signature: nobody). None is dropped without a word. `columns` finds what stands where, `persons`
reads a row, `matching` knows who is there already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.core import tables
from weiyifang.core.long_work import Step, along, nowhere
from weiyifang.core.look.wording import full_day, full_month
from weiyifang.core.refusals import Refused
from weiyifang.people.models import Gender
from weiyifang.people.numbers import masked_phone
from weiyifang.people.services.importing import columns, persons
from weiyifang.people.services.importing.columns import (
    HEADINGS,
    NAMES,
    PROBLEM,
    TEMPLATE_HEAD,
    NoHeadings,
    SameHeadingTwice,
)
from weiyifang.people.services.importing.matching import Clash, People, Same
from weiyifang.people.services.residents import NewResident

__all__ = [
    "HEADINGS",
    "NAMES",
    "TEMPLATE_HEAD",
    "Doubt",
    "Good",
    "Known",
    "NoHeadings",
    "NoPeople",
    "Preview",
    "SameHeadingTwice",
    "Wrong",
    "as_workbook",
    "preview",
    "rest",
]


class NoPeople(Refused):
    """Headings and nothing below."""

    sentence = gettext_lazy("Below the headings there is nobody. Write one person in each row.")
    status = 422


@dataclass(frozen=True)
class Good:
    """A row that can be imported. `remarks` say what was read in our own way."""

    line: int
    person: NewResident
    remarks: Sequence[str] = ()

    @property
    def gender(self) -> str:
        """In words."""
        return str(Gender(self.person.gender).label)

    @property
    def born(self) -> str:
        """The birthday in words, as exactly as it is known."""
        return full_month(self.person.born_on) if self.person.born_month_only else full_day(self.person.born_on)

    @property
    def phone_masked(self) -> str:
        """Also in a preview nobody reads numbers over a shoulder."""
        return masked_phone(self.person.phone) if self.person.phone else ""

    @property
    def address(self) -> str:
        """As it will be written."""
        return " ".join(part for part in self.person.address.key if part) if self.person.address else ""


@dataclass(frozen=True, kw_only=True)
class Doubt(Good):
    """A row that can be imported, but may be somebody we have. `is_likely_new` is what we would answer."""

    where: str
    why: str
    is_likely_new: bool


@dataclass(frozen=True)
class Wrong:
    """A row that cannot, and why: every fault of it."""

    line: int
    name: str
    reasons: Sequence[str]


@dataclass(frozen=True)
class Known:
    """A row that is left out: the person is on the register, or stood in the file before.

    `differs`: the fields of which the file says something else, or more. The register is not changed.
    """

    line: int
    name: str
    where: str
    differs: Sequence[str] = ()


@dataclass(frozen=True)
class Beside:
    """A row that is nobody."""

    line: int
    text: str


@dataclass
class Preview:
    """What would happen. Rows keep their line as the person sees it in the file."""

    columns: Sequence[tuple[str, str]]  # (heading in the file, what we read it as)
    unread: Sequence[str]  # headings we do not know
    encoding: str = ""
    sheet: str = ""
    good: list[Good] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All of them below the headings."""
        return self.people + len(self.beside)

    @property
    def people(self) -> int:
        """Those that stand for somebody."""
        return len(self.good) + len(self.doubts) + len(self.wrong) + len(self.known)

    @property
    def remarked(self) -> list[Good]:
        """Those that were read in our own way, by line."""
        return sorted((row for row in (*self.good, *self.doubts) if row.remarks), key=lambda row: row.line)

    def problems(self, taken: Collection[int] = ()) -> dict[int, str]:
        """By line, why a row is not on the register if those with doubts in lines `taken` are taken."""
        found = {row.line: "; ".join(row.reasons) for row in self.wrong}
        words = _("perhaps the same as %(where)s: %(why)s")
        doubts = {row.line: words % {"where": row.where, "why": row.why} for row in self.doubts}
        return found | {line: why for line, why in doubts.items() if line not in taken}


def preview(content: bytes, *, step: Step = nowhere) -> Preview:
    """Read a file against the register of the community at hand, and write nothing.

    Raises a `tables.NotATable`, `NoHeadings`, `SameHeadingTwice` or `NoPeople`.
    """
    table = tables.read(content)
    found = columns.find(table.rows)
    seen = Preview(columns=found.read_as, unread=found.unread, encoding=table.encoding, sheet=table.sheet)
    rows = [row for row in table.rows if row.line > found.head.line]
    people = [row for row in rows if not found.is_beside(row)]
    if not people:
        raise NoPeople()
    if len(people) > tables.MOST_ROWS:
        raise tables.TooLarge()
    lines = {row.line for row in people}
    filled, merged = table.filled_down(lines)
    seen.beside = [Beside(row.line, _told(row)) for row in rows if row.line not in lines]
    known = People()
    for line, row in along(filled.items(), len(filled), step):
        over = {one.place: one for one in merged.get(line, ())}
        spread = {name: over[place] for name, place in found.places.items() if place in over}
        _sort(seen, line, persons.read(found.cells_of(row), spread), known)
    return seen


def _sort(seen: Preview, line: int, row: persons.Read, known: People) -> None:
    """Put a row where it belongs."""
    if row.person is None:
        seen.wrong.append(Wrong(line, row.name, row.faults))
        return
    match known.meet(row.person, line, is_month=row.is_month):
        case None:
            seen.good.append(Good(line, row.person, row.remarks))
        case Same(where, differs):
            seen.known.append(Known(line, row.name, where, differs))
        case Clash(where, name):
            words = _("%(field)s: %(where)s, and there the name is %(name)s")
            reason = words % {"field": NAMES["id_number"], "where": where, "name": name}
            seen.wrong.append(Wrong(line, row.name, [reason]))
        case alike:
            seen.doubts.append(
                Doubt(
                    line,
                    row.person,
                    row.remarks,
                    where=alike.where,
                    why=alike.why,
                    is_likely_new=alike.is_likely_new,
                )
            )


def _told(row: tables.Row) -> str:
    return " ".join(str(getattr(cell, "said", cell)) for cell in row.cells if cell != "")[:60]


def rest(content: bytes, problems: Mapping[int, str]) -> tuple[list[str], list[list[str]]]:
    """The rows of a file in these lines, to correct and bring again: headings and cells, all as they were, and a column
    that says what is wrong.
    """
    table = tables.read(content)
    head = columns.find(table.rows).head
    people = {row.line for row in table.rows if row.line > head.line}  # what is merged may begin above a wrong row
    left = [row for line, row in table.filled_down(people)[0].items() if line in problems]
    width = 1 + max(place for row in (head, *left) for place, cell in enumerate(row.cells) if cell != "")
    keep = [place for place in range(width) if place >= len(head.cells) or head.cells[place] != PROBLEM]
    return [*_texts(head, keep), PROBLEM], [[*_texts(row, keep), problems[row.line]] for row in left]


def as_workbook(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The same as a file, in which 5-1 stays 5-1."""
    return tables.write_xlsx("居民", head, rows, widths=[*[16] * (len(head) - 1), 60])


def _texts(row: tables.Row, places: Sequence[int]) -> list[str]:
    return [_as_text(row.cells[place]) if place < len(row.cells) else "" for place in places]


def _as_text(cell: tables.Cell) -> str:
    return cell.said if isinstance(cell, tables.Fault) else str(cell)
