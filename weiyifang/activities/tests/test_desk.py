"""Enrolling for somebody who calls, and finding people at the door."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from weiyifang.activities import queries
from weiyifang.activities.models import Enrollment, EnrollmentState
from weiyifang.activities.tests import make
from weiyifang.core import timeline
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
BENCH = "/c/nanhu/workbench/activities/"


def body(response: Any) -> str:
    return str(response.content.decode())


def home(number: int) -> people.Door:
    return people.Door("三号院", str(number), "1", "5-1")


def test_staff_enrol_a_caller_and_the_timeline_says_who_did(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    session = make.session(places=5, party_size=3)
    caller = make.resident("文秀兰")
    staff = client_of("staff")
    assert f"{BENCH}1/1/enrollments/" in body(staff.get(f"{BENCH}1/"))
    sent = {"who": "文秀兰", "places": "2", "note": "坐轮椅"}
    assert staff.post(f"{BENCH}1/1/enrollments/", sent).headers["Location"] == f"{BENCH}1/1/"
    made = Enrollment.objects.get()
    assert (made.resident, made.places, made.note, made.state) == (caller, 2, "坐轮椅", EnrollmentState.CONFIRMED)
    assert make.pool(session).taken == 2
    told = timeline.of(source_of(made))[0]
    assert (told.actor_account_id, told.values["resident_id"]) == (cast["staff"].account_id, str(caller.pk))
    assert made.code in body(staff.get(f"{BENCH}1/1/"))


def test_from_a_residents_page_the_person_is_chosen_already(client_of: ClientOf) -> None:
    make.session(title="剪纸", places=5)
    make.session(title="坝坝茶", places=0)
    for number in range(3):
        make.resident("文秀兰", address=home(number))
    caller = Resident.objects.filter(name="文秀兰").order_by("number")[1]
    staff = client_of("staff")
    way = f"{BENCH}for/{caller.number}/"
    assert way in body(staff.get(f"/c/nanhu/workbench/residents/{caller.number}/"))
    dates = body(staff.get(way))
    assert "剪纸" in dates
    assert "坝坝茶" not in dates  # there one just comes
    assert "剪纸" not in body(staff.get(f"{way}?q=没有这个"))
    page = body(staff.get(f"{BENCH}1/1/enrollments/?for={caller.number}"))
    assert re.search(rf'name="who_is" value="{caller.number}" checked', page)
    hidden = dict(re.findall(r'name="(who\w*)" value="([^"]*)"', page)) | {"who": "文秀兰", "places": "1"}
    assert staff.post(f"{BENCH}1/1/enrollments/", hidden).status_code == 302
    assert Enrollment.objects.get().resident == caller


def test_the_refusals_at_the_desk_are_those_everybody_hears_and_what_was_typed_stays(client_of: ClientOf) -> None:
    session = make.session(places=1, min_age=60)
    young = make.resident("太年轻", born_on=date(2000, 1, 1))
    staff = client_of("staff")
    refused = staff.post(f"{BENCH}1/1/enrollments/", {"who": "太年轻", "places": "1", "note": "带孩子"})
    assert refused.status_code == 422
    assert f"{young.name}" in body(refused)
    assert 'value="带孩子"' in body(refused)
    make.enroll(session, make.resident("第一位"))
    full = staff.post(f"{BENCH}1/1/enrollments/", {"who": "第一位", "places": "1"})
    assert full.status_code == 422
    make.resident("晚来的")
    full = staff.post(f"{BENCH}1/1/enrollments/", {"who": "晚来的", "places": "1"})
    assert full.status_code == 422
    assert 'name="queue" value="1"' in body(full)
    assert staff.post(f"{BENCH}1/1/enrollments/", {"who": "晚来的", "places": "1", "queue": "1"}).status_code == 302
    assert Enrollment.objects.get(resident__name="晚来的").state == EnrollmentState.WAITING
    assert staff.post(f"{BENCH}1/1/enrollments/", {"who": "晚来的", "places": "99"}).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("volunteer", 403), ("accountant", 403), ("resident", 403), ("leader", 403)]
)
def test_who_enrols_nobody_else_does_not_open_it(client_of: ClientOf, who: str, status: int) -> None:
    make.session()
    assert client_of(who).get(f"{BENCH}1/1/enrollments/").status_code == status  # the leader: not their organization


def test_a_leader_finds_whole_names_only_and_sees_nobody_by_number_in_the_address(
    client_of: ClientOf, leader_of: str
) -> None:
    make.session(organizer=leader_of)
    person = make.resident("诸葛小明")
    leader = client_of("leader")
    assert "诸葛" not in body(leader.get(f"{BENCH}1/1/enrollments/?for={person.number}"))
    assert leader.get(f"{BENCH}for/{person.number}/").status_code == 403
    partly = leader.post(f"{BENCH}1/1/enrollments/", {"who": "小明", "places": "1"})
    assert partly.status_code == 422
    assert "诸葛" not in body(partly)
    assert leader.post(f"{BENCH}1/1/enrollments/", {"who": "诸葛小明", "places": "1"}).status_code == 302


@pytest.mark.parametrize("number", ["x", "99999999999999999999", "-1", "０"])
def test_nonsense_in_the_address_asks_who_it_is(client_of: ClientOf, number: str) -> None:
    make.session()
    assert client_of("staff").get(f"{BENCH}1/1/enrollments/", {"for": number}).status_code == 200


def test_who_calls_that_they_do_not_come_gives_back_after_one_more_question(client_of: ClientOf) -> None:
    session = make.session(places=1)
    seat = make.enroll(session, make.resident("文秀兰"))
    turn = make.wait(session, make.resident("等着的"))
    staff, page = client_of("staff"), f"{BENCH}enrollments/{seat.pk}/cancellation/"
    assert page in body(staff.get(f"{BENCH}1/1/"))
    assert page not in body(client_of("volunteer").get(f"{BENCH}1/1/"))
    asked = staff.post(page)
    assert (asked.status_code, "文秀兰" in body(asked), 'name="sure"' in body(asked)) == (200, True, True)
    assert staff.post(page, {"change": "1"}).headers["Location"] == f"{BENCH}1/1/"
    assert make.pool(session).taken == 1
    assert staff.post(page, {"sure": "1"}).headers["Location"] == f"{BENCH}1/1/"
    seat.refresh_from_db()
    assert seat.state == EnrollmentState.CANCELLED
    assert staff.post(page, {"sure": "1"}).status_code == 404
    gone = staff.post(f"{BENCH}enrollments/{turn.pk}/cancellation/", {"sure": "1"})
    turn.refresh_from_db()
    assert (gone.status_code, turn.state) == (302, EnrollmentState.CANCELLED)


# --- at the door ------------------------------------------------------------------------------------------------


def test_a_name_that_several_have_shows_who_is_on_the_list_and_keeps_what_was_typed(client_of: ClientOf) -> None:
    session = make.session(days=0, hours=1, places=9)
    for number in range(4):
        make.resident("文秀兰", address=home(number))
    expected = Resident.objects.filter(name="文秀兰").order_by("number")[2]
    make.enroll(session, expected)
    door, volunteer = f"{BENCH}1/1/attendances/", client_of("volunteer")
    asked = volunteer.post(door, {"who": "文秀兰"})
    assert asked.status_code == 422
    html = body(asked)
    assert html.count('name="who_is"') == 4
    assert html.count("在名单上 · ") == 1
    assert 'name="who" value="文秀兰"' in html
    assert queries.attendances() == 0
    sent = {"who": "文秀兰", "who_among": "文秀兰", "who_is": str(expected.number)}
    assert volunteer.post(door, sent).status_code == 302
    assert queries.attendances() == 1


def test_a_number_typed_at_the_door_is_asked_about_first(client_of: ClientOf) -> None:
    make.session(days=0, hours=1, places=9)
    person = make.resident("文秀兰")
    door, volunteer = f"{BENCH}1/1/attendances/", client_of("volunteer")
    asked = volunteer.post(door, {"who": str(person.number)})
    assert asked.status_code == 422
    assert f"{person.number} · 文秀兰" in body(asked)
    assert queries.attendances() == 0


def test_the_door_page_begins_with_the_list(client_of: ClientOf) -> None:
    session = make.session(days=0, hours=1, places=9)
    make.enroll(session, make.resident("文秀兰"))
    html = body(client_of("staff").get(f"{BENCH}1/1/"))
    called_off = f"{BENCH}1/1/cancellation/"
    order = [html.index(words) for words in ("文秀兰", 'id="scan"', 'id="walk-in"', called_off)]
    assert order == sorted(order)
    assert 'class="card kpi' not in html[: order[0]]


def test_what_was_typed_into_any_form_of_the_door_stays_when_it_is_refused(client_of: ClientOf) -> None:
    make.session(days=0, hours=1, places=9)
    for name, typed in (("code", "123123"), ("who", "没有这个人"), ("people", "2001")):
        answer = client_of("volunteer").post(f"{BENCH}1/1/attendances/", {name: typed})
        assert answer.status_code == 422
        assert re.search(rf'name="{name}"[^>]*value="{typed}"|value="{typed}"[^>]*name="{name}"', body(answer)), name


def test_nothing_is_published_as_the_main_act_before_there_is_a_date(client_of: ClientOf) -> None:
    of = make.activity()

    def button() -> str:
        page = body(client_of("staff").get(f"{BENCH}1/"))
        after = page[page.index("publication/") :]
        return after[after.index("<button") : after.index("</button>")]

    assert "primary" not in button()
    make.date_of(of)
    assert "primary" in button()
