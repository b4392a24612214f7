"""The facts this package announces. Names of people stay in their rows; facts carry ids and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark, Title

# --- about a team (subject `volunteering.team:<id>`) --------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TeamFact(Event):
    words = _("a service team changed")

    number: int
    name: Title


@dataclass(frozen=True, kw_only=True)
class TeamBegun(TeamFact):
    words = _("a service team began")

    organizer: str


@dataclass(frozen=True, kw_only=True)
class TeamEdited(TeamFact):
    words = _("a service team was described anew")

    changed: tuple[str, ...]  # names of the fields
    organizer: str


@dataclass(frozen=True, kw_only=True)
class TeamLeaderAppointed(TeamFact):
    words = _("a service team has another leader")

    resident_id: UUID
    before_id: UUID | None  # who led it until now


@dataclass(frozen=True, kw_only=True)
class TeamEnded(TeamFact):
    words = _("a service team ended")

    reason: Remark


# --- about a volunteer (subject `volunteering.volunteer:<id>`) ----------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class VolunteerFact(Event):
    words = _("a volunteer's record changed")

    resident_id: UUID


@dataclass(frozen=True, kw_only=True)
class VolunteerSignedUp(VolunteerFact):
    words = _("signed up as a volunteer")


@dataclass(frozen=True, kw_only=True)
class VolunteerEdited(VolunteerFact):
    words = _("said anew what they can do")

    changed: tuple[str, ...]  # names of the fields


@dataclass(frozen=True, kw_only=True)
class VolunteerSignedOff(VolunteerFact):
    words = _("is no volunteer any more")


# --- about who is in a team (subject `volunteering.belonging:<id>`) -----------------------------------------------


@dataclass(frozen=True, kw_only=True)
class BelongingFact(Event):
    words = _("who is in a team changed")

    team_id: UUID
    volunteer_id: UUID
    resident_id: UUID
    team: Title


@dataclass(frozen=True, kw_only=True)
class TeamJoined(BelongingFact):
    words = _("joined a service team")


@dataclass(frozen=True, kw_only=True)
class TeamLeft(BelongingFact):
    words = _("left a service team")


# --- about a certificate (subject `volunteering.certificate:<id>`) ------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CertificateFact(Event):
    words = _("a volunteer's certificate")

    volunteer_id: UUID
    resident_id: UUID
    kind: str
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class CertificateNoted(CertificateFact):
    words = _("a certificate was seen and noted")


@dataclass(frozen=True, kw_only=True)
class CertificateStruck(CertificateFact):
    words = _("a certificate was struck out")


# --- about a shift (subject `volunteering.shift:<id>`) ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ShiftFact(Event):
    words = _("a shift changed")

    number: int
    what: Title


@dataclass(frozen=True, kw_only=True)
class ShiftPlanned(ShiftFact):
    words = _("a shift was planned")

    team_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class ShiftsPlanned(TeamFact):
    """Many at once, with who does them: one place each for a shift, one each for a place in a shift (`of` which)."""

    words = _("shifts were planned")

    shifts: tuple[UUID, ...]
    numbers: tuple[int, ...]
    begin: tuple[datetime, ...]
    end: tuple[datetime, ...]
    needs: tuple[UUID, ...]
    slots: tuple[UUID, ...]
    of: tuple[int, ...]  # which of the shifts, from 0
    volunteers: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class ShiftChanged(ShiftFact):
    words = _("a planned shift was changed")

    changed: tuple[str, ...]  # names of the fields; "tasks"
    was_at: datetime
    starts_at: datetime
    ends_at: datetime
    stay: tuple[UUID, ...]  # residents who are still in it
    slots: tuple[UUID, ...]  # places that ended, because whose they are cannot be there any more
    out: tuple[UUID, ...]  # residents whose places those were


@dataclass(frozen=True, kw_only=True)
class ShiftCalledOff(ShiftFact):
    words = _("a shift was called off")

    starts_at: datetime
    slots: tuple[UUID, ...]
    residents: tuple[UUID, ...]
    reason: Remark


# --- about a place in a shift (subject `volunteering.slot:<id>`) --------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SlotFact(Event):
    words = _("a place in a shift changed")

    shift_id: UUID
    number: int
    volunteer_id: UUID
    resident_id: UUID
    what: Title
    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class SlotTaken(SlotFact):
    words = _("took a shift on")

    need_id: UUID
    is_own_wish: bool  # False: the leader assigned it


@dataclass(frozen=True, kw_only=True)
class SlotGivenBack(SlotFact):
    words = _("gave a shift back")

    is_own_wish: bool


@dataclass(frozen=True, kw_only=True)
class StandInSought(SlotFact):
    words = _("looks for a stand-in")

    asked_id: UUID | None = None  # the resident who is asked; None: the team


@dataclass(frozen=True, kw_only=True)
class StandInSearchEnded(SlotFact):
    words = _("looks for no stand-in any more, or was told no")

    is_own_wish: bool  # False: who was asked said no


@dataclass(frozen=True, kw_only=True)
class SwapOffered(SlotFact):
    """About the place that is offered."""

    words = _("offered to swap shifts")

    sought_number: int  # the shift of whoever looks for a stand-in
    sought_id: UUID  # the resident who does


@dataclass(frozen=True, kw_only=True)
class SwapWithdrawn(SlotFact):
    words = _("no longer offers to swap shifts")


@dataclass(frozen=True, kw_only=True)
class ShiftsSwapped(SlotFact):
    """About the place of whoever looked for a stand-in; the others in this order: there, then where they are now."""

    words = _("two people swapped their shifts")

    other_id: UUID  # the resident who had offered it
    leads: tuple[UUID, ...]  # who leads the teams: residents
    ended: tuple[UUID, ...]  # both places that ended
    slots: tuple[UUID, ...]  # both new ones
    shifts: tuple[UUID, ...]
    needs: tuple[UUID, ...]
    volunteers: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class SlotMissed(SlotFact):
    words = _("was noted as not having come to a shift, or that was put right")

    missed: bool


# --- about hours (of many: subject `volunteering.team:<id>`; of one: `volunteering.hours:<id>`) --------------------


@dataclass(frozen=True, kw_only=True)
class HoursNoted(TeamFact):
    """One place each for an entry."""

    words = _("hours were noted")

    hours: tuple[UUID, ...]
    slots: tuple[UUID, ...]
    volunteers: tuple[UUID, ...]
    came: tuple[datetime, ...]
    left: tuple[datetime, ...]
    credited: tuple[int, ...]  # minutes


@dataclass(frozen=True, kw_only=True)
class HoursApproved(TeamFact):
    words = _("hours were approved")

    hours: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class HoursFact(SlotFact):
    words = _("hours changed")

    minutes: int
    is_own_note: bool  # whoever did it had noted them
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class HoursRefused(HoursFact):
    words = _("hours were not counted")


@dataclass(frozen=True, kw_only=True)
class HoursTakenBack(HoursFact):
    words = _("hours that were approved were taken back")


# --- about a request for help (subject `volunteering.helprequest:<id>`) ----------------------------------------------


@dataclass(frozen=True, kw_only=True)
class HelpFact(Event):
    words = _("a request for help changed")

    number: int
    resident_id: UUID  # whose it is
    help: str  # a code of `kinds.HELP`
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class HelpAsked(HelpFact):
    words = _("asked for help")


@dataclass(frozen=True, kw_only=True)
class HelpTaken(HelpFact):
    words = _("a request for help was taken on")

    shift_id: UUID


@dataclass(frozen=True, kw_only=True)
class HelpOpenAgain(HelpFact):
    words = _("somebody is sought again for a request for help")


@dataclass(frozen=True, kw_only=True)
class HelpWithdrawn(HelpFact):
    words = _("a request for help is no longer needed")


@dataclass(frozen=True, kw_only=True)
class HelpNotFound(HelpFact):
    words = _("nobody was found for a request for help")

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class HelpDone(HelpFact):
    words = _("a request for help was done")


# --- about a paper (subject `volunteering.yearpaper:<id>`) --------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class YearPaperIssued(Event):
    words = _("a paper about a year's hours was issued")

    number: int
    resident_id: UUID
    year: int
    minutes: int


# --- about time given on (subject `volunteering.timegift:<id>`) ----------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TimeFact(Event):
    """Giver or receiver None: the community."""

    words = _("time was given on, or went back")

    giver_id: UUID | None
    receiver_id: UUID | None
    minutes: int


@dataclass(frozen=True, kw_only=True)
class TimeGiven(TimeFact):
    words = _("time was given on")


@dataclass(frozen=True, kw_only=True)
class TimeTakenBack(TimeFact):
    words = _("time that was given on went back")

    reason: Remark


@dataclass(frozen=True, kw_only=True)
class TimeLeft(TimeFact):
    """Whoever saved it is gone for good: it went to whom they had named, or to the community."""

    words = _("time of somebody who is gone went on")


@dataclass(frozen=True, kw_only=True)
class TimeCameBack(TimeFact):
    """Whoever had left it to the community lives here again."""

    words = _("time came back to somebody who lives here again")


# --- about who is to have it (subject `volunteering.timeheir:<id>`) -----------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TimeHeirNamed(Event):
    """Who is to have what somebody has saved, should they leave or die; None: the community."""

    words = _("it was noted who is to have saved time")

    giver_id: UUID
    receiver_id: UUID | None
