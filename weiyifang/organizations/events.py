"""The facts this package announces. Names of people stay in their rows; facts carry ids and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from weiyifang.core.events import Event

# --- about an organization (subject `organizations.organization:<id>`) -------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OrganizationFact(Event):
    number: int
    name: str


@dataclass(frozen=True, kw_only=True)
class OrganizationApplied(OrganizationFact):
    kind: str


@dataclass(frozen=True, kw_only=True)
class OrganizationFiled(OrganizationFact):
    """备案: the community and the street office have it on file; it is no legal person."""


@dataclass(frozen=True, kw_only=True)
class OrganizationRegistered(OrganizationFact):
    """登记: it is registered with the civil-affairs authority."""


@dataclass(frozen=True, kw_only=True)
class OrganizationDissolved(OrganizationFact):
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrganizationEdited(OrganizationFact):
    changed: tuple[str, ...]  # names of the fields


@dataclass(frozen=True, kw_only=True)
class LeaderAppointed(OrganizationFact):
    resident_id: UUID
    before_id: UUID | None  # who led it until now


@dataclass(frozen=True, kw_only=True)
class MembersAdded(OrganizationFact):
    """Many at once; who they are stands in the memberships."""

    count: int


# --- about a membership (subject `organizations.membership:<id>`) -------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MembershipFact(Event):
    organization_id: UUID
    resident_id: UUID
    organization: str


@dataclass(frozen=True, kw_only=True)
class MemberJoined(MembershipFact):
    pass


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(MembershipFact):
    pass


# --- about a request to join (subject `organizations.joinrequest:<id>`) -------------------------------------------


@dataclass(frozen=True, kw_only=True)
class JoinFact(Event):
    organization_id: UUID
    resident_id: UUID
    organization: str


@dataclass(frozen=True, kw_only=True)
class JoinAsked(JoinFact):
    pass


@dataclass(frozen=True, kw_only=True)
class JoinAccepted(JoinFact):
    pass


@dataclass(frozen=True, kw_only=True)
class JoinDeclined(JoinFact):
    answer: str


@dataclass(frozen=True, kw_only=True)
class JoinWithdrawn(JoinFact):
    pass
