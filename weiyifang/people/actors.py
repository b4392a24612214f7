"""From an account to the actor it is in the community at hand."""

from __future__ import annotations

from collections import defaultdict

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import current_community_id
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.roles import PERMISSIONS, Role


def actor_for(account: Account | None) -> Actor:
    """Who `account` is here: name, resident record, roles and rights (two queries; none for a visitor)."""
    community_id = current_community_id()
    if account is None:
        return Actor(community_id=community_id)
    resident = Resident.objects.filter(account_id=account.pk, left_on=None).only("id", "name").first()
    rights: dict[str, set[str]] = defaultdict(set)
    roles: set[str] = set()
    for role, scope in Duty.objects.filter(account_id=account.pk, until=None).values_list("role", "scope"):
        roles.add(role)
        for permission in PERMISSIONS[Role(role)]:
            rights[permission].add(scope)
    return Actor(
        community_id=community_id,
        account_id=account.pk,
        resident_id=resident.pk if resident else None,
        name=account.name or (resident.name if resident else ""),
        roles=frozenset(roles),
        rights={permission: frozenset(scopes) for permission, scopes in rights.items()},
    )
