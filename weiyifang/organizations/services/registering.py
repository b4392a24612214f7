"""Apply, file (备案), register (登记), dissolve; and what is said about an organization."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, TypeVar, Unpack

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce, announced_together
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import line, number, paragraphs
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.files.arranging import Wanted, arrange
from weiyifang.organizations import events, rules
from weiyifang.organizations.kinds import KINDS
from weiyifang.organizations.models import STATUS_FLOW, JoinRequest, Membership, Organization, RequestState, Status
from weiyifang.organizations.services import belonging
from weiyifang.people.models import Resident
from weiyifang.people.numbers import clean_phone


class NameMissing(Refused):
    """An organization without a name."""

    sentence = _("The name is missing, or longer than 40 characters.")
    status = 422


class NameTaken(Refused):
    """A living organization has this name."""

    sentence = _("There is already an organization called %(name)s. Choose another name, or join that one.")


class OnePearl(Refused):
    """The label of the pearl is not exactly one character."""

    sentence = _("The pearl carries exactly one character, for example 歌 for a choir.")
    status = 422


class LeaderNeeded(Refused):
    """Filed without anybody who leads."""

    sentence = _("Nobody leads it yet. Say who leads it, then file it.")


class CreditCodeNeeded(Refused):
    """Registered without the code on its certificate."""

    sentence = _("The code on the certificate has 18 characters. Copy it exactly.")
    status = 422


class ReasonNeeded(Refused):
    """Dissolved without a word."""

    sentence = _("Say in a few words why it ends: the members will ask.")
    status = 422


class Details(TypedDict, total=False):
    """What is said about an organization; the fields of `models.Organization`."""

    name: str
    kind: str
    purpose: str
    founded_on: date | None
    phone: str
    pearl: str


@transaction.atomic
def apply(*, leader: Resident | None = None, by: Actor, **details: Unpack[Details]) -> Organization:
    """A new organization is applied for: by a resident who will lead it, or by the committee. Announces it.

    Raises `NameMissing`, `NameTaken`, `wordlists.NoSuchWord`, `OnePearl`, `NotAPhone`, `LivesElsewhere`.
    """
    for_oneself = leader is not None and leader.pk == by.resident_id
    require(rules.can_manage_all(by) or (rules.can_apply(by) and for_oneself))
    said = _cleaned({"name": "", "kind": "", "pearl": "", **details})
    _refuse_taken(said["name"])
    organization = Organization(number=next_number("organization"), **said)
    organization.save(force_insert=True)
    announce(fact(events.OrganizationApplied, organization, kind=organization.kind), by=by)
    if leader is not None:
        belonging.lead(organization, leader, by=by)
    return organization


@transaction.atomic
def edit(
    *, organization: Organization, by: Actor, pictures: Wanted | None = None, **details: Unpack[Details]
) -> Organization:
    """Change what is said about it, or its pictures. A leader may change all but name and kind: these are on file.

    Raises what `apply` raises, and what `files.arranging.arrange` refuses. Announces `OrganizationEdited` when anything
    is different now.
    """
    organization = belonging.locked(organization)
    versions.check(organization, by)
    require(rules.can_manage(by, organization))
    # An emptied pearl takes the first character of the name.
    said = _cleaned({"name": organization.name, **details}, was=organization.kind)
    changed = tuple(name for name, value in said.items() if getattr(organization, name) != value)
    require(rules.can_manage_all(by) or not {"name", "kind"} & set(changed))
    if "name" in changed:
        _refuse_taken(said["name"])
    for name in changed:
        setattr(organization, name, said[name])  # type: ignore[literal-required]  # a name among the details
    if arrange(organization, pictures, by=by):
        changed = (*changed, "pictures")
    if not changed:
        return organization
    organization.save(update_fields=changed)
    announce(fact(events.OrganizationEdited, organization, changed=changed), by=by)
    return organization


@transaction.atomic
def file(*, organization: Organization, filing_no: str = "", on: date | None = None, by: Actor) -> Organization:
    """备案: put it on file; from now on everyone sees it and its leader has the leader's duty.

    Raises `LeaderNeeded`. Announces `OrganizationFiled`.
    """
    organization = belonging.locked(organization)
    versions.check(organization, by)
    require(rules.can_manage_all(by))
    if organization.leader is None:
        raise LeaderNeeded()
    states.move(
        organization,
        Status.FILED,
        flow=STATUS_FLOW,
        field="status",
        filed_on=on or clock.today(),
        filing_no=filing_no,
    )
    belonging.give_leaders_duty(organization, organization.leader)
    announce(fact(events.OrganizationFiled, organization), by=by)
    return organization


@transaction.atomic
def register(*, organization: Organization, credit_code: str, on: date | None = None, by: Actor) -> Organization:
    """登记: it became a legal person. `credit_code` is the unified social credit code (18 characters, GB 32100-2015).

    Raises `CreditCodeNeeded`. Announces `OrganizationRegistered`.
    """
    organization = belonging.locked(organization)
    versions.check(organization, by)
    require(rules.can_manage_all(by))
    code = number(credit_code).replace(" ", "").upper()
    if len(code) != 18 or not code.isalnum() or not code.isascii():
        raise CreditCodeNeeded()
    states.move(
        organization,
        Status.REGISTERED,
        flow=STATUS_FLOW,
        field="status",
        registered_on=on or clock.today(),
        credit_code=code,
    )
    announce(fact(events.OrganizationRegistered, organization), by=by)
    return organization


@transaction.atomic
def dissolve(*, organization: Organization, reason: str, on: date | None = None, by: Actor) -> Organization:
    """The end: memberships, requests and the leader's duty end with it.

    Raises `ReasonNeeded`. Announces `OrganizationDissolved`.
    """
    organization = belonging.locked(organization)
    versions.check(organization, by)
    require(rules.can_manage_all(by))
    day, why = on or clock.today(), paragraphs(reason)
    if not why:
        raise ReasonNeeded()
    states.move(organization, Status.DISSOLVED, flow=STATUS_FLOW, field="status", dissolved_on=day, dissolved_why=why)
    Membership.objects.live().filter(organization=organization).update(until=Greatest(F("since"), Value(day)))
    JoinRequest.objects.filter(organization=organization, state=RequestState.ASKED).update(
        state=RequestState.DECLINED, answered_at=clock.now()
    )
    with announced_together():  # duties are locked behind what it had booked, and before what outdates pages
        announce(fact(events.OrganizationDissolved, organization, reason=why), by=by)
        if organization.leader is not None:
            belonging.end_leaders_duty(organization, organization.leader)
    return organization


Fact = TypeVar("Fact", bound=events.OrganizationFact)


def fact(of: type[Fact], organization: Organization, /, **more: Any) -> Fact:
    """The fact of this kind about an organization."""
    return of(subject=source_of(organization), number=organization.number, name=organization.name, **more)


def _cleaned(details: Details, *, was: str = "") -> Details:
    clean = details.copy()
    if "name" in clean:
        name = line(clean["name"])
        clean["name"] = name if name.isascii() else name.replace(" ", "")
        if not clean["name"]:
            raise NameMissing()
    if "kind" in clean:
        KINDS.choose(clean["kind"], was=was)
    if "pearl" in clean:
        clean["pearl"] = line(clean["pearl"]) or clean.get("name", "")[:1]
        if len(clean["pearl"]) != 1:
            raise OnePearl()
    if clean.get("phone"):
        clean["phone"] = clean_phone(clean["phone"])
    return cleaned(Organization, clean)


def _refuse_taken(name: str) -> None:
    if Organization.objects.filter(name=name).exclude(status=Status.DISSOLVED).exists():
        raise NameTaken(name=name)
