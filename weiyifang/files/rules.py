"""Who may look at a file."""

from __future__ import annotations

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.look.wording import as_day
from weiyifang.files import owners
from weiyifang.files.models import File
from weiyifang.people.rules import can_read_sensitive


def can_see(actor: Actor, file: File) -> bool:
    """Whoever may see what it belongs to; everybody what was opened to everybody."""
    return file.is_open or owners.may_see(file.owner, actor)


def can_take_away(actor: Actor, file: File) -> bool:
    """Whoever may change the papers; where they stay, only its bringer and on the same day."""
    found = owners.of(file.owner)
    if found is None or not owners.may_change(file.owner, actor):
        return False
    is_fresh = file.added_by_id == actor.account_id and as_day(file.added_at) == clock.today()
    return is_fresh or not found.stays


def can_look(actor: Actor, owner: str) -> bool:
    """At sealed papers, with a reason each time: whoever may see them and may read sensitive fields."""
    found = owners.of(owner)
    return found is not None and found.about is not None and can_read_sensitive(actor) and owners.may_know(owner, actor)
