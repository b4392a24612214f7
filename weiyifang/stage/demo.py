"""The shows of a replayed year, lived through the verbs. Which: `demo.toml`."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import announced_together
from weiyifang.core.money import WHOLE
from weiyifang.organizations import queries as organizations
from weiyifang.stage import queries, services, shares
from weiyifang.stage.models import Answer, Engagement, Offer, State

FILE = Path(__file__).with_name("demo.toml")
BEGINS, MINUTES = "19:30", 90  # in the evening, when hardly anybody helps elsewhere
AHEAD = 12  # days from the request to the show
PAID_AFTER = 3  # days
MOST_ON = 10  # people
LEAST_FEN = 20_000  # of the fund's part of one show


@dataclass(frozen=True, kw_only=True)
class Show:
    """One show of the year: played on `day`, with this part for the fund."""

    day: date
    wish: dict[str, str]
    is_purchase: bool
    troupe: str  # the organization's name
    fund_fen: int


def plan_year(rng: random.Random, *, first_day: date, days: int, scale: float) -> list[Show]:
    """All shows, by day. At scale 1 the fund's parts add up to the amount of `demo.toml` to the fen."""
    data = _data()
    many = max(1, round(data["shows"] * scale))
    fens = _parts(rng, round(data["fund_fen"] * scale), many)
    room = days - AHEAD - 2 * PAID_AFTER
    shows = []
    for at, fen in enumerate(fens):
        is_purchase = at % data["purchases"] == data["purchases"] - 1
        shows.append(
            Show(
                day=first_day + timedelta(days=AHEAD + 1 + at * room // many + rng.randrange(max(1, room // many))),
                wish=rng.choice(data["bought" if is_purchase else "wish"]),
                is_purchase=is_purchase,
                troupe=data["troupes"][at % len(data["troupes"])],
                fund_fen=fen,
            )
        )
    return sorted(shows, key=lambda show: show.day)


def request(show: Show, *, staff: Actor) -> None:
    """Somebody wants it, two troupes are asked, one plays it; its members are put in."""
    starts_at = clock.local(show.day, BEGINS)
    usual, by_name = shares.usual_on(clock.today()), organizations.sources_by_name()
    # the price of which the fund's share is exactly its part: half a fen of rounding never reaches another fen
    price_fen = (show.fund_fen * WHOLE + usual.fund // 2) // usual.fund
    with announced_together():
        wanted = services.put_down(
            **show.wish,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=MINUTES),
            budget_fen=price_fen // 10_000 * 10_000 + 10_000,
            is_purchase=show.is_purchase,
            by=staff,
        )
        for offer in services.ask(engagement=wanted, troupes=[by_name[name] for name in _data()["troupes"]], by=staff):
            if offer.organization == by_name[show.troupe]:
                made = services.make_offer(offer=offer, price_fen=price_fen, by=system())
            else:
                services.decline(offer=offer, words="那天排满了", by=system())
        agreed = services.choose(offer=made, shares=usual, by=staff)
        free = [one.resident for one in queries.members_for(agreed) if one.is_free]
        services.put_in(engagement=agreed, residents=free[:MOST_ON], by=system())


def hold(day: date) -> None:
    """Late in the evening: what was played that day is noted as held."""
    begin, end = clock.day_bounds(day)
    for show in Engagement.objects.filter(state=State.AGREED, starts_at__gte=begin, starts_at__lt=end).order_by(
        "number"
    ):
        services.note_held(engagement=show, by=system())


def receive(day: date, *, accountant: Actor) -> None:
    """What was paid for the shows of some days ago."""
    begin, end = clock.day_bounds(day - timedelta(days=PAID_AFTER))
    shows = Engagement.objects.filter(state=State.HELD, starts_at__gte=begin, starts_at__lt=end)
    for show in shows.order_by("number"):
        services.receive(engagement=show, amount_fen=show.price_fen, received_on=day, by=accountant)


def leave_on_the_desk(*, staff: Actor) -> None:
    """What waits when the year ends: a request the troupes have not answered, and one with an answer to choose."""
    by_name = organizations.sources_by_name()
    for days, price_fen in ((9, 0), (16, 280_000)):
        starts_at = clock.local(clock.today() + timedelta(days=days), BEGINS)
        wish = _data()["wish"][days % 7]
        wanted = services.put_down(
            **wish, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=MINUTES), budget_fen=300_000, by=staff
        )
        services.ask(engagement=wanted, troupes=[by_name[name] for name in _data()["troupes"]], by=staff)
        first = Offer.objects.filter(engagement=wanted, state=Answer.ASKED).order_by("id").first()
        if price_fen and first is not None:
            services.make_offer(offer=first, price_fen=price_fen, words="十二个人，五个节目", by=system())


def _parts(rng: random.Random, fen: int, many: int) -> Sequence[int]:
    """So many parts that add up to `fen`, in tens of yuan but for the last."""
    weights = [rng.uniform(1, 3) for _ in range(many)]
    spare = max(0, fen - LEAST_FEN * many)
    parts = [min(LEAST_FEN, fen // many) + int(spare * weight / sum(weights)) // 1000 * 1000 for weight in weights]
    parts[-1] += fen - sum(parts)
    return parts


@lru_cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))
