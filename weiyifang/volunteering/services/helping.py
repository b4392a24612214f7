"""Who helps, with what, in which team; and the papers somebody has seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.prepared import Read
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import paragraphs
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people import services as people
from weiyifang.people.models import Purpose, Resident
from weiyifang.volunteering import events, kinds, limits, queries, rules
from weiyifang.volunteering.models import Belonging, Certificate, Team, Volunteer
from weiyifang.volunteering.services import teams


class AlreadyVolunteer(Refused):
    """The resident is a volunteer already."""

    sentence = _("%(name)s is a volunteer already. There is nothing to do.")


class TooYoung(Refused):
    """Below the age of the rule, or the age is not known."""

    sentence = _("Volunteers are at least %(age)s years old. Come along with a grown-up until then.")


class NotAVolunteer(Refused):
    """They have not signed up, or signed off again."""

    sentence = _("%(name)s has not signed up as a volunteer yet. That comes first.")


class TakesNobody(Refused):
    """The team takes no new members, or has ended."""

    sentence = _("%(name)s takes nobody new at the moment. Look at the other teams.")


class AlreadyInIt(Refused):
    """The volunteer is in the team already."""

    sentence = _("%(name)s is in this team already. There is nothing to do.")


class OverAlready(Refused):
    """It ended before."""

    sentence = _("This has ended already. There is nothing to do.")


class UnknownCertificate(Refused):
    """A code that no list of certificates holds."""

    sentence = _("Choose one of the kinds in the list.")
    status = 422


class Expired(Refused):
    """A certificate that was over before it was noted."""

    sentence = _("This certificate is over already. Note the new one once you have seen it.")
    status = 422


@transaction.atomic
def sign_up(
    *,
    resident: Resident,
    words: str = "",
    skills: Sequence[str] = (),
    times: Sequence[str] = (),
    is_named: bool = False,
    agreed: bool,
    by: Actor,
) -> Volunteer:
    """A resident will help: by themselves, by who may act for them, or noted at the desk with a signed paper.

    `agreed`: they said yes to the community's words. Raises what `people.services.on_their_word` and `refuse_alone`
    raise, `TooYoung` and `AlreadyVolunteer`. Announces `VolunteerSignedUp`.
    """
    require(rules.can_sign_up(by, resident))
    resident = people.on_their_word(resident=resident, purpose=Purpose.VOLUNTEERING, agreed=agreed, by=by)
    _refuse_age(resident, by)
    if Volunteer.objects.active().filter(resident=resident).exists():
        raise AlreadyVolunteer(name=resident.name)
    volunteer = Volunteer(
        resident=resident,
        words=words,
        skills=kinds.chosen(kinds.SKILL, skills),
        times=kinds.chosen(kinds.TIME, times),
        is_named=is_named,
    )
    volunteer.save(force_insert=True)
    announce(events.VolunteerSignedUp(**about(volunteer)), by=by)
    return volunteer


@transaction.atomic
def edit_volunteer(
    *, volunteer: Volunteer, words: str, skills: Sequence[str], times: Sequence[str], is_named: bool, by: Actor
) -> Volunteer:
    """Say anew what one can do, when, and whether one may be named. Raises `OverAlready`.

    Only who may act for the person says that they may be named. Announces `VolunteerEdited`.
    """
    volunteer = locked(volunteer)
    versions.check(volunteer, by)
    require(rules.can_sign_up(by, volunteer.resident))
    if volunteer.until is not None:
        raise OverAlready()
    said = {
        "words": paragraphs(words),
        "skills": kinds.chosen(kinds.SKILL, skills, was=volunteer.skills),
        "times": kinds.chosen(kinds.TIME, times, was=volunteer.times),
        "is_named": is_named,
    }
    changed = tuple(name for name, value in said.items() if getattr(volunteer, name) != value)
    for name in changed:
        setattr(volunteer, name, said[name])
    if changed:
        volunteer.save(update_fields=changed)
        announce(events.VolunteerEdited(**about(volunteer), changed=changed), by=by)
    return volunteer


@transaction.atomic
def join(*, team: Team, by: Actor) -> Belonging:
    """Whoever signed up goes into a team that takes people. Raises `TakesNobody`, `NotAVolunteer`, `AlreadyInIt`.

    Announces `TeamJoined`.
    """
    team = teams.locked(team)
    if team.is_over or not team.takes_members:
        raise TakesNobody(name=team.name)
    volunteer = queries.volunteer_of(by.resident_id)
    if volunteer is None:
        raise NotAVolunteer(name=by.name)
    return _put(team, volunteer, by.name, by=by)


@transaction.atomic
def add_member(*, team: Team, resident: Resident, since: date | None = None, by: Actor) -> Belonging:
    """A leader notes somebody who signed up as a member. Raises `TakesNobody` for a team that has ended,
    `NotAVolunteer`, `AlreadyInIt`. Announces `TeamJoined`.
    """
    team = teams.locked(team)
    require(rules.can_manage(by, team))
    if team.is_over:
        raise TakesNobody(name=team.name)
    volunteer = queries.volunteer_of(resident.pk)
    if volunteer is None:
        raise NotAVolunteer(name=resident.name)
    return _put(team, volunteer, resident.name, since=since, by=by)


@transaction.atomic
def end_belonging(*, belonging: Belonging, by: Actor) -> Belonging:
    """A member leaves the team, by themselves or noted by its leader. Raises `OverAlready`. Announces `TeamLeft`."""
    team = teams.locked(belonging.team)
    belonging = Belonging.objects.select_for_update(of=("self",)).select_related("volunteer").get(pk=belonging.pk)
    require(rules.can_manage(by, team) or belonging.volunteer.resident_id == by.resident_id)
    if belonging.until is not None:
        raise OverAlready()
    belonging.until = max(clock.today(), belonging.since)
    belonging.save(update_fields=["until"])
    announce(events.TeamLeft(**_of(belonging, team, belonging.volunteer)), by=by)
    return belonging


@transaction.atomic
def note_certificate(*, volunteer: Volunteer, kind: str, valid_until: date, by: Actor) -> Certificate:
    """Note that one has seen a paper, and its last day. Raises `UnknownCertificate`, `Expired`, `OverAlready`.

    Announces `CertificateNoted`.
    """
    volunteer = locked(volunteer)
    require(rules.can_see_volunteer(by, volunteer) and volunteer.resident_id != by.resident_id)
    if volunteer.until is not None:
        raise OverAlready()
    if kind not in kinds.CERTIFICATE.today().codes:
        raise UnknownCertificate()
    if valid_until < clock.today():
        raise Expired()
    row = Certificate(volunteer=volunteer, kind=kind, valid_until=valid_until, seen_by_id=by.account_id)
    row.save(force_insert=True)
    announce(events.CertificateNoted(**_paper(row, volunteer)), by=by)
    return row


@transaction.atomic
def strike_certificate(*, certificate: Certificate, by: Actor) -> Certificate:
    """Noted by mistake, or taken away: it counts no more. Raises `OverAlready`. Announces `CertificateStruck`."""
    volunteer = locked(certificate.volunteer)
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    require(rules.can_see_volunteer(by, volunteer))
    if certificate.struck_on is not None:
        raise OverAlready()
    certificate.struck_on = clock.today()
    certificate.save(update_fields=["struck_on"])
    announce(events.CertificateStruck(**_paper(certificate, volunteer)), by=by)
    return certificate


def locked(volunteer: Volunteer) -> Volunteer:
    """The row, locked until the transaction ends; what somebody has and does waits for it."""
    row = _LOCKED.one(volunteer.pk)
    if row is None:
        raise Volunteer.DoesNotExist
    return row


def locked_of(resident_id: UUID | None) -> Volunteer | None:
    """Somebody's own record as long as it stands, locked likewise."""
    return _LOCKED_OF.one(resident_id) if resident_id else None


def _held(**which: object) -> QuerySet[Volunteer]:
    return Volunteer.objects.select_for_update(of=("self",)).select_related("resident").filter(**which)


_LOCKED = Read(lambda pk: _held(pk=pk), UUID(int=1))
_LOCKED_OF = Read(lambda resident_id: _held(resident_id=resident_id, until=None), UUID(int=1))


def _put(team: Team, volunteer: Volunteer, name: str, *, since: date | None = None, by: Actor) -> Belonging:
    volunteer = locked(volunteer)
    if volunteer.until is not None:
        raise NotAVolunteer(name=name)
    if Belonging.objects.live().filter(team=team, volunteer=volunteer).exists():
        raise AlreadyInIt(name=name)
    belonging = Belonging(team=team, volunteer=volunteer, since=since or clock.today())
    belonging.save(force_insert=True)
    announce(events.TeamJoined(**_of(belonging, team, volunteer)), by=by)
    return belonging


def _refuse_age(resident: Resident, by: Actor) -> None:
    today = clock.today()
    age, least = resident.age_on(today), limits.rule_on(today).least_age
    if age is None:
        raise people.BirthdayNeeded(name=resident.name)
    if age < least:
        raise TooYoung(age=least)
    people.refuse_alone(resident, by)


def about(volunteer: Volunteer) -> dict[str, Any]:
    """What each fact about a volunteer says."""
    return {"subject": source_of(volunteer), "resident_id": volunteer.resident_id}


def _of(belonging: Belonging, team: Team, volunteer: Volunteer) -> dict[str, Any]:
    return {
        "subject": source_of(belonging),
        "team_id": team.pk,
        "volunteer_id": volunteer.pk,
        "resident_id": volunteer.resident_id,
        "team": team.name,
    }


def _paper(row: Certificate, volunteer: Volunteer) -> dict[str, Any]:
    return {
        "subject": source_of(row),
        "volunteer_id": volunteer.pk,
        "resident_id": volunteer.resident_id,
        "kind": row.kind,
        "valid_until": row.valid_until,
    }
