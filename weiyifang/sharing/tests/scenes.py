"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.stage import Act, Acts, Cast, Paths, home_of
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization
from weiyifang.sharing import services
from weiyifang.sharing.forms import COMMITTEE, MYSELF
from weiyifang.sharing.models import Resource, Slot
from weiyifang.sharing.tests import make

TIME = {"day": "2026-10-20", "begins": "09:00", "ends": "10:30"}
CLOSED = {"first": "2026-11-02", "begins": "08:00", "last": "2026-11-03", "ends": "20:00", "reason": "刷墙"}


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """A room for everybody with a booking of the resident's; and of the committee and of the leader's one that asks."""
    room = make.resource("五楼排练厅", place="五楼")
    mine = make.book(room, resident=home_of(cast, "resident"), by=cast["resident"])
    paths["sharing/"] = paths["api/sharing/"] = {"number": room.number}
    paths["sharing/bookings/"] = paths["api/sharing/bookings/"] = {"pk": mine.pk}

    def wanted(who: str) -> dict[str, Any]:
        return {"whom": COMMITTEE if who in {"staff", "secretary"} else MYSELF, "purpose": "练歌", **TIME}

    acts["POST sharing/<number>/bookings/"] = Act(by="resident", body=wanted)
    acts["POST sharing/bookings/<pk>/time/"] = Act(by="resident", body={"scope": "this", **TIME})
    acts["POST sharing/bookings/<pk>/cancellation/"] = Act(by="resident", body={"scope": "this", "reason": "用不上了"})
    program = {"starts_at": "2026-10-21T09:00", "ends_at": "2026-10-21T10:00", "purpose": "练歌"}
    acts["POST api/sharing/<number>/bookings"] = Act(by="resident", body=program)
    moved = {"starts_at": "2026-10-22T09:00", "ends_at": "2026-10-22T10:00"}
    acts["POST api/sharing/bookings/<pk>/time"] = Act(by="resident", body=moved)
    acts["DELETE api/sharing/bookings/<pk>"] = Act(by="resident")
    _season(source_of(led), room, paths, acts)
    for variant, owner in (("", ""), (" @own", source_of(led))):
        _of_one_owner(cast, owner, variant, paths, acts)


def _of_one_owner(cast: Cast, owner: str, variant: str, paths: Paths, acts: Acts) -> None:
    by, bench = "leader" if owner else "staff", "workbench/sharing/"
    names = "书法社" if owner else "居委会"
    room = make.resource(f"{names}活动室", owner=owner, needs_approval=True)
    spare = make.resource(f"{names}旧音箱", owner=owner, kind="equipment")
    asks = [make.book(room, days=days, resident=home_of(cast, "resident"), by=cast["resident"]) for days in (1, 2, 3)]
    today = make.resource(f"{names}轮椅", owner=owner, kind="equipment", pieces=3)
    going, out, lost = (
        make.book(today, days=0, resident=home_of(cast, "resident"), by=cast["resident"]) for _ in "abc"
    )
    services.hand_over(booking=out, by=system())
    services.hand_over(booking=lost, by=system())
    services.take_back(booking=lost, pieces=0, missing=1, by=system())
    paths[f"{bench}<number>/found/{variant}"] = {"number": today.number}
    paths[f"{bench}bookings/<pk>/handover/{variant}"] = {"pk": going.pk}
    paths[f"{bench}bookings/<pk>/return/{variant}"] = {"pk": out.pk}
    acts[f"POST {bench}<number>/found/{variant}"] = Act(by=by, body={"pieces": 1})
    acts[f"POST {bench}bookings/<pk>/handover/{variant}"] = Act(by=by, body={"pieces": 1, "condition": "good"})
    acts[f"POST {bench}bookings/<pk>/return/{variant}"] = Act(
        by=by, body={"pieces": 1, "missing": 0, "condition": "worn"}
    )
    paths[f"api/sharing/bookings/<pk>/handover{variant}"] = {"pk": going.pk}
    paths[f"api/sharing/bookings/<pk>/return{variant}"] = {"pk": out.pk}
    acts[f"POST api/sharing/bookings/<pk>/handover{variant}"] = Act(by=by, body={"pieces": 1, "note": "脚轮要上油"})
    acts[f"POST api/sharing/bookings/<pk>/return{variant}"] = Act(by=by, body={"pieces": 0, "missing": 1})
    closure = services.close(
        resource=spare, starts_at=make.at(3, 8), ends_at=make.at(3, 20), reason="送修", by=system()
    )
    paths[f"{bench}{variant}"] = {"number": room.number}
    paths[f"{bench}<number>/lending/{variant}"] = {"number": spare.number}
    paths[f"{bench}bookings/{variant}"] = {"pk": asks[0].pk}
    paths[f"{bench}bookings/<pk>/refusal/{variant}"] = {"pk": asks[1].pk}
    paths[f"{bench}closures/{variant}"] = {"pk": closure.pk}
    acts[f"POST {bench}new/{variant}"] = Act(by=by, body=_details(f"{names}新投影仪", owner))
    acts[f"POST {bench}<number>/edit/{variant}"] = Act(by=by, body=_details(room.name, owner) | {"kind": "room"})
    acts[f"POST {bench}<number>/closures/{variant}"] = Act(by=by, body=CLOSED)
    acts[f"POST {bench}<number>/lending/{variant}"] = Act(by=by)
    acts[f"POST {bench}closures/<pk>/end/{variant}"] = Act(by=by)
    acts[f"POST {bench}bookings/<pk>/approval/{variant}"] = Act(by=by)
    acts[f"POST {bench}bookings/<pk>/refusal/{variant}"] = Act(by=by, body={"scope": "this", "reason": "那天要投票"})


def _season(led: str, room: Resource, paths: Paths, acts: Acts) -> None:
    """A season one can apply for, one whose applications are closed, and three that are shared out."""
    rounds, wish = "sharing/rounds/", make.wish(room, 6, 9, 10)
    opening = make.round_(room)
    mine = make.apply(opening, led, wish)
    with clock.at(clock.now() - timedelta(days=9)):
        closes_at = clock.local(clock.today() + timedelta(days=8), "00:00")
        rows = [make.round_(room, title=name, closes_at=closes_at) for name in ("甲", "乙", "丙", "丁")]
        closed, drawn, objected, settled = rows
        for one in rows:
            make.apply(one, led, wish)
    for one in (drawn, objected, settled):
        services.share_out(round_=one, by=system())
    slot, other = Slot.objects.get(round=objected), Slot.objects.get(round=settled)
    services.object_to(slot=other, reason="楼上要装修", by=system())
    paths[rounds] = {"number": opening.number, "pk": mine.pk}
    paths[f"{rounds}<number>/slots.json"] = {"number": objected.number}
    paths[f"workbench/{rounds}"] = {"number": drawn.number, "pk": slot.pk}
    paths[f"workbench/{rounds}<number>/sharing-out/"] = {"number": closed.number}
    paths[f"workbench/{rounds}<number>/end/"] = {"number": opening.number}
    typed = {"organization": led, "purpose": "练字", "slots": "1"}
    typed |= {"thing_1": str(room.number), "weekday_1": "5", "begins_1": "09:00", "ends_1": "11:00"}
    acts[f"POST {rounds}<number>/application/"] = Act(by="leader", body=typed)
    acts[f"POST {rounds}applications/<pk>/withdrawal/"] = Act(by="leader")
    program = {"organization": led, "purpose": "练字", "slots": 1}
    program["wishes"] = [{"thing": room.number, "weekday": 5, "begins": "09:00", "ends": "11:00"}]
    paths[f"api/{rounds}"] = {"number": opening.number, "pk": mine.pk}
    paths[f"api/{rounds}slots/"] = {"pk": other.pk}
    acts[f"POST api/{rounds}<number>/applications"] = Act(by="leader", body=program)
    acts[f"DELETE api/{rounds}applications/<pk>"] = Act(by="leader")
    acts[f"POST api/{rounds}slots/<pk>/objection"] = Act(by="staff", body={"reason": "楼下有早产的宝宝"})
    acts[f"DELETE api/{rounds}slots/<pk>/objection"] = Act(by="staff")
    season = {"title": "寒假", "first_day": "2026-12-01", "last_day": "2026-12-31", "closes_on": "2026-11-20"}
    opened = season | {"resources": [str(room.number)]}
    acts[f"POST workbench/{rounds}new/"] = Act(by="staff", body=opened, repeats=True)
    acts[f"POST workbench/{rounds}<number>/sharing-out/"] = Act(by="staff")
    acts[f"POST workbench/{rounds}<number>/bookings/"] = Act(by="staff")
    acts[f"POST workbench/{rounds}<number>/end/"] = Act(by="staff", body={"reason": "场地要装修"})
    acts[f"POST workbench/{rounds}slots/<pk>/objection/"] = Act(by="staff", body={"reason": "楼下有早产的宝宝"})


def _details(name: str, owner: str) -> dict[str, Any]:
    """What a form about a thing sends."""
    return {
        "name": name,
        "kind": "equipment",
        "owner": owner,
        "seats": 0,
        "pieces": 1,
        "weekdays": list("12345"),
        "opens": "09:00",
        "closes": "18:00",
        "buffer_before": 0,
        "buffer_after": 15,
        "borrowers": "everyone",
    }
