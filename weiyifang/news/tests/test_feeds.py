"""What validators of feeds ask for: RFC 4287 (Atom), RSS 2.0 with its profile, JSON Feed 1.1, and HTTP (RFC 9110)."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.db.models import Value
from django.utils.http import http_date
from pytest_django import Settings

from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.news import services
from weiyifang.news.models import Article
from weiyifang.news.tests import make
from weiyifang.organizations.models import Organization
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = ("rss", "atom", "json")
TEXT = "看[通知](/c/nanhu/news/)和![灯](/media/a.jpg)，或 https://example.org/ 。"


@pytest.fixture
def articles(cast: Cast, choir: Organization) -> list[Article]:
    ours = make.published(by=cast["staff"], reviewer=cast["secretary"], text=TEXT)
    song = source_of(choir)
    return [ours, make.published(by=cast["leader"], reviewer=cast["secretary"], organization_source=song)]


@pytest.fixture
def elsewhere(settings: Settings) -> dict[str, Any]:
    """How the platform is asked under another address."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "nanhu.example"]
    return {"secure": True, "HTTP_HOST": "nanhu.example"}


def feed(browser: Any, name: str, **headers: Any) -> Any:
    return browser.get(f"/c/nanhu/news/feed.{name}", **headers)


def atom(browser: Any) -> Element:
    root: Element = fromstring(feed(browser, "atom").content)
    return root


def one(element: Element, name: str) -> Element:
    (found,) = element.findall(f"{ATOM}{name}")
    return found


def said(element: Element, name: str) -> str:
    text = one(element, name).text
    assert text is not None
    assert text.strip()
    return text


def when(text: str) -> datetime:
    """RFC 3339 with the offset that RFC 4287 (3.3) asks for."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    return datetime.fromisoformat(text)


def test_atom_has_what_its_standard_asks_for(
    client_of: ClientOf, articles: list[Article], choir: Organization, here: Community
) -> None:
    response = feed(client_of("visitor"), "atom")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = atom(client_of("visitor"))
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):  # 4.1.1 and 4.1.2
        assert said(element, "title")
        assert UUID(said(element, "id").removeprefix("urn:uuid:"))
        assert when(said(element, "updated"))
        assert said(one(element, "author"), "name")  # 4.2.1
        links = {(link.get("rel"), link.get("href")) for link in element.findall(f"{ATOM}link")}
        assert len(links) == (2 if element is root else 1)
        assert all(str(href).startswith("http://testserver/c/nanhu/news/") for _rel, href in links)
    assert ("self", "http://testserver/c/nanhu/news/feed.atom") in {
        (link.get("rel"), link.get("href")) for link in root.findall(f"{ATOM}link")
    }
    entries = root.findall(f"{ATOM}entry")
    assert len({said(element, "id") for element in (root, *entries)}) == 3
    assert [said(one(entry, "author"), "name") for entry in entries] == [choir.name, here.name]
    assert said(root, "updated") == max(said(entry, "updated") for entry in entries)
    assert all(one(entry, "summary").get("type") == "html" for entry in entries)


def test_rss_has_what_its_profile_asks_for(
    client_of: ClientOf, articles: list[Article], choir: Organization, here: Community
) -> None:
    response = feed(client_of("visitor"), "rss")
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = fromstring(response.content).find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description", "language", "lastBuildDate"))
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert (own.get("rel"), own.get("href")) == ("self", "http://testserver/c/nanhu/news/feed.rss")
    items = channel.findall("item")
    assert [item.findtext("{http://purl.org/dc/elements/1.1/}creator") for item in items] == [choir.name, here.name]
    for item in items:
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") == "false"
        assert str(item.findtext("link")).startswith("http://testserver/")
        assert parsedate_to_datetime(str(item.findtext("pubDate"))).tzinfo is not None


def test_json_has_what_its_standard_asks_for(
    client_of: ClientOf, articles: list[Article], choir: Organization, here: Community
) -> None:
    response = feed(client_of("visitor"), "json")
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    made = json.loads(response.content)
    assert made["version"] == "https://jsonfeed.org/version/1.1"
    assert made["title"]
    assert made["home_page_url"] == "http://testserver/c/nanhu/news/"
    assert made["feed_url"] == "http://testserver/c/nanhu/news/feed.json"
    assert [item["authors"] for item in made["items"]] == [[{"name": choir.name}], [{"name": here.name}]]
    for item in made["items"]:
        assert UUID(item["id"].removeprefix("urn:uuid:"))
        assert item["url"].startswith("http://testserver/c/nanhu/news/")
        assert item["content_html"]
        assert when(item["date_published"]) <= when(item["date_modified"])


@pytest.mark.parametrize("name", NAMES)
def test_every_address_in_a_text_leads_back_here(
    client_of: ClientOf, articles: list[Article], elsewhere: dict[str, Any], name: str
) -> None:
    response = feed(client_of("visitor"), name, **elsewhere)
    text = response.content.decode().replace("&quot;", '"').replace('\\"', '"')
    assert not re.search(r'(href|src)="/', text)
    for address in ("https://nanhu.example/c/nanhu/news/", "https://nanhu.example/media/a.jpg", "https://example.org/"):
        assert f'="{address}"' in text


@pytest.mark.parametrize("name", NAMES)
def test_what_has_not_changed_is_not_sent_again(
    client_of: ClientOf, cast: Cast, articles: list[Article], name: str
) -> None:
    browser = client_of("visitor")
    first = feed(browser, name)
    with clock.at(clock.now() + timedelta(hours=1)):
        second = feed(browser, name)
        assert second.content == first.content
        assert second.headers["Last-Modified"] == first.headers["Last-Modified"]
        for asked in (
            {"HTTP_IF_NONE_MATCH": first.headers["ETag"]},
            {"HTTP_IF_MODIFIED_SINCE": first.headers["Last-Modified"]},
        ):
            answer = feed(browser, name, **asked)
            assert (answer.status_code, answer.content) == (304, b"")
        services.withdraw(article=articles[0], reason="过时了", by=cast["secretary"])  # not the newest
        for asked in (
            {"HTTP_IF_NONE_MATCH": first.headers["ETag"]},
            {"HTTP_IF_MODIFIED_SINCE": first.headers["Last-Modified"]},
        ):
            assert feed(browser, name, **asked).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_without_articles_was_changed_when_the_platform_opened(
    client_of: ClientOf, here: Community, name: str
) -> None:
    response = feed(client_of("visitor"), name)
    assert response.headers["Last-Modified"] == http_date(int(here.opened_at.timestamp()))
    assert feed(client_of("visitor"), name).content == response.content


def test_ids_stay_when_the_platform_moves_and_words_change(
    client_of: ClientOf, cast: Cast, articles: list[Article], elsewhere: dict[str, Any]
) -> None:
    before = said(atom(client_of("visitor")), "id")
    root = fromstring(feed(client_of("visitor"), "atom", **elsewhere).content)
    assert said(root, "id") == before
    ids = [said(entry, "id") for entry in root.findall(f"{ATOM}entry")]
    words: dict[str, Any] = {"title": "换了题目", "digest": "", "text": "换了话。"}
    services.correct(article=articles[0], note="写错了", by=cast["secretary"], **words)
    assert [said(entry, "id") for entry in atom(client_of("visitor")).findall(f"{ATOM}entry")] == ids


@pytest.mark.parametrize("name", NAMES)
def test_signs_that_no_feed_may_hold_are_left_out(client_of: ClientOf, articles: list[Article], name: str) -> None:
    """As an earlier version, or an import, may have kept them."""
    odd = "灯\x01\x0b\x1f\ufffe\uffff亮"
    Article.objects.filter(pk=articles[0].pk).update(title=Value(odd), html=f"<p>{odd}</p>")  # past the column
    content = feed(client_of("visitor"), name).content.decode()
    assert len(re.findall(r"灯(?:\n|\\n)亮", content)) == 2
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", content)
    if name != "json":
        fromstring(content.encode())
