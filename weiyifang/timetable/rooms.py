"""Rooms have no register here: they are the names people type. One normal form tells whether two names are one room."""

from __future__ import annotations

import re
import unicodedata
from uuid import NAMESPACE_URL, UUID, uuid5

from weiyifang.core.tenancy import current_community_id
from weiyifang.timetable.subjects import Subject

KIND = "place"

_ONES = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100}
_NUMERAL = "[零〇一二两三四五六七八九十百]+"
_COUNTED = re.compile(rf"(?<=[第负]){_NUMERAL}|{_NUMERAL}(?=[楼号室层栋幢院])")
_FLOOR = re.compile(r"(\d)(?:层|楼层|f(?![a-z]))")
_IN_NUMBERS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_SIGNS = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")


def room(name: str, *, shared: bool) -> Subject:
    """The place of that name in the timetable of the community at hand."""
    return Subject(id=room_id(current_community_id(), name), kind=KIND, name=name, shared=shared)


def room_id(community_id: int, name: str) -> UUID:
    """The same for every way of writing one room."""
    return uuid5(NAMESPACE_URL, f"weiyifang:{community_id}:place:{normal(name)}")


def normal(name: str) -> str:
    """How a room's name is compared, never shown: 二楼茶艺室, 2楼 茶艺室, ２F茶艺室 and 二层茶艺室 are one.

    Width and case do not count, nor do spaces and punctuation (but for one sign between two numbers: 1-12 is not 11-2).
    Chinese numerals before 楼 号 室 层 栋 幢 院 and after 第 are numbers; 层 and F after a number are 楼.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    plain = _SIGNS.sub("", _IN_NUMBERS.sub("-", folded))
    counted = _COUNTED.sub(lambda found: _number(found[0]), plain)
    return _FLOOR.sub(r"\1楼", counted) or folded.strip()


def _number(numeral: str) -> str:
    """二十三 is 23, 十 is 10; without tens the digits are read one by one: 二〇一 is 201."""
    if not any(sign in _TENS for sign in numeral):
        return "".join(str(_ONES[sign]) for sign in numeral)
    total, ones = 0, 0
    for sign in numeral:
        if sign in _TENS:
            total, ones = total + (ones or 1) * _TENS[sign], 0
        else:
            ones = _ONES[sign]
    return str(total + ones)
