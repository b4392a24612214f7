"""Accounts: made by staff or by the person, whose they are, and how their holders like pages to look."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.refusals import Refused
from weiyifang.people.models import Account
from weiyifang.people.numbers import clean_phone
from weiyifang.people.secrets import find_keys


class NameTaken(Refused):
    """Another account has this sign-in name."""

    sentence = _("The sign-in name %(username)s is taken. Choose another.")


class NotProved(Refused):
    """A record or a duty was to go to an account whose phone nobody has proved."""

    sentence = _("This account's phone is not confirmed. The person signs in with a code once, then try again.")


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
    if phone and Account.objects.filter(phone_key__in=find_keys(phone)).exists():
        raise PhoneTaken()
    return Account.objects.create_user(
        username,
        password,
        password_hash=password_hash,
        name=name,
        phone=phone,
        phone_verified=bool(phone) and phone_verified,
        phone_proved_at=clock.now() if phone and phone_verified else None,
    )


def drop_credentials(account: Account) -> None:
    """Part of verbs: nothing that opened this locked account opens it any more. The caller saves it."""
    drop_second_factor(account)
    account.set_unusable_password()
    account.invitation, account.invitation_until = "", None
    end_sessions(account)


def drop_second_factor(account: Account) -> None:
    """Part of verbs: this locked account has no authenticator app, passkey or recovery codes any more."""
    Authenticator.objects.filter(user=account).delete()


def end_sessions(account: Account) -> None:
    """Part of verbs: everybody is signed out of this locked account, wherever it is. The caller saves it."""
    sessions = UserSession.objects.filter(user=account)
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()
    account.session_round += 1


def proved(account: Account) -> Account:
    """The account, locked, when its holder has proved the phone; raises `NotProved`. Part of verbs."""
    locked = Account.objects.select_for_update().get(pk=account.pk)
    if not locked.is_proved:
        raise NotProved()
    return locked


@transaction.atomic
def save_preference(*, account: Account, look: str) -> Account:
    """Keep how the person wants pages to look (care mode, text size, light or dark), as `core.look.care` writes it."""
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


# What is begun anew at this moment stays, and nobody waits.
_FORGET_TRIES = tuple(
    f"DELETE FROM {table} WHERE key IN (SELECT key FROM {table} WHERE until < %s FOR UPDATE SKIP LOCKED)"  # noqa: S608  ours
    for table in ("people_tally", "people_sentcode")
)


def forget_tries() -> int:
    """Forget what was counted and sent at the door (`limits`, `codes`) and what lay in the cache, once it is over.

    Returns how many. Of all communities: for a job outside any.
    """
    forgotten = 0
    with connection.cursor() as cursor:
        for statement in _FORGET_TRIES:
            cursor.execute(statement, [clock.now()])
            forgotten += cursor.rowcount
        cursor.execute("DELETE FROM weiyifang_cache WHERE expires < now()")
        return forgotten + int(cursor.rowcount)
