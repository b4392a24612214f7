"""Accounts made by staff, and the duties that give them rights."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, locks
from weiyifang.core.actors import EVERYWHERE, Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.people import queries, rules
from weiyifang.people.events import DutyEnded, DutyGiven
from weiyifang.people.models import Account, Duty
from weiyifang.people.numbers import clean_phone
from weiyifang.people.roles import PERMISSIONS, WITHIN_ONLY, Permission, Role
from weiyifang.people.secrets import find_keys
from weiyifang.people.services.accounts import drop_second_factor, make_account, proved
from weiyifang.people.services.proofs import prove_phone


class OwnDuty(Refused):
    """Somebody was about to give themselves a duty."""

    sentence = _("Nobody gives themselves a duty. Ask another person who may give duties.")
    status = 403


class DutyHeld(Refused):
    """The account has this duty already."""

    sentence = _("This person has this duty already. There is nothing to do.")


class DutyOver(Refused):
    """The duty ended before."""

    sentence = _("This duty has ended already.")


class ScopeNeeded(Refused):
    """A duty within an organization was to be given in the whole community."""

    sentence = _("This duty is held within one organization, team or grid. Give it on its page.")
    status = 422


class GoesWithLeading(Refused):
    """A duty within an organization was to be ended by itself."""

    sentence = _("This duty belongs to one organization, team or grid. It is given and ended on its page.")


class LastOne(Refused):
    """After this, nobody could give duties any more."""

    sentence = _("Nobody else may give duties: give this duty to another person first.")


class SecretaryThere(Refused):
    """The community has a secretary, who gives all further duties."""

    sentence = _("%(name)s is secretary here already, and gives all further duties on the workbench.")


class NoSuchAccount(Refused):
    """No active account has that sign-in name or phone."""

    sentence = _(
        "No account has this sign-in name or phone. The person signs in with their phone once, then try again."
    )
    status = 422


@transaction.atomic
def give_duty(*, account: Account, role: str, scope: str = EVERYWHERE, by: Actor) -> Duty:
    """Give an account a role here, everywhere or within one source. Announces `DutyGiven`.

    With the first duty that opens a workbench, a second factor set up before goes: staff set theirs up with an
    invitation (`invitations`). Raises `OwnDuty`, `DutyHeld`, `ScopeNeeded`, and `NotProved` when nobody has proved the
    account's phone.
    """
    if by.account_id == account.pk:
        raise OwnDuty()
    require(rules.can_give_duties(by))
    role = Role(role)
    if role in WITHIN_ONLY and scope == EVERYWHERE:
        raise ScopeNeeded()
    account = _ready(account, role)
    _lock_duties()
    if Duty.objects.filter(account=account, role=role, scope=scope, until=None).exists():
        raise DutyHeld()
    duty = Duty(account=account, role=role, scope=scope)
    duty.save(force_insert=True)
    announce(DutyGiven(subject=source_of(duty), account_id=account.pk, role=role.value, scope=scope), by=by)
    return duty


@transaction.atomic
def appoint_secretary(*, name: str, phone: str, also: bool = False, by: Actor) -> Duty:
    """Make whoever answers this phone the secretary here; an account they lack is made, its phone taken as verified.

    Whoever runs the program vouches for the phone: what somebody set up on it before without proving it is dropped.
    The first duty of a new community comes from there. Announces `DutyGiven`. Raises `SecretaryThere` when there is
    one, unless it shall be one more (`also`); `NotAPhone`, `DutyHeld`, `PhoneTaken`.
    """
    phone = clean_phone(phone)
    account = Account.objects.filter(phone_key__in=find_keys(phone), is_active=True).first()
    if account is None:
        account = make_account(name=name, phone=phone, phone_verified=True)
    elif not account.phone_verified:
        prove_phone(account=account, phone=phone)
    account = _ready(account, Role.SECRETARY)
    _lock_duties()
    there = [held.name for held in queries.with_names(queries.duties_held().filter(role=Role.SECRETARY))]
    if there and not also:
        raise SecretaryThere(name=there[0])
    return give_duty(account=account, role=Role.SECRETARY, by=by)


@transaction.atomic
def end_duty(*, duty: Duty, by: Actor) -> Duty:
    """Take a role back, or lay one's own down. Announces `DutyEnded`.

    Raises `DutyOver`, `LastOne`, `GoesWithLeading`.
    """
    require(rules.can_give_duties(by) or by.account_id == duty.account_id)
    _lock_duties()
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    if duty.until is not None:
        raise DutyOver()
    if duty.role in WITHIN_ONLY and not by.is_system:
        raise GoesWithLeading()
    if not by.is_system and _gives_duties(duty.role) and not _another_gives_duties(duty):
        raise LastOne()
    duty.until = clock.today()
    duty.save(update_fields=["until"])
    ended = DutyEnded(subject=source_of(duty), account_id=duty.account_id, role=duty.role, scope=duty.scope)
    announce(ended, by=by)
    return duty


def _ready(account: Account, role: Role) -> Account:
    """The account, locked and proved; before its first duty on a workbench it has no second factor."""
    account = proved(account)
    if Permission.OPEN_WORKBENCH in PERMISSIONS[role] and not queries.opens_some_workbench(account.pk):
        drop_second_factor(account)
    return account


def _gives_duties(role: str) -> bool:
    return Permission.GIVE_DUTIES in PERMISSIONS[Role(role)]


def _another_gives_duties(duty: Duty) -> bool:
    roles = [role for role in Role if _gives_duties(role)]
    others = Duty.objects.filter(role__in=roles, scope=EVERYWHERE, until=None, account__is_active=True)
    return others.exclude(pk=duty.pk).exists()


def _lock_duties() -> None:
    """Duties change one after the other, so that two people cannot lay down the last one at the same moment."""
    locks.take("duties")


def account_named(who: str) -> Account:
    """The active account with this sign-in name or phone; raises `NoSuchAccount`."""
    account = queries.find_account(who)
    if account is None:
        raise NoSuchAccount()
    return account
