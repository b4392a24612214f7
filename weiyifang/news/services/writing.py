"""Write, edit, hand in. What was written stays: every wording is a revision."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, locks, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import line, paragraphs
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.files.arranging import Wanted, arrange
from weiyifang.news import events, markup, rules
from weiyifang.news.columns import COLUMNS, NOTICES
from weiyifang.news.models import FLOW, Article, Column, Revision, State
from weiyifang.organizations import queries as organizations


class NothingWritten(Refused):
    """No title or no text."""

    sentence = _("A title of at most 64 characters and a text are needed. Write them, then save again.")
    status = 422


class NoColumn(Refused):
    """No open column was chosen."""

    sentence = _("Choose a column that is open.")
    status = 422


class NoSuchOrganization(Refused):
    """Written in the name of an organization that does not exist here."""

    sentence = _("This organization is not on the register. Choose another name to write in.")
    status = 422


class NotADraft(Refused):
    """Edited while others review it or read it."""

    sentence = _("It is no draft any more. Take it back from review, or ask a colleague for a correction.")


class OnlyANotice(Refused):
    """Everybody must read it, or it is said to be a notice, but it stands in another column."""

    sentence = _(
        "Only a notice can be what everyone must read. Choose the column of the notices, or take the tick away."
    )
    status = 422


class Details(TypedDict, total=False):
    """What is written; the fields of `models.Article`.

    A notice is what stands in the column of the notices; `is_notice` may say so once more.
    """

    column: Column | None
    title: str
    digest: str
    text: str
    organization_source: str
    is_notice: bool
    is_important: bool


@transaction.atomic
def write(*, by: Actor, hand_in: bool = False, pictures: Wanted | None = None, **details: Unpack[Details]) -> Article:
    """A new draft, in the name of an organization or of the committee; with `hand_in` it goes to review at once.

    Announces `ArticleWritten` (and `ArticleSubmitted`). Raises `NothingWritten`, `NoColumn`, `OnlyANotice`,
    `NoSuchOrganization`, and what `files.arranging.arrange` refuses.
    """
    source = details.get("organization_source", "")
    require(rules.can_write_for(by, source))
    assert by.account_id is not None
    if source and source not in organizations.named([source]):
        raise NoSuchOrganization()
    article = Article(author_id=by.account_id, number=next_number("article"))
    words = words_of(article, {"title": "", "text": "", "column": None, **details})
    arrange(article, pictures, by=by)
    _fill(article, words)
    if hand_in:
        article.state, article.submitted_at = State.IN_REVIEW, clock.now()
    article.save(force_insert=True)
    revise(article, by=by, number=1)
    about: dict[str, Any] = {"subject": source_of(article), "number": article.number, "title": article.title}
    announce(events.ArticleWritten(**about), by=by)
    if hand_in:
        announce(events.ArticleSubmitted(**about), by=by)
    return article


@transaction.atomic
def edit(*, article: Article, by: Actor, pictures: Wanted | None = None, **details: Unpack[Details]) -> Article:
    """Change a draft or its pictures. Whoever does so may not review it. Announces `ArticleEdited` when anything is
    different now.

    Raises `NotADraft` and what `write` raises.
    """
    article = locked(article, by)
    source = details.get("organization_source", article.organization_source)
    require(rules.can_work_on(by, article) and rules.can_write_for(by, source))
    if article.state != State.DRAFT:
        raise NotADraft()
    if source and source not in organizations.named([source]):
        raise NoSuchOrganization()
    details = words_of(article, details)
    are_other = arrange(article, pictures, by=by)
    if all(getattr(article, name) == value for name, value in details.items()) and not are_other:
        return article
    _fill(article, details)
    article.save()
    revision = revise(article, by=by)
    announce(
        events.ArticleEdited(
            subject=source_of(article), number=article.number, title=article.title, revision=revision.number
        ),
        by=by,
    )
    return article


@transaction.atomic
def submit(*, article: Article, by: Actor) -> Article:
    """Hand a draft in for review by another person. Announces `ArticleSubmitted`."""
    article = locked(article, by)
    require(rules.can_work_on(by, article))
    states.move(article, State.IN_REVIEW, flow=FLOW, submitted_at=clock.now(), sent_back_why="")
    announce(events.ArticleSubmitted(subject=source_of(article), number=article.number, title=article.title), by=by)
    return article


@transaction.atomic
def open_columns(*, by: Actor) -> list[Column]:
    """Make room for every column of the list that has none (`columns.COLUMNS`). Returns those opened now.

    Announces `ColumnOpened` of each.
    """
    require(rules.can_review(by) or by.is_system)
    locks.take("columns")
    standing = set(Column.objects.values_list("code", flat=True))
    last = Column.objects.aggregate(last=Max("position"))["last"] or 0
    opened: list[Column] = []
    for word in COLUMNS.ever():
        if word.code not in standing:
            column = Column(code=word.code, opened_as=word.zh, position=last + len(opened) + 1)
            column.save(force_insert=True)
            announce(events.ColumnOpened(subject=source_of(column), code=word.code, name=word.zh), by=by)
            opened.append(column)
    return opened


def render(article: Article) -> None:
    """Part of every verb that changes words: what readers will see of them."""
    article.html, article.markup_edition = markup.to_html(article.text, article.pictures.shown), markup.EDITION
    article.digest = article.digest or markup.digest_of(article.text)


def revise(article: Article, *, by: Actor, note: str = "", number: int | None = None) -> Revision:
    """Part of every verb that changes words: keep what it says from now on (under its next `number` unless given)."""
    assert by.account_id is not None
    last = number - 1 if number else article.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = Revision(
        article=article,
        number=last + 1,
        title=article.title,
        digest=article.digest,
        text=article.text,
        by_id=by.account_id,
        note=note,
    )
    revision.save(force_insert=True)
    return revision


def locked(article: Article, by: Actor) -> Article:
    """The row, locked until the transaction ends, and as whoever acts has seen it."""
    row = Article.objects.select_for_update(of=("self",)).select_related("column").get(pk=article.pk)
    versions.check(row, by)
    return row


def words_of(article: Article, details: Details) -> Details:
    """What was written as it will be kept. Raises `NothingWritten`, and `text.TooLong` for what has no room."""
    title, body = details.get("title", article.title), details.get("text", article.text)
    if not line(title) or not paragraphs(body):
        raise NothingWritten()
    return cleaned(Article, details)


def _fill(article: Article, details: Details) -> None:
    for name, value in details.items():
        setattr(article, name, value)
    if details.get("column", article.column if article.column_id else None) is None or not article.column.is_open:
        raise NoColumn()
    render(article)
    article.is_notice = article.column.code == NOTICES
    if not article.is_notice and (article.is_important or details.get("is_notice")):
        raise OnlyANotice()
    article.changed_at = clock.now()
