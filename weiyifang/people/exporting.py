"""The register as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from weiyifang.people.models import ResidentQuerySet
from weiyifang.people.numbers import shown_phone

WIDTHS = (8, 12, 8, 14, 24, 8, 8, 12, 14, 18, 22)


def head(*, sensitive: bool) -> list[str]:
    """The headings: those the importer reads, so that a file can come back."""
    plain = [_("no."), "姓名", "性别", "出生日期", "小区", "楼栋", "单元", "门牌", _("on the register since")]
    return [*plain, "手机", "身份证号"] if sensitive else plain


def rows(residents: ResidentQuerySet, *, sensitive: bool) -> Iterator[list[Any]]:
    """One list for each resident. Numbers are opened only when they are asked for."""
    hidden = () if sensitive else ("phone", "id_number")
    for resident in residents.defer(*hidden).iterator(chunk_size=2000):
        home = resident.household
        line: list[Any] = [
            resident.number,
            resident.name,
            str(resident.get_gender_display()) if resident.gender else "",
            resident.born_written,
            *((home.compound, home.building, home.unit, home.door) if home else ("", "", "", "")),
            resident.joined_on.isoformat(),
        ]
        if sensitive:
            line += [shown_phone(resident.phone), resident.id_number]
        yield line
