"""One round of odd values on the real stage: look at every page, send everything, look at every page again."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from django.urls import get_resolver

from config.api import api
from tests import odd_values as odd
from tests.odd_values import Dice, Request, Shown
from tests.real_stage import Answer, RealStage, send
from tests.test_access import LINES, OPEN, WHO, plain
from tests.test_guards import leaves
from weiyifang.core.tenancy import in_community
from weiyifang.core.web.door import is_program
from weiyifang.governance import verify

CLIENTS = 4
AS_IT_IS = "as it is"
OUTSIDE = {"key": "resident", "pk": "1"}  # names in routes outside communities
LAST = {  # sent when everything else was: they end what the others stand on
    "POST workbench/organizations/<number>/leader/": "takes the duty from the leader",
    "POST workbench/organizations/<number>/<name>/": "the leader's organization may be dissolved",
    "POST workbench/duties/<pk>/end/": "ends the volunteer's duty",
    "POST workbench/residents/<number>/account/end/": "takes somebody's record from an account",
    "POST me/erasure/": "the resident is to be forgotten",
    "POST accounts/logout/": "ends the session",
    "POST accounts/demo/<key>/": "signs in as somebody else, which ends the session",
    "POST accounts/sessions/": "ends all other sessions of the account",
    "POST accounts/password/change/": "ends all other sessions of the account",
    "POST accounts/reauthenticate/": "a wrong proof counts against the account",
}


class Round:
    """Sends what `odd_values` makes up; `play` returns what went wrong."""

    def __init__(self, real: RealStage, *, seed: int, each: int, share: float = 1.0) -> None:
        self.real, self.stage, self.seed = real, real.stage, seed
        self.share = share  # of what is odd in one place only; what is odd everywhere is always sent
        self.dice, self.passing = Dice(seed, each), Dice(seed, 1)
        self.shown = Shown()
        self.schema = api.get_openapi_schema(path_prefix="/api/")
        self.sent = 0
        self.statuses: list[int] = []
        self.faults: dict[str, str] = {}

    def play(self) -> list[str]:
        """Look, send, look again; then what ends things, and look once more as a visitor; recompute all promises."""
        self.send_all(self._pages(of_each=1), self._note)
        wanted = self.dice.shuffled(self.requests(), self.share)
        self.send_all([one for one in wanted if _plain(one.line) not in LAST])
        self.send_all([one for one in self._pages() if self._is_looked_at_again(one)], self._note)
        self.send_all(self._links())
        self.send_all([one for one in wanted if _plain(one.line) in LAST])
        self.send_all([one for one in self._pages() if one.who == "visitor"])
        with in_community(self.stage.community):
            broken = [str(fault) for _name, faults in verify.run() for fault in faults]
        # the stage's hour is not the computer's, which ids are made by: the journal wonders about that
        return [*self.faults.values(), *(fault for fault in broken if not fault.startswith("journal:"))]

    def _is_looked_at_again(self, page: Request) -> bool:
        """Lists by everybody, the page of one thing by the first of those who may open it."""
        return "<" not in page.line or page.who == (self._who_may(page.line) if page.line in LINES else ["visitor"])[0]

    # --- what is sent ---------------------------------------------------------------------------------------------

    def _pages(self, of_each: int = len(WHO)) -> list[Request]:
        """Every page, by those who may open it, or so many of them."""
        lines = [line for line in LINES if line.startswith("GET ")]
        return [
            Request(line=line, who=who, method="GET", path=self._address(line), odd=AS_IT_IS)
            for line in lines
            for who in self._who_may(line)[:of_each]
        ] + [
            Request(line=f"GET {route}", who=who, method="GET", path=f"/{path}", odd=AS_IT_IS)
            for route, path in self._outside()
            for who in ("visitor", "resident")
        ]

    def _links(self) -> list[Request]:
        """Where the pages lead by now: what was made meanwhile has pages too."""
        return [
            Request(line=f"GET {link}", who=who, method="GET", path=link, odd="a link that a page shows")
            for who, link in zip(cycle(("visitor", "secretary", "staff")), sorted(self.shown.links), strict=False)
            if not link.startswith("/static/")
        ]

    def requests(self) -> Iterator[Request]:
        """The round's requests."""
        for number, line in enumerate(LINES):
            may = self._who_may(line) or ["secretary"]
            others = [who for who in WHO if who not in may] or may
            act = self.stage.acts.get(line)
            who = act.by if act is not None else may[number % len(may)]
            yield from self._for(line, self._address(line), who)
            yield from odd.other_methods(line, self._address(line), who=may[-1], dice=self.dice)
            if number % 3 == self.seed % 3:
                yield from self._for(line, self._address(line), others[number % len(others)], few=True)
        for number, (route, path) in enumerate(self._outside()):
            who = ("visitor", "resident")[number % 2]
            method = ("GET", "POST")[(number // 2 + self.seed) % 2]
            yield from self._for(f"{method} {route}", f"/{path}", who)

    def _for(self, line: str, address: str, who: str, *, few: bool = False) -> Iterator[Request]:
        method, route = [*line.split(), ""][:2]
        dice = self.dice if not few else self.passing
        fixed = [part for part in address.split("/") if part and part not in route.split("/")]
        values = [part for part in fixed if part not in {"c", self.stage.community.slug}]
        yield from odd.in_the_path(line, address, values, who=who, dice=dice)
        path = urlsplit(address).path
        if method == "GET":
            names = self.shown.asked.get(path, set()) | self._parameters(route)
            yield from odd.behind_the_question_mark(line, address, names, who=who, dice=dice)
            yield from odd.in_the_head(line, address, who=who, dice=dice)
        elif is_program(path):
            yield from odd.in_the_json(
                line, address, self._body(line, who), self._properties(route, method), who=who, dice=dice
            )
        else:
            body = self._body(line, who)
            if isinstance(body, Mapping) and any(callable(value) for value in body.values()):
                yield from odd.in_the_files(line, address, body, who=who, dice=dice)
            yield from odd.in_the_fields(line, address, self._fields(line, who), who=who, dice=dice)

    @staticmethod
    def _who_may(line: str) -> list[str]:
        return [who for who, cell in zip(WHO, LINES[line], strict=True) if cell == OPEN]

    def without_fields(self) -> set[str]:
        """Routes that take a form, of which no field was found."""
        forms = {line for line in LINES if line.startswith("POST ") and not line.startswith("POST api/")}
        return {_plain(line) for line in forms if not self._fields(line, "secretary")}

    def _fields(self, line: str, who: str) -> dict[str, Any]:
        body = self._body(line, who)
        shown = self.shown.forms.get(urlsplit(self._address(line)).path) if line in LINES else None
        return {**(shown or {}), **(body if isinstance(body, Mapping) else {})}

    def _address(self, line: str) -> str:
        _method, route, *rest = line.split()
        return self.stage.address(route, rest[0].removeprefix("@") if rest else "")

    @staticmethod
    def _outside() -> list[tuple[str, str]]:
        """Routes and addresses outside communities."""
        routes = {plain(route) for route, _view in leaves(get_resolver("config.urls").url_patterns)}
        return [(route, re.sub(r"<(\w+)>", lambda name: OUTSIDE.get(name[1], "a"), route)) for route in sorted(routes)]

    def _body(self, line: str, who: str) -> Any:
        act = self.stage.acts.get(line)
        body: Any = act.body if act is not None else {}
        with in_community(self.stage.community):
            return body(act.by if act else who) if callable(body) else body

    def _operation(self, route: str, method: str) -> Mapping[str, Any]:
        for path, methods in self.schema["paths"].items():
            if plain(path)[1:] == route and method.lower() in methods:
                found: Mapping[str, Any] = methods[method.lower()]
                return found
        return {}

    def _parameters(self, route: str) -> set[str]:
        return {one["name"] for one in self._operation(route, "GET").get("parameters", []) if one["in"] == "query"}

    def _properties(self, route: str, method: str) -> set[str]:
        content = self._operation(route, method).get("requestBody", {}).get("content", {})
        return odd.schema_names(self.schema, content.get("application/json", {}).get("schema", {}))

    # --- sending --------------------------------------------------------------------------------------------------

    def send_all(self, requests: Sequence[Request], note: Any = None) -> None:
        """By a few clients at once, each on connections of its own."""
        waiting: SimpleQueue[Request] = SimpleQueue()
        for one in requests:
            waiting.put(one)
        threads = [threading.Thread(target=self._client, args=(waiting, note)) for _client in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _client(self, waiting: SimpleQueue[Request], note: Any) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.real.port, timeout=120)
        try:
            while True:
                self._one(link, waiting.get_nowait(), note)
        except Empty:
            link.close()

    def _one(self, link: http.client.HTTPConnection, request: Request, note: Any) -> None:
        session = self.real.sessions[request.who]
        try:
            answer = send(
                link, request.method, request.path, session=session, headers=request.headers, body=request.body
            )
        except (OSError, http.client.HTTPException) as error:
            link.close()
            self._fault(request, f"no answer ({error!r})")
            return
        self.sent += 1
        self.statuses.append(answer.status)
        if wrong := _wrong(request, answer):
            self._fault(request, wrong)
        elif note is not None:
            note(request, answer)

    def _fault(self, request: Request, wrong: str) -> None:
        self.faults.setdefault(
            f"{request.line} {request.odd}", f"{request}: {wrong}\n    {request.method} {request.path[:150]}"
        )

    def _note(self, request: Request, answer: Answer) -> None:
        if answer.status == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
            self.shown.note(request.path, answer.body.decode())


def _plain(line: str) -> str:
    return line.partition(" @")[0]


def _wrong(request: Request, answer: Answer) -> str:
    if answer.status >= 500:
        return f"{answer.status}"
    if answer.status < 400 or request.method == "HEAD":
        return ""
    if request.odd == AS_IT_IS and request.line in LINES and "<" not in request.line and "api/" not in request.line:
        return f"{answer.status}, and it opened before"
    if not answer.body:
        return f"{answer.status} without a word"
    if is_program(urlsplit(request.path).path):
        told = answer.told
        return (
            ""
            if set(told) == {"code", "detail"} and all(told.values())
            else f"{answer.status} in another shape: {told}"
        )
    return "" if b"<html" in answer.body or b'"code"' in answer.body else f"{answer.status} as {answer.body[:80]!r}"
