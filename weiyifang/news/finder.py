"""Finding articles: by title and digest, by number."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core.look.wording import day
from weiyifang.core.web.access import anyone
from weiyifang.core.web.finding import Finder, Hit, Sought, has_number, number_first
from weiyifang.news import rules
from weiyifang.news.models import Article, State


def _rows(sought: Sought) -> QuerySet[Article]:
    """What is published, and at the desk also what the reader works on; the newest first."""
    seen = Q(state=State.PUBLISHED)
    if sought.at_desk and rules.can_write_some(sought.by):
        seen |= Q(pk__in=rules.workable_by(sought.by).values("pk"))
    fits = Article.objects.all().matching(sought.words).values("pk")
    rows = Article.objects.filter(seen).filter(has_number(sought) | Q(pk__in=fits))
    return number_first(rows.select_related("column").defer("text", "html"), sought, "-written_at", "-number")


def _hits(rows: Sequence[Article], sought: Sought) -> list[Hit]:
    return [
        Hit(
            title=row.title,
            desc=f"{day(row.published_at, 'short') or row.get_state_display()} · {row.column.name}",
            route="news:manage" if _works_on(row, sought) else "news:detail",
            args=(row.number,),
            is_exact=row.number == sought.number,
        )
        for row in rows
    ]


def _works_on(row: Article, sought: Sought) -> bool:
    return sought.at_desk and rules.can_write_some(sought.by) and rules.can_work_on(sought.by, row)


FINDERS = (Finder(code="news", label=_("News"), icon="article", may=anyone, rows=_rows, hits=_hits, public=True),)
