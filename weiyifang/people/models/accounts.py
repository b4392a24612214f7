"""Who signs in, and what they do here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import NameColumn, NumberColumn
from weiyifang.core.ids import new_id
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityModel
from weiyifang.people.roles import role_choices
from weiyifang.people.secrets import FindKeyField, SealedField


class AccountManager(BaseUserManager["Account"]):
    def create_user(
        self, username: str = "", password: str | None = None, *, password_hash: str = "", **fields: Any
    ) -> Account:
        """A new account; without a username it gets its id's digits (people sign in by phone)."""
        account = self.model(**fields)
        account.username = username or f"u{account.pk.hex}"
        if password_hash:
            account.password = password_hash
        else:
            account.set_password(password)
        account.save(force_insert=True)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody who signs in: one person, in however many communities. Shared by all: holds no affairs of anyone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = NumberColumn(_("sign-in name"), max_length=40)
    name = NameColumn(pgettext_lazy("people", "name"), max_length=40, blank=True)
    phone = SealedField(_("phone"), default="", blank=True)
    phone_key = FindKeyField(of="phone", null=True)  # many accounts have no phone
    phone_verified = models.BooleanField(default=False)
    phone_proved_at = models.DateTimeField(null=True, blank=True)  # when a code sent there was typed in, to the week
    is_active = models.BooleanField(default=True)
    session_round = models.SmallIntegerField(default=0)  # a session opened in an earlier round is over
    look = models.CharField(
        max_length=12, blank=True, default=""
    )  # care mode and text size, as `core.look.care` writes them
    invitation = models.CharField(max_length=64, blank=True, default="")  # an HMAC of the code (`invitations`)
    invitation_until = models.DateTimeField(null=True, blank=True)
    invitation_tries = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False  # asked by libraries; rights come from duties
    is_superuser = False

    class Meta:
        verbose_name = pgettext_lazy("people", "account")
        verbose_name_plural = pgettext_lazy("people", "accounts")
        constraints = [
            models.UniqueConstraint(fields=["username"], name="account_username"),
            models.UniqueConstraint(fields=["phone_key"], name="account_phone"),
            models.CheckConstraint(
                condition=models.Q(phone_verified=False) | models.Q(phone_key__isnull=False),
                name="account_proved_has_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_proved(self) -> bool:
        """Has its holder shown that the phone is theirs? Only then do records and duties go to it."""
        return self.is_active and self.phone_verified

    def get_session_auth_hash(self) -> str:
        """What a session remembers of the account: when this changes, every session is over."""
        return self._in_this_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same with earlier secret keys."""
        return map(self._in_this_round, super().get_session_auth_fallback_hash())

    def _in_this_round(self, session_hash: str) -> str:
        return f"{session_hash}.{self.session_round}" if self.session_round else session_hash

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's permissions are not used: rights come from duties (`roles.py`)."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Duty(CommunityModel):
    """A role an account holds here, everywhere or within one source (`organizations.organization:<id>`)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=role_choices)
    scope = SourceField(blank=True, default="")
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True, blank=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "account", "role", "scope"],
                condition=models.Q(until=None),
                name="duty_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.scope}"


class TypedForm(CommunityModel):
    """What somebody typed while their session ended: it waits for them, an hour (`core.web.typed`). Sealed."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    path = models.CharField(max_length=400)
    body = SealedField(default="")
    at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        constraints = [models.UniqueConstraint(fields=["community", "account"], name="typed_form_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.path}"


def account_of(pk: UUID) -> Account | None:
    """The account with this id, when it is active."""
    return Account.objects.filter(pk=pk, is_active=True).first()
