"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tests.stage import TODAY, Act, Acts, Cast, Paths, home_of, picked
from weiyifang.core import clock, signed
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident
from weiyifang.volunteering import services
from weiyifang.volunteering.models import Slot, Team, Volunteer
from weiyifang.volunteering.tests import make
from weiyifang.volunteering.views_papers import THANKS


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
    _children(cast, me, paths, acts)
    digging = make.shift(joined, days=2)
    mine = services.claim(need=digging.needs.get(), by=cast["resident"])
    other = make.volunteer("另一个护绿的")
    services.add_member(team=joined, resident=other.resident, by=system())
    sought = make.shift(joined, days=4)
    theirs = services.assign(need=sought.needs.get(), resident=other.resident, by=system())
    services.seek_stand_in(slot=theirs, by=Actor(community_id=me.community_id, resident_id=other.resident_id))
    still = make.shift(joined, days=5)
    paths["volunteering/shifts/<number>/needs/"] = {"number": still.number, "pk": still.needs.get().pk}
    paths["volunteering/shifts/<number>/slots/"] = {"number": digging.number, "pk": mine.pk}
    paths["volunteering/shifts/<number>/slots/<pk>/stand-in/"] = {"number": sought.number, "pk": theirs.pk}
    acts["POST volunteering/shifts/<number>/needs/<pk>/claims/"] = Act(by="resident", body={"sure": "1"})
    acts["POST volunteering/shifts/<number>/slots/<pk>/end/"] = Act(by="resident")
    acts["POST volunteering/shifts/<number>/slots/<pk>/search/"] = Act(by="resident")
    acts["POST volunteering/shifts/<number>/slots/<pk>/stand-in/"] = Act(by="resident", body={"sure": "1"})
    paths["volunteering/shifts/"] = {"number": _swaps(joined, cast, other, paths, acts)}
    _help(joined, cast, other, paths, acts)
    paths["api/volunteering/shifts/"] = {"number": still.number, "pk": still.needs.get().pk}
    acts["POST api/volunteering/shifts/<number>/needs/<pk>/claims"] = Act(by="resident", body={"sure": True})
    held_on = services.claim(need=make.shift(joined, days=20).needs.get(), sure=True, by=cast["resident"])
    paths["api/volunteering/slots/"] = {"pk": held_on.pk}
    acts["DELETE api/volunteering/slots/<pk>"] = Act(by="resident")
    there = make.over(joined, me, days=13)
    paths["api/volunteering/slots/<pk>/hours"] = {"pk": there.pk}
    was = {"came_at": there.shift.starts_at.isoformat(), "left_at": there.shift.ends_at.isoformat()}
    acts["POST api/volunteering/slots/<pk>/hours"] = Act(by="resident", body=was)
    held = make.over(joined, me, days=3)
    paths["volunteering/shifts/<number>/slots/<pk>/hours/"] = {"number": held.shift.number, "pk": held.pk}
    acts["POST volunteering/shifts/<number>/slots/<pk>/hours/"] = Act(
        by="resident", body={"came": "09:00", "left": "10:30"}
    )
    rich, poor = make.volunteer("存了时间的").resident, make.resident("要人帮的")
    other_hours, own_hours = (make.hours(joined, of=resident, days=9) for resident in (rich, me))
    services.approve_hours(hours=[other_hours, own_hours], by=system())
    paths["volunteering/hours/<pk>/card/"] = {"pk": own_hours.pk}
    paths["volunteering/cards/"] = {"code": signed.code(THANKS, own_hours.pk)}
    sheet = services.issue_paper(resident=me, year=(TODAY - timedelta(days=10)).year, by=system())
    paths["volunteering/papers/"] = paths[f"{bench}papers/"] = {"number": sheet.number}
    paths["volunteering/papers/check/"] = {"code": sheet.code}
    year_of = {"of": f"{me.number}-{sheet.year}"}
    acts["POST volunteering/papers/"] = Act(by="resident", body=year_of, repeats=True)
    paths[f"{bench}volunteers/<pk>/papers/"] = {"pk": Volunteer.objects.active().get(resident=me).pk}
    acts[f"POST {bench}volunteers/<pk>/papers/"] = Act(by="staff", body=year_of, repeats=True)
    gift = services.give_time(giver=rich, receiver=poor, amount=30, by=system())
    paths[f"{bench}time/<pk>/"] = {"pk": gift.pk}
    given = {"whose": str(me.number), "number": str(poor.number), "name": poor.name, "minutes": "30", "sure": "1"}
    acts["POST volunteering/time/"] = Act(by="resident", body=given, repeats=True)
    services.name_heir(giver=make.resident("留时间的"), receiver=poor, by=system())
    named = {"whose": str(me.number), "number": str(poor.number), "name": poor.name}
    acts["POST volunteering/time/heir/"] = Act(by="resident", body=named)
    both = {f"{field}{end}": said for field, one in (("giver", rich), ("receiver", poor)) for end, said in _who(one)}
    acts[f"POST {bench}time/"] = Act(by="staff", body={**both, "minutes": "30", "sure": "1"}, repeats=True)
    acts[f"POST {bench}time/heirs/"] = Act(by="staff", body=both)
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
        changed = {**planned, "place": "二楼", "scope": "this", "wanted": "3", "sure": "1"}
        acts[f"POST {bench}shifts/<number>/details/{variant}"] = Act(by=by, body=changed)
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


def _swaps(team: Team, cast: Cast, other: Volunteer, paths: Paths, acts: Acts) -> int:
    """Somebody looks for a stand-in; so does the resident, and is offered a swap: in the shift whose number returns."""
    slots, oneself = "volunteering/shifts/<number>/slots/<pk>/", cast["resident"]
    theirs = Actor(community_id=other.community_id, resident_id=other.resident_id)

    def taken(days: int, by: Actor) -> Slot:
        return services.claim(need=make.shift(team, days=days).needs.get(), sure=True, by=by)

    mine, wanted, offered, given = taken(15, oneself), taken(16, theirs), taken(17, theirs), taken(18, oneself)
    services.seek_stand_in(slot=mine, by=oneself)
    services.seek_stand_in(slot=wanted, by=theirs)
    services.offer_swap(slot=mine, instead=offered, by=theirs)
    services.offer_swap(slot=wanted, instead=given, by=oneself)
    for end, slot in (
        ("search/end/", mine),
        ("colleague/", given),
        ("offers/", wanted),
        ("swap/", offered),
        ("swap/end/", given),
    ):
        paths[f"{slots}{end}"] = {"number": slot.shift.number, "pk": slot.pk}
    acts[f"POST {slots}search/end/"] = Act(by="resident")
    acts[f"POST {slots}colleague/"] = Act(by="resident", body={"name": other.resident.name})
    acts[f"POST {slots}offers/"] = Act(by="resident", body={"instead": str(mine.shift.number), "sure": "1"})
    acts[f"POST {slots}swap/"] = Act(by="resident", body={"sure": "1"})
    acts[f"POST {slots}swap/end/"] = Act(by="resident")
    return int(mine.shift.number)


def _children(cast: Cast, me: Resident, paths: Paths, acts: Acts) -> None:
    """Two minors whose guardian the cast's resident is: one helps, one could."""
    helps, could = (make.resident(name, date(TODAY.year - 15, 1, 1)) for name in ("小陈", "小桂"))
    for child in (helps, could):
        people.relate(resident=child, helper=me, kind=RelationKind.GUARDIAN, by=cast["staff"])
    make.words()
    signed = services.sign_up(resident=helps, agreed=True, by=cast["resident"])
    paths["volunteering/children/"] = {"pk": signed.pk}
    acts["POST volunteering/children/"] = Act(by="resident", body={"child_number": str(could.number), "agreed": "on"})
    acts["POST volunteering/children/<pk>/end/"] = Act(by="resident")


def _help(team: Team, cast: Cast, other: Volunteer, paths: Paths, acts: Acts) -> None:
    """The resident asked for help; a neighbour's request is open, one the resident does, and one is just over."""
    me, here, bench = home_of(cast, "resident"), "volunteering/help/<number>/", "workbench/volunteering/help/"
    theirs = Actor(community_id=other.community_id, resident_id=other.resident_id)
    asked, open_ = make.help_for(me, days=8), make.help_for(other.resident, days=9)
    with clock.at(clock.now() - timedelta(days=1)):
        done = make.help_for(me, days=1, at="08:00")
        services.take_request(request=done, team=team, sure=True, by=theirs)
    taken = make.help_for(make.resident("腿脚不便的"), days=11)
    services.take_request(request=taken, team=team, by=cast["resident"])
    paths["volunteering/help/"] = {"number": asked.number}
    paths[f"{here}taking/"] = {"number": open_.number}
    paths[f"{here}address/"] = {"number": taken.number}
    paths[f"{here}done/"] = {"number": done.number}
    paths[bench] = {"number": open_.number}
    day = str(TODAY + timedelta(days=6))
    kind = {"kind": "shopping", "day": day, "begins": "9:00", "ends": "10:00", "place": "家里"}
    acts["POST volunteering/help/"] = Act(by="resident", body={**kind, "whose": str(me.number)}, repeats=True)
    acts[f"POST {here}taking/"] = Act(by="resident", body={"team": str(team.number), "sure": "1"})
    acts[f"POST {here}address/"] = Act(by="resident", repeats=True)
    acts[f"POST {here}done/"] = Act(by="resident")
    acts[f"POST {here}withdrawal/"] = Act(by="resident")
    acts[f"POST {bench}"] = Act(by="staff", body={**kind, **picked(other.resident), "sure": "1"}, repeats=True)
    acts[f"POST {bench}<number>/team/"] = Act(by="staff", body={"team": str(team.number)})
    acts[f"POST {bench}<number>/end/"] = Act(by="staff", body={"reason": "问了一圈都没空"})


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
