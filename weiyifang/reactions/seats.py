"""Places and activities: what the queue of a pool means for an enrolment. The holder of a claim is the enrolment."""

from __future__ import annotations

from weiyifang.activities import services as activities
from weiyifang.activities.models import Enrollment
from weiyifang.capacity import events
from weiyifang.core.actors import system
from weiyifang.core.tenancy import id_in

ENROLLMENT = Enrollment._meta.label_lower


def _enrollment(subject: str) -> Enrollment | None:
    """The enrolment a claim is for; None when something else holds it."""
    if not subject.startswith(f"{ENROLLMENT}:"):
        return None
    return Enrollment.objects.select_related("activity", "session").filter(pk=id_in(subject)).first()


def note_offer(fact: events.PlaceOffered) -> None:
    """A place is held for somebody in the queue: they are told until when."""
    if (enrollment := _enrollment(fact.subject)) is not None:
        activities.note_offer(enrollment=enrollment, until=fact.until, by=system())


def confirm(fact: events.PlaceTakenFromList) -> None:
    """The queue gave a place without asking."""
    if (enrollment := _enrollment(fact.subject)) is not None:
        activities.confirm_from_list(enrollment=enrollment, by=system())


def close(fact: events.OfferLapsed) -> None:
    """Nobody answered in time: the place went on to the next."""
    if (enrollment := _enrollment(fact.subject)) is not None:
        activities.close_lapsed(enrollment=enrollment, by=system())


def not_reached(fact: events.TurnNotReached) -> None:
    """The queue closed before their turn."""
    if (enrollment := _enrollment(fact.subject)) is not None:
        activities.close_unreached(enrollment=enrollment, by=system())
