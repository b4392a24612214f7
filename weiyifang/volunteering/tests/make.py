"""Rows for tests, made through the verbs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from weiyifang.core import actors, clock
from weiyifang.core.actors import Actor
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import Purpose, Resident
from weiyifang.volunteering import services
from weiyifang.volunteering.models import HelpRequest, Hours, Shift, Slot, Team, Volunteer


def words() -> None:
    """The community has published what volunteers say yes to."""
    if Purpose.VOLUNTEERING not in people_read.current_texts():
        people.publish_consent_text(purpose=Purpose.VOLUNTEERING, text="我愿意做志愿者。", by=actors.system())


def resident(name: str = "王孃孃", born_on: date = date(1960, 3, 8)) -> Resident:
    return people.register_resident(name=name, born_on=born_on, by=actors.system())


def volunteer(name: str = "志愿者", *, of: Resident | None = None, **details: Any) -> Volunteer:
    """Somebody who signed up."""
    words()
    return services.sign_up(resident=of or resident(name), agreed=True, by=actors.system(), **details)


def team(name: str = "送餐队", *, organizer: str = "", leader: Resident | None = None) -> Team:
    return services.begin(name=name, purpose="中午送饭。", organizer=organizer, leader=leader, by=actors.system())


def shift(of: Team, *, days: int = 3, at: str = "09:00", minutes: int = 120, wanted: int = 2, **need: Any) -> Shift:
    """A shift so many days from today, with one task."""
    starts_at = clock.local(clock.today() + timedelta(days=days), at)
    return services.plan(
        team=of,
        what="送午饭",
        place="九九驿站",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        needs=[services.Wanted("送餐", wanted, **need)],
        by=actors.system(),
    )


def member(team: Team, name: str = "队员", **details: Any) -> Actor:
    """A volunteer in the team, as the one who acts."""
    one = volunteer(name, **details)
    services.add_member(team=team, resident=one.resident, by=actors.system())
    return Actor(community_id=one.community_id, resident_id=one.resident_id, name=one.resident.name)


def home(of: Actor) -> Resident:
    """The resident record of a member."""
    assert of.resident_id is not None
    return Resident.objects.get(pk=of.resident_id)


def help_for(
    resident: Resident, *, days: int = 3, at: str = "15:00", place: str = "二单元五楼", remark: str = "慢慢走"
) -> HelpRequest:
    """Somebody asks for help so many days from today."""
    starts_at = clock.local(clock.today() + timedelta(days=days), at)
    return services.ask_for_help(
        resident=resident,
        kind="medicine",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        place=place,
        remark=remark,
        by=actors.system(),
    )


def over(team: Team, resident: Resident, *, days: int = 1, minutes: int = 120) -> Slot:
    """A place in a shift that took place so many days ago."""
    with clock.at(clock.now() - timedelta(days=days + 1)):
        held = shift(team, days=1, minutes=minutes)
        return services.assign(need=held.needs.get(), resident=resident, sure=True, by=actors.system())


def hours(team: Team, *, of: Resident | None = None, days: int = 1, minutes: int = 120) -> Hours:
    """Hours that wait, in a shift so many days ago."""
    one = of or volunteer("来过的").resident
    slot = over(team, one, days=days, minutes=minutes)
    (row,) = services.note_as_planned(shift=slot.shift, by=actors.system())
    return row
