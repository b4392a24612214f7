"""Who may do what with an article. Writing is held in the name of an organization or of the whole community."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from weiyifang.core.actors import Actor
from weiyifang.news.models import Article, ArticleQuerySet, Revision, State
from weiyifang.people.roles import Permission


def can_write_for(actor: Actor, organization_source: str) -> bool:
    """Write in the name of an organization (a source; "" is the committee)."""
    return actor.account_id is not None and actor.may(Permission.WRITE_NEWS, within=organization_source)


def can_write_some(actor: Actor) -> bool:
    """The rule of the writers' pages."""
    return actor.account_id is not None and actor.may_somewhere(Permission.WRITE_NEWS)


def can_work_on(actor: Actor, article: Article) -> bool:
    """See, edit, submit and put away what is written in this name."""
    return can_write_for(actor, article.organization_source) or can_review(actor)


def can_review(actor: Actor) -> bool:
    """Belongs to those who review; whether it is this article's turn is asked by `may_decide`."""
    return actor.account_id is not None and actor.may(Permission.REVIEW_NEWS)


def may_decide(actor: Actor, article: Article) -> bool:
    """May publish or send back this article: a reviewer who did not write a line of it since it was last public."""
    return can_review(actor) and actor.account_id not in writers_of(article)


def writers_of(article: Article) -> set[object]:
    """Accounts that wrote what awaits review: the author and whoever edited the draft."""
    editors = article.revisions.filter(note="").values_list("by_id", flat=True)
    return {article.author_id, *editors}


def can_correct(actor: Actor, article: Article) -> bool:
    """Change what is public: a reviewer, never the author alone."""
    return can_review(actor) and actor.account_id != article.author_id


def can_see(actor: Actor, article: Article) -> bool:
    """Everybody what is published, those who work on it everything."""
    return article.is_published or can_work_on(actor, article)


def is_public(pk: UUID) -> bool:
    """May everybody see this article, and so its pictures, now?"""
    return Article.objects.published().filter(pk=pk).exists()


def can_see_pictures(pk: UUID, actor: Actor) -> bool:
    """Whoever sees the article."""
    article = Article.objects.filter(pk=pk).only("state", "organization_source").first()
    return article is not None and can_see(actor, article)


def workable_by(actor: Actor) -> ArticleQuerySet:
    """As `can_work_on`, for lists."""
    if can_review(actor):
        return Article.objects.all()
    scopes = actor.scopes(Permission.WRITE_NEWS)
    if scopes is None:
        return Article.objects.all()
    return Article.objects.filter(Q(organization_source__in=scopes))


def reviewable_by(actor: Actor) -> ArticleQuerySet:
    """What waits for this reviewer, the longest-waiting first."""
    if not can_review(actor):
        return Article.objects.none()
    own = Revision.objects.filter(by_id=actor.account_id, note="").values("article_id")
    rows = Article.objects.filter(state=State.IN_REVIEW).exclude(author_id=actor.account_id).exclude(pk__in=own)
    return rows.order_by("submitted_at", "number")
