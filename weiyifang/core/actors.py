"""Who acts: a person in the roles they hold here, a visitor, or the system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from weiyifang.core.web.versions import Seen

SYSTEM = "system"  # the name the program acts under; read, it is said in the reader's language
EVERYWHERE = ""  # the scope of a right that holds in the whole community


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person (or the system) in one community, with the rights their roles give.

    `rights` maps a permission's code to the scopes it holds in: `EVERYWHERE`, or sources such as
    `organizations.organization:<id>`. `resident_id` is the person's resident record, when they live here.
    """

    community_id: int
    account_id: UUID | None = None
    resident_id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_system: bool = False
    lacks_second_factor: bool = False  # rights would be there, but wait for a second factor
    has_news: bool = False  # something was told to them that they have not seen
    proof_is_old: bool = False  # the second factor was shown too long ago for money and for people's numbers
    seen: Seen | None = field(default=None, compare=False, repr=False)  # what they had before their eyes (`versions`)

    @property
    def is_visitor(self) -> bool:
        """Nobody is signed in."""
        return self.account_id is None and not self.is_system

    @property
    def is_member(self) -> bool:
        """Somebody who belongs here: a resident, or anyone with a role."""
        return self.is_system or self.resident_id is not None or bool(self.roles)

    def may(self, permission: str, within: str = EVERYWHERE) -> bool:
        """Does this actor hold `permission`, everywhere or within the given source?"""
        if self.is_system:
            return True
        scopes = self.rights.get(permission, frozenset())
        return EVERYWHERE in scopes or within in scopes

    def may_somewhere(self, permission: str) -> bool:
        """Does this actor hold `permission` in the whole community or in any part of it?"""
        return self.is_system or permission in self.rights

    def scopes(self, permission: str) -> frozenset[str] | None:
        """The sources `permission` holds in; None when it holds everywhere."""
        scopes = self.rights.get(permission, frozenset())
        return None if self.is_system or EVERYWHERE in scopes else scopes

    def without_marks(self) -> Actor:
        """The same one, where no page says what was seen: of rows made in this very act, of many at once."""
        return replace(self, seen=None)


def system(community_id: int | None = None) -> Actor:
    """The program itself: jobs, imports of demo data, deadlines that pass."""
    from weiyifang.core.tenancy import current_community_id

    return Actor(
        community_id=community_id or current_community_id(),
        name=SYSTEM,
        is_system=True,
    )
