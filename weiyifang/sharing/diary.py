"""What of this package stands in somebody's calendar (`timetable.diaries`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from weiyifang.sharing.models import Booking, BookingState
from weiyifang.timetable.diaries import Diary, Entry

STANDS = Q(state__in=(BookingState.BOOKED, BookingState.OUT, BookingState.BACK)) | (
    Q(state=BookingState.CANCELLED) & ~Q(reason="")  # taken from whoever had it: who gives it up need not say why
)


def of_people(residents: Collection[UUID], since: datetime, until: datetime) -> Iterator[Entry]:
    """What they have booked for themselves."""
    yield from _entries(Booking.objects.filter(resident__in=residents, organization=""), since, until, is_own=True)


def of_organization(source: str, since: datetime, until: datetime) -> Iterator[Entry]:
    """What it has booked."""
    yield from _entries(Booking.objects.filter(organization=source), since, until, is_own=False)


def _entries(rows: QuerySet[Booking], since: datetime, until: datetime, *, is_own: bool) -> Iterator[Entry]:
    rows = rows.filter(STANDS, ends_at__gte=since, starts_at__lte=until)
    for pk, whose, at, name, place, starts, ends, sequence, state in rows.values_list(
        *("pk", "resident_id", "asked_at", "resource__name", "resource__place"),
        *("starts_at", "ends_at", "sequence", "state"),
    ):
        is_off = state == BookingState.CANCELLED
        yield Entry(
            key=str(pk),
            title=name,
            starts_at=starts,
            ends_at=ends,
            made_at=at,
            place=place or name,
            sequence=sequence + is_off,
            is_off=is_off,
            whose=whose if is_own else None,
            route="sharing:booking",
            args=(pk,),
        )


DIARY = Diary(of_people=of_people, of_organization=of_organization)
