from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from weiyifang.communities.models import Community
from weiyifang.core.tenancy import in_community
from weiyifang.governance import verify
from weiyifang.replay import engine, figures
from weiyifang.replay.plan import scaled
from weiyifang.replay.year import ARTICLES, CODE, READS, RESIDENTS, Year, open_nanhu

SCALE, UNTIL = 0.01, date(2026, 11, 20)


@pytest.fixture
def community(db: None) -> Community:
    return open_nanhu()


def silent(done: int, total: int, name: str) -> None:
    """Progress nobody watches."""


@pytest.mark.slow
def test_a_small_year_adds_up_and_keeps_every_promise(community: Community) -> None:
    from weiyifang.people.models import Resident

    with in_community(community):
        run = engine.begin(seed=7, scale=SCALE, last_day=UNTIL)
        steps = Year(run=run, community=community).steps()
        engine.play(run, community, steps, silent)
        told: dict[str, Any] = {line.name: line.replayed for line in figures.figures(run)}
        assert told["organizations"] == 43
        assert told["attendances"] == scaled(30_000, SCALE)
        assert told["articles"] == scaled(ARTICLES, SCALE)
        assert told["reads"] == scaled(READS, SCALE)
        assert (told["class_pupils"], told["class_lessons"], told["class_fees_fen"]) == (21, 160, 400_000)
        assert told["fund_income_fen"] == round((44_614_000 - 400_000) * SCALE) + 400_000
        assert Resident.objects.count() == scaled(RESIDENTS, SCALE)
        assert [fault for _name, faults in verify.run() for fault in faults] == []
        head = figures.head()
        engine.play(run, community, Year(run=run, community=community).steps(), silent)
        assert figures.head() == head, "a finished year is not lived again"


def test_a_community_lives_one_year_only(community: Community) -> None:
    assert community.pk == CODE
    with in_community(community):
        engine.begin(seed=1, scale=0.5, last_day=UNTIL)
        with pytest.raises(engine.OtherReplay):
            engine.begin(seed=2, scale=0.5, last_day=UNTIL)
