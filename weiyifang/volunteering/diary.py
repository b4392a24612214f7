"""What of this package stands in somebody's calendar (`timetable.diaries`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from weiyifang.timetable.diaries import Diary, Entry
from weiyifang.volunteering.models import Shift, ShiftState, Slot, SlotState


def of_people(residents: Collection[UUID], since: datetime, until: datetime) -> Iterator[Entry]:
    """Their shifts, by team and task: what is written about one may name whom it is for."""
    stands = Q(state=SlotState.TAKEN) | Q(state=SlotState.CALLED_OFF, shift__state=ShiftState.CALLED_OFF)
    rows = Slot.objects.filter(stands, volunteer__resident__in=residents)
    rows = rows.filter(shift__ends_at__gte=since, shift__starts_at__lte=until)
    for pk, whose, at, state, role, team, number, place, starts, ends, sequence in rows.values_list(
        *("pk", "volunteer__resident_id", "taken_at", "state", "need__role"),
        *(f"shift__{name}" for name in ("team__name", "number", "place", "starts_at", "ends_at", "sequence")),
    ):
        is_off = state == SlotState.CALLED_OFF
        yield Entry(
            key=str(pk),
            title=f"{team} · {role}",
            starts_at=starts,
            ends_at=ends,
            made_at=at,
            place=place,
            sequence=sequence + is_off,
            is_off=is_off,
            whose=whose,
            route="volunteering:shift",
            args=(number,),
        )


def of_organization(source: str, since: datetime, until: datetime) -> Iterator[Entry]:
    """The shifts of its teams."""
    rows = Shift.objects.filter(team__organizer=source, ends_at__gte=since, starts_at__lte=until)
    for shift in rows.select_related("team"):
        yield Entry(
            key=str(shift.pk),
            title=shift.team.name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            made_at=shift.planned_at,
            place=shift.place,
            sequence=shift.sequence + shift.is_off,
            is_off=shift.is_off,
            route="volunteering:shift",
            args=(shift.number,),
        )


DIARY = Diary(of_people=of_people, of_organization=of_organization)
