"""The facts this package announces. Amounts in fen, points in tenths (None where only the grade is known)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark


@dataclass(frozen=True, kw_only=True)
class RunFact(Event):
    """Something about the run of a year."""

    words = _("a run of grants changed")

    number: int
    year: int


@dataclass(frozen=True, kw_only=True)
class RunBegun(RunFact):
    words = _("begun")


@dataclass(frozen=True, kw_only=True)
class RunTableBrought(RunFact):
    """A table with so many organizations took the place of what was entered."""

    words = _("a table was brought in")

    grants: int


@dataclass(frozen=True, kw_only=True)
class RunResultSet(RunFact):
    """The result of one organization was entered or changed by hand."""

    words = _("a result was entered")

    organization: str
    grade: str


@dataclass(frozen=True, kw_only=True)
class RunResultRemoved(RunFact):
    words = _("an organization was taken out")

    organization: str


@dataclass(frozen=True, kw_only=True)
class RunHandedIn(RunFact):
    """Signed by whoever entered it. `digest` is over every line of the table."""

    words = _("handed in, a second person has to confirm it")

    grants: int
    amount_fen: int
    digest: str
    signer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RunTakenUp(RunFact):
    """Whoever handed it in goes on changing it."""

    words = _("taken back, to be changed")


@dataclass(frozen=True, kw_only=True)
class RunSentBack(RunFact):
    words = _("sent back")

    signer_id: UUID | None  # whose it is again
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class RunDropped(RunFact):
    words = _("dropped")


@dataclass(frozen=True, kw_only=True)
class RunPublished(RunFact):
    """Confirmed by a second person, published, and the money set aside; leaders can appeal until a day."""

    words = _("confirmed by a second person, published, the money is set aside")
    outdates_pages = True

    grants: int
    amount_fen: int
    digest: str
    appeals_until: date


@dataclass(frozen=True, kw_only=True)
class AppealMade(Event):
    words = _("an appeal was made")

    grant_id: UUID
    year: int


@dataclass(frozen=True, kw_only=True)
class AppealWithdrawn(Event):
    words = _("the appeal was taken back")

    grant_id: UUID
    year: int


@dataclass(frozen=True, kw_only=True)
class AppealAnswered(Event):
    """Answered by another person: `grade` and `amount_fen` are what counts from now on."""

    words = _("the appeal was answered")
    outdates_pages = True

    grant_id: UUID
    year: int
    organization: str
    is_corrected: bool
    tenths: int | None
    grade: str
    amount_fen: int
    answer: Remark


@dataclass(frozen=True, kw_only=True)
class RunPaidOut(RunFact):
    """So many organizations were paid at once; `left` still wait for something."""

    words = _("paid out")
    outdates_pages = True

    paid: tuple[UUID, ...]  # which grants
    amount_fen: int
    left: int
