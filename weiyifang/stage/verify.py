"""Shows, answers, line-ups and money: told again from the facts, and each income shared out once more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.stage import events, queries
from weiyifang.stage.models import Answer, Engagement, Income, Offer, Performer, Split, State
from weiyifang.timetable import queries as timetable


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_engagements(), *_offers(), *_performers(), *_line_ups(), *_calendars(), *_incomes(), *_splits()]


def _engagements() -> Iterator[Fault]:
    """A show is where its facts say, with the troupe, the price and the shares that were agreed."""

    def put_down(fact: Told) -> Row:
        return {
            "number": fact.values["number"],
            "starts_at": fact.moment("starts_at"),
            "ends_at": fact.moment("ends_at"),
            "is_purchase": fact.values["is_purchase"],
            "state": State.REQUESTED,
            "organization": "",
        }

    def moved(fact: Told) -> Row:
        return {name: fact.moment(name) for name in ("starts_at", "ends_at")}

    def agreed(fact: Told) -> Row:
        said = ("organization", "price_fen", "troupe_share", "members_share", "fund_share")
        return {"state": State.AGREED, **{name: fact.values[name] for name in said}}

    wanted = facts.due(
        {
            events.EngagementPutDown: put_down,
            events.EngagementEdited: lambda fact: {"is_purchase": fact.values["is_purchase"]},
            events.EngagementMoved: moved,
            events.EngagementAgreed: agreed,
            events.EngagementHeld: lambda _fact: {"state": State.HELD},
            events.EngagementCancelled: lambda _fact: {"state": State.CANCELLED},
        }
    )
    names = ("number", "starts_at", "ends_at", "is_purchase", "state", "organization", "price_fen")
    rows = facts.every(Engagement, *names, "troupe_share", "members_share", "fund_share")
    yield from facts.compare(rows, wanted, check="stage.engagements", untold="nobody put it down")


def _offers() -> Iterator[Fault]:
    """Who was asked said what its facts say; of those who would have played, the chosen one does."""
    open_ones: dict[UUID | None, set[str]] = defaultdict(set)  # show → answers that could still be chosen

    def asked(fact: Told) -> Iterator[tuple[str, Row]]:
        engagement_id = id_in(fact.subject)
        for pk, organization in zip(fact.values["offers"], fact.values["organizations"], strict=True):
            source = f"stage.offer:{pk}"
            open_ones[engagement_id].add(source)
            yield source, {"engagement_id": engagement_id, "organization": organization, "state": Answer.ASKED}

    def declined(fact: Told) -> Row:
        open_ones[fact.id("engagement_id")].discard(fact.subject)
        return {"state": Answer.DECLINED}

    def again(fact: Told) -> list[tuple[str, Row]]:
        return [(f"stage.offer:{pk}", {"state": Answer.ASKED, "price_fen": 0}) for pk in fact.values["offers"]]

    def closed(fact: Told) -> Iterator[tuple[str, Row]]:
        for source in sorted(open_ones.pop(id_in(fact.subject), ())):
            yield source, {"state": Answer.CLOSED}
        if fact.kind == events.EngagementAgreed.__name__:
            yield f"stage.offer:{fact.values['offer_id']}", {"state": Answer.CHOSEN}

    wanted = facts.due(
        {
            events.TroupesAsked: asked,
            events.ShowOffered: lambda fact: {"state": Answer.MADE, "price_fen": fact.values["price_fen"]},
            events.ShowDeclined: declined,
            events.EngagementMoved: again,
            events.EngagementAgreed: closed,
            events.EngagementCancelled: closed,
        }
    )
    rows = facts.every(Offer, "engagement", "organization", "state", "price_fen")
    yield from facts.compare(rows, wanted, check="stage.offers", untold="nobody asked")


def _performers() -> Iterator[Fault]:
    """Nobody is in a line-up who was not put in, and whoever stepped back is in it no more."""

    def put_in(fact: Told) -> Iterator[tuple[str, Row]]:
        for pk, resident in zip(fact.values["performers"], fact.values["residents"], strict=True):
            said = {"engagement_id": id_in(fact.subject), "resident_id": UUID(resident), "ended_at": None}
            yield f"stage.performer:{pk}", said

    def all_off(fact: Told) -> list[tuple[str, Row]]:
        return [(f"stage.performer:{pk}", {"ended_at": SOMETHING}) for pk in fact.values["performers"]]

    wanted = facts.due(
        {
            events.PerformersPutIn: put_in,
            events.PerformerSteppedBack: lambda _fact: {"ended_at": SOMETHING},
            events.EngagementCancelled: all_off,
        }
    )
    rows = facts.every(Performer, "engagement", "resident", "ended_at")
    yield from facts.compare(rows, wanted, check="stage.performers", untold="nobody put them in")


def _line_ups() -> Iterator[Fault]:
    """A show that was held had somebody who was on."""
    on = Performer.objects.live().values("engagement")
    for row in Engagement.objects.filter(state=State.HELD).exclude(pk__in=on).only("id", "community"):
        yield Fault.of(row, check="stage.line_ups", what="was held, and nobody was on")


def _calendars() -> Iterator[Fault]:
    """Whoever is in a line-up has its hours in their calendar, and nobody else has."""
    rows = Performer.objects.live().select_related("engagement").defer("engagement__customer", "engagement__phone")
    due = {
        source_of(row): (row.resident_id, row.engagement.starts_at, row.engagement.ends_at)
        for row in rows.iterator(chunk_size=5_000)
    }
    for source, *taken in timetable.taken_by("stage.performer:"):
        if due.pop(source, None) != tuple(taken):
            yield Fault(check="stage.calendars", where=source, what="takes hours that its show does not have")
    for source in due:
        yield Fault(check="stage.calendars", where=source, what="has no hours in anybody's calendar")


def _incomes() -> Iterator[Fault]:
    """An income is what its facts say, and stands as long as they say; together they are never more than the price."""

    def received(fact: Told) -> Row:
        return {
            "engagement_id": fact.id("engagement_id"),
            "amount_fen": fact.values["amount_fen"],
            "given_back_at": None,
        }

    def given_back(fact: Told) -> Iterator[tuple[str, Row]]:
        yield fact.subject, {"given_back_at": SOMETHING}
        if fact.values["instead"]:
            stays = {"amount_fen": fact.values["left_fen"], "instead_of_id": id_in(fact.subject)}
            yield fact.values["instead"], {**received(fact), **stays}

    wanted = facts.due({events.IncomeReceived: received, events.IncomeGivenBack: given_back})
    rows = facts.every(Income, "engagement", "amount_fen", "given_back_at", "instead_of")
    yield from facts.compare(rows, wanted, check="stage.incomes", untold="nobody received it")
    for row in Engagement.objects.filter(state=State.HELD).only("id", "community", "price_fen"):
        if queries.paid_for(row) > row.price_fen:
            yield Fault.of(row, check="stage.incomes", what="was paid with more than its price")


def _splits() -> Iterator[Fault]:
    """The parts of an income are those of its show's shares, and add up to it."""
    there: dict[UUID, dict[tuple[str, UUID | None], int]] = defaultdict(dict)
    for part in facts.every(Split, "income", "whose", "resident", "amount_fen"):
        there[part.income_id][part.whose, part.resident_id] = part.amount_fen
    for income in Income.objects.select_related("engagement").defer("engagement__customer", "engagement__phone"):
        parts = there.pop(income.pk, {})
        if sum(parts.values()) != income.amount_fen:
            yield Fault.of(income, check="stage.splits", what=f"its parts add up to {sum(parts.values())} fen")
        elif parts != queries.parts_due(income.engagement, income.amount_fen):
            yield Fault.of(income, check="stage.splits", what="is shared out otherwise than was agreed")
