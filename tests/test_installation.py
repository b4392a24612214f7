"""The demo never meets real people's affairs, whichever process comes to whichever database."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from django.test import override_settings

from tests.places import Place, migrated
from tests.processes import eventually, free_port
from weiyifang.communities.models import Community
from weiyifang.communities.services import open_community
from weiyifang.core.models import Installation
from weiyifang.core.server import database, installation
from weiyifang.core.server.installation import WrongDatabase
from weiyifang.core.tenancy import in_community
from weiyifang.replay.models import Run

OPEN = ("community", "open", "500108002001", "--slug", "nanhu")
OTHER = ("community", "open", "500108002002", "--slug", "neighbour")
DEMO, REAL = {"WEIYIFANG_DEMO": "1"}, {"WEIYIFANG_DEMO": ""}
SENTENCE = {"real": "kept for real people", "demo": "is the demo's"}


@pytest.fixture(params=["real", "demo"])
def place(
    request: pytest.FixtureRequest, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A database in which somebody has opened a community: for real, or in the demo."""
    with migrated(tmp_path_factory.mktemp("var")) as place:
        opened = place.run(*OPEN, **(REAL if request.param == "real" else DEMO))
        assert opened.returncode == 0, opened.stderr
        yield place


def kind(place: Place) -> str:
    return str(place.ask("SELECT kind FROM core_installation"))


def as_owner(place: Place, words: str) -> None:
    with psycopg.connect(database.owner_url(), dbname=place.url.rpartition("/")[2].partition("?")[0]) as owner:
        owner.execute(words.encode())


@contextmanager
def web(place: Place, **environment: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "weiyifang.core.server.webserver", "--port", str(port), "--workers", "1"],
        env={**place.environment, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield port, process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def answer(port: int) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


def refused_by_the_web_server(place: Place, **environment: str) -> str:
    """What it writes into its log; whoever asks it for a page is told no more than that there is none."""
    with web(place, **environment) as (port, process):
        assert eventually(lambda: answer(port)[0] != 0)
        status, text = answer(port)
        assert status == 503
        assert "its log says why" in text
        assert "password" not in text
        process.terminate()
        return process.communicate(timeout=30)[0]


@pytest.mark.slow
def test_every_process_that_comes_for_the_other_is_refused(place: Place) -> None:
    is_real = kind(place) == "real"
    other = DEMO if is_real else REAL
    commands = [("up", "--port", str(free_port()), *(["--demo"] if is_real else [])), ("work",), OTHER]
    if is_real:
        commands += [("replay", "--scale", "0.01"), ("migrate", "-v0")]
    for command in commands:
        refused = place.run(*command, **other)
        said = refused.stdout + refused.stderr
        assert refused.returncode == 1, (command, said)
        assert SENTENCE[kind(place)] in said, (command, said)
        assert "WEIYIFANG_VAR" in said, said  # the way out
        assert "Traceback" not in said
    assert SENTENCE[kind(place)] in refused_by_the_web_server(place, **other)
    assert place.ask("SELECT count(*) FROM communities_community") == 1
    assert place.ask("SELECT count(*) FROM people_account") == 0
    own = REAL if is_real else DEMO
    assert place.run(*OTHER, **own).returncode == 0  # who belongs here goes on
    assert place.run("verify", **other).returncode == 0  # and looking is always allowed


@pytest.mark.slow
def test_nothing_begins_with_a_login_that_is_more_than_it_needs(place: Place) -> None:
    """Each process by itself, as systemd starts them. The demo may: nobody's affairs are at stake."""
    is_real = kind(place) == "real"
    name = place.url.rpartition("/")[2].partition("?")[0]
    owner = {"DATABASE_URL": urlunsplit(urlsplit(database.owner_url())._replace(path=f"/{name}"))}
    if not is_real:
        with web(place, **owner) as (port, _process):
            assert eventually(lambda: answer(port)[0] == 200)
        return
    refused = place.run("work", **owner, **REAL)
    assert refused.returncode == 1
    for said in (refused.stderr, refused_by_the_web_server(place, **owner, **REAL)):
        assert "which is a superuser" in said
        assert "CREATE ROLE weiyifang_web LOGIN" in said


@pytest.mark.slow
def test_a_database_of_an_earlier_version_is_what_it_holds(place: Place) -> None:
    expected = kind(place)
    if expected == "demo":
        as_owner(
            place,
            "INSERT INTO replay_run (id, community_id, seed, scale, last_day, steps_done, started_at)"
            " VALUES (gen_random_uuid(), 500108002001, 1, 1, '2026-01-01', 365, now())",
        )
    as_owner(place, "DELETE FROM django_migrations WHERE app = 'replay' AND name <> '0001_initial'")
    as_owner(place, "DELETE FROM core_installation")
    if expected == "real":
        refused = place.run("up", "--demo", "--port", str(free_port()))
        assert refused.returncode == 1
        assert SENTENCE["real"] in refused.stdout + refused.stderr
        assert place.ask("SELECT count(*) FROM django_migrations WHERE name = '0002_mark'") == 0  # nothing was changed
    done = place.run("migrate", "-v0", **REAL)
    assert done.returncode == 0, done.stderr
    assert kind(place) == expected


@pytest.mark.django_db
def test_without_a_mark_the_demo_is_where_every_community_has_a_replayed_year() -> None:
    assert installation.found(connection) == ""
    for code, slug, expected in ((500108002001, "nanhu", "demo"), (500108002002, "neighbour", "real")):
        Community(id=code, slug=slug, name=slug, short_name=slug).save(force_insert=True)
        if expected == "demo":
            assert installation.found(connection) == "real"  # until its year begins
            with in_community(code):
                Run(seed=1, scale=1, last_day=date(2026, 1, 1)).save(force_insert=True)
        assert installation.found(connection) == expected


@pytest.mark.django_db
def test_who_comes_first_decides_and_nobody_changes_it() -> None:
    with override_settings(DEMO=False):
        open_community(code=500108002001)
        installation.settle()
    with override_settings(DEMO=True):
        with pytest.raises(WrongDatabase, match="real people"):
            installation.settle()
        with pytest.raises(WrongDatabase):
            open_community(code=500108002002)
    assert list(Installation.objects.values_list("kind", flat=True)) == ["real"]
