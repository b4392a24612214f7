"""Stories that go through several packages, told through the pages.

A choir from booking its room to the split of what its show brought: `weiyifang/stage/tests/test_pages.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from tests.story import Somebody
from weiyifang.activities import codes
from weiyifang.activities import tasks as activities
from weiyifang.activities.models import Enrollment
from weiyifang.activities.tests import make as activity
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.governance import verify
from weiyifang.organizations.tests.conftest import choir, leader_of
from weiyifang.people import services as people
from weiyifang.people.models import Account, Resident
from weiyifang.talents.tests import make as talents
from weiyifang.volunteering.tests import make as volunteers

__all__ = ["choir", "leader_of"]  # the fixtures: what the cast's leader leads is there
pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def somebody(accounts: dict[str, Account]) -> Callable[[str], Somebody]:
    return lambda key: Somebody(accounts[key])


def newcomer(name: str, born_on: date, phone: str) -> tuple[Resident, Account]:
    """Somebody on the register with an account of their own."""
    one = people.register_resident(name=name, born_on=born_on, phone=phone, by=system())
    account = people.make_account(
        username=f"a{phone[-4:]}", name=name, phone=phone, phone_verified=True, password_hash="!"
    )
    people.link_account(resident=one, account=account, by=system())
    return one, account


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.local(day, time(hour, minute))


def kept() -> None:
    assert [fault for _name, faults in verify.run() for fault in faults] == []


def test_a_grandmother_is_enrolled_by_her_daughter_and_comes(somebody: Callable[[str], Somebody]) -> None:
    """The proxy, the ticket, the reminder, the door, the pupil's card and the paper."""
    today = clock.today()
    with clock.at(at(today, 10)):
        grandmother = people.register_resident(name="秦婆婆", born_on=date(1944, 3, 8), by=system())
        _daughter, account = newcomer("秦敏", date(1972, 5, 1), "199 0000 9101")
        term = activity.session(days=2, hours=4, title="书法班", mode="term", places=5, fee_fen=2500).activity
        staff, daughter, helper = somebody("staff"), Somebody(account), somebody("volunteer")
        staff.open(f"workbench/residents/{grandmother.number}/relations/")
        staff.send("relations/", who="秦敏", kind="proxy")
        daughter.open(f"activities/{term.number}/1/")
        said = daughter.send("enrollments/", who=str(grandmother.pk))
        assert "秦婆婆" in said
        mine = Enrollment.objects.get(resident=grandmother)
        assert mine.enrolled_by_id == account.pk, "she did it, for her mother"
        assert mine.code in daughter.open(f"activities/{term.number}/1/enrollments/")
    with clock.at(at(today + timedelta(days=1), 18)):
        activities.remind()
        daughter.come_back()
        assert "秦婆婆" in daughter.open("me/messages/")
    with clock.at(at(today + timedelta(days=2), 14, 5)):
        helper.come_back()
        assert "秦婆婆" in helper.open(f"activities/tickets/{codes.ticket(mine)}/")
        helper.send("/", people="1")
    with clock.at(at(today + timedelta(days=3), 10)):
        daughter.come_back()
        assert "25.00" in daughter.open(f"activities/enrollments/{mine.pk}/card/")
        paper = daughter.open(f"activities/enrollments/{mine.pk}/certificate/")
        assert "秦婆婆" in paper
        shown = Somebody(None).open(f"activities/certificates/{codes.certificate(mine)}/")
        assert "秦**" in shown
        assert "秦婆婆" not in shown, "who holds the paper compares; nobody else learns the name"
    kept()


def test_a_volunteers_month(somebody: Callable[[str], Somebody]) -> None:
    """Signed up with a skill, in a team; a shift, a swap, hours another approved; the paper, the roll of honour."""
    today = clock.today()
    with clock.at(at(today - timedelta(days=20), 10)):
        volunteers.words()
        team = volunteers.team("送餐队")
        first, second = volunteers.shift(team, days=3, wanted=1), volunteers.shift(team, days=5, wanted=1)
        me, other = somebody("resident"), somebody("volunteer")
        for one in (me, other):
            one.open("volunteering/me/")
            one.send("me/", skills=["meals"], times=["weekday_day"], is_named="on", agreed="on")
            one.open(f"volunteering/teams/{team.number}/")
            one.send("membership/")
        me.open(f"volunteering/shifts/{first.number}/")
        me.send("claims/")
        other.open(f"volunteering/shifts/{second.number}/")
        other.send("claims/")
        me.open(f"volunteering/shifts/{first.number}/")
        me.send("search/")
        other.open(f"volunteering/shifts/{first.number}/")
        other.open(other.link("/offers/"))
        other.send("offers/", instead=str(second.number))
        me.open(f"volunteering/shifts/{first.number}/")
        me.send("swap/")
        assert second.what in me.open("volunteering/shifts/")
    with clock.at(at(today - timedelta(days=14), 12)):
        me.come_back()
        me.open(f"volunteering/shifts/{second.number}/")
        me.open(me.link("/hours/"))
        me.send("hours/", came="9:00", left="11:00")
    with clock.at(at(today - timedelta(days=13), 12)):
        staff = somebody("staff")
        staff.open(f"workbench/volunteering/teams/{team.number}/hours/")
        staff.send("approvals/")
        me.come_back()
        assert "2 小时" in me.open("volunteering/hours/")
        me.open("volunteering/papers/")
        year = (today - timedelta(days=15)).year
        paper = me.send("papers/", year=str(year))
        assert "陈桂芳" in paper
        assert "陈桂芳" in Somebody(None).open("volunteering/honour/")
    kept()


def test_a_photographer_is_asked_as_a_talent_and_thanked(somebody: Callable[[str], Somebody]) -> None:
    """Found by a word, asked with the number hidden, accepted; thanked in public once both agree."""
    today = clock.today()
    day = today + timedelta(days=2)
    with clock.at(at(today, 10)):
        talents.words()
        photographer, neighbour = somebody("volunteer"), somebody("resident")
        photographer.open("talents/me/")
        photographer.send(
            "me/", what="给老人拍照", words="摄友之家的", topics=["photos"], takes_requests="on", agreed="on"
        )
        assert "给老人拍照" in neighbour.open("talents/?q=拍照")
        neighbour.open(neighbour.link("/talents/1/"))
        neighbour.open(neighbour.link("/talents/1/requests/"))
        neighbour.send(
            "requests/", what="给奶奶拍生日照", day=str(today + timedelta(days=2)), begins="9:00", ends="11:00"
        )
        request = neighbour.address
        assert "9002" not in photographer.open(request)
        photographer.send("acceptance/", answer="好的，带上奶奶喜欢的衣服。")
        said = neighbour.open(request)
        assert "带上奶奶喜欢的衣服" in said
        assert "9002" not in said, "the number stays hidden unless it is given"
    with clock.at(at(day, 12)):
        for one in (photographer, neighbour):
            one.come_back()
        neighbour.open(request)
        neighbour.send("thanks/", words="拍得真好，奶奶笑了一天。", is_named="on")
        assert "奶奶笑了一天" not in neighbour.open("talents/1/")
        photographer.open(request)
        photographer.send("showing/")
        assert "奶奶笑了一天" in neighbour.open("talents/1/")
    kept()
