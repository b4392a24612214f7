"""Everything odd at once: from each of the cast to each address, with other values every day.

What stands in a field is drawn by who sends it, the address, the field and the day: after as many days as the table
has lines, each of the cast has sent each value in each field. (One by one: `tests/odd_values.py`.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from tests.odd_values import (
    BEHIND_EVERY_QUESTION_MARK,
    COOKIES,
    FILES,
    FORM,
    GUARDS,
    HEADERS,
    IN_EVERY_FORM,
    IN_HEADERS,
    IN_JSON,
    JSON,
    PARTS,
    TEXTS,
    TOKEN,
    Form,
    Header,
    Request,
    as_form,
    encoded,
    in_parts,
    names_in,
)

LONG = 400  # letters: several of 5,000 are more than a head may have, which the web server says without a word
STOPS = ("Idempotency-Key", "If-Match", "Cookie", "Content-Type")  # odd, nothing else is looked at: one at a time


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who sends, where to, on which day."""

    line: str
    who: str
    day: int

    def drawn(self, table: Mapping[Any, Any], name: str) -> Any:
        """What stands in this field today."""
        place = crc32(f"{self.who} {self.line} {name}".encode()) + self.day
        return [*table.values()][place % len(table)]

    def among(self, few: Iterable[Any], name: str) -> Any:
        """One of these."""
        return self.drawn(dict(enumerate(few)), name)

    def odd(self, kind: str, names: Iterable[str], path: str, **sent: Any) -> Request:
        """A request that carries something odd in all of `names`."""
        carries, method = frozenset(f"{kind} {name}" for name in names), self.line.partition(" ")[0]
        return Request(
            line=self.line,
            who=self.who,
            **{"method": method, **sent},
            path=path,
            odd=f"everything in the {kind}, day {self.day}",
            carries=carries,
        )


def in_the_path(sender: Sender, slug: str) -> Iterator[Request]:
    """All names in the route."""
    route = sender.line.split()[1]
    if not names_in(route):
        return
    odd = re.sub(r"<(\w+)>", lambda name: encoded(sender.drawn(TEXTS, name[1])[:LONG]), route)
    sent: dict[str, Any] = {}
    if sender.line.startswith("POST"):
        sent = (
            {"headers": JSON, "body": b"{}"} if route.startswith("api/") else {"headers": FORM, "body": as_form(_TOKEN)}
        )
    yield sender.odd("path", names_in(route), f"{slug}{odd.lstrip('/')}", **sent)


_TOKEN = [("csrfmiddlewaretoken", TOKEN)]


def behind_the_question_mark(sender: Sender, path: str, asked: Iterable[str]) -> Iterator[Request]:
    """All parameters that any page or the schema names."""
    names = sorted({*asked, *BEHIND_EVERY_QUESTION_MARK} - {""})
    for values in _in_all(sender, names):
        query = "&".join(f"{encoded(name)}={encoded(odd[:LONG])}" for name, odd in values.items())
        yield sender.odd("?", names, f"{urlsplit(path).path}?{query}", method="GET")


def _in_all(sender: Sender, names: Iterable[str]) -> Iterator[dict[str, str | bytes]]:
    """A value for each; where NUL was drawn, once more without it: it is refused before anything else is looked at."""
    values: dict[str, str | bytes] = {name: sender.drawn(TEXTS, name) for name in names}
    yield values
    if TEXTS["NUL"] in values.values():
        yield {name: "1" if odd == TEXTS["NUL"] else odd for name, odd in values.items()}


def in_the_form(sender: Sender, path: str, form: Form) -> Iterator[Request]:
    """All fields, once with each of the buttons; what guards the form is left out, then odd by itself."""
    names = [name for name in form.fields if name and name not in {*GUARDS, *form.files}]
    for pressed in form.pressed:
        for values in _in_all(sender, names):
            fields, sent = [*values.items(), *pressed.items(), *_TOKEN], {*names, *form.files, *pressed}
            if form.files:
                files = {name: sender.drawn(FILES, name) for name in form.files}
                yield sender.odd("form", sent, path, headers=PARTS, body=in_parts(fields, files))
            else:
                yield sender.odd("form", sent, path, headers=FORM, body=as_form(fields))


def in_the_guards(sender: Sender, path: str) -> Iterator[Request]:
    """What any form may carry beside its fields."""
    names = [name for name in IN_EVERY_FORM if name not in {"csrfmiddlewaretoken", "_once"}]
    for values in _in_all(sender, names):
        yield sender.odd("form", names, path, headers=FORM, body=as_form([*values.items(), *_TOKEN]))


def in_the_json(sender: Sender, path: str, schema: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Request]:
    """All properties that the schema of this body names; then those inside them, where there are such."""
    seen: set[str] = set()
    for deep in (False, True):
        odd = _Odd(sender, schema, deep=deep)
        text = odd.of(body, "")
        if odd.names - seen or not deep:
            names = {part for name in odd.names for part in (name, name.rpartition(".")[2])}
            yield sender.odd("JSON", names, path, headers=JSON, body=text.encode())
        seen |= odd.names


class _Odd:
    """JSON as its schema wants it, except that nothing is as it should be."""

    def __init__(self, sender: Sender, schema: Mapping[str, Any], *, deep: bool) -> None:
        self.sender, self.schemas, self.deep = sender, schema.get("components", {}).get("schemas", {}), deep
        self.names: set[str] = set()

    def of(self, place: Mapping[str, Any], name: str, depth: int = 0) -> str:
        """The text for a place in the schema."""
        if "$ref" in place:
            return self.of(self.schemas[place["$ref"].rpartition("/")[2]], name, depth)
        if inner := next((one for kind in ("allOf", "anyOf") for one in place.get(kind, ()) if _has_more(one)), None):
            return self.of(inner, name, depth)
        if "items" in place and (depth == 0 or (self.deep and _has_more(place["items"]))):
            return f"[{self.of(place['items'], name, depth)}]"
        if "properties" in place and (depth == 0 or self.deep):
            inside = {f"{name}.{key}".strip("."): (key, one) for key, one in place["properties"].items()}
            self.names |= inside.keys()
            told = (f"{json.dumps(key)}: {self.of(one, at, depth + 1)}" for at, (key, one) in inside.items())
            return f"{{{', '.join(told)}}}"
        odd: str = self.sender.drawn(_IN_JSON, name)
        return odd


# what is no text is refused before anything else is looked at (it is sent one by one), and so is what no parser reads
_IN_JSON = {what: odd for what, odd in IN_JSON.items() if what not in {"NUL", "half a letter", "NaN", "very deep"}}


def _has_more(place: Mapping[str, Any]) -> bool:
    return bool(place.keys() & {"$ref", "properties", "items", "allOf", "anyOf"})


def in_the_head(sender: Sender, path: str) -> Iterator[Request]:
    """All headers that stop nothing, and one of those that do, or of the cookies."""
    headers: list[Header] = [
        (name, sender.drawn(IN_HEADERS, name)) for name in HEADERS if name not in {*STOPS, "X-CSRFToken"}
    ]
    cookie = sender.among([name for name in COOKIES if name != "sessionid"], "cookie")
    stop = sender.among(STOPS, "stop")
    odd = sender.drawn(IN_HEADERS, stop)
    headers.append((stop, f"{cookie}=".encode() + odd if stop == "Cookie" else odd))
    body = None if sender.line.startswith("GET") else as_form(_TOKEN)
    if body is not None:
        headers += [(name, value) for name, value in FORM if name != stop]
    yield sender.odd("head", [name for name, _value in headers], path, headers=headers, body=body)
