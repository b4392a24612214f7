"""The facts this package announces. Names of people stay in their rows; facts carry ids and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark, Title

# --- about an organization (subject `organizations.organization:<id>`) -------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OrganizationFact(Event):
    words = _("an organization changed")

    number: int
    name: Title


@dataclass(frozen=True, kw_only=True)
class OrganizationApplied(OrganizationFact):
    words = _("applied")

    kind: str


@dataclass(frozen=True, kw_only=True)
class OrganizationFiled(OrganizationFact):
    """备案: the community and the street office have it on file; it is no legal person."""

    words = _("filed")


@dataclass(frozen=True, kw_only=True)
class OrganizationRegistered(OrganizationFact):
    """登记: it is registered with the civil-affairs authority."""

    words = _("registered")


@dataclass(frozen=True, kw_only=True)
class OrganizationDissolved(OrganizationFact):
    words = _("dissolved")
    outdates_pages = True

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class OrganizationEdited(OrganizationFact):
    words = _("changed")
    outdates_pages = True

    changed: tuple[str, ...]  # names of the fields


@dataclass(frozen=True, kw_only=True)
class LeaderAppointed(OrganizationFact):
    words = _("has another leader")

    resident_id: UUID
    before_id: UUID | None  # who led it until now


@dataclass(frozen=True, kw_only=True)
class MembersAdded(OrganizationFact):
    """Many at once: which memberships, and of which residents."""

    words = _("new members")

    count: int
    memberships: tuple[UUID, ...]
    residents: tuple[UUID, ...]


# --- about a membership (subject `organizations.membership:<id>`) -------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MembershipFact(Event):
    words = _("a membership changed")

    organization_id: UUID
    resident_id: UUID
    organization: Title


@dataclass(frozen=True, kw_only=True)
class MemberJoined(MembershipFact):
    words = _("a new member")


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(MembershipFact):
    words = _("a member left")


# --- about a request to join (subject `organizations.joinrequest:<id>`) -------------------------------------------


@dataclass(frozen=True, kw_only=True)
class JoinFact(Event):
    words = _("a request to join changed")

    organization_id: UUID
    resident_id: UUID
    organization: Title


@dataclass(frozen=True, kw_only=True)
class JoinAsked(JoinFact):
    words = _("somebody wants to join")


@dataclass(frozen=True, kw_only=True)
class JoinAccepted(JoinFact):
    words = _("was taken in")


@dataclass(frozen=True, kw_only=True)
class JoinDeclined(JoinFact):
    words = _("was not taken in")

    answer: Remark


@dataclass(frozen=True, kw_only=True)
class JoinWithdrawn(JoinFact):
    words = _("took the request back")
