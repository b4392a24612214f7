"""Residents and the doors they live behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, locks, numbers
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.core.text import line, number, person_name
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people import parting, rules, terms
from weiyifang.people.events import (
    ResidentLeft,
    ResidentMoved,
    ResidentRegistered,
    ResidentReturned,
    ResidentUpdated,
)
from weiyifang.people.models import Gender, Household, Relation, Resident
from weiyifang.people.numbers import born_on as born_on_in
from weiyifang.people.numbers import clean_id_number, clean_phone, is_male

OLDEST = 130  # years: an earlier birthday is a slip of the finger


class NameMissing(Refused):
    """A person without a name."""

    sentence = _("The name is missing, or longer than 40 characters. Write it as on the identity card.")
    status = 422


class ImpossibleBirthday(Refused):
    """A birthday in the future, too long ago, or another than the identity number says."""

    sentence = _("This date of birth cannot be right. Compare it with the identity card.")
    status = 422


class AddressMissing(Refused):
    """A door that nobody could find."""

    sentence = _("Of the address, the compound, the building and the door are needed, for example No. 3 Court, 3, 5-1.")
    status = 422


class AlreadyRegistered(Refused):
    """Somebody with this identity number is on the register already."""

    sentence = _("This identity number is on the register already: resident no. %(number)s. Open that record instead.")


class AlreadyLeft(Refused):
    """The resident is marked as gone."""

    sentence = _("This person is marked as having left. If they are back, say so on their record first.")


class LivesElsewhere(Refused):
    """Something that only who lives here can have or do."""

    sentence = _("%(name)s no longer lives here, so this cannot be done.")


class LivesHere(Refused):
    """The resident is not marked as gone."""

    sentence = _("This person is on the register as living here. There is nothing to do.")


class LeavesTooEarly(Refused):
    """The day of leaving is in the future or before the person came."""

    sentence = _("That day cannot be right: it must lie between the day the person came and today.")
    status = 422


class Forgotten(Refused):
    """The record belongs to a person who asked to be forgotten."""

    sentence = _("This person asked to be forgotten. The record cannot be changed any more; make a new one if needed.")


class Unchanged:
    """The type of `UNCHANGED`."""


UNCHANGED: Final = Unchanged()  # "leave this field as it is", where None means "take it away"


@dataclass(frozen=True)
class Door:
    """An address as people write it: compound, building, unit (may be empty), door."""

    compound: str
    building: str
    unit: str = ""
    door: str = ""

    def cleaned(self) -> Door:
        """Without spaces around and without the 栋, 单元 that the page adds by itself. Raises `AddressMissing`."""
        door = Door(
            compound=line(self.compound),
            building=number(self.building).removesuffix("栋").removesuffix("幢").removesuffix("号楼").strip(),
            unit=number(self.unit).removesuffix("单元").strip(),
            door=number(self.door).removesuffix("号").removesuffix("室").strip(),
        )
        if not (door.compound and door.building and door.door):
            raise AddressMissing()
        if len(door.compound) > 40 or max(len(door.building), len(door.unit), len(door.door)) > 20:
            raise AddressMissing()
        return door

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.compound, self.building, self.unit, self.door)


@dataclass(frozen=True, kw_only=True)
class Details:
    """What the register holds about a person, cleaned and consistent (see `clean_details`)."""

    name: str
    gender: str = Gender.UNKNOWN
    born_on: date | None = None
    born_month_only: bool = False
    phone: str = ""
    id_number: str = ""


@dataclass(frozen=True, kw_only=True)
class NewResident:
    """One person to put on the register."""

    name: str
    gender: str = Gender.UNKNOWN
    born_on: date | None = None
    born_month_only: bool = False
    phone: str = ""
    id_number: str = ""
    address: Door | None = None
    joined_on: date | None = None


def clean_details(
    *,
    name: str,
    gender: str = Gender.UNKNOWN,
    born_on: date | None = None,
    born_month_only: bool = False,
    phone: str = "",
    id_number: str = "",
) -> Details:
    """Numbers in their one form; birthday and gender taken from the identity number where they were not given.

    `born_month_only`: of the birthday only year and month count; an identity number knows the day.

    Raises `NameMissing`, `ImpossibleBirthday`, `NotAPhone` or `NotAnIdNumber`.
    """
    name = person_name(name)
    if not name or len(name) > 40:
        raise NameMissing()
    if id_number:
        id_number = clean_id_number(id_number)
        said = born_on_in(id_number)
        if born_on not in {None, said} and not (born_month_only and f"{born_on:%Y%m}" == f"{said:%Y%m}"):
            raise ImpossibleBirthday()
        born_on, born_month_only = said, False
        gender = gender or (Gender.MALE if is_male(id_number) else Gender.FEMALE)
    today = clock.today()
    if born_on is not None and not (today.year - OLDEST <= born_on.year and born_on <= today):
        raise ImpossibleBirthday()
    born_month_only = born_month_only and born_on is not None
    return Details(
        name=name,
        gender=gender,
        born_on=born_on.replace(day=1) if born_on and born_month_only else born_on,
        born_month_only=born_month_only,
        phone=clean_phone(phone) if phone else "",
        id_number=id_number,
    )


@transaction.atomic
def register_resident(
    *,
    name: str,
    gender: str = Gender.UNKNOWN,
    born_on: date | None = None,
    born_month_only: bool = False,
    phone: str = "",
    id_number: str = "",
    address: Door | None = None,
    joined_on: date | None = None,
    by: Actor,
) -> Resident:
    """Put a person on the register. Announces `ResidentRegistered`.

    Raises what `clean_details` raises, `AddressMissing` and `AlreadyRegistered`. Several people may share a phone.
    """
    require(rules.can_manage_residents(by))
    details = clean_details(
        name=name,
        gender=gender,
        born_on=born_on,
        born_month_only=born_month_only,
        phone=phone,
        id_number=id_number,
    )
    _lock_id_number(details.id_number)
    _refuse_known(details.id_number)
    resident = Resident(
        number=numbers.next_number("resident"),
        household=_household_at(address) if address else None,
        joined_on=joined_on or clock.today(),
        **vars(details),
    )
    resident.save(force_insert=True)
    announce(ResidentRegistered(subject=source_of(resident), number=resident.number), by=by)
    return resident


@transaction.atomic
def update_resident(
    *,
    resident: Resident,
    name: str | Unchanged = UNCHANGED,
    gender: str | Unchanged = UNCHANGED,
    born_on: date | Unchanged | None = UNCHANGED,
    born_month_only: bool | Unchanged = UNCHANGED,
    phone: str | Unchanged = UNCHANGED,
    id_number: str | Unchanged = UNCHANGED,
    by: Actor,
) -> Resident:
    """Correct a record; what is not given stays. Announces `ResidentUpdated` when something is different now.

    Raises what `clean_details` raises, `AlreadyRegistered` and `Forgotten`.
    """
    require(rules.can_manage_residents(by))
    resident = _locked(resident, by)
    asked: dict[str, Any] = {
        "name": name,
        "gender": gender,
        "born_on": born_on,
        "born_month_only": born_month_only,
        "phone": phone,
        "id_number": id_number,
    }
    before = {field: getattr(resident, field) for field in asked}
    wanted = {field: before[field] if value is UNCHANGED else value for field, value in asked.items()}
    details = clean_details(**wanted)
    if details.id_number != resident.id_number:
        _lock_id_number(details.id_number)
        _refuse_known(details.id_number)
    changed = tuple(field for field, value in vars(details).items() if value != before[field])
    if not changed:
        return resident
    for field in changed:
        setattr(resident, field, getattr(details, field))
    resident.save()
    announce(ResidentUpdated(subject=source_of(resident), fields=changed), by=by)
    return resident


@transaction.atomic
def move_household(*, resident: Resident, address: Door | None, by: Actor) -> Resident:
    """Let a person live behind another door (None: the address is not known). Announces `ResidentMoved`."""
    require(rules.can_manage_residents(by))
    resident = _locked(resident, by)
    household = _household_at(address) if address else None
    if household == resident.household:
        return resident
    resident.household = household
    resident.save(update_fields=["household"])
    announce(ResidentMoved(subject=source_of(resident)), by=by)
    return resident


@transaction.atomic
def mark_left(*, resident: Resident, on: date | None = None, by: Actor) -> Resident:
    """Note that a person no longer lives here. Announces `ResidentLeft`.

    Relations end with it, seats and turns of what is to come are given back (`reactions`), their own account opens
    nothing here; duties stay until somebody ends them, for whoever works here may live elsewhere. Raises `AlreadyLeft`,
    and `LeavesTooEarly` for an impossible day.
    """
    require(rules.can_manage_residents(by))
    resident = _locked(resident, by)
    if resident.left_on is not None:
        raise AlreadyLeft()
    day = on or clock.today()
    if not resident.joined_on <= day <= clock.today():
        raise LeavesTooEarly()
    resident.left_on = day
    resident.save(update_fields=["left_on"])
    end_all_relations(resident)
    announce(ResidentLeft(subject=source_of(resident), on=day), by=by)
    return resident


@transaction.atomic
def mark_returned(*, resident: Resident, by: Actor) -> Resident:
    """Undo `mark_left`: the person lives here (again). Announces `ResidentReturned`. Raises `LivesHere`.

    What leaving ended comes back while there is a way (`terms`): relations with whoever still lives here, unless there
    is such a one anew, and seats and turns as far as they can be had (`reactions`). Who comes back later begins anew.
    """
    require(rules.can_manage_residents(by))
    resident = _locked(resident, by)
    if resident.left_on is None:
        raise LivesHere()
    resident.left_on = None
    resident.save(update_fields=["left_on"])
    ended = [relation.pk for relation in coming_back(resident)]
    Relation.objects.filter(pk__in=ended).update(until=None, ended_by_leaving_of=None)
    announce(ResidentReturned(subject=source_of(resident)), by=by)
    return resident


def end_all_relations(resident: Resident) -> None:
    """Part of leaving and of being forgotten: whoever stood by this person, or whom they stood by, no longer does."""
    either = Q(resident=resident) | Q(helper=resident)
    Relation.objects.lasting().filter(either).update(until=clock.today(), ended_by_leaving_of=resident.pk)


def coming_back(resident: Resident) -> list[Relation]:
    """The relations that come back if this person, who left, is noted as living here again."""
    since = clock.today() - terms.way_back()
    ended = Relation.objects.filter(ended_by_leaving_of=resident.pk, until__gt=since)
    others_here = Q(resident=resident, helper__left_on=None) | Q(helper=resident, resident__left_on=None)
    anew = Relation.objects.lasting().filter(
        resident=OuterRef("resident"), helper=OuterRef("helper"), kind=OuterRef("kind")
    )
    return list(ended.filter(others_here, ~Exists(anew)).select_related("resident", "helper").order_by("id"))


def locked_resident(resident: Resident, by: Actor | None = None) -> Resident:
    """The row, locked until the transaction ends, and as `by` has seen it; raises `Forgotten`."""
    row = Resident.objects.select_for_update(of=("self",)).select_related("household").get(pk=resident.pk)
    if row.erased_at is not None:
        raise Forgotten()
    if by is not None:
        versions.check(row, by)
    return row


def refuse_gone(resident: Resident) -> None:
    """Raise `LivesElsewhere` for whoever has left, or is forgotten."""
    if resident.left_on is not None or resident.erased_at is not None:
        raise LivesElsewhere(name=resident.name)


def locked_gone(resident_id: UUID) -> Resident | None:
    """The row, locked, of somebody who is gone for good (`parting`); None while they may come back, or have."""
    row = Resident.objects.select_for_update(of=("self",)).get(pk=resident_id)
    return row if parting.gone_for_good([row.pk]) else None


def locked_here(resident: Resident) -> Resident:
    """As `locked_resident`, of somebody who lives here; raises `LivesElsewhere` too."""
    row = locked_resident(resident)
    refuse_gone(row)
    return row


_locked = locked_resident


def _household_at(address: Door) -> Household:
    """The household behind that door, made when nobody lived there before."""
    door = address.cleaned()
    household, _made = Household.objects.get_or_create(
        community_id=current_community_id(),
        compound=door.compound,
        building=door.building,
        unit=door.unit,
        door=door.door,
    )
    return household


def _refuse_known(id_number: str) -> None:
    if not id_number:
        return
    known = Resident.objects.with_id_number(id_number).values_list("number", flat=True).first()
    if known is not None:
        raise AlreadyRegistered(number=known)


def _lock_id_number(id_number: str) -> None:
    """Two clerks may type in the same person at the same moment: the second waits and then sees the first's record."""
    if id_number:
        locks.take("residents")  # and the import of a whole list waits too
