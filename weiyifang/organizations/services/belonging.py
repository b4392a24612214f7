"""Who leads an organization, who belongs to it, who asks to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from weiyifang.core import actors, clock, states, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import events, rules
from weiyifang.organizations.models import REQUEST_FLOW, JoinRequest, Membership, Organization, RequestState, Status
from weiyifang.people import queries as residents
from weiyifang.people import services as people
from weiyifang.people.models import Duty, Resident
from weiyifang.people.roles import Role


class AlreadyMember(Refused):
    """The resident belongs to it already."""

    sentence = _("%(name)s is a member already. There is nothing to do.")


class AlreadyOver(Refused):
    """The membership ended before."""

    sentence = _("This membership has ended already.")


class LeaderStays(Refused):
    """The leader was about to leave without a successor."""

    sentence = _("%(name)s leads the organization. Say who leads it from now on, then end the membership.")


class NotAtWork(Refused):
    """The organization is only applied for, or dissolved."""

    sentence = _("%(name)s takes no members now. Look at the other organizations, or call the committee.")


class AskedAlready(Refused):
    """A request is waiting."""

    sentence = _("You have asked already. The leader will answer; you see the answer on this page.")


class OwnAppointment(Refused):
    """Somebody made themselves the leader."""

    sentence = _("Nobody appoints themselves. Ask a colleague to do it.")
    status = 403


# --- who leads -------------------------------------------------------------------------------------------------


@transaction.atomic
def appoint_leader(*, organization: Organization, resident: Resident, by: Actor) -> Organization:
    """Let a resident lead it; they become a member and, once it is filed, hold the leader's duty.

    Raises `OwnAppointment`, `NotAtWork` when it is dissolved, `LivesElsewhere`. Announces `LeaderAppointed`.
    """
    organization = locked(organization)
    versions.check(organization, by)
    require(rules.can_manage_all(by))
    if resident.pk == by.resident_id:
        raise OwnAppointment()
    if organization.status == Status.DISSOLVED:
        raise NotAtWork(name=organization.name)
    lead(organization, resident, by=by)
    return organization


def lead(organization: Organization, resident: Resident, *, by: Actor) -> None:
    """Part of `apply` and `appoint_leader`: the new leader belongs to it, the duty goes from one to the other."""
    before = organization.leader
    if before is not None and before.pk == resident.pk:
        return
    people.refuse_gone(resident)
    if not Membership.objects.live().filter(organization=organization, resident=resident).exists():
        founder = before is None and organization.founded_on is not None and organization.founded_on <= clock.today()
        _join(organization, resident, title="", since=organization.founded_on if founder else None, by=by)
    organization.leader = resident
    organization.save(update_fields=["leader"])
    if organization.is_active:
        give_leaders_duty(organization, resident)  # first: it locks an account, which comes before duties
        if before is not None:
            end_leaders_duty(organization, before)
    announce(
        events.LeaderAppointed(
            subject=source_of(organization),
            number=organization.number,
            name=organization.name,
            resident_id=resident.pk,
            before_id=before.pk if before else None,
        ),
        by=by,
    )


def give_leaders_duty(organization: Organization, resident: Resident) -> None:
    """The duty follows from leading, so it is given by the program; who appointed stands in the timeline."""
    scope = source_of(organization)
    if resident.account is not None and not _duties(resident.account.pk, scope).exists():
        people.give_duty(account=resident.account, role=Role.LEADER, scope=scope, by=actors.system())


def end_leaders_duty(organization: Organization, resident: Resident) -> None:
    """See `give_leaders_duty`."""
    if resident.account_id is None:
        return
    for duty in _duties(resident.account_id, source_of(organization)):
        people.end_duty(duty=duty, by=actors.system())


def _duties(account_id: UUID, scope: str) -> QuerySet[Duty]:
    return residents.every_duty_of(account_id).filter(role=Role.LEADER, scope=scope, until=None)


# --- who belongs -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_member(
    *, organization: Organization, resident: Resident, title: str = "", since: date | None = None, by: Actor
) -> Membership:
    """Note that a resident belongs to it. Raises `AlreadyMember`, `LivesElsewhere`, `NotAtWork`.

    Announces `MemberJoined`. A request of theirs that waits counts as accepted.
    """
    organization = locked(organization)
    require(rules.can_manage(by, organization))
    if organization.is_dissolved:
        raise NotAtWork(name=organization.name)
    membership = _join(organization, resident, title=title, since=since, by=by)
    waiting = JoinRequest.objects.filter(organization=organization, resident=resident, state=RequestState.ASKED)
    for request in waiting.select_for_update():
        states.move(request, RequestState.ACCEPTED, flow=REQUEST_FLOW, answered_at=clock.now())
    return membership


@transaction.atomic
def add_members(
    *, organization: Organization, residents: Sequence[Resident], since: Sequence[date] = (), by: Actor
) -> list[Membership]:
    """Note many at once; who belongs to it already is passed over. Announces one `MembersAdded`.

    `since`: a day for each of the residents; without it they belong to it from today.
    """
    organization = locked(organization)
    require(rules.can_manage(by, organization))
    if organization.is_dissolved:
        raise NotAtWork(name=organization.name)
    known = set(Membership.objects.live().filter(organization=organization).values_list("resident_id", flat=True))
    rows: list[Membership] = []
    days = since or [clock.today()] * len(residents)
    for resident, day in zip(residents, days, strict=True):
        people.refuse_gone(resident)
        if resident.pk not in known:
            known.add(resident.pk)
            rows.append(Membership(organization=organization, resident=resident, since=day))
    fill_community(rows)
    Membership.objects.bulk_create(rows)
    if rows:
        fact = events.MembersAdded(
            subject=source_of(organization),
            number=organization.number,
            name=organization.name,
            count=len(rows),
            memberships=tuple(row.pk for row in rows),
            residents=tuple(row.resident_id for row in rows),
        )
        announce(fact, by=by)
    return rows


@transaction.atomic
def end_membership(*, membership: Membership, by: Actor) -> Membership:
    """A member leaves, by themselves or noted by the leader. Raises `LeaderStays`, `AlreadyOver`."""
    organization = locked(membership.organization)
    membership = Membership.objects.select_for_update(of=("self",)).select_related("resident").get(pk=membership.pk)
    versions.check(membership, by)
    require(rules.can_manage(by, organization) or membership.resident_id == by.resident_id)
    if membership.until is not None:
        raise AlreadyOver()
    if organization.leader_id == membership.resident_id:
        raise LeaderStays(name=membership.resident.name)
    membership.until = max(clock.today(), membership.since)
    membership.save(update_fields=["until"])
    announce(
        events.MembershipEnded(
            subject=source_of(membership),
            organization_id=organization.pk,
            resident_id=membership.resident_id,
            organization=organization.name,
        ),
        by=by,
    )
    return membership


# --- who asks --------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_to_join(*, organization: Organization, resident: Resident, words: str = "", by: Actor) -> JoinRequest:
    """A resident asks for themselves. Raises `NotAtWork`, `AlreadyMember`, `AskedAlready`. Announces `JoinAsked`."""
    organization = locked(organization)
    require(resident.pk == by.resident_id)
    people.refuse_gone(resident)
    if not rules.takes_members(organization):
        raise NotAtWork(name=organization.name)
    if Membership.objects.live().filter(organization=organization, resident=resident).exists():
        raise AlreadyMember(name=resident.name)
    if JoinRequest.objects.filter(organization=organization, resident=resident, state=RequestState.ASKED).exists():
        raise AskedAlready()
    request = JoinRequest(organization=organization, resident=resident, words=words)
    request.save(force_insert=True)
    announce(events.JoinAsked(**_about(request)), by=by)
    return request


@transaction.atomic
def accept(*, request: JoinRequest, by: Actor) -> Membership:
    """The leader says yes: the resident is a member. Raises `NotAtWork`, `ForbiddenMove`. Announces `JoinAccepted`."""
    organization, request = _locked_request(request, by)
    require(rules.can_manage(by, organization) and request.resident_id != by.resident_id)
    if organization.is_dissolved:
        raise NotAtWork(name=organization.name)
    states.move(request, RequestState.ACCEPTED, flow=REQUEST_FLOW, answered_at=clock.now())
    membership = _join(organization, request.resident, title="", since=None, by=by)
    announce(events.JoinAccepted(**_about(request)), by=by)
    return membership


@transaction.atomic
def decline(*, request: JoinRequest, answer: str, by: Actor) -> JoinRequest:
    """The leader says no, with a word why. Raises `ForbiddenMove`. Announces `JoinDeclined`."""
    organization, request = _locked_request(request, by)
    require(rules.can_manage(by, organization))
    states.move(request, RequestState.DECLINED, flow=REQUEST_FLOW, answered_at=clock.now(), answer=answer)
    announce(events.JoinDeclined(**_about(request), answer=request.answer), by=by)
    return request


@transaction.atomic
def withdraw_request(*, request: JoinRequest, by: Actor) -> JoinRequest:
    """Who asked takes it back. Raises `ForbiddenMove`. Announces `JoinWithdrawn`."""
    _organization, request = _locked_request(request, by)
    require(request.resident_id == by.resident_id)
    states.move(request, RequestState.WITHDRAWN, flow=REQUEST_FLOW, answered_at=clock.now())
    announce(events.JoinWithdrawn(**_about(request)), by=by)
    return request


@transaction.atomic
def forget_person(*, resident_id: UUID, name: str, instead: str, by: Actor) -> None:
    """A person asked to be forgotten: their words go, memberships and requests end, a leader's place becomes empty."""
    require(by.is_system)
    for organization in Organization.objects.select_for_update().filter(leader_id=resident_id).order_by("id"):
        organization.leader, organization.phone = None, ""  # it may be theirs; who leads next says another
        organization.save(update_fields=["leader", "phone"])
    write_over(Organization.objects.all(), "dissolved_why", name=name, instead=instead)
    today = Greatest(F("since"), Value(clock.today()))
    Membership.objects.filter(resident_id=resident_id, until=None).update(until=today)
    mine = JoinRequest.objects.filter(resident_id=resident_id)
    mine.filter(state=RequestState.ASKED).update(state=RequestState.WITHDRAWN, answered_at=clock.now())
    mine.update(words="", answer="")
    write_over(JoinRequest.objects.all(), "words", "answer", name=name, instead=instead)
    timeline.forget_remarks([source_of(request) for request in mine])


def _join(organization: Organization, resident: Resident, *, title: str, since: date | None, by: Actor) -> Membership:
    people.refuse_gone(resident)
    if Membership.objects.live().filter(organization=organization, resident=resident).exists():
        raise AlreadyMember(name=resident.name)
    membership = Membership(organization=organization, resident=resident, title=title, since=since or clock.today())
    membership.save(force_insert=True)
    announce(
        events.MemberJoined(
            subject=source_of(membership),
            organization_id=organization.pk,
            resident_id=resident.pk,
            organization=organization.name,
        ),
        by=by,
    )
    return membership


def _about(request: JoinRequest) -> dict[str, Any]:
    return {
        "subject": source_of(request),
        "organization_id": request.organization_id,
        "resident_id": request.resident_id,
        "organization": request.organization.name,
    }


def locked(organization: Organization) -> Organization:
    """The row, locked until the transaction ends; everything about who belongs waits for it."""
    return Organization.objects.select_for_update(of=("self",)).select_related("leader").get(pk=organization.pk)


def _locked_request(request: JoinRequest, by: Actor) -> tuple[Organization, JoinRequest]:
    organization = locked(request.organization)
    request = JoinRequest.objects.select_for_update(of=("self",)).select_related("resident").get(pk=request.pk)
    versions.check(request, by)
    request.organization = organization
    return organization, request
