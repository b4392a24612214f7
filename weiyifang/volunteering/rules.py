"""Who may do what: the committee with all teams, an organization's leader with its teams, a team's leader with one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.people.models import Resident
from weiyifang.people.roles import Permission
from weiyifang.people.rules import acts_for
from weiyifang.volunteering.models import Belonging, Team, TeamQuerySet, Volunteer, VolunteerQuerySet

TEAM = "volunteering.team:"  # what the source of a team begins with


def can_manage_all(actor: Actor) -> bool:
    """Every team and every volunteer; sign people up at the desk."""
    return actor.may(Permission.MANAGE_TEAMS)


def can_manage_for(actor: Actor, organizer: str) -> bool:
    """Begin a team in the name of `organizer` (a source; "" is the committee)."""
    return actor.may(Permission.MANAGE_TEAMS, within=organizer)


def can_manage(actor: Actor, team: Team) -> bool:
    """Keep its members, describe it, plan what it does."""
    return can_manage_for(actor, team.organizer) or actor.may(Permission.MANAGE_TEAMS, within=source_of(team))


def can_manage_some(actor: Actor) -> bool:
    """Has any team to look after: the rule of the workbench's pages."""
    return actor.may_somewhere(Permission.MANAGE_TEAMS)


def can_begin_some(actor: Actor) -> bool:
    """For the committee or an organization; who only leads a team begins no other."""
    scopes = actor.scopes(Permission.MANAGE_TEAMS)
    return scopes is None or any(not scope.startswith(TEAM) for scope in scopes)


def can_begin_or_end(actor: Actor, team: Team) -> bool:
    """Say who leads it, and end it: whoever could begin it."""
    return can_manage_for(actor, team.organizer)


def can_see_volunteer(actor: Actor, volunteer: Volunteer) -> bool:
    """The committee all; a leader those who are in their teams."""
    return can_manage_all(actor) or volunteers_of(actor).filter(pk=volunteer.pk).exists()


def can_sign_up(actor: Actor, resident: Resident) -> bool:
    """Oneself, whom one is guardian or proxy of, and anybody at the desk."""
    return can_manage_all(actor) or acts_for(actor, resident.pk)


def manageable_by(actor: Actor) -> TeamQuerySet:
    """As `can_manage`, for lists."""
    scopes = actor.scopes(Permission.MANAGE_TEAMS)
    rows: TeamQuerySet = Team.objects.all()
    return rows if scopes is None else rows.filter(Q(organizer__in=scopes) | Q(pk__in=_teams(scopes)))


def volunteers_of(actor: Actor) -> VolunteerQuerySet:
    """As `can_see_volunteer`, for lists."""
    rows: VolunteerQuerySet = Volunteer.objects.all()
    if can_manage_all(actor):
        return rows
    theirs = Belonging.objects.live().filter(volunteer=OuterRef("pk"), team__in=manageable_by(actor).values("pk"))
    return rows.filter(Exists(theirs))


def _teams(scopes: frozenset[str]) -> list[UUID]:
    return [id_in(scope) for scope in sorted(scopes) if scope.startswith(TEAM)]
