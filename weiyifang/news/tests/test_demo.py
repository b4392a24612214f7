from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date

import pytest

from weiyifang.core import actors
from weiyifang.core.actors import Actor
from weiyifang.news import demo, services, verify
from weiyifang.news.models import Article
from weiyifang.organizations.models import Organization

DAY = date(2026, 10, 14)


def paper(cast: Mapping[str, Actor], seed: int, count: int = 12) -> list[tuple[str, str]]:
    writers, reviewers = [cast["staff"], cast["leader"]], [cast["secretary"], cast["staff"]]
    made = demo.make_articles(random.Random(seed), DAY, count, writers=writers, reviewers=reviewers)
    return [(article.title, article.text) for article in made]


def test_the_demo_paper_is_written_and_reviewed_by_different_people(
    cast: dict[str, Actor], choir: Organization
) -> None:
    services.open_columns(by=actors.system())
    made = paper(cast, 1, 40)
    assert len({title for title, _text in made}) == 40
    assert all(len(title) <= 64 and "{" not in title + text for title, text in made)
    assert Article.objects.published().count() == 40
    days = {article.published_at for article in Article.objects.all()}
    assert len(days) == 40
    assert verify.check() == []


def test_the_same_dice_write_the_same_paper(cast: dict[str, Actor], choir: Organization) -> None:
    services.open_columns(by=actors.system())
    first = paper(cast, 5)
    Article.objects.update(published_at="2020-01-01T00:00Z")
    assert paper(cast, 5) == first


def test_one_person_makes_no_paper(cast: dict[str, Actor]) -> None:
    services.open_columns(by=actors.system())
    with pytest.raises(demo.NobodyToReview):
        demo.make_articles(random.Random(1), DAY, 1, writers=[cast["staff"]], reviewers=[cast["staff"]])


def test_every_story_can_be_told_in_full() -> None:
    stories, slots = demo._file()
    assert len(stories) >= 40
    for story in stories:
        for text in [*story.titles, *(choice for choices in story.paragraphs for choice in choices)]:
            words = {slot: max(choices, key=len) for slot, choices in slots.items()} | {"org": "银龄互助队"}
            assert "{" not in text.format(**words)
        assert all(len(title.format(**words)) <= 64 for title in story.titles)
