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
from zlib import crc32

from django.urls import Resolver404, get_resolver, resolve

from config.api import api
from tests import odd_at_once as at_once
from tests import odd_values as odd
from tests.odd_at_once import Sender
from tests.odd_values import Dice, Form, Request, Shown, names_in
from tests.real_stage import Answer, RealStage, send
from tests.test_access import LINES, OPEN, WHO, plain
from tests.test_guards import leaves
from weiyifang.core.tenancy import in_community
from weiyifang.core.web.door import is_program
from weiyifang.governance import verify

CLIENTS = 4
MAY_SEND = 3  # of those whom an address lets in send everything at once to it, on one day
MAY_LOOK_AGAIN = 1  # of those who may open a page look whether it still opens
AS_IT_IS = "as it is"
OUTSIDE = {"key": "resident", "pk": "1"}  # names in routes outside communities
LAST = {  # sent when everything else was, in this order: they end what the others stand on
    "POST workbench/organizations/<number>/leader/": "takes the duty from the leader",
    "POST workbench/organizations/<number>/<name>/": "the leader's organization may be dissolved",
    "POST workbench/duties/<pk>/end/": "ends the volunteer's duty",
    "POST workbench/residents/<number>/account/end/": "takes somebody's record from an account",
    "POST me/erasure/": "the resident is to be forgotten",
    "POST /accounts/reauthenticate/": "a wrong proof counts against the account",
    "POST /accounts/sessions/": "ends all other sessions of the account",
    "POST /accounts/password/change/": "ends all other sessions of the account",
    "POST /accounts/demo/<key>/": "signs in as somebody else, which ends the session",
    "POST /accounts/logout/": "ends the session",
}
Sent = tuple[str, str, str]  # who sent what to which line of docs/access.md: ("visitor", "form title", "POST …")


class Round:
    """Sends what `odd_values` and `odd_at_once` make up; `play` returns what went wrong.

    One by one by somebody who may send it there, `share` of it; everything at once by each of the cast who is refused
    there, and by some of those who are not, others every day: what they set going is the same.
    """

    def __init__(self, real: RealStage, *, day: int, each: int, share: float = 1.0) -> None:
        self.real, self.stage, self.day = real, real.stage, day
        self.share = share
        self.dice = Dice(day, each)
        self.shown = Shown(self._route_of)
        self.schema = api.get_openapi_schema(path_prefix="/api/")
        self.sent = 0
        self.covered: set[Sent] = set()
        self.statuses: list[int] = []
        self.faults: dict[str, str] = {}
        self.found: list[str] = []  # what `play` returned
        self.at_first: dict[str, set[str]] = {}  # fields by line of docs/access.md, before anything odd was sent

    def play(self) -> list[str]:
        """Look, send, look again; then what ends things, and look once more as a visitor; recompute all promises."""
        self.send_all(self._pages(), self._note)
        self.at_first = {line: self.fields(line) for line in LINES}
        wanted = self.dice.shuffled(self.requests(), self.share)
        self.send_all([one for one in wanted if _plain(one.line) not in LAST])
        self.send_all(self._pages(MAY_LOOK_AGAIN), self._note)
        wanted += (late := self._late())
        self.send_all([one for one in late if _plain(one.line) not in LAST])
        self.send_all(self._links())
        for line in LAST:
            self.send_all([one for one in wanted if _plain(one.line) == line])
        self.send_all([one for one in self._pages() if one.who == "visitor"])
        with in_community(self.stage.community):
            broken = [str(fault) for _name, faults in verify.run() for fault in faults]
        # the stage's hour is not the computer's, which ids are made by: the journal wonders about that
        self.found = [*self.faults.values(), *(fault for fault in broken if not fault.startswith("journal:"))]
        return self.found

    # --- what is sent ---------------------------------------------------------------------------------------------

    def _pages(self, most: int = len(WHO)) -> list[Request]:
        """Every page, by each of those who may open it; by so many of them, if they are more."""
        lines = [line for line in LINES if line.startswith("GET ")]
        return [
            Request(line=line, who=who, method="GET", path=self._address(line), odd=AS_IT_IS)
            for line in lines
            for who in self._by_turns(line, self.day, most)
        ] + [
            Request(line=line, who=who, method="GET", path=path, odd=AS_IT_IS)
            for line, path in self.outside()
            if line.startswith("GET ")
            for who in ("visitor", "resident", "staff")
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
            act = self.stage.acts.get(line)
            yield from self._one_by_one(line, self._address(line), act.by if act else may[number % len(may)])
            yield from odd.other_methods(line, self._address(line), who=may[-1], dice=self.dice)
        for number, (line, address) in enumerate(self.outside()):
            yield from self._one_by_one(line, address, ("visitor", "resident")[number % 2])
        for line, address in self.addresses():
            for who in self.senders(line, self.day):
                yield from self._at_once(Sender(line=line, who=who, day=self.day), address)

    def _late(self) -> list[Request]:
        """What pages show only since something was sent: the form of what was not there before."""
        missed = {line for _who, _name, line in self.wanted() - self.covered}
        senders = [
            (Sender(line=line, who=who, day=self.day), path)
            for line, path in self.addresses()
            if line in missed
            for who in self.senders(line, self.day)
        ]
        return [one for sender, path in senders for one in self._at_once(sender, path)]

    def addresses(self) -> list[tuple[str, str]]:
        """Every line of docs/access.md, every route outside communities as it is opened and as it is sent to."""
        return [*((line, self._address(line)) for line in LINES), *self.outside()]

    def _one_by_one(self, line: str, address: str, who: str) -> Iterator[Request]:
        method, route = [*line.split(), ""][:2]
        fixed = [part for part in address.split("/") if part and part not in route.split("/")]
        values = [part for part in fixed if part not in {"c", self.stage.community.slug}]
        yield from odd.in_the_path(line, address, values, who=who, dice=self.dice)
        if method == "GET":
            yield from odd.behind_the_question_mark(line, address, self.asked(line), who=who, dice=self.dice)
            yield from odd.in_the_head(line, address, who=who, dice=self.dice)
        elif is_program(urlsplit(address).path):
            body, names = self._body(line), self._properties(route, method)
            yield from odd.in_the_json(line, address, body, names, who=who, dice=self.dice)
        else:
            for form in self.forms(line):
                yield from odd.in_the_files(line, address, form, who=who, dice=self.dice)
                yield from odd.in_the_fields(line, address, form, who=who, dice=self.dice)

    def _at_once(self, sender: Sender, address: str) -> Iterator[Request]:
        method, route = [*sender.line.split(), ""][:2]
        outside = sender.line not in LINES
        yield from at_once.in_the_path(sender, "/" if outside else f"/c/{self.stage.community.slug}/")
        if sender.who in self._heads(sender.line):
            yield from at_once.in_the_head(sender, address)
        if method == "GET":
            yield from at_once.behind_the_question_mark(sender, address, self.asked(sender.line))
        elif is_program(urlsplit(address).path):
            yield from at_once.in_the_json(sender, address, self.schema, self._schema_of_body(route, method))
        else:
            yield from at_once.in_the_guards(sender, address)
            for form in self.forms(sender.line):
                yield from at_once.in_the_form(sender, address, form)

    @staticmethod
    def _who_may(line: str) -> list[str]:
        return [who for who, cell in zip(WHO, LINES[line], strict=True) if cell == OPEN]

    @classmethod
    def _by_turns(cls, line: str, day: int, most: int) -> list[str]:
        """As many of those who may open it, others every day."""
        may = cls._who_may(line)
        first = crc32(line.encode()) + day
        return [may[(first + number) % len(may)] for number in range(min(most, len(may)))]

    @classmethod
    def senders(cls, line: str, day: int) -> list[str]:
        """Who sends everything at once to this address on a day: all whom it refuses, and some of the others."""
        if line not in LINES:
            return [*WHO]
        idle = {*cls._who_may(line)} - {*cls._by_turns(line, day, MAY_SEND)}
        return [who for who in WHO if who not in idle]

    def _heads(self, line: str) -> set[str]:
        """Who sends odd headers today: they are read before anybody asks who it is."""
        senders = self.senders(line, self.day)
        first = crc32(line.encode()) + self.day
        return {senders[first % len(senders)], senders[(first + len(senders) // 2) % len(senders)]}

    def asked(self, line: str) -> set[str]:
        """Names behind the `?` of a page: what pages show of it, and what the schema of the API says."""
        route = line.split()[1]
        return self.shown.asked.get(route, set()) | self._parameters(route)

    def forms(self, line: str) -> list[Form]:
        """The forms that pages show for this address, and the act of the stage."""
        shown = [*self.shown.forms.get(line.split()[1], {}).values()]
        body = self._body(line)
        if isinstance(body, Mapping) and body:
            like = max(shown, key=lambda form: len(form.fields.keys() & body.keys()), default=Form("", "POST"))
            files = {name for name, value in body.items() if callable(value)}
            act = Form("", "POST", {**like.fields, **body}, like.files | files, like.buttons)
            return [act, *(form for form in shown if form is not like)]
        return shown

    def fields(self, line: str) -> set[str]:
        """The names of all fields that are sent to this address, its buttons' too."""
        return {name for form in self.forms(line) for name in (*form.fields, *form.buttons)} - {"", *odd.GUARDS}

    @staticmethod
    def _route_of(path: str) -> str:
        """The route of a path as `docs/access.md` writes it, or as `outside` does."""
        inside = re.match(r"/c/[^/]+/", path)
        try:
            if inside:
                return plain(resolve(f"/{path[inside.end() :]}", "config.community_urls").route) or "/"
            return f"/{plain(resolve(path, 'config.urls').route) or '/'}"
        except Resolver404:
            return path

    def _address(self, line: str) -> str:
        _method, route, *rest = line.split()
        return self.stage.address(route, rest[0].removeprefix("@") if rest else "")

    @staticmethod
    def outside() -> list[tuple[str, str]]:
        """`METHOD /route` and the address of all there is outside communities; the first page is `//`."""
        routes = sorted({plain(route) for route, _view in leaves(get_resolver("config.urls").url_patterns)})
        paths = {route: re.sub(r"<(\w+)>", lambda name: OUTSIDE.get(name[1], "a"), route) for route in routes}
        return [
            (f"{method} /{route or '/'}", f"/{path}") for method in ("GET", "POST") for route, path in paths.items()
        ]

    def _body(self, line: str) -> Any:
        act = self.stage.acts.get(line)
        body: Any = act.body if act is not None else {}
        with in_community(self.stage.community):
            return body(act.by) if act and callable(body) else body

    def _operation(self, route: str, method: str) -> Mapping[str, Any]:
        for path, methods in self.schema["paths"].items():
            if plain(path)[1:] == route and method.lower() in methods:
                found: Mapping[str, Any] = methods[method.lower()]
                return found
        return {}

    def _parameters(self, route: str) -> set[str]:
        return {one["name"] for one in self._operation(route, "GET").get("parameters", []) if one["in"] == "query"}

    def _schema_of_body(self, route: str, method: str) -> Mapping[str, Any]:
        content = self._operation(route, method).get("requestBody", {}).get("content", {})
        found: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
        return found

    def _properties(self, route: str, method: str) -> set[str]:
        return odd.schema_names(self.schema, self._schema_of_body(route, method))

    # --- what was sent --------------------------------------------------------------------------------------------

    def wanted(self) -> set[Sent]:
        """Whoever is to send it, each address, each name in its route, behind its `?`, in its forms and its body."""
        found = set()
        for line, address in self.addresses():
            method, route = line.split()[:2]
            names = [f"path {name}" for name in names_in(route)]
            if method == "GET":
                names += [f"? {name}" for name in self.asked(line)]
            elif is_program(address):
                names += [f"JSON {name}" for name in self._properties(route, method)]
            else:
                names += [f"form {name}" for name in self.fields(line)]
            found |= {(who, name, line) for who in self.senders(line, self.day) for name in names}
            found |= {(who, "head Accept-Language", line) for who in self._heads(line)}
        return found

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
        self.covered |= {(request.who, name, request.line) for name in request.carries}
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
