"""Residents' pages: the paper by column, notices, one article. Opening an article counts (`reading.note`)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404

from weiyifang.core.web import kept
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.news import markup, queries, reading
from weiyifang.news.models import Article, Column
from weiyifang.organizations import queries as organizations

WITHOUT_SECRETS = ("author__password", "author__phone", "author__phone_key")


@page(anyone, kept=5)
def listing(request: PageRequest) -> HttpResponseBase:
    """What is published: `?column=`, `?q=` in titles, `?of=` an organization (its source)."""
    return show(request, "news/list.html", _paper(request))


@page(anyone, kept=5)
def notices(request: PageRequest) -> HttpResponseBase:
    """Notices only."""
    return show(request, "news/list.html", _paper(request, notices=True))


@page(anyone, kept=10)
def detail(request: PageRequest, number: int) -> HttpResponseBase:
    """One article. Drafts and withdrawn articles are nobody's business here: 404."""
    rows = Article.objects.published().with_reads().select_related("column", "author").defer("text", *WITHOUT_SECRETS)
    article = get_object_or_404(rows, number=number)
    queries.sign([article])
    before, after = queries.neighbours_of(article)
    context = {
        "article": article,
        "html": markup.shown(article.html, request.community.home_url),
        "corrections": list(queries.corrections(article)),
        "before": before,
        "after": after,
    }
    response = show(request, "news/detail.html", context)
    kept.each_time(request, response, partial(reading.note, article_id=article.pk))
    return response


def _paper(request: PageRequest, *, notices: bool = False) -> dict[str, Any]:
    words, of = asked(request, "q", 60), asked(request, "of")
    columns = list(queries.columns())
    column = _chosen(columns, asked(request, "column"))
    author = organizations.named([of]).get(of)
    if of and author is None:
        raise Http404
    found = paged(request, queries.published(column.code if column else "", words, of, notices))
    return {
        "page": found,
        "articles": queries.sign(found),
        "columns": columns,
        "column": column,
        "words": words,
        "of": author,
        "notices": notices,
    }


def _chosen(columns: list[Column], code: str) -> Column | None:
    if not code:
        return None
    for column in columns:
        if column.code == code:
            return column
    raise Http404
