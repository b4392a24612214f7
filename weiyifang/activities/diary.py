"""What of this package stands in somebody's calendar (`timetable.diaries`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from weiyifang.activities.models import Enrollment, EnrollmentState, Session, SessionState, Stall
from weiyifang.timetable.diaries import Diary, Entry

GIVEN = Q(state=EnrollmentState.CONFIRMED)


def of_people(residents: Collection[UUID], since: datetime, until: datetime) -> Iterator[Entry]:
    """Their seats (of a term, each of its dates) and what they teach. A date that was called off says so."""
    rows = Enrollment.objects.filter(resident__in=residents)
    called_off = Q(state=EnrollmentState.CANCELLED, session__state=SessionState.CANCELLED)
    yield from _seats(rows.filter(GIVEN | called_off), "session", since, until)
    yield from _seats(rows.filter(GIVEN, session=None), "activity__sessions", since, until)
    taught = Session.objects.shown().filter(activity__instructor__in=residents)
    yield from _dates(taught, since, until, whose="activity__instructor")


def of_organization(source: str, since: datetime, until: datetime) -> Iterator[Entry]:
    """What it puts on, and its stalls."""
    yield from _dates(Session.objects.shown().filter(activity__organizer=source), since, until)
    stalls = Stall.objects.filter(
        organization=source, session__ends_at__gte=since, session__starts_at__lte=until
    ).select_related("session__activity")
    for stall in stalls:
        session = stall.session
        yield Entry(
            key=str(stall.pk),
            title=_("Stall %(number)d · %(market)s") % {"number": stall.number, "market": session.activity.title},
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            made_at=session.activity.made_at,
            place=session.shown_place,
            sequence=session.sequence,
            is_off=session.state == SessionState.CANCELLED,
            route="activities:date",
            args=(session.activity.number, session.number),
        )


def _seats(rows: QuerySet[Enrollment], way: str, since: datetime, until: datetime) -> Iterator[Entry]:
    """Each date of these enrolments, as one row: a thousand are no thousand objects of three kinds."""
    rows = rows.filter(**{f"{way}__ends_at__gte": since, f"{way}__starts_at__lte": until})
    said = rows.values_list(
        *("pk", "resident_id", "enrolled_at", "activity__number", "activity__title", "activity__place"),
        *(f"{way}__{name}" for name in ("number", "starts_at", "ends_at", "place", "sequence", "state")),
    )
    for pk, whose, at, activity, title, place, number, starts, ends, elsewhere, sequence, state in said:
        yield Entry(
            key=f"{pk}.{number}",
            title=title,
            starts_at=starts,
            ends_at=ends,
            made_at=at,
            place=elsewhere or place,
            sequence=sequence,
            is_off=state == SessionState.CANCELLED,
            whose=whose,
            route="activities:date",
            args=(activity, number),
        )


def _dates(rows: QuerySet[Session], since: datetime, until: datetime, *, whose: str = "") -> Iterator[Entry]:
    """Dates as they are shown to all; `whose`: the column of the resident it is for."""
    found = rows.filter(ends_at__gte=since, starts_at__lte=until).annotate(
        title=F("activity__title"), at=F("activity__made_at"), usual=F("activity__place"), of=F("activity__number")
    )
    names = ("pk", "of", "number", "title", "starts_at", "ends_at", "at", "place", "usual", "sequence", "state")
    for pk, of, number, title, starts, ends, at, place, usual, sequence, state, *person in found.values_list(
        *names, *([whose] if whose else [])
    ):
        yield Entry(
            key=str(pk),
            title=title,
            starts_at=starts,
            ends_at=ends,
            made_at=at,
            place=place or usual,
            sequence=sequence,
            is_off=state == SessionState.CANCELLED,
            whose=person[0] if person else None,
            route="activities:date",
            args=(of, number),
        )


DIARY = Diary(of_people=of_people, of_organization=of_organization)
