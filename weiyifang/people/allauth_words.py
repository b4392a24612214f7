"""What django-allauth says by itself, in our words. Its pages are ours in `templates/account` and `templates/mfa`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

_WRONG_DIGITS = _("These are not the digits. Look once more, or ask for new ones.")
_NO_MATCH = _("The number or the name and the password do not belong together.")

ACCOUNT: Words = {
    "account_inactive": _("This account is closed. If that is a mistake, call the committee's office."),
    "enter_current_password": _("That is not the password you have now."),
    "incorrect_code": _WRONG_DIGITS,
    "incorrect_password": _("That is not your password."),
    "invalid_login": _NO_MATCH,
    "phone_password_mismatch": _NO_MATCH,
    "username_password_mismatch": _NO_MATCH,
    "phone_taken": _("This number belongs to another account."),
    "unknown_phone": _("No account has this number."),
    "same_as_current": _("That is the number you have now."),
    "too_many_login_attempts": _("That was too often in a short time. Please wait a little."),
    "rate_limited": _("That was too often in a short time. Please wait a little."),
}
SECOND_STEP: Words = {
    "cannot_delete_authenticator": _("This is your only second step, and your account needs one. Add another first."),
    "cannot_generate_recovery_codes": _("Set up the app or a passkey first; the codes are for when it is lost."),
    "incorrect_code": _("These are not the digits that count now. Wait for the next ones, and write those in."),
}
WAYS: Words = {  # to show once more that it is you, by the name of the way
    "reauthenticate": _("With the password"),
    "mfa_reauthenticate": _("With the authenticator app or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
