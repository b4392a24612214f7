"""Reads worth a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When

from weiyifang.core import clock
from weiyifang.news.columns import COLUMNS, NOTICES
from weiyifang.news.models import Article, Column, DayTally, ReadTally, ReadTotal, Revision
from weiyifang.organizations import queries as organizations

MUST_BE_READ = timedelta(days=7)  # for so long it comes before everything else: by then the water is back


def published(column: str = "", words: str = "", of: str = "", notices: bool = False) -> QuerySet[Article]:
    """What everybody may read, pinned first, then the newest; of one column, organization, or notices only."""
    rows = Article.objects.published().matching(words).for_lists()
    if column:
        rows = rows.filter(column__code=column)
    if of:
        rows = rows.filter(organization_source=of)
    if notices:
        rows = rows.filter(Q(is_notice=True) | Q(column__code=NOTICES))
    pinned = When(pinned_until__gte=clock.today(), then=Value(0))
    top = Case(pinned, default=Value(1), output_field=IntegerField())
    return rows.order_by(top, "-published_at", "-number")


def latest(count: int = 5) -> list[Article]:
    """For front pages: the newest that are no notices, pinned first."""
    return sign(published().exclude(Q(is_notice=True) | Q(column__code=NOTICES))[:count])


def notices_first_to_read(count: int = 3) -> list[Article]:
    """For front pages: what everybody must read, of these days; then what is pinned, then the newest notices."""
    since = clock.now() - MUST_BE_READ
    must = When(is_important=True, published_at__gte=since, then=Value(0))
    pinned = When(pinned_until__gte=clock.today(), then=Value(1))
    first = Case(must, pinned, default=Value(2), output_field=IntegerField())
    return sign(published(notices=True).order_by(first, "-published_at", "-number")[:count])


def author_of(pk: UUID) -> UUID:
    """The account that began an article, published or not."""
    return Article.objects.values_list("author_id", flat=True).get(pk=pk)


def columns(*, only_open: bool = False) -> list[Column]:
    """In the order of the list, then those that never were on it; what is not offered any more comes last."""
    order = {word.code: place for place, word in enumerate(COLUMNS.known())}
    rows = sorted(Column.objects.all(), key=lambda row: (order.get(row.code, len(order)), row.position))
    return [row for row in rows if row.is_open or not only_open]


def sign(articles: Iterable[Article]) -> list[Article]:
    """Give each article its `organization`, the one in whose name it is written (one query, or none)."""
    found = list(articles)
    known = organizations.named({article.organization_source for article in found if article.organization_source})
    for article in found:
        article.organization = known.get(article.organization_source)
    return found


def neighbours_of(article: Article) -> tuple[Article | None, Article | None]:
    """The articles published just before and just after this one."""
    rows = Article.objects.published().only("id", "community", "number", "title", "published_at")
    at, number = article.published_at, article.number
    before = rows.filter(Q(published_at__lt=at) | Q(published_at=at, number__lt=number))
    after = rows.filter(Q(published_at__gt=at) | Q(published_at=at, number__gt=number))
    return before.newest_first().first(), after.order_by("published_at", "number").first()


def corrections(article: Article) -> QuerySet[Revision]:
    """What was corrected since it was published, the newest first."""
    return Revision.objects.filter(article=article).exclude(note="").order_by("-number").defer("text")


def total_articles() -> int:
    """How many articles are published."""
    return Article.objects.published().count()


def total_reads() -> int:
    """Reads of all articles ever: one reader × article × day."""
    return int(ReadTotal.objects.aggregate(total=Sum("reads"))["total"] or 0)


@dataclass(frozen=True, kw_only=True)
class DayReads:
    """What was read on a day. Reads of one article on different days are different readers' keys: add with care."""

    day: date
    reads: int
    openings: int
    readers: int  # different persons and devices; only known for the whole paper


def daily(days: int = 30, of: QuerySet[Article] | None = None) -> list[DayReads]:
    """Day by day up to today, days without a read included; of these articles only, and then `readers` is 0."""
    last = clock.today()
    first = last - timedelta(days=days - 1)
    rows = ReadTally.objects.filter(day__gte=first, day__lte=last)
    if of is not None:
        rows = rows.filter(article__in=of)
    sums = {
        row["day"]: row for row in rows.values("day").annotate(reads_sum=Sum("reads"), openings_sum=Sum("openings"))
    }
    people: dict[date, int] = {}
    if of is None:
        people = dict(DayTally.objects.filter(day__gte=first, day__lte=last).values_list("day", "readers"))
    found = []
    for step in range(days):
        day = first + timedelta(days=step)
        row = sums.get(day)
        found.append(
            DayReads(
                day=day,
                reads=row["reads_sum"] if row else 0,
                openings=row["openings_sum"] if row else 0,
                readers=people.get(day, 0),
            )
        )
    return found
