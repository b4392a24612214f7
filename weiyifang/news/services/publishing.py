"""Review by another person, publish, correct, withdraw, pin."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import paragraphs
from weiyifang.core.web.access import require
from weiyifang.files.arranging import Wanted, arrange
from weiyifang.news import events, rules
from weiyifang.news.models import FLOW, Article, State
from weiyifang.news.services.writing import locked, render, revise, words_of

LONGEST_PIN = 60  # days: what is always on top is read by nobody


class OwnArticle(Refused):
    """A writer was about to review their own words."""

    sentence = _("What you wrote yourself, you cannot review. Ask a colleague to read it.")
    status = 403


class ReasonNeeded(Refused):
    """Sent back, corrected or withdrawn without a word why."""

    sentence = _("Say in a few words why: the writer, or the readers, will ask.")
    status = 422


class NotPublished(Refused):
    """Only what is published can be corrected or pinned."""

    sentence = _("It is not published (any more). Open the page again to see where it stands.")


class PinTooLong(Refused):
    """Pinned to the top for a day that is over or too far away."""

    sentence = _("An article stays on top until a day within the next 60 days. Choose another day.")
    status = 422


@transaction.atomic
def publish(*, article: Article, by: Actor) -> Article:
    """Show it to all: by a reviewer who wrote no line of it. Raises `OwnArticle`. Announces `ArticlePublished`."""
    article = locked(article, by)
    _require_reviewer(article, by)
    states.move(article, State.PUBLISHED, flow=FLOW, reviewer_id=by.account_id, published_at=clock.now())
    announce(
        events.ArticlePublished(
            subject=source_of(article),
            number=article.number,
            title=article.title,
            column=article.column.code,
            organization_source=article.organization_source,
            is_notice=article.is_notice,
            is_important=article.is_important,
            html_hash=article.html_hash,
        ),
        by=by,
    )
    return article


@transaction.atomic
def send_back(*, article: Article, reason: str, by: Actor) -> Article:
    """Give it back to its writer with a reason. Raises `OwnArticle`, `ReasonNeeded`. Announces `ArticleSentBack`."""
    article = locked(article, by)
    _require_reviewer(article, by)
    why = _reason(reason)
    states.move(article, State.DRAFT, flow=FLOW, sent_back_why=why)
    announce(
        events.ArticleSentBack(subject=source_of(article), number=article.number, title=article.title, reason=why),
        by=by,
    )
    return article


@transaction.atomic
def take_back(*, article: Article, by: Actor) -> Article:
    """Its writers take it back from review: it is a draft again. Announces `ArticleSentBack` without a reason."""
    article = locked(article, by)
    require(rules.can_write_for(by, article.organization_source) and by.account_id in rules.writers_of(article))
    states.move(article, State.DRAFT, flow=FLOW)
    announce(
        events.ArticleSentBack(subject=source_of(article), number=article.number, title=article.title, reason=""),
        by=by,
    )
    return article


@transaction.atomic
def correct(
    *,
    article: Article,
    title: str,
    digest: str,
    text: str,
    note: str,
    pictures: Wanted | None = None,
    by: Actor,
) -> Article:
    """Change what is public, with a note that readers see. By a reviewer who is not its author.

    Raises `NotPublished`, `OwnArticle`, `ReasonNeeded`, `NothingWritten`, and what `files.arranging.arrange` refuses.
    Announces `ArticleCorrected`.
    """
    article = locked(article, by)
    require(rules.can_review(by))
    if not rules.can_correct(by, article):
        raise OwnArticle()
    if not article.is_published:
        raise NotPublished()
    why = _reason(note)
    for name, said in words_of(article, {"title": title, "text": text, "digest": digest}).items():
        setattr(article, name, said)
    arrange(article, pictures, by=by)
    render(article)
    article.changed_at = clock.now()
    article.save(update_fields=["title", "text", "digest", "html", "markup_edition", "changed_at", "pictures"])
    revision = revise(article, by=by, note=why)
    announce(
        events.ArticleCorrected(
            subject=source_of(article),
            number=article.number,
            title=article.title,
            revision=revision.number,
            note=why,
            html_hash=article.html_hash,
        ),
        by=by,
    )
    return article


@transaction.atomic
def withdraw(*, article: Article, reason: str, by: Actor) -> Article:
    """Take it off the pages, or put a draft away; it can be reopened. Its reads stay counted.

    A published article is withdrawn by a reviewer or its author. Raises `ReasonNeeded`. Announces `ArticleWithdrawn`.
    """
    article = locked(article, by)
    require(rules.can_work_on(by, article))
    if article.is_published:
        require(rules.can_review(by) or by.account_id == article.author_id)
    why = _reason(reason)
    now = clock.now()
    states.move(article, State.WITHDRAWN, flow=FLOW, withdrawn_why=why, pinned_until=None, changed_at=now)
    announce(
        events.ArticleWithdrawn(subject=source_of(article), number=article.number, title=article.title, reason=why),
        by=by,
    )
    return article


@transaction.atomic
def reopen(*, article: Article, by: Actor) -> Article:
    """A withdrawn article is a draft again; it needs a review before it is public. Announces `ArticleReopened`."""
    article = locked(article, by)
    require(rules.can_work_on(by, article))
    states.move(article, State.DRAFT, flow=FLOW, reviewer_id=None)
    announce(events.ArticleReopened(subject=source_of(article), number=article.number, title=article.title), by=by)
    return article


@transaction.atomic
def pin(*, article: Article, until: date | None, by: Actor) -> Article:
    """Keep it on top of the lists until the end of a day; None takes it down. Announces `ArticlePinned`.

    Raises `NotPublished`, `PinTooLong`.
    """
    article = locked(article, by)
    require(rules.can_review(by))
    if not article.is_published:
        raise NotPublished()
    today = clock.today()
    if until is not None and not today <= until <= today + timedelta(days=LONGEST_PIN):
        raise PinTooLong()
    article.pinned_until = until
    article.save(update_fields=["pinned_until"])
    day = until.isoformat() if until else ""
    announce(
        events.ArticlePinned(subject=source_of(article), number=article.number, title=article.title, until=day), by=by
    )
    return article


def _require_reviewer(article: Article, by: Actor) -> None:
    require(rules.can_review(by))
    if not rules.may_decide(by, article):
        raise OwnArticle()


def _reason(text: str) -> str:
    if not (why := paragraphs(text)):
        raise ReasonNeeded()
    return why


def forget_reasons(*, name: str, instead: str) -> None:
    """Somebody is forgotten: why an article was sent back or withdrawn names them no more. Its own words stay."""
    write_over(Article.objects.all(), "sent_back_why", "withdrawn_why", name=name, instead=instead)
