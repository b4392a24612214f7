"""Which teams there are, whose they are, who leads them."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from weiyifang.core import actors, clock
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import paragraphs
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import Duty, Resident
from weiyifang.people.roles import Role
from weiyifang.volunteering import events, rules
from weiyifang.volunteering.models import Belonging, Team


class TeamNameTaken(Refused):
    """A team at work has this name."""

    sentence = _("There is already a service team called %(name)s. Choose another name, or join that one.")


class TeamOver(Refused):
    """The team has ended."""

    sentence = _("%(name)s has ended. Look at the other teams.")


class OwnAppointment(Refused):
    """Somebody made themselves the leader."""

    sentence = _("Nobody appoints themselves. Ask a colleague to do it.")
    status = 403


class ReasonNeeded(Refused):
    """Ended without a word."""

    sentence = _("Say in a few words why it ends: the members will ask.")
    status = 422


class Said(TypedDict, total=False):
    """What is said about a team; the fields of `models.Team`."""

    name: str
    purpose: str
    organizer: str
    takes_members: bool


@transaction.atomic
def begin(*, leader: Resident | None = None, by: Actor, **said: Unpack[Said]) -> Team:
    """A new team, of an organization or of the committee (`organizer` ""). Announces `TeamBegun`.

    Raises `TeamNameTaken`, `people.services.LivesElsewhere`, and `LeadsNowhere` when no such organization is here.
    """
    require(rules.can_manage_for(by, said.get("organizer", "")))
    organizations.check_source(said.get("organizer", ""), by=by)
    wanted: Said = {"name": "", "purpose": "", **said}
    fields = cleaned(Team, wanted)
    _refuse_taken(fields["name"])
    team = Team(number=next_number("team"), **fields)
    team.save(force_insert=True)
    announce(events.TeamBegun(**_about(team), organizer=team.organizer), by=by)
    if leader is not None:
        _lead(team, leader, by=by)
    return team


@transaction.atomic
def edit(*, team: Team, by: Actor, **said: Unpack[Said]) -> Team:
    """Describe it anew. Whose team it is, only whoever may act for both changes. Announces `TeamEdited`.

    Raises what `begin` raises, and `TeamOver`.
    """
    team = locked(team)
    versions.check(team, by)
    require(rules.can_manage(by, team))
    _refuse_over(team)
    fields = cleaned(Team, said)
    changed = tuple(name for name, value in fields.items() if getattr(team, name) != value)
    if "organizer" in changed:
        require(rules.can_begin_or_end(by, team) and rules.can_manage_for(by, fields["organizer"]))
        organizations.check_source(fields["organizer"], by=by)
    if "name" in changed:
        _refuse_taken(fields["name"])
    for name in changed:
        setattr(team, name, fields[name])  # type: ignore[literal-required]  # a name among the details
    if changed:
        team.save(update_fields=changed)
        announce(events.TeamEdited(**_about(team), changed=changed, organizer=team.organizer), by=by)
    return team


@transaction.atomic
def appoint_leader(*, team: Team, resident: Resident, by: Actor) -> Team:
    """Let a resident lead it; with an account they hold the leader's duty in it. One may lead several.

    Raises `OwnAppointment`, `TeamOver`, `people.services.LivesElsewhere`. Announces `TeamLeaderAppointed`.
    """
    team = locked(team)
    versions.check(team, by)
    require(rules.can_begin_or_end(by, team))
    if resident.pk == by.resident_id:
        raise OwnAppointment()
    _refuse_over(team)
    _lead(team, resident, by=by)
    return team


@transaction.atomic
def end(*, team: Team, reason: str, by: Actor) -> Team:
    """It ends: nobody is in it any more, and nobody leads it. Raises `ReasonNeeded`, `TeamOver`.

    Announces `TeamEnded`.
    """
    team = locked(team)
    versions.check(team, by)
    require(rules.can_begin_or_end(by, team))
    _refuse_over(team)
    why = paragraphs(reason)
    if not why:
        raise ReasonNeeded()
    team.ended_on, team.ended_why = clock.today(), why
    team.save(update_fields=["ended_on", "ended_why"])
    until = Greatest(F("since"), Value(clock.today()))
    Belonging.objects.live().filter(team=team).update(until=until)
    if team.leader is not None:
        _end_duty(team, team.leader)
    announce(events.TeamEnded(**_about(team), reason=why), by=by)
    return team


def locked(team: Team) -> Team:
    """The row, locked until the transaction ends; who is in it waits for it."""
    return Team.objects.select_for_update(of=("self",)).select_related("leader").get(pk=team.pk)


def _lead(team: Team, resident: Resident, *, by: Actor) -> None:
    before = team.leader
    if before is not None and before.pk == resident.pk:
        return
    people.refuse_gone(resident)
    team.leader = resident
    team.save(update_fields=["leader"])
    if resident.account is not None and not _duties(resident.account.pk, source_of(team)).exists():
        # it follows from leading, so the program gives it; who appointed stands in the timeline
        people.give_duty(account=resident.account, role=Role.TEAM_LEADER, scope=source_of(team), by=actors.system())
    if before is not None:
        _end_duty(team, before)
    fact = events.TeamLeaderAppointed(
        **_about(team), resident_id=resident.pk, before_id=before.pk if before is not None else None
    )
    announce(fact, by=by)


def _end_duty(team: Team, resident: Resident) -> None:
    if resident.account_id is None:
        return
    for duty in _duties(resident.account_id, source_of(team)):
        people.end_duty(duty=duty, by=actors.system())


def _duties(account_id: UUID, scope: str) -> QuerySet[Duty]:
    return people_read.every_duty_of(account_id).filter(role=Role.TEAM_LEADER, scope=scope, until=None)


def _about(team: Team) -> dict[str, Any]:
    return {"subject": source_of(team), "number": team.number, "name": team.name}


def _refuse_taken(name: str) -> None:
    if Team.objects.at_work().filter(name=name).exists():
        raise TeamNameTaken(name=name)


def _refuse_over(team: Team) -> None:
    if team.is_over:
        raise TeamOver(name=team.name)
