"""Accounts: made by staff or by the person, and how they like pages to look."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.refusals import Refused
from weiyifang.people.models import Account
from weiyifang.people.numbers import clean_phone
from weiyifang.people.secrets import find_key


class NameTaken(Refused):
    """Another account has this sign-in name."""

    sentence = _("The sign-in name %(username)s is taken. Choose another.")


class PhoneTaken(Refused):
    """Another account has this phone."""

    sentence = _("This phone has an account already: the person simply signs in with it.")


@transaction.atomic
def make_account(
    *,
    username: str = "",
    name: str = "",
    phone: str = "",
    phone_verified: bool = False,
    password: str | None = None,
    password_hash: str = "",
) -> Account:
    """A new account; without a password its holder signs in by phone code.

    `password_hash` is one made before, when many accounts get the same password: making one takes long on purpose.

    Raises `NameTaken`, `PhoneTaken` and `NotAPhone`.
    """
    phone = clean_phone(phone) if phone else ""
    if username and Account.objects.filter(username=username).exists():
        raise NameTaken(username=username)
    if phone and Account.objects.filter(phone_key=find_key(phone)).exists():
        raise PhoneTaken()
    return Account.objects.create_user(
        username,
        password,
        password_hash=password_hash,
        name=name,
        phone=phone,
        phone_verified=bool(phone) and phone_verified,
    )


@transaction.atomic
def set_phone(*, account: Account, phone: str, verified: bool) -> None:
    """Give an account its phone, as allauth asks after a code (or before it: not `verified` yet)."""
    account.phone, account.phone_verified = clean_phone(phone), verified
    account.save(update_fields=["phone", "phone_key", "phone_verified"])


@transaction.atomic
def save_preference(*, account: Account, look: str) -> Account:
    """Keep how the person wants pages to look (care mode, text size, light or dark), as `core.care` writes it."""
    Account.objects.filter(pk=account.pk).update(look=look[:12])
    account.look = look[:12]
    return account


def forget_sessions() -> int:
    """Forget where people were signed in: sessions that are over, and their addresses and browsers. Returns how many.

    Of all accounts, in whatever community: for a job outside any.
    """
    forgotten, _by_model = Session.objects.filter(expire_date__lt=clock.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return forgotten
