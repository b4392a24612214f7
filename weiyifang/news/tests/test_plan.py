from __future__ import annotations

import random

import pytest

from weiyifang.news.plan import plan_paper
from weiyifang.people.living import DAYS, scaled


@pytest.mark.parametrize(("articles", "reads"), [(806, 161_200), (1, 200), (16, 3_224)])
def test_the_reads_of_all_days_add_up_to_the_published_ones(articles: int, reads: int) -> None:
    paper = plan_paper(random.Random(1), articles=articles, reads=reads)
    assert sum(paper.a_day) == articles
    assert sum(count for day in range(DAYS) for _order, count in paper.read_on(day)) == reads


def test_nothing_is_read_before_it_appears() -> None:
    paper = plan_paper(random.Random(2), articles=50, reads=10_000)
    for day in range(DAYS):
        assert all(paper.appears[order] <= day for order, _count in paper.read_on(day))


def test_the_last_days_of_the_year_are_read_like_those_before_them() -> None:
    papers = [plan_paper(random.Random(seed), articles=806, reads=161_200) for seed in range(12)]
    a_day = [sum(count for paper in papers for _order, count in paper.read_on(day)) for day in range(DAYS)]
    assert 0.7 < sum(a_day[-3:]) / 3 / (sum(a_day[-60:-3]) / 57) < 1.4


def test_a_count_at_another_scale_is_at_least_one() -> None:
    assert (scaled(22_000, 1.0), scaled(806, 0.5), scaled(43, 0.001)) == (22_000, 403, 1)
