"""Running grants of a replayed year: a table is brought, signed, published, objected to, corrected, paid out."""

from __future__ import annotations

import random
from contextlib import suppress

from weiyifang.core import tables
from weiyifang.core.actors import Actor
from weiyifang.grants import queries, services
from weiyifang.grants.models import AppealState, GrantRun, RunState
from weiyifang.grants.services import NothingToPay
from weiyifang.ledger.services import OverdraftRefused
from weiyifang.organizations import queries as organizations

# how many of the 43 reach which points; one of the good ones is corrected to excellent: 17,700 yuan in all
EXCELLENT, PASSED = 13, 9
BANDS = {"excellent": (900, 980), "good": (800, 895), "passed": (600, 795)}  # tenths
CORRECTED = 905


def table(rng: random.Random, many: int, last: str) -> bytes:
    """The assessment of `many` organizations as an xlsx file; the organization `last` is among the good ones."""
    names = [name for _source, name in organizations.givers()]
    others = [name for name in names if name != last]
    rng.shuffle(others)
    chosen = set(others[: many - 1]) | {last}
    bands = dict.fromkeys(others[:EXCELLENT], "excellent") | dict.fromkeys(
        others[EXCELLENT : EXCELLENT + PASSED], "passed"
    )
    rows = []
    for name in names:
        low, high = BANDS[bands.get(name, "good")]
        points = rng.randrange(low, high, 5)
        if name in chosen:
            rows.append([name, f"{points // 10}.{points % 10}"])
    return tables.write_xlsx("考核结果", ["社会组织", "得分"], rows)


def enter(content: bytes, *, year: int, staff: Actor) -> None:
    run = services.begin_run(year=year, by=staff)
    services.bring_table(run=run, content=content, by=staff)
    services.hand_in(run=run, by=staff)


def publish(*, secretary: Actor) -> None:
    """Confirm it, where there is money for all of it."""
    for run in GrantRun.objects.filter(state=RunState.HANDED_IN):
        with suppress(OverdraftRefused):
            services.publish(run=run, by=secretary)


def object_to(words: str, *, of: str, leader: Actor) -> None:
    """The leader of an organization objects to its result."""
    for grant in queries.published_for(of):
        if grant.run.takes_appeals:
            services.appeal(grant=grant, words=words, by=leader)


def answer(words: str, *, secretary: Actor, staff: Actor) -> None:
    """The secretary corrects what was objected to; staff ask for the corrected amount."""
    for appeal in queries.open_appeals():
        done = services.answer_appeal(appeal=appeal, answer=words, tenths=CORRECTED, grade="", by=secretary)
        if done.state == AppealState.CORRECTED and done.grant.asks_again:
            services.ask_corrected(grant=done.grant, by=staff)


def pay(*, accountant: Actor) -> None:
    """Pay out what is due and set aside."""
    for run in queries.due_runs():
        with suppress(NothingToPay):
            services.pay_out(run=run, slip=f"{run.year}0001", by=accountant)
