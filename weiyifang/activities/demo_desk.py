"""What is to come when a replayed year ends, as the cast's resident sees it."""

from __future__ import annotations

from django.db import transaction

from weiyifang.activities import queries, services
from weiyifang.activities.models import EnrollmentState
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import Refused
from weiyifang.people.models import Resident


def leave_on_the_desk(*, resident: Resident, by: Actor) -> None:
    """What is coming for the cast's resident: three dates with a seat, a place in one queue, a ticket on a list."""
    seated, waits = 0, False
    for session in queries.coming():
        try:
            with transaction.atomic():
                if seated < 3:
                    mine = services.enroll(session=session, resident=resident, by=by)
                    seated += mine.state == EnrollmentState.CONFIRMED
        except services.SessionFull:
            if not waits:
                services.queue(session=session, resident=resident, by=by)
                waits = True
        except Refused:
            continue  # not for her, or open to all


def call_one_off(*, whose: Actor, reason: str, by: Actor) -> None:
    """The last date the resident has a seat in: whom that concerns, and by which way they hear of it, can be seen."""
    for mine in reversed(queries.upcoming_of(whose)):
        if mine.is_confirmed and mine.session is not None:
            services.cancel_session(session=mine.session, reason=reason, by=by)
            return
