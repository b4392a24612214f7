"""The facts this package announces: ids, codes and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Title


@dataclass(frozen=True, kw_only=True)
class GridFact(Event):
    """Subject `outreach.grid:<id>`."""

    words = _("a grid changed")

    number: int
    name: Title


@dataclass(frozen=True, kw_only=True)
class GridMade(GridFact):
    words = _("made a grid")


@dataclass(frozen=True, kw_only=True)
class GridRenamed(GridFact):
    words = _("gave a grid another name")


@dataclass(frozen=True, kw_only=True)
class GridBuildingsPutIn(GridFact):
    words = _("put buildings into a grid")

    buildings: int


@dataclass(frozen=True, kw_only=True)
class GridBuildingTakenOut(GridFact):
    words = _("took a building out of a grid")


@dataclass(frozen=True, kw_only=True)
class SpecialNeedFact(Event):
    """Of the resident (the subject). Which need it is stands in the row alone, which goes."""

    words = _("what somebody needs changed")

    need_id: UUID


@dataclass(frozen=True, kw_only=True)
class SpecialNeedNoted(SpecialNeedFact):
    words = _("noted what somebody needs")


@dataclass(frozen=True, kw_only=True)
class SpecialNeedEnded(SpecialNeedFact):
    words = _("took out what somebody needed")


@dataclass(frozen=True, kw_only=True)
class ResidentContacted(Event):
    """Of the resident (the subject)."""

    words = _("visited or called somebody")

    contact_id: UUID
    outcome: str
    again_on: date
