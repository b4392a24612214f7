"""Nothing that somebody typed is in what the program writes down, whatever breaks; a number leads to what is."""

from __future__ import annotations

import http.client
import logging
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.test import RequestFactory

from tests.places import Place, migrated
from tests.processes import eventually, free_port
from weiyifang.core.server import logs
from weiyifang.core.web import incidents
from weiyifang.core.web.outage import OneSentence

NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")
MARKERS = [
    "欧阳标记",
    "19987654321",
    "notemarker7x",
    "querymarker7x",
    "pathmarker7x",
    "cookiemarker7x",
    "headermarker7x",
]
NAME, PHONE, NOTE, QUERY, PATH, COOKIE, HEADER = MARKERS
PATIENCE = 120  # seconds until the pages are there on the busiest machine
WAYS = ["by_value", "by_constraint", "by_database", "by_the_way", "while_sent", "suspicious"]


class Output:
    """Everything the pages and the jobs of a place write, to one file."""

    def __init__(self, place: Place, file: Path) -> None:
        self.port, self.file = free_port(), file
        place.environment["DJANGO_SETTINGS_MODULE"] = "tests.broken.settings"
        self.stream = file.open("w")
        there: dict[str, Any] = {"stdout": self.stream, "stderr": subprocess.STDOUT}
        serve = ("--port", str(self.port), "--workers", "1")
        self.processes = [
            place.start(*serve, module="weiyifang.core.server.webserver", **there),
            place.start("work", **there),
        ]

    def ask(self, method: str, address: str, body: str | None = None, **head: str) -> tuple[int, str]:
        """The status (0: cut off) and the text of an answer; markers in its head."""
        all_heads = {
            "Cookie": f"sessionid={COOKIE}; device={COOKIE}",
            "User-Agent": HEADER,
            "X-Note": HEADER,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{self.port}",
            **head,
        }
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            try:
                link.request(method, address, body, all_heads)
                answer = link.getresponse()
                return answer.status, answer.read().decode()
            except (OSError, http.client.HTTPException):
                return 0, ""

    def text(self) -> str:
        return self.file.read_text()

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)
        self.stream.close()


@pytest.fixture(scope="module")
def output(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Output]:
    folder = tmp_path_factory.mktemp("logs")
    with migrated(folder / "var") as place:
        made = place.run("web", module="tests.place_scenes")
        assert made.returncode == 0, made.stderr
        output = Output(place, folder / "output")
        try:
            assert eventually(lambda: output.ask("GET", "/health/")[0] == 200, PATIENCE), output.text()
            yield output
        finally:
            output.end()


@pytest.mark.slow
def test_whatever_breaks_nothing_that_was_typed_is_written_down(output: Output) -> None:
    typed = urlencode({"name": NAME, "phone": PHONE, "note": NOTE})
    numbers = []
    for base in ("/", "/c/nanhu/", "/c/nanhu/api/"):
        for way in WAYS:
            address = f"{base}broken/{way}/{quote(NAME)}-{PATH}/?q={QUERY}"
            for method, body in (("GET", None), ("POST", typed)):
                status, text = output.ask(method, address, body)
                assert status in {0, 200, 302, 400, 500}, f"{method} {address}: {status}"
                if status == 500:
                    found = NUMBER.search(text)
                    assert found, text
                    numbers.append(found[0])
    json = {"Content-Type": "application/json"}
    status, text = output.ask("POST", "/c/nanhu/api/broken/by_value/x/", f'{{"note": "{NOTE}"}}', **json)
    assert status == 500
    assert NUMBER.search(text)
    output.ask("POST", "/accounts/login/code/", typed)
    output.ask("POST", "/accounts/login/", typed)
    output.ask("GET", f"/c/{PATH}/{quote(NAME)}/?q={QUERY}")
    output.ask("GET", f"/?q={QUERY}", Host=HEADER)
    assert output.ask("GET", f"/c/nanhu/calendars/{PATH}.ics")[0] == 404
    for method, body in (("GET", None), ("POST", typed)):  # an address in Chinese is one like another
        for head in ({}, {"Cookie": ""}):
            assert output.ask(method, f"/c/nanhu/{quote(NAME)}/", body, **head)[0] in {302, 400, 403, 404}
    output.ask("POST", f"/c/nanhu/api/people/?q={QUERY}", typed, **json)
    assert eventually(lambda: "tests.broken.tasks.break_down" in output.text(), PATIENCE), output.text()
    time.sleep(1)  # what is said last
    written = output.text()
    assert [marker for marker in MARKERS if marker in written or quote(marker) in written] == []
    assert not re.search(r"\\u6b27|1998 ?765|199 8765", written)
    assert "Traceback" not in written
    # and yet one finds what happened
    assert len(numbers) >= 9
    assert [number for number in numbers if written.count(number) != 1] == []
    for there in (
        "tests/broken/urls.py:", "builtins.KeyError", "IntegrityError", "account_username", "22P02",
        "broken/by_value/<str:word>/", "with values: …, 7",
    ):  # fmt: skip
        assert there.removeprefix("builtins.") in written, there


# --- line by line -----------------------------------------------------------------------------------------------


def line(*message: Any, name: str = "library", error: BaseException | None = None, **extra: Any) -> str:
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message[0], message[1:], None)
    record.__dict__ |= extra
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    return logs.WithoutValues().format(record)


def test_a_librarys_line_is_written_without_what_went_into_it() -> None:
    assert line("%s has %d", NAME, 3) == "ERROR library: … has 3"
    assert line("%(who)s has %(n)d", {"who": NAME, "n": 3}) == "ERROR library: … has 3"
    assert NAME not in line(f"{NAME} is there")
    assert "test_logs.py:1" in line(f"{NAME} is there")
    assert NAME not in line("%d", NAME)
    assert NAME not in line(ValueError(NAME))


def test_our_own_line_is_written_whole_but_for_exceptions() -> None:
    assert line("Row %s", "a-1", name="weiyifang.news") == "ERROR weiyifang.news: Row a-1"
    assert line("Waits: %s", ValueError(NAME), name="weiyifang.news") == "ERROR weiyifang.news: Waits: ValueError"
    assert NAME not in line("%s", NAME, name="weiyifangs.friend")


def test_an_exception_is_written_with_all_it_came_from_and_nothing_it_says() -> None:
    try:
        try:
            int(NAME)
        except ValueError as error:
            raise ExceptionGroup(NAME, [KeyError(NAME), OSError(NAME)]) from error
    except ExceptionGroup as group:
        group.add_note(NAME)
        written = line("%s", NAME, error=group)
    assert NAME not in written
    for kind in ("ValueError", "ExceptionGroup", "KeyError", "OSError"):
        assert f"  {kind}" in written
    assert "test_an_exception_is_written" in written


def test_of_a_request_there_is_its_number_its_method_and_its_route() -> None:
    request = RequestFactory().post(f"/c/nanhu/{PATH}/?q={QUERY}", {"note": NOTE})
    number = incidents.number_of(request.META)
    assert line("%s: %s", "Broke", request.path, request=request) == f"ERROR library: …: … [{number}] POST no route"
    assert number == incidents.number_of(request.META)
    assert NUMBER.fullmatch(number)


def test_an_outage_still_says_what_is_away() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "%s: %s", ("Broke", PATH), None)
    error = psycopg.OperationalError("connection refused")
    record.exc_info = (type(error), error, None)
    assert OneSentence().filter(record)
    assert "The database does not answer: connection refused" in logs.WithoutValues().format(record)


def test_what_breaks_in_front_of_django_has_an_answer_with_a_number(caplog: pytest.LogCaptureFixture) -> None:
    def broken(environ: Any, start_response: Any) -> Any:
        raise ValueError(NAME)

    environ = RequestFactory().get(f"/c/nanhu/{PATH}/").environ
    begun: list[Any] = []
    (page,) = incidents.NothingRaised(broken)(environ, lambda *head: begun.append(head))  # type: ignore[arg-type]  # as a server calls it, less what is not asked
    number = incidents.number_of(environ)
    assert begun[0][0] == "500 Internal Server Error"
    assert number in page.decode()
    assert "Something broke on our side" in page.decode()
    assert "我们这边出了毛病" in page.decode()
    (record,) = caplog.records
    written = logs.WithoutValues().format(record)
    assert number in written
    assert NAME not in written
