"""Pages as the program answers them in this process, shown by the browser: no server, no clock that runs on.

The stage stands in a transaction that is undone; what a visit needs beyond it, in a savepoint. So every page is looked
at with real things on it, at the same moment, and nothing has to be made twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from mimetypes import guess_type
from urllib.parse import quote, urlsplit

from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponseBase
from playwright.sync_api import Browser, BrowserContext, Route

from tests.browser.gate import look_through
from tests.browser.pages import Moment, Visit, visit_of
from tests.stage import Stage
from weiyifang.core.look import care
from weiyifang.core.tenancy import in_community

SITE = "http://localhost"  # a name that browsers trust, so that the policy counts as it does in life


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is undone, and that what must be committed by itself takes for none (as in a test case)."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


class Window:
    """One window of the browser; whoever looks, everything it asks for is answered from here."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.stage = stage
        self.context: BrowserContext = browser.new_context(locale="zh-CN", viewport={"width": 375, "height": 800})
        self.context.route("**/*", self._answer)
        self.page = self.context.new_page()
        self.address = ""
        self.shown: HttpResponseBase | None = None
        self.pictures: dict[str, HttpResponseBase] = {}  # what the shown page takes from our own addresses
        self.not_there: list[str] = []

    def must_pass(self, moment: Moment) -> None:
        """Every page to visit in this moment passes the gate; what happened is undone."""
        faults: list[str] = []
        with undone(), in_community(self.stage.community):
            for visit in moment(self.stage):
                faults += self._inspect(visit)
        assert not faults, "\n" + "\n".join(faults)

    def _inspect(self, visit: Visit) -> list[str]:
        """Every fault of the page; with them what the page asks for and does not get."""
        self.address, self.not_there = SITE + quote(visit.address.partition("?")[0]), []
        faults = look_through(self.page, lambda look: self._show(visit, look), visit.name, status=visit.status)
        return faults + [f"{visit.name}: asks for {url}, which is not there" for url in self.not_there]

    def _show(self, visit: Visit, look: care.Look) -> int:
        self.stage.browsers[visit.who].cookies[care.COOKIE] = str(look)
        with undone():  # asked once in each version, so a form must not have been sent already
            self.shown = visit.ask(self.stage)
        if self.shown.status_code == visit.status:
            kind = self.shown.headers["Content-Type"]
            assert kind.startswith("text/html"), f"{visit.name} is {kind}: name it in NOT_PAGES"
            pictures = re.findall(r"/c/[^/\"]+/files/[^/\"]+/[a-z]+/", self.shown.content.decode())  # type: ignore[attr-defined]
            self.pictures = {SITE + url: self.stage.browsers[visit.who].get(url) for url in {*pictures}}
            self.page.goto(self.address, wait_until="load")
        return self.shown.status_code

    def kind_of(self, line: str) -> str:
        """What sort of file a line of the table answers with."""
        with transaction.atomic(), in_community(self.stage.community):
            return visit_of(line, self.stage).ask(self.stage).headers["Content-Type"]

    def close(self) -> None:
        self.context.close()

    def _answer(self, route: Route) -> None:
        """Runs beside the test, in a context of its own: it may not ask the program, only hand out what is there."""
        url = route.request.url
        path = urlsplit(url).path
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if url == self.address and self.shown is not None:
            body: bytes = self.shown.content  # type: ignore[attr-defined]
            route.fulfill(status=self.shown.status_code, headers=dict(self.shown.headers), body=body)
        elif (picture := self.pictures.get(url)) is not None:
            given: bytes = picture.content  # type: ignore[attr-defined]
            route.fulfill(status=picture.status_code, headers=dict(picture.headers), body=given)
        elif found:
            route.fulfill(path=found, content_type=guess_type(found)[0] or "")
        else:
            self.not_there.append(url)
            route.fulfill(status=404)
