"""The facts this package announces (subject `news.article:<id>`). What follows is written in `reactions`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark, Title


@dataclass(frozen=True, kw_only=True)
class ArticleFact(Event):
    words = _("an article changed")
    outdates_pages = True

    number: int
    title: Title


@dataclass(frozen=True, kw_only=True)
class ArticleWritten(ArticleFact):
    words = _("written")


@dataclass(frozen=True, kw_only=True)
class ArticleEdited(ArticleFact):
    words = _("changed")

    revision: int


@dataclass(frozen=True, kw_only=True)
class ArticleSubmitted(ArticleFact):
    words = _("handed in for review")


@dataclass(frozen=True, kw_only=True)
class ArticleSentBack(ArticleFact):
    words = _("sent back")

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(ArticleFact):
    words = _("published")

    column: str  # its code
    organization_source: str  # "" for the committee
    is_notice: bool
    is_important: bool
    html_hash: str


@dataclass(frozen=True, kw_only=True)
class ArticleCorrected(ArticleFact):
    """A published article says something else now; `note` tells readers what."""

    words = _("corrected")

    revision: int
    note: Remark
    html_hash: str


@dataclass(frozen=True, kw_only=True)
class ArticleWithdrawn(ArticleFact):
    words = _("withdrawn")

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class ArticleReopened(ArticleFact):
    """A withdrawn article is a draft again."""

    words = _("taken up again")


@dataclass(frozen=True, kw_only=True)
class ArticlePinned(ArticleFact):
    words = _("put on top")

    until: str  # an ISO date, "" when it was unpinned


@dataclass(frozen=True, kw_only=True)
class ColumnOpened(Event):
    """Subject `news.column:<id>`."""

    words = _("the column was opened")

    code: str
    name: Title
