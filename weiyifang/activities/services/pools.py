"""The pool of seats as whoever wants some finds it, and what is said when it is full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.activities.models import LIVE, Enrollment, Session
from weiyifang.activities.services import shares
from weiyifang.activities.services.eligibility import EnrollmentClosed
from weiyifang.capacity import queries as capacity
from weiyifang.capacity.models import PlacePool
from weiyifang.core.prepared import IsAny, Read
from weiyifang.core.refusals import Refused
from weiyifang.people.models import Resident


class SessionFull(Refused):
    """Not that many seats are left (`free`), and `ahead` people wait already."""

    sentence = _("Not enough seats are left (%(free)d). You can queue; ahead of you: %(ahead)d.")
    nobody_waits = _("Not enough seats are left (%(free)d). You can queue and would be the first.")
    none_left = _("The last seat has just gone. You can queue; ahead of you: %(ahead)d.")
    none_left_nobody_waits = _("The last seat has just gone. You can queue and would be the first.")

    def __str__(self) -> str:
        if self.details["free"]:
            fitting = self.sentence if self.details["ahead"] else self.nobody_waits
        else:
            fitting = self.none_left if self.details["ahead"] else self.none_left_nobody_waits
        return str(fitting) % self.details


class TooFewForAll(SessionFull):
    """Not that many seats are left for `together` people who come all or not at all."""

    sentence = _(
        "Seats left: %(free)d, and there are %(together)d of you. Come with fewer, or wait as one; ahead of you: "
        "%(ahead)d."
    )
    nobody_waits = _(
        "Seats left: %(free)d, and there are %(together)d of you. Come with fewer, or wait as one: you would be the "
        "first."
    )
    none_left = _("The last seat has just gone. You can wait as one; ahead of you: %(ahead)d.")
    none_left_nobody_waits = _("The last seat has just gone. You can wait as one and would be the first.")


class KeptForOthers(SessionFull):
    """What is left is `kept` for others: in words, for whom and until when."""

    sentence = _(
        "Seats left for everybody: %(free)d; the others are kept: %(kept)s. Then they open to all: you can queue for "
        "them; ahead of you: %(ahead)d."
    )
    nobody_waits = _(
        "Seats left for everybody: %(free)d; the others are kept: %(kept)s. Then they open to all: you can queue for "
        "them and would be the first."
    )
    none_left = _(
        "The seats that are left are kept: %(kept)s. Then they open to all: you can queue for them; ahead of you: "
        "%(ahead)d."
    )
    none_left_nobody_waits = _(
        "The seats that are left are kept: %(kept)s. Then they open to all: you can queue for them and would be the "
        "first."
    )


class FullAndClosed(SessionFull):
    """Not that many seats are left, and the queue is closed."""

    sentence = nobody_waits = _("Not enough seats are left (%(free)d), and the queue is closed: it begins soon.")
    none_left = none_left_nobody_waits = _("The last seat has just gone, and the queue is closed: it begins soon.")


class AlreadyEnrolled(Refused):
    """A second live enrolment."""

    sentence = _("%(name)s is on the list already. You find it under “My page”.")


def full(session: Session, pool: Any, left: int, *, together: int = 1) -> SessionFull:
    """What is said of a date that has only `left` seats. `together`: so many people want seats all or not at all."""
    if pool.is_closed:
        return FullAndClosed(free=left, ahead=pool.ahead)
    standing = capacity.shares_of([pool.owner]).get(pool.owner, []) if shares.stand_now(session) else []
    if kept := shares.kept_in_words(standing, session):
        return KeptForOthers(free=left, ahead=pool.ahead, kept=kept)
    if together > 1:
        return TooFewForAll(free=left, ahead=pool.ahead, together=together)
    return SessionFull(free=left, ahead=pool.ahead)


def why_not_written(session: Session, residents: Sequence[Resident]) -> Refused:
    """What is said when not all of them could be written."""
    live = Enrollment.objects.for_session(session).filter(resident__in=residents, state__in=LIVE)
    there = live.select_related("resident").first()
    return AlreadyEnrolled(name=there.resident.name) if there is not None else EnrollmentClosed()


def _pools(owner: str, residents: Sequence[UUID], **of: Any) -> QuerySet[PlacePool]:
    """The pool; `there`: who of these residents is on the list of that session or term, or in its queue; `ahead`: how
    many wait, or think about an offer."""
    there = Enrollment.objects.live().filter(IsAny("resident_id", residents), **of)
    return capacity.pool_of(owner).annotate(there=ArraySubquery(there.values("resident_id")))


_of_session = Read(
    lambda owner, residents, activity_id, session_id: _pools(
        owner, residents, activity_id=activity_id, session_id=session_id
    ),
    *("an owner", [UUID(int=0)], UUID(int=1), UUID(int=2)),
)
_of_term = Read(
    lambda owner, residents, activity_id: _pools(owner, residents, activity_id=activity_id, session=None),
    *("an owner", [UUID(int=0)], UUID(int=1)),
)


def look(session: Session, residents: Sequence[UUID] = ()) -> Any:
    owner, residents, activity_id = session.pool_owner, list(residents), session.activity_id
    if session.activity.is_term:
        (pool,) = _of_term(owner, residents, activity_id)
    else:
        (pool,) = _of_session(owner, residents, activity_id, session.pk)
    return pool
