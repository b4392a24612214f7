"""Every act: who did what, to what, for whom, when; looked through by who, what and day."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.activities import services as activities
from weiyifang.activities.models import Enrollment
from weiyifang.activities.tests import make as activity
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.look import wording
from weiyifang.core.models import TimelineEntry
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
HISTORY = "/c/nanhu/workbench/history/"


def lines(page: Any) -> list[str]:
    """The entries of the page, tags taken out of their words but for the links."""
    found = re.findall(r'<li class="done">(.*?)</li>', page.content.decode(), re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<(?!/?a\b)[^>]*>", "", one)) for one in found]


def enrolled_at_the_desk(cast: dict[str, Actor]) -> Enrollment:
    session = activity.session(title="剪纸")
    caller = activity.resident("文秀兰")
    return activities.enroll(session=session, resident=caller, by=cast["staff"])


def test_an_entry_says_who_enrolled_whom_in_what_and_when_with_links(
    client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    made = enrolled_at_the_desk(cast)
    told = next(one for one in lines(client_of("secretary").get(HISTORY)) if "文秀兰" in one and "剪纸" in one)
    assert "周敏" in told
    assert '<a href="/c/nanhu/workbench/activities/1/1/">剪纸</a>' in told
    assert f'<a href="/c/nanhu/workbench/residents/{made.resident.number}/">文秀兰</a>' in told
    assert wording.moment(made.enrolled_at) in told  # the year is always said


def test_who_may_not_see_the_register_reads_a_number_and_no_link_that_refuses(
    client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    made = enrolled_at_the_desk(cast)
    for who in ("supervisor", "street_officer"):
        browser = client_of(who)
        page = browser.get(HISTORY)
        assert "文秀兰" not in page.content.decode()
        assert f"居民 {made.resident.number} 号" in page.content.decode()
        links = {link for one in lines(page) for link in re.findall(r'href="([^"]+)"', one)}
        assert links
        assert {browser.get(link).status_code for link in links} == {200}


def test_it_is_looked_through_by_who_what_and_day(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    enrolled_at_the_desk(cast)
    fund.open_fund(by=system())
    money.gift(cast["accountant"])
    browser = client_of("supervisor")

    def count(**asked: str) -> int:
        return len(lines(browser.get(HISTORY, asked)))

    assert count(who="周敏") == TimelineEntry.objects.filter(actor_account_id=cast["staff"].account_id).count() == 1
    assert count(who="没有这个人") == 0
    assert 0 < count(what="fund") < count()
    assert count(what="EnrollmentConfirmed") == 1
    assert count(what="nonsense") == count() == count(since="2026-02-30", until="x")  # what does not fit is left out
    today = clock.today()
    assert count(since=str(today), until=str(today)) == count()
    assert count(until=str(today - timedelta(days=1))) == 0
    assert count(since=str(today + timedelta(days=1))) == 0


def test_many_pages_have_a_jump_that_keeps_what_was_asked(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    here = cast["staff"].community_id
    many = [TimelineEntry(verb="ActivityPlanned", subject="x", community_id=here) for _n in range(300)]
    TimelineEntry.objects.bulk_create(many)
    page = client_of("supervisor").get(HISTORY, {"what": "activities", "page": "2"}).content.decode()
    jump = page[page.index('class="jump"') :]
    assert 'name="what" value="activities"' in jump[: jump.index("</form>")]
    assert 'name="page"' in jump
    assert client_of("supervisor").get(HISTORY, {"page": "6"}).status_code == 200


def test_longer_histories_ask_no_more_questions(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    browser = client_of("secretary")
    enrolled_at_the_desk(cast)
    browser.get(HISTORY)
    with CaptureQueriesContext(connection) as few:
        browser.get(HISTORY)
    for _n in range(5):
        enrolled_at_the_desk(cast)
    with CaptureQueriesContext(connection) as many:
        browser.get(HISTORY)
    assert len(many) == len(few)
