"""Staff's task pages, through the browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, time

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from weiyifang.activities import codes, covers, queries, services
from weiyifang.activities.models import Activity, ActivityState, Attendance, Cover, Method, Session, SessionState
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.timetable import holidays

pytestmark = pytest.mark.usefixtures("here")

ENGLISH = {"headers": {"accept-language": "en"}}
BENCH = "/c/nanhu/workbench/activities/"
TYPED = {
    "title": "旧物魔术会",
    "summary": "旧衣服变个样子",
    "kind": "workshop",
    "audience": "everyone",
    "organizer": "",
    "place": "二楼手工教室",
    "mode": "session",
    "places": "20",
    "party_size": "1",
    "fee_fen": "2.50",
    "cover": "needle",
}


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]  # it is no stream


def test_planning_from_the_first_word_to_the_public_page(client_of: ClientOf) -> None:
    client = client_of("staff")
    looked = client.post(f"{BENCH}new/", TYPED | {"preview": "1"})
    assert "旧物魔术会" in body(looked)
    assert Activity.objects.count() == 0
    kept = client.post(f"{BENCH}new/", TYPED | {"_once": "a"})
    assert kept.headers["Location"] == f"{BENCH}1/"
    weekly = {"day": "2026-10-17", "begins": "14:30", "ends": "16:30", "every_week_until": "2026-10-31", "_once": "b"}
    assert client.post(f"{BENCH}1/dates/", weekly).status_code == 302
    assert client.post(f"{BENCH}1/publication/", {"_once": "c"}).status_code == 302
    activity = Activity.objects.get()
    assert (activity.state, activity.fee_fen, activity.sessions.count()) == (ActivityState.PUBLISHED, 250, 3)
    assert "旧物魔术会" in body(client_of("visitor").get("/c/nanhu/activities/"))


def test_the_drawing_is_chosen_by_what_it_looks_like(client_of: ClientOf) -> None:
    client = client_of("staff")
    page = body(client.get(f"{BENCH}new/"))
    cards = re.findall(r'<label for="id_cover_\d+">(.*?)</label>', page, re.DOTALL)
    assert len(cards) == len(Cover)
    for cover, card in zip(Cover, cards, strict=True):
        shown = str(covers.drawing(cover, is_named=False))
        assert shown in card
        assert 'aria-hidden="true"' in shown, "its name stands beside it, and is read once"
        assert re.search(rf'<input type="radio" name="cover" value="{cover}".*{cover.label}', card, re.DOTALL)
    chosen = re.compile(r'name="cover" value="(\w+)"[^>]* checked')
    assert chosen.findall(page) == ["tea"]
    make.activity(cover="pot")
    assert chosen.findall(body(client.get(f"{BENCH}1/edit/"))) == ["pot"]


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ("title", ""),
        ("places", "-1"),
        ("fee_fen", "viel"),
        ("fee_fen", "-3"),
        ("max_age", "3"),
        ("organizer", "organizations.organization:x"),
        ("kind", "nonsense"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(client_of: ClientOf, wrong: str, value: str) -> None:
    answer = client_of("staff").post(f"{BENCH}new/", TYPED | {"min_age": "6", wrong: value})
    assert answer.status_code == 422
    assert "旧衣服变个样子" in body(answer)
    assert Activity.objects.count() == 0


def test_a_term_needs_seats(client_of: ClientOf) -> None:
    assert client_of("staff").post(f"{BENCH}new/", TYPED | {"mode": "term", "places": "0"}).status_code == 422


def test_editing_keeps_the_rest(client_of: ClientOf) -> None:
    session = make.session(title="旧的名字", places=3)
    client = client_of("staff")
    assert "旧的名字" in body(client.get(f"{BENCH}1/edit/"))
    client.post(f"{BENCH}1/edit/", TYPED | {"places": "5"})
    assert make.again(session).activity.title == "旧物魔术会"
    assert make.pool(session).places == 5
    make.enroll(session, make.resident("甲"))
    answer = client.post(f"{BENCH}1/edit/", TYPED | {"places": "0"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "2026-10-01", "begins": "09:00", "ends": "10:00"},
        {"day": "2026-10-20", "begins": "10:00", "ends": "09:00"},
        {"day": "2026-10-20", "begins": "09:00", "ends": "10:00", "every_week_until": "2026-10-01"},
        {"day": "soon", "begins": "09:00", "ends": "10:00"},
    ],
)
def test_a_date_that_makes_no_sense_is_refused(client_of: ClientOf, typed: dict[str, str]) -> None:
    make.activity()
    assert client_of("staff").post(f"{BENCH}1/dates/", typed).status_code == 422
    assert Session.objects.count() == 0


def test_calling_off_asks_for_a_reason_and_says_who_is_told(client_of: ClientOf) -> None:
    session, client = make.session(), client_of("staff")
    make.enroll(session)
    assert "1" in body(client.get(f"{BENCH}1/1/cancellation/"))
    assert client.post(f"{BENCH}1/1/cancellation/", {"reason": ""}).status_code == 422
    assert client.post(f"{BENCH}1/1/cancellation/", {"reason": "下大雨"}).status_code == 302
    assert Session.objects.get().state == SessionState.CANCELLED
    assert "下大雨" in body(client_of("visitor").get("/c/nanhu/activities/1/1/"))
    assert client.post(f"{BENCH}1/cancellation/", {"reason": "不办了"}).status_code == 302
    assert Activity.objects.get().state == ActivityState.CANCELLED


def test_the_door_checks_in_by_list_by_code_by_ticket_and_by_name(client_of: ClientOf) -> None:
    session, client = make.session(days=0, hours=1, places=9), client_of("volunteer")
    people = make.residents(4)
    enrolled = [make.enroll(session, person) for person in people[:3]]
    door = f"{BENCH}1/1/attendances/"
    address = f"http://testserver/c/nanhu/activities/tickets/{codes.ticket(enrolled[1])}/"
    for sent in ({"here": people[0].number}, {"code": address}, {"code": enrolled[2].code}, {"who": people[3].name}):
        assert client.post(door, sent).status_code == 302, sent
    assert client.post(door, {"people": "5"}).status_code == 302
    assert queries.attendances() == 9
    assert queries.people_served() == 4
    for sent in ({"code": "999999"}, {"who": "没有这个人"}, {"here": people[0].number}, {"people": "0"}, {"code": ""}):
        assert client.post(door, sent).status_code == 422, sent
    assert queries.attendances() == 9


def test_a_tick_can_be_taken_back(client_of: ClientOf) -> None:
    session, client = make.session(days=0, hours=1), client_of("volunteer")
    person = make.resident()
    make.enroll(session, person)
    client.post(f"{BENCH}1/1/attendances/", {"here": person.number})
    row = Attendance.objects.get()
    assert f"attendances/{row.pk}/void/" in body(client.get(f"{BENCH}1/1/"))
    assert client.post(f"{BENCH}attendances/{row.pk}/void/").status_code == 302
    assert queries.attendances() == 0


def test_a_ticket_opens_on_the_helpers_phone_only(client_of: ClientOf, resident_of: Callable[[str], Resident]) -> None:
    session = make.session(days=0, hours=1)
    enrollment = make.enroll(session, resident_of("resident"))
    address = f"/c/nanhu/activities/tickets/{codes.ticket(enrollment)}/"
    assert client_of("resident").get(address).status_code == 403
    assert "陈桂芳" in body(client_of("volunteer").get(address))
    assert queries.attendances() == 0  # looking is not checking in
    assert client_of("volunteer").post(address).status_code == 302
    assert queries.attendances() == 1
    assert client_of("volunteer").get("/c/nanhu/activities/tickets/made-up/").status_code == 404


def test_a_ticket_that_was_given_back_lets_nobody_in(client_of: ClientOf) -> None:
    enrollment = make.enroll(make.session(days=0, hours=1))
    services.cancel_enrollment(enrollment=enrollment, by=system())
    address = f"/c/nanhu/activities/tickets/{codes.ticket(enrollment)}/"
    assert client_of("volunteer").post(address).status_code == 409
    assert queries.attendances() == 0


def test_the_list_prints_and_exports_without_phones(client_of: ClientOf) -> None:
    session = make.session()
    make.enroll(session, make.resident("=HYPERLINK(1)", phone="138 0013 8000"))
    client = client_of("staff")
    assert "=HYPERLINK(1)" in body(client.get(f"{BENCH}1/1/roster/"))
    exported = client.get(f"{BENCH}1/1/roster.xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(exported.content)).active.iter_rows() for cell in row]  # type: ignore[union-attr]  # a workbook has a sheet
    name = next(cell for cell in cells if cell.value == "=HYPERLINK(1)")
    assert name.data_type == "s"
    assert not any("8000" in str(cell.value) for cell in cells)


def test_a_date_that_took_place_is_closed(client_of: ClientOf) -> None:
    session, client = make.session(days=0, hours=1), client_of("volunteer")
    assert client.post(f"{BENCH}1/1/completion/").status_code == 409
    with clock.at(session.starts_at):
        assert client.post(f"{BENCH}1/1/completion/").status_code == 302
    assert Session.objects.get().state == SessionState.HELD


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_workbench_opens_in_both_languages(client_of: ClientOf, language: str) -> None:
    make.enroll(make.session(days=0, hours=1, min_age=3))
    make.session(places=0)
    client = client_of("staff")
    for page in ("", "new/", "1/", "1/edit/", "1/cancellation/", "1/1/", "1/1/cancellation/", "1/1/roster/", "2/1/"):
        answer = client.get(f"{BENCH}{page}", headers={"accept-language": language})
        assert answer.status_code == 200, page
        assert f'lang="{language}"' in body(answer), page


def test_the_list_of_activities_is_searched_by_word_and_number(client_of: ClientOf) -> None:
    make.session(title="插花")
    make.activity(title="陶艺")
    client = client_of("staff")
    for wanted, shown, hidden in (
        ({"q": "陶"}, "陶艺", "/workbench/activities/1/"),
        ({"q": "1"}, "插花", "/workbench/activities/2/"),
        ({"view": "drafts"}, "陶艺", "/workbench/activities/1/"),
    ):
        page = body(client.get(BENCH, wanted))
        assert shown in page
        assert f'href="/c/nanhu{hidden}"' not in page


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("visitor", "", 302),
        ("outsider", "", 404),
        ("resident", "", 403),
        ("accountant", "", 403),
        ("volunteer", "", 200),
        ("volunteer", "1/1/", 200),
        ("volunteer", "new/", 403),
        ("volunteer", "1/edit/", 403),
        ("leader", "1/", 403),
        ("leader", "new/", 200),
        ("staff", "1/edit/", 200),
    ],
)
def test_who_may_open_what(client_of: ClientOf, who: str, page: str, status: int) -> None:
    make.session()
    assert client_of(who).get(f"{BENCH}{page}").status_code == status


def test_a_leader_sees_and_runs_their_own_only(client_of: ClientOf, leader_of: str) -> None:
    make.session(title="别家的")
    make.session(title="自己的", organizer=leader_of)
    page = body(client_of("leader").get(BENCH))
    assert "自己的" in page
    assert "别家的" not in page
    assert client_of("leader").get(f"{BENCH}2/").status_code == 200
    assert client_of("leader").post(f"{BENCH}1/cancellation/", {"reason": "x"}).status_code == 403


def test_times_are_typed_as_people_write_them_and_may_go_past_midnight(client_of: ClientOf) -> None:
    make.activity()
    typed = {"day": "2026年12月11日", "begins": "22：00", "ends": "0：30"}
    page = client_of("staff").post(f"{BENCH}1/dates/", typed, follow=True, headers=ENGLISH["headers"])
    session = Session.objects.get()
    assert session.starts_at == clock.local(date(2026, 12, 11), time(22))
    assert session.ends_at == clock.local(date(2026, 12, 12), time(0, 30))
    assert "It ends on the next day, at 0:30." in body(page)


@pytest.mark.parametrize("ends", ["14:00", "13:00"])
def test_an_end_before_the_beginning_in_the_afternoon_is_a_mistake(client_of: ClientOf, ends: str) -> None:
    make.activity()
    typed = {"day": "2026-12-11", "begins": "14:00", "ends": ends}
    assert client_of("staff").post(f"{BENCH}1/dates/", typed).status_code == 422
    assert not Session.objects.exists()


def test_a_date_called_off_does_not_come_back_with_its_series(client_of: ClientOf) -> None:
    make.activity()
    series = {"day": "2026-12-07", "begins": "9:00", "ends": "10:00", "every_week_until": "2026-12-21"}
    client = client_of("staff")
    client.post(f"{BENCH}1/dates/", series)
    services.cancel_session(session=Session.objects.get(number=2), reason="停电", by=system())
    page = client.post(
        f"{BENCH}1/dates/", series | {"every_week_until": "2026-12-28"}, follow=True, headers=ENGLISH["headers"]
    )
    assert "1 date added." in body(page)
    assert "Called off before, so not added again: 14 Dec." in body(page)
    assert Session.objects.filter(state=SessionState.PLANNED).count() == 3


def test_a_series_into_a_year_whose_holidays_nobody_knows_says_so(client_of: ClientOf) -> None:
    make.activity()
    series = {"day": "2026-12-25", "begins": "9:00", "ends": "10:00", "every_week_until": "2027-01-08"}
    page = client_of("staff").post(f"{BENCH}1/dates/", series, follow=True, headers=ENGLISH["headers"])
    known = holidays.is_known(2027)
    assert ("The public holidays of 2027 are not announced yet" in body(page)) is not known
    assert ("1 Jan 2027, 8 Jan 2027." in body(page)) is not known


def test_the_calendar_says_which_dates_are_called_off(client_of: ClientOf) -> None:
    session = make.session()
    make.date_of(session.activity, days=9)
    before = client_of("visitor").get("/c/nanhu/activities/1/calendar.ics").content
    services.cancel_session(session=session, reason="停电", by=system())
    after = client_of("visitor").get("/c/nanhu/activities/1/calendar.ics").content
    assert before.count(b"STATUS:CONFIRMED") == 2
    off, on = Calendar.from_ical(after).walk("VEVENT")
    assert (off["UID"], off["STATUS"], off["SEQUENCE"]) == (f"{session.pk}@weiyifang", "CANCELLED", 1)
    assert (on["STATUS"], on["SEQUENCE"]) == ("CONFIRMED", 0)


def test_the_page_before_calling_off_says_what_stands_in_the_way(client_of: ClientOf) -> None:
    session = make.session(days=0, hours=1)
    page = body(client_of("staff").get(f"{BENCH}1/1/cancellation/", headers=ENGLISH["headers"]))
    assert "Every seat and every turn in the queue is given up" in page
    services.check_in(session=session, resident=make.resident("甲"), method=Method.ROSTER, by=system())
    page = body(client_of("staff").get(f"{BENCH}1/1/cancellation/", headers=ENGLISH["headers"]))
    assert "1 person is checked in, so it cannot be called off." in page
    answer = client_of("staff").post(f"{BENCH}1/1/cancellation/", {"reason": "停电"}, headers=ENGLISH["headers"])
    assert "Checked in on" in body(answer)
    assert make.again(session).state == SessionState.PLANNED


# --- more than one on a ticket ----------------------------------------------------------------------------------


def test_of_three_on_one_ticket_the_door_says_how_many_came(client_of: ClientOf) -> None:
    session = make.session(days=0, hours=1, party_size=3)
    enrollment = make.enroll(session, make.resident("一家三口"), places=3)
    client, ticket = client_of("volunteer"), f"/c/nanhu/activities/tickets/{codes.ticket(enrollment)}/"
    assert 'value="3"' in body(client.get(ticket))
    assert client.post(ticket, {"people": "4", "_once": "a"}).status_code == 422
    assert client.post(ticket, {"people": "2", "_once": "b"}, follow=True).status_code == 200
    assert "3 人里来了 2 人" in body(client.get(f"{BENCH}1/1/"))
    sheet = load_workbook(io.BytesIO(client.get(f"{BENCH}1/1/roster.xlsx").content)).active
    assert sheet is not None
    assert [row[-1].value for row in sheet.iter_rows(min_row=2)] == ["来了几人", 2]


# --- another time -----------------------------------------------------------------------------------------------


def test_a_date_is_moved_by_its_form_and_its_people_stay(client_of: ClientOf) -> None:
    session = make.session()
    make.enroll(session)
    client, address = client_of("staff"), f"{BENCH}1/1/time/"
    assert "已经有 1 个人报了名" in body(client.get(address))
    typed = {"day": "2026-10-18", "begins": "9:00", "ends": "11:00", "place": "三楼书画室"}
    assert client.post(address, typed | {"_once": "a"}).status_code == 302
    moved = make.again(session)
    assert (moved.starts_at, moved.shown_place) == (clock.local(date(2026, 10, 18), "09:00"), "三楼书画室")
    assert make.pool(moved).taken == 1
    ((event,),) = [Calendar.from_ical(client.get("/c/nanhu/activities/1/calendar.ics").content).walk("VEVENT")]
    assert event["SEQUENCE"] == 1


def test_a_date_that_cannot_be_moved_says_why_and_keeps_what_was_typed(client_of: ClientOf) -> None:
    make.session(books_place=True, place="二楼茶艺室")
    make.date_of(make.activity(place="2楼茶艺室"), days=4)
    client, address = client_of("staff"), f"{BENCH}1/1/time/"
    answer = client.post(address, {"day": "2026-10-18", "begins": "12:00", "ends": "13:00", "_once": "a"})
    assert answer.status_code == 422
    assert "已经有人用" in body(answer)
    assert 'value="2026-10-18"' in body(answer)
    with clock.at(clock.local(date(2026, 10, 17), "12:00")):
        assert "不能再改时间" in body(client_of("staff").get(address))
