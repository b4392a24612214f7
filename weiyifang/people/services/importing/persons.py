"""From the cells of one row to one person, with every fault of the row named, and whatever was read in our own way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from weiyifang.core import tables
from weiyifang.core.look import wording
from weiyifang.core.merged import Merged
from weiyifang.core.refusals import Refused
from weiyifang.core.text import number
from weiyifang.people.models import Gender
from weiyifang.people.numbers import NotAPhone, clean_phone, is_mobile, shown_phone
from weiyifang.people.services.importing.columns import DOOR, NAMES, PHONES
from weiyifang.people.services.residents import Details, Door, NewResident, clean_details

_GENDERS = {
    **dict.fromkeys(("男", "男性", "m", "male"), Gender.MALE),
    **dict.fromkeys(("女", "女性", "f", "female"), Gender.FEMALE),
    **dict.fromkeys(("", "未知", "不详", "未说明", "-", "unknown"), Gender.UNKNOWN),
}
_NOTHING = {"无", "没有", "暂无", "不详", "未知", "未填", "-", "—", "/", "n/a", "none"}  # what people write for nothing
_CLOCK = re.compile(r"[\sT]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(\s*[AP]M)?$", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})[-/.年、]([0-9]{1,2})[-/.月、]([0-9]{1,2})[日号]?|([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})[-/年、]([0-9]{1,2})月?|([0-9]{4})\.(0[1-9]|[2-9]|1[0-2])月?|([0-9]{4})([0-9]{2})")
_TENTH = re.compile(r"[0-9]{4}\.1")  # January, or October of which a spreadsheet took the nought
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")  # days since the last of 1899, as a spreadsheet keeps dates
_SHORTENED = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATE_FOR_A_DOOR = re.compile(
    rf"(?:(?:[0-9]{{2,4}}[年/])?([0-9]{{1,2}})[月/]([0-9]{{1,2}})日?|[0-9]{{4}}[-.]([0-9]{{1,2}})[-.]([0-9]{{1,2}})"
    rf"|([0-9]{{4}}年[0-9]{{1,2}}月)|([0-9]{{1,2}}-(?:{_MONTHS})[a-z]*|(?:{_MONTHS})[a-z]*-[0-9]{{1,4}}))",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"[/、,，;；\n\r]+")
_NO_NAME = re.compile(r"[0-9][0-9\s.,/:年月日-]*")  # a day or a number from another column
_EPOCH = date(1899, 12, 30)
_ONES_OWN = frozenset({"name", "id_number"})
_ANYBODY = "甲"


@dataclass
class Read:
    """One row: a person, or every fault there is; `remarks` say what was read in our own way or not kept.

    `is_month`: only the month of birth was given.
    """

    name: str
    person: NewResident | None = None
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_month: bool = False
    bad: set[str] = field(default_factory=set)  # the fields with a fault


class _NotADay(ValueError):
    """Its text says what to write."""


def read(cells: Mapping[str, tables.Cell], spread: Mapping[str, Merged] | None = None) -> Read:
    """The person in a row's cells (by field); `spread`: those that were merged over several rows."""
    told = Read(_said(cells["name"]))
    for name, merged in (spread or {}).items():
        _spread(told, name, cells[name], merged)
    text = {name: _text(name, cell, told) for name, cell in cells.items()}
    gender = _GENDERS.get(text.get("gender", "").lower())
    if gender is None:
        told.faults.append(_("gender: write 男 or 女"))
    if _NO_NAME.fullmatch(number(text["name"])):
        _fault(told, "name", _("this is no name"))
    asked: dict[str, Any] = {
        "name": text["name"],
        "gender": gender or "",
        "born_on": _born_on(cells.get("born_on", ""), told),
        "id_number": text.get("id_number", ""),
    }
    if told.is_month and asked["born_on"] and number(asked["id_number"])[6:12] == f"{asked['born_on']:%Y%m}":
        asked["born_on"], told.is_month = None, False  # the identity number knows the day
        told.remarks.pop()
    asked["born_month_only"] = told.is_month
    phone, address = _phone(text, told), _door(text, told)
    details, faults = _details(asked)
    told.faults += faults
    if details and not told.faults:
        told.person = NewResident(address=address, **{**vars(details), "phone": phone})
    return told


def _details(asked: Mapping[str, Any]) -> tuple[Details | None, list[str]]:
    """What the register would hold; or what is wrong with each field by itself, and with those that must agree."""
    try:
        return clean_details(**asked), []
    except Refused:
        found: dict[str, str] = {}
    for names in (("name",), ("id_number",), ("born_on",), ("born_on", "born_month_only", "id_number")):
        if not found.keys() & {*names}:
            try:
                clean_details(**{"name": _ANYBODY, **{name: asked[name] for name in names}})
            except Refused as refused:
                found[names[0]] = _of(names[0], refused)
    return None, list(found.values())


def _spread(told: Read, name: str, cell: tables.Cell, merged: Merged) -> None:
    """A household shares an address or a phone, not a name: there it is unclear how many people stand in the rows."""
    lines = {"field": NAMES[name], "first": merged.top, "last": merged.bottom}
    if name in _ONES_OWN:
        words = _("it is merged over lines %(first)s to %(last)s; write one person in each row")
        _fault(told, name, words % lines)
    else:
        words = _("%(field)s: “%(text)s” is merged over lines %(first)s to %(last)s and was taken for each of them")
        told.remarks.append(words % {**lines, "text": _said(cell)})


def _text(name: str, cell: tables.Cell, told: Read) -> str:
    """What a cell says; that it cannot be taken is a fault of the row."""
    if isinstance(cell, tables.Fault):
        _fault(told, name, cell.reason)
        return _ANYBODY if name == "name" else ""
    if name == "born_on":
        return ""
    if isinstance(cell, date):
        _turned_into_a_date(told, name, f"{cell.month}-{cell.day}", cell.isoformat())
    elif name in DOOR and (match := _DATE_FOR_A_DOOR.fullmatch(_CLOCK.sub("", number(cell)))):
        numbers = [part.lstrip("0") for part in match.groups() if part]
        _turned_into_a_date(told, name, "-".join(numbers) if len(numbers) == 2 else "5-1", cell)
    elif name in {*PHONES, "id_number"} and _SHORTENED.fullmatch(cell):
        _fault(told, name, _("was shortened to %(text)s; format the column as text and type it again") % {"text": cell})
    elif name == "name" or cell.strip().lower() not in _NOTHING:
        return cell.strip()
    return ""


def _turned_into_a_date(told: Read, name: str, typed: str, became: str) -> None:
    words = _("Excel turned %(typed)s into a date (%(date)s). Format the column as text and type %(typed)s again.")
    _fault(told, name, words % {"typed": typed, "date": became})


def _fault(told: Read, name: str, words: object) -> None:
    told.bad.add(name)
    told.faults.append(_of(name, words))


def _of(name: str, words: object) -> str:
    return _("%(field)s: %(words)s") % {"field": NAMES[name], "words": words}


def _born_on(cell: tables.Cell, told: Read) -> date | None:
    if isinstance(cell, (date, tables.Fault)):
        return cell if isinstance(cell, date) else None
    text = re.sub(r"[-‐-―−－]", "-", number(cell)).replace("。", ".")
    text = re.sub(r"\s", "", _CLOCK.sub("", text)).removesuffix("生").removesuffix("出")
    if not text or text.lower() in _NOTHING:
        return None
    try:
        if match := _DAY.fullmatch(text):
            year, month, day = _numbers(match)
            return date(year, month, day)
        if match := _MONTH.fullmatch(text):
            year, month = _numbers(match)
            first = date(year, month, 1)
            told.is_month = True
            told.remarks.append(_("%(text)s names no day: only the month is noted") % {"text": text})
            return first
        if match := _SERIAL.fullmatch(text):
            meant = _EPOCH + timedelta(days=int(match[1]))
            told.remarks.append(_("%(text)s is Excel's number for %(day)s") % {"text": text, "day": meant.isoformat()})
            return meant
    except ValueError:
        pass
    words = _("write it like 1951-03-08")
    if _TENTH.fullmatch(text):
        words = _("%(text)s may be January or October: write %(year)s-01 or %(year)s-10") % {
            "text": text,
            "year": text[:4],
        }
    _fault(told, "born_on", words)
    return None


def _numbers(match: re.Match[str]) -> list[int]:
    return [int(part) for part in match.groups() if part is not None]


def _phone(text: Mapping[str, str], told: Read) -> str:
    """The number to ring: a mobile before a landline, whichever column it stands in; one is kept, others are told."""
    found: list[str] = []
    for name in PHONES:
        several = [part.strip() for part in _SEVERAL.split(text.get(name, "")) if part.strip()]
        for one in several:
            try:
                found.append(clean_phone(one))
            except NotAPhone as refused:
                _fault(told, name, f"{one} – {refused}" if len(several) > 1 else refused)
    kept = next(filter(is_mobile, found), found[0] if found else "")
    others = dict.fromkeys(shown_phone(number) for number in found if number != kept)
    if others:
        told.remarks.append(
            _("one number is kept, %(kept)s, and not %(others)s")
            % {"kept": shown_phone(kept), "others": wording.listed(others)}
        )
    return kept


def _door(text: Mapping[str, str], told: Read) -> Door | None:
    door = Door(*(text.get(name, "") for name in DOOR))
    if not any(door.key) or told.bad.intersection(DOOR):
        return None
    try:
        return door.cleaned()
    except Refused as refused:
        told.faults.append(str(refused))
        return None


def _said(cell: tables.Cell) -> str:
    if isinstance(cell, tables.Fault):
        return cell.said
    return cell.isoformat() if isinstance(cell, date) else cell
