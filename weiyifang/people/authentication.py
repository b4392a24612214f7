"""Who is signed in, as Django and allauth find it, with reads that are composed and planned once.

Every request of somebody signed in sends two: for the session, and for the account with what it is here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.core.signing import JSONSerializer
from django.utils import timezone

from weiyifang.core import prepared
from weiyifang.core.prepared import Read
from weiyifang.core.tenancy import chosen_community_id
from weiyifang.people.actors import living_here
from weiyifang.people.models import Account
from weiyifang.people.secrets import seal, unseal

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
# What is sealed stays so: opening it costs more than the rest of the row, and hardly any request looks at it.
_accounts = Read(lambda pk: Account.objects.filter(pk=pk, is_active=True).defer("phone"), UUID(int=0))


NOBODYS = 3600  # seconds that the session of a visitor lives


@lru_cache(maxsize=2_000)
def _opened(sealed: str) -> bytes:
    """Whoever is here asks for the same again with every page."""
    return unseal(sealed).encode()


class SessionStore(DatabaseSessions):
    """settings.SESSION_ENGINE. Sealed: between asking for a code and typing it in, allauth keeps the phone there."""

    def load(self) -> dict[str, Any]:
        found = self.session_key and _stored(self.session_key)
        if not found:
            self._session_key = None
            return {}
        return self.decode(found)

    def get_expiry_age(self, **known: Any) -> int:
        """In seconds. Who is not signed in yet has something there for the minutes that signing in takes."""
        age: int = super().get_expiry_age(**known)
        return age if SESSION_KEY in self else min(age, NOBODYS)

    def get_expiry_date(self, **known: Any) -> datetime:
        return timezone.now() + timedelta(seconds=self.get_expiry_age(**known))

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(JSONSerializer().dumps(session_dict).decode())

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What was kept; nothing if no key of ours opens it."""
        try:
            kept: dict[str, Any] = JSONSerializer().loads(_opened(str(session_data)))
        except ValueError:
            return {}
        return kept


class AccountBackend(AuthenticationBackend):
    """settings.AUTHENTICATION_BACKENDS."""

    def get_user(self, user_id: UUID) -> Account | None:
        """The account with this id, when it may still sign in; with what it is here, if it lives here."""
        here = living_here([user_id]) if chosen_community_id() is not None else {}
        return here.get(user_id) or _accounts.one(user_id)


def _stored(key: str) -> str:
    """The sealed contents of the session, if it is not over; else ""."""
    rows: list[Any] = prepared.execute(_SESSION, [key, timezone.now()])
    return rows[0][0] if rows else ""
