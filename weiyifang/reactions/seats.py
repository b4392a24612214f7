"""Places and activities: what the queue of a pool, and who lives here, mean for an enrolment.

The holder of a claim is the enrolment.
"""

from __future__ import annotations

from weiyifang.activities import queries
from weiyifang.activities import services as activities
from weiyifang.activities.models import Enrollment
from weiyifang.capacity import events
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in
from weiyifang.organizations.events import OrganizationDissolved
from weiyifang.people.events import PersonErased, ResidentLeft, ResidentReturned
from weiyifang.people.terms import way_back

ENROLLMENT = Enrollment._meta.label_lower


def enrollment_of(subject: str) -> Enrollment | None:
    """The enrolment a claim is for; None when something else holds it."""
    if not subject.startswith(f"{ENROLLMENT}:"):
        return None
    return queries.enrollment(id_in(subject))


def note_offer(fact: events.PlaceOffered) -> None:
    """A place is held for somebody in the queue: they are told until when."""
    if (enrollment := enrollment_of(fact.subject)) is not None:
        activities.note_offer(enrollment=enrollment, until=fact.until, by=system())


def confirm(fact: events.PlaceTakenFromList) -> None:
    """The queue gave a place without asking."""
    if (enrollment := enrollment_of(fact.subject)) is not None:
        activities.confirm_from_list(enrollment=enrollment, by=system())


def close(fact: events.OfferLapsed) -> None:
    """Nobody answered in time: the place went on to the next."""
    if (enrollment := enrollment_of(fact.subject)) is not None:
        activities.close_lapsed(enrollment=enrollment, by=system())


def not_reached(fact: events.TurnNotReached) -> None:
    """The queue closed before their turn."""
    if (enrollment := enrollment_of(fact.subject)) is not None:
        activities.close_unreached(enrollment=enrollment, by=system())


def give_up(fact: ResidentLeft | PersonErased) -> None:
    """Somebody no longer lives here: the next in line gets what they had of what is to come."""
    activities.give_up_all(resident_id=id_in(fact.subject), by=system())


def give_up_stalls(fact: OrganizationDissolved) -> None:
    """An organization ends: its stalls of markets to come are free for others."""
    activities.give_up_stalls_of(organization=fact.subject, by=system())


def take_back(fact: ResidentReturned) -> None:
    """They live here again: what they gave up by leaving is theirs, if it can still be had."""
    since = clock.now() - way_back()
    activities.take_back_all(resident_id=id_in(fact.subject), since=since, by=system())
