"""Reads worth a name. Other packages ask here, never the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from weiyifang.core.actors import Actor
from weiyifang.core.prepared import Read
from weiyifang.core.sources import require_here
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.core.wordlists import Word
from weiyifang.organizations import rules
from weiyifang.organizations.kinds import KINDS
from weiyifang.organizations.models import JoinRequest, Membership, Organization, RequestState

SOURCE = "organizations.organization:"  # what the source of an organization begins with


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a page needs to mention an organization and to link to it (`organizations:detail`)."""

    source: str
    number: int
    name: str
    pearl: str


def check_source(source: str, *, by: Actor) -> None:
    """Raise `LeadsNowhere` unless this names an organization here, or nobody (""). Whose duty is within it knows it."""
    if not by.is_system and not any(source in scopes for scopes in by.rights.values()):
        require_here(source, Organization)


def named(sources: Iterable[str]) -> dict[str, Named]:
    """The organizations among these sources, by source (one query; texts that name none are passed over)."""
    ids = []
    for source in sources:
        with suppress(ValueError):  # an address may hold anything
            ids += [id_in(source)] if source.startswith(SOURCE) else []
    if not ids:
        return {}
    rows = Organization.objects.filter(pk__in=ids).only("id", "community", "number", "name", "pearl")
    return {
        source_of(row): Named(source=source_of(row), number=row.number, name=row.name, pearl=row.pearl) for row in rows
    }


def leaders_of(sources: Iterable[str]) -> dict[str, UUID]:
    """Who leads each of these organizations, by source; those that nobody leads are left out."""
    ids = [id_in(source) for source in sources if source.startswith(SOURCE)]
    rows = Organization.objects.filter(pk__in=ids, leader__isnull=False).only("id", "community", "leader_id")
    return {source_of(row): row.leader_id for row in rows if row.leader_id is not None}


def organization(pk: UUID) -> Organization:
    """The one with this id."""
    return Organization.objects.get(pk=pk)


def sources_by_name() -> dict[str, str]:
    """The source of each organization, gone ones too, by its name; in the order of their numbers."""
    rows = Organization.objects.order_by("number").only("id", "community", "name")
    return {row.name: source_of(row) for row in rows}


def sources_matching(words: str) -> list[str]:
    """The sources of the organizations, gone ones too, whose name has these words."""
    rows = Organization.objects.filter(name__icontains=words).only("id", "community")[:200]
    return [source_of(row) for row in rows]


def givers() -> list[tuple[str, str]]:
    """Sources and names of the active organizations, by number: who may have given something."""
    rows = Organization.objects.active().order_by("number").only("id", "community", "name")
    return [(source_of(row), row.name) for row in rows]


def choices_for(actor: Actor, permission: str) -> list[tuple[str, str]]:
    """Sources and names of the active organizations in whose name `actor` may use `permission`, by number."""
    scopes = actor.scopes(permission)
    rows = Organization.objects.active().order_by("number")
    if scopes is not None:
        rows = rows.filter(pk__in=[id_in(scope) for scope in scopes if scope.startswith(SOURCE)])
    return [(source_of(row), row.name) for row in rows.only("id", "community", "name")]


def kept_by(actor: Actor) -> QuerySet[Organization]:
    """The active organizations whose members the actor keeps, by number."""
    return rules.manageable_by(actor).active().order_by("number")


def led(actor: Actor, source: str) -> Organization | None:
    """The active organization of this source, if the actor keeps its members."""
    found = Organization.objects.active().filter(pk=id_in(source)).first() if source.startswith(SOURCE) else None
    return found if found is not None and rules.can_manage(actor, found) else None


def string() -> QuerySet[Organization]:
    """The pearls on the string: every active organization, in the order they came."""
    return Organization.objects.active().order_by("number")


def listed(words: str = "", kind: str = "") -> QuerySet[Organization]:
    """Active organizations with `member_count` and their leader, by number; searched and of one kind if asked."""
    rows = Organization.objects.active().matching(words).select_related("leader")
    if kind:
        rows = rows.filter(kind=kind)
    return rows.with_member_count().order_by("number")


def count_active() -> int:
    return Organization.objects.active().count()


def kinds_with_counts() -> list[tuple[Word, int]]:
    """The kinds that active organizations have, in the order of the list, with how many there are of each."""
    counts = Counter(Organization.objects.active().values_list("kind", flat=True))
    return [(kind, counts[kind.code]) for kind in KINDS.known() if counts[kind.code]]


def members_of(organization: Organization) -> QuerySet[Membership]:
    """Who belongs to it now, the longest-standing first."""
    rows = Membership.objects.live().filter(organization=organization).select_related("resident")
    return rows.defer("resident__phone", "resident__id_number").order_by("since", "resident__number")


def organizations_of(resident_id: UUID) -> list[Membership]:
    """Where a resident belongs now ("my page")."""
    return _belongings(resident_id)


def _belonging(resident_id: UUID) -> QuerySet[Membership]:
    rows = Membership.objects.live().filter(resident_id=resident_id).select_related("organization")
    return rows.order_by("since", "id")


_belongings = Read(_belonging, UUID(int=1))


def waiting_requests(actor: Actor) -> QuerySet[JoinRequest]:
    """Requests the actor may answer, the longest-waiting first (today's work)."""
    rows = JoinRequest.objects.filter(
        state=RequestState.ASKED, organization__in=rules.manageable_by(actor).values("pk")
    ).select_related("organization", "resident")
    return rows.defer("resident__phone", "resident__id_number").order_by("asked_at", "id")


def membership_of(actor: Actor | None, organization: Organization) -> tuple[Membership | None, JoinRequest | None]:
    """How a resident belongs to it now, and what they asked of it last."""
    if actor is None or actor.resident_id is None:
        return None, None
    values = organization.pk, actor.resident_id
    return _membership.one(*values), _last_request.one(*values)


_membership = Read(
    lambda organization, resident: Membership.objects.live().filter(organization=organization, resident=resident)[:1],
    *(UUID(int=1), UUID(int=2)),
)
_last_request = Read(
    lambda organization, resident: JoinRequest.objects.filter(organization=organization, resident=resident).order_by(
        "-asked_at"
    )[:1],
    *(UUID(int=1), UUID(int=2)),
)


def keeps_as_member(actor: Actor, resident_id: UUID) -> bool:
    """Does this resident belong now to an active organization whose members the actor keeps?"""
    return Membership.objects.live().filter(resident_id=resident_id, organization__in=kept_by(actor)).exists()


def belongs(organization_id: UUID, resident_id: UUID | None) -> bool:
    """Is this resident a member now?"""
    if resident_id is None:
        return False
    return Membership.objects.live().filter(organization_id=organization_id, resident_id=resident_id).exists()
