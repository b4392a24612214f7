"""Who was reached in a year, counted once more and in another way than `people.reaching` does.

There PostgreSQL is asked, topic by topic, for rows as they stand. Here what happened is told from the facts, which
cannot be rewritten, and added up one by one; of who came to an activity the facts hold counts alone
(`activities.verify` sees to those), so there every row is looked at, and each that takes another back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from weiyifang.activities.models import Attendance, Session
from weiyifang.core import clock, facts
from weiyifang.core.events import Event
from weiyifang.core.faults import Fault
from weiyifang.people import reaching
from weiyifang.sharing import events as sharing
from weiyifang.sharing.models import Booking
from weiyifang.talents import events as talents
from weiyifang.talents.models import TalentRequest
from weiyifang.volunteering import events as volunteering
from weiyifang.volunteering.models import Volunteer

YEAR = timedelta(days=364)  # until today
Times = Iterator[tuple[UUID | None, datetime | None]]  # of whoever was reached, and when


def check() -> list[Fault]:
    """Faults where the two ways of counting differ."""
    today = clock.today()
    since = today - YEAR
    begin, end = clock.day_bounds(since)[0], min(clock.day_bounds(today)[1], clock.now())
    found, everybody = list[Fault](), set[UUID]()
    for way in reaching.ways():
        due = Counter(one for one, at in AGAIN[way.code]() if one and at and begin <= at < end)
        said = reaching.times(since, today, only=way)
        everybody |= due.keys()
        if wrong := ((due - said) + (said - due)).total():
            found.append(Fault(check="reached", where=way.code, what=f"{wrong} times differ from what the facts say"))
    people = reaching.people_reached(since, today)
    if people != len(everybody):
        found.append(Fault(check="reached", where="everybody", what=f"{people} are said, {len(everybody)} are due"))
    here = set(reaching.everybody().values_list("pk", flat=True))
    listed = set(reaching.reached(reaching.everybody(), since, today).values_list("pk", flat=True))
    for one in sorted(listed ^ (everybody & here)):
        found.append(Fault(check="reached", where=f"people.resident:{one}", what="is listed, or is due, and not both"))
    return found


def _came() -> Times:
    """To an activity: whoever was noted, unless another row takes that back."""
    begins = dict(Session.objects.values_list("pk", "starts_at"))
    rows = list(Attendance.objects.values_list("pk", "resident_id", "session_id", "voids_id"))
    back = {voids for _pk, _one, _session, voids in rows if voids}
    for pk, one, session, voids in rows:
        if voids is None and pk not in back:
            yield one, begins[session]


def _helped() -> Times:
    """As a volunteer: hours that somebody approved and nobody took back."""
    whose = dict(Volunteer.objects.values_list("pk", "resident_id"))
    noted = dict[str, tuple[UUID | None, datetime]]()
    counts = set[str]()
    for fact in facts.told(volunteering.HoursNoted, volunteering.HoursApproved, volunteering.HoursTakenBack):
        if fact.kind == volunteering.HoursNoted.__name__:
            said = (fact.values[name] for name in ("hours", "volunteers", "came"))
            noted |= {
                pk: (whose.get(UUID(one)), datetime.fromisoformat(came)) for pk, one, came in zip(*said, strict=True)
            }
        elif fact.kind == volunteering.HoursApproved.__name__:
            counts |= set(fact.values["hours"])
        else:
            counts.discard(fact.subject.partition(":")[2])
    yield from (noted[pk] for pk in sorted(counts & noted.keys()))


def _borrowed() -> Times:
    """A room or a thing: handed over to oneself, and not to an organization."""
    out = {pk for fact in facts.told(sharing.ThingsHandedOver) for pk in fact.values["bookings"]}
    for pk, organization, one, at in Booking.objects.values_list("pk", "organization", "resident_id", "starts_at"):
        if str(pk) in out and not organization:
            yield one, at


def _was_helped() -> Times:
    """By a talent who said yes, at a time both had agreed on; and neither took it back."""
    yes = talents.TalentAccepted.__name__
    no: tuple[type[Event], ...] = (talents.TalentDeclined, talents.TalentRequestWithdrawn, talents.TalentRequestClosed)
    stands = {fact.subject: fact.kind == yes for fact in facts.told(talents.TalentAccepted, *no)}
    for pk, organization, one, at in TalentRequest.objects.values_list("pk", "of", "resident_id", "ends_at"):
        if stands.get(f"talents.talentrequest:{pk}") and not organization:
            yield one, at


AGAIN: Mapping[str, Callable[[], Times]] = {
    "activities": _came,
    "volunteering": _helped,
    "sharing": _borrowed,
    "talents": _was_helped,
}
