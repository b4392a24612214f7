"""The demo never meets real people's affairs: a database says for which of the two it is (ADR 20).

The demo's cast has a password everybody knows. So whoever starts to work here first writes down whether this is the
demo's database or a real one, in a row that can only be added; who comes later for the other is refused, in every
process that answers people, does jobs, opens a community or replays the year.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from weiyifang.core.models import Installation
from weiyifang.core.server import database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ELSEWHERE = "a folder of its own (WEIYIFANG_VAR=/another/folder) or another DATABASE_URL"
REFUSALS = {
    Installation.Kind.REAL: (
        "This database is kept for real people, and everybody knows the password of the demo's cast. "
        f"Give the demo {ELSEWHERE}; without --demo and WEIYIFANG_DEMO this one starts."
    ),
    Installation.Kind.DEMO: (
        "This database is the demo's: its people are invented, and everybody knows their password. "
        f"Give the real community {ELSEWHERE}; with --demo or WEIYIFANG_DEMO=1 this one starts."
    ),
}
logger = logging.getLogger(__name__)


class WrongDatabase(ImproperlyConfigured):
    """The demo came to a real database, or a real start to the demo's; the message says what to do."""


def settle() -> None:
    """Make sure that this process belongs here; the first one of all writes it down. Raises `WrongDatabase`."""
    kinds = Installation.objects.values_list("kind", flat=True)
    kind = kinds.first()
    if kind is None:
        fresh = Installation(kind=_wanted(), version=version("weiyifang"))
        Installation.objects.bulk_create([fresh], ignore_conflicts=True)
        kind = kinds.get()
    _refuse_another(kind)


def begin() -> None:
    """What a process that answers people or does jobs asks before it begins: does it belong here, is it no more than

    it needs? Raises `ImproperlyConfigured`. The demo may log in as who it likes: nobody's affairs are at stake.
    """
    settle()
    if not settings.DEMO and (sentence := database.ways_up(connection)):
        raise ImproperlyConfigured(sentence)


def keep_the_demo_out(connection: BaseDatabaseWrapper) -> None:
    """Before a table is made or changed: raises `WrongDatabase` when this is the demo and the database a real one."""
    if settings.DEMO and found(connection) == Installation.Kind.REAL:
        _refuse_another(Installation.Kind.REAL)


def found(connection: BaseDatabaseWrapper) -> str:
    """What the database says it is, or, made by an earlier version, what it holds; empty when it is neither yet.

    The demo's are the communities with a replayed year, and no others beside them.
    """
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if Installation._meta.db_table in tables:
            cursor.execute("SELECT kind FROM core_installation")
            if row := cursor.fetchone():
                return str(row[0])
        if not {"communities_community", "replay_run"} <= tables:
            return ""
        cursor.execute(
            "SELECT count(*), count(run.id) FROM communities_community home"
            " LEFT JOIN replay_run run ON run.community_id = home.id"
        )
        communities, replayed = cursor.fetchone()
    if not communities:
        return ""
    return Installation.Kind.DEMO if communities == replayed else Installation.Kind.REAL


class OnlyWhereItBelongs:
    """In front of the pages: none is answered before it is known that this process may begin."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self._is_known = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._is_known:
            try:
                begin()
                self._is_known = True
            except ImproperlyConfigured as refusal:
                logger.critical("%s", str(refusal))
                start_response("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
                return ["网站还没有设置好，暂时不能打开。\nThis site is not set up yet: its log says why.\n".encode()]
            except OperationalError:
                pass  # without a database no page is anybody's; asked again next time
            finally:
                connection.close()
        return self.application(environ, start_response)


def _wanted() -> Installation.Kind:
    return Installation.Kind.DEMO if settings.DEMO else Installation.Kind.REAL


def _refuse_another(kind: Any) -> None:
    if kind != _wanted():
        raise WrongDatabase(REFUSALS[Installation.Kind(kind)])
