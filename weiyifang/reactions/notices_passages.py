"""Whom it concerns that a child was handed over to somebody whom no guardian had named."""

from __future__ import annotations

from weiyifang.activities import events_passages
from weiyifang.activities import queries as activities_read
from weiyifang.notices.services import tell


def handed_to_another(fact: events_passages.HandedToAnother) -> None:
    """Its guardians, who read on the child's ticket who it was. The child has the message too, as everything of it."""
    session = activities_read.date_of(fact.session_id)
    tell(
        kind="handed_to_another",
        about=fact.subject,
        residents=[fact.resident_id],
        number=session.activity.number,
        date=session.number,
        left_at=fact.left_at,
    )
