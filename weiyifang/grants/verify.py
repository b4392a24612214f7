"""Running grants are what the rule makes of their results, what their facts say, and paid once."""

from __future__ import annotations

from collections.abc import Iterator

from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in
from weiyifang.fund.models import State
from weiyifang.grants import events, queries
from weiyifang.grants.models import SHOWN, Appeal, AppealState, GrantRun, RunningGrant, RunState
from weiyifang.grants.queries import Shown


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_runs(), *_appeals(), *_signed(), *_amounts(), *_payments()]


def _runs() -> Iterator[Fault]:
    """A run is as far as its facts say, and signed by whom they say."""
    wanted = facts.due(
        {
            events.RunBegun: lambda fact: {
                "number": fact.values["number"],
                "year": fact.values["year"],
                "state": "draft",
            },
            events.RunHandedIn: lambda fact: {"state": RunState.HANDED_IN, "handed_in_by_id": fact.by},
            events.RunTakenUp: lambda _fact: {"state": RunState.DRAFT, "handed_in_by_id": None},
            events.RunSentBack: lambda _fact: {"state": RunState.DRAFT, "handed_in_by_id": None},
            events.RunDropped: lambda _fact: {"state": RunState.DROPPED},
            events.RunPublished: lambda fact: {"state": RunState.PUBLISHED, "confirmed_by_id": fact.by},
            events.RunPaidOut: lambda fact: (
                {} if fact.values["left"] else {"state": RunState.PAID, "paid_by_id": fact.by, "paid_on": SOMETHING}
            ),
        }
    )
    yield from facts.compare(GrantRun.objects.iterator(), wanted, check="grants.runs", untold="nobody began this run")


def _appeals() -> Iterator[Fault]:
    """An appeal was made by whom its facts say, and answered by another."""

    def answered(fact: Told) -> Row:
        state = AppealState.CORRECTED if fact.values["is_corrected"] else AppealState.STANDS
        return {"state": state, "answered_by_id": fact.by}

    wanted = facts.due(
        {
            events.AppealMade: lambda fact: {
                "grant_id": fact.id("grant_id"),
                "made_by_id": fact.by,
                "state": AppealState.ASKED,
            },
            events.AppealWithdrawn: lambda _fact: {"state": AppealState.WITHDRAWN},
            events.AppealAnswered: answered,
        }
    )
    yield from facts.compare(
        Appeal.objects.iterator(), wanted, check="grants.appeals", untold="nobody made this appeal"
    )


def _signed() -> Iterator[Fault]:
    """The table of a run is the one that two people signed, and its corrections are those that were answered."""
    signed = {id_in(fact.subject): fact.values["digest"] for fact in facts.told(events.RunPublished)}
    for run in GrantRun.objects.filter(state__in=SHOWN).order_by("number"):
        if queries.digest_of(run) != signed.get(run.pk):
            yield Fault.of(run, check="grants.signed", what="the table is not the one that was signed")
    said = {
        fact.id("grant_id"): (fact.values["tenths"], fact.values["grade"], fact.values["amount_fen"])
        for fact in facts.told(events.AppealAnswered)
        if fact.values["is_corrected"]
    }
    for row in facts.every(RunningGrant, "new_tenths", "new_grade", "new_fen"):
        now = None if row.new_fen is None else (row.new_tenths, row.new_grade, row.new_fen)
        if now != said.get(row.pk):
            yield Fault.of(
                row, check="grants.signed", what=f"corrected to {now}, yet the answer said {said.get(row.pk)}"
            )


def _amounts() -> Iterator[Fault]:
    """Every amount follows from its result by the rule of the run."""
    for row in RunningGrant.objects.select_related("run").iterator(chunk_size=1000):
        rule = row.run.rule
        for tenths, grade, fen in (
            (row.tenths, row.grade, row.amount_fen),
            (row.new_tenths, row.new_grade, row.new_fen),
        ):
            if fen is None:
                continue
            reached = rule.grade_of(tenths) if tenths is not None else grade
            if reached != grade or rule.fen_of(grade) != fen:
                yield Fault.of(
                    row, check="grants.amounts", what=f"{tenths} tenths, {grade}: {fen} fen is not by the rule"
                )


def _payments() -> Iterator[Fault]:
    """What is published is set aside or paid, to the fen; what is paid out is paid."""
    for run in GrantRun.objects.filter(state__in=SHOWN).order_by("number"):
        for one in queries.shown(queries.grants_of(run).select_related("run")):
            if what := _wrong(run, one):
                yield Fault.of(one.grant, check="grants.payments", what=what)


def _wrong(run: GrantRun, one: Shown) -> str:
    payment = one.payment
    alive = payment is not None and payment.state not in {State.WITHDRAWN, State.REFUSED}
    if alive and payment is not None:
        if (payment.amount_fen, payment.organization) != (one.grant.fen, one.grant.organization):
            return f"{one.grant.fen} fen, yet its payment is of {payment.amount_fen}"
        if one.is_paid and payment.paid_at is not None and run.takes_appeals:
            return "paid while there can be appeals"
    if one.grant.fen and run.state == RunState.PAID and not one.is_paid:
        return "the run is paid out, and this is not"
    if one.grant.fen and not alive and not one.grant.is_corrected and payment is None:
        return "published, and nothing was set aside"
    return ""
