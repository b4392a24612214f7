from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from weiyifang.communities.services import set_rule
from weiyifang.core import actors, clock, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import TooLong
from weiyifang.core.wordlists import WordNeeded
from weiyifang.news import markup, queries, rules, services, verify
from weiyifang.news.columns import COLUMNS
from weiyifang.news.models import FLOW, Article, Column, Revision, State
from weiyifang.news.services.counting import Opening
from weiyifang.news.tests import make
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization

Cast = dict[str, Actor]
VERBS: dict[str, Callable[[Article, Cast], Any]] = {
    "submit": lambda article, cast: services.submit(article=article, by=cast["staff"]),
    "publish": lambda article, cast: services.publish(article=article, by=cast["secretary"]),
    "send_back": lambda article, cast: services.send_back(article=article, reason="短一点", by=cast["secretary"]),
    "take_back": lambda article, cast: services.take_back(article=article, by=cast["staff"]),
    "withdraw": lambda article, cast: services.withdraw(article=article, reason="过时了", by=cast["secretary"]),
    "reopen": lambda article, cast: services.reopen(article=article, by=cast["staff"]),
}
LEADS_TO = {
    "submit": State.IN_REVIEW,
    "publish": State.PUBLISHED,
    "send_back": State.DRAFT,
    "take_back": State.DRAFT,
    "withdraw": State.WITHDRAWN,
    "reopen": State.DRAFT,
}
FROM = {"send_back": {State.IN_REVIEW}, "take_back": {State.IN_REVIEW}, "reopen": {State.WITHDRAWN}}


@pytest.mark.parametrize(("before", "verb"), list(itertools.product(State.values, VERBS)))
def test_an_article_moves_along_its_flow_and_nowhere_else(cast: Cast, before: str, verb: str) -> None:
    article = make.in_state(before, by=cast["staff"], reviewer=cast["secretary"])
    allowed = LEADS_TO[verb] in FLOW.get(before, set())
    if allowed:
        VERBS[verb](article, cast)
    else:
        with pytest.raises(ForbiddenMove):
            VERBS[verb](article, cast)
    assert Article.objects.get().state == (LEADS_TO[verb] if allowed else before)


def test_nobody_reviews_what_they_wrote(cast: Cast) -> None:
    article = services.submit(article=make.draft(by=cast["secretary"]), by=cast["secretary"])
    for verb in (services.publish, lambda **given: services.send_back(reason="x", **given)):
        with pytest.raises(services.OwnArticle):
            verb(article=article, by=cast["secretary"])
    services.publish(article=article, by=cast["staff"])


def test_who_edited_a_draft_does_not_review_it_either(cast: Cast) -> None:
    article = make.draft(by=cast["staff"])
    services.edit(article=article, text="改过的一句。", by=cast["secretary"])
    services.submit(article=article, by=cast["staff"])
    assert not rules.reviewable_by(cast["secretary"]).exists()
    with pytest.raises(services.OwnArticle):
        services.publish(article=article, by=cast["secretary"])


def test_the_database_keeps_author_and_reviewer_apart(cast: Cast) -> None:
    article = make.draft(by=cast["staff"])
    rows = Article.objects.filter(pk=article.pk)
    with pytest.raises(IntegrityError, match="article_reviewed_by_another"), transaction.atomic():
        rows.update(reviewer_id=cast["staff"].account_id)
    with pytest.raises(IntegrityError, match="article_published_when_by_whom"), transaction.atomic():
        rows.update(state=State.PUBLISHED, published_at=clock.now())


def test_people_write_where_they_may_and_review_where_they_may(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        make.draft(by=cast["resident"])
    with pytest.raises(NotAllowed):
        make.draft(by=cast["leader"])  # in the name of the committee
    with pytest.raises(NotAllowed):
        make.draft(by=actors.system())  # nobody wrote it
    article = services.submit(article=make.draft(by=cast["staff"]), by=cast["staff"])
    for key in ("leader", "accountant", "street_officer", "resident"):
        with pytest.raises(NotAllowed):
            services.publish(article=article, by=cast[key])


def test_an_organization_writes_in_its_own_name_only(choir: Organization, cast: Cast) -> None:
    article = make.draft(by=cast["leader"], organization_source=source_of(choir))
    with pytest.raises(NotAllowed):
        services.edit(article=article, organization_source="", by=cast["leader"])
    nobody = "organizations.organization:01900000-0000-7000-8000-000000000009"
    with pytest.raises(services.NoSuchOrganization):
        services.edit(article=article, organization_source=nobody, by=cast["staff"])
    services.submit(article=article, by=cast["leader"])
    services.publish(article=article, by=cast["staff"])


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        ({"title": " "}, services.NothingWritten),
        ({"title": "长" * 65}, TooLong),
        ({"text": "\n"}, services.NothingWritten),
        ({"column": None}, services.NoColumn),
    ],
)
def test_a_draft_needs_a_title_a_text_and_a_column(
    cast: Cast, details: dict[str, Any], refusal: type[Exception]
) -> None:
    given = {"column": make.column(), "title": "路灯", "text": "亮了。", **details}
    with pytest.raises(refusal):
        services.write(by=cast["staff"], **given)


def test_every_wording_stays(cast: Cast) -> None:
    article = make.draft(by=cast["staff"], title="路灯坏了", text="三号院黑。")
    services.edit(article=article, title="路灯修好了", by=cast["staff"])
    services.edit(article=article, title="路灯修好了", by=cast["staff"])  # nothing new
    said = Revision.objects.order_by("number").values_list("number", "title", "text")
    assert list(said) == [(1, "路灯坏了", "三号院黑。"), (2, "路灯修好了", "三号院黑。")]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Revision.objects.update(text="从来没有黑过。")


def test_what_is_public_is_corrected_with_a_note_by_another_person(cast: Cast) -> None:
    article = make.published(by=cast["staff"], reviewer=cast["secretary"])
    words: dict[str, Any] = {"title": "路灯修好了", "digest": "", "text": "明晚才亮。"}
    with pytest.raises(services.NotADraft):
        services.edit(article=article, text="偷偷改。", by=cast["staff"])
    with pytest.raises(services.OwnArticle):
        services.correct(article=article, note="写错了日子", by=cast["staff"], **words)
    with pytest.raises(services.ReasonNeeded):
        services.correct(article=article, note=" ", by=cast["secretary"], **words)
    services.correct(article=article, note="写错了日子", by=cast["secretary"], **words)
    article.refresh_from_db()
    assert article.html == "<p>明晚才亮。</p>"
    assert next(entry.verb for entry in timeline.of(source_of(article))) == "ArticleCorrected"
    assert verify.check() == []


def test_what_older_rules_made_of_a_text_stays_until_it_is_edited(cast: Cast) -> None:
    """`1、` began a list once. Nobody edited these since: they are published, shown and verified as they were."""
    before = "<ol><li>带证</li></ol>"
    draft, public = (make.draft(by=cast["staff"], text="1、带证") for _time in range(2))
    Article.objects.update(html=before, markup_edition=1)
    public.refresh_from_db()
    services.publish(article=services.submit(article=public, by=cast["staff"]), by=cast["secretary"])
    assert set(Article.objects.values_list("state", "html")) == {("draft", before), ("published", before)}
    assert verify.check() == []
    draft = services.edit(article=draft, text="1、带证件", by=cast["staff"])
    assert (draft.html, draft.markup_edition) == ("<p>1、带证件</p>", markup.EDITION)
    words: dict[str, Any] = {"title": public.title, "digest": "", "text": "1、带证。"}
    public = services.correct(article=public, note="少了句号", by=cast["secretary"], **words)
    public.refresh_from_db()
    assert (public.html, public.markup_edition) == ("<p>1、带证。</p>", markup.EDITION)
    assert verify.check() == []
    Article.objects.filter(pk=draft.pk).update(html=before)
    assert [fault.what for fault in verify.check()] == ["its facts say otherwise: html_hash"]


def test_a_reopened_article_needs_another_review(cast: Cast) -> None:
    article = make.in_state(State.WITHDRAWN, by=cast["staff"], reviewer=cast["secretary"])
    services.reopen(article=article, by=cast["staff"])
    article.refresh_from_db()
    assert article.reviewer is None
    services.submit(article=article, by=cast["staff"])
    services.publish(article=article, by=cast["secretary"])


def test_a_writer_withdraws_their_own_a_leader_no_other(choir: Organization, cast: Cast) -> None:
    theirs = make.published(by=cast["staff"], reviewer=cast["secretary"], organization_source=source_of(choir))
    with pytest.raises(NotAllowed):
        services.withdraw(article=theirs, reason="不想要", by=cast["leader"])
    mine = make.published(by=cast["leader"], reviewer=cast["secretary"], organization_source=source_of(choir))
    services.withdraw(article=mine, reason="场地换了", by=cast["leader"])


def test_pinning_is_for_published_articles_and_some_days(cast: Cast) -> None:
    article = make.draft(by=cast["staff"])
    with pytest.raises(services.NotPublished):
        services.pin(article=article, until=clock.today(), by=cast["secretary"])
    article = make.published(by=cast["staff"], reviewer=cast["secretary"])
    for days in (-1, 61):
        with pytest.raises(services.PinTooLong):
            services.pin(article=article, until=clock.today() + timedelta(days=days), by=cast["secretary"])
    article = services.pin(article=article, until=clock.today(), by=cast["secretary"])
    assert article.is_pinned
    with clock.at(clock.now() + timedelta(days=1)):
        assert not article.is_pinned
    assert not services.pin(article=article, until=None, by=cast["secretary"]).is_pinned


def test_a_notice_is_what_stands_in_its_column_and_only_a_notice_must_be_read(cast: Cast) -> None:
    notices, community = make.column("notices"), make.column("community")
    assert make.draft(by=cast["staff"], column=notices).is_notice
    assert make.draft(by=cast["staff"], column=notices, is_important=True).is_important
    wrong: tuple[dict[str, Any], ...] = ({"is_important": True}, {"is_notice": True})
    for said in wrong:
        with pytest.raises(services.OnlyANotice):  # and not dropped without a word
            make.draft(by=cast["staff"], column=community, **said)
    moved = services.edit(article=make.draft(by=cast["staff"], column=notices), column=community, by=cast["staff"])
    assert not moved.is_notice


def test_what_everybody_must_read_comes_first_while_it_is_fresh(cast: Cast) -> None:
    by: dict[str, Any] = {"by": cast["staff"], "reviewer": cast["secretary"], "is_notice": True}
    with clock.at(clock.now() - timedelta(hours=3)):
        make.published(title="三号院停水", is_important=True, **by)
    make.published(title="合唱团招人", **by)
    assert [article.title for article in queries.notices_first_to_read(1)] == ["三号院停水"]
    with clock.at(clock.now() + queries.MUST_BE_READ):
        assert [article.title for article in queries.notices_first_to_read(1)] == ["合唱团招人"]


def test_columns_are_opened_once(cast: Cast) -> None:
    assert len(services.open_columns(by=cast["staff"])) == 7
    assert services.open_columns(by=cast["staff"]) == []
    with pytest.raises(NotAllowed):
        services.open_columns(by=cast["leader"])


def say(code: str = "", name: str = "", *, ended: bool = False, days: int = 1) -> None:
    """What the community says of a column from a day on."""
    since = clock.today() + timedelta(days=days)
    values = {"code": code, "name": name, "ended": ended}
    set_rule(rule=COLUMNS.name, since=since, values=values, why="读者要的", by=actors.system())


def offered() -> list[str]:
    return [column.name for column in queries.columns(only_open=True)]


def test_a_column_is_opened_renamed_and_ended_from_a_day_on(cast: Cast) -> None:
    services.open_columns(by=cast["staff"])
    say(name="体育")
    say("elders", "老友记")
    say("fund", ended=True, days=5)
    sport = Column.objects.get(code="own-1")
    assert "体育" not in offered()
    with pytest.raises(services.NoColumn):
        make.draft(by=cast["staff"], column=sport)
    with clock.at(clock.now() + timedelta(days=1)):
        assert offered() == ["通知公告", "社区要闻", "活动回顾", "邻里故事", "老友记", "公益金公开", "便民贴士", "体育"]
        told = make.draft(by=cast["staff"], column=Column.objects.get(code="fund"))
        assert make.draft(by=cast["staff"], column=sport).column.name == "体育"
    with clock.at(clock.now() + timedelta(days=5)):
        assert "公益金公开" not in offered()
        assert queries.columns()[-1].name == "公益金公开", "it can still be read"
        with pytest.raises(services.NoColumn):
            services.edit(article=told, title="一年的账", by=cast["staff"])


@pytest.mark.usefixtures("here")
def test_the_column_of_the_notices_may_be_renamed_and_never_ends() -> None:
    say("notices", "告示栏")
    with pytest.raises(WordNeeded):
        say("notices", ended=True, days=3)


def test_a_column_from_before_the_list_goes_on_under_its_name(cast: Cast) -> None:
    services.open_columns(by=cast["staff"])
    old = Column(code="sport", opened_as="体育", position=9)
    old.save()
    Column(code="attic", opened_as="阁楼", position=10, was_open=False).save()
    assert offered()[-1] == "体育"
    assert make.draft(by=cast["staff"], column=old).column.name == "体育"
    assert [column.name for column in queries.columns()][-2:] == ["体育", "阁楼"]


def test_two_people_decide_at_once_and_one_is_told(cast: Cast) -> None:
    article = services.submit(article=make.draft(by=cast["staff"]), by=cast["staff"])
    services.publish(article=article, by=cast["secretary"])
    with pytest.raises(ForbiddenMove):
        services.send_back(article=article, reason="短一点", by=cast["secretary"])


@pytest.fixture
def a_paper(choir: Organization, cast: Cast) -> Article:
    article = make.published(by=cast["staff"], reviewer=cast["secretary"], organization_source=source_of(choir))
    today = clock.today()
    services.record_reads([Opening(article.pk, today, b"r" * 16), Opening(article.pk, today, b"s" * 16)])
    assert verify.check() == []
    return article


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("UPDATE news_readtotal SET reads = reads + 1", "the read total is not the sum"),
        ("UPDATE news_readtally SET reads = reads - 1; UPDATE news_readtotal SET reads = reads - 1", "a tally is not"),
        ("DELETE FROM news_readtally; DELETE FROM news_readtotal", "reads without a tally"),
        ("DELETE FROM news_dayreader", "a reader of the day"),
        ("UPDATE news_daytally SET readers = 9", "the readers of a day"),
        ("UPDATE news_article SET text = 'x'", "the text is not its last revision"),
        ("UPDATE news_article SET reviewer_id = author_id, author_id = reviewer_id", "the reviewer wrote"),
        ("UPDATE news_article SET organization_source = 'organizations.organization:' || gen_random_uuid()", "nobody"),
    ],
)
def test_verify_names_a_planted_fault(a_paper: Article, planted: str, found: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(planted)
    assert any(found in fault.what for fault in verify.check()), [str(fault) for fault in verify.check()]


def test_who_left_the_register_keeps_what_they_wrote(choir: Organization, cast: Cast) -> None:
    article = make.published(by=cast["leader"], reviewer=cast["staff"], organization_source=source_of(choir))
    organizations.dissolve(organization=choir, reason="散了", by=cast["staff"])
    assert Article.objects.get(pk=article.pk).is_published
    assert verify.check() == []
