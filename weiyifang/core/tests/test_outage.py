"""The database is away for a moment, or the disk is full: a sentence, a page that reloads, and on it goes."""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import psycopg
import pytest
from django.conf import settings
from django.db import DataError, OperationalError, connection, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from procrastinate.exceptions import ConnectorException
from psycopg.pq import ExecStatus

from weiyifang.communities.models import Community
from weiyifang.core import prepared
from weiyifang.core.web import outage
from weiyifang.core.web.outage import OneMoreTry, OneSentence, Outage


def raised(error: Exception, *wrapped_in: type[Exception]) -> Exception:
    """The error as it arrives when others have wrapped it."""
    for outer in wrapped_in:
        wrapping = outer()
        wrapping.__cause__ = error
        error = wrapping
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.OperationalError("connection refused"), Outage.AWAY),
        (raised(psycopg.errors.AdminShutdown(), OperationalError), Outage.AWAY),
        (raised(psycopg.errors.CannotConnectNow(), ConnectorException), Outage.AWAY),
        (raised(psycopg.errors.DiskFull(), OperationalError, ValueError), Outage.NO_ROOM),
        (psycopg.OperationalError("FATAL:  could not write init file: No space left on device"), Outage.NO_ROOM),
        (psycopg.errors.ReadOnlySqlTransaction(), Outage.NO_ROOM),
        (OSError(errno.ENOSPC, "No space left on device"), Outage.NO_ROOM),
        (OSError(errno.EROFS, "Read-only file system"), Outage.NO_ROOM),
        (raised(psycopg.errors.LockNotAvailable(), OperationalError), Outage.BUSY),
        (raised(psycopg.errors.DeadlockDetected(), OperationalError), Outage.BUSY),
        (raised(psycopg.errors.NumericValueOutOfRange(), DataError), None),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (None, None),
    ],
)
def test_an_outage_is_known_however_it_is_wrapped(error: Exception | None, expected: Outage | None) -> None:
    assert outage.of(error) is expected


# --- answers ---------------------------------------------------------------------------------------------------


def test_a_page_says_it_in_both_languages_and_reloads() -> None:
    page = outage.answer(Outage.AWAY, "GET", "/c/nanhu/")
    text = page.content.decode()
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"
    assert '<meta http-equiv="refresh" content="5">' in text
    assert "请稍等一下" in text
    assert "One moment, please" in text
    assert "<script" not in text


def test_what_was_sent_is_not_reloaded_but_sent_again() -> None:
    text = outage.answer(Outage.NO_ROOM, "POST", "/c/nanhu/").content.decode()
    assert 'http-equiv="refresh"' not in text
    assert "只算一次" in text
    assert "nothing can be saved" in text


def test_a_program_gets_its_code() -> None:
    answer = outage.answer(Outage.NO_ROOM, "POST", "/c/nanhu/api/fund/receipts")
    assert answer.headers["Content-Type"] == "application/json"
    assert '"code": "no_room"' in answer.content.decode()


def test_another_fault_is_still_a_fault(rf: RequestFactory) -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        assert outage.handler500(rf.get("/")).status_code == 500


@pytest.mark.django_db
def test_health_tells_of_a_disk_without_room(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/health/").status_code == 200
    monkeypatch.setattr(outage, "ROOM", 10**18)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["code"]) == (503, "no_room")


def test_a_folder_has_room_or_is_gone(tmp_path: Path) -> None:
    assert not outage.is_out_of_room(tmp_path)
    assert outage.is_out_of_room(tmp_path / "unmounted")


class Unlucky:
    """An application that meets an outage the first times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self, environ: dict[str, Any], start_response: Any) -> HttpResponse:
        self.left -= 1
        if self.left >= 0:
            raise OperationalError from psycopg.OperationalError("the connection is lost")
        start_response("200 OK", [])
        return HttpResponse("there")


def ask(application: Unlucky, method: str) -> str:
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "wsgi.input": BytesIO()}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    OneMoreTry(application)(environ, lambda status, _headers: statuses.append(status))  # type: ignore[arg-type]  # as a server calls it, less what is not asked
    (status,) = statuses
    return status


@pytest.mark.django_db  # an answer that ends looks after the connection its thread may have
def test_who_only_asks_is_asked_for_once_more() -> None:
    assert ask(Unlucky(0), "GET") == "200 OK"
    assert ask(Unlucky(1), "GET") == "200 OK"
    assert ask(Unlucky(2), "GET").startswith("503")
    assert ask(Unlucky(1), "POST").startswith("503")


# --- the log ---------------------------------------------------------------------------------------------------


def test_in_the_log_an_outage_is_one_line_a_minute() -> None:
    now = 1000.0
    look = OneSentence(lambda: now)

    def line(error: Exception | None) -> str | None:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Internal Server Error: %s", ("/c/nanhu/",), None)
        record.exc_info = (type(error), error, None) if error else None
        return record.getMessage() if look.filter(record) else None

    away = raised(psycopg.OperationalError("connection refused\n  Is the server running?"), OperationalError)
    assert line(away) == "The database does not answer: connection refused"
    assert [line(away) for _time in range(7)] == [None] * 7
    assert line(ValueError()) == line(None) == "Internal Server Error: /c/nanhu/"
    now += 60
    assert line(away) == "The database does not answer: connection refused (7 more since the last such line)"


# --- connections that die --------------------------------------------------------------------------------------


def in_a_thread(do: Callable[[], None]) -> None:
    """In a thread with a connection of its own from the pool, as a page has it; raises what it raises."""
    caught: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as error:
            caught.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    for error in caught:
        raise error


@pytest.fixture
def end_all(transactional_db: None) -> Iterator[Callable[[], int]]:
    """Ends every connection of this test's database, as the login they all have may; how many there were."""
    name = connection.settings_dict["NAME"]
    words = (
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def end() -> int:
        with psycopg.connect(settings.DATABASE_URL, dbname=name, autocommit=True) as one_more:
            row = one_more.execute(words).fetchone()
            assert row is not None
            return int(row[0])

    yield end
    connection.close()


def test_a_connection_that_died_while_nobody_used_it_is_nobodys_trouble(end_all: Callable[[], int]) -> None:
    def page() -> None:
        assert Community.objects.count() == 0
        assert prepared.execute("SELECT 1") == [(1,)]

    in_a_thread(page)  # leaves its connection in the pool
    for _time in range(3):
        assert end_all() > 0
        in_a_thread(page)


def test_a_connection_that_dies_in_a_page_is_an_outage_and_the_next_page_has_another(
    end_all: Callable[[], int],
) -> None:
    def page(how: Callable[[], object]) -> None:
        assert Community.objects.count() == 0
        end_all()
        with pytest.raises(OperationalError) as caught:
            how()
        assert outage.of(caught.value) is Outage.AWAY

    in_a_thread(lambda: page(Community.objects.count))
    in_a_thread(lambda: page(lambda: prepared.execute("SELECT 1")))
    in_a_thread(lambda: page(lambda: prepared.execute("SELECT 2")))
    in_a_thread(lambda: page(Community.objects.all().exists))


def test_a_connection_cut_without_a_word_is_an_outage_too(transactional_db: None) -> None:
    def page(how: Callable[[], object]) -> None:
        assert Community.objects.count() == 0
        raw = connection.connection.fileno()
        with socket.socket(fileno=os.dup(raw)) as line:
            line.shutdown(socket.SHUT_RDWR)
        with pytest.raises(OperationalError) as caught:
            how()
        assert outage.of(caught.value) is Outage.AWAY

    in_a_thread(lambda: page(Community.objects.count))
    in_a_thread(lambda: page(lambda: prepared.execute("SELECT 3")))


@pytest.mark.django_db
def test_what_libpq_says_by_itself_is_about_the_connection() -> None:
    """It writes, and nobody is there any more; but the server's last words have not been read yet."""
    connection.ensure_connection()
    raw = connection.connection
    with pytest.raises(psycopg.OperationalError):
        prepared._checked(raw, raw.pgconn.make_empty_result(ExecStatus.FATAL_ERROR))
