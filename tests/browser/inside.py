"""Pages as the program answers them in this process, shown by the browser: no worker, no clock that runs on.

The stage stands in a transaction that is undone; what a visit needs beyond it, in a savepoint. So every page is looked
at with real things on it, at the same moment, and nothing has to be made twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.db import transaction
from playwright.sync_api import Browser, BrowserContext

from tests.browser import known
from tests.browser.gate import LOOKS, WIDTHS, knows_axe, look_through
from tests.browser.pages import Moment, Visit, visit_of
from tests.browser.shelf import Answer, Shelf
from tests.stage import Stage
from weiyifang.core.look import care
from weiyifang.core.tenancy import in_community


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is undone, and that what must be committed by itself takes for none (as in a test case)."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # how Django's own test cases mark theirs
    with block:
        yield
        transaction.set_rollback(True)


class Window:
    """One window of the browser; whoever looks, everything it asks for is answered from here."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.stage, self.browser = stage, browser.version
        self.shelf = Shelf()
        self.context: BrowserContext = browser.new_context(locale="zh-CN", viewport={"width": WIDTHS[0], "height": 800})
        knows_axe(self.context)
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.shelf.elsewhere(request.url))

    def must_pass(self, moment: Moment, *, narrow: bool = False) -> None:
        """Every page to visit in this moment passes the gate; what happened is undone. `narrow`: see `gate`."""
        faults: list[str] = []
        with undone(), in_community(self.stage.community):
            for visit in moment(self.stage):
                faults += self._inspect(visit, narrow=narrow)
        assert not faults, "\n" + "\n".join(faults)

    def _inspect(self, visit: Visit, *, narrow: bool) -> list[str]:
        """Every fault of the page; with them what the page asks for and does not get."""
        answers = {look: self._ask(visit, look) for look, _want in LOOKS}
        drawn_by = f"{self.browser} {narrow=}"
        if known.is_passed(answers.values(), drawn_by):
            return []
        address = quote(visit.address.partition("?")[0])

        def show(look: care.Look) -> int:
            answer = answers[look]
            self.shelf.put(address, answer)
            if answer.status == visit.status:
                self.page.goto(self.shelf.site + address, wait_until="load")
            return answer.status

        self.shelf.not_there.clear()
        faults = look_through(self.page, show, visit.name, status=visit.status, narrow=narrow)
        faults += [f"{visit.name}: asks for {url}, which is not there" for url in self.shelf.not_there]
        if not faults:
            known.note(answers.values(), drawn_by)
        return faults

    def _ask(self, visit: Visit, look: care.Look) -> Answer:
        """The page in this version, with the pictures it takes from our own addresses."""
        browser = self.stage.browsers[visit.who]
        browser.cookies[care.COOKIE] = str(look)
        with undone():  # asked once in each version, so a form must not have been sent already
            response = visit.ask(self.stage)
        answer = Answer.of(response)
        if answer.status == visit.status:
            kind = answer.headers["Content-Type"]
            assert kind.startswith("text/html"), f"{visit.name} is {kind}: name it in NOT_PAGES"
            pictures = re.findall(r"/c/[^/\"]+/files/[^/\"]+/[a-z]+/", answer.body.decode())
            answer.pictures.update({url: Answer.of(browser.get(url)) for url in sorted({*pictures})})
        return answer

    def kind_of(self, line: str) -> str:
        """What sort of file a line of the table answers with."""
        with transaction.atomic(), in_community(self.stage.community):
            return visit_of(line, self.stage).ask(self.stage).headers["Content-Type"]

    def close(self) -> None:
        self.context.close()
        self.shelf.close()
