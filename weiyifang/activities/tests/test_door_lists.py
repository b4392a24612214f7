"""The list at the door of something many come to: piece by piece, and everybody is found at once."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from weiyifang.activities import queries, services, workbench_door
from weiyifang.activities.models import Method, Session
from weiyifang.activities.tests import make
from weiyifang.core.actors import system
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
NAMES = ["阿牛", "白玉", "陈红", "丁一", "方圆", "高山", "何花"]  # by Pinyin


@pytest.fixture
def gala(monkeypatch: pytest.MonkeyPatch) -> Session:
    """Seven enrolled, typed in from behind; two walked in, three wait. Three names on a page."""
    monkeypatch.setattr(workbench_door, "DOOR", 3)
    monkeypatch.setattr(workbench_door, "PAPER", 4)
    monkeypatch.setattr(workbench_door, "FIRST", 2)
    session = make.session(days=0, hours=2, places=7)
    for name in reversed(NAMES):
        make.enroll(session, make.resident(name))
    for name in ("安然", "巴山"):
        services.check_in(session=session, resident=make.resident(name), method=Method.ROSTER, by=system())
    for name in ("一等", "二等", "三等"):
        make.wait(session, make.resident(name))
    return session


def page(client_of: ClientOf, session: Session, rest: str = "") -> str:
    address = f"/c/nanhu/workbench/activities/{session.activity.number}/{session.number}/{rest}"
    answer = client_of("volunteer").get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def named(text: str) -> list[str]:
    everybody = "|".join([*NAMES, "安然", "巴山", "一等", "二等", "三等"])
    return list(dict.fromkeys(re.findall(everybody, text.partition("<main")[2])))


def test_the_page_begins_with_the_first_names_and_goes_on_page_by_page(client_of: ClientOf, gala: Session) -> None:
    pages = [named(page(client_of, gala, f"?page={number}")) for number in (1, 2, 3)]
    assert [one[:-2] for one in pages] == [NAMES[:3], NAMES[3:6], [*NAMES[6:], "安然", "巴山"]]
    assert {tuple(one[-2:]) for one in pages} == {("一等", "二等")}  # the queue, shortly
    assert named(page(client_of, gala, "?list=queue")) == ["一等", "二等", "三等"]


def test_whoever_stands_at_the_door_is_found_at_once(client_of: ClientOf, gala: Session) -> None:
    assert named(page(client_of, gala, "?q=何"))[:-2] == ["何花"]
    assert named(page(client_of, gala, "?q=巴山"))[:-2] == ["巴山"]
    number = gala.enrollments.get(resident__name="白玉").resident.number
    assert named(page(client_of, gala, f"?q={number}"))[:-2] == ["白玉"]
    assert "名单上没有" in page(client_of, gala, "?q=没有这个人")


def test_a_tick_on_the_second_page_leads_back_to_it(client_of: ClientOf, gala: Session) -> None:
    text = page(client_of, gala, "?page=2")
    (action,) = set(re.findall(r'action="([^"]*attendances/[^"#]*page=2)"', text))
    number = gala.enrollments.get(resident__name="丁一").resident.number
    answer = client_of("volunteer").post(action, {"here": number})
    assert (answer.status_code, answer["Location"].endswith("?page=2")) == (302, True)


def test_sums_are_of_all_and_not_of_the_page(client_of: ClientOf, gala: Session) -> None:
    services.count_guests(session=gala, people=5, by=system())
    found = queries.roster(gala)
    assert (found.came, found.expected, len(found.guests())) == (7, 7, 9)
    assert "已到 7" in page(client_of, gala, "?page=2") or "7" in page(client_of, gala, "?page=2")


def test_paper_spreadsheet_and_programs_get_everybody(client_of: ClientOf, gala: Session) -> None:
    paper = [one for number in (1, 2, 3) for one in named(page(client_of, gala, f"roster/?page={number}"))]
    assert paper == [*NAMES, "安然", "巴山"]
    address = f"/c/nanhu/workbench/activities/{gala.activity.number}/{gala.number}/roster.xlsx"
    content = client_of("volunteer").get(address).content
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert [row[1] for row in rows[2:]] == [*NAMES, "安然", "巴山", "一等", "二等", "三等"]
    api = f"/c/nanhu/api/activities/{gala.activity.number}/{gala.number}/roster"
    got: list[int] = []
    while some := client_of("volunteer").get(f"{api}?limit=4&after={got[-1] if got else 0}").json():
        got += [one["resident"] for one in some]
    assert got == sorted(got)
    assert len(got) == 9


def test_a_file_reads_a_few_hundred_at_a_time(gala: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weiyifang.activities.queries.door.PIECE", 2)
    assert [guest.resident.name for guest in queries.roster(gala).guests()] == [*NAMES, "安然", "巴山"]
