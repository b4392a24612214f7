"""Demo articles, made through the verbs: written by one person, published by another. The same dice, the same paper."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announced_together
from weiyifang.core.tenancy import source_of
from weiyifang.files import demo as files
from weiyifang.news import rules, services
from weiyifang.news.models import Article, Column
from weiyifang.organizations import queries as organizations

FILE = Path(__file__).parent / "demo.toml"
FRESH = 45  # days in which no title comes twice
TRIES = 12


@dataclass(frozen=True, kw_only=True)
class Story:
    """One story of `demo.toml`."""

    column: str
    titles: tuple[str, ...]
    paragraphs: tuple[tuple[str, ...], ...]
    months: tuple[int, ...] = tuple(range(1, 13))
    by: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    notice: bool = False
    important: bool = False


class NobodyToReview(RuntimeError):
    """The demo needs a writer and another person who may review."""


@lru_cache
def _file() -> tuple[tuple[Story, ...], Mapping[str, Sequence[str]]]:
    content = tomllib.loads(FILE.read_text("utf-8"))
    stories = []
    for one in content["story"]:
        given: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in one.items()}
        given["paragraphs"] = tuple(tuple(choices) for choices in one["paragraphs"])
        stories.append(Story(**given))
    return tuple(stories), content["slots"]


def make_articles(
    rng: random.Random,
    day: date,
    count: int,
    *,
    writers: Sequence[Actor],
    reviewers: Sequence[Actor],
    with_pictures: bool = False,
) -> list[Article]:
    """Write, hand in and publish `count` articles on a day, between 8 in the morning and 8 in the evening.

    An organization's story is told by whoever may write in its name (a leader in their own, staff in all); it is
    published by a reviewer who did not write it. `with_pictures`: stories that have some show them, each lately once.
    Raises `NobodyToReview`.
    """
    columns = {column.code: column for column in Column.objects.all()}
    sources = {row.name: source_of(row) for row in organizations.string().only("id", "community", "name")}
    recent = Article.objects.filter(published_at__gte=clock.local(day - timedelta(days=FRESH), "00:00"))
    titles = set(recent.values_list("title", flat=True))
    shown = {album.lead.alt for album in recent.exclude(pictures=[]).values_list("pictures", flat=True) if album.lead}
    minutes = sorted(rng.sample(range(8 * 60, 20 * 60), count))
    made = []
    with announced_together():
        for minute in minutes:
            story, title, text, name = _compose(rng, day, titles)
            titles.add(title)
            source = sources.get(name, "")
            writer, reviewer = _two_people(rng, source, writers, reviewers)
            pictures = story.pictures if with_pictures else ()
            pictures = () if pictures and files.words()[pictures[0]] in shown else pictures
            shown |= {files.words()[name] for name in pictures[:1]}
            with clock.at(clock.local(day, f"{minute // 60:02d}:{minute % 60:02d}")):
                article = services.write(
                    column=columns[story.column],
                    title=title,
                    text=f"{text}\n\n![](图2)" if pictures[1:] else text,
                    organization_source=source,
                    is_notice=story.notice,
                    is_important=story.important,
                    pictures=files.wanted(pictures[0]) if pictures else None,
                    hand_in=not pictures[1:],
                    by=writer,
                )
                for name in pictures[1:]:
                    services.edit(article=article, pictures=files.wanted(name), by=writer)
                    services.submit(article=article, by=writer)
                made.append(services.publish(article=article, by=reviewer))
    return made


def _compose(rng: random.Random, day: date, told: set[str]) -> tuple[Story, str, str, str]:
    """A story of the season under a title that was not used lately, its text, and who tells it ("" the committee)."""
    stories, slots = _file()
    season = [story for story in stories if day.month in story.months]
    for _try in range(TRIES):
        story = rng.choice(season)
        words = {slot: rng.choice(choices) for slot, choices in slots.items()}
        words["org"] = rng.choice(story.by) if story.by else ""
        title = rng.choice(story.titles).format(**words)
        if title not in told:
            break
    text = "\n\n".join(rng.choice(choices).format(**words) for choices in story.paragraphs)
    return story, title, text, words["org"]


def _two_people(
    rng: random.Random, source: str, writers: Sequence[Actor], reviewers: Sequence[Actor]
) -> tuple[Actor, Actor]:
    able = [actor for actor in writers if rules.can_write_for(actor, source)]
    pairs = [
        (writer, reviewer)
        for writer in able
        for reviewer in reviewers
        if rules.can_review(reviewer) and reviewer.account_id != writer.account_id
    ]
    if not pairs:
        raise NobodyToReview("give at least two accounts: one that may write, another that may review")
    return rng.choice(pairs)


def leave_on_the_desk(*, staff: Actor, secretary: Actor) -> None:
    """What waits when the year ends: articles handed in that somebody else has to read, and a draft."""
    columns = {column.code: column for column in Column.objects.all()}
    writers = {"staff": staff, "secretary": secretary}
    for one in tomllib.loads(FILE.read_text("utf-8"))["waiting"]:
        services.write(
            column=columns[one["column"]],
            title=one["title"],
            text=one["text"],
            hand_in=one["handed_in"],
            by=writers[one["writer"]],
        )
