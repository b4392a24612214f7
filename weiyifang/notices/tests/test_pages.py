"""Messages as people read them, and the lists as volunteers work through them."""

from __future__ import annotations

from typing import Any

import pytest

from weiyifang.notices import services
from weiyifang.notices.models import Delivery, DeliveryState, Notice
from weiyifang.notices.tests import make
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.django_db
INBOX = "/c/nanhu/me/messages/"
LIST = "/c/nanhu/workbench/messages/"


def test_what_is_new_is_marked_where_one_s_own_pages_begin(client_of: ClientOf, resident_of: Any) -> None:
    browser = client_of("resident")
    new = 'class="new"'
    assert new not in browser.get("/c/nanhu/news/").content.decode()
    notice = make.told(resident_of("resident"))
    assert new in browser.get("/c/nanhu/news/").content.decode()
    answer = browser.post(f"{INBOX}{notice.pk}/")
    assert answer.headers["Location"] == "/c/nanhu/activities/7/1/"
    assert new not in browser.get("/c/nanhu/news/").content.decode()


def test_a_message_says_what_it_is_about_as_that_is_called_now(client_of: ClientOf, resident_of: Any) -> None:
    person = resident_of("resident")
    make.told(person)
    page = client_of("resident").get(INBOX).content.decode()
    assert "取消了" in page
    assert "10月16日" in page


def test_the_dot_costs_no_question_more(
    client_of: ClientOf, resident_of: Any, django_assert_max_num_queries: Any
) -> None:
    browser = client_of("resident")
    browser.get(INBOX)
    with django_assert_max_num_queries(12) as without:
        browser.get("/c/nanhu/me/details/")
    make.told(resident_of("resident"))
    with django_assert_max_num_queries(len(without)):
        browser.get("/c/nanhu/me/details/")


def test_many_messages_take_as_many_questions_as_few(
    client_of: ClientOf, resident_of: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser = client_of("resident")
    make.told(resident_of("resident"))
    with django_assert_max_num_queries(12) as few:
        browser.get(INBOX)
    for _time in range(25):
        make.told(resident_of("resident"))
    with django_assert_num_queries(len(few) + 1):  # how many there are: asked where there is a second page
        page = browser.get(INBOX)
    assert page.context["page"].paginator.num_pages == 2


def test_put_away_is_kept_apart_and_comes_back(client_of: ClientOf, resident_of: Any) -> None:
    browser, notice = client_of("resident"), make.told(resident_of("resident"))
    browser.post(f"{INBOX}{notice.pk}/end/")
    assert "取消了" not in browser.get(INBOX).content.decode()
    assert "取消了" in browser.get(f"{INBOX}?done=1").content.decode()
    browser.post(f"{INBOX}{notice.pk}/return/")
    assert "取消了" in browser.get(INBOX).content.decode()


def test_all_of_it_is_seen_at_once(client_of: ClientOf, resident_of: Any) -> None:
    for _time in range(3):
        make.told(resident_of("resident"))
    client_of("resident").post(f"{INBOX}reading/")
    assert not Notice.objects.filter(resident=resident_of("resident"), read_at=None).exists()


def test_nobody_reads_or_puts_away_what_another_was_told(client_of: ClientOf, resident_of: Any) -> None:
    notice = make.told(resident_of("resident"))
    for key in ("volunteer", "secretary", "outsider"):
        browser = client_of(key)
        assert browser.post(f"{INBOX}{notice.pk}/").status_code == 404
        assert browser.post(f"{INBOX}{notice.pk}/end/").status_code == 404
        assert browser.post(f"{INBOX}{notice.pk}/return/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_volunteer_works_through_the_list(client_of: ClientOf) -> None:
    make.told(make.resident("刘婆婆"))
    services.route_new()
    browser = client_of("volunteer")
    page = browser.get(LIST).content.decode()
    assert "刘婆婆" in page
    assert "南湖路三号院" in page
    delivery = Delivery.objects.get()
    answer = browser.post(f"{LIST}deliveries/{delivery.pk}/telling/")
    assert answer.headers["Location"] == f"{LIST}phone/"
    assert "刘婆婆" not in browser.get(LIST).content.decode()
    log = browser.get(f"{LIST}phone/log/").content.decode()
    assert "刘婆婆" in log
    browser.post(f"{LIST}deliveries/{delivery.pk}/telling/end/")
    assert "刘婆婆" in browser.get(LIST).content.decode()


def test_the_list_shows_no_number(client_of: ClientOf) -> None:
    make.told(make.resident("刘婆婆"))
    services.route_new()
    assert "13800138000" not in client_of("volunteer").get(LIST).content.decode().replace(" ", "")


def test_a_reason_that_is_none_ticks_nothing(client_of: ClientOf) -> None:
    make.told(make.resident())
    services.route_new()
    delivery = Delivery.objects.get()
    answer = client_of("volunteer").post(f"{LIST}deliveries/{delivery.pk}/telling/", {"why": "x" * 500})
    assert answer.status_code == 404
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE


def test_a_list_there_is_not_is_not_found(client_of: ClientOf) -> None:
    browser = client_of("volunteer")
    assert browser.get(f"{LIST}pigeon/").status_code == 404
    assert browser.get(f"{LIST}pigeon/log/").status_code == 404
