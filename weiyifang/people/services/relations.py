"""Who stands by whom, and whose account is whose record."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import person_name
from weiyifang.core.web.access import require
from weiyifang.people import rules
from weiyifang.people.events import AccountLinked, AccountUnlinked, RelationBegun, RelationEnded
from weiyifang.people.models import GUARDIANS, NAMED_BY_ONESELF, OF_AGE, Account, Relation, RelationKind, Resident
from weiyifang.people.numbers import clean_phone
from weiyifang.people.services.accounts import proved
from weiyifang.people.services.residents import AlreadyLeft, locked_resident

MOST_CLAIMS = 3  # wrong answers before the desk settles whose record it is


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


class OfAgeAlready(Refused):
    """A guardian of a minor was noted for a grown-up."""

    sentence = _(
        "%(name)s is of age, so nobody is their guardian as of a child. If a court or they themselves named one, "
        "choose “guardian of a grown-up”; if they only want help, a proxy."
    )
    status = 422


class StillAMinor(Refused):
    """A guardian of a grown-up was noted for a child."""

    sentence = _("%(name)s is under 18: choose “guardian”.")
    status = 422


class BirthdayUnknown(Refused):
    """A guardian of somebody of whom nobody knows when they come of age."""

    sentence = _("Note the date of birth of %(name)s first: a guardianship ends on the eighteenth birthday.")
    status = 422


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


class SeveralByThatNumber(Refused):
    """The account's phone is in several records."""

    sentence = _("Several people on the register share your phone, so we cannot tell who you are. Call the office.")


class AtTheDesk(Refused):
    """A record that nobody can claim from afar: nothing on it tells who it is, or somebody guessed too often."""

    sentence = _("Please come to the committee's desk with your identity card: there it is settled in a minute.")


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
    somebody's guardian. Raises `TwoPeopleNeeded`, `AlreadyRelated`, `NotOfAge`, `EachOther`, `AlreadyLeft`, and of a
    guardian `OfAgeAlready`, `StillAMinor`, `BirthdayUnknown`.
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
    _check_ward(resident, kind)
    lasting = Relation.objects.lasting()
    if lasting.filter(resident=resident, helper=helper, kind=kind).exists():
        raise AlreadyRelated()
    if kind in GUARDIANS and lasting.filter(resident=helper, helper=resident, kind__in=GUARDIANS).exists():
        raise EachOther()
    relation = Relation(resident=resident, helper=helper, kind=kind)
    relation.save(force_insert=True)
    announce(RelationBegun(subject=source_of(resident), helper_id=helper.pk, kind=str(kind)), by=by)
    return relation


def _check_ward(resident: Resident, kind: RelationKind) -> None:
    """Whose guardian somebody may be, by the age of the ward."""
    age = resident.age_on(clock.today())
    if kind == RelationKind.GUARDIAN:
        if age is None:
            raise BirthdayUnknown(name=resident.name)
        if age >= OF_AGE:
            raise OfAgeAlready(name=resident.name)
    if kind == RelationKind.APPOINTED and age is not None and age < OF_AGE:
        raise StillAMinor(name=resident.name)


@transaction.atomic
def end_outgrown(*, by: Actor) -> int:
    """End the guardianships of those who have come of age; returns how many. Announces `RelationEnded`.

    The right to act has ended by itself (`RelationQuerySet.acting`): this only says so on everybody's pages.
    """
    rows = list(Relation.objects.outgrown().select_for_update(of=("self",)).select_related("resident").order_by("id"))
    for relation in rows:
        relation.until = clock.today()
        relation.save(update_fields=["until"])
    with announced_together():
        for relation in rows:
            ended = RelationEnded(
                subject=source_of(relation.resident), helper_id=relation.helper_id, kind=relation.kind
            )
            announce(ended, by=by)
    return len(rows)


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
    """Staff, who saw the identity card, say that this account is this resident. Announces `AccountLinked`.

    Raises `NotProved`, `LinkedAlready`, `AlreadyLeft`.
    """
    require(rules.can_manage_residents(by))
    return _link(locked_resident(resident, by), account, by=by)


@transaction.atomic
def claim_record(*, account: Account, name: str, born_on: date, by: Actor) -> Resident | None:
    """The holder of the account says: the record with my phone is me. None when name or birthday are not what it says.

    A number is given out again some months after it was given back, so the phone alone proves nothing. Who guesses is
    counted, so the caller must not undo this; after `MOST_CLAIMS` the desk settles it. Announces `AccountLinked`.
    Raises `AtTheDesk`, `NotYourPhone`, `NobodyByThatNumber`, `SeveralByThatNumber`, and what `link_account` raises.
    """
    if by.account_id != account.pk:
        raise NotAllowed()
    resident = locked_resident(match_by_phone(account))
    _refuse_unclaimable(resident)
    said, known = ("".join(person_name(one).split()) for one in (name, resident.name))
    meant = born_on.replace(day=1) if resident.born_month_only else born_on
    if (said, meant) != (known, resident.born_on):
        resident.claims_failed += 1
        resident.save(update_fields=["claims_failed"])
        return None
    return _link(resident, account, by=by)


def claimable(account: Account) -> Resident:
    """The record this account may claim now; raises `AtTheDesk` and what `match_by_phone` raises."""
    resident = match_by_phone(account)
    _refuse_unclaimable(resident)
    return resident


def _refuse_unclaimable(resident: Resident) -> None:
    if resident.born_on is None or resident.claims_failed >= MOST_CLAIMS:
        raise AtTheDesk()


def _link(resident: Resident, account: Account, *, by: Actor) -> Resident:
    if resident.left_on is not None:
        raise AlreadyLeft()
    if resident.account_id == account.pk:
        return resident
    account = proved(account)
    if resident.account_id is not None or Resident.objects.filter(account=account).exists():
        raise LinkedAlready()
    resident.account, resident.claims_failed = account, 0
    resident.save(update_fields=["account", "claims_failed"])
    announce(AccountLinked(subject=source_of(resident), account_id=account.pk), by=by)
    return resident


@transaction.atomic
def unlink_account(*, resident: Resident, by: Actor) -> Resident:
    """Undo `link_account`. Announces `AccountUnlinked`. Raises `NotLinked`."""
    require(rules.can_manage_residents(by) or rules.is_self(by, resident))
    resident = locked_resident(resident, by)
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
    found = list(Resident.objects.living_here().with_phone(clean_phone(phone)).filter(name=person_name(name))[:2])
    if len(found) != 1:
        raise NobodyByThatName()
    return found[0]
