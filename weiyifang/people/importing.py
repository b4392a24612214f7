"""From a file of residents to people we can put on the register, every doubt named by its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from weiyifang.core import tables
from weiyifang.core.refusals import Refused
from weiyifang.people.models import Gender, Resident
from weiyifang.people.numbers import masked_phone
from weiyifang.people.secrets import find_keys
from weiyifang.people.services.batch import NewResident
from weiyifang.people.services.residents import Door, clean_details

HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "居民姓名", "name", "full name"),
    "gender": ("性别", "gender", "sex"),
    "born_on": ("出生日期", "出生年月日", "出生年月", "生日", "born on", "date of birth", "birthday", "birth date"),
    "phone": ("手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系方式", "phone", "mobile", "telephone"),
    "id_number": (
        "身份证号",
        "身份证",
        "身份证号码",
        "公民身份号码",
        "证件号码",
        "证件号",
        "id number",
        "identity number",
    ),
    "compound": ("小区", "小区名称", "院落", "小区院落", "compound", "estate"),
    "building": ("楼栋", "栋", "楼号", "栋号", "幢", "楼栋号", "building", "block"),
    "unit": ("单元", "单元号", "unit"),
    "door": ("门牌", "门牌号", "房号", "房间号", "室", "户号", "门号", "door", "room", "flat"),
}
NAMES: dict[str, str | Promise] = {
    "name": pgettext_lazy("people", "name"),
    "gender": gettext_lazy("gender"),
    "born_on": gettext_lazy("date of birth"),
    "phone": gettext_lazy("phone"),
    "id_number": gettext_lazy("identity number"),
    "compound": gettext_lazy("compound"),
    "building": gettext_lazy("building"),
    "unit": pgettext_lazy("people", "unit"),
    "door": gettext_lazy("door"),
}
TEMPLATE_HEAD = ("姓名", "性别", "出生日期", "手机", "身份证号", "小区", "楼栋", "单元", "门牌")
_FIELD_OF = {heading: name for name, headings in HEADINGS.items() for heading in headings}
_GENDERS = {
    **dict.fromkeys(("男", "男性", "m", "male"), Gender.MALE),
    **dict.fromkeys(("女", "女性", "f", "female"), Gender.FEMALE),
    **dict.fromkeys(("", "未知", "不详", "未说明", "-", "unknown"), Gender.UNKNOWN),
}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
HEADINGS_WITHIN = 10  # rows from the top: above the headings there may be a title


class NoHeadings(Refused):
    """No row says which column is the name."""

    sentence = gettext_lazy(
        "We look for a row of headings and do not find a column called 姓名 (name). Take our template, or add it."
    )
    status = 422


class SameHeadingTwice(Refused):
    """Two columns for one thing."""

    sentence = gettext_lazy("Two columns are both read as “%(name)s”. Rename or remove one of them.")
    status = 422


class NoPeople(Refused):
    """Headings and nothing below."""

    sentence = gettext_lazy("Below the headings there is nobody. Write one person in each row.")
    status = 422


class StillWrong(Refused):
    """The file has wrong rows."""

    sentence = gettext_lazy(
        "Some rows are still wrong, so nothing was imported. Correct them and choose the file again."
    )
    status = 422


@dataclass(frozen=True)
class Good:
    """A row that can be imported."""

    line: int
    person: NewResident

    @property
    def gender(self) -> str:
        """In words."""
        return str(Gender(self.person.gender).label)

    @property
    def phone_masked(self) -> str:
        """Also in a preview nobody reads numbers over a shoulder."""
        return masked_phone(self.person.phone) if self.person.phone else ""

    @property
    def address(self) -> str:
        """As it will be written."""
        return " ".join(part for part in self.person.address.key if part) if self.person.address else ""


@dataclass(frozen=True)
class Wrong:
    """A row that cannot, and why."""

    line: int
    name: str
    reasons: Sequence[str]


@dataclass(frozen=True)
class Known:
    """A row that is left out: the person is on the register, or stood in the file before."""

    line: int
    name: str
    where: str


@dataclass
class Preview:
    """What would happen. Rows keep their line as the person sees it in the file."""

    columns: Sequence[tuple[str, str]]  # (heading in the file, what we read it as)
    unread: Sequence[str]  # headings we do not know
    encoding: str = ""
    sheet: str = ""
    good: list[Good] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.good) + len(self.wrong) + len(self.known)


def preview(content: bytes) -> Preview:
    """Read a file against the register of the community at hand, and write nothing.

    Raises a `tables.NotATable`, `NoHeadings`, `SameHeadingTwice` or `NoPeople`.
    """
    table = tables.read(content)
    head, columns, unread = _headings(table.rows)
    table.refuse_merged_below(head.line)
    people = [row for row in table.rows if row.line > head.line]
    if not people:
        raise NoPeople()
    seen = Preview(
        columns=[(str(head.cells[place]), str(NAMES[name])) for name, place in columns.items()],
        unread=unread,
        encoding=table.encoding,
        sheet=table.sheet,
    )
    twins = _Twins()
    for row in people:
        cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in columns.items()}
        person, reasons = _person(cells)
        if person is None:
            seen.wrong.append(Wrong(row.line, _said(cells["name"]), reasons))
        elif where := twins.find(person, row.line):
            seen.known.append(Known(row.line, person.name, where))
        else:
            seen.good.append(Good(row.line, person))
    return seen


def _headings(rows: Sequence[tables.Row]) -> tuple[tables.Row, dict[str, int], list[str]]:
    for row in rows[:HEADINGS_WITHIN]:
        read_as = [_FIELD_OF.get(_heading(cell), "") for cell in row.cells]
        if "name" not in read_as:
            continue
        for name, words in NAMES.items():
            if read_as.count(name) > 1:
                raise SameHeadingTwice(name=words)
        columns = {name: place for place, name in enumerate(read_as) if name}
        unread = [str(cell) for cell, name in zip(row.cells, read_as, strict=True) if not name and cell != ""]
        return row, columns, unread
    raise NoHeadings()


def _heading(cell: tables.Cell) -> str:
    words = re.sub(r"[（(].*?[)）]|[*＊:：]", "", cell) if isinstance(cell, str) else ""
    words = words.lower().replace("_", " ")
    return re.sub(r"\s+", " " if words.isascii() else "", words).strip()


def _person(cells: dict[str, tables.Cell]) -> tuple[NewResident | None, list[str]]:
    """The person in a row, or every reason why it is none."""
    reasons = [f"{NAMES[name]}: {cell.reason}" for name, cell in cells.items() if isinstance(cell, tables.Fault)]
    text = {name: _said(cell) for name, cell in cells.items()}
    gender = _GENDERS.get(text.get("gender", "").lower())
    if gender is None:
        reasons.append(_("gender: write 男 or 女"))
    born_on: date | None = None
    try:
        born_on = _date(cells.get("born_on", ""))
    except ValueError:
        reasons.append(_("date of birth: write it like 1951-03-08"))
    address, missing = _door(text)
    reasons += missing
    if reasons:
        return None, reasons
    try:
        details = clean_details(
            name=text["name"],
            gender=gender or "",
            born_on=born_on,
            phone=text.get("phone", ""),
            id_number=text.get("id_number", ""),
        )
    except Refused as refused:
        return None, [str(refused)]
    return NewResident(address=address, **vars(details)), []


def _door(text: dict[str, str]) -> tuple[Door | None, list[str]]:
    door = Door(*(text.get(name, "") for name in ("compound", "building", "unit", "door")))
    if not any(door.key):
        return None, []
    try:
        return door.cleaned(), []
    except Refused as refused:
        return None, [str(refused)]


def _date(cell: tables.Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    text = _said(cell)
    if not text:
        return None
    match = _DATE.fullmatch(text.removesuffix(" 00:00:00"))
    if match is None:
        raise ValueError(text)
    year, month, day = [part for part in match.groups() if part is not None]
    return date(int(year), int(month), int(day))


def _said(cell: tables.Cell) -> str:
    if isinstance(cell, tables.Fault):
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell


class _Twins:
    """Finds people who are there already: by identity number, by name and phone, by name, birthday and door."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], str] = {}
        rows = Resident.objects.filter(erased_at=None).select_related("household")
        fields = ("number", "name", "born_on", "phone_key", "id_number_key")
        doors = tuple(f"household__{part}" for part in ("compound", "building", "unit", "door"))
        for number, name, born_on, phone_key, id_number_key, *door in rows.values_list(*fields, *doors).iterator():
            where = _("on the register as no. %(number)s") % {"number": number}
            for sign in _signs(name, born_on, [phone_key], [id_number_key], tuple(part or "" for part in door)):
                self._known.setdefault(sign, where)

    def find(self, person: NewResident, line: int) -> str:
        """Where this person is already; "" for a new one, who is remembered."""
        door = person.address.key if person.address else ()
        signs = _signs(person.name, person.born_on, find_keys(person.phone), find_keys(person.id_number), door)
        for sign in signs:
            if sign in self._known:
                return self._known[sign]
        for sign in signs:
            self._known[sign] = _("in line %(line)s of this file") % {"line": line}
        return ""


def _signs(
    name: str, born_on: date | None, phone_keys: Sequence[str], id_number_keys: Sequence[str], door: tuple[str, ...]
) -> list[tuple[str, ...]]:
    signs: list[tuple[str, ...]] = [("id", key) for key in id_number_keys if key]
    signs += [("phone", name, key) for key in phone_keys if key]
    if born_on and any(door):
        signs.append(("door", name, str(born_on), *door))
    return signs
