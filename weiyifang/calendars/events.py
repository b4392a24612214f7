"""The facts this package announces: who can read a calendar by an address. What the address is, nobody keeps."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class LinkFact(Event):
    """`of`: the organization, as a source; "": what is the resident's own."""

    words = _("an address of a calendar changed")

    resident_id: UUID
    of: str


@dataclass(frozen=True, kw_only=True)
class LinkMade(LinkFact):
    words = _("made an address for a calendar")

    with_others: bool


@dataclass(frozen=True, kw_only=True)
class LinkRenewed(LinkFact):
    words = _("made a new address for a calendar")


@dataclass(frozen=True, kw_only=True)
class LinkEnded(LinkFact):
    words = _("ended the address of a calendar")
