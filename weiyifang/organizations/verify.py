"""What became of each organization, and who belongs to it: told again from the facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.files.verify import album_faults
from weiyifang.organizations import events
from weiyifang.organizations.kinds import KINDS
from weiyifang.organizations.models import JoinRequest, Membership, Organization, RequestState, Status
from weiyifang.people.events import PersonErased


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [
        *_organizations(),
        *_memberships(),
        *_requests(),
        *_kinds(),
        *album_faults(Organization.objects.all(), check="organizations"),
    ]


def _kinds() -> Iterator[Fault]:
    """Every organization is of a kind that is or was on the list."""
    for row in facts.every(Organization, "kind"):
        if KINDS.word(row.kind) is None:
            what = f"is of the kind {row.kind!r}, which never stood on the list of kinds"
            yield Fault.of(row, check="organizations.kinds", what=what)


def _organizations() -> Iterator[Fault]:
    """An organization is as official as the facts say, and led by whom they say."""
    led: dict[UUID | None, set[str]] = defaultdict(set)

    def appointed(fact: Told) -> Row:
        led[fact.id("resident_id")].add(fact.subject)
        led[fact.id("before_id")].discard(fact.subject)
        return {"leader_id": fact.id("resident_id")}

    def erased(fact: Told) -> list[tuple[str, Row]]:
        return [(source, {"leader_id": None}) for source in led.pop(id_in(fact.subject), ())]

    wanted = facts.due(
        {
            events.OrganizationApplied: lambda fact: {
                "number": fact.values["number"],
                "status": Status.APPLIED,
                "leader_id": None,
            },
            events.LeaderAppointed: appointed,
            events.OrganizationFiled: lambda _fact: {"status": Status.FILED},
            events.OrganizationRegistered: lambda _fact: {"status": Status.REGISTERED},
            events.OrganizationDissolved: lambda _fact: {"status": Status.DISSOLVED},
            PersonErased: erased,
        }
    )
    rows = facts.every(Organization, "number", "status", "leader")
    yield from facts.compare(rows, wanted, check="organizations.facts", untold="nobody applied for it")


class _Belonging:
    """Who joined what, followed through the facts. Before the journal, facts of many at once said only how many."""

    def __init__(self) -> None:
        self.of: dict[tuple[str, UUID | None], set[str]] = defaultdict(set)  # organization or person → memberships
        self.unnamed: Counter[UUID] = Counter()
        self.leaders: set[tuple[UUID | None, UUID | None]] = set()

    def joined(self, fact: Told) -> Row:
        return self._joins(fact.subject, fact.id("organization_id"), fact.id("resident_id"))

    def many(self, fact: Told) -> list[tuple[str, Row]]:
        organization_id = id_in(fact.subject)
        if "memberships" not in fact.values:
            self.unnamed[organization_id] += fact.values["count"]
            return []
        pairs = zip(fact.values["memberships"], fact.values["residents"], strict=True)
        sources = [(f"organizations.membership:{pk}", UUID(resident_id)) for pk, resident_id in pairs]
        return [(source, self._joins(source, organization_id, person)) for source, person in sources]

    def _joins(self, source: str, organization_id: UUID | None, resident_id: UUID | None) -> dict[str, Any]:
        self.of["organization", organization_id].add(source)
        self.of["person", resident_id].add(source)
        return {"organization_id": organization_id, "resident_id": resident_id, "until": None}

    def leads(self, fact: Told) -> list[tuple[str, Row]]:
        self.leaders.add((id_in(fact.subject), fact.id("resident_id")))
        return []

    def all_end(self, fact: Told) -> list[tuple[str, Row]]:
        whose = "person" if fact.kind == PersonErased.__name__ else "organization"
        return [(source, {"until": SOMETHING}) for source in self.of.pop((whose, id_in(fact.subject)), ())]


def _memberships() -> Iterator[Fault]:
    """Nobody belongs to an organization without having joined it, and nobody who joined is lost."""
    belonging = _Belonging()
    wanted = facts.due(
        {
            events.MemberJoined: belonging.joined,
            events.MembersAdded: belonging.many,
            events.LeaderAppointed: belonging.leads,
            events.MembershipEnded: lambda _fact: {"until": SOMETHING},
            events.OrganizationDissolved: belonging.all_end,
            PersonErased: belonging.all_end,
        }
    )
    rows, counted, led = [], Counter[UUID](), Counter[UUID]()
    for row in facts.every(Membership, "organization", "resident", "until"):
        if "resident_id" in (want := wanted.get(source_of(row), {})):
            rows.append(row)
            continue
        leads = (row.organization_id, row.resident_id) in belonging.leaders
        (led if leads else counted)[row.organization_id] += 1
        if want or not (leads or belonging.unnamed[row.organization_id]):
            rows.append(row)
    yield from facts.compare(rows, wanted, check="organizations.members", untold="nobody noted this membership")
    for organization_id, count in belonging.unnamed.items():
        there = counted[organization_id]
        if not there <= count <= there + led[organization_id]:  # who leads now may have been one of them
            where = f"organizations.organization:{organization_id}"
            what = f"{count} members were noted together, {there} are there"
            yield Fault(check="organizations.members", where=where, what=what)


def _requests() -> Iterator[Fault]:
    """A request to join was made by whom it says. (How it ended may follow from other facts as well.)"""
    wanted = facts.due(
        {
            events.JoinAsked: lambda fact: {
                "organization_id": fact.id("organization_id"),
                "resident_id": fact.id("resident_id"),
            },
            events.JoinAccepted: lambda _fact: {"state": RequestState.ACCEPTED},
            events.JoinDeclined: lambda _fact: {"state": RequestState.DECLINED},
            events.JoinWithdrawn: lambda _fact: {"state": RequestState.WITHDRAWN},
        }
    )
    rows = facts.every(JoinRequest, "organization", "resident", "state")
    yield from facts.compare(rows, wanted, check="organizations.requests")
