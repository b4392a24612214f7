"""Pages to look at when several topics meet on a page, or nothing is there yet. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tests.browser.pages import BENCH, HOME, LONG, NEXT_DOOR, Moment, Visit
from tests.stage import Stage
from weiyifang.activities.tests import make as activity
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import in_community
from weiyifang.core.web import versions
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.news import services as news
from weiyifang.news.tests import make as paper
from weiyifang.news.tests.moments import ARTICLE
from weiyifang.organizations.models import Organization
from weiyifang.people.demo import make_cast


def lists(stage: Stage) -> Iterator[Visit]:
    """All to come, what was, one's own search without a hit."""
    for number in range(24):
        activity.session(days=3 + number // 3, title=f"{LONG}第{number + 1}场", places=12)
    yield Visit(name="activities-all", address=f"{HOME}activities/?when=all&page=2")
    yield Visit(name="activities-past", address=f"{HOME}activities/?when=past")
    yield Visit(name="activities-none", address=f"{HOME}activities/?q=没有这个&when=all")
    yield Visit(name="organizations-none", address=f"{HOME}organizations/?q=没有这个")
    yield Visit(name="organizations-kind", address=f"{HOME}organizations/?kind=culture")
    yield Visit(name="news-none", address=f"{HOME}news/?q=没有这个")
    yield Visit(name="news-column", address=f"{HOME}news/?column=community")
    yield Visit(name="find-none", address="/?q=没有这个地方")
    yield Visit(name="find-hit", address="/?q=南湖")
    yield Visit(name="find-region", address="/?in=500108000000")


def refusals(stage: Stage) -> Iterator[Visit]:
    """Every "no": not for you, already sent with other contents, too late, not there."""
    yield Visit(name="refused", address=f"{HOME}workbench/residents/", who="resident", status=403)
    pk = stage.paths["activities/enrollments/"]["pk"]
    restoration = f"{HOME}activities/enrollments/{pk}/restoration/"
    yield Visit(name="refused-act", address=restoration, who="resident", sends={"_once": "x"}, status=409)
    choir = Organization.objects.get(name="南湖合唱团")
    asks = f"{HOME}organizations/{choir.number}/requests/"
    first = stage.browsers["resident"].post(
        asks, {"words": "想来", "_once": "k"}, headers={"Origin": "http://testserver"}
    )
    assert first.status_code == 302
    again = {"words": "别的话", "_once": "k"}
    yield Visit(name="refused-once", address=asks, who="resident", sends=again, status=422)
    yield Visit(name="error-404", address=f"{HOME}nothing/here/", status=404)
    yield Visit(name="error-404-outside", address="/nothing/here/", status=404)


def nothing_yet(stage: Stage) -> Iterator[Visit]:
    """The community next door, where nothing has happened: every empty state at once."""
    for name in ("", "activities/", "news/", "organizations/", "volunteering/"):
        yield Visit(name=f"empty-{name.strip('/') or 'home'}", address=NEXT_DOOR + name)
    yield Visit(name="empty-fund", address=f"{NEXT_DOOR}fund/", status=404)
    yield Visit(name="empty-me", address=f"{NEXT_DOOR}me/", who="outsider")


WORKERS = ("staff", "secretary", "accountant", "leader", "volunteer", "supervisor")


def today_of_each(stage: Stage) -> Iterator[Visit]:
    """Today's work, as each of those who work here sees it; and every act."""
    money.request(stage.cast["staff"], title=LONG, payee="重庆市南岸区花园路粮油供应有限责任公司")
    for who in WORKERS:
        yield Visit(name=f"today-{who}", address=BENCH, who=who)
    yield Visit(name="history", address=f"{BENCH}history/", who="supervisor")


def searching(stage: Stage) -> Iterator[Visit]:
    """What one word finds at the desk, of one kind, and nothing; what somebody without the register finds."""
    for number in range(7):
        activity.session(title=f"{LONG}{number}"[:60])
    money.request(stage.cast["staff"], title="茶艺用的茶叶")
    yield Visit(name="search-found", address=f"{BENCH}find/?q=茶", who="secretary")
    yield Visit(name="search-of-one-kind", address=f"{BENCH}find/?q=茶&of=activities", who="secretary")
    yield Visit(name="search-nothing", address=f"{BENCH}find/?q=没有这个", who="volunteer")
    yield Visit(name="search-public", address="/c/nanhu/find/?q=茶", who="resident")
    yield Visit(name="search-public-nothing", address="/c/nanhu/find/?q=没有这个", who="visitor")


def what_changed_since(stage: Stage) -> Iterator[Visit]:
    """Decided on an old page: a button alone, words that were typed, an article with new lines."""
    row = money.request(stage.cast["staff"], fen=1_200)
    seen = versions.mark(row, at=clock.now())
    dear = fund.Wanted(title=LONG, payee="重庆市南岸区花园路粮油供应有限责任公司", category="venue", amount_fen=120_000)
    with clock.at(clock.now() + timedelta(minutes=1)):
        fund.resubmit_payment(request=row, wanted=dear, by=stage.cast["staff"])
    page = f"{BENCH}fund/payments/{row.pk}/"
    old = {"_seen": seen, "reason": "少一张发票"}
    yield Visit(name="changed-approval", address=f"{page}approval/", who="secretary", sends=old, status=409)
    yield Visit(name="changed-reason", address=f"{page}return/", who="secretary", sends=old, status=422)
    article = paper.draft(by=stage.cast["staff"], text=ARTICLE)
    seen = versions.mark(article, at=clock.now())
    with clock.at(clock.now() + timedelta(minutes=1)):
        news.edit(article=article, by=stage.cast["secretary"], text=f"{ARTICLE}\n\n花和茶都备好了。", title=LONG)
    mine = {"_seen": seen, "title": "路灯", "text": "我这边也改了。", "column": str(article.column_id)}
    draft = f"{BENCH}news/{article.number}/draft/"
    yield Visit(name="changed-draft", address=draft, who="staff", sends=mine, status=422)


def nothing_to_do_yet(stage: Stage) -> Iterator[Visit]:
    """The workbench next door, on its first day."""
    next_door = Community.objects.get(slug="neighbour")
    make_cast(next_door)
    bench = f"{NEXT_DOOR}workbench/"
    for name in ("", "activities/", "news/", "news/published/", "news/columns/", "organizations/", "residents/"):
        yield Visit(name=f"first-{name.strip('/').replace('/', '-') or 'today'}", address=bench + name, who="secretary")
    yield Visit(name="first-fund", address=f"{bench}fund/", who="accountant")
    with in_community(next_door):
        fund.open_fund(by=system())
    yield Visit(name="first-payments", address=f"{bench}fund/", who="accountant")
    yield Visit(name="first-income", address=f"{bench}fund/income/", who="accountant")
    yield Visit(name="first-books", address=f"{bench}fund/books/", who="accountant")
    yield Visit(name="first-public-fund", address=f"{NEXT_DOOR}fund/")
    yield Visit(name="first-months", address=f"{NEXT_DOOR}fund/months/")
    yield Visit(name="first-transfers", address=f"{NEXT_DOOR}fund/transfers/")


MOMENTS: tuple[Moment, ...] = (
    lists,
    refusals,
    nothing_yet,
    today_of_each,
    searching,
    what_changed_since,
    nothing_to_do_yet,
)
