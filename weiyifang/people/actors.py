"""From an account to the actor it is in the community at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from weiyifang.core.actors import Actor
from weiyifang.core.prepared import IsAny, Read
from weiyifang.core.tenancy import current_community_id
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.roles import PERMISSIONS, Role

SEALED = ("phone", "id_number")  # opening them costs more than the rest of the row: only when somebody asks


@dataclass(frozen=True)
class Part:
    """What somebody is in one community."""

    community_id: int
    resident: Resident | None
    duties: Iterable[tuple[str, str]]  # role and scope


def _duties(account: UUID | OuterRef) -> QuerySet[Duty]:
    return Duty.objects.filter(account_id=account, until=None)


def _residents(account_ids: Sequence[UUID]) -> QuerySet[Resident]:
    said = Concat("role", Value(" "), "scope", output_field=CharField())
    return (
        Resident.objects.living_here()
        .filter(IsAny("account_id", account_ids), account__is_active=True)
        .select_related("account")
        .defer(*SEALED, "account__phone")
        .annotate(duties=ArraySubquery(_duties(OuterRef("account_id")).values_list(said)))
    )


_read = Read(_residents, [UUID(int=0)])


def living_here(account_ids: Sequence[UUID]) -> dict[UUID, Account]:
    """Those of these accounts who live in the community at hand, with what they are here: one query in all."""
    found = {}
    for resident in _read(list(account_ids)):
        account = resident.account
        assert account is not None
        duties = [tuple(duty.split(" ", 1)) for duty in resident.duties]  # type: ignore[attr-defined]
        account.part = Part(resident.community_id, resident, duties)  # type: ignore[attr-defined]
        found[account.pk] = account
    return found


def resident_of(account: Account) -> Resident | None:
    """Their record in the community at hand (no query, when `living_here` found the account)."""
    return _part(account).resident


def actor_for(account: Account | None) -> Actor:
    """Who `account` is here: name, resident record, roles and rights (two queries at most; none for a visitor)."""
    community_id = current_community_id()
    if account is None:
        return Actor(community_id=community_id)
    part = _part(account)
    rights: dict[str, set[str]] = defaultdict(set)
    roles: set[str] = set()
    for role, scope in part.duties:
        roles.add(role)
        for permission in PERMISSIONS[Role(role)]:
            rights[permission].add(scope)
    return Actor(
        community_id=community_id,
        account_id=account.pk,
        resident_id=part.resident.pk if part.resident else None,
        name=account.name or (part.resident.name if part.resident else ""),
        roles=frozenset(roles),
        rights={permission: frozenset(scopes) for permission, scopes in rights.items()},
    )


def _part(account: Account) -> Part:
    known: Part | None = getattr(account, "part", None)
    if known is not None and known.community_id == current_community_id():
        return known
    resident = Resident.objects.living_here().filter(account_id=account.pk).defer(*SEALED).first()
    return Part(current_community_id(), resident, _duties(account.pk).values_list("role", "scope"))
