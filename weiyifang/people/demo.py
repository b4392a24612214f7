"""The cast: invented people, one for every role, so that a visitor can see the program with everybody's eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from weiyifang.communities.models import Community
from weiyifang.core import actors
from weiyifang.core.tenancy import in_community
from weiyifang.people import services
from weiyifang.people.actors import actor_for
from weiyifang.people.models import Account, Duty, Gender, Resident
from weiyifang.people.roles import ROLE_NAMES, Role


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the cast. `phone` is in 199 0000 xxxx; the demo sends nothing, its codes go to the console."""

    key: str
    name: str
    gender: str
    born_on: date
    phone: str
    door: services.Door | None = None
    role: Role | None = None


def _home(building: str, unit: str, door: str) -> services.Door:
    return services.Door("南湖路三号院", building, unit, door)


PARTS = (
    Part(
        key="resident",
        name="陈桂芳",
        gender=Gender.FEMALE,
        born_on=date(1951, 3, 8),
        phone="199 0000 9001",
        door=_home("3", "2", "5-1"),
    ),
    Part(
        key="volunteer",
        name="罗小军",
        gender=Gender.MALE,
        born_on=date(1988, 6, 21),
        phone="199 0000 9002",
        door=_home("7", "1", "2-3"),
        role=Role.VOLUNTEER,
    ),
    Part(
        key="leader",
        name="冉光明",
        gender=Gender.MALE,
        born_on=date(1957, 11, 2),
        phone="199 0000 9003",
        door=_home("1", "1", "8-2"),
        role=Role.LEADER,
    ),
    Part(
        key="staff",
        name="周敏",
        gender=Gender.FEMALE,
        born_on=date(1990, 9, 14),
        phone="199 0000 9004",
        role=Role.STAFF,
    ),
    Part(
        key="accountant",
        name="谭雅琴",
        gender=Gender.FEMALE,
        born_on=date(1979, 1, 30),
        phone="199 0000 9005",
        role=Role.ACCOUNTANT,
    ),
    Part(
        key="cashier",
        name="彭小燕",
        gender=Gender.FEMALE,
        born_on=date(1993, 4, 18),
        phone="199 0000 9010",
        role=Role.CASHIER,
    ),
    Part(
        key="member",
        name="聂德厚",
        gender=Gender.MALE,
        born_on=date(1961, 2, 9),
        phone="199 0000 9011",
        role=Role.MEMBER,
    ),
    Part(
        key="member_2",
        name="秦素芬",
        gender=Gender.FEMALE,
        born_on=date(1966, 10, 24),
        phone="199 0000 9012",
        role=Role.MEMBER,
    ),
    Part(
        key="supervisor",
        name="邓永福",
        gender=Gender.MALE,
        born_on=date(1955, 5, 17),
        phone="199 0000 9006",
        door=_home("5", "3", "1-4"),
        role=Role.SUPERVISOR,
    ),
    Part(
        key="street_officer",
        name="江涛",
        gender=Gender.MALE,
        born_on=date(1983, 12, 5),
        phone="199 0000 9007",
        role=Role.STREET_OFFICER,
    ),
    Part(
        key="secretary",
        name="向红梅",
        gender=Gender.FEMALE,
        born_on=date(1976, 7, 1),
        phone="199 0000 9008",
        role=Role.SECRETARY,
    ),
)
OUTSIDER = Part(
    key="outsider",
    name="万志远",
    gender=Gender.MALE,
    born_on=date(1969, 4, 12),
    phone="199 0000 9009",
    door=services.Door("清水溪小区", "2", "1", "3-2"),
)


class OnlyInTheDemo(RuntimeError):
    """The cast has a well-known password: it must not exist where real people live."""


def make_cast(community: Community, *, leader_of: str = "") -> dict[str, Account]:
    """The people of `PARTS` in this community, by key; made once, found again when called again.

    `leader_of` is the source of the organization the leader leads; without one the leader has no duty yet.
    Raises `OnlyInTheDemo` unless settings.DEMO.
    """
    _require_demo()
    with in_community(community):
        cast = {part.key: _play(part) for part in PARTS}
        for part in PARTS:
            if part.role is not None and part.role is not Role.LEADER:
                _on_duty(cast[part.key], part.role)
        if leader_of:
            let_lead(cast["leader"], leader_of)
    return cast


def let_lead(account: Account, organization: str) -> None:
    """Give one of the cast the duty of a leader, of the organization of this source."""
    _on_duty(account, Role.LEADER, organization)


def of_the_cast() -> dict[str, Account]:
    """Everybody of the cast who was made, and the outsider, by key."""
    keys = [part.key for part in (*PARTS, OUTSIDER)]
    found = Account.objects.in_bulk(keys, field_name="username")
    return {key: found[key] for key in keys if key in found}


def sign_in_again(cast: Iterable[Account]) -> None:
    """Each types a code, as people do: who has not for a while might have given the number back."""
    for account in cast:
        services.prove_phone(account=account, phone=account.phone)


def make_outsider(neighbour: Community) -> Account:
    """A resident of another community, who is nobody in the first one."""
    _require_demo()
    with in_community(neighbour):
        return _play(OUTSIDER)


def actors_of(cast: Mapping[str, Account]) -> dict[str, actors.Actor]:
    """The cast as actors in the community at hand."""
    return {key: actor_for(account) for key, account in cast.items()}


def role_name(part: Part) -> str:
    """What this one of the cast is here, in words."""
    return str(ROLE_NAMES[part.role]) if part.role else _("resident")


def cast_lines() -> list[str]:
    """How to sign in as each of the cast, a line each."""
    width = max(len(part.key) for part in PARTS)
    lines = [f"{part.key:<{width}}  {part.name} ({role_name(part)})" for part in PARTS]
    return [*lines, _("Password of all: %(password)s") % {"password": settings.DEMO_PASSWORD}]


def _require_demo() -> None:
    if not settings.DEMO:
        raise OnlyInTheDemo("set WEIYIFANG_DEMO=1 where nobody's real affairs are kept")


@lru_cache
def _password_hash(password: str) -> str:
    """One for all of the cast: making one takes a third of a second."""
    return make_password(password)


def _play(part: Part) -> Account:
    account = Account.objects.filter(username=part.key).first()
    if account is None:
        account = services.make_account(
            username=part.key,
            name=part.name,
            phone=part.phone,
            phone_verified=True,
            password_hash=_password_hash(settings.DEMO_PASSWORD),
        )
    if part.door is not None and not Resident.objects.filter(account=account).exists():
        by = actors.system()
        resident = services.register_resident(
            name=part.name, gender=part.gender, born_on=part.born_on, phone=part.phone, address=part.door, by=by
        )
        services.link_account(resident=resident, account=account, by=by)
    return account


def _on_duty(account: Account, role: Role, scope: str = "") -> None:
    if not Duty.objects.filter(account=account, role=role, scope=scope, until=None).exists():
        services.give_duty(account=account, role=role, scope=scope, by=actors.system())
