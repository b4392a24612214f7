"""The second factor of staff: set up with an invitation, so that whoever merely has the phone cannot do it.

Whoever gives a duty hands the code over, face to face or on a call. Only what an HMAC makes of it is kept.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.people import queries, rules
from weiyifang.people.events import StaffInvited
from weiyifang.people.models import Account
from weiyifang.people.services.accounts import drop_second_factor, end_sessions, proved

GOOD_FOR = timedelta(days=7)
TRIES = 5  # wrong codes before the invitation is over
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none looks like another; 12 of 32 are 60 bits
GROUPS, LENGTH = 3, 4


class OwnInvitation(Refused):
    """Somebody was about to invite themselves."""

    sentence = _("Nobody invites themselves. Ask another person who may give duties.")
    status = 403


class NothingToOpen(Refused):
    """The account has no duty here that opens the workbench."""

    sentence = _("This person has no duty here that opens the workbench, so no invitation is needed.")


class WorksElsewhereToo(Refused):
    """The second factor was to be taken from somebody who works in another community with it."""

    sentence = _(
        "This person works in another community with the same second factor. Ask whoever runs the platform to reset it."
    )


class NotTheInvitation(Refused):
    """A wrong code, or one that is over."""

    sentence = _("This is not the invitation, or it is over. Ask the person who gave you the duty for a new one.")
    status = 422


@transaction.atomic
def invite(*, account: Account, by: Actor) -> str:
    """A new invitation for somebody on duty here; the one before is void. Returns the code: it is shown once.

    Who has a second factor loses it and is signed out everywhere: that is how a lost one is replaced. Announces
    `StaffInvited`. Raises `OwnInvitation`, `NothingToOpen`, `NotProved`, and `WorksElsewhereToo`.
    """
    require(rules.can_give_duties(by))
    if by.account_id == account.pk:
        raise OwnInvitation()
    account = proved(account)
    duty = queries.opening_duties(account.pk).first()
    if duty is None:
        raise NothingToOpen()
    if queries.has_second_factor(account.pk):
        if not by.is_system and queries.opens_a_workbench_elsewhere(account.pk):
            raise WorksElsewhereToo()
        drop_second_factor(account)
        end_sessions(account)
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))
    account.invitation, account.invitation_until = _kept(code), clock.now() + GOOD_FOR
    account.invitation_tries = 0
    account.save()
    announce(StaffInvited(subject=source_of(duty), account_id=account.pk), by=by)
    return code


def show_invitation(*, account: Account, code: str) -> str:
    """Try a code as the account's holder. Returns what `use_invitation` asks for; raises `NotTheInvitation`.

    A wrong one counts, so this is not to be called in a transaction that the refusal would undo.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        is_right = _stands(account) and constant_time_compare(account.invitation, _kept(code))
        if not is_right:
            account.invitation_tries = min(account.invitation_tries + 1, TRIES)
            account.save(update_fields=["invitation_tries"])
    if not is_right:
        raise NotTheInvitation()
    return account.invitation


def use_invitation(*, account: Account, shown: str) -> bool:
    """Part of setting up a second factor, before it is written: locks the account. `shown` is the invitation.

    When one is needed, it is used up, and everybody who was signed in without a second factor is signed out (True);
    the caller keeps the session at hand. Raises `NotTheInvitation`.
    """
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    if not queries.needs_invitation(account.pk):
        return False
    if not _stands(account) or not constant_time_compare(account.invitation, shown):
        raise NotTheInvitation()
    account.invitation, account.invitation_until = "", None
    end_sessions(account)
    account.save()
    return True


def _stands(account: Account) -> bool:
    until = account.invitation_until
    return until is not None and until > clock.now() and account.invitation_tries < TRIES


def _kept(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign in LETTERS)
    return salted_hmac("weiyifang.people.invitation", plain, algorithm="sha256").hexdigest()
