"""A community in which every address leads somewhere: one thing of every kind, in the state its next step asks for.

`Stage.paths` says which thing stands behind the names in a route, `Stage.acts` who sends what to it so that it does
its work. The tests that open *every* route stand on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpResponseBase

from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor
from weiyifang.people.models import Account, Resident
from weiyifang.people.testing import VISITOR, CommunityClient

NOON = datetime(2026, 10, 14, 4, tzinfo=UTC)  # a Wednesday, 12:00 in Chongqing
TODAY = date(2026, 10, 14)

Body = Mapping[str, Any] | list[Any] | Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is sent to a route so that it does its work. `body` may depend on who sends it."""

    by: str
    body: Body = field(default_factory=dict)
    before: Callable[[], object] | None = None  # what has to happen first
    repeats: bool = False  # without a key, sent again, it is another act (a second gift); else a refusal or nothing
    is_streamed: bool = False  # a file, which is never kept: asked for again, it is made again


# What a package puts on the stage: `add(cast, led, paths, acts)` in its `tests/scenes.py`, which is found. See `Stage`.
Cast = Mapping[str, Actor]
Paths = dict[str, Mapping[str, Any]]
Acts = dict[str, Act]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The community, its people, and what stands behind the routes.

    The keys of `paths` are beginnings of routes, those of `acts` lines of `docs/access.md`: `METHOD route [@variant]`.
    """

    community: Community
    cast: Mapping[str, Actor]
    browsers: Mapping[str, CommunityClient]
    paths: Mapping[str, Mapping[str, Any]]
    acts: Mapping[str, Act]

    def address(self, route: str, variant: str = "", slug: str = "") -> str:
        """`/c/<slug>/…` with the names in the route filled in, from the longest beginning that is known."""
        known = [key for key in self.paths if _begins(key, route, variant)]
        values = self.paths[max(known, key=lambda key: (("@" in key), len(key)))] if known else {}
        filled = re.sub(r"<(\w+)>", lambda name: str(values[name[1]]), route)
        return f"/c/{slug or self.community.slug}/{filled.lstrip('/')}"

    def prepare(self, line: str) -> None:
        """Let happen what has to come before the act of this line."""
        act = self.acts.get(line)
        if act is not None and act.before is not None:
            act.before()

    def send(
        self, line: str, who: str, *, slug: str = "", key: str = "", more: Mapping[str, Any] | None = None
    ) -> HttpResponseBase:
        """Send the request of a line as one of the cast; with an idempotency key, with `more` in its body."""
        method, route, *rest = line.split()
        address = self.address(route, rest[0].removeprefix("@") if rest else "", slug)
        act = self.acts.get(line)
        body = act.body if act else {}
        body = body(who) if callable(body) else body
        is_program = route.startswith("api/") and method != "GET"
        headers = {"Origin": "http://testserver"} | ({"Idempotency-Key": key} if key and is_program else {})
        kind: dict[str, Any] = {"headers": headers}
        if isinstance(body, list):
            kind |= _json([*body, more] if more else body)
        elif is_program:
            kind |= _json({**body, **(more or {})})
        elif method != "GET":
            typed = {**body, **(more or {})} | ({"_once": key} if key else {})
            kind |= {"data": {name: value() if callable(value) else value for name, value in typed.items()}}
        response: HttpResponseBase = getattr(self.browsers[who], method.lower())(address, **kind)
        return response


def _json(body: object) -> dict[str, str]:
    return {"data": json.dumps(body), "content_type": "application/json"}


def _begins(key: str, route: str, variant: str) -> bool:
    start, _at, its_variant = key.partition(" @")
    return route.startswith(start) and its_variant in {"", variant}


def browsers_of(accounts: Mapping[str, Account]) -> dict[str, CommunityClient]:
    """A signed-in browser for each, and one nobody is signed in with."""
    found = {VISITOR: CommunityClient()}
    for key, account in accounts.items():
        found[key] = CommunityClient()
        found[key].force_login(account)
    return found


def home_of(cast: Cast, who: str) -> Resident:
    """The resident record of one of the cast; of the resident for those who have none."""
    found = (cast[who].resident_id if who in cast else None) or cast["resident"].resident_id
    assert found is not None
    return Resident.objects.get(pk=found)


def picked(person: Resident) -> dict[str, str]:
    """What a form sends when this person was looked up and chosen."""
    return {"who": person.name, "who_among": person.name, "who_is": str(person.number)}
