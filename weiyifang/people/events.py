"""The facts this package announces. They carry ids and plain values, never a name, a phone or an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Title


@dataclass(frozen=True, kw_only=True)
class ResidentRegistered(Event):
    """A person is on the register."""

    words = _("Put on the register")

    number: int


@dataclass(frozen=True, kw_only=True)
class ResidentsImported(Event):
    """Many people were put on the register at once, with the numbers `first` to `last`."""

    words = _("Put on the register from a file")

    count: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class ResidentUpdated(Event):
    """Some fields of a resident's record have other values now."""

    words = _("The record was corrected")

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SuggestionsSwitched(Event):
    """Activities are suggested to a resident from now on, or no longer (subject: the resident)."""

    words = _("Suggestions were switched on or off")

    wanted: bool


@dataclass(frozen=True, kw_only=True)
class ResidentLeft(Event):
    """A resident no longer lives here (moved away or died)."""

    words = _("Left the community")

    on: date


@dataclass(frozen=True, kw_only=True)
class ResidentReturned(Event):
    """A resident lives here again, or was marked as gone by mistake."""

    words = _("Lives here again")


@dataclass(frozen=True, kw_only=True)
class ResidentMoved(Event):
    """A resident lives behind another door of the community."""

    words = _("Moved to another door")


@dataclass(frozen=True, kw_only=True)
class RelationBegun(Event):
    """`helper_id` stands by the resident (the subject)."""

    words = _("Somebody stands by them now")

    helper_id: UUID
    kind: str

    def values(self) -> dict[str, Any]:
        """Not who: the timeline cannot be changed, and either of them may ask to be forgotten."""
        return {"kind": self.kind}


@dataclass(frozen=True, kw_only=True)
class RelationEnded(Event):
    """`helper_id` no longer stands by the resident (the subject)."""

    words = _("Somebody no longer stands by them")

    helper_id: UUID
    kind: str

    def values(self) -> dict[str, Any]:
        """Not who: the timeline cannot be changed, and either of them may ask to be forgotten."""
        return {"kind": self.kind}


@dataclass(frozen=True, kw_only=True)
class AccountLinked(Event):
    """The resident (the subject) signs in with this account."""

    words = _("Signs in with an account now")

    account_id: UUID

    def values(self) -> dict[str, Any]:
        """Not which: the account may live on elsewhere after the record here was forgotten."""
        return {}


@dataclass(frozen=True, kw_only=True)
class AccountUnlinked(Event):
    """The resident (the subject) and the account have nothing to do with each other any more."""

    words = _("The account was taken off")

    account_id: UUID

    def values(self) -> dict[str, Any]:
        """Not which: the account may live on elsewhere after the record here was forgotten."""
        return {}


@dataclass(frozen=True, kw_only=True)
class DutyGiven(Event):
    """An account holds a role; the subject is the duty."""

    words = _("A duty was given")

    account_id: UUID
    role: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class DutyEnded(Event):
    """An account no longer holds a role; the subject is the duty."""

    words = _("A duty ended")

    account_id: UUID
    role: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class StaffInvited(Event):
    """Whoever holds the duty (the subject) may set up a second factor; the one before, if any, is void."""

    words = _("Was invited to set up the second factor")

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConsentTextPublished(Event):
    """There is a new wording of what people are asked to consent to."""

    words = _("New words for a consent were published")

    purpose: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """The resident (the subject) said yes to one version of one text."""

    words = _("Agreed")

    purpose: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The resident (the subject) took a yes back."""

    words = _("Took the consent back")
    outdates_pages = True

    purpose: str
    version: int


@dataclass(frozen=True, kw_only=True)
class SensitiveFieldsRead(Event):
    """Somebody looked at a resident's phone or identity number."""

    words = _("Somebody looked at the numbers")

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PapersRead(Event):
    """Somebody looked at a resident's sealed papers."""

    words = _("Somebody looked at the sealed papers")


@dataclass(frozen=True, kw_only=True)
class ResidentsExported(Event):
    """A list of residents left the program as a file."""

    words = _("A list of residents was taken out")

    count: int
    with_sensitive: bool


@dataclass(frozen=True, kw_only=True)
class ErasureAsked(Event):
    """The resident (the subject) asked to be forgotten; or, for another `reason` than `wish`, the desk asks for it."""

    words = _("It was asked that this person be forgotten")

    reason: str


@dataclass(frozen=True, kw_only=True)
class ErasureConfirmed(Event):
    """A second person confirmed what the desk asked for: the resident (the subject) is forgotten when it is due."""

    words = _("A second person confirmed the forgetting")


@dataclass(frozen=True, kw_only=True)
class ErasureTakenBack(Event):
    """The resident (the subject) is not forgotten after all: they, or the desk, took it back in time."""

    words = _("Stays after all")


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """The resident (the subject) was forgotten. Whoever keeps a person's name elsewhere must forget it now, too.

    `account_id` is set when the account was forgotten with it. The name is told, and not kept.
    """

    words = _("Was forgotten")
    outdates_pages = True

    account_id: UUID | None
    name: Title
