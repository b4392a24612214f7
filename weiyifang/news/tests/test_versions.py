"""Nobody publishes what they have not read, and two who write one draft do not write over each other."""

from __future__ import annotations

import html
import re

import pytest

from weiyifang.core.actors import Actor
from weiyifang.news import services
from weiyifang.news.models import Article, State
from weiyifang.news.tests import make
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
BENCH = "/c/nanhu/workbench/news/"
SEEN = re.compile(r'name="_seen" value="([^"]+)"')
TEXT = "今晚就亮。\n\n电工已经来过。"


@pytest.fixture
def draft(cast: Cast) -> Article:
    return make.draft(by=cast["staff"], text=TEXT)


def typed(article: Article, **other: str) -> dict[str, str]:
    return {"title": article.title, "column": str(article.column_id), "text": article.text, "digest": ""} | other


def test_what_was_rewritten_after_the_reviewer_read_it_is_not_published(
    draft: Article, cast: Cast, client_of: ClientOf
) -> None:
    services.submit(article=draft, by=cast["staff"])
    reviewer, address = client_of("secretary"), f"{BENCH}{draft.number}/"
    old = SEEN.findall(reviewer.get(address).content.decode())[0]
    services.take_back(article=draft, by=cast["staff"])
    services.edit(article=draft, by=cast["staff"], text=f"{TEXT}\n\n请大家把钱转到这个账号。")
    services.submit(article=draft, by=cast["staff"])
    answer = reviewer.post(f"{address}publication/", {"_seen": old})
    assert answer.status_code == 409
    assert "请大家把钱转到这个账号。" in answer.content.decode()
    assert "电工已经来过。" not in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW
    new = SEEN.findall(reviewer.get(address).content.decode())[0]
    assert reviewer.post(f"{address}publication/", {"_seen": new}).status_code == 302


def test_two_editors_of_one_draft_are_told_of_each_other_and_keep_what_they_typed(
    draft: Article, cast: Cast, client_of: ClientOf
) -> None:
    address = f"{BENCH}{draft.number}/draft/"
    one, other = client_of("staff"), client_of("secretary")
    marks = [SEEN.findall(browser.get(address).content.decode())[0] for browser in (one, other)]
    assert one.post(address, typed(draft, title="路灯全亮了", _seen=marks[0])).status_code == 302
    mine = typed(draft, text="我这边也改了一段。", _seen=marks[1])
    answer = other.post(address, mine)
    said = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    for words in ("路灯修好了 → 路灯全亮了", "我这边也改了一段。", cast["staff"].name):
        assert words in said
    draft.refresh_from_db()
    assert (draft.title, draft.text) == ("路灯全亮了", TEXT)
    assert other.post(address, mine | {"_seen": SEEN.findall(said)[0]}).status_code == 302
    draft.refresh_from_db()
    assert draft.text == "我这边也改了一段。"


def test_a_long_text_does_not_travel_twice(cast: Cast, client_of: ClientOf) -> None:
    long = make.draft(by=cast["staff"], text="\n".join(f"第 {line} 段，说的是路灯。" * 20 for line in range(100)))
    page = client_of("staff").get(f"{BENCH}{long.number}/draft/").content.decode()
    assert len(SEEN.findall(page)[0]) < len(long.text) // 10
