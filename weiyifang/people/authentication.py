"""Who is signed in, as Django and allauth find it, with reads that are composed and planned once.

Every request of somebody signed in sends two: for the session and for the account.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from weiyifang.core.prepared import Read
from weiyifang.core.tenancy import chosen_community_id
from weiyifang.people.actors import living_here
from weiyifang.people.models import Account

_sessions = Read(
    lambda key, moment: Session.objects.filter(session_key=key, expire_date__gt=moment),
    "a key",
    datetime(2000, 1, 1, tzinfo=UTC),
)
# What is sealed stays so: opening it costs more than the rest of the row, and hardly any request looks at it.
_accounts = Read(lambda pk: Account.objects.filter(pk=pk, is_active=True).defer("phone"), UUID(int=0))


class SessionStore(DatabaseSessions):
    """settings.SESSION_ENGINE."""

    def _get_session_from_db(self) -> Session | None:
        found = _sessions.one(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
        return found


class AccountBackend(AuthenticationBackend):
    """settings.AUTHENTICATION_BACKENDS."""

    def get_user(self, user_id: Any) -> Account | None:
        """The account with this id, when it may still sign in; with what it is here, if it lives here."""
        if chosen_community_id() is not None and (account := living_here(user_id)) is not None:
            return account
        return _accounts.one(user_id)
