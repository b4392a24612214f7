"""The fund's promises, recomputed: every receipt and payment has its one transfer, and is what its facts say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from weiyifang.core import facts
from weiyifang.core.events import Event
from weiyifang.core.facts import Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import CommunityModel, id_in, source_of
from weiyifang.fund import committee, events, verify_purposes
from weiyifang.fund import events_budgets as of_budgets
from weiyifang.fund import events_purposes as of_purposes
from weiyifang.fund.books import Books, FundNotOpen, books
from weiyifang.fund.chart import chart
from weiyifang.fund.deciding import Outcome
from weiyifang.fund.models import (
    Budget,
    Decision,
    Donation,
    MoneyMove,
    Path,
    PaymentCorrection,
    PaymentRequest,
    PaymentReview,
    Purpose,
    PurposeChange,
    State,
    StatedBalance,
)
from weiyifang.ledger import queries as ledger
from weiyifang.people.events import PersonErased


def check() -> list[Fault]:
    """The faults found in the community at hand."""
    try:
        here = books()
    except FundNotOpen:
        return []
    told = [*_gifts(), *_decisions(), *_committee(here), *_reviews(), *_by_two(), *_stated()]
    return [*_money(here), *told, *_chart(here), *verify_purposes.check(here)]


def _money(here: Books) -> list[Fault]:
    """Papers and transfers agree."""
    posted = ledger.posted(here.book)
    return [*_receipts(posted), *_payments(posted), *_two(posted), *_strangers(posted), *_three_people()]


def _receipts(posted: dict[str, int]) -> list[Fault]:
    faults = []
    for row in Donation.objects.iterator():
        amount = posted.get(source_of(row))
        if amount != row.amount_fen:
            faults.append(Fault.of(row, check="receipts", what=f"{row.amount_fen} fen received, {amount} posted"))
        if (row.reversed_at is not None) != (f"{source_of(row)}/taken-back" in posted):
            faults.append(Fault.of(row, check="receipts", what="taken back here and in the ledger disagree"))
    return faults


def _payments(posted: dict[str, int]) -> list[Fault]:
    faults = []
    resolved = ledger.ended_holds()
    for row in PaymentRequest.objects.iterator():
        amount = posted.get(source_of(row))
        if row.state == State.PAID and amount != row.amount_fen:
            faults.append(Fault.of(row, check="payments", what=f"{row.amount_fen} fen paid, {amount} posted"))
        if row.state != State.PAID and amount is not None:
            faults.append(Fault.of(row, check="payments", what=f"{row.state}, yet {amount} fen posted"))
        if row.state == State.PAID and row.hold_id not in resolved:
            faults.append(Fault.of(row, check="payments", what="paid, but the money set aside for it still is"))
    return faults


def _two(posted: dict[str, int]) -> Iterator[Fault]:
    """What needs two people is in the books when the second has confirmed it, and not before."""
    for model in (MoneyMove, PaymentCorrection, PurposeChange):
        for row in model._default_manager.iterator():
            amount, want = posted.get(source_of(row)), row.amount_fen if row.state == Decision.BOOKED else None
            if amount != want:
                yield Fault.of(row, check="by two", what=f"{row.state}, {row.amount_fen} fen; {amount} posted")


def _strangers(posted: dict[str, int]) -> list[Fault]:
    papers = (Donation, PaymentRequest, PaymentCorrection, MoneyMove, PurposeChange)
    known = {source_of(row) for model in papers for row in facts.every(model)}
    return [
        Fault(check="fund entries", where=source, what="a transfer that no paper explains")
        for source in posted
        if source.partition("/")[0] not in known
    ]


def _chart(here: Books) -> Iterator[Fault]:
    """The book has no accounts but the chart's, as the file says, in both languages; no pools but its and our own.

    A line that the file has gained is opened when it is first written to.
    """
    file = chart()
    incomes, costs = file.channels.values(), file.categories.values()
    accounts = {line.ledger_code: (line.zh, "debit", True) for line in file.money.values()}
    accounts |= {line.ledger_code: (line.zh, "credit", False) for line in (*file.net.values(), *incomes)}
    accounts |= {line.ledger_code: (line.zh, "debit", False) for line in costs}
    found = {code: (row.name, row.side, row.floored) for code, row in here.accounts.items()}
    pools = {line.code: (line.zh, line.restricted) for line in file.pools.values()}
    pools |= {row.code: (row.code, row.is_restricted) for row in Purpose.objects.all()}
    kept = {code: (row.name, row.restricted) for code, row in here.pools.items()}
    for kind, want, has in (("account", accounts, found), ("pool", pools, kept)):
        for code in sorted(has):
            if want.get(code) != has[code]:
                what = f"the chart's file says {want.get(code)}, the book {has[code]}"
                yield Fault(check="chart", where=f"{kind} {code}", what=what)
    for line in (
        *file.money.values(),
        *file.net.values(),
        *file.official.values(),
        *incomes,
        *costs,
        *file.pools.values(),
    ):
        if not line.zh or not line.en or (line.account and line.account not in file.official):
            yield Fault(check="chart", where=f"chart.toml {line.code}", what="lacks a name, or its official account")
    used = {("channel", code) for code in Donation.objects.values_list("channel", flat=True).distinct()}
    used |= {("category", code) for code in PaymentRequest.objects.values_list("category", flat=True).distinct()}
    for model in (Donation, PaymentRequest):
        used |= {("pool", code) for code in model._default_manager.values_list("pool", flat=True).distinct()}
    known = {("channel", code) for code in file.channels} | {("category", code) for code in file.categories}
    for kind, code in sorted(used - known - {("pool", code) for code in pools}):
        yield Fault(check="chart", where=f"{kind} {code}", what="is used and not in the chart's file")


def _gifts() -> Iterator[Fault]:
    """A receipt says what was received when it was recorded: how much, and by whom it was given."""
    of_resident: dict[UUID | None, list[str]] = defaultdict(list)

    def received(fact: Told) -> Row:
        of_resident[fact.id("resident_id")].append(fact.subject)
        same: dict[str, Any] = {name: fact.values[name] for name in ("number", "channel", "amount_fen")}
        same |= {"resident_id": fact.id("resident_id"), "recorded_by_id": fact.by, "is_reversed": False}
        same |= {"organization": fact.values.get("organization", "")}  # facts from before it was asked have none
        return same | _fingerprint(fact)

    def forgotten(fact: Told) -> list[tuple[str, Row]]:
        gone = {"resident_id": None, "donor_name": "", "fingerprint": ""}
        return [(source, gone) for source in of_resident.pop(id_in(fact.subject), ())]

    wanted = facts.due(
        {
            events.DonationReceived: received,
            events.DonationReversed: lambda _fact: {"is_reversed": True},
            PersonErased: forgotten,
        }
    )
    yield from facts.compare(Donation.objects.iterator(), wanted, check="gifts", untold="nobody recorded this receipt")


def _decisions() -> Iterator[Fault]:
    """A payment is where its last decision put it, and each decision was made by whom it says."""
    seen: set[str] = set()

    def submitted(fact: Told) -> Row:
        first = {} if fact.subject in seen else {"submitted_by_id": fact.by}
        seen.add(fact.subject)
        said = {name: fact.values[name] for name in ("number", "amount_fen", "category")}
        said |= {"checked_by_id": None, "decision_hash": ""}
        said |= {"path": fact.values["path"]} if fact.values.get("path") else {}
        said |= {"method": fact.values["method"]} if fact.values.get("method") else {}
        return {**first, **said, **_fingerprint(fact), "state": State.SUBMITTED}

    wanted = facts.due(
        {
            events.PaymentSubmitted: submitted,
            events.PaymentChecked: lambda fact: {"state": State.CHECKED, "checked_by_id": fact.by},
            events.PaymentDecided: lambda fact: {
                "state": State.APPROVED if fact.values["outcome"] == Outcome.PASSED else State.REFUSED,
                "approved_by_id": None,
                "amount_fen": fact.values["amount_fen"],
                "decision_hash": fact.values["digest"],
            },
            events.PaymentApproved: lambda fact: {
                "state": State.APPROVED,
                "approved_by_id": fact.by,
                "amount_fen": fact.values["amount_fen"],
            },
            events.PaymentSentBack: lambda _fact: {
                "state": State.SENT_BACK,
                "checked_by_id": None,
                "decision_hash": "",
                "approved_by_id": None,
            },
            events.PaymentLapsed: lambda _fact: {"state": State.LAPSED, "approved_by_id": None},
            events.PaymentRefused: lambda _fact: {"state": State.REFUSED},
            events.PaymentWithdrawn: lambda _fact: {"state": State.WITHDRAWN},
            events.PaymentMade: lambda fact: {
                "state": State.PAID,
                "paid_by_id": fact.by,
                "amount_fen": fact.values["amount_fen"],
                "category": fact.values["category"],
            },
        }
    )
    rows = PaymentRequest.objects.iterator()
    yield from facts.compare(rows, wanted, check="decisions", untold="nobody submitted this request")


def _committee(here: Books) -> Iterator[Fault]:
    """What a committee decided is what its voices come to, and its hash, recomputed, is the one in the books."""
    said: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for fact in facts.told(events.CommitteeSpoke):
        said[fact.subject].append((fact.values["round"], fact.values["voice"], fact.by))
    for row in PaymentRequest.objects.filter(Q(path=Path.COMMITTEE) | Q(voices__isnull=False)).distinct().iterator():
        source = source_of(row)
        every = [(one.round, one.voice, one.said_by_id) for one in row.voices.order_by("said_at", "id")]
        if sorted(every, key=str) != sorted(said.pop(source, []), key=str):
            yield Fault.of(row, check="committee", what="its voices are not those of the facts")
        if row.state not in {State.APPROVED, State.PAID} or row.hold_id is None:
            continue
        voices = list(committee.voices(row))
        if row.paid_by_id in {one.said_by_id for one in voices}:
            yield Fault.of(row, check="committee", what="paid by somebody who spoke in the committee")
        if committee.outcome_of(row, voices) != Outcome.PASSED:
            yield Fault.of(row, check="committee", what="the voices do not come to this")
        digest = committee.hash_of(row, voices)
        if row.decision_hash != digest:
            yield Fault.of(row, check="committee", what="the hash of the decision is another")
        kept = here.transfer_of(source).memo if row.state == State.PAID else ledger.hold(row.hold_id).memo
        if kept != committee.memo(digest):
            yield Fault.of(row, check="committee", what="the books hold another hash of the decision")
    for source in said:
        yield Fault(check="committee", where=source, what="is gone, and its facts stand")


def _reviews() -> Iterator[Fault]:
    """What was found of an urgent payment is what the fact says, and who looked at it had no part in it."""
    said = {fact.subject: (fact.values["finding"], fact.by) for fact in facts.told(events.PaymentReviewed)}
    for row in PaymentReview.objects.select_related("payment").iterator():
        payment = row.payment
        if said.pop(source_of(payment), None) != (row.finding, row.reviewed_by_id):
            yield Fault.of(row, check="reviews", what="its fact says otherwise")
        if row.reviewed_by_id in {payment.submitted_by_id, payment.approved_by_id, payment.paid_by_id}:
            yield Fault.of(row, check="reviews", what="looked at by somebody who had a part in it")
        if not payment.is_urgent or payment.state != State.PAID:
            yield Fault.of(row, check="reviews", what="there was nothing to look at")
    for source in said:
        yield Fault(check="reviews", where=source, what="is gone, and its fact stands")


def _by_two() -> Iterator[Fault]:
    """What needs two people is where its last decision put it, and says what was asked."""
    kinds: tuple[tuple[type[CommunityModel], tuple[type[Event], ...], tuple[str, ...]], ...] = (
        (
            MoneyMove,
            (events.MoneyMoveAsked, events.MoneyMoved, events.MoneyMoveRefused, events.MoneyMoveWithdrawn),
            ("number", "amount_fen", "from_method", "to_method", "pool"),
        ),
        (
            PaymentCorrection,
            (
                *(events.PaymentCorrectionAsked, events.PaymentCorrected),
                *(events.PaymentCorrectionRefused, events.PaymentCorrectionWithdrawn),
            ),
            ("number", "amount_fen", "kind"),
        ),
        (
            PurposeChange,
            (
                *(of_purposes.PurposeChangeAsked, of_purposes.PurposeChanged),
                *(of_purposes.PurposeChangeRefused, of_purposes.PurposeChangeWithdrawn),
            ),
            ("number", "amount_fen", "why", "from_pool", "to_pool", "method"),
        ),
        (
            Budget,
            (
                *(of_budgets.BudgetAsked, of_budgets.BudgetApproved),
                *(of_budgets.BudgetRefused, of_budgets.BudgetWithdrawn),
            ),
            ("number", "amount_fen", "year"),
        ),
    )
    for model, (asked, booked, refused, withdrawn), said in kinds:
        wanted = facts.due(
            {
                asked: partial(_asked, said),
                booked: lambda fact: {"state": Decision.BOOKED, "decided_by_id": fact.by},
                refused: lambda fact: {"state": Decision.REFUSED, "decided_by_id": fact.by},
                withdrawn: lambda _fact: {"state": Decision.WITHDRAWN},
            }
        )
        rows = model._default_manager.iterator()
        yield from facts.compare(rows, wanted, check="by two", untold="nobody asked for this")


def _asked(said: tuple[str, ...], fact: Told) -> Row:
    row = {name: fact.values[name] for name in said}
    return row | {"asked_by_id": fact.by, "state": Decision.ASKED}


def _stated() -> Iterator[Fault]:
    """What the bank said is what was written down then."""
    wanted = facts.due(
        {
            events.BalanceStated: lambda fact: {
                "method": fact.values["method"],
                "stated_fen": fact.values["stated_fen"],
                "booked_fen": fact.values["booked_fen"],
                "entered_by_id": fact.by,
            }
        }
    )
    rows = StatedBalance.objects.iterator()
    yield from facts.compare(rows, wanted, check="stated balances", untold="nobody wrote this down")


def _fingerprint(fact: Told) -> dict[str, str]:
    """Facts from before the journal have none."""
    return {"fingerprint": fact.values["fingerprint"]} if fact.values.get("fingerprint") else {}


def _three_people() -> list[Fault]:
    same = Q(submitted_by=F("approved_by")) | Q(approved_by=F("paid_by")) | Q(submitted_by=F("paid_by"))
    for name in ("submitted_by", "approved_by", "paid_by"):
        same |= Q(checked_by=F(name))
    return [
        Fault.of(row, check="separation of duties", what="the same person twice")
        for row in PaymentRequest.objects.filter(same)
    ]
