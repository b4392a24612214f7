"""Residents' pages, through the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from weiyifang.activities import codes, queries, services
from weiyifang.activities.models import Audience, Enrollment, EnrollmentState, Method, Mode
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.look import wording
from weiyifang.core.look.wording import clock_time
from weiyifang.people.actors import actor_for
from weiyifang.people.models import RelationKind, Resident
from weiyifang.people.services import relate
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")

HOME = "/c/nanhu/activities/"
ENGLISH = {"headers": {"accept-language": "en"}}


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]  # it is no stream


def test_the_list_shows_this_week_with_the_seats_left(client_of: ClientOf) -> None:
    make.session(title="插花茶艺")
    make.session(title="下个月的", days=30)
    page = body(client_of("visitor").get(HOME))
    assert "插花茶艺" in page
    assert "下个月的" not in page
    assert "下个月的" in body(client_of("visitor").get(HOME, {"when": "all"}))


def test_once_it_is_under_way_no_seat_is_offered(client_of: ClientOf) -> None:
    session, open_door = make.session(title="插花茶艺", places=3), make.session(title="太极晨练", places=0)
    with clock.at(session.starts_at + timedelta(minutes=30)):
        page = body(client_of("visitor").get(HOME, headers=ENGLISH["headers"]))
        assert "under way" in page
        assert "seats left" not in page
        assert "just come" in page
        with_seats = body(client_of("visitor").get(HOME, {"free": "on"}))
        assert "太极晨练" in with_seats
        assert "插花茶艺" not in with_seats
        alone = body(
            client_of("visitor").get(f"{HOME}{session.activity.number}/{session.number}/", headers=ENGLISH["headers"])
        )
        assert "under way" in alone
    with clock.at(session.ends_at):
        alone = body(
            client_of("visitor").get(f"{HOME}{session.activity.number}/{session.number}/", headers=ENGLISH["headers"])
        )
        assert "under way" not in alone
        assert "over" in alone
    assert [one.has_seats for one in queries.listed([session, open_door])] == [True, True]
    assert "插花茶艺" in body(client_of("visitor").get(HOME, {"free": "on"}))


def test_the_list_can_be_searched_and_filtered(client_of: ClientOf) -> None:
    make.session(title="量血压", kind="clinic", audience=Audience.ELDERS, places=0)
    full = make.session(title="陶艺", kind="workshop", places=1)
    make.enroll(full)
    for wanted, shown, hidden in (
        ({"q": "血压"}, "量血压", "陶艺"),
        ({"kind": "workshop"}, "陶艺", "量血压"),
        ({"audience": "elders"}, "量血压", "陶艺"),
        ({"free": "on"}, "量血压", "陶艺"),
        ({"kind": "nonsense"}, "陶艺", "nothing"),
        ({"day": "2026-10-16"}, "陶艺", "nothing"),
    ):
        page = body(client_of("visitor").get(HOME, wanted))
        assert shown in page, wanted
        assert hidden not in page, wanted


def test_a_list_that_is_empty_says_how_to_go_on(client_of: ClientOf) -> None:
    assert "?when=all" in body(client_of("visitor").get(HOME))


def test_a_draft_is_seen_only_by_those_who_prepare_it(client_of: ClientOf) -> None:
    activity = make.activity()
    assert client_of("visitor").get(f"{HOME}{activity.number}/").status_code == 404
    assert client_of("resident").get(f"{HOME}{activity.number}/").status_code == 404
    assert client_of("staff").get(f"{HOME}{activity.number}/").status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("care", ["", "care"])
def test_the_page_of_an_activity_opens_in_both_languages_and_modes(
    client_of: ClientOf, language: str, care: str
) -> None:
    session = make.session(fee_fen=500, min_age=60, description="先插一瓶秋花。\n\n再泡一壶茶。", party_size=2)
    make.date_of(session.activity, 9)
    client = client_of("resident")
    if care:
        client.post("/c/nanhu/look/", {"mode": "care"}, headers={"origin": "http://testserver"})
    page = client.get(f"{HOME}{session.activity.number}/", headers={"accept-language": language})
    assert page.status_code == 200
    assert session.activity.title in body(page)
    assert ("Enrol" in body(page)) == (language == "en")


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client_of: ClientOf) -> None:
    session = make.session()
    page = body(client_of("visitor").get(f"{HOME}1/"))
    assert "/accounts/login/?next=%2Fc%2Fnanhu%2Factivities%2F1%2F" in page
    answer = client_of("visitor").post(f"{HOME}1/1/enrollments/", {"who": "x"})
    assert answer.status_code == 302
    assert make.pool(session).taken == 0


def test_enrolling_oneself_and_ones_mother_in_one_go(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    me, mother = resident_of("resident"), make.resident("李婆婆")
    relate(resident=mother, helper=me, kind=RelationKind.PROXY, by=system())
    make.session()
    client = client_of("resident")
    sent = {"who": [str(me.pk), str(mother.pk)], "note": "坐轮椅", "_once": "k1"}
    answer = client.post(f"{HOME}1/1/enrollments/", sent)
    assert answer.headers["Location"] == f"{HOME}1/1/enrollments/"
    page = body(client.get(answer.headers["Location"]))
    assert "李婆婆" in page
    assert "坐轮椅" in page
    assert Enrollment.objects.taking_a_place().count() == 2


def test_a_form_sent_twice_enrols_once(client_of: ClientOf, resident_of: Callable[[str], Resident]) -> None:
    session = make.session()
    client, sent = client_of("resident"), {"who": str(resident_of("resident").pk), "_once": "same"}
    first = client.post(f"{HOME}1/1/enrollments/", sent)
    second = client.post(f"{HOME}1/1/enrollments/", sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert make.pool(session).taken == 1


def test_nobody_enrols_a_stranger(client_of: ClientOf) -> None:
    stranger, session = make.resident("陌生人"), make.session()
    answer = client_of("resident").post(f"{HOME}1/1/enrollments/", {"who": str(stranger.pk)})
    assert answer.status_code == 422
    assert make.pool(session).taken == 0


def test_who_comes_too_late_is_offered_the_queue_and_keeps_what_was_typed(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    session = make.session(places=1)
    make.enroll(session)
    client, sent = client_of("resident"), {"who": str(resident_of("resident").pk), "note": "靠门坐"}
    answer = client.post(f"{HOME}1/1/enrollments/", sent)
    assert answer.status_code == 422
    assert 'name="queue"' in body(answer)
    assert "靠门坐" in body(answer)
    client.post(f"{HOME}1/1/enrollments/", sent | {"queue": "1"})
    assert Enrollment.objects.waiting().count() == 1
    assert client.get(f"{HOME}1/1/enrollments/").status_code == 200


def test_giving_back_and_taking_back(client_of: ClientOf, resident_of: Callable[[str], Resident]) -> None:
    session, client = make.session(places=1), client_of("resident")
    enrollment = make.enroll(session, resident_of("resident"))
    client.post(f"{HOME}enrollments/{enrollment.pk}/cancellation/")
    assert make.pool(session).taken == 0
    assert f"enrollments/{enrollment.pk}/restoration/" in body(client.get(f"{HOME}1/1/"))
    client.post(f"{HOME}enrollments/{enrollment.pk}/restoration/")
    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.CONFIRMED
    with clock.at(clock.now() + services.WAY_BACK):
        assert "restoration" not in body(client.get(f"{HOME}1/1/"))


def test_an_offer_is_taken_on_the_page(client_of: ClientOf, resident_of: Callable[[str], Resident]) -> None:
    session, client = make.session(places=1), client_of("resident")
    first = make.enroll(session)
    mine = make.wait(session, resident_of("resident"))
    services.cancel_enrollment(enrollment=first, by=system())
    assert f"{mine.pk}/acceptance/" in body(client.get(f"{HOME}1/1/enrollments/"))
    client.post(f"{HOME}enrollments/{mine.pk}/acceptance/")
    mine.refresh_from_db()
    assert mine.state == EnrollmentState.CONFIRMED


def test_nobody_cancels_for_a_stranger(client_of: ClientOf) -> None:
    enrollment = make.enroll(make.session())
    for who, status in (("resident", 403), ("outsider", 404), ("visitor", 302)):
        answer = client_of(who).post(f"{HOME}enrollments/{enrollment.pk}/cancellation/")
        assert answer.status_code == status, who
    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.CONFIRMED


def test_the_code_at_the_door_checks_in_whoever_enrolled(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    session, me = make.session(days=0, hours=1), resident_of("resident")
    make.enroll(session, me)
    address = f"{HOME}1/1/arrival/{codes.door_code(session)}/"
    client = client_of("resident")
    assert "陈桂芳" in body(client.get(address))
    assert client.post(address, {"who": str(me.pk)}).status_code == 302
    assert queries.attendances() == 1
    assert client.post(f"{HOME}1/1/arrival/guessed/", {"who": str(me.pk)}).status_code == 409


def test_at_the_door_one_says_how_many_came_along(client_of: ClientOf, resident_of: Callable[[str], Resident]) -> None:
    session, me = make.session(days=0, hours=1, party_size=3), resident_of("resident")
    make.enroll(session, me, places=3)
    address, client = f"{HOME}1/1/arrival/{codes.door_code(session)}/", client_of("resident")
    assert 'value="3"' in body(client.get(address))
    assert client.post(address, {"who": str(me.pk), f"people-{me.pk}": "4"}).status_code == 422
    assert client.post(address, {"who": str(me.pk), f"people-{me.pk}": "2"}).status_code == 302
    assert queries.attendances() == 2


def test_the_poster_and_the_calendar_are_for_everybody(client_of: ClientOf) -> None:
    make.session()
    assert "<svg" in body(client_of("visitor").get(f"{HOME}1/1/poster/"))
    answer = client_of("visitor").get(f"{HOME}1/calendar.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VCALENDAR" in answer.content


def test_my_page_knows_what_is_to_come(client_of: ClientOf, resident_of: Callable[[str], Resident]) -> None:
    me = resident_of("resident")
    actor = actor_for(me.account)
    later, sooner = make.session(days=3), make.session(days=1)
    term = make.activity(mode=Mode.TERM)
    lesson = make.date_of(term, days=2)
    services.publish(activity=term, by=system())
    for session in (later, make.again(lesson), sooner):
        make.enroll(session, me)
    assert [one.session for one in queries.upcoming_of(actor)] == [sooner, lesson, later]
    with clock.at(later.ends_at + timedelta(minutes=1)):
        assert [one.session for one in queries.upcoming_of(actor)] == [None]


@pytest.mark.parametrize("address", [HOME, f"{HOME}1/", "/c/nanhu/workbench/activities/"])
def test_a_longer_list_asks_no_more_questions(client_of: ClientOf, address: str) -> None:
    client = client_of("staff")

    def questions() -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    make.enroll(make.session())
    with_one = questions()
    for _more in range(2):
        make.enroll(make.session())
    assert questions() == with_one


def test_who_left_the_queue_reads_until_when_the_turn_can_be_had_again(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    session, client = make.session(places=1), client_of("resident")
    make.enroll(session)
    mine = make.wait(session, resident_of("resident"))
    page = body(client.post(f"{HOME}enrollments/{mine.pk}/cancellation/", follow=True, headers=ENGLISH["headers"]))
    until = clock_time(clock.now() + services.WAY_BACK)
    assert "no longer queues" in page
    assert "seat is given back" not in page
    assert f"You can take it back until {until}." in page
    page = body(client.post(f"{HOME}enrollments/{mine.pk}/restoration/", follow=True, headers=ENGLISH["headers"]))
    assert "you have your turn again" in page
    assert "no. 1 in the queue" in page


def test_a_seat_that_went_on_is_not_offered_back(client_of: ClientOf, resident_of: Callable[[str], Resident]) -> None:
    session, client = make.session(places=1), client_of("resident")
    mine = make.enroll(session, resident_of("resident"))
    make.wait(session)
    page = body(client.post(f"{HOME}enrollments/{mine.pk}/cancellation/", follow=True, headers=ENGLISH["headers"]))
    assert "It has gone on already, so this cannot be taken back." in page
    assert "restoration" not in page


@pytest.mark.parametrize("what", ["date", "activity"])
def test_what_was_called_off_offers_no_way_back_and_no_ticket(
    client_of: ClientOf, resident_of: Callable[[str], Resident], what: str
) -> None:
    session, client = make.session(places=1), client_of("resident")
    mine = make.enroll(session, resident_of("resident"))
    if what == "date":
        services.cancel_session(session=session, reason="停电", by=system())
    else:
        services.cancel(activity=session.activity, reason="停电", by=system())
    assert "restoration" not in body(client.get(f"{HOME}1/1/"))
    assert client.post(f"{HOME}enrollments/{mine.pk}/restoration/").status_code == 409
    assert client.get(f"{HOME}1/1/enrollments/").status_code == 302  # there is none to show
    mine.refresh_from_db()
    assert mine.state == EnrollmentState.CANCELLED


def test_a_lesson_called_off_has_no_code_for_the_door(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    session = make.session(mode=Mode.TERM)
    make.date_of(session.activity, days=9)
    make.enroll(session, resident_of("resident"))
    services.cancel_session(session=session, reason="停电", by=system())
    client = client_of("resident")
    off, on = (
        body(client.get(f"{HOME}1/1/enrollments/", headers=ENGLISH["headers"])),
        body(client.get(f"{HOME}1/2/enrollments/", headers=ENGLISH["headers"])),
    )
    assert "This date is called off" in off
    assert ("Show this when you come" in off, "Show this when you come" in on) == (False, True)


# --- what one sees first --------------------------------------------------------------------------------------------


def order_in(page: str, *parts: str) -> bool:
    """Whether these stand on the page in this order."""
    places = [page.index(part) for part in parts]
    return places == sorted(places)


def test_ones_own_state_stands_below_the_title_and_the_poster_below_the_words(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    dated = make.session(description="带上剪刀。")
    make.enroll(dated, resident_of("resident"))
    page = body(client_of("resident").get(f"{HOME}{dated.activity.number}/1/"))
    assert order_in(page, "<h1>", "您报上了", 'class="cover', "二楼茶艺室</p>", "带上剪刀", "poster/")


def test_who_is_checked_in_reads_that_and_no_longer_that_there_is_a_seat(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    dated = make.session(days=0, hours=-1)
    with clock.at(clock.now() - timedelta(hours=2)):
        make.enroll(dated, resident_of("resident"))
    browser, address = client_of("resident"), f"{HOME}{dated.activity.number}/1/"
    assert "已签到" not in body(browser.get(address))  # the control
    services.check_in(session=dated, resident=resident_of("resident"), method=Method.ROSTER, by=system())
    for shown in (address, f"{address}enrollments/", "/c/nanhu/me/"):
        page = body(browser.get(shown))
        assert "已签到" in page
        assert "您报上了" not in page
        assert "报上了：" not in page
    with clock.at(clock.now() + timedelta(hours=3)):
        assert "来过了" in body(browser.get(f"{address}enrollments/"))


def test_a_visitor_at_full_seats_is_asked_to_queue(client_of: ClientOf) -> None:
    dated = make.session(places=1)
    address = f"{HOME}{dated.activity.number}/1/"
    assert "登录报名" in body(client_of("visitor").get(address))
    make.enroll(dated)
    page = body(client_of("visitor").get(address))
    assert "登录排候补" in page
    assert "登录报名" not in page


def test_whoever_is_too_old_is_told_first_and_gets_no_form(client_of: ClientOf) -> None:
    for_children = make.session(audience="children")
    page = body(client_of("resident").get(f"{HOME}{for_children.activity.number}/1/"))
    assert order_in(page, "<h1>", "14 岁以下的", 'class="cover')
    assert 'name="who"' not in page
    assert 'name="who"' in body(client_of("resident").get(f"{HOME}{make.session().activity.number}/1/"))


def test_a_day_is_named_can_be_cleared_and_keeps_what_else_was_chosen(client_of: ClientOf) -> None:
    dated = make.session(title="剪纸", kind="workshop")
    make.session(title="坝坝茶", kind="gathering")
    day = timezone.localtime(dated.starts_at).date()
    page = body(client_of("visitor").get(HOME, {"day": day.isoformat(), "kind": "workshop"}))
    assert "剪纸" in page
    assert "坝坝茶" not in page, "the kind still counts"
    assert wording.day(day) in page
    assert 'href="?kind=workshop"' in page, "the way back to every day keeps the kind"
    assert f'name="day" value="{day.isoformat()}"' in page, "and looking for a word keeps the day"
    assert 'aria-current="true">这一周' not in page
