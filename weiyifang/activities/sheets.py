"""Tables that leave the program: the list at the door as xlsx, what a class or a pupil comes to as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.activities import queries
from weiyifang.activities.models import Activity, Enrollment, Session
from weiyifang.activities.queries import Guest, Roster
from weiyifang.activities.queries.door import PIECE
from weiyifang.core import tables
from weiyifang.core.money import yuan


def roster(session: Session, found: Roster) -> bytes:
    """One row for each person expected or come, then the queue, with what they answered; no phone and no identity
    number is in it.

    The rows are read as they are written: only the finished file is ever whole in memory.
    """
    asked = found.asked()
    heads = [_("Resident no."), pgettext("activities", "Name"), _("Seats"), pgettext("activities", "Code")]
    heads += [_("Note"), _("Came at"), _("How many came"), *_left(session, _("Left at"))]
    heads += [*_kept(session, _("Kept for")), *asked]
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
            *_left(session, ""),
            *_kept(session, ""),
            *_said(w, asked),
        )
        for w in queue
    )
    here = (
        (
            *_line(guest),
            *_left(session, _wall(guest.left_at) if guest.left_at else ""),
            *_kept(session, guest.share_name),
            *_said(guest.enrollment, asked),
        )
        for guest in found.guests()
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
        _note(guest),
        _wall(came.happened_at) if came else "",
        guest.came,
    )


def _note(guest: Guest) -> str:
    if guest.enrollment is None:
        return _("walked in")
    excused = _("excused") if guest.on_leave else ""
    return " · ".join(filter(None, [excused, guest.enrollment.visit_words, guest.enrollment.note]))


def _left(session: Session, said: str) -> list[str]:
    """The column of when they left, where that is noted."""
    return [said] if session.activity.notes_leaving else []


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


def lessons(activity: Activity) -> StreamingHttpResponse:
    """The statement of a class: a line for each lesson, one for what was made up elsewhere, and the sums."""
    head = [_("Lesson"), _("Pupils who came"), _("Fees"), _("Teacher"), _("Fund")]
    return tables.streamed(head, _lessons(activity))


def _lessons(activity: Activity) -> Iterator[list[Any]]:
    teacher_fen = 0
    for one in queries.lessons_of_all(activity):
        teacher_fen += one.teacher_fen
        sums = (one.fee_fen, one.teacher_fen, one.fund_fen)
        yield [_wall(one.starts_at), one.people, *map(yuan, sums)]
    told = queries.taught(activity)
    if told.made_up:
        part = told.teacher_fen - teacher_fen
        sums = (told.made_up_fen, part, told.made_up_fen - part)
        yield [_("Made up in another class"), told.made_up, *map(yuan, sums)]
    yield [_("Together"), told.people, *map(yuan, (told.fee_fen, told.teacher_fen, told.fund_fen))]


def card(enrollment: Enrollment) -> StreamingHttpResponse:
    """What a pupil's card says: a line for each lesson, and the sum."""
    return tables.streamed([_("Lesson"), pgettext("activities", "Came"), _("Made up"), _("Fee")], _card(enrollment))


def _card(enrollment: Enrollment) -> Iterator[list[Any]]:
    for one in queries.lessons_of(enrollment):
        made_up = _wall(one.made_up_at) if one.made_up else ""
        yield [_wall(one.starts_at), one.people, made_up, yuan(one.cost)]
    told = queries.attended_by(enrollment)
    yield [_("Together"), told.attended, told.made_up or "", yuan(told.fee_fen)]
