"""Who may look at a file."""

from __future__ import annotations

from weiyifang.core.actors import Actor
from weiyifang.files import owners
from weiyifang.files.models import File


def can_see(actor: Actor, file: File) -> bool:
    """Whoever may see what it belongs to."""
    return owners.may_see(file.owner, actor)
