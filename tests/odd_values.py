"""What nobody expects, sent to every address and into every field: the table, and where it is sent.

Addresses come from `docs/access.md` (which a test holds against the routes) and from the routes outside communities;
fields from the forms that the pages show, from the links behind their `?`, from the acts of the stage and from the
schema of the API. Whatever is new is therefore tried without being named here.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, quote, quote_from_bytes, urlsplit

Header = tuple[str, bytes | str]

# in forms, in addresses and behind the `?`; bytes are no UTF-8
TEXTS: dict[str, str | bytes] = {
    "nothing": "",
    "only spaces": " \u3000\t",
    "NUL": "a\0b",
    "control characters": "甲\x01\x0b\x0c\x1b\x7f\x85乙",
    "line ends": "甲\r\n乙\u2028丙\x0b丁",
    "half a letter": b"\xed\xa0\x80",
    "no UTF-8": b"\xff\xfe\xe4",
    "written from the right": "\u202e一二三\u2066x\u2069",
    "nothing to see": "\u200b\u200d\ufeff\u2060",
    "beyond the first plane": "🀄👨‍👩‍👧𠮷",
    "10^20": "1" + "0" * 20,
    "5,000 digits": "9" * 5_000,
    "minus one": "-1",
    "a billion with an exponent": "1e9",
    "next to nothing": "0.1e-9",
    "beyond a float": "1e400",
    "no number": "NaN",
    "without end": "-Infinity",
    "full-width": "１２３",
    "not in the calendar": "2026-02-30",
    "year 0": "0000-01-01",
    "year 9999": "9999-12-31",
    "no time": "25:61",
    "last moment": "9999-12-31 23:59:59",
    "very long": "长" * 5_000,
    "a word": "甲",
    "markup": "<script>{{ 1 }}</script>%(x)s{0}'\"\\;--",
    "an id of nobody": "01900000-0000-7000-8000-000000000001",
    "a source of nothing": "organizations.organization:01900000-0000-7000-8000-000000000001",
    "a list": "[1, [2]]",
}
IN_JSON: dict[str, str] = {  # as it is written in a body
    "null": "null",
    "true": "true",
    "minus one": "-1",
    "10^20": "1" + "0" * 20,
    "5,000 digits": "9" * 5_000,
    "half": "0.5",
    "beyond a float": "1e400",
    "NaN": "NaN",
    "a word": '"甲"',
    "nothing": '""',
    "NUL": r'"a\u0000b"',
    "half a letter": r'"\ud800"',
    "control characters": r'"甲\u0001\u000b\u001b乙"',
    "written from the right": '"\u202e一二\u200b"',
    "very long": json.dumps("长" * 5_000),
    "year 9999": '"9999-12-31"',
    "not in the calendar": '"2026-02-30"',
    "an id of nobody": '"01900000-0000-7000-8000-000000000001"',
    "a list": "[1, [2]]",
    "an object": '{"甲": {}}',
    "very deep": "[" * 20_000 + "]" * 20_000,
}
IN_HEADERS: dict[str, bytes] = {
    "Chinese": "南湖社区".encode(),
    "no UTF-8": b"\xff\xfe",
    "5,000 digits": b"9" * 5_000,
    "a broken address": b"http://[::1",
    "punctuation": b"\"';,=%00[]{}\\",
    "minus one": b"-1",
    "nothing": b"",
}
HEADERS = (
    *("Accept-Language", "Accept", "User-Agent", "Referer", "Origin", "Range", "Idempotency-Key"),
    *("If-None-Match", "If-Modified-Since", "If-Match", "Forwarded", "X-Forwarded-For", "X-CSRFToken", "Content-Type"),
)
COOKIES = ("sessionid", "csrftoken", "look", "device", "messages", "django_language", "known")
GUARDS = ("csrfmiddlewaretoken", "_once", "_for", "_seen")  # as they should be they let one request through, no more
IN_EVERY_FORM = (*GUARDS, "_page", "_form", "_refused", "_look", "_again", "next", "also")  # the last: seldom shown
BEHIND_EVERY_QUESTION_MARK = ("page", "q", "of", "typed", "next", "format", "as", "again", "digits")
TOKEN = "x" * 32  # Django takes it as its own when it stands in the cookie and in the form


@dataclass(frozen=True, kw_only=True)
class Request:
    """One thing that is sent, and what is odd about it."""

    line: str  # of docs/access.md
    who: str
    method: str
    path: str
    odd: str
    headers: Sequence[Header] = ()
    body: bytes | None = None
    carries: frozenset[str] = frozenset()  # what in it is odd, where that is counted (`tests/odd_at_once.py`)

    def __str__(self) -> str:
        return f"{self.line} as {self.who}: {self.odd}"


def encoded(value: str | bytes) -> str:
    return quote(value, safe="") if isinstance(value, str) else quote_from_bytes(value, safe="")


def as_form(fields: Iterable[tuple[str, str | bytes]]) -> bytes:
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in fields).encode()


# --- what pages show ----------------------------------------------------------------------------------------------


@dataclass
class Form:
    """A form on a page: where it goes, and its fields as they would be sent."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)  # of the fields, those that take one
    buttons: dict[str, str] = field(default_factory=dict)  # with a name: a browser sends the one that was pressed

    @property
    def pressed(self) -> list[dict[str, str]]:
        """What each of its buttons adds to the fields; the one without a name nothing."""
        return [{}, *({name: value} for name, value in self.buttons.items())]


class Page(HTMLParser):
    """The forms of a page, and where its links lead."""

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.links: set[str] = set()
        self._inside: Form | None = None
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As HTMLParser asks."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith(("/", "?")):
            self.links.add(
                given["href"] if given["href"].startswith("/") else self.path.partition("?")[0] + given["href"]
            )
        elif tag == "form":
            action = given.get("action") or self.path
            self._inside = Form(action, given.get("method", "get").upper())
            self.forms.append(self._inside)
        elif self._inside is not None and tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self._field(tag, given)
        elif tag == "option":
            self._option(given)

    def _option(self, given: Mapping[str, str]) -> None:
        fields = self._inside.fields if self._inside is not None else {}
        if self._select and ("selected" in given or not fields.get(self._select)):
            fields[self._select] = given.get("value", "")

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        assert self._inside is not None
        name, fields = given["name"], self._inside.fields
        self._select, self._textarea = (name if tag == kind else "" for kind in ("select", "textarea"))
        if tag == "button" or given.get("type") == "submit":
            self._inside.buttons[name] = given.get("value", "")
        elif given.get("type") in {"radio", "checkbox"}:
            if "checked" in given or not fields.get(name):
                fields[name] = given.get("value", "on")
        else:
            fields.setdefault(name, given.get("value", ""))
        if given.get("type") == "file":
            self._inside.files.add(name)

    def handle_data(self, data: str) -> None:
        """As HTMLParser asks."""
        if self._textarea and self._inside is not None:
            self._inside.fields[self._textarea] += data.strip("\r\n")

    def handle_endtag(self, tag: str) -> None:
        """As HTMLParser asks."""
        if tag == "form":
            self._inside = None
        if tag == "textarea":
            self._textarea = ""
        if tag == "select":
            self._select = ""


class Shown:
    """What the pages that were opened show, by the route it leads to: parameters of addresses, and forms."""

    def __init__(self, route_of: Callable[[str], str]) -> None:
        self.route_of = route_of  # of a path
        self.asked: dict[str, set[str]] = defaultdict(set)  # route → names behind its `?`
        self.forms: dict[str, dict[frozenset[str], Form]] = defaultdict(dict)  # route → what is sent there
        self.links: set[str] = set()

    def note(self, path: str, html: str) -> None:
        """Remember the forms and the links of a page. Forms with the same fields are one."""
        page = Page(html, path)
        for form in page.forms:
            route = self.route_of(urlsplit(form.action).path)
            if form.method == "GET":
                self.asked[route] |= form.fields.keys() | form.buttons.keys()
            else:
                known = self.forms[route].setdefault(frozenset(form.fields), form)
                known.buttons.update(form.buttons)
        for link in page.links:
            parts = urlsplit(link)
            names = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
            self.asked[self.route_of(parts.path)] |= names
            self.links.add(link.partition("#")[0])


# --- what is sent -------------------------------------------------------------------------------------------------


class Dice:
    """Which of the odd values stand where: all over the table in turn, so that each meets each sooner or later."""

    def __init__(self, seed: int, each: int) -> None:
        self.each = each  # values for one field
        self._random = random.Random(seed)
        self._turns: dict[int, int] = {}

    def some(self, table: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """The next few of a table."""
        names = list(table)
        turn = self._turns.setdefault(id(table), self._random.randrange(len(names)))
        self._turns[id(table)] = turn + self.each
        return [
            (names[(turn + step) % len(names)], table[names[(turn + step) % len(names)]]) for step in range(self.each)
        ]

    def shuffled(self, requests: Iterable[Request], share: float = 1.0) -> list[Request]:
        """In any order: what is done to a thing is done before and after whatever else is."""
        found = [one for one in requests if one.carries or self._random.random() < share]
        self._random.shuffle(found)
        return found

    def few(self, of: Sequence[Any], at_least: int = 1) -> list[Any]:
        """Some of what is the same everywhere: more of it the more values a field gets."""
        return self._random.sample(list(of), min(len(of), max(at_least, self.each * at_least)))


def in_the_path(line: str, address: str, values: Sequence[str], *, who: str, dice: Dice) -> Iterator[Request]:
    """The address with each of the names in it (`values` stand for them) made odd."""
    method = line.partition(" ")[0]
    for value in values:
        for name, odd in dice.some(TEXTS):
            if f"/{value}" in address:
                path = address.replace(f"/{value}", f"/{encoded(odd)}", 1)
                yield Request(
                    line=line, who=who, method=method, path=path, odd=f"{name} for {value} in the path", **_post(method)
                )


def _post(method: str) -> dict[str, Any]:
    if method == "GET":
        return {}
    return {"headers": FORM, "body": f"csrfmiddlewaretoken={TOKEN}".encode()}


FORM: Sequence[Header] = (("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", f"csrftoken={TOKEN}"))
JSON: Sequence[Header] = (("Content-Type", "application/json"),)


def behind_the_question_mark(
    line: str, address: str, names: Iterable[str], *, who: str, dice: Dice
) -> Iterator[Request]:
    """Each parameter made odd, one twice, one that nobody knows."""
    for name in sorted({*names, *dice.few(BEHIND_EVERY_QUESTION_MARK)}):
        for what, odd in dice.some(TEXTS):
            path = f"{address}?{encoded(name)}={encoded(odd)}"
            yield Request(line=line, who=who, method="GET", path=path, odd=f"{what} in ?{name}")
    yield Request(line=line, who=who, method="GET", path=f"{address}?q=1&q=2&q[]=3&%zz=%&=", odd="parameters twice")


def in_the_fields(line: str, address: str, form: Form, *, who: str, dice: Dice) -> Iterator[Request]:
    """Each field made odd, the others as they should be; then all of them twice, as lists, none."""
    usual = [(name, one) for name, value in form.fields.items() if name not in GUARDS for one in _values(value)]

    def sent(pairs: Iterable[tuple[str, Any]], odd: str) -> Request:
        given = [*pairs, *dice.few(form.pressed)[0].items()]
        if "csrfmiddlewaretoken" not in dict(given):
            given.append(("csrfmiddlewaretoken", TOKEN))
        return Request(line=line, who=who, method="POST", path=address, odd=odd, headers=FORM, body=as_form(given))

    for name in [name for name in {**dict(usual), **dict.fromkeys(dice.few(IN_EVERY_FORM))} if name]:
        for what, odd in dice.some(TEXTS):
            yield sent([(other, value) for other, value in usual if other != name] + [(name, odd)], f"{what} in {name}")
    whole = [
        sent([*usual, *usual], "every field twice"),
        sent([(f"{name}[]", value) for name, value in usual], "every field as a list"),
        sent([], "nothing at all"),
    ]
    yield from dice.few(whole)


def _values(value: Any) -> list[str]:
    if callable(value):
        return ["甲.csv"]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def in_the_json(line: str, address: str, body: Any, names: Iterable[str], *, who: str, dice: Dice) -> Iterator[Request]:
    """Each property made odd, the others as they should be; then the whole body."""
    method = line.partition(" ")[0]
    usual: dict[str, Any] = body[0] if isinstance(body, list) and body else (body if isinstance(body, dict) else {})
    is_list = isinstance(body, list)

    def sent(text: str, odd: str) -> Request:
        return Request(line=line, who=who, method=method, path=address, odd=odd, headers=JSON, body=text.encode())

    for name in sorted({*usual, *names, "nobody_knows_this"}):
        for what, odd in dice.some(IN_JSON):
            others = [f"{json.dumps(other)}: {json.dumps(value)}" for other, value in usual.items() if other != name]
            text = "{" + ", ".join([*others, f"{json.dumps(name)}: {odd}"]) + "}"
            yield sent(f"[{text}]" if is_list else text, f"{what} in {name}")
    for what, odd in dice.some(IN_JSON):
        yield sent(odd, f"{what} as the whole body")
    for text in dice.few(("", "{", '{"a": 1, "a": 2}', "\ufeff{}")):
        yield sent(text, f"the body {text!r}")


def in_the_head(line: str, address: str, *, who: str, dice: Dice) -> Iterator[Request]:
    """Each header and each cookie of ours made odd."""
    for name in dice.few(HEADERS):
        what, odd = dice.some(IN_HEADERS)[0]
        yield Request(line=line, who=who, method="GET", path=address, odd=f"{what} in {name}", headers=[(name, odd)])
    for name in dice.few(COOKIES):
        what, odd = dice.some(IN_HEADERS)[0]
        headers = [("Cookie", f"{name}=".encode() + odd)]
        yield Request(
            line=line, who=who, method="GET", path=address, odd=f"{what} in the cookie {name}", headers=headers
        )


def other_methods(line: str, address: str, *, who: str, dice: Dice) -> Iterator[Request]:
    """Methods that nobody uses, and files for whoever takes none."""
    for method in dice.few(("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "QUATSCH")):
        yield Request(
            line=line, who=who, method=method, path=address, odd=method, body=b"" if method[0] in "PD" else None
        )
    keyed = (*PARTS, ("Idempotency-Key", "key"))
    bodies = (("an empty multipart", b"--x--\r\n"), ("half a multipart", b"--x\r\nContent-Disp"), ("nothing", b""))
    for what, body in dice.few(bodies):
        yield Request(line=line, who=who, method="POST", path=address, odd=what, headers=keyed, body=body)


FILES: dict[str, tuple[str, bytes]] = {
    "an empty file": ("甲.csv", b""),
    "NUL in a file": ("a.csv", b"\0\0\0"),
    "no table": ("a.xlsx", b"PK\x03\x04 no zip"),
    "no letters": ("a.csv", bytes(range(256))),
    "one long line": ("a.csv", b"," * 100_000),
    "another encoding": ("a.csv", "姓名,出生日期\n钱多多,1960-05-06\n".encode("gbk")),
    "odd cells": ("a.csv", "姓名,出生日期\n\u202e钱\x01,9999-12-31\n-1,=1+1\n".encode()),
    "a name of dots": ("../../..", b"a,b\n"),
    "a very long name": ("长" * 300 + ".csv", b"a,b\n"),
    "a name with signs": ('a";\x01\u202e.csv', b"a,b\n"),
}


def in_the_files(line: str, address: str, form: Form, *, who: str, dice: Dice) -> Iterator[Request]:
    """Odd files, under odd names."""
    for name in sorted(form.files):
        for what in dice.few(list(FILES), 3):
            yield Request(
                line=line,
                who=who,
                method="POST",
                path=address,
                odd=f"{what} in {name}",
                headers=PARTS,
                body=in_parts([], {name: FILES[what]}),
            )


PARTS: Sequence[Header] = (
    *(("Content-Type", "multipart/form-data; boundary=x"), ("Cookie", f"csrftoken={TOKEN}")),
    ("X-CSRFToken", TOKEN),
)


def in_parts(fields: Iterable[tuple[str, str | bytes]], files: Mapping[str, tuple[str, bytes]]) -> bytes:
    """The body of a form that takes files."""
    parts = []
    for name, value in fields:
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(head.encode() + (value.encode() if isinstance(value, str) else value))
    for name, (file_name, content) in files.items():
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n\r\n'
        parts.append(head.encode() + content)
    return b"\r\n".join([*parts, b"--x--\r\n"])


def schema_names(schema: Mapping[str, Any], place: Mapping[str, Any]) -> set[str]:
    """The names of a JSON body's properties, wherever the schema keeps them."""
    if "$ref" in place:
        return schema_names(schema, schema["components"]["schemas"][place["$ref"].rpartition("/")[2]])
    found = set(place.get("properties", {}))
    for inner in [place.get("items"), *place.get("allOf", []), *place.get("anyOf", [])]:
        if inner:
            found |= schema_names(schema, inner)
    return found


def names_in(route: str) -> list[str]:
    """`<number>` and the like, in a route as `docs/access.md` writes it."""
    return re.findall(r"<(\w+)>", route)
