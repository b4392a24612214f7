"""Lists that leave the program as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.core import tables
from weiyifang.volunteering.models import Belonging, Certificate, Hours, HoursQuerySet, Shift, VolunteerQuerySet


def volunteers(rows: VolunteerQuerySet) -> StreamingHttpResponse:
    """One line a volunteer. No phones and no addresses: a list is copied and passed on."""
    head = [
        _("Resident no."),
        pgettext("people", "Name"),
        _("What they can do"),
        _("In their words"),
        _("When"),
        _("Since"),
    ]
    lines = (
        [row.resident.number, row.resident.name, row.skill_names, row.words, row.time_names, row.since]
        for row in rows.iterator(chunk_size=500)
    )
    return tables.streamed(head, lines)


def roster(members: Sequence[Belonging], papers: Mapping[UUID, Iterable[Certificate]]) -> StreamingHttpResponse:
    """One line a member, with the certificates that hold today."""
    head = [
        _("Resident no."),
        pgettext("people", "Name"),
        _("What they can do"),
        _("Since"),
        _("Certificates that hold"),
    ]
    lines = (
        [
            one.volunteer.resident.number,
            one.volunteer.resident.name,
            one.volunteer.skill_names,
            one.since,
            "; ".join(f"{paper.kind_name} {paper.valid_until}" for paper in papers.get(one.volunteer_id, ())),
        ]
        for one in members
    )
    return tables.streamed(head, lines)


def shifts(rows: QuerySet[Shift]) -> StreamingHttpResponse:
    """One line a shift (of `queries.shifts_of`), with how many people it takes and has."""
    head = [_("No."), _("Team"), _("What is to be done"), _("Where one meets"), _("Begins"), _("Ends")]
    head += [_("People wanted"), _("People there"), _("State")]

    def line(row: Any) -> list[Any]:
        begins, ends = (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" for at in (row.starts_at, row.ends_at))
        people = [row.wanted, row.there]
        return [row.number, row.team.name, row.what, row.place, begins, ends, *people, row.get_state_display()]

    return tables.streamed(head, (line(row) for row in rows.iterator(chunk_size=500)))


def hours(rows: HoursQuerySet, *, with_names: bool) -> StreamingHttpResponse:
    """One line for an entry; `with_names` for whoever looks after the team, one's own without."""
    who = [_("Resident no."), pgettext("people", "Name")] if with_names else []
    head = [*who, _("Team"), _("What is to be done"), _("Task"), pgettext("hours", "Came"), pgettext("hours", "Left")]
    head += [_("Minutes"), _("State"), _("Why it does not count")]

    def line(row: Hours) -> list[Any]:
        came, left = (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" for at in (row.came_at, row.left_at))
        shift, resident = row.slot.shift, row.volunteer.resident if with_names else None
        whose = [resident.number, resident.name] if resident else []
        what = [shift.team.name, shift.what, row.slot.need.role, came, left]
        return [*whose, *what, row.minutes, row.get_state_display(), row.why]

    return tables.streamed(head, (line(row) for row in rows.iterator(chunk_size=500)))
