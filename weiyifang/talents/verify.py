"""Who is on the list, what was asked, what was thanked: told again from the facts; with consents and calendars."""

from __future__ import annotations

from collections.abc import Iterator

from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import source_of
from weiyifang.people import queries as people
from weiyifang.people.models import Purpose
from weiyifang.talents import events, kinds
from weiyifang.talents.models import RequestState, Talent, TalentRequest, Thanks, ThanksState
from weiyifang.timetable import queries as timetable


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_talents(), *_consents(), *_topics(), *_requests(), *_thanks(), *_calendars()]


def _talents() -> Iterator[Fault]:
    """Nobody is on the list whom nobody put there, and who was taken off is not on it."""
    wanted = facts.due(
        {
            events.TalentListed: lambda fact: {
                "number": fact.values["number"],
                "resident_id": fact.id("resident_id"),
                "until": None,
            },
            events.TalentUnlisted: lambda _fact: {"until": SOMETHING},
        }
    )
    rows = facts.every(Talent, "number", "resident", "until")
    yield from facts.compare(rows, wanted, check="talents.talents", untold="nobody put them on the list")


def _consents() -> Iterator[Fault]:
    """Whoever is on the list has said yes to it, and the yes stands."""
    listed = list(Talent.objects.listed().only("id", "community", "resident"))
    agreed = people.who_consented({row.resident_id for row in listed}, Purpose.TALENTS)
    for row in listed:
        if row.resident_id not in agreed:
            yield Fault.of(row, check="talents.consents", what="is on the list without a consent that stands")


def _topics() -> Iterator[Fault]:
    """Every code that a row holds is or was on the list of topics."""
    known = {word.code for word in kinds.TOPIC.ever()}
    for row in facts.every(Talent, "topics"):
        if odd := sorted({*row.topics}.difference(known)):
            yield Fault.of(row, check="talents.topics", what=f"has codes that no list names: {odd}")


def _requests() -> Iterator[Fault]:
    """A request is what was asked, and stands where it was left."""

    def asked(fact: Told) -> Row:
        times = {name: fact.moment(name) if fact.values[name] else None for name in ("starts_at", "ends_at")}
        return {
            "talent_id": fact.id("talent_id"),
            "resident_id": fact.id("asker_id"),
            "of": fact.values["of"],
            "state": RequestState.ASKED,
            **times,
        }

    wanted = facts.due(
        {
            events.TalentAsked: asked,
            events.TalentAccepted: lambda _fact: {"state": RequestState.ACCEPTED},
            events.TalentDeclined: lambda _fact: {"state": RequestState.DECLINED},
            events.TalentRequestWithdrawn: lambda _fact: {"state": RequestState.WITHDRAWN},
            events.TalentRequestLapsed: lambda _fact: {"state": RequestState.LAPSED},
            events.TalentRequestClosed: lambda _fact: {"state": RequestState.CLOSED},
        }
    )
    rows = facts.every(TalentRequest, "talent", "resident", "of", "starts_at", "ends_at", "state")
    yield from facts.compare(rows, wanted, check="talents.requests", untold="nobody asked this")


def _thanks() -> Iterator[Fault]:
    """Thanks are shown if the talent said so, and nobody has taken them back."""
    wanted = facts.due(
        {
            events.TalentThanked: lambda fact: {
                "request_id": fact.id("request_id"),
                "state": ThanksState.WRITTEN,
            },
            events.ThanksShown: lambda _fact: {"state": ThanksState.SHOWN},
            events.ThanksTakenBack: lambda _fact: {"state": ThanksState.TAKEN_BACK},
        }
    )
    rows = facts.every(Thanks, "request", "state")
    yield from facts.compare(rows, wanted, check="talents.thanks", untold="nobody wrote them")


def _calendars() -> Iterator[Fault]:
    """Whoever said yes to a time has it in their calendar, and nobody else has."""
    rows = TalentRequest.objects.filter(state=RequestState.ACCEPTED).exclude(starts_at=None).select_related("talent")
    due = {
        source_of(row): (row.talent.resident_id, row.starts_at, row.ends_at) for row in rows.iterator(chunk_size=5_000)
    }
    for source, *taken in timetable.taken_by("talents.talentrequest:"):
        if due.pop(source, None) != tuple(taken):
            yield Fault(check="talents.calendars", where=source, what="takes hours that nobody said yes to")
    for source in due:
        yield Fault(check="talents.calendars", where=source, what="has no hours in the talent's calendar")
