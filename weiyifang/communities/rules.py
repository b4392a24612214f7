from __future__ import annotations

from weiyifang.core.actors import Actor


def can_set_rules(actor: Actor) -> bool:
    """Sets the community's own values of dated rules."""
    return actor.may("set_rules")  # `people.roles` stands above this package
