"""The facts this package announces (subject `errands.errand:<id>`). What came of it stands in the row."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ErrandFact(Event):
    """`asker_id`: the account that asked for it."""

    words = _("long work")

    kind: str
    asker_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ErrandAsked(ErrandFact):
    words = _("handed over long work")


@dataclass(frozen=True, kw_only=True)
class ErrandDone(ErrandFact):
    words = _("long work was done")


@dataclass(frozen=True, kw_only=True)
class ErrandNotDone(ErrandFact):
    words = _("long work was not done")

    why: str


@dataclass(frozen=True, kw_only=True)
class ErrandCancelled(ErrandFact):
    words = _("long work was cancelled")


@dataclass(frozen=True, kw_only=True)
class ErrandFileFetched(ErrandFact):
    words = _("fetched the file of long work")
