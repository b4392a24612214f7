"""The markets of the demo's year: stalls taken by organizations when it is shown, their money counted at night."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weiyifang.activities import services
from weiyifang.activities.demo import ActivityPlan
from weiyifang.activities.models import Session, Stall
from weiyifang.core import clock, money
from weiyifang.core.actors import Actor

DATA = Path(__file__).parent / "demo_market.toml"
FREE = 4  # stalls that nobody wanted


def plans() -> dict[str, dict[str, Any]]:
    """What `demo_market.toml` says, by the market's title."""
    data = tomllib.loads(DATA.read_text("utf-8"))
    return {one["title"]: {**one, "goods": data["sold"]["goods"]} for one in data["market"]}


def take_stalls(
    rng: random.Random, plan: ActivityPlan, said: Mapping[str, Any], *, organizers: Mapping[str, str], by: Actor
) -> None:
    """The day it is shown: so many stalls, and all but a few have an organization."""
    if clock.today() != plan.shown_on:
        return
    stalls = services.set_up_stalls(session=_session(plan), count=said["stalls"], place="坝子里", by=by)
    sources = list(organizers.values())
    wanted = rng.sample(sources, min(len(sources), said["stalls"] - FREE))
    for stall, organization in zip(stalls, wanted, strict=False):
        services.take_stall(stall=stall, organization=organization, goods=rng.choice(said["goods"]), by=by)


def count(
    rng: random.Random, plan: ActivityPlan, said: Mapping[str, Any], *, scale: float, first: Actor, second: Actor
) -> None:
    """The night of it. At the first stall the two count differently, and count anew."""
    if clock.today() != plan.dates[0].day:
        return
    stalls = list(Stall.objects.taken().filter(session=_session(plan)).order_by("number"))
    shares = money.split(round(said["proceeds_fen"] * scale) // 50, [rng.randrange(2, 9) for _stall in stalls])
    for turn, (stall, share) in enumerate(zip(stalls, shares, strict=True)):
        fen = share * 50
        if turn == 0:
            services.count_proceeds(stall=stall, amount_fen=fen - 500, by=first)
            services.count_proceeds(stall=stall, amount_fen=fen, by=second)
        services.count_proceeds(stall=stall, amount_fen=fen, by=second if turn % 2 else first)
        services.count_proceeds(stall=stall, amount_fen=fen, by=first if turn % 2 else second)


def _session(plan: ActivityPlan) -> Session:
    return Session.objects.select_related("activity").get(activity__title=plan.title)
