"""The facts about who left and came back, and about who may fetch a child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Title

# --- about a session (subject `activities.session:<id>`) --------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PassagesNoted(Event):
    """So many passages `way`; one fact for all noted at once. Who they are stands in the rows."""

    words = _("leaving or coming back was noted")

    way: str
    passages: int


@dataclass(frozen=True, kw_only=True)
class PassageVoided(Event):
    words = _("a passage was a mistake")

    way: str


# --- about a passage (subject `activities.passage:<id>`) --------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class HandedToAnother(Event):
    """A child was handed over to somebody whom no guardian had named, or no longer: the guardians are told."""

    words = _("a child was handed over to somebody whom no guardian had named")

    session_id: UUID
    resident_id: UUID
    title: Title
    left_at: datetime


# --- about who may fetch a child (subject `activities.fetcher:<id>`) --------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FetcherNamed(Event):
    words = _("a guardian named who may fetch the child")

    resident_id: UUID


@dataclass(frozen=True, kw_only=True)
class FetcherEnded(Event):
    words = _("a guardian took back who may fetch the child")

    resident_id: UUID
