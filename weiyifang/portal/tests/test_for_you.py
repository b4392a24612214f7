"""What concerns the reader stands first on the front page, and on nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from weiyifang.activities.tests import make as activity
from weiyifang.notices.tests import make as letters
from weiyifang.people.testing import ClientOf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def test_the_front_page_says_what_one_comes_to_today_and_that_there_are_messages(
    client_of: ClientOf, resident_of: Any
) -> None:
    person = resident_of("resident")
    soon, later = activity.session(days=0, hours=1, title="坝坝茶"), activity.session(days=9, title="剪纸")
    for session in (soon, later):
        activity.enroll(session, person)
    page = client_of("resident").get("/c/nanhu/").content.decode()
    mine = page.partition("为您")[2].partition("</section>")[0]
    assert "坝坝茶" in mine
    assert "剪纸" not in mine
    assert "您有新消息" not in mine
    letters.told(person)
    assert "您有新消息" in client_of("resident").get("/c/nanhu/").content.decode()


def test_a_visitor_s_front_page_says_nothing_of_anybody(client_of: ClientOf) -> None:
    activity.session(days=0, hours=1, title="坝坝茶")
    assert "为您" not in client_of("visitor").get("/c/nanhu/").content.decode()
