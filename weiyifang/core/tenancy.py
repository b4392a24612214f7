"""Whose row is this? Every row of a neighbourhood belongs to one community, and every query says which.

Five locks (ARCHITECTURE.md): the URL prefix `/c/<slug>/`; `objects`, which raises `NoCommunity` outside
`in_community()`; `save()`, which fills the community and refuses another; composite foreign keys in the database; and
guard tests over every model and route.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from django.db import models
from django.db.models.signals import class_prepared
from django.db.models.sql.where import WhereNode
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise

from weiyifang.core.composite import CompositeForeignKey
from weiyifang.core.ids import new_id

if TYPE_CHECKING:
    from typing import Self

_current: ContextVar[int | None] = ContextVar("community", default=None)


class NoCommunity(RuntimeError):
    """A community's data was touched while no community was chosen."""


class WrongCommunity(RuntimeError):
    """A row of one community was about to be written from another."""


class HasPk(Protocol):
    pk: Any


def current_community_id() -> int:
    """The official 12-digit code of the community at hand; raises `NoCommunity` when none is chosen."""
    community_id = _current.get()
    if community_id is None:
        raise NoCommunity("choose one first: `with in_community(community):`")
    return community_id


def chosen_community_id() -> int | None:
    """The community at hand, or None when none is chosen."""
    return _current.get()


@contextmanager
def in_community(community: int | HasPk) -> Iterator[None]:
    """Work inside one community: `objects` of every model is that community's rows."""
    token = _current.set(community if isinstance(community, int) else int(community.pk))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def outside_any_community() -> Iterator[None]:
    """Leave the community for a moment (jobs and tests start clean)."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Cache keys carry the community, so that what is cached in one is never served in another; and tell nobody what
    they are made of: a library writes accounts and codes into them.
    """
    return salted_hmac("cache", f"{key_prefix}:{version}:{_current.get() or '-'}:{key}", algorithm="sha256").hexdigest()


M = TypeVar("M", bound=models.Model, covariant=True)


class Home(models.Manager[M]):
    """`objects`: the rows of the community at hand; raises `NoCommunity` when none is chosen."""

    _last: tuple[object, models.QuerySet[M]] | None = None

    def get_queryset(self) -> models.QuerySet[M]:
        community_id = current_community_id()
        if self._hints:  # type: ignore[attr-defined]  # Django's queryset has them
            return super().get_queryset().filter(community_id=community_id)
        # kept from one question to the next: copying it costs a fifth of making it
        key, last = (community_id, self._db), self._last
        if last is None or last[0] != key:
            last = self._last = key, super().get_queryset().filter(community_id=community_id)
        return last[1].all()


class HomeIfChosen(models.Manager[M]):
    """The base manager: following a key, prefetching, refreshing and deleting stay home when a home is chosen."""

    def get_queryset(self) -> models.QuerySet[M]:
        rows, community_id = super().get_queryset(), _current.get()
        return rows if community_id is None else rows.filter(community_id=community_id)


class CommunityForeignKey(models.ForeignKey):  # type: ignore[type-arg]  # generic for the stubs alone
    """A foreign key between two rows of one community.

    In the database it is composite, `(community_id, x_id) → (community_id, id)`: a row cannot point into another
    community. A wider `CompositeForeignKey` in the model's Meta that names the field stands in its place. Joins compare
    the community too, so that a sharded database answers from one shard.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False  # the composite key replaces it
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        if alias is None or related_alias is None:  # None: exclude() over a to-many relation
            return None
        there: Any = self.remote_field.model._meta.get_field("community")
        here: Any = self.model._meta.get_field("community")
        return WhereNode([here.target_field.get_lookup("exact")(there.get_col(alias), here.get_col(related_alias))])

    def get_extra_descriptor_filter(self, instance: Any) -> dict[str, Any]:
        return {"community_id": instance.community_id}


@dataclass(frozen=True, kw_only=True)
class Journal:
    """How the journal (`core.journal`) covers an append-only table."""

    instead: str = ""  # it does not: what keeps the rows from being changed unseen
    moment: str = ""  # the field that says when the row was written: it grows from block to block


class CommunityModel(models.Model):
    """A row of one community. Gives the id (UUIDv7), the community, the managers and the refusals."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(
        "communities.Community",
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
    )

    append_only: ClassVar[bool] = False  # True: the program's role may not UPDATE, DELETE or TRUNCATE this table
    settled_when: ClassVar[str] = ""  # SQL over the row's columns; where it holds that role may not change the row
    fixed: ClassVar[tuple[str, ...]] = ()  # fields that role may not change once the row is there
    in_journal: ClassVar[Journal] = Journal()  # how an append-only table is chained
    in_view: ClassVar[tuple[str, ...]] = ()  # fields that whoever decides on the row has seen (`core.web.versions`)
    names_in_view: ClassVar[Mapping[str, str | Promise]] = {}  # of those that have no `verbose_name`

    objects: ClassVar[Home[Self]] = Home()
    at_home: ClassVar[HomeIfChosen[Self]] = HomeIfChosen()
    everywhere: ClassVar[models.Manager[Self]] = models.Manager()  # crosses communities: say why in the same line

    if TYPE_CHECKING:
        community_id: int

    class Meta:
        abstract = True
        default_manager_name = "objects"
        base_manager_name = "at_home"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save into the community at hand; raises `WrongCommunity` for a row of another."""
        if self.community_id is None:
            self.community_id = current_community_id()
        elif (chosen := _current.get()) is not None and chosen != self.community_id:
            raise WrongCommunity(f"{self._meta.label} {self.pk} belongs to {self.community_id}, not to {chosen}")
        super().save(*args, **kwargs)

    def _do_update(  # type: ignore[no-untyped-def]  # noqa: PLR0917  Django's signature
        self, base_qs, using, pk_val, values, update_fields, forced_update, *rest
    ) -> Any:
        stays = [value for value in values if value[0].name != "community"]  # a row never changes its community
        home = base_qs.filter(community_id=self.community_id)
        return super()._do_update(home, using, pk_val, stays, update_fields, forced_update, *rest)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with in_community(self.community_id):
            return super().delete(*args, **kwargs)


def fill_community(rows: Iterable[CommunityModel]) -> None:
    """Give rows made for `bulk_create` the community at hand; raises `WrongCommunity` for a row of another."""
    community_id = current_community_id()
    for row in rows:
        if row.community_id is None:
            row.community_id = community_id
        elif row.community_id != community_id:
            raise WrongCommunity(f"{row._meta.label} {row.pk} belongs to {row.community_id}, not to {community_id}")


def _promise_in_database(sender: type[models.Model], **_: Any) -> None:
    """Give each community model UNIQUE (community, id), and each CommunityForeignKey a composite one if it has none."""
    if not issubclass(sender, CommunityModel) or sender._meta.abstract or sender._meta.proxy:
        return
    meta = sender._meta
    named = {name for own in meta.constraints if isinstance(own, CompositeForeignKey) for name in own.fields}
    promised: list[Any] = [models.UniqueConstraint(fields=["community", "id"], name=f"{meta.db_table}_home"[:63])]
    promised += [
        CompositeForeignKey(
            fields=("community", field.name),
            to=_label(field.remote_field.model, sender),
            to_fields=("community", "id"),
            name=f"{meta.db_table}_{field.name}_fk"[:63],
        )
        for field in meta.local_fields
        if isinstance(field, CommunityForeignKey) and field.name not in named
    ]
    meta.constraints = [*promised, *meta.constraints]
    original: Mapping[str, Any] = meta.original_attrs
    meta.original_attrs = {**original, "constraints": meta.constraints}


def _label(model: Any, sender: type[models.Model]) -> str:
    if not isinstance(model, str):
        return str(model._meta.label)
    if model == "self":
        return str(sender._meta.label)
    return model if "." in model else f"{sender._meta.app_label}.{model}"


class_prepared.connect(_promise_in_database, dispatch_uid="weiyifang.core.tenancy")


def homes_with(*rows: models.QuerySet[Any]) -> list[int]:
    """The communities that have one of these rows, in one query. Of `everywhere`: see `due` in `core.server.jobs`."""
    first, *others = (found.order_by().values_list("community_id", flat=True).distinct() for found in rows)
    return sorted(first.union(*others) if others else first)


def source_of(row: CommunityModel) -> str:
    """How strangers refer to a row: `activities.enrollment:<id>`, unique within the community."""
    return f"{row._meta.label_lower}:{row.pk}"


def id_in(source: str) -> UUID:
    """The id inside a source text; raises ValueError when it holds none."""
    return UUID(source.rpartition(":")[2])
