"""What nobody can have meant is answered in front of Django by the real server: with a sentence, and nothing done."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter
from pytest_django.plugin import DjangoDbBlocker

from tests import at_noon
from tests.processes import eventually
from tests.real_stage import Answer, RealStage, real_stage
from tests.stage import NOON
from weiyifang.activities.models import Enrollment
from weiyifang.core.tenancy import in_community
from weiyifang.core.web.numbers_in_paths import ShortNumber
from weiyifang.news.models import Read
from weiyifang.people.testing import CommunityClient

ROOT = Path(__file__).resolve().parent.parent
PHONE = ("User-Agent", "Mozilla/5.0 (Linux; Android 12; M2012K11AC) MicroMessenger/8.0")
Header = tuple[str, bytes | str]
JSON: Header = ("Content-Type", "application/json")
FORM: Header = ("Content-Type", "application/x-www-form-urlencoded")
CHINESE: Header = ("Accept-Language", "zh-CN")


@pytest.fixture(scope="module")
def real(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RealStage]:
    """Behind a proxy of ours, as it is run."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WEIYIFANG_PROXIES", "1")
        environment.setenv("WEIYIFANG_PROXY_HEADER", "Forwarded")
        with real_stage(django_db_blocker) as real:
            yield real


def is_a_page_of_ours(answer: Answer) -> bool:
    return b"css/tokens" in answer.body and re.search(rb"<h1[^>]*>[^<]+</h1>", answer.body) is not None


def test_the_server_has_the_hour_of_the_stage() -> None:
    assert at_noon.NOON == NOON


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ("/c/nanhu，快来", "/c/nanhu"),
        ("/c/nanhu/，快来", "/c/nanhu/"),
        ("/c/nanhu/activities/，快来报名", "/c/nanhu/activities/"),
        ("/c/nanhu/news/1/。", "/c/nanhu/news/1/"),
        ("/c/nanhu/fund/看看", "/c/nanhu/fund/"),
        ("/c/nanhu/fund/%EF%BC%89", "/c/nanhu/fund/"),
        ("//elsewhere.example，/", "/%2Felsewhere.example"),
        ("/，快来", "/"),
    ],
)
def test_a_link_with_words_glued_to_it_leads_where_it_was_meant_to(real: RealStage, link: str, meant: str) -> None:
    answer = real.ask("GET", link)
    assert (answer.status, answer.headers["Location"]) == (302, meant)


@pytest.mark.parametrize("path", ["/c/南湖/", "/c/%ff%fe/", "/c/nanhu/%ff", "/c/nanhu/%ED%A0%80", "/c/nanhu/%zz", "*"])
def test_an_address_in_any_letters_is_a_friendly_page(real: RealStage, path: str) -> None:
    answer = real.ask("GET", path)
    assert answer.status == 404
    assert is_a_page_of_ours(answer)


@pytest.mark.parametrize(
    ("path", "cookie"),
    [
        ("/%00", ""),
        ("/c/nanhu/%00", ""),
        ("/c/nanhu/activities/?q=%00", ""),
        ("/c/nanhu/activities/?of=a%00b", ""),
        ("/c/nanhu/me/", r'sessionid="\000"'),
    ],
)
def test_nul_is_refused_wherever_it_stands(real: RealStage, path: str, cookie: str) -> None:
    answer = real.ask("GET", path, headers=[("Cookie", cookie)] if cookie else [])
    assert answer.status == 400
    assert is_a_page_of_ours(answer)


@pytest.mark.parametrize("value", ["%00", "a%00b", "\0"])
def test_nul_in_a_form_is_refused(real: RealStage, value: str) -> None:
    answer = real.ask("POST", "/c/nanhu/look/", headers=[FORM], body=f"mode={value}".encode())
    assert answer.status == 400
    assert is_a_page_of_ours(answer)


@pytest.mark.parametrize(
    "note",
    [r"\u0000", r"\ud800", r"a\u0000b", r"\udfff\ud800"],
)
def test_what_is_no_text_is_refused_to_programs_too(real: RealStage, note: str) -> None:
    path = real.stage.address("api/activities/<number>/<date_number>/enrollments")
    answer = real.ask("POST", path, who="resident", headers=[JSON], body=b'{"note": "%s"}' % note.encode())
    assert (answer.status, answer.told["code"]) == (400, "NotUnderstood")


def test_two_halves_of_one_letter_are_a_letter(real: RealStage) -> None:
    """The control of the test above: so Python writes 🀄 in JSON."""
    path = real.stage.address("api/activities/<number>/<date_number>/enrollments")
    body = json.dumps({"note": "🀄", "places": 0}).encode()
    assert real.ask("POST", path, who="resident", headers=[JSON], body=body).status == 422


@pytest.mark.parametrize("charset", ["gbk", "utf-16", "rot13", "base64", "nonsense"])
def test_another_encoding_is_named_and_not_guessed(real: RealStage, charset: str) -> None:
    kind = ("Content-Type", f"application/x-www-form-urlencoded; charset={charset}")
    assert real.ask("GET", "/c/nanhu/activities/?q=a", headers=[kind]).status == 415
    assert real.ask("POST", "/c/nanhu/look/", headers=[kind], body=b"mode=care").status == 415


@pytest.mark.parametrize("referer", ["http://[::1", "http://[x]/", "http://127.0.0.1:99999999/", "//[", "中文"])
@pytest.mark.parametrize("name", ["Referer", "Origin"])
def test_a_broken_address_in_a_header_breaks_nothing(real: RealStage, name: str, referer: str) -> None:
    headers: list[Header] = [(name, referer.encode())]
    assert real.ask("GET", "/c/nanhu/look/", headers=headers).status == 200
    assert real.ask("POST", "/c/nanhu/look/", headers=[*headers, FORM], body=b"mode=care").status == 403
    path = real.stage.address("workbench/residents/<number>/")
    assert real.ask("GET", path, who="resident", headers=headers).status == 403


# --- headers that the web server does not hand over ---------------------------------------------------------------


def test_a_cookie_in_chinese_hides_nobodys_session_behind_a_strangers_answer(real: RealStage) -> None:
    """The web server drops all cookies then: what only somebody known may see or do is answered with how to mend it."""
    odd: list[Header] = [("Cookie", "其他=南湖".encode()), CHINESE]
    for method, path, body in (
        ("GET", "/c/nanhu/me/", None),
        ("GET", "/c/nanhu/api/people/me", None),
        ("POST", "/c/nanhu/me/erasure/", b""),
    ):
        answer = real.ask(method, path, who="resident", headers=odd, body=body)
        assert answer.status == 400
        assert "一个网站" in (answer.told["detail"] if "/api/" in path else answer.body.decode())
    assert real.ask("GET", "/c/nanhu/news/", who="resident", headers=odd).status == 200


def test_who_has_such_a_cookie_reads_in_both_languages_how_to_be_rid_of_it(real: RealStage) -> None:
    odd: list[Header] = [("Cookie", "城市=重庆".encode()), ("Accept-Language", "ug")]
    said = real.ask("GET", "/accounts/login/?next=/c/nanhu/me/", headers=odd).body.decode()
    assert "一个网站" in said
    assert "Another site has left a cookie" in said
    assert '<form method="post" action="/cookies/?next=%2Faccounts%2Flogin%2F%3Fnext%3D%2Fc%2Fnanhu%2Fme%2F">' in said
    assert 'data-again="/accounts/login/?next=/c/nanhu/me/"' in said


@pytest.mark.parametrize(
    ("wanted", "onward"),
    [
        ("%2Fc%2Fnanhu%2Fme%2F", "/c/nanhu/me/"),
        ("%2F%2Felsewhere.example", "/"),
        ("https%3A%2F%2Felsewhere", "/"),
        ("", "/"),
    ],
)
def test_one_press_deletes_the_cookies_and_leads_on_inside_this_site(real: RealStage, wanted: str, onward: str) -> None:
    odd: list[Header] = [("Cookie", "城市=重庆".encode())]
    answer = real.ask("POST", f"/cookies/?next={wanted}", who="resident", headers=odd, body=b"")
    assert (answer.status, answer.headers["Location"]) == (303, onward)
    assert answer.headers["Clear-Site-Data"] == '"cookies"'


@pytest.mark.parametrize(("method", "cookie"), [("POST", "city=Chongqing"), ("GET", "城市=重庆")])
def test_nobody_loses_cookies_that_can_be_read_nor_by_a_link(real: RealStage, method: str, cookie: str) -> None:
    body = b"" if method == "POST" else None
    answer = real.ask(method, "/cookies/", who="resident", headers=[("Cookie", cookie.encode())], body=body)
    assert answer.status == 303
    assert "Clear-Site-Data" not in answer.headers


@pytest.mark.parametrize("key", ["钥匙", "", "é", "x" * 81, "a b"])
def test_a_key_that_cannot_be_read_books_nothing(real: RealStage, key: str) -> None:
    path = real.stage.address("api/activities/<number>/<date_number>/enrollments")
    before = seats(real)
    headers: list[Header] = [JSON, ("Idempotency-Key", key.encode()), CHINESE]
    for _time in range(2):
        answer = real.ask("POST", path, who="volunteer", headers=headers, body=b"{}")
        assert (answer.status, answer.told["code"]) == (400, "KeyUnreadable")
    assert seats(real) == before


def seats(real: RealStage) -> int:
    with in_community(real.stage.community):
        return Enrollment.objects.count()


# --- one shape ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_line", "body", "status", "code"),
    [
        ("GET /c/nanhu/api/none", None, 404, "NotFound"),
        ("GET /c/nanhu/api/", None, 404, "NotFound"),
        ("GET /c/nanhu/api/，快来", None, 404, "NotFound"),
        ("GET /c/none/api/activities/", None, 404, "NotFound"),
        ("GET /c/nanhu/api/organizations/999", None, 404, "NotFound"),
        ("GET /c/nanhu/api/organizations/99999999999999999999", None, 404, "NotFound"),
        ("PUT /c/nanhu/api/activities/", b"", 405, "NotThisWay"),
        ("GET /c/nanhu/api/fund/entries?limit=0", None, 422, "Invalid"),
        ("GET /c/nanhu/api/people/me", None, 401, "SignIn"),
        ("POST /c/nanhu/api/fund/receipts", b"{", 400, "NotUnderstood"),
        ("POST /c/nanhu/api/fund/receipts", b"x" * 70_000, 413, "TooMuch"),
    ],
)
def test_programs_get_one_shape_in_the_readers_language(
    real: RealStage, request_line: str, body: bytes | None, status: int, code: str
) -> None:
    (method, path), details = request_line.split(), set()
    for language in ("zh-CN", "en"):
        answer = real.ask(method, path, headers=[JSON, ("Accept-Language", language)], body=body)
        assert (answer.status, answer.headers["content-type"]) == (status, "application/json; charset=utf-8")
        assert set(answer.told) == {"code", "detail"}
        assert answer.told["code"] == code
        details.add(answer.told["detail"])
    assert len(details) == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/look/", 405),
        ("TRACE", "/", 405),
        ("POST", "/look/", 403),
        ("PUT", "/c/nanhu/news/", 403),
        ("POST", "/accounts/logout/", 403),
    ],
)
def test_no_error_is_an_empty_page(real: RealStage, method: str, path: str, status: int) -> None:
    answer = real.ask(method, path, body=b"" if method != "GET" else None, who="resident")
    assert answer.status == status
    assert is_a_page_of_ours(answer)


def test_the_schema_tells_of_every_error() -> None:
    schema = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    wanted = {"400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429", "500", "503"}
    for methods in schema["paths"].values():
        for operation in methods.values():
            assert wanted <= operation["responses"].keys()


# --- behind a proxy -----------------------------------------------------------------------------------------------


def test_behind_a_proxy_two_readers_are_two_though_the_page_is_kept(real: RealStage) -> None:
    path = real.stage.address("news/<number>/")

    def reads() -> int:
        with in_community(real.stage.community):
            return Read.objects.count()

    before = reads()
    for number in (7, 8, 8):
        real.ask("GET", path, headers=[PHONE, ("Forwarded", f"for=203.0.113.{number}")])
    assert eventually(lambda: reads() == before + 2)


# --- in the views -------------------------------------------------------------------------------------------------

READS_ITSELF = re.compile(r"request\.GET(?:\.get(?:list)?\(|\[)")
MAY = {
    "core/web/asked.py": "the one place",
    "core/web/switching.py": "`next`, which Django's own check of addresses reads",
    "core/web/door.py": "`next`, which leads back only to an address of ours; and all of it, for NUL",
    "people/limits.py": "`next`, of which only the community's name is looked for",
}


def test_no_view_reads_what_stands_behind_the_question_mark_itself() -> None:
    files = [path for path in ROOT.glob("weiyifang/**/*.py") if "tests" not in path.parts]
    reading = {str(path.relative_to(ROOT / "weiyifang")) for path in files if READS_ITSELF.search(path.read_text())}
    assert reading == set(MAY), "use core.asked, or a form"


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-02-30", "0000-01-01", "9999-12-31", "99999999999999999999", "x" * 5000, "-1"])
def test_a_day_that_is_none_is_left_out(here: object, day: str) -> None:
    assert CommunityClient().get("/c/nanhu/activities/", {"day": day}).status_code == 200


def test_no_number_in_an_address_is_longer_than_a_column() -> None:
    """`<number:…>` and `<uuid:…>`: of a text in an address the view says what it may be."""
    texts = set()
    for urls in ("config.urls", "config.community_urls"):
        for route, converters in converted(get_resolver(urls).url_patterns):
            for name, converter in converters.items():
                if not route.startswith("accounts/") and not isinstance(converter, UUIDConverter | ShortNumber):
                    assert type(converter) is not IntConverter, f"{route}: use <number:{name}>"
                    texts.add(f"{route}: {name}")
    assert texts == TEXTS


TEXTS = {  # each is looked up among what there is, and compared with nothing else
    "activities/tickets/<str:ticket>/: ticket",
    "activities/<number:number>/<number:date_number>/arrival/<str:code>/: code",
    "activities/certificates/<str:code>/: code",
    "activities/cards/<str:code>/: code",
    "stage/cards/<str:code>/: code",
    "volunteering/cards/<str:code>/: code",
    "volunteering/papers/check/<str:code>/: code",
    "fund/give/<str:code>/: code",
    "wechat-pay/double/<slug:number>/: number",
    "fund/receipts/<str:code>/: code",
    "fund/receipts/<str:code>/proof.json: code",
    "calendars/<slug:secret>.ics: secret",
    "workbench/fund/books/<str:code>/: code",
    "workbench/fund/purposes/<str:code>/: code",
    "workbench/fund/purposes/<str:code>/end/: code",
    "workbench/fund/purposes/<str:code>/change/: code",
    "workbench/papers/<str:kind>/<uuid:pk>/: kind",
    "workbench/papers/<str:kind>/<uuid:pk>/<uuid:file_pk>/end/: kind",
    "workbench/papers/<str:kind>/<uuid:pk>/look/: kind",
    "files/<uuid:pk>/<slug:size>/: size",
    "workbench/messages/<slug:route>/: route",
    "workbench/messages/<slug:route>/log/: route",
    "workbench/rules/<str:name>/: name",
}


def converted(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every route and how the names in it are read."""
    for one in patterns:
        route = before + str(one.pattern)
        yield route, getattr(one.pattern, "converters", {})
        if isinstance(one, URLResolver):
            yield from converted(one.url_patterns, route)
