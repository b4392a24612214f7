"""Count reads: one statement for a batch, however large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction

from weiyifang.core import clock, locks
from weiyifang.core.ids import new_ids
from weiyifang.core.tenancy import current_community_id
from weiyifang.news.models import DayReader, Read

KEPT_DAYS = 35  # single reads; afterwards only the tallies remain

# A read that stands already is an opening more; a reader who was there already today is no new reader. Rows go in
# sorted, and batches one after the other, so that two never wait for each other. "Is it there already?" is asked by ON
# CONFLICT alone: joins with these tables chose wrong indexes while the planner did not know their size yet. The values
# are texts and not arrays: the driver makes an array of thousands with a call and a search for each.
COUNT = """
WITH batch AS (
    SELECT b.id, b.article_id, b.day, decode(b.reader, 'hex') AS reader, b.times
    FROM unnest(
        string_to_array(%(ids)s, ' ')::uuid[],
        string_to_array(%(articles)s, ' ')::uuid[],
        string_to_array(%(days)s, ' ')::date[],
        string_to_array(%(readers)s, ' '),
        string_to_array(%(times)s, ' ')::bigint[]
    ) AS b(id, article_id, day, reader, times)
), fresh AS (
    INSERT INTO news_read (id, community_id, article_id, day, reader)
    SELECT DISTINCT ON (article_id, day, reader) id, %(community)s, article_id, day, reader
    FROM batch ORDER BY article_id, day, reader, id
    ON CONFLICT (community_id, day, reader, article_id) DO NOTHING
    RETURNING article_id, day
), sums AS (
    SELECT b.article_id, b.day, (array_agg(b.id))[1] AS id, sum(b.times) AS openings, coalesce(max(f.reads), 0) AS reads
    FROM batch b
    LEFT JOIN (SELECT article_id, day, count(*) AS reads FROM fresh GROUP BY article_id, day) f
        ON f.article_id = b.article_id AND f.day = b.day
    GROUP BY b.article_id, b.day
), tallied AS (
    INSERT INTO news_readtally (id, community_id, article_id, day, reads, openings)
    SELECT id, %(community)s, article_id, day, reads, openings FROM sums ORDER BY article_id, day
    ON CONFLICT (community_id, article_id, day) DO UPDATE
    SET reads = news_readtally.reads + excluded.reads, openings = news_readtally.openings + excluded.openings
), totals AS (
    INSERT INTO news_readtotal (id, community_id, article_id, reads)
    SELECT (array_agg(id))[1], %(community)s, article_id, sum(reads) FROM sums GROUP BY article_id ORDER BY article_id
    ON CONFLICT (community_id, article_id) DO UPDATE SET reads = news_readtotal.reads + excluded.reads
), readers AS (
    INSERT INTO news_dayreader (id, community_id, day, reader)
    SELECT DISTINCT ON (day, reader) id, %(community)s, day, reader FROM batch ORDER BY day, reader, id
    ON CONFLICT (community_id, day, reader) DO NOTHING
    RETURNING id, day
), days AS (
    INSERT INTO news_daytally (id, community_id, day, readers)
    SELECT (array_agg(id))[1], %(community)s, day, count(*) FROM readers GROUP BY day ORDER BY day
    ON CONFLICT (community_id, day) DO UPDATE SET readers = news_daytally.readers + excluded.readers
)
SELECT count(*) FROM fresh
"""


@dataclass(frozen=True, slots=True)
class Opening:
    """A reader opened an article on a day; `times` counts how often."""

    article_id: UUID
    day: date
    reader: bytes
    times: int = 1


@transaction.atomic
def record_reads(openings: Sequence[Opening]) -> int:
    """Count openings in the community at hand; returns how many new reads they are. Announces nothing: it is a count.

    The same opening sent twice makes no second read (but a second opening). An article that does not exist here is an
    IntegrityError, and nothing of the batch is counted.
    """
    if not openings:
        return 0
    community_id = current_community_id()
    locks.take("news.reads")
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {
                "community": community_id,
                "ids": " ".join(pk.hex for pk in new_ids(len(openings))),
                "articles": " ".join(opening.article_id.hex for opening in openings),
                "days": " ".join(opening.day.isoformat() for opening in openings),
                "readers": " ".join(opening.reader.hex() for opening in openings),
                "times": " ".join(str(opening.times) for opening in openings),
            },
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def forget_readers(*, before: date | None = None) -> int:
    """Delete the single reads of days before `before` (35 days ago), leaving the tallies. Returns how many."""
    locks.take("news.reads")
    day = before or clock.today() - timedelta(days=KEPT_DAYS)
    DayReader.objects.filter(day__lt=day).delete()
    deleted, _by_model = Read.objects.filter(day__lt=day).delete()
    return deleted
