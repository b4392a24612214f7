"""The season that the demo's year ends with."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.tests import make as organization
from weiyifang.sharing import demo, season, slots, verify
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def test_a_season_is_wished_for_and_shared_out_the_same_each_time(cast: dict[str, Actor], leader_of: str) -> None:
    last = clock.today() + timedelta(days=14)
    names = ("舞队", "合唱队", "书法社", "棋社", "读书会", "手工社", "太极队", "摄影社", "二胡队", "茶友会")
    organizers = {name: source_of(organization.in_status("filed", name)) for name in names}
    for name in ("排练厅", "小排练室", "邻里会议室"):
        make.resource(name)
    demo.open_season(random.Random(1), last, organizers, led=leader_of, by=cast["staff"])
    demo.share_season_out(by=cast["staff"])  # nothing yet: organizations still apply
    with clock.at(clock.local(last, "08:00")):
        demo.share_season_out(by=cast["staff"])
    (round_,) = season.listed()
    sheet = slots.read(round_.sheet)
    assert len(sheet.tickets) == demo.APPLY + 1
    assert len(sheet.given) > demo.APPLY // 2
    assert any(one.rank > 1 for one in sheet.given), "somebody had to be content with the second wish"
    assert sheet.seed == random.Random(1).getrandbits(256).to_bytes(32).hex()
    assert verify.check() == []
