"""What of this package stands in somebody's calendar (`timetable.diaries`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from weiyifang.talents.models import RequestState, TalentRequest
from weiyifang.timetable.diaries import Diary, Entry

STANDS = Q(state=RequestState.ACCEPTED) | Q(  # said yes to, and taken back afterwards
    state__in=(RequestState.WITHDRAWN, RequestState.CLOSED), answered_at__isnull=False
)


def of_people(residents: Collection[UUID], since: datetime, until: datetime) -> Iterator[Entry]:
    """What they said yes to as talents, and what others said yes to for them: when and where, not for whom or what."""
    rows = _at(TalentRequest.objects.filter(talent__resident__in=residents), since, until)
    for row in rows.select_related("talent"):
        yield _entry(row, _("Asked as a talent"), row.talent.resident_id)
    for row in _at(TalentRequest.objects.filter(resident__in=residents, of=""), since, until):
        yield _entry(row, _("A talent comes"), row.resident_id)


def of_organization(source: str, since: datetime, until: datetime) -> Iterator[Entry]:
    """Who said yes to come to it."""
    for row in _at(TalentRequest.objects.filter(of=source), since, until):
        yield _entry(row, _("A talent comes"), None)


def _at(rows: QuerySet[TalentRequest], since: datetime, until: datetime) -> QuerySet[TalentRequest]:
    return rows.filter(STANDS, ends_at__gte=since, starts_at__lte=until)


def _entry(row: TalentRequest, title: str, whose: UUID | None) -> Entry:
    assert row.starts_at is not None
    assert row.ends_at is not None
    is_off = not row.is_accepted
    return Entry(
        key=f"{row.pk}.{'talent' if whose and whose != row.resident_id else 'asker'}",
        title=title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        made_at=row.asked_at,
        place=row.place,
        sequence=int(is_off),  # its time is never changed
        is_off=is_off,
        whose=whose,
        route="talents:request",
        args=(row.pk,),
    )


DIARY = Diary(of_people=of_people, of_organization=of_organization)
