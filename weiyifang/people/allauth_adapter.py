"""What django-allauth asks us: where a phone is kept, how a code is sent, how a phone is typed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from django import forms
from django.utils.translation import gettext as _

from weiyifang.core.refusals import Refused
from weiyifang.people.models import Account
from weiyifang.people.numbers import clean_phone
from weiyifang.people.secrets import find_key
from weiyifang.people.sms import sender


class NeighbourPhoneField(PhoneField):
    """Takes a phone as people here write it: 138 0013 8000 becomes +8613800138000."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(clean_phone(value) if value else value)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class AccountAdapter(DefaultAccountAdapter):
    phone_form_field_class = NeighbourPhoneField

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return NeighbourPhoneField(**kwargs)

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: Account, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_key", "phone_verified"])

    def set_phone_verified(self, user: Account, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> Account | None:
        return Account.objects.filter(phone_key=find_key(phone)).first()

    def send_verification_code_sms(self, user: Account, phone: str, code: str, **kwargs: Any) -> None:
        sender().send(
            phone,
            _("Your code is %(code)s, good for 3 minutes. Tell it to nobody.") % {"code": code},
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        sender().send(
            phone,
            _("Somebody tried to sign in with this phone, but it has no account yet. You can make one."),
        )

    def send_account_already_exists_sms(self, phone: str) -> None:
        sender().send(phone, _("This phone already has an account: simply sign in."))
