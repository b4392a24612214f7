"""Pages and programs about who leaves: at the door, for the family, and in the yard."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from weiyifang.activities import queries, services
from weiyifang.activities.models import Audience, Enrollment, Fetcher, Method, Passage
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.ids import new_id
from weiyifang.notices.models import Notice
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def seat(resident_of: Any) -> Enrollment:
    """A child of the resident, who came ten minutes ago to a class that begins in an hour."""
    with clock.at(clock.now() - timedelta(minutes=10)):
        lesson = make.session(days=0, hours=1, title="小手做灯笼", audience=Audience.CHILDREN, places=9)
        child = make.resident("豆豆", born_on=clock.today() - timedelta(days=8 * 366))
        people.relate(resident=child, helper=resident_of("resident"), kind=RelationKind.GUARDIAN, by=system())
        found = make.enroll(lesson, child)
        services.check_in(session=lesson, resident=child, method=Method.ROSTER, by=system())
    return found


def bench(seat: Enrollment, rest: str = "") -> str:
    assert seat.session is not None
    return f"/c/nanhu/workbench/activities/{seat.activity.number}/{seat.session.number}/{rest}"


def departure(seat: Enrollment) -> str:
    return bench(seat, f"departures/{seat.resident.number}/")


def text(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).partition("<main")[2].split())


def test_from_the_ticket_of_the_family_to_the_door_and_back_to_the_family(
    client_of: ClientOf, seat: Enrollment
) -> None:
    family, door = client_of("resident"), client_of("volunteer")
    mine = f"/c/nanhu/activities/{seat.activity.number}/1/enrollments/"
    page = f"/c/nanhu/activities/enrollments/{seat.pk}/fetchers/"
    assert page in text(family.get(mine))
    assert family.post(page, {"name": "陈奶奶", "until": ""}).status_code == 302
    assert "陈奶奶" in text(family.get(page))
    assert departure(seat) in text(door.get(bench(seat)))
    asked = text(door.get(departure(seat)))
    assert "陈奶奶" in asked
    assert "陈桂芳（监护人）" in asked
    assert door.post(departure(seat), {"by": f"f{Fetcher.objects.get().pk}"}).status_code == 302
    left = Passage.objects.get()
    assert left.fetcher is not None
    for seen in (text(family.get(mine)), text(family.get(page)), text(door.get(departure(seat)))):
        assert "陈奶奶" in seen
    assert "场内没有人" in text(door.get(bench(seat, "inside/")))
    assert not Notice.objects.filter(kind="handed_to_another").exists()
    assert door.post(f"/c/nanhu/workbench/activities/passages/{left.pk}/void/").status_code == 302
    assert "豆豆" in text(door.get(bench(seat, "inside/")))


def test_somebody_else_is_asked_about_once_more_and_the_guardians_are_told(
    client_of: ClientOf, seat: Enrollment
) -> None:
    door = client_of("volunteer")
    typed = {"by": "other", "name": "王叔叔", "why": "妈妈来电话说加班"}
    assert door.post(departure(seat), {"by": "other", "name": "王叔叔", "why": ""}).status_code == 422
    assert door.post(departure(seat), {}).status_code == 422
    again = door.post(departure(seat), typed)
    assert "王叔叔" in text(again)
    assert not Passage.objects.exists()
    assert door.post(departure(seat), {**typed, "sure": "1"}).status_code == 302
    told = Notice.objects.filter(kind="handed_to_another").select_related("resident")
    assert sorted(str(one.resident) for one in told) == ["豆豆", "陈桂芳"]
    assert "王叔叔" not in json.dumps(list(told.values("about", "values")), default=str, ensure_ascii=False)
    mine = f"/c/nanhu/activities/{seat.activity.number}/1/enrollments/"
    assert "妈妈来电话说加班" in text(client_of("resident").get(mine))


def test_nobody_but_a_guardian_sees_who_may_fetch_a_child(client_of: ClientOf, seat: Enrollment) -> None:
    page = f"/c/nanhu/activities/enrollments/{seat.pk}/fetchers/"
    assert client_of("volunteer").get(page).status_code == 404
    assert client_of("staff").get(page).status_code == 403


def test_for_the_yard_children_come_first_and_those_without_a_name_are_said(
    client_of: ClientOf, seat: Enrollment
) -> None:
    assert seat.session is not None
    with clock.at(clock.now() - timedelta(minutes=20)):
        services.check_in(session=seat.session, resident=make.resident("阿姨"), method=Method.ROSTER, by=system())
    services.count_guests(session=seat.session, people=3, by=system())
    seen = text(client_of("volunteer").get(bench(seat, "inside/")))
    assert seen.index("豆豆") < seen.index("阿姨")
    found = queries.inside(seat.session)
    assert (found.children, found.others, found.nameless) == (1, 1, 3)


def test_a_phone_sends_who_left_and_reads_who_may_fetch(
    client_of: ClientOf, seat: Enrollment, cast: dict[str, Actor]
) -> None:
    named = services.name_fetcher(enrollment=seat, name="陈奶奶", by=cast["resident"])
    phone, api = client_of("volunteer"), f"/c/nanhu/api/activities/{seat.activity.number}/1/"
    (line,) = phone.get(f"{api}roster").json()
    assert (line["is_child"], line["left_at"]) == (True, None)
    assert [one["name"] for one in line["may_fetch"]] == ["陈桂芳（监护人）", "陈奶奶"]
    out = {"resident": seat.resident.number, "fetcher": str(named.pk), "nonce": str(new_id())}

    def send(some: list[dict[str, Any]]) -> Any:
        return phone.post(f"{api}departures", json.dumps(some), content_type="application/json")

    assert send([{"resident": seat.resident.number}]).status_code == 422
    assert send([out]).json() == {"new": 1, "known": 0}
    assert send([out]).json() == {"new": 0, "known": 1}
    (line,) = phone.get(f"{api}roster").json()
    assert line["left_at"] is not None
    back = [{"resident": seat.resident.number, "nonce": str(new_id())}]
    assert phone.post(f"{api}attendances", json.dumps(back), content_type="application/json").json()["new"] == 0
    (line,) = phone.get(f"{api}roster").json()
    assert (line["left_at"], line["came"]) == (None, 1)


def test_the_list_as_a_spreadsheet_says_when_they_left(client_of: ClientOf, seat: Enrollment) -> None:
    fetched = services.Fetched(name="舅舅", why="来接")
    assert seat.session is not None
    services.check_out(session=seat.session, resident=seat.resident, fetched=fetched, by=system())
    content = client_of("volunteer").get(bench(seat, "roster.xlsx")).content
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].values)
    place = rows[1].index("离开时间")
    assert rows[2][place]
