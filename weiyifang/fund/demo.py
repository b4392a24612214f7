"""The money of a replayed year: planned from a seed, carried out through the services. Amounts: `demo.toml`."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.fund import paths, purposes, queries, services, underway
from weiyifang.fund.books import books
from weiyifang.fund.chart import chart
from weiyifang.fund.models import MONEY_ACCOUNT, Finding, Method, PaymentRequest, State, Voice
from weiyifang.fund.services import Change, Move, Receipt, Wanted
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.services import OverdraftRefused

DATA = Path(__file__).parent / "demo.toml"
QUIET = 7  # days from the opening to the first gift; so the fund's page shows the whole year for a week after it ended


@dataclass(frozen=True, kw_only=True)
class Gift:
    """One gift that will be received; a resident's giver is picked on the day."""

    day: date
    channel: str
    fen: int
    method: str
    pool: str
    donor: str
    is_named: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Spending:
    """One payment: asked for on `day`, approved the next working day, paid the one after."""

    day: date
    wanted: Wanted


@dataclass(frozen=True, kw_only=True)
class Plan:
    gifts: Sequence[Gift]
    spendings: Sequence[Spending]


def plan_year(rng: random.Random, *, first_day: date, last_day: date, scale: float) -> Plan:
    """All gifts and payments of a year. At scale 1 they add up to the amounts of `demo.toml` to the fen."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    days = (last_day - first_day).days + 1
    gifts = [
        gift
        for channel, plan in data["income"].items()
        for gift in _gifts(rng, channel, plan, first_day=first_day, days=days, scale=scale)
    ]
    late = range(days // 6, days - 6)  # money comes in before it goes out; the last payments are made in time
    spendings = [
        spending
        for category, plan in data["spending"].items()
        for spending in _spendings(rng, category, plan, first_day=first_day, late=late, scale=scale)
    ]
    return Plan(gifts=sorted(gifts, key=lambda g: g.day), spendings=sorted(spendings, key=lambda s: s.day))


def _parts(rng: random.Random, fen: int, count: int, least: int) -> list[int]:
    """`count` amounts of at least `least` fen that add up to `fen`, in whole yuan but for the last."""
    count = max(1, min(count, fen // least))
    weights = [rng.paretovariate(1.4) for _ in range(count)]
    spare = fen - least * count
    parts = [least + int(spare * weight / sum(weights)) // 100 * 100 for weight in weights]
    parts[-1] += fen - sum(parts)
    return parts


def _gifts(
    rng: random.Random, channel: str, plan: dict[str, Any], *, first_day: date, days: int, scale: float
) -> list[Gift]:
    early = plan.get("pool") is not None  # a grant for a project comes before the project spends
    parts = _parts(rng, round(plan["fen"] * scale), max(1, round(plan["gifts"] * scale)), plan.get("least", 1000))
    gifts = []
    for fen in parts:
        day = first_day + timedelta(days=rng.randrange(QUIET, QUIET + days // 12 if early else days))
        season = [note for note, months in plan.get("season", {}).items() if day.month in months]
        note = rng.choice([*plan["notes"], *season])
        gifts.append(
            Gift(
                day=day,
                channel=channel,
                fen=fen,
                method=plan["method"],
                pool=plan.get("pool", "general"),
                donor=rng.choice(plan["givers"]) if "givers" in plan else "",
                is_named=plan.get("named", False),
                note=note,
            )
        )
    return gifts


def _spendings(
    rng: random.Random, category: str, plan: dict[str, Any], *, first_day: date, late: range, scale: float
) -> list[Spending]:
    parts = _parts(rng, round(plan["fen"] * scale), max(1, round(plan["payments"] * scale)), 1000)
    pays = [(payee, title) for payee, titles in plan["pays"].items() for title in titles]  # from whom one gets what
    bought = [rng.choice(pays) for _ in parts]
    return [
        Spending(
            day=first_day + timedelta(days=rng.choice(late)),
            wanted=Wanted(
                title=title,
                payee=payee,
                category=category,
                amount_fen=fen,
                pool=plan.get("pool", "general"),
                papers=f"发票 {rng.randrange(10**7, 10**8)}",
                urgent=_is_urgent(category, fen),
            ),
        )
        for fen, (payee, title) in zip(parts, bought, strict=True)
    ]


def _is_urgent(category: str, fen: int) -> bool:
    """Relief that would else wait for a check is paid at once as far as it may be; the rest has time."""
    rule = paths.PATHS.shipped[-1]
    return category in rule.urgent_categories and rule.check_from * paths.YUAN <= fen <= rule.urgent_most * paths.YUAN


def receive_day(
    rng: random.Random,
    gifts: Sequence[Gift],
    residents: Sequence[tuple[UUID, str]],
    *,
    accountant: Actor,
) -> None:
    """Record a day's gifts; a resident's gift gets a giver, one in three of whom wishes to be named."""
    receipts = []
    for gift in gifts:
        giver = rng.choice(residents) if gift.channel == "residents" and residents else None
        receipts.append(
            Receipt(
                channel=gift.channel,
                amount_fen=gift.fen,
                received_on=clock.today(),
                method=gift.method,
                pool=gift.pool,
                donor_name=giver[1] if giver else gift.donor,
                is_named=gift.is_named or (giver is not None and rng.random() < 0.33),
                resident_id=giver[0] if giver else None,
                note=gift.note,
            )
        )
    if receipts:
        services.receive_many(receipts=receipts, by=accountant)


def spend_day(spendings: Sequence[Spending], *, cast: Mapping[str, Actor]) -> None:
    """One day at the desk, each step a day after the one before: what was asked for last comes last.

    The accountant pays, or the cashier where the accountant checked; the secretary approves what there is money for.
    """
    rows = PaymentRequest.objects.order_by("number")
    for request in rows.filter(underway.to_review()):
        services.review_payment(payment=request, finding=Finding.IN_ORDER, by=cast["supervisor"])
    for request in rows.filter(state=State.APPROVED, follows=""):
        services.pay(request=request, by=cast["cashier" if request.checked_by_id else "accountant"])
    for request in rows.filter(underway.to_approve()):
        approve_if_covered(request, cast["secretary"])
    for request in rows.filter(underway.to_decide_together()):
        decide_if_covered(request, cast)
    for request in rows.filter(underway.to_check()):
        services.check_payment(request=request, by=cast["accountant"])
    for spending in spendings:
        services.submit_payment(wanted=spending.wanted, by=cast["staff"])


def approve_if_covered(request: PaymentRequest, secretary: Actor) -> None:
    """Approve, or leave it waiting while the money is not there yet."""
    try:
        with transaction.atomic():
            services.approve_payment(request=request, by=secretary)
    except OverdraftRefused:
        return


def decide_if_covered(request: PaymentRequest, cast: Mapping[str, Actor]) -> None:
    """The supervisor is there, the members vote for it; while the money is not there yet they meet another day."""
    voices = {"supervisor": Voice.WATCHES, "secretary": Voice.FOR, "member": Voice.FOR, "member_2": Voice.FOR}
    try:
        with transaction.atomic():
            for who, voice in voices.items():
                services.speak(request=request, voice=voice, by=cast[who])
    except OverdraftRefused:
        return


def take_to_the_bank(*, accountant: Actor, secretary: Actor) -> None:
    """Cash is paid in and WeChat money withdrawn, all of it: the accountant writes it down, the secretary confirms."""
    for method in (Method.CASH, Method.WECHAT):
        for pool in chart().pools:
            if fen := queries.free_in(method, pool):
                wanted = Move(
                    from_method=method,
                    to_method=Method.BANK,
                    amount_fen=fen,
                    happened_on=clock.today(),
                    pool=pool,
                    slip=f"{clock.today():%Y%m%d}",
                )
                services.confirm_move(row=services.ask_move(wanted=wanted, by=accountant), by=secretary)


def release_what_was_spent(*, accountant: Actor, secretary: Actor) -> None:
    """Of each purpose that a giver fixed, what was spent for it becomes free in the books: asked for and confirmed."""
    for seen in purposes.held():
        if fen := purposes.suggested(seen):
            wanted = Change(
                why="spent",
                from_pool=seen.line.code,
                amount_fen=fen,
                happened_on=clock.today(),
                reason="本年已按指定用途支出",
            )
            services.confirm_change(row=services.ask_change(wanted=wanted, by=accountant), by=secretary)


def compare(day: date, *, accountant: Actor) -> None:
    """The bank's statement of a day agrees with the books, and so do the cash box and WeChat."""
    here = books()
    for method, code in MONEY_ACCOUNT.items():
        fen = ledger.balance(here.account(code), on=day)
        services.state_balance(method=method, stated_on=day, stated_fen=fen, by=accountant)


def leave_on_the_desk(*, staff: Actor, secretary: Actor) -> None:
    """The last day's work: requests that wait for approval, and one that is approved and waits to be paid."""
    entries = tomllib.loads(DATA.read_text(encoding="utf-8"))["waiting"]
    rows = [
        services.submit_payment(
            wanted=Wanted(title=e["title"], payee=e["payee"], category=e["category"], amount_fen=e["fen"]), by=staff
        )
        for e in entries
    ]
    approve_if_covered(rows[-1], secretary)
