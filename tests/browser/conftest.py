"""The machine's Chromium and a real server for it. No browser is ever downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserType, Error, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests import database, scenes
from tests.browser import known
from tests.browser.inside import Window
from weiyifang.people.testing import VISITOR, ClientOf

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "No Chromium was found. Install it (Debian: apt install chromium fonts-noto-cjk) "
    "or name it in the variable CHROMIUM; without it nobody has looked at the pages."
)

PageOf = Callable[..., Page]  # the fixture `page_of`


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder carries the mark."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_chromium(kind: BrowserType) -> str | None:
    """CHROMIUM, one of the usual names on the path, or Playwright's own when somebody has installed it."""
    if named := os.environ.get("CHROMIUM"):
        return named
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    own = kind.executable_path
    return own if Path(own).exists() else None


def no_browser() -> NoReturn:
    """A failure where tests decide (CI), a skip where somebody only works on something else."""
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING, pytrace=False)
    pytest.skip(MISSING)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    # Playwright's loop runs in this thread, which makes Django suspect asynchronous code (there is none) and give this
    # thread a second connection while the loop runs: it needs the owner's right to flush as the first one does.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connection.close()  # the first one: nobody could give it back while the loop runs
    with sync_playwright() as playwright:
        known.forget_what_is_old()
        path = find_chromium(playwright.chromium)
        if path is None:
            no_browser()
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            pytest.fail(f"{path} does not start: {error}", pytrace=False)
        database.flush_as_owner()
        yield chromium
        chromium.close()
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # psycopg's backend has it


@pytest.fixture
def page_of(browser: Browser, live_server: LiveServer, client_of: ClientOf) -> Iterator[PageOf]:
    """`page_of("staff")`: a window in which one of the cast is signed in; Chinese unless told otherwise."""
    contexts = []

    def open_page(who: str = VISITOR, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            locale="zh-CN",
            viewport={"width": 375, "height": 800},
            base_url=live_server.url,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if who != VISITOR:
            client = client_of(who)
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def window(browser: Browser, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Window]:
    """One window of the browser that shows the pages of the stage (`tests/stage.py`)."""
    for stage in scenes.on_stage("nanhu", django_db_blocker):
        window = Window(browser, stage)
        yield window
        window.close()
