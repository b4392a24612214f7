"""What follows from a right code: the account is whoever has the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import in_community
from weiyifang.people import queries
from weiyifang.people.models import Account, Resident
from weiyifang.people.numbers import clean_phone
from weiyifang.people.secrets import find_keys
from weiyifang.people.services.accounts import PhoneTaken, drop_credentials, end_sessions
from weiyifang.people.services.relations import unlink_account

# Operators give a number out again some 90 days after it was given back, and nobody gets a code on it meanwhile.
MAY_HAVE_ANOTHER_HOLDER = timedelta(days=90)
# A proof is written down again when the one that was is this old: accounts are shared by all communities, and to write
# one is to write it wherever these are kept. So the 90 days may be counted as much as this too early, never too late.
NOTED_EVERY = timedelta(days=7)


@dataclass(frozen=True)
class Proof:
    """What a right code changed."""

    left: str = ""  # the phone the account had proved before, whose holder is to be told
    began_anew: bool = False  # the number may have another holder: whoever it is shows who they are


@transaction.atomic
def prove_phone(*, account: Account, phone: str) -> Proof:
    """Somebody typed the code that was sent to `phone`: it is the account's.

    Whoever wrote a phone down without proving it may be anybody: the first proof drops the password, the second factor
    and the sessions that were there before. So does a proof after a time in which the number may have gone to somebody
    else, and it takes the account off its records; a second factor shows that it is still the same person. A change of
    the phone ends all sessions, too; the caller keeps the one at hand, if it shall go on. Raises `PhoneTaken`,
    `NotAPhone`.
    """
    phone = clean_phone(phone)
    began_anew = _may_have_another_holder(account, phone)
    if began_anew:
        _unlink_everywhere(account)
    elif _is_noted(account, phone):
        return Proof()
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    before, was_proved = account.phone, account.phone_verified
    if Account.objects.filter(phone_key__in=find_keys(phone)).exclude(pk=account.pk).exists():
        raise PhoneTaken()
    if began_anew or (before and not was_proved):
        drop_credentials(account)
    elif before != phone:
        end_sessions(account)
    account.phone, account.phone_verified, account.phone_proved_at = phone, True, clock.now()
    account.save()
    return Proof(left=before if was_proved and before != phone else "", began_anew=began_anew)


def _may_have_another_holder(account: Account, phone: str) -> bool:
    if not account.is_proved or account.phone != phone or queries.has_second_factor(account.pk):
        return False
    last = account.phone_proved_at or account.last_login or account.made_at
    return clock.now() - last > MAY_HAVE_ANOTHER_HOLDER


def _is_noted(account: Account, phone: str) -> bool:
    """Whether the row says already, and of late, what it would say."""
    now = Account.objects.get(pk=account.pk)
    is_late = now.phone_proved_at is not None and clock.now() - now.phone_proved_at < NOTED_EVERY
    return is_late and now.is_proved and now.phone == phone


def _unlink_everywhere(account: Account) -> None:
    for resident in Resident.everywhere.filter(account=account).order_by("pk"):  # the phone is one in all communities
        with in_community(resident.community_id):
            unlink_account(resident=resident, by=system())
