"""The facts this package announces (subject `news.article:<id>`). What follows is written in `reactions`."""

from __future__ import annotations

from dataclasses import dataclass

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ArticleFact(Event):
    number: int
    title: str


@dataclass(frozen=True, kw_only=True)
class ArticleWritten(ArticleFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ArticleEdited(ArticleFact):
    revision: int


@dataclass(frozen=True, kw_only=True)
class ArticleSubmitted(ArticleFact):
    pass


@dataclass(frozen=True, kw_only=True)
class ArticleSentBack(ArticleFact):
    reason: str


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(ArticleFact):
    column: str  # its code
    organization_source: str  # "" for the committee
    is_notice: bool
    is_important: bool


@dataclass(frozen=True, kw_only=True)
class ArticleCorrected(ArticleFact):
    """A published article says something else now; `note` tells readers what."""

    revision: int
    note: str


@dataclass(frozen=True, kw_only=True)
class ArticleWithdrawn(ArticleFact):
    reason: str


@dataclass(frozen=True, kw_only=True)
class ArticleReopened(ArticleFact):
    """A withdrawn article is a draft again."""


@dataclass(frozen=True, kw_only=True)
class ArticlePinned(ArticleFact):
    until: str  # an ISO date, "" when it was unpinned


@dataclass(frozen=True, kw_only=True)
class ColumnOpened(Event):
    """Subject `news.column:<id>`."""

    code: str
    name: str
