"""The list of activities, one like another, and how the dates went."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from weiyifang.activities import queries, services
from weiyifang.activities.models import Activity, Method
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
BENCH = "/c/nanhu/workbench/activities/"


def body(response: Any) -> str:
    return str(response.content.decode())


def titles(page: Any) -> list[str]:
    """The activities in the table, in order."""
    table = body(page).partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'<th\s+scope="row"><a\s[^>]*>([^<]+)</a>', table)


def counts(page: Any) -> list[int]:
    chips = body(page).partition('class="chips"')[2].partition("</nav>")[0]
    return [int(n) for n in re.findall(r'<span class="num">(\d+)</span>', chips)]


@pytest.fixture
def mixed(here: object) -> None:
    """One far away, one soon, one over, one called off, a draft: made in an order that is not theirs."""
    over = make.session(title="办过了的", days=1)
    with clock.at(over.ends_at + timedelta(hours=1)):
        services.hold_session(session=over, by=system())
        services.finish(activity=over.activity, by=system())
    make.session(title="还早的", days=9)
    make.session(title="就要办的", days=2)
    make.activity(title="还在写的")
    services.cancel(activity=make.session(title="取消了的").activity, reason="下雨", by=system())


@pytest.mark.usefixtures("mixed")
def test_what_is_to_come_stands_first_and_what_is_over_behind_a_view_with_its_count(client_of: ClientOf) -> None:
    staff = client_of("staff")
    first = staff.get(BENCH)
    assert titles(first) == ["就要办的", "还早的"]
    assert counts(first) == [2, 1, 1, 1, 5]
    assert titles(staff.get(BENCH, {"view": "over"})) == ["办过了的"]
    assert titles(staff.get(BENCH, {"view": "off"})) == ["取消了的"]
    assert titles(staff.get(BENCH, {"view": "drafts"})) == ["还在写的"]
    assert titles(staff.get(BENCH, {"view": "nonsense"})) == ["就要办的", "还早的"]
    found = staff.get(BENCH, {"q": "办过"})  # a search looks everywhere
    assert (titles(found), counts(found)) == (["办过了的"], [0, 0, 1, 0, 1])


def test_one_like_another_is_filled_in_without_its_dates(client_of: ClientOf, leader_of: str) -> None:
    session = make.session(title="剪纸", places=7, party_size=2, fee_fen=1_500, summary="一张红纸")
    other = make.session(title="社里的", organizer=leader_of)
    staff, leader = client_of("staff"), client_of("leader")
    assert f"new/?like={session.activity.number}" in body(staff.get(f"{BENCH}{session.activity.number}/"))
    page = body(staff.get(f"{BENCH}new/", {"like": str(session.activity.number)}))
    for value in ("剪纸", "一张红纸", "15"):
        assert f'value="{value}"' in page
    assert Activity.objects.count() == 2  # looking is not planning
    assert leader.get(f"{BENCH}new/", {"like": str(session.activity.number)}).status_code == 403
    assert "社里的" in body(leader.get(f"{BENCH}new/", {"like": str(other.activity.number)}))
    for nonsense in ("x", "999999999999", "-1", "１２３４５６"):
        assert staff.get(f"{BENCH}new/", {"like": nonsense}).status_code == 200


def test_planning_asks_in_groups_and_says_when_the_queue_ends(client_of: ClientOf) -> None:
    page = body(client_of("staff").get(f"{BENCH}new/"))
    order = [page.index(f"<h2>{title}</h2>") for title in ("办什么", "在哪里，谁来办", "谁能来", "位子和候补", "费用")]
    assert order == sorted(order)
    assert "可以排候补，开始前" in page
    session = make.session(places=3)
    assert "候补到" in body(client_of("staff").get(f"{BENCH}{session.activity.number}/"))


def test_how_the_dates_went_counts_who_enrolled_who_came_and_who_did_not(client_of: ClientOf) -> None:
    session = make.session(days=0, hours=1, places=9)
    people = make.residents(5)
    for person in people[:3]:
        make.enroll(session, person)
    with clock.at(session.starts_at):
        for person in (people[0], people[1], people[4]):
            services.check_in(session=session, resident=person, method=Method.ROSTER, by=system())
        services.count_guests(session=session, people=6, by=system())
        mistaken = queries.standing_attendances(session).get(resident=people[1])
        services.void_attendance(attendance=mistaken, reason="x", by=system())
        (went,) = queries.how_it_went(session.activity, [make.again(session)])
        assert (went.enrolled, went.kept, went.absent, went.besides, went.came) == (3, 1, 2, 7, 8)
        page = body(client_of("staff").get(f"{BENCH}1/"))
        row = page.partition("办得怎么样")[2]
        assert re.findall(r'<td class="r"[^>]*>(\d+)</td>', row)[:5] == ["3", "1", "2", "7", "8"]
    assert queries.how_it_went(session.activity, [make.again(session)]) == []  # before it begins nobody is missing


def test_a_term_counts_its_pupils_at_every_lesson() -> None:
    term = make.activity(mode="term", places=9)
    first, second = make.date_of(term, days=1), make.date_of(term, days=2)
    services.publish(activity=term, by=system())
    pupils = make.residents(2)
    for pupil in pupils:
        make.enroll(make.again(first), pupil)
    with clock.at(second.starts_at + timedelta(minutes=5)):
        services.check_in(session=make.again(first), resident=pupils[0], method=Method.ROSTER, by=system())
        lessons = queries.how_it_went(term, [make.again(first), make.again(second)])
    assert [(one.enrolled, one.kept, one.absent) for one in lessons] == [(2, 1, 1), (2, 0, 2)]


def test_of_many_dates_the_page_with_the_next_one_is_opened(client_of: ClientOf) -> None:
    course = make.activity(title="书法班")
    for days in range(1, 46):
        make.date_of(course, days=days)
    address = f"/c/nanhu/workbench/activities/{course.number}/"
    with clock.at(clock.now() + timedelta(days=25)):
        shown = client_of("staff").get(address)
        assert [shown.context["page"].number, len(shown.context["dates"])] == [2, 20]
        assert client_of("staff").get(f"{address}?page=1").context["page"].number == 1
