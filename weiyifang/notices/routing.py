"""Which routes a notice takes: the dated rule in `routes.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from weiyifang.core import clock
from weiyifang.notices.models import Delivery, Route

DATA = Path(__file__).with_name("routes.toml")
TO = frozenset({"everybody", "others"})


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """What a kind of notice is told for: to whom, and which routes are tried in which order."""

    to: str
    routes: tuple[str, ...]
    wakes: bool

    def __post_init__(self) -> None:
        if self.to not in TO or not set(self.routes) <= set(Route.values):
            raise ValueError(f"a purpose goes to {sorted(TO)} by {sorted(Route.values)}")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The rule from one day on."""

    since: date
    quiet_from: time
    quiet_until: time
    texts_a_day: int
    tries: int
    again_minutes: int
    calls: int
    call_again_hours: int
    kept_days: int
    purposes: Mapping[str, Purpose]

    def not_before(self, moment: datetime, purpose: Purpose) -> datetime:
        """The moment, or the end of the quiet hours it falls into."""
        local = timezone.localtime(moment)
        late, early = local.time() >= self.quiet_from, local.time() < self.quiet_until
        if purpose.wakes or not (late or early):
            return moment
        return clock.local(local.date() + timedelta(days=1 if late else 0), self.quiet_until)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How somebody can be reached."""

    signs_in: bool = False
    texts: bool = False  # a mobile, and a yes to messages
    phone: bool = False
    door: bool = False

    def __contains__(self, route: str) -> bool:
        return bool({Route.SMS: self.texts, Route.PHONE: self.phone, Route.DOOR: self.door}[Route(route)])


def first_route(purpose: Purpose, reach: Reach) -> str:
    """By which route it goes, "" for none. Who neither signs in nor is open by any route stands on the phone list:
    somebody of the committee may know how to find them.
    """
    if not purpose.routes or (purpose.to == "others" and reach.signs_in):
        return ""
    open_ = next((route for route in purpose.routes if route in reach), "")
    return open_ or ("" if reach.signs_in else Route.PHONE)


def next_route(purpose: Purpose, reach: Reach, after: str) -> str:
    """The next one when a route did not reach them, "" when none is left."""
    surer = Delivery.WAYS[Delivery.WAYS.index(after) + 1 :]
    return next((route for route in surer if route in purpose.routes and route in reach), "")


@cache
def policies() -> list[Policy]:
    """Every rule, the newest first. Raises ValueError and TypeError for a file that says something else."""
    found = [_policy(rule) for rule in tomllib.loads(DATA.read_text(encoding="utf-8"))["policy"]]
    return sorted(found, key=lambda policy: policy.since, reverse=True)


def policy_on(day: date) -> Policy:
    """The rule for what is told on that day."""
    return next(policy for policy in policies() if policy.since <= day)


def _policy(rule: dict[str, Any]) -> Policy:
    purposes = {
        name: Purpose(**{**purpose, "routes": tuple(purpose["routes"])}) for name, purpose in rule["purposes"].items()
    }
    return Policy(**{**rule, "purposes": purposes})
