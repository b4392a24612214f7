"""A rush for seats over the API, answered in front of Django. See docs/adr/0014.

`EnrolInRush` stands in front of Django (`config.wsgi`) and takes one kind of request: somebody signed in who lives
here asks, as a program does, for seats for themselves. All who ask at the door of one date while others are served
there share what is read and the commit (`core.together`). Whatever is not plain goes on to Django untouched, which
knows every case: a key to be kept, a seat for somebody else, a duty that wants a second factor, a session that is over.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404
from django.http.request import split_domain_port, validate_host
from django.utils import translation
from pydantic import ValidationError

from weiyifang.activities import queries, rules, services
from weiyifang.activities.api import EnrollmentIn, told
from weiyifang.activities.models import Enrollment
from weiyifang.communities.middleware import community_at
from weiyifang.core import outage
from weiyifang.core.door import language, seen
from weiyifang.core.headers import NO_STORE, PERMISSIONS, POLICY
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import in_community
from weiyifang.core.together import Together
from weiyifang.people.actors import actor_for, resident_of
from weiyifang.people.authentication import signed_in

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from weiyifang.communities.models import Community

PATH = re.compile(r"/c/([-\w]+)/api/activities/([0-9]{1,9})/([0-9]{1,9})/enrollments")
LONGEST = 2_000  # bytes of a body; a note has at most 120 letters
# what the middleware adds to every answer, too
HEADERS = [
    ("Content-Type", "application/json; charset=utf-8"),
    ("Content-Security-Policy", POLICY),
    ("Permissions-Policy", PERMISSIONS),
    ("Cache-Control", NO_STORE),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Vary", "Accept-Language, Cookie"),
]

Door = tuple[int, int, int]  # community, activity and date, by their numbers


class Wish(NamedTuple):
    """What somebody asks for, known by the key of their session."""

    session_key: str
    wanted: EnrollmentIn


class EnrolInRush:
    """The WSGI application in front of `application`."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        match = environ["REQUEST_METHOD"] == "POST" and PATH.fullmatch(seen(environ).path_info)
        wish = _wish(environ) if match else None
        if match and wish is not None:
            outcome = _enrol(match[1], int(match[2]), int(match[3]), wish)
            if outcome is not None:
                return _answer(outcome, environ, start_response)
        return self.application(environ, start_response)


def _wish(environ: WSGIEnvironment) -> Wish | None:
    """None for what is not plain."""
    length = environ.get("CONTENT_LENGTH", "")
    session_key = seen(environ).COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not session_key or not _is_ours(environ.get("HTTP_HOST", "")):
        return None
    if "HTTP_IDEMPOTENCY_KEY" in environ or "HTTP_ORIGIN" in environ:
        return None
    if environ.get("CONTENT_TYPE") != "application/json" or not length.isdecimal() or int(length) > LONGEST:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        wanted = EnrollmentIn.model_validate_json(body)
    except ValidationError:
        return None
    return None if wanted.queue or wanted.resident is not None else Wish(session_key, wanted)


@lru_cache(maxsize=100)
def _is_ours(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _enrol(slug: str, number: int, date_number: int, wish: Wish) -> Enrollment | Refused | None:
    try:
        community: Community = community_at(slug)
        with in_community(community):
            return _rush.ask((community.pk, number, date_number), wish)
    except Http404:
        return None
    except DatabaseError as error:
        if outage.of(error) is not None:
            raise  # Django would wait for it once more
        return None  # Django will say what is wrong
    finally:
        connection.close()  # no request of Django's: nobody else gives it back


def _serve(door: Door, wishes: Sequence[Wish]) -> list[Enrollment | Refused | None]:
    """Enrol who can be; None for whoever Django has to look at."""
    _community, number, date_number = door
    outcomes: list[Enrollment | Refused | None] = [None] * len(wishes)
    session = queries.date_by_number(number, date_number)
    if session is None:
        return outcomes
    accounts = signed_in([wish.session_key for wish in wishes])
    asked: dict[int, services.Asked] = {}
    for place, (session_key, wanted) in enumerate(wishes):
        account = accounts.get(session_key)
        resident = account and resident_of(account)
        actor = actor_for(account)
        if resident and not actor.rights and rules.can_see(actor, session.activity):
            asked[place] = services.Asked(resident=resident, by=actor, places=wanted.places, note=wanted.note)
    if asked:
        came_of_it = services.enroll_each(session=session, asked=list(asked.values()))
        for place, outcome in zip(asked, came_of_it, strict=True):
            outcomes[place] = outcome
    return outcomes


_rush = Together(_serve)


def _answer(outcome: Enrollment | Refused, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    spoken = language(seen(environ))
    if isinstance(outcome, Refused):
        with translation.override(spoken):
            said = {"code": outcome.code, "detail": str(outcome)}
        status, body = HTTPStatus(outcome.status), json.dumps(said).encode()
    else:
        status, body = HTTPStatus.CREATED, told(outcome).encode()
    headers = [*HEADERS, ("Content-Language", spoken), ("Content-Length", str(len(body)))]
    if settings.SECURE_HSTS_SECONDS and seen(environ).is_secure():
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
