"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tests.stage import TODAY, Act, Acts, Cast, Paths, home_of, picked
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Resident
from weiyifang.volunteering import services
from weiyifang.volunteering.models import Team, Volunteer
from weiyifang.volunteering.tests import make


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """A team of the committee and one of the leader's organization, each with a member and a certificate."""
    me, bench = home_of(cast, "resident"), "workbench/volunteering/"
    make.volunteer(of=me)
    soon = TODAY + timedelta(days=12)
    joined, open_to = make.team("护绿队"), make.team("义修队")
    services.join(team=joined, by=cast["resident"])
    paths["volunteering/teams/"] = paths["api/volunteering/teams/"] = {"number": open_to.number}
    paths["volunteering/teams/<number>/membership/end/"] = {"number": joined.number}
    acts["POST volunteering/teams/<number>/membership/"] = Act(by="resident")
    acts["POST volunteering/teams/<number>/membership/end/"] = Act(by="resident")
    said = {"skills": ["meals"], "times": ["weekend_day"], "words": "会做面", "agreed": "on"}
    acts["POST volunteering/me/"] = Act(by="resident", body=said)
    acts["POST volunteering/me/end/"] = Act(by="resident")
    digging = make.shift(joined, days=2)
    mine = services.claim(need=digging.needs.get(), by=cast["resident"])
    other = make.volunteer("另一个护绿的")
    services.add_member(team=joined, resident=other.resident, by=system())
    sought = make.shift(joined, days=4)
    theirs = services.assign(need=sought.needs.get(), resident=other.resident, by=system())
    services.seek_stand_in(slot=theirs, by=Actor(community_id=me.community_id, resident_id=other.resident_id))
    still = make.shift(joined, days=5)
    paths["volunteering/shifts/"] = {"number": still.number}
    paths["volunteering/shifts/<number>/needs/"] = {"number": still.number, "pk": still.needs.get().pk}
    paths["volunteering/shifts/<number>/slots/"] = {"number": digging.number, "pk": mine.pk}
    paths["volunteering/shifts/<number>/slots/<pk>/stand-in/"] = {"number": sought.number, "pk": theirs.pk}
    acts["POST volunteering/shifts/<number>/needs/<pk>/claims/"] = Act(by="resident", body={"sure": "1"})
    acts["POST volunteering/shifts/<number>/slots/<pk>/end/"] = Act(by="resident")
    acts["POST volunteering/shifts/<number>/slots/<pk>/search/"] = Act(by="resident")
    acts["POST volunteering/shifts/<number>/slots/<pk>/stand-in/"] = Act(by="resident", body={"sure": "1"})
    held = make.over(joined, me, days=3)
    paths["volunteering/shifts/<number>/slots/<pk>/hours/"] = {"number": held.shift.number, "pk": held.pk}
    acts["POST volunteering/shifts/<number>/slots/<pk>/hours/"] = Act(
        by="resident", body={"came": "09:00", "left": "10:30"}
    )
    rich, poor = make.volunteer("存了时间的").resident, make.resident("要人帮的")
    for resident in (me, rich):
        services.approve_hours(hours=[make.hours(joined, of=resident, days=9)], by=system())
    gift = services.give_time(giver=rich, receiver=poor, amount=30, by=system())
    paths[f"{bench}time/<pk>/"] = {"pk": gift.pk}
    given = {"whose": str(me.number), "number": str(poor.number), "name": poor.name, "minutes": "30", "sure": "1"}
    acts["POST volunteering/time/"] = Act(by="resident", body=given, repeats=True)
    both = {f"{field}{end}": said for field, one in (("giver", rich), ("receiver", poor)) for end, said in _who(one)}
    acts[f"POST {bench}time/"] = Act(by="staff", body={**both, "minutes": "30", "sure": "1"}, repeats=True)
    acts[f"POST {bench}time/<pk>/reversal/"] = Act(by="staff", body={"reason": "转错了"})
    for variant, organizer, by in (("", "", "staff"), (" @own", source_of(led), "leader")):
        team = make.team(f"服务队{variant}", organizer=organizer)
        member = make.volunteer("队员", skills=["meals"])
        newcomer = make.volunteer("新来的志愿者").resident
        place = services.add_member(team=team, resident=member.resident, by=system())
        paper = services.note_certificate(volunteer=member, kind="health", valid_until=soon, by=system())
        told = {"name": team.name, "purpose": "一起做事。", "organizer": organizer, "takes_members": "on"}
        here = f"{bench}teams/<number>/"
        paths[f"{bench}teams/{variant}"] = paths[f"api/volunteering/teams/{variant}"] = {
            "number": team.number,
            "pk": place.pk,
        }
        paths[f"{bench}volunteers/{variant}"] = {"pk": member.pk}
        paths[f"{bench}certificates/{variant}"] = {"pk": paper.pk}
        acts[f"POST {bench}new/{variant}"] = Act(by=by, body={**told, "name": f"新队{variant}"})
        acts[f"POST {here}details/{variant}"] = Act(by=by, body={**told, "purpose": "一起做好事。"})
        acts[f"POST {here}leader/{variant}"] = Act(by=by, body={**picked(newcomer), "sure": "1"})
        acts[f"POST {here}end/{variant}"] = Act(by=by, body={"reason": "人散了"})
        acts[f"POST {here}members/{variant}"] = Act(by=by, body=picked(newcomer))
        acts[f"POST {here}members/<pk>/end/{variant}"] = Act(by=by)
        certificate = {"kind": "first_aid", "valid_until": str(soon)}
        acts[f"POST {bench}volunteers/<pk>/certificates/{variant}"] = Act(by=by, body=certificate, repeats=True)
        acts[f"POST {bench}certificates/<pk>/end/{variant}"] = Act(by=by)
        shift = make.shift(team, days=3, wanted=3)
        taken = services.assign(need=shift.needs.get(), resident=member.resident, by=system())
        paths[f"{bench}shifts/{variant}"] = {"number": shift.number}
        paths[f"{bench}slots/{variant}"] = {"pk": taken.pk}
        planned = {
            "what": "量血压",
            "place": "坝子里",
            "day": str(soon),
            "begins": "09:00",
            "ends": "11:00",
            "role": "量血压",
            "wanted": "2",
        }
        acts[f"POST {here}shifts/new/{variant}"] = Act(by=by, body=planned, repeats=True)
        acts[f"POST {bench}shifts/<number>/end/{variant}"] = Act(by=by, body={"reason": "下大雨"})
        acts[f"POST {bench}shifts/<number>/people/{variant}"] = Act(by=by, body={**picked(newcomer), "task": "1"})
        acts[f"POST {bench}slots/<pk>/end/{variant}"] = Act(by=by)
        _hours(team, member, paths, acts, variant=variant, by=by)
    stranger = make.resident("来报名的")
    acts[f"POST {bench}volunteers/new/"] = Act(by="staff", body={**picked(stranger), "agreed": "on"})


def _who(one: Resident) -> Iterator[tuple[str, str]]:
    """Somebody who was picked: what the field sends."""
    for name, said in picked(one).items():
        yield name.removeprefix("who"), said


def _hours(team: Team, member: Volunteer, paths: Paths, acts: Acts, *, variant: str, by: str) -> None:
    """Shifts that are over: nothing noted, hours that wait, hours that count, somebody who did not come."""
    bench = "workbench/volunteering/"
    untold, waits, counts, missed = (make.over(team, member.resident, days=days) for days in (4, 5, 6, 7))
    (waiting,) = services.note_as_planned(shift=waits.shift, by=system())
    (counted,) = services.note_as_planned(shift=counts.shift, by=system())
    services.approve_hours(hours=[counted], by=system())
    services.note_missed(slot=missed, by=system())
    here, number = f"{bench}shifts/<number>/hours/", {"number": untold.shift.number}
    paths[f"{here}{variant}"] = paths[f"{here}planned/{variant}"] = number
    acts[f"POST {here}{variant}"] = Act(by=by, body={"came_1": "09:00", "left_1": "11:00"})
    acts[f"POST {here}planned/{variant}"] = Act(by=by)
    paths[f"{bench}slots/<pk>/return/{variant}"] = {"pk": missed.pk}
    acts[f"POST {bench}slots/<pk>/return/{variant}"] = Act(by=by)
    acts[f"POST {bench}teams/<number>/hours/approvals/{variant}"] = Act(by=by, body={"hours": str(waiting.pk)})
    paths[f"{bench}hours/{variant}"] = {"pk": waiting.pk}
    acts[f"POST {bench}hours/<pk>/refusal/{variant}"] = Act(by=by, body={"reason": "那天没来"})
    paths[f"{bench}hours/<pk>/reversal/{variant}"] = {"pk": counted.pk}
    acts[f"POST {bench}hours/<pk>/reversal/{variant}"] = Act(by=by, body={"reason": "记错了人"})
