"""Which column is what, and which rows are no people: sums, who filled it in, numbered lines with nobody on them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from weiyifang.core import tables
from weiyifang.core.refusals import Refused
from weiyifang.core.text import number

HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "居民姓名", "name", "full name"),
    "gender": ("性别", "gender", "sex"),
    "born_on": ("出生日期", "出生年月日", "出生年月", "生日", "born on", "date of birth", "birthday", "birth date"),
    "mobile": ("手机", "手机号", "手机号码", "移动电话", "本人手机", "mobile", "mobile phone", "cell phone"),
    "phone": ("电话", "电话号码", "联系电话", "联系方式", "联系号码", "phone", "phone number", "telephone"),
    "landline": ("固定电话", "固话", "座机", "座机号", "座机号码", "家庭电话", "住宅电话", "landline", "home phone"),
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
    "mobile": gettext_lazy("mobile phone"),
    "phone": gettext_lazy("telephone"),
    "landline": gettext_lazy("landline"),
    "id_number": gettext_lazy("identity number"),
    "compound": gettext_lazy("compound"),
    "building": gettext_lazy("building"),
    "unit": pgettext_lazy("people", "unit"),
    "door": gettext_lazy("door"),
}
PHONES = ("mobile", "phone", "landline")  # a person is rung at the first that is there
DOOR = ("compound", "building", "unit", "door")
TEMPLATE_HEAD = ("姓名", "性别", "出生日期", "手机", "身份证号", "小区", "楼栋", "单元", "门牌")
PROBLEM = "问题"  # the column of the rows that are given back: read by people, not by us
HEADINGS_WITHIN = 10  # rows from the top: above the headings there may be a title

_FIELD_OF = {heading: name for name, headings in HEADINGS.items() for heading in headings}
_COUNTING = {"序号", "编号", "行号", "号", "no", "no.", "#"}  # columns that only count the rows
_DOES = r"(填表|制表|填报|填写|编制|审核|复核|审批|批准|经办|经手|登记|统计|采集|录入|上报|报送|负责|联系|核对|调查)"
_SIGNED = _DOES + r"(人员?|员|者|单位|部门|日期|时间)(姓名|电话|签名|签字|签章|盖章)?"
_BESIDE = re.compile(
    r"(本页|全页|累计|社区)?(合计|总计|小计|共计|总和|总人数|总户数|人数合计|户数合计)(人数|户数|人|户)?([:：0-9].*)?"
    r"|(grand)?(sub)?total([:：0-9].*)?"
    rf"|{_SIGNED}([:：].*)?|{_DOES}(电话)?[:：].*"
    r"|(填表|制表|审核|单位|社区|居委会|负责人|领导|主任|书记)?(盖章|公章|签章|签字|签名)([:：].*)?"
    r"|(备注|说明|附注|注意|注|note)\d*[:：].*"
    r"|(共|总共|共计|合计)\d+(人|户|名|条|页|位).*"
    r"|第\d+页.*"
    r"|其中.*"
    r"|(日期|时间|截止|截至)[:：0-9].*|年月日"
    r"|(以下空白|以下无正文|以下为空).*"
)


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


@dataclass(frozen=True)
class Columns:
    """The row of headings, where each field stands, and which columns only count the rows."""

    head: tables.Row
    places: Mapping[str, int]
    counting: frozenset[int]

    @property
    def read_as(self) -> list[tuple[str, str]]:
        """Each heading in the file and what we read it as."""
        return [(str(self.head.cells[place]), str(NAMES[name])) for name, place in self.places.items()]

    @property
    def unread(self) -> list[str]:
        """Headings we do not know."""
        read = set(self.places.values())
        heads = enumerate(self.head.cells)
        return [str(cell) for place, cell in heads if place not in read and cell not in {"", PROBLEM}]

    def cells_of(self, row: tables.Row) -> dict[str, tables.Cell]:
        """A row's cells by field."""
        return {name: row.cells[place] if place < len(row.cells) else "" for name, place in self.places.items()}

    def is_beside(self, row: tables.Row) -> bool:
        """No person: a sum, a signature, a remark below the table, the headings again, a number with nobody."""
        filled = [place for place, cell in enumerate(row.cells) if cell != ""]
        if self.counting.issuperset(filled):
            return True
        name = self.cells_of(row)["name"]
        if _FIELD_OF.get(tables.heading(name)) == "name":
            return True
        first = next(row.cells[place] for place in filled if place not in self.counting)
        return any(
            isinstance(cell, str) and _BESIDE.fullmatch(re.sub(r"[\s()]", "", number(cell)).lower())
            for cell in {name, first, row.cells[filled[0]]}
        )


def find(rows: Sequence[tables.Row]) -> Columns:
    """The headings. Raises `NoHeadings` and `SameHeadingTwice`."""
    for row in rows[:HEADINGS_WITHIN]:
        read_as = [_FIELD_OF.get(tables.heading(cell), "") for cell in row.cells]
        if "name" not in read_as:
            continue
        for name, words in NAMES.items():
            if read_as.count(name) > 1:
                raise SameHeadingTwice(name=words)
        places = {name: place for place, name in enumerate(read_as) if name}
        counting = frozenset(place for place, cell in enumerate(row.cells) if tables.heading(cell) in _COUNTING)
        return Columns(row, places, counting)
    raise NoHeadings()
