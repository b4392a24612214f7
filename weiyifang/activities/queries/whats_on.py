"""Lists of what is on, and of what was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from weiyifang.activities.models import (
    Activity,
    ActivityState,
    Mode,
    Session,
    SessionState,
)
from weiyifang.activities.queries.seats import Seats, seats_of
from weiyifang.capacity import queries as capacity
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.prepared import Read
from weiyifang.organizations import queries as organizations
from weiyifang.people.roles import Permission

BACK, AHEAD = timedelta(days=31), timedelta(days=366)  # what a calendar of all holds, from now


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One line of a list: a date of an activity, and how it stands."""

    session: Session
    seats: Seats

    @property
    def activity(self) -> Activity:
        found: Activity = self.session.activity
        return found

    @property
    def has_seats(self) -> bool:
        """Could somebody come who has not enrolled yet?"""
        return not self.seats.is_full and not self._is_too_late

    @property
    def words(self) -> str:
        """How it stands, in the fewest words: once it is under way, no seat is to be had any more."""
        return _("under way") if self._is_too_late else self.seats.words

    @property
    def tone(self) -> str:
        """The badge that goes with the words."""
        return "info" if self._is_too_late else self.seats.tone

    @property
    def _is_too_late(self) -> bool:
        return self.session.is_under_way and not self.seats.is_open_door and not self.activity.is_term


_by_number = Read(
    lambda number, date_number: Session.objects.select_related("activity").filter(
        activity__number=number, number=date_number
    ),
    1_000_000_001,
    1_000_000_002,
)


def date_by_number(number: int, date_number: int) -> Session | None:
    """The date of an activity, with the activity; whoever asks may not be allowed to see it."""
    return _by_number.one(number, date_number)


def date_of(pk: UUID) -> Session:
    """A date, with its activity."""
    return Session.objects.select_related("activity").get(pk=pk)


def dates_at_its_place(activity_id: UUID) -> QuerySet[Session]:
    """The dates to come of an activity that have no place of their own."""
    return Session.objects.to_come().filter(activity=activity_id, place="").select_related("activity")


def listed(sessions: Sequence[Session]) -> list[Listed]:
    seats = seats_of(sessions)
    return [Listed(session=session, seats=seats[session.pk]) for session in sessions]


def called_off_at(activity: Activity, starts: Sequence[datetime]) -> list[datetime]:
    """Which of these moments were dates of the activity that are called off and stand in no other way."""
    dates = Session.objects.filter(activity=activity, starts_at__in=starts)
    off, on = dates.filter(state=SessionState.CANCELLED), dates.exclude(state=SessionState.CANCELLED)
    return sorted(set(off.values_list("starts_at", flat=True)) - set(on.values_list("starts_at", flat=True)))


def coming() -> QuerySet[Session]:
    """The dates to come of what is shown to all, the next one first."""
    return Session.objects.to_come().filter(activity__state=ActivityState.PUBLISHED).select_related("activity")


def dates_around(now: datetime, *, organizer: str = "") -> QuerySet[Session]:
    """What was shown to all and is on from a month ago to a year from now, called off or not: for calendars."""
    rows = Session.objects.filter(activity__published_at__isnull=False)  # also of what was called off after that
    rows = rows.filter(ends_at__gte=now - BACK, starts_at__lte=now + AHEAD)
    if organizer:
        rows = rows.filter(activity__organizer=organizer)
    return rows.select_related("activity").order_by("starts_at", "id")


def behind(rows: QuerySet[Session], last: Session) -> QuerySet[Session]:
    """The rest of such a list after its row `last`."""
    return rows.filter(Q(starts_at__gt=last.starts_at) | Q(starts_at=last.starts_at, id__gt=last.pk))


def this_week() -> QuerySet[Session]:
    """The dates of the next seven days, today among them."""
    return coming().filter(starts_at__lt=clock.day_bounds(clock.today() + timedelta(days=6))[1])


def events_a_day(since: date, until: date) -> dict[date, int]:
    """How many dates there are or were on each day that has some; both days included."""
    begin, end = clock.day_bounds(since)[0], clock.day_bounds(until)[1]
    rows = Session.objects.shown().exclude(state=SessionState.CANCELLED).filter(starts_at__gte=begin, starts_at__lt=end)
    return dict(Counter(timezone.localtime(at).date() for at in rows.values_list("starts_at", flat=True)))


def on_day(day: date) -> QuerySet[Session]:
    """Everything that is or was on that day."""
    return Session.objects.on(day).shown().exclude(state=SessionState.CANCELLED).select_related("activity")


def next_of_each() -> QuerySet[Session]:
    """Of every activity the next date."""
    first = coming().order_by("activity_id", "starts_at").distinct("activity_id")
    return coming().filter(pk__in=first.values("pk"))


def past() -> QuerySet[Session]:
    """Of every activity that was shown to all and has nothing to come, the last date; the latest first."""
    gone = Session.objects.shown().filter(ends_at__lte=clock.now()).exclude(state=SessionState.CANCELLED)
    last = gone.exclude(activity__in=coming().values("activity_id"))
    last = last.order_by("activity_id", "-starts_at").distinct("activity_id")
    return gone.filter(pk__in=last.values("pk")).select_related("activity").order_by("-starts_at", "-id")


def with_free_places(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Those one can still come to, as `Listed.has_seats` says it: seats left before it begins, or open doors."""
    owner = Case(
        When(activity__mode=Mode.TERM, then=_source("activities.activity:", "activity_id")),
        default=_source("activities.session:", "pk"),
    )
    in_time = Q(activity__mode=Mode.TERM) | Q(starts_at__gt=clock.now())
    free = capacity.has_free(OuterRef("owner"))
    return sessions.annotate(owner=owner).filter(Q(activity__places=0) | (in_time & free))


def _source(label: str, field: str) -> Concat:
    return Concat(Value(label), Cast(field, CharField()), output_field=CharField())


def organizer_names(activities: Iterable[Activity]) -> dict[str, str]:
    """The names behind `organizer` sources; "" (the committee) is not in it. One query, or none."""
    named = organizations.named({activity.organizer for activity in activities})
    return {source: organization.name for source, organization in named.items()}


def next_dates(activities: Iterable[Activity]) -> dict[UUID, Session]:
    """The next date of each activity that has one, drafts too."""
    first = Session.objects.to_come().filter(activity__in=list(activities))
    rows = first.order_by("activity_id", "starts_at").distinct("activity_id")
    return {session.activity_id: session for session in rows}


def organizers_for(actor: Actor) -> list[tuple[str, str]]:
    """In whose name the actor may plan: the committee and everybody, or their own organizations."""
    ours = [("", _("the residents' committee"))] if actor.scopes(Permission.PLAN_ACTIVITIES) is None else []
    return [*ours, *organizations.choices_for(actor, Permission.PLAN_ACTIVITIES)]
