"""Who may do what: the committee with all teams, an organization's leader with its teams, a team's leader with one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.people.models import Resident
from weiyifang.people.roles import Permission
from weiyifang.people.rules import acts_for
from weiyifang.volunteering.models import (
    Belonging,
    HelpRequest,
    Hours,
    Slot,
    Team,
    TeamQuerySet,
    Volunteer,
    VolunteerQuerySet,
)

AFTERWARDS = timedelta(days=1)  # how long after its end an address can still be read, if nobody says it is done
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


def can_see_card(actor: Actor, hours: Hours) -> bool:
    """The card that thanks for a shift: who helped, whoever acts for them, and whoever leads the team."""
    return acts_for(actor, hours.volunteer.resident_id) or can_manage(actor, hours.slot.shift.team)


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


def does(actor: Actor, request: HelpRequest) -> bool:
    """Took it on, and has not given it back."""
    if actor.resident_id is None or request.shift_id is None:
        return False
    return Slot.objects.live().filter(shift=request.shift_id, volunteer__resident=actor.resident_id).exists()


def can_read_address(actor: Actor, request: HelpRequest) -> bool:
    """Where it is and whom to call: whoever does it and the office, as long as it is taken and not over."""
    stands = request.is_taken and request.ends_at + AFTERWARDS > clock.now()
    return stands and (can_manage_all(actor) or does(actor, request))


def can_take(actor: Actor, request: HelpRequest) -> bool:
    """A member of any team, as long as it is open; not one's own."""
    mine = Belonging.objects.live().filter(volunteer__resident=actor.resident_id or request.pk)
    return request.is_open and actor.resident_id != request.resident_id and mine.exists()


def can_see_help(actor: Actor, request: HelpRequest) -> bool:
    """Whose it is, who acts for them, whoever does or could do it, and the office."""
    return can_sign_up(actor, request.resident) or does(actor, request) or can_take(actor, request)


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
