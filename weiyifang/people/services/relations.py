"""Who stands by whom, and whose account is whose record."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.access import require
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.tenancy import source_of
from weiyifang.people import rules
from weiyifang.people.events import AccountLinked, AccountUnlinked, RelationBegun, RelationEnded
from weiyifang.people.models import Account, Relation, RelationKind, Resident
from weiyifang.people.numbers import clean_phone
from weiyifang.people.services.accounts import proved
from weiyifang.people.services.residents import AlreadyLeft, locked_resident

OF_AGE = 18  # 民法典 art. 17
NAMED_BY_ONESELF = frozenset({RelationKind.PROXY, RelationKind.FAMILY, RelationKind.CONTACT})


class TwoPeopleNeeded(Refused):
    """Somebody was to stand by themselves."""

    sentence = _("These are the same person. Choose somebody else.")
    status = 422


class AlreadyRelated(Refused):
    """This relation stands already."""

    sentence = _("These two are related in this way already. There is nothing to do.")


class NotOfAge(Refused):
    """A child was to act for another person."""

    sentence = _("A guardian or proxy must be at least 18 years old. Choose a grown-up.")


class EachOther(Refused):
    """Two people were to be each other's guardians."""

    sentence = _("Two people cannot be each other's guardian. End the other relation first.")


class RelationOver(Refused):
    """The relation ended before."""

    sentence = _("This relation has ended already.")


class NobodyByThatNumber(Refused):
    """The account's phone is in no resident's record."""

    sentence = _(
        "We do not find your phone on the community's register. Call the committee's office: they put it right."
    )


class NobodyByThatName(Refused):
    """Name and phone do not point at one resident."""

    sentence = _(
        "We find nobody here with this name and this phone. Ask them what is on the register, or call the office."
    )
    status = 422


class NoSuchResident(Refused):
    """No living resident has that number."""

    sentence = _("Nobody living here has the resident no. %(number)s. Search the register for the right one.")
    status = 422


class SeveralByThatNumber(Refused):
    """The account's phone is in several records."""

    sentence = _("Several people on the register share your phone, so we cannot tell who you are. Call the office.")


class NotYourPhone(Refused):
    """The account's phone was never confirmed by a code."""

    sentence = _("Confirm your phone by a code first: sign in with it once.")


class LinkedAlready(Refused):
    """The record or the account belongs to another already."""

    sentence = _("This record or this account is linked to another already. The office can look into it.")


class NotLinked(Refused):
    """There is no link to undo."""

    sentence = _("This record is linked to no account.")


@transaction.atomic
def relate(*, resident: Resident, helper: Resident, kind: str, by: Actor) -> Relation:
    """Let `helper` stand by `resident`. Announces `RelationBegun`.

    Staff may note every kind; a resident may name their own proxy, family and contact, but not make themselves
    somebody's guardian. Raises `TwoPeopleNeeded`, `AlreadyRelated`, `NotOfAge`, `EachOther`, `AlreadyLeft`.
    """
    own = rules.is_self(by, resident) and kind in NAMED_BY_ONESELF
    require(own or rules.can_manage_residents(by))
    if resident.pk == helper.pk:
        raise TwoPeopleNeeded()
    rows = [locked_resident(row) for row in sorted((resident, helper), key=lambda row: row.pk)]
    if any(row.left_on is not None for row in rows):
        raise AlreadyLeft()
    kind = RelationKind(kind)
    age = helper.age_on(clock.today())
    if kind in Relation.MAY_ACT and age is not None and age < OF_AGE:
        raise NotOfAge()
    lasting = Relation.objects.lasting()
    if lasting.filter(resident=resident, helper=helper, kind=kind).exists():
        raise AlreadyRelated()
    if kind == RelationKind.GUARDIAN and lasting.filter(resident=helper, helper=resident, kind=kind).exists():
        raise EachOther()
    relation = Relation(resident=resident, helper=helper, kind=kind)
    relation.save(force_insert=True)
    announce(RelationBegun(subject=source_of(resident), helper_id=helper.pk, kind=str(kind)), by=by)
    return relation


@transaction.atomic
def unrelate(*, relation: Relation, by: Actor) -> Relation:
    """End a relation. Announces `RelationEnded`. Raises `RelationOver`.

    Staff may end every relation; a person those they named themselves and those in which they are the helper, but not
    the guardianship they are under.
    """
    relation = Relation.objects.select_for_update(of=("self",)).select_related("resident", "helper").get(pk=relation.pk)
    named = rules.is_self(by, relation.resident) and relation.kind in NAMED_BY_ONESELF
    require(named or rules.is_self(by, relation.helper) or rules.can_manage_residents(by))
    if relation.until is not None:
        raise RelationOver()
    relation.until = clock.today()
    relation.save(update_fields=["until"])
    ended = RelationEnded(subject=source_of(relation.resident), helper_id=relation.helper_id, kind=relation.kind)
    announce(ended, by=by)
    return relation


@transaction.atomic
def link_account(*, resident: Resident, account: Account, by: Actor) -> Resident:
    """Say that this account is this resident. Announces `AccountLinked`.

    The person may do it when the account's confirmed phone is in exactly one record; staff may always. Raises
    `NotProved`, `NotYourPhone`, `NobodyByThatNumber`, `SeveralByThatNumber`, `LinkedAlready`, `AlreadyLeft`.
    """
    resident = locked_resident(resident)
    if not rules.can_manage_residents(by):
        if by.account_id != account.pk:
            raise NotAllowed()
        if match_by_phone(account) != resident:
            raise NobodyByThatNumber()
    if resident.left_on is not None:
        raise AlreadyLeft()
    if resident.account_id == account.pk:
        return resident
    account = proved(account)
    if resident.account_id is not None or Resident.objects.filter(account=account).exists():
        raise LinkedAlready()
    resident.account = account
    resident.save(update_fields=["account"])
    announce(AccountLinked(subject=source_of(resident), account_id=account.pk), by=by)
    return resident


@transaction.atomic
def unlink_account(*, resident: Resident, by: Actor) -> Resident:
    """Undo `link_account`. Announces `AccountUnlinked`. Raises `NotLinked`."""
    require(rules.can_manage_residents(by) or rules.is_self(by, resident))
    resident = locked_resident(resident)
    if resident.account_id is None:
        raise NotLinked()
    account_id, resident.account_id = resident.account_id, None
    resident.save(update_fields=["account"])
    announce(AccountUnlinked(subject=source_of(resident), account_id=account_id), by=by)
    return resident


def match_by_phone(account: Account) -> Resident:
    """The one resident living here, linked to nobody, whose phone is the account's confirmed phone.

    Raises `NotYourPhone`, `NobodyByThatNumber` or `SeveralByThatNumber`.
    """
    if not account.phone or not account.phone_verified:
        raise NotYourPhone()
    found = list(Resident.objects.living_here().with_phone(account.phone)[:2])
    if len(found) > 1:
        raise SeveralByThatNumber()
    if not found or found[0].account_id is not None:
        raise NobodyByThatNumber()
    return found[0]


def helper_by_name_and_phone(name: str, phone: str) -> Resident:
    """The one resident living here with exactly this name and phone; raises `NobodyByThatName`, `NotAPhone`.

    Whoever names a helper must know both; a wrong guess answers the same for every reason.
    """
    found = list(Resident.objects.living_here().with_phone(clean_phone(phone)).filter(name=name.strip())[:2])
    if len(found) != 1:
        raise NobodyByThatName()
    return found[0]


def resident_numbered(number: int) -> Resident:
    """The resident living here with this short number; raises `NoSuchResident`."""
    found = Resident.objects.living_here().filter(number=number).first()
    if found is None:
        raise NoSuchResident(number=number)
    return found
