"""The facts this package announces. They carry ids and plain values, never a name, a phone or an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ResidentRegistered(Event):
    """A person is on the register."""

    number: int


@dataclass(frozen=True, kw_only=True)
class ResidentsImported(Event):
    """Many people were put on the register at once, with the numbers `first` to `last`."""

    count: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class ResidentUpdated(Event):
    """Some fields of a resident's record have other values now."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ResidentLeft(Event):
    """A resident no longer lives here (moved away or died)."""

    on: date


@dataclass(frozen=True, kw_only=True)
class ResidentReturned(Event):
    """A resident lives here again, or was marked as gone by mistake."""


@dataclass(frozen=True, kw_only=True)
class ResidentMoved(Event):
    """A resident lives behind another door of the community."""


@dataclass(frozen=True, kw_only=True)
class RelationBegun(Event):
    """`helper_id` stands by the resident (the subject)."""

    helper_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class RelationEnded(Event):
    """`helper_id` no longer stands by the resident (the subject)."""

    helper_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class AccountLinked(Event):
    """The resident (the subject) signs in with this account."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountUnlinked(Event):
    """The resident (the subject) and the account have nothing to do with each other any more."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class DutyGiven(Event):
    """An account holds a role; the subject is the duty."""

    account_id: UUID
    role: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class DutyEnded(Event):
    """An account no longer holds a role; the subject is the duty."""

    account_id: UUID
    role: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class ConsentTextPublished(Event):
    """There is a new wording of what people are asked to consent to."""

    purpose: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """The resident (the subject) said yes to one version of one text."""

    purpose: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The resident (the subject) took a yes back."""

    purpose: str
    version: int


@dataclass(frozen=True, kw_only=True)
class SensitiveFieldsRead(Event):
    """Somebody looked at a resident's phone or identity number."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ResidentsExported(Event):
    """A list of residents left the program as a file."""

    count: int
    with_sensitive: bool


@dataclass(frozen=True, kw_only=True)
class ErasureAsked(Event):
    """The resident (the subject) asked to be forgotten."""


@dataclass(frozen=True, kw_only=True)
class ErasureTakenBack(Event):
    """The resident (the subject) changed their mind in time."""


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """The resident (the subject) was forgotten. Whoever keeps a person's name elsewhere must forget it now, too.

    `account_id` is set when the account was forgotten with it.
    """

    account_id: UUID | None
