"""Pages to look at when an article is written, sent back and read. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.browser.pages import BENCH, HOME, LONG, Moment, Visit
from tests.stage import TODAY, Stage
from weiyifang.files.arranging import Wanted, Words
from weiyifang.files.services import Brought
from weiyifang.files.tests import make as papers
from weiyifang.news import services as news
from weiyifang.news.tests import make as paper
from weiyifang.organizations.models import Organization

ARTICLE = """今天早上八点，三号院门口的路灯换好了。

## 换了哪些

- 三号院门口两盏
- 坡上三盏，原来一直不亮

> 晚上走路不怕了。——五楼的王孃孃

9. 灯不亮，打社区电话

10. 说清是哪一盏
    - 灯杆上有号
    - 没有号的说在哪家门口

1、#3 楼后面的，物业来换

2、>60 岁的邻居家里的灯，义修队上门

详细的价目在[基金的公示](https://example.org/a-very-long-address-that-does-not-break-by-itself/2026/10/14)里。
"""


def articles(stage: Stage) -> Iterator[Visit]:
    """Everything an article may hold, corrected since; one of an organization; a notice all must read."""
    writer, reviewer = stage.cast["staff"], stage.cast["secretary"]
    rich = paper.published(by=writer, reviewer=reviewer, title=LONG, text=ARTICLE, digest="五盏路灯换好了。")
    words: dict[str, Any] = {"title": LONG, "digest": "五盏路灯换好了。", "text": ARTICLE}
    news.correct(article=rich, **words, note="坡上是三盏，不是两盏", by=reviewer)
    news.pin(article=rich, until=TODAY, by=reviewer)
    kinds = {"is_notice": True, "is_important": True}
    notice = paper.published(by=writer, reviewer=reviewer, title="周四停水", text="上午九点到下午三点停水。", **kinds)
    yield Visit(name="article-rich", address=f"{HOME}news/{rich.number}/")
    yield Visit(name="article-notice", address=f"{HOME}news/{notice.number}/", who="staff")
    led = Organization.objects.get(name="南湖书法社")
    yield Visit(name="news-organization", address=f"{HOME}news/?of=organizations.organization:{led.pk}")
    yield Visit(name="news-first-page", address=f"{HOME}news/")
    yield Visit(name="notices", address=f"{HOME}news/notices/")
    yield Visit(name="home-staff", address=HOME, who="staff")


def _wanted(brought: Brought) -> Wanted:
    return Wanted(brought=brought, said=Words("三号院门口新换的路灯亮着，坡上还有人在散步"))


def the_desk(stage: Stage) -> Iterator[Visit]:
    """An article in each of its states, with the buttons of whoever may go on."""
    staff, secretary = stage.cast["staff"], stage.cast["secretary"]
    row = f"{BENCH}news/"
    draft = paper.draft(by=staff, title=LONG, text=ARTICLE, digest="五盏路灯换好了。")
    yield Visit(name="desk-draft", address=f"{row}{draft.number}/", who="staff")
    review = news.submit(article=draft, by=staff)
    yield Visit(name="desk-in-review", address=f"{row}{review.number}/", who="secretary")
    yield Visit(name="desk-handed-in", address=f"{row}{review.number}/", who="staff")
    yield Visit(name="desk-secretary", address=row, who="secretary")
    back = news.send_back(article=review, reason="再写清楚是哪几盏灯", by=secretary)
    yield Visit(name="desk-sent-back", address=f"{row}{back.number}/", who="staff")
    public = news.publish(article=news.submit(article=back, by=staff), by=secretary)
    yield Visit(name="desk-published", address=f"{row}{public.number}/", who="secretary")
    gone = news.withdraw(article=public, reason="过时了", by=secretary)
    yield Visit(name="desk-withdrawn", address=f"{row}{gone.number}/", who="staff")
    yield Visit(name="desk-faults", address=f"{row}new/", who="staff", sends={"title": ""}, status=422)
    lit = papers.brought(papers.picture(1200, 800))
    shown = paper.draft(by=staff, title="路灯修好了", text=f"{ARTICLE}\n\n![晚上八点](图2)", pictures=_wanted(lit))
    news.edit(article=shown, by=staff, pictures=_wanted(papers.brought(papers.picture(600, 900, seed=2))))
    news.edit(article=shown, by=staff, pictures=_wanted(papers.brought(papers.picture(900, 900, seed=3))))
    yield Visit(name="desk-pictures", address=f"{row}{shown.number}/draft/", who="staff")
    away = {"title": shown.title, "column": str(shown.column_id), "text": shown.text, "away": "3"}
    yield Visit(name="desk-picture-away", address=f"{row}{shown.number}/draft/", who="staff", sends=away)
    blind = away | {"away": "", "words_1": "", "words_2": "路灯", "add": "1"}
    yield Visit(name="desk-picture-faults", address=f"{row}{shown.number}/draft/", who="staff", sends=blind, status=422)
    yield Visit(name="desk-with-pictures", address=f"{row}{shown.number}/", who="staff")
    yield Visit(name="desk-leader", address=row, who="leader")
    yield Visit(name="desk-published-none", address=f"{row}published/?q=没有这个", who="staff")


MOMENTS: tuple[Moment, ...] = (
    articles,
    the_desk,
)
