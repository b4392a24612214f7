"""State is a table of moves; only `move()` moves."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import CommunityModel

Flow = Mapping[Any, Set[Any]]


class ForbiddenMove(Refused):
    """The flow does not lead from here to there."""

    sentence = _("This can no longer be done: it has moved on. Open the page again to see where it stands.")


class StaleState(Refused):
    """Somebody else moved it first."""

    sentence = _("Somebody was faster than you. Open the page again to see where it stands.")


def move(thing: CommunityModel, to: str, *, flow: Flow, field: str = "state", **also: Any) -> None:
    """Move `thing` along its flow, exactly once, however many people press the button.

    `also` are fields written in the same statement (who and when). Raises `ForbiddenMove` when the flow does not lead
    there and `StaleState` when another was faster.
    """
    state = getattr(thing, field)
    if to not in flow.get(state, frozenset()):
        raise ForbiddenMove()
    moved = type(thing).objects.filter(pk=thing.pk, **{field: state}).update(**{field: to}, **also)
    if not moved:
        raise StaleState()
    setattr(thing, field, to)
    for name, value in also.items():
        setattr(thing, name, value)
