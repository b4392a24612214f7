"""The facts this package announces. Their subject is the owner: what is kept with it stands in its history."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class FileFact(Event):
    """`sha256`: of what was brought, as it came. `stored`: of what is kept of it (`Content.stored`)."""

    words = _("a file")

    file_id: UUID
    kind: str
    sha256: str
    stored: str


@dataclass(frozen=True, kw_only=True)
class FileKept(FileFact):
    words = _("added a file")


@dataclass(frozen=True, kw_only=True)
class FileRemoved(FileFact):
    words = _("took a file away")
