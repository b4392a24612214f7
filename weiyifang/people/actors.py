"""From an account to the actor it is in the community at hand."""

from __future__ import annotations

from collections import defaultdict

from weiyifang.core import prepared
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import current_community_id
from weiyifang.people.models import Account
from weiyifang.people.roles import PERMISSIONS, Role

PART = """
SELECT resident.id, resident.name, duty.role, duty.scope
  FROM (SELECT %(community)s::bigint AS community_id, %(account)s::uuid AS account_id) here
  LEFT JOIN people_resident resident ON resident.community_id = here.community_id
       AND resident.account_id = here.account_id AND resident.left_on IS NULL
  LEFT JOIN people_duty duty ON duty.community_id = here.community_id
       AND duty.account_id = here.account_id AND duty.until IS NULL
"""


def actor_for(account: Account | None) -> Actor:
    """Who `account` is here: name, resident record, roles and rights (one query; none for a visitor)."""
    community_id = current_community_id()
    if account is None:
        return Actor(community_id=community_id)
    rows = prepared.execute(PART, {"community": community_id, "account": account.pk})
    resident_id, name, *_duty = rows[0]
    rights: dict[str, set[str]] = defaultdict(set)
    roles: set[str] = set()
    for _resident, _name, role, scope in rows:
        if role is not None:
            roles.add(role)
            for permission in PERMISSIONS[Role(role)]:
                rights[permission].add(scope)
    return Actor(
        community_id=community_id,
        account_id=account.pk,
        resident_id=resident_id,
        name=account.name or name or "",
        roles=frozenset(roles),
        rights={permission: frozenset(scopes) for permission, scopes in rights.items()},
    )
