"""What of this package stands in somebody's calendar (`timetable.diaries`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from weiyifang.organizations import queries as organizations
from weiyifang.stage.models import TAKEN_ON, Engagement, Performer, State
from weiyifang.timetable.diaries import Diary, Entry


def of_people(residents: Collection[UUID], since: datetime, until: datetime) -> Iterator[Entry]:
    """The shows they are on in, by who plays: what a show is for may name a person."""
    stands = Q(ended_at=None, engagement__state__in=TAKEN_ON) | Q(engagement__state=State.CANCELLED)
    rows = Performer.objects.filter(
        stands, resident__in=residents, engagement__ends_at__gte=since, engagement__starts_at__lte=until
    )
    said = rows.select_related("engagement").defer("engagement__customer", "engagement__phone")
    found = list(said)
    names = organizations.named({row.engagement.organization for row in found})
    for row in found:
        yield _entry(row.engagement, f"{row.pk}", names, row.resident_id, "stage:mine")


def of_organization(source: str, since: datetime, until: datetime) -> Iterator[Entry]:
    """The shows it plays."""
    rows = Engagement.objects.filter(organization=source, ends_at__gte=since, starts_at__lte=until)
    found = list(rows.filter(state__in=(*TAKEN_ON, State.CANCELLED)).defer("customer", "phone"))
    names = organizations.named({source}) if found else {}
    for row in found:
        yield _entry(row, f"{row.pk}", names, None, "")


def _entry(show: Engagement, key: str, names: dict[str, organizations.Named], whose: UUID | None, route: str) -> Entry:
    troupe = names.get(show.organization)
    return Entry(
        key=key,
        title=_("Show · %(troupe)s") % {"troupe": troupe.name} if troupe else _("Show"),
        starts_at=show.starts_at,
        ends_at=show.ends_at,
        made_at=show.agreed_at or show.requested_at,
        place=show.place,
        sequence=show.sequence + show.is_off,
        is_off=show.is_off,
        whose=whose,
        route=route,
    )


DIARY = Diary(of_people=of_people, of_organization=of_organization)
