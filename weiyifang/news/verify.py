"""Recompute the paper's promises from its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db import connection

from weiyifang.core import facts
from weiyifang.core.facts import ANYTHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.files.verify import album_faults
from weiyifang.news import events, markup
from weiyifang.news.models import Article, State
from weiyifang.organizations import queries as organizations

SHOWN = 100  # faults of one kind that are named

# Single reads are forgotten after a while: a day is recounted while any read of that day stands.
CHECKS = {
    "the read total is not the sum of its tallies": """
        SELECT 'news.article:' || coalesce(t.article_id, s.article_id),
            coalesce(t.reads, 0) || ' against ' || coalesce(s.reads, 0)
        FROM (SELECT article_id, reads FROM news_readtotal WHERE community_id = %(c)s) t
        FULL JOIN (
            SELECT article_id, sum(reads) AS reads FROM news_readtally WHERE community_id = %(c)s GROUP BY article_id
        ) s ON s.article_id = t.article_id
        WHERE t.reads IS DISTINCT FROM s.reads""",
    "a tally is not the number of reads": """
        SELECT 'news.ReadTally ' || t.id, t.reads || ' against ' || count(r.id)
        FROM news_readtally t
        LEFT JOIN news_read r ON r.community_id = t.community_id AND r.article_id = t.article_id AND r.day = t.day
        WHERE t.community_id = %(c)s AND t.day >= (SELECT min(day) FROM news_read WHERE community_id = %(c)s)
        GROUP BY t.id, t.reads HAVING t.reads <> count(r.id)""",
    "reads without a tally": """
        SELECT 'news.Read of article ' || r.article_id, r.day::text FROM news_read r
        LEFT JOIN news_readtally t ON t.community_id = r.community_id AND t.article_id = r.article_id AND t.day = r.day
        WHERE r.community_id = %(c)s AND t.id IS NULL GROUP BY r.article_id, r.day""",
    "the readers of a day are not the different keys": """
        SELECT 'news.DayTally ' || coalesce(t.day, r.day),
            coalesce(t.readers, 0) || ' against ' || coalesce(r.readers, 0)
        FROM (SELECT day, count(DISTINCT reader) AS readers FROM news_read WHERE community_id = %(c)s GROUP BY day) r
        FULL JOIN (
            SELECT day, readers FROM news_daytally WHERE community_id = %(c)s
            AND day >= (SELECT min(day) FROM news_read WHERE community_id = %(c)s)
        ) t ON t.day = r.day
        WHERE t.readers IS DISTINCT FROM r.readers""",
    "a reader of the day read nothing, or is not noted": """
        SELECT 'news.DayReader of ' || coalesce(d.day, r.day), encode(coalesce(d.reader, r.reader), 'hex')
        FROM (SELECT day, reader FROM news_dayreader WHERE community_id = %(c)s) d
        FULL JOIN (SELECT DISTINCT day, reader FROM news_read WHERE community_id = %(c)s) r
            ON r.day = d.day AND r.reader = d.reader
        WHERE r.day IS NULL OR d.day IS NULL""",
    "published without a review by another person": """
        SELECT 'news.article:' || id, coalesce(reviewer_id::text, 'nobody') FROM news_article
        WHERE community_id = %(c)s AND state = 'published' AND (reviewer_id IS NULL OR reviewer_id = author_id)""",
    "the reviewer wrote a part of it": """
        SELECT DISTINCT 'news.article:' || a.id, a.reviewer_id::text FROM news_article a
        JOIN news_revision v ON v.community_id = a.community_id AND v.article_id = a.id AND v.note = ''
        WHERE a.community_id = %(c)s AND a.state = 'published' AND v.by_id = a.reviewer_id""",
    "the text is not its last revision": """
        SELECT 'news.article:' || a.id, 'revision ' || coalesce(v.number, 0) FROM news_article a
        LEFT JOIN LATERAL (
            SELECT number, title, digest, text FROM news_revision r
            WHERE r.community_id = %(c)s AND r.article_id = a.id ORDER BY number DESC LIMIT 1
        ) v ON true
        WHERE a.community_id = %(c)s AND (v.title, v.digest, v.text) IS DISTINCT FROM (a.title, a.digest, a.text)""",
}


def check() -> list[Fault]:
    """Every fault of the paper in the community at hand."""
    faults = []
    with connection.cursor() as cursor:
        for what, sql in CHECKS.items():
            cursor.execute(f"{sql} LIMIT {SHOWN}", {"c": current_community_id()})
            faults += [Fault(check="news", where=where, what=f"{what}: {more}") for where, more in cursor.fetchall()]
    return [*faults, *_lost_organizations(), *_decisions(), *album_faults(Article.objects.all(), check="news")]


def _decisions() -> Iterator[Fault]:
    """An article is where the last decision put it, and shows what was decided on, or what its text gives."""
    decided = ("is_notice", "is_important", "organization_source")

    def published(fact: Told) -> Row:
        said = {name: fact.values[name] for name in decided}
        return {"state": State.PUBLISHED, "reviewer_id": fact.by, "html_hash": fact.values.get("html_hash")} | said

    def draft(_fact: Told) -> Row:
        return {"state": State.DRAFT, "html_hash": None} | dict.fromkeys(decided, ANYTHING)

    wanted = facts.due(
        {
            events.ArticleWritten: lambda fact: {"number": fact.values["number"], "author_id": fact.by, **draft(fact)},
            events.ArticleEdited: draft,
            events.ArticleSubmitted: lambda _fact: {"state": State.IN_REVIEW},
            events.ArticleSentBack: draft,
            events.ArticlePublished: published,
            events.ArticleCorrected: lambda fact: {"html_hash": fact.values.get("html_hash")},
            events.ArticleWithdrawn: lambda _fact: {"state": State.WITHDRAWN},
            events.ArticleReopened: lambda fact: {"reviewer_id": None, **draft(fact)},
        }
    )
    rows = list(Article.objects.all())
    for row in rows:
        if (want := wanted.get(source_of(row), {})).get("html_hash", "") is None:  # no decision on it, or an old one
            now = row.markup_edition == markup.EDITION  # what older rules made of a text cannot be made again
            want["html_hash"] = (
                hashlib.sha256(markup.to_html(row.text, row.pictures.shown).encode()).hexdigest() if now else ANYTHING
            )
    yield from facts.compare(rows, wanted, check="news", untold="nobody wrote this article")


def _lost_organizations() -> Iterator[Fault]:
    rows = Article.objects.exclude(organization_source="").exclude(state=State.DRAFT)
    sources = set(rows.values_list("organization_source", flat=True))
    for source in sorted(sources - organizations.named(sources).keys()):
        yield Fault(check="news", where=source, what="articles are written in the name of nobody on the register")
