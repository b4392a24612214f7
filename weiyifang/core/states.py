"""State is a table of moves; only `move()` moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from django.utils.translation import gettext_lazy as _

from weiyifang.core import columns
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

    `also` are fields written in the same statement (who and when); their texts are cleaned and measured. Raises
    `ForbiddenMove` when the flow does not lead there and `StaleState` when another was faster.
    """
    move_all([thing], to, flow=flow, field=field, **also)


def move_all(things: Sequence[CommunityModel], to: str, *, flow: Flow, field: str = "state", **also: Any) -> None:
    """Move several of one kind, in one statement for each state they are in. Raises as `move` does, for any of them."""
    found: dict[str, list[Any]] = {}
    for thing in things:
        found.setdefault(getattr(thing, field), []).append(thing.pk)
    if any(to not in flow.get(state, frozenset()) for state in found):
        raise ForbiddenMove()
    also = columns.cleaned(type(things[0]), also) if things else also
    for state, ids in found.items():
        rows = type(things[0]).objects.filter(pk__in=ids, **{field: state})
        if rows.update(**{field: to}, **also) < len(ids):
            raise StaleState()
    for thing in things:
        for name, value in {field: to, **also}.items():
            setattr(thing, name, value)
