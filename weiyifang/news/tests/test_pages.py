from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.news import services
from weiyifang.news.models import Article, State
from weiyifang.news.tests import make
from weiyifang.organizations.models import Organization
from weiyifang.people.testing import ClientOf

PAPER, DESK = "/c/nanhu/news/", "/c/nanhu/workbench/news/"
Cast = dict[str, Actor]


def said(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def article(cast: Cast) -> Article:
    return make.published(by=cast["staff"], reviewer=cast["secretary"])


def test_a_visitor_reads_the_paper_by_column_by_title_and_by_organization(
    client_of: ClientOf, cast: Cast, choir: Organization
) -> None:
    browser = client_of("visitor")
    make.published(by=cast["staff"], reviewer=cast["secretary"], title="路灯修好了")
    song = {"organization_source": source_of(choir), "is_notice": True}
    theirs = make.published(by=cast["leader"], reviewer=cast["staff"], title="缺男低音", **song)
    assert all(title in said(browser.get(PAPER)) for title in ("路灯修好了", "缺男低音", "南湖合唱团"))
    for narrowed in ({"q": "男低音"}, {"of": source_of(choir)}):
        shown = said(browser.get(PAPER, narrowed))
        assert "缺男低音" in shown
        assert "路灯修好了" not in shown
    assert "路灯修好了" not in said(browser.get(f"{PAPER}notices/"))
    assert browser.get(PAPER, {"column": "nowhere"}).status_code == 404
    assert browser.get(PAPER, {"of": "organizations.organization:nonsense"}).status_code == 404
    shown = said(browser.get(f"{PAPER}{theirs.number}/"))
    assert f"/c/nanhu/organizations/{choir.number}/" in shown
    assert 'property="og:title" content="缺男低音"' in shown
    assert 'data-read="article-text"' in shown


def test_only_what_is_published_is_shown(client_of: ClientOf, cast: Cast, article: Article) -> None:
    for state in (State.DRAFT, State.IN_REVIEW, State.WITHDRAWN):
        hidden = make.in_state(state, by=cast["staff"], reviewer=cast["secretary"])
        for key in ("visitor", "resident", "staff"):
            assert client_of(key).get(f"{PAPER}{hidden.number}/").status_code == 404, (key, state)
    assert client_of("visitor").get(f"{PAPER}{article.number}/").status_code == 200
    assert client_of("outsider").get(f"{PAPER}{article.number}/").status_code == 200  # published to the world


def test_a_page_for_visitors_carries_no_token_and_no_inline_script(client_of: ClientOf, article: Article) -> None:
    shown = said(client_of("visitor").get(f"{PAPER}{article.number}/"))
    assert "csrfmiddlewaretoken" not in shown
    assert "<script>" not in shown
    assert "style=" not in shown


def test_the_ones_before_and_after_are_one_tap_away(client_of: ClientOf, cast: Cast) -> None:
    one, two, three = (
        make.published(by=cast["staff"], reviewer=cast["secretary"], title=title) for title in ("甲篇", "乙篇", "丙篇")
    )
    shown = said(client_of("visitor").get(f"{PAPER}{two.number}/"))
    assert f"{PAPER}{one.number}/" in shown
    assert f"{PAPER}{three.number}/" in shown


def test_readers_see_what_was_corrected(client_of: ClientOf, cast: Cast, article: Article) -> None:
    words: dict[str, Any] = {"title": article.title, "digest": "", "text": "明晚才亮。"}
    services.correct(article=article, note="日子写错了", by=cast["secretary"], **words)
    assert "日子写错了" in said(client_of("visitor").get(f"{PAPER}{article.number}/"))


def test_who_opens_the_desk(client_of: ClientOf, cast: Cast, article: Article) -> None:
    for key, status in {
        "visitor": 302, "outsider": 404, "resident": 403, "accountant": 403, "leader": 200, "staff": 200,
    }.items():  # fmt: skip
        assert client_of(key).get(DESK).status_code == status, key
    draft = make.draft(by=cast["staff"])
    assert client_of("leader").get(f"{DESK}{draft.number}/").status_code == 404  # the committee's draft
    assert client_of("leader").get(f"{DESK}{article.number}/").status_code == 403
    assert client_of("leader").get(f"{DESK}columns/").status_code == 403


def test_from_a_draft_to_print_in_the_browser(client_of: ClientOf, cast: Cast, choir: Organization) -> None:
    leader, staff = client_of("leader"), client_of("staff")
    form = {
        "title": "缺男低音", "column": make.column().pk, "organization_source": source_of(choir),
        "text": "来听一次。", "_once": "a",
    }  # fmt: skip
    assert leader.post(f"{DESK}new/", {**form, "organization_source": ""}).status_code == 422
    for _time in range(2):
        assert leader.post(f"{DESK}new/", {**form, "_once": "b"}).status_code == 302
    article = Article.objects.get()
    at = f"{DESK}{article.number}/"
    leader.post(f"{at}draft/", {**form, "text": "周三来听一次。", "_once": "c"})
    assert "周三来听一次" in said(leader.get(at))
    leader.post(f"{at}submission/", {"_once": "d"})
    assert f"{at}publication/" not in said(leader.get(at))
    assert leader.post(f"{at}publication/", {"_once": "e"}).status_code == 403
    assert "缺男低音" in said(staff.get(DESK))
    staff.post(f"{at}return/", {"reason": "写上时间", "_once": "f"})
    assert "写上时间" in said(leader.get(DESK))
    leader.post(f"{at}submission/", {"_once": "g"})
    for _time in range(2):
        assert staff.post(f"{at}publication/", {"_once": "h"}).status_code == 302
    staff.post(f"{at}pin/", {"until": clock.today().isoformat(), "_once": "i"})
    staff.post(f"{at}correction/", {**form, "text": "周四来。", "note": "是周四", "_once": "j"})
    shown = said(client_of("visitor").get(f"{PAPER}{article.number}/"))
    assert "周四来" in shown
    assert "是周四" in shown
    assert "缺男低音" in said(staff.get(f"{DESK}published/"))
    assert staff.post(f"{at}withdrawal/", {"reason": " ", "_once": "k"}).status_code == 422
    staff.post(f"{at}withdrawal/", {"reason": "满了", "_once": "l"})
    assert client_of("visitor").get(f"{PAPER}{article.number}/").status_code == 404
    assert "满了" in said(staff.get(at))
    leader.post(f"{at}reopening/", {"_once": "m"})
    assert Article.objects.get().state == State.DRAFT


def test_an_article_can_be_handed_in_at_once(client_of: ClientOf, cast: Cast) -> None:
    form = {"title": "路灯", "column": make.column().pk, "text": "亮了。", "hand_in": "1", "_once": "a"}
    client_of("staff").post(f"{DESK}new/", form)
    article = Article.objects.get()
    assert article.state == State.IN_REVIEW
    services.publish(article=article, by=cast["secretary"])


def test_a_writer_cannot_publish_their_own_even_by_hand(client_of: ClientOf, cast: Cast) -> None:
    mine = services.submit(article=make.draft(by=cast["staff"]), by=cast["staff"])
    refused = client_of("staff").post(f"{DESK}{mine.number}/publication/", {"_once": "a"})
    assert refused.status_code == 403
    mine.refresh_from_db()
    assert mine.state == State.IN_REVIEW
    client_of("staff").post(f"{DESK}{mine.number}/submission/end/", {"_once": "b"})
    mine.refresh_from_db()
    assert mine.state == State.DRAFT


def test_a_new_paper_says_how_to_begin(client_of: ClientOf) -> None:
    staff = client_of("staff")
    assert f"{DESK}columns/" in said(staff.get(DESK))
    staff.post(f"{DESK}columns/", {"_once": "a"})
    assert "便民贴士" in said(client_of("visitor").get(PAPER))
    assert "rules/news.columns/" not in said(staff.get(f"{DESK}columns/"))
    assert "rules/news.columns/" in said(client_of("secretary").get(f"{DESK}columns/"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(client_of: ClientOf, article: Article, language: str) -> None:
    browser = client_of("secretary")
    browser.cookies["django_language"] = language
    at = f"{DESK}{article.number}/"
    paths = [PAPER, f"{PAPER}notices/", f"{PAPER}{article.number}/", DESK, at, f"{at}correction/", f"{at}withdrawal/"]
    seen = [browser.get(path) for path in [*paths, f"{DESK}new/", f"{DESK}published/", f"{DESK}columns/"]]
    assert [response.status_code for response in seen] == [200] * len(seen)
    assert all(f'lang="{language}' in said(response).split("<head>")[0].lower() for response in seen)
    assert ("1 read" in said(seen[0]) or "0 reads" in said(seen[0])) == (language == "en")
    assert ("阅读" in said(seen[2])) == (language != "en")


def queries_for(browser: Any, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


def test_longer_lists_ask_no_more_questions(
    client_of: ClientOf, cast: Cast, article: Article, choir: Organization
) -> None:
    song = {"organization_source": source_of(choir)}
    make.published(by=cast["leader"], reviewer=cast["secretary"], **song)
    services.submit(article=make.draft(by=cast["leader"], **song), by=cast["leader"])
    make.draft(by=cast["staff"])
    browser, paths = client_of("staff"), [PAPER, f"{PAPER}{article.number}/", DESK, f"{DESK}published/"]
    before = [queries_for(browser, path) for path in paths]
    for _time in range(2):
        make.published(by=cast["leader"], reviewer=cast["secretary"], **song)
        services.submit(article=make.draft(by=cast["leader"], **song), by=cast["leader"])
        make.draft(by=cast["staff"])
    assert [queries_for(browser, path) for path in paths] == before


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_feed_readers_get_the_newest(client_of: ClientOf, cast: Cast, article: Article, name: str) -> None:
    make.draft(by=cast["staff"], title="还是草稿")
    response = client_of("visitor").get(f"{PAPER}feed.{name}")
    assert response.status_code == 200
    assert "路灯修好了" in said(response)
    assert "还是草稿" not in said(response)
    assert f"/c/nanhu/news/{article.number}/" in said(response)


def test_programs_read_what_is_published_and_save_drafts(client_of: ClientOf, cast: Cast, article: Article) -> None:
    make.draft(by=cast["staff"], title="还是草稿")
    root = "/c/nanhu/api/news/articles"
    browser = client_of("visitor")
    assert [one["title"] for one in browser.get(root).json()] == ["路灯修好了"]
    assert browser.get(f"{root}/{article.number}").json()["html"] == "<p>今晚就亮。</p>"
    assert browser.get(f"{root}/{article.number + 1}").status_code == 404
    draft = {"column": "community", "title": "程序写的", "text": "一句。"}
    kind = "application/json"
    for key, status in {"visitor": 401, "outsider": 404, "resident": 403, "leader": 403, "staff": 201}.items():
        assert client_of(key).post(root, draft, content_type=kind).status_code == status, key
    made = client_of("staff").post(root, {**draft, "column": "nowhere"}, content_type=kind)
    assert made.status_code == 422
    assert made.json()["code"] == "NoColumn"
    assert Article.objects.get(title="程序写的").state == State.DRAFT
