"""Pictures in articles: brought with the text, described, seen by the reviewer, shown to all, gone again."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from weiyifang.core.actors import Actor
from weiyifang.files import arranging
from weiyifang.files.album import Focus
from weiyifang.files.arranging import Wanted, Words
from weiyifang.files.models import Content, File
from weiyifang.files.tests import make as files
from weiyifang.news import services, verify
from weiyifang.news.models import Article, State
from weiyifang.news.tests import make
from weiyifang.people.testing import VISITOR, ClientOf

Cast = dict[str, Actor]
PAPER, DESK = "/c/nanhu/news/", "/c/nanhu/workbench/news/"
LAMP, GATE = Words("巷口新换的路灯亮着"), Words("小区大门前的石阶")
FILES = re.compile(r"/c/nanhu/files/[0-9a-f-]{36}/[a-z]+/")


def brought(words: Words = LAMP, *, seed: int = 1, width: int = 900, height: int = 600) -> Wanted:
    return Wanted(brought=files.brought(files.picture(width, height, seed=seed)), said=words)


@pytest.fixture
def draft(cast: Cast) -> Article:
    article = make.draft(by=cast["staff"], text="今晚就亮。\n\n![晚上八点](图2)\n\n谢谢电工。")
    services.edit(article=article, by=cast["staff"], pictures=brought())
    return services.edit(article=article, by=cast["staff"], pictures=brought(GATE, seed=2))


def publish(article: Article, cast: Cast) -> Article:
    return services.publish(article=services.submit(article=article, by=cast["staff"]), by=cast["secretary"])


def typed(article: Article, **other: Any) -> dict[str, Any]:
    return {"title": article.title, "column": str(article.column_id), "text": article.text, "digest": ""} | other


def photo(content: bytes, name: str = "IMG_0001.JPG") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def said(response: Any) -> str:
    return html.unescape(response.content.decode())


def order_in(text: str, *words: str) -> bool:
    at = [text.find(one) for one in words]
    return -1 not in at and at == sorted(at)


# --- brought and described --------------------------------------------------------------------------------------


def test_a_picture_comes_with_the_text_in_one_form_and_stands_with_its_words(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of("staff")
    column = str(make.column().pk)
    sent = {"title": "路灯修好了", "column": column, "text": "今晚就亮。", "add": "1", "picture_words": LAMP.alt}
    answer = browser.post(f"{DESK}new/", sent | {"picture": photo(files.from_a_telephone())})
    article = Article.objects.get()
    assert answer.headers["Location"] == f"{DESK}{article.number}/draft/#pictures"
    (one,) = article.pictures
    assert (one.alt, one.number, one.width, one.height) == (LAMP.alt, 1, 600, 900)  # upright
    assert f'alt="{LAMP.alt}"' in article.html
    assert f'value="{LAMP.alt}"' in said(browser.get(f"{DESK}{article.number}/draft/"))


def test_nobody_can_show_what_others_cannot_see_without_words_for_it(draft: Article, cast: Cast) -> None:
    with pytest.raises(arranging.NoWords):
        services.edit(article=draft, by=cast["staff"], pictures=brought(Words(), seed=3))
    with pytest.raises(arranging.NoWords):
        services.edit(article=draft, by=cast["staff"], pictures=Wanted(about={1: Words(" ")}))
    decoration = services.edit(article=draft, by=cast["staff"], pictures=brought(Words(is_decorative=True), seed=3))
    assert [one.alt for one in decoration.pictures] == [LAMP.alt, GATE.alt, ""]


def test_a_picture_without_words_is_refused_at_its_own_field_and_decoration_is_not(
    draft: Article, client_of: ClientOf
) -> None:
    browser, address = client_of("staff"), f"{DESK}{draft.number}/draft/"
    bare = browser.post(address, typed(draft, add="1", picture=photo(files.picture(seed=3))))
    assert bare.status_code == 422
    assert "看不见的人要靠它念出来听" in said(bare)
    assert "请再选一次" in said(bare)
    emptied = browser.post(address, typed(draft, words_1="", words_2=GATE.alt))
    assert emptied.status_code == 422
    decoration = typed(draft, words_1="", plain_1="on", words_2=GATE.alt)
    assert browser.post(address, decoration).status_code == 302
    draft.refresh_from_db()
    assert [one.alt for one in draft.pictures] == ["", GATE.alt]


BAD = {
    "an SVG": (files.SVG, "这里不收 SVG"),
    "a HEIC": (files.HEIC, "HEIC"),
    "one of 50,000 × 50,000": (files.png_that_says(50_000, 50_000), "像素太多"),
    "a PDF": (files.PDF, "这不是图片"),
    "one that is cut short": (files.picture()[:900], "坏了或者不完整"),
    "nothing": (b"", "空"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused_with_a_sentence_and_what_was_typed_stays(
    name: str, draft: Article, client_of: ClientOf
) -> None:
    content, words = BAD[name]
    sent = typed(draft, title="路灯全亮了", add="1", picture=photo(content), picture_words="一盏灯")
    answer = client_of("staff").post(f"{DESK}{draft.number}/draft/", sent)
    assert answer.status_code == 422
    page = said(answer)
    assert words in page
    assert all(f'value="{one}"' in page for one in ("路灯全亮了", "一盏灯"))
    draft.refresh_from_db()
    assert (draft.title, len(draft.pictures)) == ("路灯修好了", 2)


def test_a_fault_in_the_text_says_that_the_picture_has_to_be_chosen_again(draft: Article, client_of: ClientOf) -> None:
    sent = typed(draft, title="", add="1", picture=photo(files.picture(seed=3)), picture_words="一盏灯")
    answer = client_of("staff").post(f"{DESK}{draft.number}/draft/", sent)
    assert answer.status_code == 422
    assert "请再选一次" in said(answer)
    assert 'value="一盏灯"' in said(answer)
    assert File.objects.count() == 2


def test_two_files_of_one_name_are_two_pictures_and_one_picture_twice_is_said(
    draft: Article, client_of: ClientOf
) -> None:
    browser, address = client_of("staff"), f"{DESK}{draft.number}/draft/"
    for seed in (3, 4):
        other = photo(files.picture(seed=seed))
        browser.post(address, typed(draft, add="1", picture=other, picture_words=f"第{seed}张"))
    draft.refresh_from_db()
    assert [one.number for one in draft.pictures] == [1, 2, 3, 4]
    twice = browser.post(address, typed(draft, add="1", picture=photo(files.picture(seed=3)), picture_words="又一张"))
    assert twice.status_code == 422
    assert "第 3 张" in said(twice)


def test_there_are_only_so_many(draft: Article, cast: Cast) -> None:
    for seed in range(3, arranging.MOST + 1):
        services.edit(article=draft, by=cast["staff"], pictures=brought(width=60 + seed, height=60))
    with pytest.raises(arranging.EnoughPictures):
        services.edit(article=draft, by=cast["staff"], pictures=brought(width=90, height=60))


# --- order, part, away and back ---------------------------------------------------------------------------------


def test_the_first_stands_on_top_the_named_one_in_the_text_and_the_rest_below(draft: Article, cast: Cast) -> None:
    services.edit(article=draft, by=cast["staff"], pictures=brought(Words("电工的工具箱"), seed=3))
    draft.refresh_from_db()
    shown = draft.html
    assert order_in(shown, LAMP.alt, "今晚就亮", GATE.alt, "晚上八点", "谢谢电工", "电工的工具箱")
    assert "图2" not in draft.digest
    services.edit(article=draft, by=cast["staff"], pictures=Wanted(first=3))
    draft.refresh_from_db()
    assert order_in(draft.html, "电工的工具箱", "今晚就亮", GATE.alt, "谢谢电工", LAMP.alt)


def test_the_buttons_move_describe_take_away_and_put_back(draft: Article, client_of: ClientOf) -> None:
    browser, address = client_of("staff"), f"{DESK}{draft.number}/draft/"

    def press(**button: str) -> list[int]:
        words = {"words_1": "路灯", "focus_1": Focus.TOP.value, "words_2": GATE.alt, "focus_2": Focus.MIDDLE.value}
        assert browser.post(address, typed(draft, **words, **button)).status_code == 302
        draft.refresh_from_db()
        return [one.number for one in draft.pictures.shown]

    assert press(forward="2") == [2, 1]
    assert press(backward="2") == [1, 2]
    assert (draft.pictures[0].alt, draft.pictures[0].focus) == ("路灯", Focus.TOP)
    file = draft.pictures[1].file
    assert press(away="2") == [1]
    assert GATE.alt not in draft.html
    assert browser.get(f"/c/nanhu/files/{file}/phone/").status_code == 404
    assert "放回去" in said(browser.get(address))
    assert press(back="2") == [1, 2]
    assert GATE.alt in draft.html
    assert verify.check() == []


def test_what_the_night_has_swept_cannot_be_put_back(draft: Article, cast: Cast) -> None:
    services.edit(article=draft, by=cast["staff"], pictures=Wanted(away=2))
    draft.refresh_from_db()
    gone = next(one for one in draft.pictures if one.number == 2)
    assert gone.content is not None
    Content.objects.filter(pk=gone.content).delete()
    with pytest.raises(arranging.GoneForGood):
        services.edit(article=draft, by=cast["staff"], pictures=Wanted(back=2))


# --- reviewed ---------------------------------------------------------------------------------------------------


def test_what_got_another_picture_after_the_reviewer_saw_it_is_not_published(
    draft: Article, cast: Cast, client_of: ClientOf
) -> None:
    services.submit(article=draft, by=cast["staff"])
    reviewer, address = client_of("secretary"), f"{DESK}{draft.number}/"
    page = reviewer.get(address).content.decode()
    assert LAMP.alt in page
    assert FILES.search(page)
    (old, *_same) = re.findall(r'name="_seen" value="([^"]+)"', page)
    services.take_back(article=draft, by=cast["staff"])
    services.edit(article=draft, by=cast["staff"], pictures=Wanted(about={1: Words("换成一则广告")}))
    services.submit(article=draft, by=cast["staff"])
    answer = reviewer.post(f"{address}publication/", {"_seen": old})
    assert answer.status_code == 409
    assert "图片" in said(answer)


def test_whoever_changed_a_picture_does_not_review_the_article(draft: Article, cast: Cast) -> None:
    services.edit(article=draft, by=cast["secretary"], pictures=Wanted(first=2))
    services.submit(article=draft, by=cast["staff"])
    with pytest.raises(services.OwnArticle):
        services.publish(article=draft, by=cast["secretary"])


def test_a_published_picture_is_changed_with_a_note_that_readers_see(
    draft: Article, cast: Cast, client_of: ClientOf
) -> None:
    article = publish(draft, cast)
    address = f"{DESK}{article.number}/correction/"
    words = {"title": article.title, "text": article.text, "digest": article.digest}
    assert client_of("secretary").post(address, words | {"away": "1"}).status_code == 422  # why?
    sent = words | {"away": "1", "note": "图里的邻居不愿意出现。"}
    assert client_of("secretary").post(address, sent).status_code == 302
    page = client_of(VISITOR).get(f"{PAPER}{article.number}/").content.decode()
    assert "不愿意出现" in page
    assert LAMP.alt not in page
    assert verify.check() == []


# --- shown ------------------------------------------------------------------------------------------------------


def test_a_reader_gets_sizes_to_choose_from_and_nothing_jumps(draft: Article, cast: Cast, client_of: ClientOf) -> None:
    article = publish(draft, cast)
    page = client_of(VISITOR).get(f"{PAPER}{article.number}/").content.decode()
    tags = re.findall(r"<img [^>]*>", page[page.index("<article") :])
    assert len(tags) == 2
    for tag in tags:
        assert all(word in tag for word in ("srcset=", "360w", "750w", "900w", 'width="900"', 'height="600"'))
    assert "loading" not in tags[0]  # it is what one sees first
    assert "loading" in tags[1]
    (shared,) = re.findall(r'og:image" content="([^"]+)"', page)
    assert FILES.search(shared)
    for address in {*FILES.findall(page)}:
        answer = client_of(VISITOR).get(address)
        assert answer.headers["Content-Type"] == "image/jpeg"
    assert article.pictures.lead is not None
    assert f"/c/nanhu/files/{article.pictures.lead.file}/stamp/" in client_of(VISITOR).get(PAPER).content.decode()


def test_feeds_carry_the_pictures_with_whole_addresses(draft: Article, cast: Cast, client_of: ClientOf) -> None:
    article = publish(draft, cast)
    browser = client_of(VISITOR)
    (item,) = json.loads(browser.get(f"{PAPER}feed.json").content)["items"]
    addresses = re.findall(r'src="([^"]+)"', item["content_html"])
    assert [address.split("/files/")[0] for address in addresses] == ["http://testserver/c/nanhu"] * 2
    assert item["image"] in addresses
    assert browser.get(item["image"].removeprefix("http://testserver")).status_code == 200
    for name in ("rss", "atom"):
        feed = browser.get(f"{PAPER}feed.{name}").content.decode()
        assert all(address in feed for address in addresses)
        assert "srcset" not in feed
    assert article.state == State.PUBLISHED


def test_programs_read_pictures_with_the_article(draft: Article, cast: Cast, client_of: ClientOf) -> None:
    article = publish(draft, cast)
    for address in ("", f"/{article.number}"):
        answer = client_of(VISITOR).get(f"/c/nanhu/api/news/articles{address}").json()
        one, other = (answer[0] if isinstance(answer, list) else answer)["pictures"]
        assert (one["alt"], one["width"], one["height"]) == (LAMP.alt, 900, 600)
        assert other["url"].startswith("http://testserver/c/nanhu/files/")


def test_a_published_picture_may_stay_in_everybodys_browser_and_an_unpublished_one_is_seen_at_the_desk_alone(
    draft: Article, cast: Cast, client_of: ClientOf
) -> None:
    address = f"/c/nanhu/files/{draft.pictures[0].file}/phone/"
    assert client_of(VISITOR).get(address).status_code == 302
    assert client_of("resident").get(address).status_code == 403
    at_desk = client_of("secretary").get(address)
    assert (at_desk.status_code, at_desk.headers["Cache-Control"]) == (200, "no-store")
    publish(draft, cast)
    answers = [client_of(key).get(address) for key in (VISITOR, "resident", "secretary")]
    assert [one.status_code for one in answers] == [200, 200, 200]
    assert len({one.headers["Cache-Control"] for one in answers}) == 1
    assert "immutable" in answers[0].headers["Cache-Control"]
    assert not any(one.has_header("Vary") or one.cookies for one in answers)
    services.withdraw(article=draft, reason="过时了", by=cast["secretary"])
    assert client_of(VISITOR).get(address).status_code == 302
    assert client_of("resident").get(address).status_code == 403


def test_verify_names_an_album_that_was_changed_behind_the_back(draft: Article) -> None:
    assert verify.check() == []
    Article.objects.filter(pk=draft.pk).update(pictures=draft.pictures[:1])
    assert [fault.what for fault in verify.check() if "files" in fault.what] == [
        "its pictures are not the files kept with it"
    ]
