from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.signing import Signer
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.news import queries, reading, services
from weiyifang.news.models import Article, DayTally, Read, ReadTally, ReadTotal
from weiyifang.news.services.counting import Opening
from weiyifang.news.tests import make
from weiyifang.organizations.models import Organization
from weiyifang.people.testing import ClientOf

PHONE = "Mozilla/5.0 (Linux; Android 12; M2012K11AC) MicroMessenger/8.0"
OTHER_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0) MicroMessenger/8.0"


@pytest.fixture
def article(cast: dict[str, Actor]) -> Article:
    return make.published(by=cast["staff"], reviewer=cast["secretary"])


def read(browser: Any, article: Article, agent: str = PHONE, **headers: str) -> Any:
    return browser.get(f"/c/nanhu/news/{article.number}/", HTTP_USER_AGENT=agent, **headers)


def counted(article: Article) -> tuple[int, int]:
    """Reads and openings, after what waits was written."""
    reading.counts.flush()
    openings = sum(ReadTally.objects.filter(article=article).values_list("openings", flat=True))
    return sum(ReadTotal.objects.filter(article=article).values_list("reads", flat=True)), openings


def test_one_reader_twice_a_day_is_one_read(article: Article, client_of: ClientOf) -> None:
    browser = client_of("resident")
    read(browser, article)
    read(browser, article, OTHER_PHONE)  # the same person on another phone
    assert counted(article) == (1, 2)
    read(browser, article)
    assert counted(article) == (1, 3)
    assert DayTally.objects.get().readers == 1


def test_the_next_day_is_another_read(article: Article, client_of: ClientOf) -> None:
    browser = client_of("visitor")
    read(browser, article)
    with clock.at(clock.now() + timedelta(days=1)):
        read(browser, article)
    assert counted(article) == (2, 2)


def test_a_device_is_one_reader_with_its_cookie_and_without(article: Article, client_of: ClientOf) -> None:
    keeps, refuses = client_of("visitor"), client_of("visitor")
    read(keeps, article)
    read(keeps, article)
    for _time in range(3):
        refuses.cookies.clear()
        read(refuses, article, OTHER_PHONE)
    assert counted(article) == (2, 5)
    with clock.at(clock.now() + timedelta(days=1)):
        read(keeps, article, REMOTE_ADDR="10.0.0.1")
        read(keeps, article, REMOTE_ADDR="10.0.0.2")  # the phone moved to another network
    assert counted(article) == (3, 7)


ROBOTS = [
    "",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; Baiduspider-render/2.0)",
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
    "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com) AppleWebKit/537.36",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/69.0 Safari/537.36; 360Spider",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko; compatible; YisouSpider/5.0) Chrome/120",
    "Googlebot/2.1",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
    "Mozilla/5.0 (compatible; ABrandNewOne/0.1; +https://example.org/why)",
    "curl/8.1",
    "python-requests/2.31",
    "Java/17.0.2",
    "Dart/2.18 (dart:io)",
    "PostmanRuntime/7.36",
    "FreshRSS/1.24 (Linux; https://freshrss.org)",
]
PEOPLE = [
    PHONE,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.40",
    "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100.0 Mobile",
    "Mozilla/5.0 (Linux; Android 13; V2148A) AppleWebKit/537.36 aweme_230 BytedanceWebview/d8a21c6",
    "Mozilla/5.0 (Linux; U; Android 13; zh-CN; V2148A) AppleWebKit/537.36 UCBrowser/15.5 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 9; EML-AL00) AppleWebKit/537.36 baiduboxapp/13.1 (Baidu; P1 9)",
    "Mozilla/5.0 (Linux; Android 10; HarmonyOS; ELS-AN00) AppleWebKit/537.36 HuaweiBrowser/12.0 Mobile Safari",
    "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; zh) Presto/2.12.423 Version/12.16",
]


@pytest.mark.parametrize("agent", ROBOTS)
def test_programs_are_no_readers(article: Article, client_of: ClientOf, agent: str) -> None:
    assert read(client_of("visitor"), article, agent).status_code == 200
    assert counted(article) == (0, 0)


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_readers_whatever_their_phone_is_called(article: Article, client_of: ClientOf, agent: str) -> None:
    read(client_of("visitor"), article, agent)
    assert counted(article) == (1, 1)


def test_every_name_on_the_kept_list_is_known() -> None:
    """As the package itself finds it, by the examples it gives."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    examples = [agent for one in CRAWLER_USER_AGENTS_DATA for agent in one.get("instances", [])]
    assert len(examples) > 1_000
    assert [agent for agent in examples if not reading.is_program(agent[: reading.LONGEST_AGENT])] == []


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("HTTP_SEC_PURPOSE", "prefetch"),
        ("HTTP_SEC_PURPOSE", "prefetch;prerender"),
        ("HTTP_PURPOSE", "prefetch"),
        ("HTTP_PURPOSE", "Prefetch"),
        ("HTTP_X_PURPOSE", "preview"),
        ("HTTP_X_MOZ", "prefetch"),
    ],
)
def test_looking_ahead_is_not_reading(article: Article, client_of: ClientOf, header: str, said: str) -> None:
    response = read(client_of("visitor"), article, **{header: said})
    assert reading.COOKIE not in response.cookies
    assert counted(article) == (0, 0)


def test_asking_for_the_head_is_not_reading(article: Article, client_of: ClientOf) -> None:
    client_of("visitor").head(f"/c/nanhu/news/{article.number}/", HTTP_USER_AGENT=PHONE)
    assert counted(article) == (0, 0)


def test_inventing_cookies_makes_no_readers(article: Article, client_of: ClientOf) -> None:
    """Made up, changed by a letter, of another salt or key: each counts as if there were none."""
    browser = client_of("visitor")
    ours = read(browser, article).cookies[reading.COOKIE].value
    value, _colon, signature = ours.rpartition(":")
    invented = [
        "abcdefgh.20200101",
        "abcdefgh.20200101:" + signature,
        value.replace(value[:1], "-" if value[0] != "-" else "_", 1) + ":" + signature,
        ours[:-1],
        Signer(salt="another").sign(value),
        Signer(key="another key", salt="who reads").sign("abcdefgh.20200101"),
        "9" * 5_000,
        ":",
        "é:é",
    ]
    with clock.at(clock.now() + timedelta(days=1)):
        for cookie in invented:
            browser.cookies.clear()
            browser.cookies[reading.COOKIE] = cookie
            assert reading.COOKIE in read(browser, article).cookies, cookie  # the device gets one of ours
        assert counted(article) == (2, 1 + len(invented))
        browser.cookies[reading.COOKIE] = ours
        assert reading.COOKIE not in read(browser, article).cookies
        assert counted(article) == (3, 2 + len(invented))


def test_devices_stay_known_when_the_secret_key_is_changed(
    article: Article, client_of: ClientOf, settings: Settings
) -> None:
    browser = client_of("visitor")
    read(browser, article)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 50, [settings.SECRET_KEY]
    with clock.at(clock.now() + timedelta(days=1)):
        assert reading.COOKIE not in read(browser, article, REMOTE_ADDR="10.0.0.1").cookies
        read(browser, article, REMOTE_ADDR="10.0.0.2")
        assert counted(article) == (2, 3)
    settings.SECRET_KEY_FALLBACKS = []
    assert reading.COOKIE in read(browser, article).cookies


def test_opening_an_article_writes_nothing(article: Article, client_of: ClientOf) -> None:
    with CaptureQueriesContext(connection) as caught:
        read(client_of("visitor"), article)
    assert not [query["sql"] for query in caught if not query["sql"].lstrip().upper().startswith("SELECT")]
    assert len(reading.counts) == 1
    assert Read.objects.count() == 0


def test_a_batch_is_one_statement_however_large(article: Article, cast: dict[str, Actor]) -> None:
    other = make.published(by=cast["staff"], reviewer=cast["secretary"], title="另一篇")
    today = clock.today()
    batch = [
        Opening(one.pk, today - timedelta(days=days), bytes([reader]) * 16, times)
        for one in (article, other)
        for days in range(3)
        for reader in range(50)
        for times in (1, 2)
    ]
    with CaptureQueriesContext(connection) as caught:
        assert services.record_reads(batch) == 300
    assert sum("news_read" in query["sql"] and "unnest" in query["sql"] for query in caught) == 1
    assert counted(article) == (150, 450)
    assert {tally.day: tally.readers for tally in DayTally.objects.all()} == {
        today - timedelta(days=days): 50 for days in range(3)
    }
    assert services.record_reads(batch) == 0
    assert counted(article) == (150, 900)
    assert queries.total_reads() == 300
    days = queries.daily(3)
    assert [(one.reads, one.readers) for one in days] == [(100, 50)] * 3


def test_a_leader_reads_how_their_own_articles_are_read_and_the_committee_how_all_are(
    article: Article, choir: Organization, cast: dict[str, Actor], client_of: ClientOf
) -> None:
    song = make.published(by=cast["leader"], reviewer=cast["secretary"], organization_source=source_of(choir))
    opened = [Opening(article.pk, clock.today(), bytes([reader]) * 16) for reader in range(41)]
    services.record_reads([*opened, *(Opening(song.pk, clock.today(), bytes([reader]) * 16) for reader in range(7))])

    def month(who: str) -> str:
        card = client_of(who).get("/c/nanhu/workbench/news/").content.decode().partition("<p><strong>")[2]
        return card.partition("</strong>")[0]

    assert (month("leader"), month("staff"), month("secretary")) == ("7", "48", "48")


def test_reads_of_nothing_are_dropped_and_said_so(article: Article, caplog: pytest.LogCaptureFixture) -> None:
    gone = Opening(new_id(), clock.today(), b"x" * 16)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.record_reads([gone, Opening(article.pk, clock.today(), b"x" * 16)])
    assert services.record_reads([]) == 0
    reading.counts.add(article.community_id, gone)
    with transaction.atomic():
        assert reading.counts.flush() == 0
    assert len(reading.counts) == 0
    assert "does not exist" in caplog.text


def test_a_reader_is_another_key_every_day_and_everywhere(here: Community, neighbour: Community) -> None:
    today = clock.today()
    keys = {reading.reader_key("account 1", today), reading.reader_key("account 1", today + timedelta(days=1))}
    with in_community(neighbour):
        keys.add(reading.reader_key("account 1", today))
    assert len(keys) == 3
    assert all(len(key) == 16 for key in keys)


def test_old_reads_are_forgotten_and_the_tallies_stay(article: Article) -> None:
    from weiyifang.news import verify

    today = clock.today()
    for days in (0, 40):
        services.record_reads([Opening(article.pk, today - timedelta(days=days), b"x" * 16)])
    assert services.forget_readers() == 1
    assert Read.objects.get().day == today
    assert counted(article) == (2, 2)
    assert verify.check() == []


SCRIPT = """
import sys, uuid
import django
django.setup()
from weiyifang.core import clock
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.news import reading
def work():
    reading.PAUSE = 60
    reading.counts.start()
    for reader in range(7):
        opening = reading.Opening(uuid.UUID(sys.argv[1]), clock.today(), bytes([reader]) * 16)
        reading.counts.add(int(sys.argv[2]), opening)
if sys.argv[3] == "forked":
    import multiprocessing
    worker = multiprocessing.get_context("fork").Process(target=work)
    worker.start()
    worker.join()
else:
    work()
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["plain", "forked"])
def test_a_process_that_stops_writes_what_is_left(
    community: Community, client_of: ClientOf, cast: dict[str, Actor], how: str
) -> None:
    """A worker of the web server is a forked process: there atexit does not run."""
    article = make.published(by=cast["staff"], reviewer=cast["secretary"])
    base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    query = os.environ["DATABASE_URL"].partition("?")[2]
    url = f"{base}/{settings.DATABASES['default']['NAME']}" + (f"?{query}" if query else "")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(article.pk), str(community.pk), how],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert queries.total_reads() == 7, done.stderr


def test_what_the_database_does_not_take_waits_for_the_next_time(article: Article, client_of: ClientOf) -> None:
    read(client_of("visitor"), article)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        assert reading.counts.flush() == 0
        assert len(reading.counts) == 1
        transaction.set_rollback(True)
    assert counted(article) == (1, 1)
