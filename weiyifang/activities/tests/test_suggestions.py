"""A few activities that may fit, each with its reason; nothing of anybody's health."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from weiyifang.activities import services, suggesting
from weiyifang.activities.models import Method, Session
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
ME = "/c/nanhu/me/"


@pytest.fixture
def me(resident_of: Any) -> Resident:
    """Born in 1951."""
    found: Resident = resident_of("resident")
    return found


def came(one: Resident, title: str, kind: str) -> Session:
    session = make.session(days=0, hours=-1, title=title, kind=kind)
    services.check_in(session=session, resident=one, method=Method.ROSTER, by=system())
    return session


def told(*people_: Resident) -> list[tuple[str, str]]:
    """What is suggested to the first, who acts for the others: titles and reasons."""
    found = suggesting.suggested(people_, to=people_[0].pk)
    return [(one.session.activity.title, one.why) for one in found]


def test_the_like_of_what_one_came_to_is_suggested_with_its_reason(me: Resident) -> None:
    came(me, "书法班", "class")
    make.session(title="剪纸课", kind="class")
    make.session(title="赶集", kind="market")
    assert told(me) == [("剪纸课", "因为您参加过“书法班”")]


def test_what_is_for_elders_and_for_ones_grandchild_is_suggested_by_age(me: Resident) -> None:
    child = make.resident("小宝", born_on=date(clock.today().year - 6, 1, 1))
    make.session(title="重阳茶会", audience="elders")
    make.session(title="树叶书签", audience="children")
    make.session(title="大家都来", audience="everyone")
    assert told(me, child) == [("重阳茶会", "因为这是给老人办的"), ("树叶书签", "适合6岁的小宝")]


def test_nobody_is_suggested_what_they_have_came_to_or_cannot_get(me: Resident) -> None:
    came(me, "书法班", "class")
    make.enroll(make.session(title="已经报名", kind="class"), me)
    full = make.session(title="满了", kind="class", places=1)
    make.enroll(full)
    make.session(title="给孩子的", kind="class", audience="children")
    make.session(title="太远", kind="class", days=40)
    assert told(me) == []


def test_what_is_in_ones_own_compound_is_said_and_comes_first_among_its_like(me: Resident) -> None:
    assert me.household is not None
    home = me.household.compound
    came(me, "书法班", "class")
    for day, title in enumerate(("远一", "远二", "远三"), start=2):
        make.session(title=title, kind="class", days=day, place="多功能厅")
    make.session(title="近的课", kind="class", days=9, place=f"{home}坝子")
    make.session(title="院坝电影", kind="gala", days=3, place=f"{home}坝子")
    found = dict(told(me))
    assert found.keys() == {"远一", "远二", "近的课"}
    assert found["近的课"] == f"因为您参加过“书法班”，离家也近：就在{home}"


def test_what_is_near_home_is_suggested_for_that_alone_and_for_nobody_who_lives_elsewhere(me: Resident) -> None:
    assert me.household is not None
    make.session(title="院坝电影", kind="gala", place=f"{me.household.compound}坝子")
    grandson = make.resident("小宝", born_on=date(clock.today().year - 6, 1, 1))
    assert told(me, grandson) == [("院坝电影", f"因为离您家近，就在{me.household.compound}")]
    assert told(grandson) == []


def test_a_clinic_is_neither_suggested_nor_a_reason(me: Resident) -> None:
    came(me, "糖尿病义诊", "clinic")
    make.session(title="降压义诊", kind="clinic", audience="elders")
    assert told(me) == []


def test_whoever_switched_it_off_is_suggested_nothing_and_the_others_are(me: Resident, cast: dict[str, Actor]) -> None:
    child = make.resident("小宝", born_on=date(clock.today().year - 6, 1, 1))
    make.session(title="重阳茶会", audience="elders")
    make.session(title="树叶书签", audience="children")
    off = people.switch_suggestions(resident=me, wanted=False, by=cast["resident"])
    assert told(off, child) == [("树叶书签", "适合6岁的小宝")]
    assert told(off) == []


def test_the_page_says_it_and_the_switch_is_on_the_page_of_consents(client_of: ClientOf, me: Resident) -> None:
    browser = client_of("resident")
    make.session(title="重阳茶会", audience="elders")
    assert "因为这是给老人办的" in browser.get(ME).content.decode()
    browser.post(f"{ME}suggestions/{me.pk}/end/", {"_once": "1"})
    assert "重阳茶会" not in browser.get(ME).content.decode()
    assert "可以推荐" in browser.get(f"{ME}consents/").content.decode()
    browser.post(f"{ME}suggestions/{me.pk}/", {"_once": "2"})
    assert "重阳茶会" in browser.get(ME).content.decode()


def test_nobody_switches_for_somebody_they_do_not_act_for(client_of: ClientOf, resident_of: Any) -> None:
    other = resident_of("volunteer")
    assert client_of("resident").post(f"{ME}suggestions/{other.pk}/end/", {"_once": "1"}).status_code == 403
    assert Resident.objects.get(pk=other.pk).wants_suggestions
