"""A programme from a workbook: each row is new, known, or wrong and named; nothing is here without a yes."""

from __future__ import annotations

import html
import io
import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from weiyifang.activities import programme_file, services
from weiyifang.activities.models import Activity, ActivityState, Session
from weiyifang.activities.tests import make
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.look.wording import as_day
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests.conftest import choir, leader_of
from weiyifang.people.testing import ClientOf

__all__ = ["choir", "leader_of"]  # fixtures: the choir, led by the leader of the cast
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
PAGE = "/c/nanhu/workbench/activities/import/"
HEAD = ["活动名称", "日期", "开始", "结束", "地点", "名额", "费用"]
FIELD = re.compile(r'name="(programme|dates|_seen)"\s+value="([^"]*)"')
DAY = date(2026, 11, 2)


def workbook(*rows: list[Any], head: list[str] | None = None) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in [["南湖社区十一月活动安排"], [], head or HEAD, *rows]:
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(file)
    return file.getvalue()


def row(title: str = "剪纸课", day: Any = DAY, begins: Any = "9:00", ends: Any = "11:00", *more: Any) -> list[Any]:
    return [title, day, begins, ends, *(more or ("二楼手工教室", "20", ""))]


class Desk:
    """The page, as one of the staff uses it."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def bring(self, *rows: list[Any], content: bytes = b"") -> programme_file.Seen:
        """Choose a file; what the preview says."""
        file = SimpleUploadedFile("programme.xlsx", content or workbook(*rows))
        self.answer = self.client.post(PAGE, {"file": file})
        assert self.answer.status_code == 200, html.unescape(self.answer.content.decode())
        found: programme_file.Seen = self.answer.context["seen"]
        return found

    def say_yes(self) -> Any:
        """On the preview as it was shown."""
        return self._send(PAGE, self.answer)

    def press(self, address: str, verb: str) -> Any:
        return self._send(f"{address}{verb}/", self.client.get(address))

    def _send(self, address: str, shown: Any) -> Any:
        sent: dict[str, list[str]] = {}
        for name, value in FIELD.findall(shown.content.decode()):
            sent.setdefault(name, []).append(html.unescape(value))
        return self.client.post(address, sent)


@pytest.fixture
def desk(client_of: ClientOf) -> Desk:
    return Desk(client_of("staff"))


def faults(seen: programme_file.Seen) -> dict[int, str]:
    return {one.line: " ".join(one.reasons) for one in seen.wrong}


def test_rows_of_one_title_become_one_draft_with_its_dates_and_nothing_is_here_before(desk: Desk) -> None:
    seen = desk.bring(
        row(), row(day=datetime(2026, 11, 9)), row("合唱", "2026年11月3日", time(19, 30), "21点", "大厅", 0, 0)
    )
    assert (len(seen.new), seen.count, seen.wrong, seen.known) == (2, 3, [], [])
    assert not Activity.objects.exists()
    address = desk.say_yes()["Location"]
    cutting, singing = Activity.objects.order_by("number")
    assert (cutting.title, cutting.places, cutting.state) == ("剪纸课", 20, ActivityState.DRAFT)
    assert [one.starts_at for one in cutting.sessions.order_by("number")] == [
        clock.local(day, "09:00") for day in (DAY, DAY + timedelta(days=7))
    ]
    assert singing.is_open_door
    assert singing.sessions.get().starts_at == clock.local(date(2026, 11, 3), "19:30")
    assert desk.press(address, "publication").status_code == 302
    assert {one.state for one in Activity.objects.all()} == {ActivityState.PUBLISHED}


def test_every_row_that_is_wrong_is_named_with_all_its_faults(desk: Desk) -> None:
    make.session(days=19, title="已经有的", place="书画室", books_place=True)
    taken = Session.objects.get().starts_at
    seen = desk.bring(
        row("好的"),
        row("没有日子", ""),
        row("倒过来", DAY, "11:00", "9:00"),
        row("过去的", date(2026, 10, 1)),
        row("字多", DAY, "9:00", "x", "二楼", "很多", "-3"),
        row("", DAY),
        row("撞了", as_day(taken), "8:00", "20:00", "书画室", 5, ""),
        row("好的", DAY + timedelta(days=1), "9:00", "11:00", "二楼手工教室", "30", ""),
        row("已经有的", DAY),
        row("公式", "=A1"),
    )
    said = faults(seen)
    assert seen.count == 1
    assert sorted(said) == [5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert "日期" in said[5]
    for words in ("名额", "费用", "结束"):
        assert words in said[8], words
    assert "第 4 行" in said[11]
    assert "名额" in said[11]
    assert "已经有同名的活动" in said[12]
    assert "公式" in said[13]


def test_the_same_file_twice_brings_nothing_twice(desk: Desk) -> None:
    rows = [row(), row(day=DAY + timedelta(days=7)), row()]
    seen = desk.bring(*rows)
    assert (seen.count, [one.line for one in seen.known]) == (2, [6])
    desk.say_yes()
    again = desk.bring(*rows)
    assert (again.count, len(again.known), again.wrong) == (0, 3, [])
    assert Session.objects.count() == 2


def test_what_changed_between_the_look_and_the_yes_is_looked_at_again(desk: Desk) -> None:
    desk.bring(row(), row("合唱"))
    made = make.activity(title="合唱")
    services.add_session(
        activity=made, starts_at=clock.local(DAY, "09:00"), ends_at=clock.local(DAY, "11:00"), by=system()
    )
    refused = desk.say_yes()
    assert (refused.status_code, refused.context["seen"].count) == (422, 1)
    assert Activity.objects.count() == 1
    desk.answer = refused
    assert desk.say_yes().status_code == 302


def test_an_import_is_taken_back_while_nobody_has_enrolled(desk: Desk) -> None:
    desk.bring(row(), row("合唱", DAY, "14:00", "16:00"))
    address = desk.say_yes()["Location"]
    desk.press(address, "publication")
    seat = make.enroll(Session.objects.get(activity__title="合唱"))
    refused = desk.press(address, "end")
    assert (refused.status_code, "合唱" in html.unescape(refused.content.decode())) == (409, True)
    assert not Activity.objects.filter(state=ActivityState.CANCELLED).exists()
    services.cancel_enrollment(enrollment=seat, by=system())
    assert desk.press(address, "end").status_code == 302
    assert {one.state for one in Activity.objects.all()} == {ActivityState.CANCELLED}
    assert desk.bring(row()).count == 1, "and may come again"


def test_a_leader_brings_what_their_own_organization_puts_on(client_of: ClientOf, choir: Organization) -> None:
    head = [*HEAD, "主办"]
    content = workbook([*row(), "南湖合唱团"], [*row("居委会的"), ""], head=head)
    desk = Desk(client_of("leader"))
    seen = desk.bring(content=content)
    assert ([one.details["title"] for one in seen.new], list(faults(seen))) == (["剪纸课"], [5])
    address = desk.say_yes()["Location"]
    assert Activity.objects.get().organizer.endswith(str(choir.pk))
    assert client_of("volunteer").get(address).status_code == 403


def test_another_persons_page_or_an_old_one_brings_nothing(
    desk: Desk, cast: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = programme_file.read(workbook(row()))
    sealed = programme_file.seal(found, cast["secretary"])
    assert desk.client.post(PAGE, {"programme": sealed, "dates": "1"}).status_code == 422
    mine = programme_file.seal(found, cast["staff"])
    monkeypatch.setattr(programme_file, "WAITS", timedelta(seconds=-1))
    with pytest.raises(programme_file.PreviewGone):
        programme_file.unseal(mine, cast["staff"])
    assert not Activity.objects.exists()


def test_our_template_is_a_good_file_and_others_are_refused(desk: Desk, here: Community) -> None:
    template = desk.client.get(f"{PAGE}template/").content
    assert [cell.value for cell in load_workbook(io.BytesIO(template)).active[1]] == list(programme_file.TEMPLATE_HEAD)  # type: ignore[index]  # a workbook has a sheet
    assert desk.bring(content=template).count == 2
    for bad in (b"", b"PK\x03\x04 no workbook", workbook(head=["名字", "电话"])):
        refused = desk.client.post(PAGE, {"file": SimpleUploadedFile("x.xlsx", bad)})
        assert refused.status_code == 422


def test_what_was_taken_back_before_it_was_shown_is_seen_by_nobody_but_who_planned_it(
    cast: dict[str, Actor], client_of: ClientOf
) -> None:
    """A draft that is called off was never shown, and is not shown as called off."""
    draft = make.activity(title="没办成的")
    made = make.date_of(draft)
    services.cancel(activity=draft, reason="写错了", by=cast["staff"])
    at = as_day(made.starts_at)
    for who, expected in (("visitor", 404), ("resident", 404), ("staff", 200)):
        assert client_of(who).get(f"/c/nanhu/activities/{draft.number}/").status_code == expected
        for page in (f"/c/nanhu/activities/?day={at}", "/c/nanhu/", f"/c/nanhu/api/activities/{draft.number}"):
            said = client_of(who).get(page).content.decode()
            assert "没办成的" not in said or (who == "staff" and "/api/" in page)
    assert not Session.objects.shown().exists()
