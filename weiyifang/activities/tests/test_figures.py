"""A year in figures: persons and attendances are two numbers, and a small group is not said."""

from __future__ import annotations

from datetime import date

import pytest

from weiyifang.activities import queries, services
from weiyifang.activities.models import Activity, Method, Session
from weiyifang.activities.queries.figures import _shown
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")

PAGE = "/c/nanhu/workbench/activities/figures/"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def came(session: Session, *people: Resident, guests: int = 0) -> None:
    with clock.at(session.starts_at):
        for one in people:
            services.check_in(session=session, resident=one, method=Method.ROSTER, by=system())
        if guests:
            services.count_guests(session=session, people=guests, by=system())


def test_who_comes_to_two_activities_is_two_attendances_and_one_person() -> None:
    one, other = make.session(days=0, hours=1, title="剪纸"), make.session(days=0, hours=1, title="合唱", places=0)
    twice, once = make.resident("常来的"), make.resident("来一次的")
    make.enroll(one, twice)
    make.enroll(one, make.resident("没来的"))
    came(one, twice)
    came(other, twice, once, guests=3)
    voided = services.check_in
    with clock.at(other.starts_at):
        mistake = voided(session=other, resident=make.resident("记错的"), method=Method.ROSTER, by=system())
        services.void_attendance(attendance=mistake, reason="记错了", by=system())
    with clock.at(other.ends_at):
        found = queries.figures_of(Activity.objects.all(), *YEAR)
    told = {row.activity.title: (row.dates, row.enrolled, row.attendances, row.people) for row in found.rows}
    assert told == {"剪纸": (1, 2, 1, 1), "合唱": (1, 0, 5, 2)}
    assert (found.attendances, found.people, found.nameless) == (6, 2, 3)
    assert found.attendances == queries.attendances(*YEAR)
    assert found.people == queries.people_served(*YEAR)


def test_another_year_and_a_date_called_off_are_not_in_it() -> None:
    off = make.session(days=0, hours=1, title="取消的")
    services.cancel_session(session=off, reason="下雨", by=system())
    with clock.at(off.ends_at):
        assert not queries.figures_of(Activity.objects.all(), *YEAR).rows
        assert not queries.figures_of(Activity.objects.all(), date(2025, 1, 1), date(2025, 12, 31)).rows


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([9, 20, 0], [9, 20, 0]),
        ([2, 9, 20], [None, None, 20]),  # 2 would follow from the sum, so 9 is not said either
        ([2, 3, 20], [None, None, 20]),
        ([3], [None]),
    ],
)
def test_a_group_so_small_that_somebody_could_be_recognized_is_not_said(
    counts: list[int], shown: list[int | None]
) -> None:
    assert _shown(counts) == shown


def test_the_page_the_table_and_one_activity_by_itself(client_of: ClientOf) -> None:
    session, other = make.session(days=0, hours=1, title="剪纸"), make.session(days=0, hours=1, title="合唱", places=0)
    make.enroll(session, who := make.resident("来的"))
    came(session, who)
    came(other, guests=12)
    with clock.at(session.ends_at):
        staff = client_of("staff")
        page = staff.get(PAGE).content.decode()
        assert "剪纸" in page
        assert "13" in page
        table = staff.get(PAGE, {"as": "csv"}).getvalue().decode("utf-8-sig")
        assert "剪纸" in table
        alone = staff.get(PAGE, {"of": session.activity.number}).content.decode()
        assert "合唱" not in alone
        assert "合唱" not in client_of("leader").get(PAGE).content.decode()
        assert staff.get(PAGE, {"year": "2025"}).status_code == 200


def test_enrolment_closes_so_many_hours_before_and_the_desk_still_enrols(client_of: ClientOf) -> None:
    session = make.session(days=0, hours=3, closes_hours=2)
    there = f"/c/nanhu/activities/{session.activity.number}/{session.number}/"
    browser = client_of("resident")
    who = {"who": [str(Resident.objects.get(account_id=browser.session["_auth_user_id"]).pk)]}
    with clock.at(session.starts_at - (session.ends_at - session.starts_at)):  # two hours before: closed
        page = browser.get(there, headers={"accept-language": "en"}).content.decode()
        assert "Enrolment closed" in page
        assert browser.post(f"{there}enrollments/", who).status_code == 422
        caller = make.resident("打电话来的")
        sent = {"who": caller.name, "places": 1}
        bench = f"/c/nanhu/workbench{there.removeprefix('/c/nanhu')}enrollments/"
        assert client_of("staff").post(bench, sent).status_code == 302
    assert browser.post(f"{there}enrollments/", who).status_code == 302
