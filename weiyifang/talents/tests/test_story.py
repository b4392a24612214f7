"""A photographer who helps, teaches and is asked: one person, one calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from weiyifang.activities.tests import make as activity
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization
from weiyifang.people import queries as people_read
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.talents import verify
from weiyifang.talents.models import Talent, TalentRequest
from weiyifang.talents.tests import make
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.services import Taken
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.tests import make as helping

pytestmark = pytest.mark.usefixtures("here")
HOME = "/c/nanhu/talents/"


def said(response: Any) -> str:
    return str(response.content.decode())


def test_a_photographer_asked_as_a_talent(
    client_of: ClientOf,
    cast: dict[str, Actor],
    choir: Organization,
    resident_of: Callable[[str], Resident],
) -> None:
    me, photographer, leader = resident_of("resident"), client_of("resident"), client_of("leader")
    make.words()
    team = helping.team("摄友之家服务队")
    volunteering.add_member(team=team, resident=helping.volunteer(of=me).resident, by=cast["staff"])
    shift = helping.shift(team, days=4)  # nine to eleven
    volunteering.claim(need=shift.needs.get(), by=cast["resident"])
    lesson = activity.session(days=5, title="手机摄影课", instructor=me)

    listed = {"what": "给老人拍照", "topics": ["photos"], "takes_requests": "on", "agreed": "on", "_once": "1"}
    page = photographer.post(f"{HOME}me/", listed)["Location"]
    assert "给老人拍照" in said(leader.get("/c/nanhu/workbench/talents/", {"topic": "photos"}))

    def ask(day: str, begins: str, ends: str, once: str) -> str:
        typed = {
            "of": source_of(choir),
            "what": "拍演出照",
            "place": "大礼堂",
            "day": day,
            "begins": begins,
            "ends": ends,
        }
        found: str = leader.post(f"{page}requests/", {**typed, "gives_phone": "on", "_once": once})["Location"]
        return found

    helps = ask(str(make.at(4).date()), "10:00", "12:00", "2")
    mine = Talent.objects.get()
    teaches = make.request(mine, make.resident("来请人的"), starts_at=lesson.starts_at, ends_at=lesson.ends_at)
    for address, what, once in ((helps, "送午饭", "3"), (f"{HOME}requests/{teaches.pk}/", "手机摄影课", "4")):
        busy = photographer.post(f"{address}acceptance/", {"_once": once})
        assert (busy.status_code, what in said(busy)) == (422, True)
    photographer.post(f"{helps}refusal/", {"answer": "那天送饭，下午可以", "_once": "5"})
    assert "下午可以" in said(leader.get(helps))
    free = ask(str(make.at(4).date()), "14:00", "16:00", "6")
    photographer.post(f"{free}acceptance/", {"answer": "好", "gives_phone": "on", "_once": "7"})
    assert f"tel:{people_read.number_to_ring(me)}" in said(leader.get(free))
    with pytest.raises(Taken):  # what was promised stands in the way of the next shift
        volunteering.claim(need=helping.shift(team, days=4, at="15:00").needs.get(), sure=True, by=cast["resident"])

    with clock.at(make.at(4, "17:00")):
        photographer, leader = client_of("resident"), client_of("leader")  # signed in anew
        leader.post(f"{free}thanks/", {"words": "每个人都拍到了", "_once": "8"})
        thanks = TalentRequest.objects.get(state="accepted").thanks.get()
        photographer.post(f"{HOME}thanks/{thanks.pk}/showing/", {"_once": "9"})
        shown = said(client_of("volunteer").get(page))
        assert "每个人都拍到了" in shown
        assert choir.name in shown
        photographer.post(f"{HOME}me/end/", {"_once": "10"})
        assert client_of("volunteer").get(page).status_code == 404
    assert Allocation.objects.live().filter(subject_id=me.pk, during__contains=shift.starts_at + timedelta(hours=1))
    assert verify.check() == []
