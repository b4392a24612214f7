"""Who may do what: the street office sees counts, a grid worker their own grids, the committee all of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.outreach.models import Grid
from weiyifang.people.roles import Permission
from weiyifang.people.rules import can_manage_residents, can_see_residents


def can_see_figures(actor: Actor) -> bool:
    """How many are reached: counts, never a name."""
    return actor.may(Permission.SEE_REACH)


def can_see_rows(actor: Actor) -> bool:
    """Who stands behind a count."""
    return can_see_figures(actor) and can_see_residents(actor)


def can_keep_grids(actor: Actor) -> bool:
    """Make grids, say which buildings are in them, and who looks after them."""
    return can_manage_residents(actor)


def can_reach_out(actor: Actor) -> bool:
    """Has a list of people to go to: in the whole community, or in some grid."""
    return actor.may_somewhere(Permission.REACH_OUT)


def can_reach_everybody(actor: Actor) -> bool:
    """In the whole community, also who lives in no grid."""
    return actor.may(Permission.REACH_OUT)


def can_reach_in(actor: Actor, grid: Grid | None) -> bool:
    """In this grid; who lives in none is the committee's."""
    return actor.may(Permission.REACH_OUT, source_of(grid) if grid is not None else "nowhere")


def grids_of(actor: Actor) -> QuerySet[Grid]:
    """The grids in which the actor goes to people."""
    scopes = actor.scopes(Permission.REACH_OUT)
    rows: QuerySet[Grid] = Grid.objects.all()
    return rows if scopes is None else rows.filter(pk__in=_ids(scopes))


def _ids(scopes: frozenset[str]) -> list[UUID]:
    return sorted(id_in(scope) for scope in scopes)
