"""Whoever answers, Django or what stands in front of it, the answer is the same."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from tests.concurrency import at_once
from weiyifang.activities import rush, services
from weiyifang.activities.models import Enrollment, Session
from weiyifang.activities.services import Details
from weiyifang.activities.tests import make
from weiyifang.core.actors import system
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import outside_any_community
from weiyifang.people.models import Account, Resident
from weiyifang.people.testing import ClientOf, CommunityClient

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]

DJANGO = WSGIHandler()
IN_FRONT = rush.EnrolInRush(DJANGO)
OWN = {"id", "code"}  # differ from one enrolment to the next


class Answer(NamedTuple):
    status: str
    headers: dict[str, str]
    told: dict[str, Any]


def ask(application: WSGIApplication, session: Session, cookie: str, **more: Any) -> Answer:
    """Enrol as a program does; `more` goes into the environ, `body` and `path` are taken from it."""
    number, date_number = session.activity.number, session.number
    body = more.pop("body", b"{}")
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": more.pop("path", "/c/nanhu/api/activities/{}/{}/enrollments").format(number, date_number),
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": cookie,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        **more,
    }
    began: list[Any] = []

    def start_response(*head: Any) -> Callable[[bytes], object]:
        began.append(head)
        return lambda data: None

    with outside_any_community():
        parts = application(environ, start_response)
    content = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    ((status, headers),) = began
    is_json = dict(headers).get("Content-Type", "").startswith("application/json")
    return Answer(status, dict(headers), json.loads(content) if is_json else {})


def cookie_of(browser: CommunityClient) -> str:
    return f"sessionid={browser.cookies['sessionid'].value}" if "sessionid" in browser.cookies else ""


@pytest.fixture
def in_front(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was answered in front of Django."""
    seen: list[str] = []
    answer = rush._answer

    def note(outcome: Any, *rest: Any) -> Any:
        seen.append(type(outcome).__name__)
        return answer(outcome, *rest)

    monkeypatch.setattr(rush, "_answer", note)
    return seen


# what came of it: what the activity is like, and what else the request says
PLAIN: dict[str, tuple[Details, dict[str, Any]]] = {
    "Enrollment": ({}, {"body": '{"places": 1, "note": "坐轮椅"}'.encode()}),
    "SessionFull": ({"places": 1}, {}),
    "TooManyPlaces": ({}, {"body": b'{"places": 2}'}),
    "TooYoung": ({"min_age": 99}, {"HTTP_ACCEPT_LANGUAGE": "en"}),
    "AlreadyEnrolled": ({}, {"cookies": "; django_language=en"}),
}


@pytest.mark.parametrize("outcome", PLAIN)
def test_what_is_plain_is_answered_in_front_of_django_and_as_django_does(
    outcome: str, client_of: ClientOf, resident_of: Callable[[str], Resident], in_front: list[str]
) -> None:
    details, more = PLAIN[outcome]
    more = dict(more)
    cookie, person = cookie_of(client_of("resident")) + more.pop("cookies", ""), resident_of("resident")

    def answer_of(application: WSGIApplication) -> Answer:
        session = make.session(**details)
        if outcome == "SessionFull":
            make.enroll(session)
        if outcome == "AlreadyEnrolled":
            make.enroll(session, person)
        return ask(application, session, cookie, **more)

    alone, rushed = answer_of(DJANGO), answer_of(IN_FRONT)
    assert in_front == [outcome]
    assert (rushed.status, rushed.headers) == (alone.status, alone.headers)
    assert rushed.told.keys() == alone.told.keys()
    assert rushed.told == alone.told | {name: rushed.told[name] for name in OWN & rushed.told.keys()}


@pytest.mark.parametrize(
    ("who", "more"),
    [
        ("visitor", {}),
        ("outsider", {}),
        ("staff", {}),  # a duty may want a second factor
        ("accountant", {}),  # does not live here
        ("resident", {"HTTP_HOST": "elsewhere.example"}),
        ("resident", {"HTTP_ORIGIN": "https://elsewhere.example"}),
        ("resident", {"HTTP_IDEMPOTENCY_KEY": "a-key"}),
        ("resident", {"CONTENT_TYPE": "text/plain"}),
        ("resident", {"body": b"{"}),
        ("resident", {"body": b'{"places": 0}'}),
        ("resident", {"body": b'{"queue": true}'}),
        ("resident", {"body": b'{"resident": 1}'}),
        ("resident", {"body": b'{"note": "' + b"x" * 3000 + b'"}'}),
        ("resident", {"path": "/c/nowhere/api/activities/{}/{}/enrollments"}),
        ("resident", {"path": "/c/nanhu/api/activities/{}/99{}/enrollments"}),
    ],
)
def test_what_is_not_plain_goes_on_to_django(
    who: str, more: dict[str, Any], client_of: ClientOf, in_front: list[str]
) -> None:
    cookie = cookie_of(client_of(who))
    alone, rushed = (ask(application, make.session(), cookie, **more) for application in (DJANGO, IN_FRONT))
    assert in_front == []
    assert rushed.status == alone.status
    assert rushed.headers.keys() == alone.headers.keys()
    assert rushed.told.keys() == alone.told.keys()


def signed_out(account: Account, browser: CommunityClient) -> None:
    browser.logout()


def over(account: Account, browser: CommunityClient) -> None:
    stored = browser.session
    stored.set_expiry(-1)
    stored.save()


def with_another_password(account: Account, browser: CommunityClient) -> None:
    account.set_password("quite another one")
    account.save()


def blocked(account: Account, browser: CommunityClient) -> None:
    account.is_active = False
    account.save()


@pytest.mark.parametrize("ended", [signed_out, over, with_another_password, blocked])
def test_a_session_that_has_ended_opens_nothing(
    ended: Callable[[Account, CommunityClient], None],
    client_of: ClientOf,
    accounts: dict[str, Account],
    in_front: list[str],
) -> None:
    browser = client_of("resident")
    cookie = cookie_of(browser)
    ended(accounts["resident"], browser)
    answer = ask(IN_FRONT, make.session(), cookie)
    assert (answer.status, answer.told["code"]) == ("401 Unauthorized", "SignIn")
    assert not Enrollment.objects.exists()
    assert in_front == []


def test_over_https_the_browser_is_told_to_stay_there(client_of: ClientOf, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_PROXY_SSL_HEADER = 3600, ("HTTP_X_FORWARDED_PROTO", "https")
    django, cookie = WSGIHandler(), cookie_of(client_of("resident"))  # middleware reads the settings when it is made
    alone, rushed = (
        ask(application, make.session(), cookie, HTTP_X_FORWARDED_PROTO="https")
        for application in (django, rush.EnrolInRush(django))
    )
    assert rushed.headers == alone.headers
    assert rushed.headers["Strict-Transport-Security"] == "max-age=3600"


def test_a_draft_is_not_there_for_them(client_of: ClientOf) -> None:
    draft = make.again(make.date_of(make.activity()))
    assert ask(IN_FRONT, draft, cookie_of(client_of("resident"))).status == "404 Not Found"


def test_what_was_written_says_who_did_it(
    client_of: ClientOf, resident_of: Callable[[str], Resident], accounts: dict[str, Account]
) -> None:
    session = make.session()
    assert ask(IN_FRONT, session, cookie_of(client_of("resident"))).status == "201 Created"
    enrollment = Enrollment.objects.get(session=session)
    assert enrollment.resident == resident_of("resident")
    assert enrollment.enrolled_by_id == accounts["resident"].pk
    told = TimelineEntry.objects.get(verb="EnrollmentConfirmed")
    assert told.actor_account_id == accounts["resident"].pk


def test_called_off_or_full_at_the_same_moment_each_gets_their_own_answer(client_of: ClientOf) -> None:
    """Six at once, some of them signed in, some not: nobody gets what is meant for a neighbour."""
    session = make.session(places=1)
    cookies = [cookie_of(client_of(who)) for who in ("resident", "volunteer", "visitor", "leader", "outsider", "staff")]

    def one(cookie: str) -> Callable[[], str]:
        def call() -> str:
            try:
                return ask(IN_FRONT, session, cookie).status
            finally:
                connections.close_all()

        return call

    got = at_once(*[one(cookie) for cookie in cookies])
    resident, volunteer, visitor, leader, outsider, staff = got
    assert sorted(map(str, [resident, volunteer, leader])) == ["201 Created", "409 Conflict", "409 Conflict"]
    assert (visitor, outsider) == ("401 Unauthorized", "404 Not Found")
    assert staff == "403 Forbidden"  # does not live here
    services.cancel_session(session=make.again(session), reason="停电", by=system())
    late = ask(IN_FRONT, session, cookies[1])
    assert (late.status, late.told["code"]) == ("409 Conflict", "EnrollmentClosed")
