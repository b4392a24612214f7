"""Who may see what of an errand."""

from __future__ import annotations

from weiyifang.core import long_work
from weiyifang.core.actors import Actor
from weiyifang.errands.models import Errand
from weiyifang.people.roles import Permission


def is_own(actor: Actor, errand: Errand) -> bool:
    """Did the actor ask for it? Nobody else sees what is in it."""
    return actor.account_id is not None and actor.account_id == errand.asked_by_id


def can_fetch(actor: Actor, errand: Errand) -> bool:
    """Whoever asked for it, as long as they may do what it did."""
    return is_own(actor, errand) and long_work.kind(errand.kind).may(actor, errand.arguments)


def can_oversee(actor: Actor) -> bool:
    """Sees who is running what, and nothing of what is in it."""
    return actor.may(Permission.SEE_TIMELINE)
