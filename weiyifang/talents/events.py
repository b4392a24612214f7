"""The facts this package announces. Names of people stay in their rows; facts carry ids and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Title

# --- about a talent (subject `talents.talent:<id>`) ---------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TalentFact(Event):
    words = _("what somebody can do changed")

    number: int
    resident_id: UUID
    what: Title


@dataclass(frozen=True, kw_only=True)
class TalentListed(TalentFact):
    words = _("put down what they can do")


@dataclass(frozen=True, kw_only=True)
class TalentEdited(TalentFact):
    words = _("said anew what they can do for others")

    changed: tuple[str, ...]  # names of the fields


@dataclass(frozen=True, kw_only=True)
class TalentUnlisted(TalentFact):
    words = _("is no longer on the list of talents")


# --- about a request (subject `talents.talentrequest:<id>`) -------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TalentRequestFact(Event):
    words = _("a request to a talent changed")

    talent_id: UUID
    resident_id: UUID  # the talent
    asker_id: UUID | None  # a resident; None: somebody of the committee, or of an organization
    of: str  # the organization, as a source
    what: Title
    starts_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TalentAsked(TalentRequestFact):
    words = _("asked a talent")

    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TalentAccepted(TalentRequestFact):
    words = _("a talent said yes")


@dataclass(frozen=True, kw_only=True)
class TalentDeclined(TalentRequestFact):
    words = _("a talent said no")


@dataclass(frozen=True, kw_only=True)
class TalentRequestWithdrawn(TalentRequestFact):
    words = _("took back what they asked of a talent")


@dataclass(frozen=True, kw_only=True)
class TalentRequestLapsed(TalentRequestFact):
    """The talent did not answer in time."""

    words = _("nobody answered what was asked of a talent")


@dataclass(frozen=True, kw_only=True)
class TalentRequestClosed(TalentRequestFact):
    words = _("what was asked of a talent was closed")

    is_talents_end: bool  # the talent is gone, or off the list; False: whoever asked is gone


# --- about thanks (subject `talents.thanks:<id>`) -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ThanksFact(Event):
    words = _("thanks to a talent changed")

    request_id: UUID
    talent_id: UUID
    resident_id: UUID  # the talent
    what: Title


@dataclass(frozen=True, kw_only=True)
class TalentThanked(ThanksFact):
    words = _("thanked a talent")


@dataclass(frozen=True, kw_only=True)
class ThanksShown(ThanksFact):
    words = _("let the neighbours read thanks")


@dataclass(frozen=True, kw_only=True)
class ThanksTakenBack(ThanksFact):
    words = _("took thanks back")
