"""People of a replayed year who come together: families, and an organization's leader with some of its members."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from weiyifang.activities import queries, rules, services
from weiyifang.activities.models import Audience, Session
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import Refused
from weiyifang.people import queries as residents
from weiyifang.people.models import Resident

SIZE = 3  # people of one group


def enrol(session: Session, people: Sequence[Resident], *, by: Actor) -> Sequence[Resident]:
    """To what is for families the first come as one; gives the others."""
    if session.activity.audience != Audience.FAMILIES or len(people) < SIZE:
        return people
    services.enroll_group(session=session, people=_together(people), by=by)
    return people[SIZE:]


def queue(session: Session, people: Sequence[Resident], *, by: Actor) -> Sequence[Resident]:
    """Where so many wait, the first wait as one; gives the others."""
    if len(people) < SIZE:
        return people
    services.queue_group(session=session, people=_together(people), by=by)
    return people[SIZE:]


def bring_the_members(*, organization: str, leader: Actor, resident: Resident) -> None:
    """The cast's leader enrols some of those who belong to his organization, and himself, as one."""
    members = [one for one in residents.still_here(rules.members_led(leader, organization)) if one.pk != resident.pk]
    party = _together([resident, *members])
    for session in queries.coming():
        try:
            with transaction.atomic():
                services.enroll_group(session=session, people=party, organization=organization, by=leader)
        except Refused:
            continue  # not for all of them, or too few seats
        return


def _together(people: Sequence[Resident]) -> list[services.Member]:
    return [services.Member(resident=one) for one in people[:SIZE]]
