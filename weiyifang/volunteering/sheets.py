"""Lists that leave the program as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.core import tables
from weiyifang.volunteering.models import Belonging, Certificate, VolunteerQuerySet


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
