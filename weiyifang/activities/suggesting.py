"""A few dates that may fit somebody, each with the reason in words. They can be switched off, for each person.

What is looked at: the age, what somebody came to before, whether the place where one meets names the compound they live
in (how far one walks nobody has noted), and whether a seat is left. Of health nothing is: a clinic is neither suggested
nor a reason, for a phone is often shared, and whoever holds it reads the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from weiyifang.activities.audiences import AGED
from weiyifang.activities.models import (
    ActivityState,
    Attendance,
    Audience,
    Enrollment,
    Mode,
    Session,
    SessionState,
)
from weiyifang.activities.services.eligibility import why_not
from weiyifang.capacity import queries as capacity
from weiyifang.core import clock
from weiyifang.core.look.wording import as_day
from weiyifang.core.prepared import IsAny, Read
from weiyifang.people import doors
from weiyifang.people.models import Resident

SHOWN = 3
AHEAD = timedelta(days=21)
LOOKED_AT = 60  # dates, the next first
NEAR_ALONE = 4  # better reasons there are than that: what they liked, what is for their age, each near home or not
OF_HEALTH = ("clinic",)  # codes of `kinds.KINDS`


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One date for one person, and why."""

    session: Session
    resident: Resident
    why: str


def suggested(people: Sequence[Resident], *, to: UUID | None) -> list[Suggestion]:
    """For these people, of whom `to` reads it: what they came to the like of, then what is for their age, then what is
    near home; of each of these first what is near home as well. One question.

    Nobody is suggested what they are enrolled in, or came to before.
    """
    wanting = [one for one in people if one.wants_suggestions]
    if not wanting:
        return []
    now = clock.now()
    found: dict[UUID, tuple[int, Suggestion]] = {}
    for date in _dates([one.pk for one in wanting], now, now + AHEAD):
        for one in _who_may(date, wanting, now):
            rank, why = _reason(date, one, to)
            best = found.get(date.activity_id)
            if why and (best is None or rank < best[0]):
                found[date.activity_id] = rank, Suggestion(session=date, resident=one, why=why)
    chosen = sorted(found.values(), key=lambda row: row[0])[:SHOWN]
    return sorted((one for _rank, one in chosen), key=lambda one: one.session.starts_at)


def _reason(date: Session, one: Resident, to: UUID | None) -> tuple[int, str]:
    """Why this date for this person, and behind how many better reasons it stands; "" for none."""
    liked = _of(one, reversed(date.liked))  # type: ignore[attr-defined]  # annotated
    compound = _of(one, date.near)  # type: ignore[attr-defined]  # annotated
    why = _because_of(liked, one, to) if liked else _because_of_age(date, one, to)
    if not compound:
        return (1 if liked else 3), why
    if not why:
        return NEAR_ALONE, _because_it_is_near(compound, one, to)
    why = _("%(why)s; near home, in %(compound)s") % {"why": why, "compound": compound}
    return (0 if liked else 2), why


def _of(one: Resident, lines: Iterable[str]) -> str:
    """What is said of somebody in lines of ids and words; of several the last."""
    return dict(line.split(" ", 1) for line in lines).get(str(one.pk), "")


def _because_it_is_near(compound: str, one: Resident, to: UUID | None) -> str:
    if one.pk == to:
        return _("because it is near home, in %(compound)s") % {"compound": compound}
    return _("near home for %(name)s, in %(compound)s") % {"name": one.name, "compound": compound}


def _who_may(date: Session, people: Sequence[Resident], now: datetime) -> Iterator[Resident]:
    """Those who could enrol now, or come, and have not yet."""
    activity = date.activity
    opens, closes = activity.enrol_from, date.starts_at - timedelta(hours=activity.closes_hours)
    if (opens is not None and opens > now) or closes <= now:
        return
    for one in people:
        if str(one.pk) not in {*date.there, *date.been} and not why_not(date, one):  # type: ignore[attr-defined]  # annotated
            yield one


def _because_of(title: str, one: Resident, to: UUID | None) -> str:
    if one.pk == to:
        return _("because you came to “%(title)s”") % {"title": title}
    return _("because %(name)s came to “%(title)s”") % {"name": one.name, "title": title}


def _because_of_age(date: Session, one: Resident, to: UUID | None) -> str:
    """Of what is for elders or for children, and of nothing else: what is for everybody needs no suggestion."""
    age = one.age_on(as_day(date.starts_at))
    if age is None or date.activity.audience not in AGED:
        return ""
    if one.pk != to:
        return _("for %(name)s, who is %(age)d") % {"name": one.name, "age": age}
    return (
        _("because it is for elders") if date.activity.audience == Audience.ELDERS else _("because it is for your age")
    )


def _rows(residents: Sequence[UUID], now: datetime, until: datetime) -> QuerySet[Session]:
    rows = Session.objects.filter(
        state=SessionState.PLANNED,
        starts_at__gt=now,
        starts_at__lt=until,
        activity__state=ActivityState.PUBLISHED,
    ).exclude(activity__kind__in=OF_HEALTH)
    owner = Case(
        When(
            activity__mode=Mode.TERM,
            then=Concat(Value("activities.activity:"), Cast("activity_id", CharField()), output_field=CharField()),
        ),
        default=Concat(Value("activities.session:"), Cast("pk", CharField()), output_field=CharField()),
    )
    who = Cast("resident_id", CharField())
    theirs = IsAny("resident_id", residents)
    there = Enrollment.objects.live().filter(theirs, activity=OuterRef("activity_id"))
    been = Attendance.objects.filter(theirs, session__activity=OuterRef("activity_id"), voids=None, voided_by=None)
    like = Attendance.objects.filter(theirs, session__activity__kind=OuterRef("activity__kind"), voids=None)
    like = like.filter(voided_by=None).order_by("-happened_at")
    line = Concat(who, Value(" "), F("session__activity__title"), output_field=CharField())
    home = doors.who_lives_in(OuterRef("where")).filter(IsAny("pk", residents)).order_by("pk")
    where = Case(When(place="", then=F("activity__place")), default=F("place"))
    lives = Concat(Cast("pk", CharField()), Value(" "), F("household__compound"), output_field=CharField())
    rows = rows.annotate(owner=owner, where=where).filter(Q(activity__places=0) | capacity.has_free(OuterRef("owner")))
    return (
        rows.annotate(
            there=ArraySubquery(there.annotate(who=who).values("who")),
            been=ArraySubquery(been.annotate(who=who).values("who")),
            near=ArraySubquery(home.annotate(line=lives).values("line")),
            liked=ArraySubquery(like.annotate(line=line).values("line")[:SHOWN]),
        )
        .select_related("activity")
        .order_by("starts_at", "id")[:LOOKED_AT]
    )


_LIKE = (datetime.fromisoformat("0001-02-03T00:00+00:00"), datetime.fromisoformat("0001-02-04T00:00+00:00"))
_dates = Read(_rows, [UUID(int=0)], *_LIKE)
