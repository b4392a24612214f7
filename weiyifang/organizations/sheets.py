"""Lists that leave the program as xlsx files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from weiyifang.core.tables import sheet_title
from weiyifang.core.text import writable
from weiyifang.organizations.models import Membership, Organization

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | date | None


def register(organizations: Iterable[Organization]) -> bytes:
    """One line an organization (with `member_count` and leader)."""
    heads = [_("No."), _("Name"), _("Kind"), _("Status"), _("Leader"), _("Members"), _("Telephone")]
    heads += [_("Founded on"), _("Filed on"), _("Filing number"), _("Credit code"), _("What it does")]
    return _sheet(
        _("Organizations"),
        heads,
        (
            [
                one.number,
                one.name,
                one.kind_name,
                one.get_status_display(),
                one.leader.name if one.leader else "",
                getattr(one, "member_count", 0),
                one.phone_shown,
                one.founded_on,
                one.filed_on,
                one.filing_no,
                one.credit_code,
                one.purpose,
            ]
            for one in organizations
        ),
    )


def roster(memberships: Iterable[Membership]) -> bytes:
    """One line a member. No phones and no addresses: a roster is copied and passed on."""
    rows = ([m.resident.number, m.resident.name, m.title, m.since] for m in memberships)
    return _sheet(_("Members"), [_("Resident no."), _("Name"), _("Task"), _("Since")], rows)


def _sheet(title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    book = Workbook()
    sheet = book.create_sheet(sheet_title(title), 0)
    book.remove(book.worksheets[1])
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for line, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(line, column)
            cell.value = writable(value) if isinstance(value, str) else value
            if isinstance(value, str):  # text stays text: "=…" typed by somebody is no formula, here or later
                cell.data_type = "s"
                cell.quotePrefix = value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    for letter, width in zip("ABCDEFGHIJKL", (8, 18, 18, 10, 12, 8, 18, 12, 12, 18, 22, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
