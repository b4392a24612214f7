"""The talents of a replayed year, put down, asked and thanked through the verbs. Who can do what: `demo.toml`."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import announced_together
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Resident
from weiyifang.talents import services
from weiyifang.talents.models import Talent, TalentRequest

FILE = Path(__file__).with_name("demo.toml")
LEAST, MOST = 25, 85  # years of age of the demo's talents
AHEAD = 5  # days from asking until it takes place
HOURS = ("09:00", "14:30", "19:00")
YES, THANKED, SHOWN, TIMED = 0.8, 0.7, 0.9, 0.85  # how many say yes, are thanked, let it be read; have a time
THANKS = (
    "忙了一上午，一分钱没要，谢谢！",
    "做得真好，大家都夸。",
    "谢谢您，下回还来请您。",
    "孩子们学得很开心，谢谢老师。",
)
NO = ("那天有事，对不住。", "最近身体不好，下回吧。", "要带孙子，走不开。")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One line of `demo.toml`."""

    what: str
    topics: Sequence[str]
    words: str
    asks: Sequence[str]
    place: str


def plans() -> list[Plan]:
    """What the demo's talents can do, in the order they are put down."""
    return [Plan(**one) for one in tomllib.loads(FILE.read_text("utf-8"))["talent"]]


def put_down(rng: random.Random, *, known: Sequence[Resident], talents: int) -> list[Talent]:
    """Put the talents down: some of the cast, who sign in, first; then others of the register."""
    people = Resident.objects.living_here().aged(least=LEAST, most=MOST).filter(account=None)
    others = list(people.only("id", "community", "number", "name", "born_on", "left_on", "account").order_by("number"))
    rng.shuffle(others)
    wishes, made = plans(), []
    with announced_together():
        for number, one in enumerate([*known, *others][:talents]):
            plan = wishes[number % len(wishes)]
            said: dict[str, Any] = {"what": plan.what, "words": plan.words, "topics": plan.topics}
            made.append(services.put_down(resident=one, agreed=True, by=system(), **said))
    return made


def ask(rng: random.Random, *, number: int, day: date, staff: Actor) -> TalentRequest | None:
    """The request with this number is made, and answered at once; what has no time is thanked for the same day."""
    talents = list(Talent.objects.listed().select_related("resident").order_by("number"))
    talent = talents[number * 7 % len(talents)]
    plan = next(one for one in plans() if one.what == talent.what)
    starts_at = clock.local(day + timedelta(days=AHEAD), rng.choice(HOURS)) if rng.random() < TIMED else None
    asked = services.ask(
        talent=talent,
        what=rng.choice(plan.asks),
        place=plan.place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2) if starts_at else None,
        **_for(rng, talent, staff),
    )
    if rng.random() < YES:
        try:
            return services.accept(request=asked, answer="好的，没问题。", by=system())
        except services.Busy:
            pass
    return services.decline(request=asked, answer=rng.choice(NO), by=system())


def thank(rng: random.Random, *, day: date) -> None:
    """What took place the day before is thanked for by most, and most let the neighbours read it."""
    since, until = clock.day_bounds(day - timedelta(days=1))
    done = TalentRequest.objects.filter(state="accepted", ends_at__gte=since, ends_at__lt=until)
    for request in done.order_by("asked_at", "id"):
        if rng.random() < THANKED:
            thanks = services.thank(request=request, words=rng.choice(THANKS), is_named=rng.random() < 0.5, by=system())
            if rng.random() < SHOWN:
                services.show_thanks(thanks=thanks, by=system())


def leave_open(*, cast: Sequence[Resident], staff: Actor) -> None:
    """When the year ends somebody waits for an answer: of each of the cast who is on the list."""
    for talent in Talent.objects.listed().filter(resident__in=cast).order_by("number"):
        plan = next(one for one in plans() if one.what == talent.what)
        starts_at = clock.local(clock.today() + timedelta(days=AHEAD), HOURS[1])
        times: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        services.ask(talent=talent, resident=None, what=plan.asks[0], place=plan.place, by=staff, **times)


def _for(rng: random.Random, talent: Talent, staff: Actor) -> dict[str, Any]:
    """Who asks: an organization, the committee, or a neighbour."""
    dice = rng.random()
    if dice < 0.5:
        organizations = Organization.objects.active().exclude(leader=None).exclude(leader=talent.resident_id)
        chosen = rng.choice(list(organizations.select_related("leader").order_by("number")))
        return {"resident": chosen.leader, "of": source_of(chosen), "by": system()}
    if dice < 0.75:
        return {"resident": None, "by": staff}
    people = Resident.objects.living_here().filter(account=None).exclude(pk=talent.resident_id)
    place = rng.randrange(people.count())
    return {"resident": people.order_by("number")[place], "by": system()}
