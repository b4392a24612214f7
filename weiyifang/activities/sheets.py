"""Spreadsheets: the list at the door as xlsx."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.activities.models import Enrollment, Session
from weiyifang.activities.queries import Guest, Roster
from weiyifang.activities.queries.door import PIECE
from weiyifang.core import tables


def roster(session: Session, found: Roster) -> bytes:
    """One row for each person expected or come, then the queue, with what they answered; no phone and no identity
    number is in it.

    The rows are read as they are written: only the finished file is ever whole in memory.
    """
    asked = found.asked()
    heads = [_("Resident no."), pgettext("activities", "Name"), _("Seats"), pgettext("activities", "Code")]
    heads += [_("Note"), _("Came at"), _("How many came"), *_kept(session, _("Kept for")), *asked]
    queue = found.waiting.iterator(chunk_size=PIECE)
    waiting = (
        (
            w.resident.number,
            w.resident.name,
            w.places,
            "",
            w.note,
            _("in the queue"),
            "",
            *_kept(session, ""),
            *_said(w, asked),
        )
        for w in queue
    )
    here = (
        (*_line(guest), *_kept(session, guest.share_name), *_said(guest.enrollment, asked)) for guest in found.guests()
    )
    return tables.write_xlsx(
        _("List"),
        heads,
        chain(here, waiting),
        above=(session.activity.title, _wall(session.starts_at), session.shown_place),
    )


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


def _kept(session: Session, said: str) -> list[str]:
    """The column of those whose seat was kept for them, where seats are."""
    return [said] if session.activity.shares else []


def _said(enrollment: Enrollment | None, asked: Sequence[str]) -> Iterator[str]:
    answers = enrollment.answers if enrollment is not None else {}
    return (answers.get(words, "") for words in asked)


def _wall(moment: Any) -> str:
    return localtime(moment).strftime("%Y-%m-%d %H:%M")


def heads_of_many() -> list[str]:
    """The columns of the lists of many dates."""
    about = [_("No."), _("Activity"), _("When"), _("Where")]
    return [*about, _("Resident no."), pgettext("activities", "Name"), _("Seats"), _("Came at"), _("How many came")]


def of_many(session: Session, found: Roster) -> Iterator[list[Any]]:
    """One row for each person expected or come, and one for guests without a name. No note, no code, no phone."""
    about = [session.activity.number, session.activity.title, _wall(session.starts_at), session.shown_place]
    for guest in found.guests():
        number, name, places, _code, _note, came_at, came = _line(guest)
        yield [*about, number, name, places, came_at, came]
    if nameless := sum(row.people for row in found.nameless):
        yield [*about, "", _("guests without a name"), "", "", nameless]
