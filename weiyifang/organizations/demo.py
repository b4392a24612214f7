"""Demo organizations, made through the verbs. The same dice give the same organizations."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announced_together
from weiyifang.files import demo as files
from weiyifang.organizations import services
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Resident

FILE = Path(__file__).parent / "demo.toml"
LED_BY_ONE = ("摄友之家", "方寸俱乐部")  # both are led by the same resident, as in the real place
REGISTERED = 5  # how many of the oldest are legal persons
TASKS = ("联络员", "管账")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One organization of `demo.toml`."""

    name: str
    pearl: str
    kind: str
    age: int
    size: int
    purpose: str
    pictures: Sequence[str] = ()
    least: int = 18
    most: int = 85


def plans() -> list[Plan]:
    """The organizations of the demo, the oldest first."""
    found = [Plan(**one) for one in tomllib.loads(FILE.read_text("utf-8"))["organization"]]
    return sorted(found, key=lambda plan: -plan.age)


def make_organizations(rng: random.Random, *, by: Actor, leader: Resident | None = None) -> list[Organization]:
    """Apply for, file and fill 43 organizations; `leader` leads the photographers and the stamp collectors.

    Needs residents; with few of them the organizations stay small. `by` may manage organizations.
    """
    people = list(
        Resident.objects.living_here()
        .only("id", "community", "number", "name", "born_on", "left_on", "account")
        .order_by("number")
    )
    aged, made = _with_ages(people), list[Organization]()
    with announced_together():
        for number, plan in enumerate(plans()):
            fitting = [one for one, age in aged if plan.least <= age <= plan.most] or people
            head = leader if plan.name in LED_BY_ONE and leader is not None else rng.choice(fitting)
            if plan.name in LED_BY_ONE:
                leader = head
            made.append(_make(rng, plan, head, fitting, legal=number < REGISTERED, by=by))
    return sorted(made, key=lambda organization: organization.number)


def _make(
    rng: random.Random, plan: Plan, head: Resident, fitting: Sequence[Resident], *, legal: bool, by: Actor
) -> Organization:
    founded = _months_ago(plan.age)
    organization = services.apply(
        leader=head,
        name=plan.name,
        kind=plan.kind,
        pearl=plan.pearl,
        purpose=plan.purpose,
        founded_on=founded,
        by=by,
    )
    filed = min(founded.replace(day=20), clock.today())
    services.file(
        organization=organization, filing_no=f"南湖社组备〔{filed.year}〕{organization.number:02d} 号", on=filed, by=by
    )
    if legal:
        code = f"DEMO{organization.number:014d}"  # 18 characters, and plainly nobody's real code
        services.register(organization=organization, credit_code=code, by=by)
    for picture in plan.pictures:
        services.edit(organization=organization, pictures=files.wanted(picture), by=by)
    others = [one for one in rng.sample(fitting, min(plan.size, len(fitting))) if one.pk != head.pk][: plan.size - 1]
    for task, one in zip(TASKS, others, strict=False):
        services.add_member(organization=organization, resident=one, title=task, since=founded, by=by)
    rest = others[len(TASKS) :]
    days = sorted(_one_by_one(rng, founded) for _ in rest)
    services.add_members(organization=organization, residents=rest, since=days, by=by)
    return organization


def _one_by_one(rng: random.Random, founded: date) -> date:
    """A day on which somebody joined: half of them in the first tenth of the time since it was founded."""
    days = max((clock.today() - founded).days, 0)
    return founded + timedelta(days=int(days * rng.random() ** 3))


def _with_ages(people: Iterable[Resident]) -> list[tuple[Resident, int]]:
    today = clock.today()
    return [(one, age) for one in people if (age := one.age_on(today)) is not None]


def _months_ago(months: int) -> date:
    today = clock.today()
    total = today.year * 12 + today.month - 1 - months
    return date(total // 12, total % 12 + 1, 8)


def join(*, resident: Resident, name: str, by: Actor) -> None:
    """Let a resident of the cast belong to the organization of this name, unless the dice saw to it already.

    `by` may manage organizations.
    """
    organization = Organization.objects.get(name=name)
    if not organization.memberships.live().filter(resident=resident).exists():
        services.add_member(organization=organization, resident=resident, by=by)


def leave_on_the_desk(rng: random.Random, *, name: str) -> None:
    """What waits when the year ends: two who want to join this organization, and a new one that wants to be filed."""
    organization = Organization.objects.get(name=name)
    members = organization.memberships.live().values("resident")
    outside = Resident.objects.living_here().filter(account=None).exclude(pk__in=members).order_by("number")
    people = [one for one, age in _with_ages(outside) if 25 <= age <= 75]
    first, second, founder = rng.sample(people, 3)
    for one in (first, second):
        services.ask_to_join(organization=organization, resident=one, by=_oneself(one))
    new = tomllib.loads(FILE.read_text("utf-8"))["applied"]
    services.apply(leader=founder, by=_oneself(founder), **new)


def _oneself(resident: Resident) -> Actor:
    return Actor(community_id=resident.community_id, resident_id=resident.pk, name=resident.name)
