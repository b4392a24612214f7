"""Who may have which calendar fetched: everybody their own, and whoever looks after an organization that of it."""

from __future__ import annotations

from weiyifang.calendars.models import Link
from weiyifang.core.actors import Actor
from weiyifang.people.roles import Permission


def can_have(actor: Actor, of: str) -> bool:
    """Make an address: for oneself, of what is one's own ("") or of an organization (a source)."""
    return actor.resident_id is not None and (not of or actor.may(Permission.MANAGE_OWN_ORGANIZATION, within=of))


def is_owner(actor: Actor, link: Link) -> bool:
    """Renew it, end it."""
    return actor.is_system or actor.resident_id == link.resident_id
