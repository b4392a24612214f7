"""Who may look at a file: whoever may look at what it belongs to. The owner's package says it, once, at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.files.models import What
from weiyifang.people.models import Resident, SensitiveField
from weiyifang.people.queries import is_looking_at


@dataclass(frozen=True)
class Place:
    """Where a row is looked at, and what it is called there."""

    address: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Owner:
    """`may_see`: may the actor see the files of this row? `is_public`: may everybody, now?

    With `may_change` and `place` the row's papers are kept on the page of papers (`files.workbench`), and its package
    writes nothing itself: who may add some and take some away, and where the row's own page is (None: it is gone).
    """

    may_see: Callable[[UUID, Actor], bool]
    is_public: Callable[[UUID], bool] = lambda _pk: False
    may_change: Callable[[UUID, Actor], bool] = lambda _pk, _actor: False
    place: Callable[[UUID], Place | None] = lambda _pk: None
    labels: tuple[What, ...] = ()  # what a paper can be; none: nobody says
    may_open: bool = False  # whoever adds a paper may show it to everybody
    stays: bool = False  # what was added stays, but for its first day, and then only its bringer takes it away
    about: Callable[[UUID], Resident | None] | None = None  # its papers are sealed, and this person's


_owners: dict[str, Owner] = {}


def shown_with(owners: Mapping[str, Owner]) -> None:
    """Register who sees the files of which kind of row: `news.article`, or `organizations.organization/documents` where
    a row has files of several kinds, whose owner then is its source with `/documents` behind.
    """
    _owners.update(owners)


def kinds() -> frozenset[str]:
    """The kinds of rows that may have files."""
    return frozenset(_owners)


def of(owner: str) -> Owner | None:
    """What is registered for this kind of row."""
    row, _slash, about = owner.partition("/")
    label = row.partition(":")[0]
    return _owners.get(f"{label}/{about}" if about else label)


def row_of(owner: str) -> str:
    """The source of the row itself."""
    return owner.partition("/")[0]


def subject_of(owner: str) -> str:
    """Whose history tells of it: the row's; of sealed papers the person's, whom no row outlives."""
    found = of(owner)
    person = found.about(pk_of(owner)) if found and found.about else None
    return source_of(person) if person else row_of(owner)


def pk_of(owner: str) -> UUID:
    """Its id."""
    return id_in(row_of(owner))


def is_sealed(owner: str) -> bool:
    """Are the files of this row sealed?"""
    found = of(owner)
    return found is not None and found.about is not None


def is_public(owner: str) -> bool:
    """May everybody look at the files of this row?"""
    found = of(owner)
    return found is not None and found.is_public(pk_of(owner))


def may_see(owner: str, actor: Actor) -> bool:
    """May the actor look at the files of this row? Nobody, where no package says who.

    At sealed ones only whoever said why, within five minutes (`people.services.read_papers`).
    """
    found = of(owner)
    if found is None:
        return False
    if found.about is not None:
        person = found.about(pk_of(owner))
        return (
            person is not None
            and found.may_see(pk_of(owner), actor)
            and is_looking_at(person, [SensitiveField.PAPERS], actor)
        )
    return found.is_public(pk_of(owner)) or found.may_see(pk_of(owner), actor)


def may_know(owner: str, actor: Actor) -> bool:
    """May the actor know that there are files, and open the page of papers?"""
    found = of(owner)
    return found is not None and (found.may_see(pk_of(owner), actor) or found.may_change(pk_of(owner), actor))


def may_change(owner: str, actor: Actor) -> bool:
    """May the actor add papers on the page of papers?"""
    found = of(owner)
    return found is not None and found.may_change(pk_of(owner), actor)
