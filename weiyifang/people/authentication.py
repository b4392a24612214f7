"""Who is signed in, as Django and allauth find it, with reads that are composed and planned once.

Every request of somebody signed in sends two: for the session, and for the account with what it is here. Many requests
at once can share both (`signed_in`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.core.signing import JSONSerializer
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from weiyifang.core import prepared
from weiyifang.core.prepared import Read
from weiyifang.core.tenancy import chosen_community_id
from weiyifang.people import working_day
from weiyifang.people.actors import living_here
from weiyifang.people.models import Account
from weiyifang.people.queries import OPENING
from weiyifang.people.secrets import seal, unseal

_SESSIONS = "SELECT session_key, session_data FROM django_session WHERE session_key = ANY(%s) AND expire_date > %s"
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
        found = self.session_key and _stored([self.session_key]).get(self.session_key)
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


def signed_in(session_keys: Sequence[str]) -> dict[str, Account]:
    """Who lives in the community at hand and is signed in with which of these sessions: two statements for them all.

    As Django finds `request.user`, with the account's password still the one the session was opened with. Whoever is
    not here is to be looked for as always.
    """
    told, over = {}, set()
    for key, sealed in _stored(session_keys).items():
        kept = SessionStore(key).decode(sealed)
        over |= {key} if working_day.is_over(kept) else set()
        if kept.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS:
            told[key] = UUID(kept[SESSION_KEY]), kept.get(HASH_SESSION_KEY, "")
    here = living_here([account_id for account_id, _hash in told.values()])
    return {
        key: here[account_id]
        for key, (account_id, session_hash) in told.items()
        if account_id in here
        and not (key in over and _on_duty(here[account_id]))
        and constant_time_compare(session_hash, here[account_id].get_session_auth_hash())
    }


def _on_duty(account: Account) -> bool:
    """Has it a duty that opens the workbench? (No query: `living_here` found it.)"""
    return any(duty.role in OPENING for duty in account.part.duties)  # type: ignore[attr-defined]


def _stored(keys: Sequence[str]) -> dict[str, str]:
    """The sealed contents of the sessions that are not over, by their keys."""
    rows: list[Any] = prepared.execute(_SESSIONS, [list(keys), timezone.now()]) if keys else []
    return dict(rows)
