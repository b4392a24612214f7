"""What every test stands on: a migrated database of its own, reached as the role the program runs as."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone, translation
from pytest_django.plugin import DjangoDbBlocker

from tests import database
from weiyifang.core import clock, dated

HOUR = os.environ.get("WEIYIFANG_TEST_HOUR", "10:00")  # where the community lives, on the day of the run
PACKAGES = Path(__file__).parent / "weiyifang"
pytest_plugins = ["weiyifang.people.testing", "tests.lock_order", "tests.undefined"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make quick`: of the tests that open every page, those of the packages that were touched (`tools/quick.py`)."""
    if packages := os.environ.get("WEIYIFANG_PAGES_OF", "").split():
        items[:] = [item for item in items if _is_of(item, packages)]


def _is_of(item: pytest.Item, packages: list[str]) -> bool:
    from tests.browser.pages import package_of

    asked = getattr(item, "callspec", None)
    if asked is None:
        return True
    if "moment" in asked.params:
        return str(asked.id).split()[0] in packages
    return "line" not in asked.params or package_of(asked.params["line"]) in packages


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Instead of pytest-django's: copies a template instead of migrating, and the tests run without owner's rights."""
    with django_db_blocker.unblock():
        name = database.create()
        database.flush_as_owner()
    yield
    with django_db_blocker.unblock():
        database.drop(name)


@pytest.fixture(autouse=True)
def first_language() -> Iterator[None]:
    """Each test begins in the language a process begins in, whatever one before it has left."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def day_of_the_run() -> date:
    """The one on which the tests began: midnight may pass while they run."""
    return clock.today()


@pytest.fixture(autouse=True)
def an_hour_of_its_own(request: pytest.FixtureRequest, day_of_the_run: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of a package's tests begins at one hour, whenever it runs: what is told at night waits for the morning.

    What starts processes (in `tests/`) or asks the database what time it is has the computer's clock.
    """
    if not request.path.is_relative_to(PACKAGES) or request.node.get_closest_marker("computers_clock"):
        return
    really, seconds = timezone.now, time.time
    ahead = clock.local(day_of_the_run, HOUR) - really()
    monkeypatch.setattr(timezone, "now", lambda: really() + ahead)
    monkeypatch.setattr(time, "time", lambda: seconds() + ahead.total_seconds())


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process remembers for seconds outlives no test: its rows do not either."""
    dated.forget()


@pytest.fixture(autouse=True, scope="session")
def store_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests bring lies in a folder that goes."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(autouse=True, scope="session")
def wechat_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Gifts by WeChat Pay are paid to the double, which keeps what it knows in a folder that goes."""
    with override_settings(WECHAT_PAY="double", WECHAT_PAY_DOUBLE=tmp_path_factory.mktemp("wechat")):
        yield


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Hashing a password takes a third of a second on purpose; not in tests."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
