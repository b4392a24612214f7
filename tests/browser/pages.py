"""The pages the gate looks at: every line of `docs/access.md` that is a page, and moments in which a page is different.

A new page stands in the table already (`tests/test_access.py`), so nobody has to remember it here. A moment is a
function that lets something happen on the stage and says which pages to visit then; it is undone afterwards. Packages
have theirs in `tests/moments.py`, in a tuple `MOMENTS`, which are found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpResponseBase
from django.urls import get_resolver

from tests.stage import Stage
from tests.test_access import LINES, OPEN, WHO, plain
from tests.test_guards import leaves
from weiyifang.core import found

HOME = "/c/nanhu/"
BENCH = f"{HOME}workbench/"
NEXT_DOOR = "/c/neighbour/"  # where nothing has happened yet
LONG = "插花茶艺孝敬爸妈暨重阳节敬老爱老系列活动之南湖路三号院专场"  # as long as a title may be and often is
USUALLY = ("resident", "staff", "accountant", "secretary", "supervisor")  # who opens a page, if they may
SEES_MORE = {"GET me/claim/": "visitor"}  # the resident is known already and led on
NOT_PAGES = {  # files and answers for programs
    "activities/calendar.ics",
    "activities/<number>/calendar.ics",
    "calendars/<secret>.ics",
    "activities/<number>/<date_number>/draw.json",
    "fund/months/list.json",
    "fund/transfers/journal.beancount",
    "fund/transfers/journal.hledger",
    "fund/receipts/<code>/proof.json",
    "sharing/<number>/calendar.ics",
    "sharing/rounds/<number>/slots.json",
    "news/feed.rss",
    "news/feed.atom",
    "news/feed.json",
    "files/<pk>/<size>/",
    "me/data.json",
    "workbench/activities/<number>/<date_number>/roster.xlsx",
    "workbench/activities/offline.js",
    "workbench/activities/import/template/",
    "workbench/organizations/export/",
    "workbench/residents/import/template/",
    "workbench/residents/import/<pk>/rest.xlsx",
    "workbench/residents/import/<pk>/rest.csv",
}
SEEN_IN_A_MOMENT = {"activities/<number>/<date_number>/enrollments/"}  # it is there only for whoever has a seat
OTHERS_SEE_IT_TOO = "@own"  # the same pages, as the leader sees them; a moment looks at some


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A page to look at: its address, who looks (one of the cast), what it answers; `sends`: a form is sent first."""

    name: str
    address: str
    who: str = "visitor"
    status: int = 200
    sends: Mapping[str, Any] | None = None

    def ask(self, stage: Stage) -> HttpResponseBase:
        browser = stage.browsers[self.who]
        if self.sends is None:
            return browser.get(self.address)
        for value in self.sends.values():
            if hasattr(value, "seek"):
                value.seek(0)  # a file is sent from its beginning, each time
        return browser.post(self.address, self.sends, headers={"Origin": "http://testserver"}, follow=True)


Moment = Callable[[Stage], Iterator[Visit]]


def moments() -> dict[str, Moment]:
    """The moments of all packages, by package and name."""
    of_each = {module.__name__.split(".")[1]: module.MOMENTS for module in found.modules("tests.moments")}
    return {f"{package} {one.__name__}": one for package, those in of_each.items() for one in those}


@cache
def package_of(line: str) -> str:
    """Whose page the line of the table is: the package its view stands in."""
    route = line.split()[1]
    views = {
        plain(address) or "/": view for address, view in leaves(get_resolver("config.community_urls").url_patterns)
    }
    where = str(views[route].__module__).split(".")
    return where[1] if where[0] == "weiyifang" else "core"


def named(line: str) -> str:
    """How a test of a line is called: `-k` picks by package, too."""
    return f"{package_of(line)} {line}"


def walked(workbench: bool) -> list[str]:
    """The lines of the table to open: the pages of residents, or those of the workbench."""
    return [line for line in LINES if _is_page(line) and (" workbench/" in line) is workbench]


def _is_page(line: str) -> bool:
    method, route, variant = [*line.split(), ""][:3]
    is_open = OPEN in LINES[line] and variant != OTHERS_SEE_IT_TOO
    is_for_people = route == "api/docs/" or not route.startswith("api/")
    return method == "GET" and is_open and is_for_people and route not in NOT_PAGES | SEEN_IN_A_MOMENT


def visit_of(line: str, stage: Stage) -> Visit:
    """The page of a line, as the most ordinary person sees it who may open it."""
    _method, route, variant = [*line.split(), ""][:3]
    may = [who for who, sign in zip(WHO, LINES[line], strict=True) if sign == OPEN]
    who = SEES_MORE.get(line) or next((who for who in USUALLY if who in may), may[0])
    name = re.sub(r"\W+", "-", f"{route} {variant}").strip("-") or "home"
    return Visit(name=name, address=stage.address(route, variant.removeprefix("@")), who=who)
