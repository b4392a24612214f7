"""From an account to the actor it is in the community at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from weiyifang.core.actors import Actor
from weiyifang.core.prepared import IsAny, Read
from weiyifang.core.tenancy import current_community_id
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.roles import PERMISSIONS, Role

News = Callable[..., Exists]
SEALED = ("phone", "id_number")  # opening them costs more than the rest of the row: only when somebody asks


class Held(NamedTuple):
    """A duty, and whether something is new to whoever holds it."""

    role: str
    scope: str
    has_news: bool = False


@dataclass(frozen=True)
class Part:
    """What somebody is in one community."""

    community_id: int
    resident: Resident | None
    duties: Iterable[Held]


_news: list[News] = []


def note_news_with(is_new_to: News) -> None:
    """Register who knows what is new to a resident or an account: a column of the rows that are read of them anyway."""
    _news[:] = [is_new_to]


def _duties(account: UUID | OuterRef) -> QuerySet[Duty]:
    return Duty.objects.filter(account_id=account, until=None)


def _residents(account_ids: Sequence[UUID]) -> QuerySet[Resident]:
    said = Concat("role", Value(" "), "scope", output_field=CharField())
    return (
        Resident.objects.living_here()
        .filter(IsAny("account_id", account_ids), account__is_active=True)
        .select_related("account")
        .defer(*SEALED, "account__phone")
        .annotate(duties=ArraySubquery(_duties(OuterRef("account_id")).values_list(said)), has_news=_new_to_resident())
    )


_read = Read(_residents, [UUID(int=0)])


def living_here(account_ids: Sequence[UUID]) -> dict[UUID, Account]:
    """Those of these accounts who live in the community at hand, with what they are here: one query in all."""
    found = {}
    for resident in _read(list(account_ids)):
        account = resident.account
        assert account is not None
        duties = [Held(*duty.split(" ", 1)) for duty in resident.duties]  # type: ignore[attr-defined]  # annotated
        account.part = Part(resident.community_id, resident, duties)  # type: ignore[attr-defined]  # remembered with the account
        found[account.pk] = account
    return found


def resident_of(account: Account) -> Resident | None:
    """Their record in the community at hand (no query, when `living_here` found the account)."""
    return _part(account).resident


def actor_for(account: Account | None) -> Actor:
    """Who `account` is here: name, resident record, roles and rights (two queries at most; none for a visitor)."""
    community_id = current_community_id()
    if account is None:
        return Actor(community_id=community_id)
    part = _part(account)
    rights: dict[str, set[str]] = defaultdict(set)
    roles: set[str] = set()
    has_news = part.resident is not None and part.resident.has_news  # type: ignore[attr-defined]  # annotated
    for duty in part.duties:
        has_news |= duty.has_news
        roles.add(duty.role)
        for permission in PERMISSIONS[Role(duty.role)]:
            rights[permission].add(duty.scope)
    return Actor(
        community_id=community_id,
        account_id=account.pk,
        resident_id=part.resident.pk if part.resident else None,
        name=account.name or (part.resident.name if part.resident else ""),
        roles=frozenset(roles),
        rights={permission: frozenset(scopes) for permission, scopes in rights.items()},
        has_news=has_news,
    )


_one_resident = Read(
    lambda account: (
        Resident.objects.living_here()
        .filter(account_id=account)
        .defer(*SEALED)
        .annotate(has_news=_new_to_resident())
        .order_by("number")
    ),
    UUID(int=0),
)
_with_news = Read(
    lambda account: _duties(account).annotate(has_news=_news[0](account=OuterRef("account_id"))), UUID(int=0)
)


class _Duties:
    """Somebody's duties here, asked for when somebody looks."""

    def __init__(self, account_id: UUID) -> None:
        self._account_id = account_id

    def __iter__(self) -> Iterator[Held]:
        for duty in _with_news(self._account_id):
            yield Held(duty.role, duty.scope, duty.has_news)  # type: ignore[attr-defined]  # annotated


def _part(account: Account) -> Part:
    known: Part | None = getattr(account, "part", None)
    if known is not None and known.community_id == current_community_id():
        return known
    return Part(current_community_id(), _one_resident.one(account.pk), _Duties(account.pk))


def _new_to_resident() -> Q:
    return Q(_news[0](resident=OuterRef("pk"))) | Q(_news[0](account=OuterRef("account_id")))
