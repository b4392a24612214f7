"""Which routes a notice takes: the dated rule in `routes.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated
from weiyifang.core.refusals import Refused
from weiyifang.notices.models import Delivery, Route

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


class NoNight(Refused):
    """Quiet hours that do not go over midnight."""

    sentence = _("Quiet hours go over midnight: they begin later in the day than they end, 21:00 and 8:00 for example.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Policy(dated.DatedRule):
    """The rule from one day on. Raises `NoNight`."""

    quiet_from: time
    quiet_until: time
    texts_a_day: int
    tries: int
    again_minutes: int
    calls: int
    call_again_hours: int
    kept_days: int
    purposes: Mapping[str, Purpose]

    def __post_init__(self) -> None:
        if not self.quiet_until < self.quiet_from:
            raise NoNight()

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


def _policy(*, purposes: Mapping[str, Mapping[str, Any]], **rest: Any) -> Policy:
    made = {name: Purpose(**{**one, "routes": tuple(one["routes"])}) for name, one in purposes.items()}
    return Policy(purposes=made, **rest)


ROUTES = dated.RuleFile(
    name="notices.routes",
    path=Path(__file__).with_name("routes.toml"),
    title=_("Messages to people"),
    settings={
        "quiet_from": dated.Setting(label=_("Quiet from")),
        "quiet_until": dated.Setting(label=_("Quiet until")),
        "texts_a_day": dated.Setting(label=_("Text messages a day at most"), most=100_000),
        "tries": dated.Setting(label=_("Tries to send one text message"), least=1, most=10),
        "again_minutes": dated.Setting(label=_("Minutes until it is tried again"), least=1, most=24 * 60),
        "calls": dated.Setting(label=_("Calls that nobody answers, before somebody knocks"), least=1, most=20),
        "call_again_hours": dated.Setting(label=_("Hours until somebody calls again"), least=1, most=72),
        "kept_days": dated.Setting(label=_("Days a message is kept"), least=30, most=366),
    },
    make=_policy,
)


def policy_on(day: date) -> Policy:
    """The rule for what is told on that day."""
    return ROUTES.on(day)
