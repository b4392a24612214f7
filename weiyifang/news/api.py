"""The paper for programs: what is published for everyone, drafts by those who may write."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from ninja import Field, Router, Schema, Status

from weiyifang.core.columns import most
from weiyifang.core.web.access import PageRequest
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Line, Paragraphs
from weiyifang.files.schemas import PictureOut, pictures_of
from weiyifang.news import markup, queries, services
from weiyifang.news.models import Article, Column

router = Router(tags=["news"])


class ArticleOut(Schema):
    """A published article; `reads` is one reader × day at most once (see the package's page on reads)."""

    id: UUID
    number: int
    column: str
    title: str
    digest: str
    organization_source: str
    is_notice: bool
    is_important: bool
    published_at: datetime
    reads: int
    pictures: list[PictureOut]


class ArticleTextOut(ArticleOut):
    """With its text as clean HTML and what was corrected, newest first."""

    html: str
    corrections: list[str]


class DraftIn(Schema):
    """A draft; `organization_source` empty means in the name of the committee."""

    column: Line
    title: Line = Field(min_length=1, max_length=most(Article, "title"))
    text: Paragraphs = Field(min_length=1, max_length=most(Article, "text"))
    digest: Line = Field("", max_length=most(Article, "digest"))
    organization_source: Line = Field("", max_length=most(Article, "organization_source"))
    is_notice: bool = False  # only in the column "notices", where it is one anyway
    is_important: bool = False  # only a notice


class Made(Schema):
    id: UUID
    number: int


@router.get("articles", response=list[ArticleOut])
def listing(
    request: PageRequest,
    *,
    column: str = "",
    q: str = "",
    of: str = "",
    notices: bool = False,
    before: After = 0,
    limit: Limit = 50,
) -> list[ArticleOut]:
    """Public: by number, the newest first; `before` is the last number of the page before."""
    rows = queries.published(column, q[:60], of, notices).order_by("-number")
    return [ArticleOut(**_fields(request, row)) for row in (rows.filter(number__lt=before) if before else rows)[:limit]]


@router.get("articles/{number:number}", response=ArticleTextOut)
def detail(request: PageRequest, number: int) -> ArticleTextOut:
    """Public: one article. Programs are no readers: this counts nothing."""
    article = Article.objects.published().with_reads().select_related("column").filter(number=number).first()
    if article is None:
        raise Http404
    html = markup.shown(article.html, request.community.home_url)
    notes = [revision.note for revision in queries.corrections(article)]
    return ArticleTextOut(**_fields(request, article), html=html, corrections=notes)


@router.post("articles", response={201: Made})
def write(request: PageRequest, draft: DraftIn) -> Status[Made]:
    """Save a draft; a person hands it in and another publishes it."""
    details = draft.dict()
    column = Column.objects.filter(code=details.pop("column")).first()
    article = services.write(by=request.actor, column=column, **details)
    return Status(201, Made(id=article.pk, number=article.number))


def _fields(request: PageRequest, row: Article) -> dict[str, Any]:
    names = ("number", "title", "digest", "organization_source", "is_notice", "is_important", "published_at", "reads")
    pictures = pictures_of(request, row.pictures)
    told = {name: getattr(row, name) for name in names}
    return {"id": row.pk, "column": row.column.code, "pictures": pictures, **told}
