"""A session of somebody on duty ends within a working day, and a proof of the second factor grows old.

Everything is read from the session, which every request of somebody signed in has read already. Residents' sessions
are as long as the browser keeps them (settings.SESSION_COOKIE_AGE).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from weiyifang.core import clock
from weiyifang.people.models import Account

BEGAN, SEEN = "began", "seen"  # seconds since 1970
NOTED_EVERY = timedelta(minutes=10)  # a look at the clock is no reason to write with every page


def begin(sender: object, request: HttpRequest, **_more: Any) -> None:
    """Somebody signed in (a receiver of Django's `user_logged_in`)."""
    request.session[BEGAN] = request.session[SEEN] = _now()


def note_first(sender: object, user: Account, **_more: Any) -> None:
    """Somebody signed in for the first time; allauth asks whether they ever did.

    In place of Django's receiver, which writes a row with every sign-in. Accounts are shared by all communities: where
    these are spread over several machines, each of them would have to be there.
    """
    if user.last_login is None:
        user.last_login = clock.now()
        user.save(update_fields=["last_login"])


def is_over(session: Mapping[str, Any]) -> bool:
    """Is this session, if it is one of somebody on duty, at its end? One without a beginning has not begun."""
    now = _now()
    lasts, idle = settings.STAFF_SESSION_LASTS.total_seconds(), settings.STAFF_SESSION_IDLE.total_seconds()
    return bool(now - session.get(BEGAN, now) > lasts or now - session.get(SEEN, now) > idle)


def note(request: HttpRequest) -> None:
    """Somebody on duty is at work."""
    now, session = _now(), request.session
    session.setdefault(BEGAN, now)
    if now - session.get(SEEN, 0) > NOTED_EVERY.total_seconds():
        session[SEEN] = now


def proof_is_old(request: HttpRequest, account: Account) -> bool:
    """Was the second factor shown in this session more than a quarter of an hour ago, or never?"""
    shown = [record["at"] for record in get_authentication_records(request, account) if record["method"] == "mfa"]
    return not shown or bool(_now() - shown[-1] > settings.PROOF_IS_FRESH.total_seconds())


def _now() -> float:
    return clock.now().timestamp()
