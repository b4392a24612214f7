"""Spreadsheets: the list at the door as xlsx."""

from __future__ import annotations

import io
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from weiyifang.activities.models import Session
from weiyifang.activities.queries import Guest, Roster
from weiyifang.core.text import writable


def roster(session: Session, found: Roster) -> bytes:
    """One row for each person expected or come, then the queue; no phone and no identity number is in it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("List"))

    def write(*values: Any) -> None:
        cells = []
        for value in values:
            cell = WriteOnlyCell(sheet, value=writable(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"  # a name that begins with = is a name, not a formula
            cells.append(cell)
        sheet.append(cells)

    write(session.activity.title, _wall(session.starts_at), session.shown_place)
    write(
        _("Resident no."),
        pgettext("activities", "Name"),
        _("Seats"),
        pgettext("activities", "Code"),
        _("Note"),
        _("Came at"),
        _("How many came"),
    )
    for guest in found.guests:
        write(*_line(guest))
    for waiting in found.waiting:
        write(waiting.resident.number, waiting.resident.name, waiting.places, "", waiting.note, _("in the queue"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _line(guest: Guest) -> tuple[Any, ...]:
    enrollment, came = guest.enrollment, guest.attendance
    return (
        guest.resident.number,
        guest.resident.name,
        enrollment.places if enrollment else 1,
        enrollment.code if enrollment else "",
        enrollment.note if enrollment else _("walked in"),
        _wall(came.happened_at) if came else "",
        guest.came,
    )


def _wall(moment: Any) -> str:
    return localtime(moment).strftime("%Y-%m-%d %H:%M")
