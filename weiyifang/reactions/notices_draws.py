"""Whom it concerns that the seats of a date were given to those on its list."""

from __future__ import annotations

from weiyifang.activities import events as activities
from weiyifang.activities import queries as activities_read
from weiyifang.activities.models import Whom
from weiyifang.notices.services import tell


def seats_given(fact: activities.SeatsGiven) -> None:
    """Everybody who was on the list: those with a seat, and those in the queue."""
    session = activities_read.date_of(fact.session_id)
    for kind, whom in (("seat_given", Whom.ENROLLED), ("seat_not_given", Whom.WAITING)):
        tell(
            kind=kind,
            about=fact.subject,
            residents=activities_read.addressees(session, whom),
            until=session.starts_at,
            starts_at=session.starts_at,
            number=session.activity.number,
            date=session.number,
        )
