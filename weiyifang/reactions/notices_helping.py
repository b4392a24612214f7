"""Which fact about volunteers is told to whom. What a notice then says: `notice_kinds`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from weiyifang.core import clock
from weiyifang.core.tenancy import id_in
from weiyifang.notices.services import tell
from weiyifang.volunteering import events as volunteering
from weiyifang.volunteering import queries as volunteers


def joined_team(fact: volunteering.TeamJoined) -> None:
    """Whoever leads the team, unless it is themselves or nobody."""
    team = volunteers.team(fact.team_id)
    leaders = [team.leader_id] if team.leader_id not in {None, fact.resident_id} else []
    tell(kind="joined_team", about=fact.subject, residents=leaders, number=team.number)


def team_ended(fact: volunteering.TeamEnded) -> None:
    """Whoever was in it until that day."""
    residents = volunteers.were_in_until(id_in(fact.subject), clock.today())
    tell(kind="team_ended", about=fact.subject, residents=residents, number=fact.number)


def shift_called_off(fact: volunteering.ShiftCalledOff) -> None:
    """Whoever took it on, until it would have begun."""
    _tell_of_shift("shift_called_off", [*fact.residents], fact)


def shift_changed(fact: volunteering.ShiftChanged) -> None:
    """Who stays in it, if it is at another time or place; who cannot, in any case."""
    told: dict[str, Any] = {"about": fact.subject, "number": fact.number, "starts_at": fact.was_at}
    if fact.out:
        tell(kind="out_of_changed_shift", residents=[*fact.out], until=fact.was_at, **told)
    if not {"starts_at", "ends_at"}.isdisjoint(fact.changed):
        until = max(fact.was_at, fact.starts_at)
        tell(kind="shift_moved", residents=[*fact.stay], until=until, moved_to=fact.starts_at, **told)
    elif "place" in fact.changed:
        tell(kind="shift_elsewhere", residents=[*fact.stay], until=fact.starts_at, **told)


def put_into_shift(fact: volunteering.SlotTaken) -> None:
    """Somebody else said that they do it."""
    if not fact.is_own_wish:
        _tell_of_shift("put_into_shift", [fact.resident_id], fact)


def shift_given_back(fact: volunteering.SlotGivenBack) -> None:
    """The leader, if they gave it back themselves; themselves, if somebody took them out or does it instead."""
    if fact.is_own_wish:
        _tell_of_shift("shift_given_back", _leaders(fact), fact)
    else:
        _tell_of_shift("out_of_shift", [fact.resident_id], fact)


def stand_in_sought(fact: volunteering.StandInSought) -> None:
    """Who leads the team; and the one who is asked, if it is one."""
    _tell_of_shift("stand_in_sought", _leaders(fact), fact)
    if fact.asked_id is not None:
        _tell_of_shift("stand_in_asked", [fact.asked_id], fact)


def stand_in_search_ended(fact: volunteering.StandInSearchEnded) -> None:
    """Whoever asked, if who was asked said no."""
    if not fact.is_own_wish:
        _tell_of_shift("stand_in_declined", [fact.resident_id], fact)


def swap_offered(fact: volunteering.SwapOffered) -> None:
    """Whoever looks for a stand-in; it leads to their own shift."""
    begins = fact.starts_at
    tell(
        kind="swap_offered",
        about=fact.subject,
        residents=[fact.sought_id],
        until=begins,
        starts_at=begins,
        number=fact.sought_number,
    )


def shifts_swapped(fact: volunteering.ShiftsSwapped) -> None:
    """Whoever had offered it, and who leads the teams."""
    _tell_of_shift("swap_agreed", [fact.other_id], fact)
    _tell_of_shift("shifts_swapped", [one for one in fact.leads if one not in {fact.resident_id, fact.other_id}], fact)


def hours_not_counted(fact: volunteering.HoursRefused | volunteering.HoursTakenBack) -> None:
    """Whose hours they are, unless whoever noted them struck them out again."""
    if isinstance(fact, volunteering.HoursTakenBack) or not fact.is_own_note:
        residents = [fact.resident_id]
        tell(kind="hours_not_counted", about=fact.subject, residents=residents, starts_at=fact.starts_at)


def time_given(fact: volunteering.TimeGiven) -> None:
    """Who was given time, and whoever acts for them; the community hears of nothing."""
    kind = "time_given" if fact.giver_id else "time_given_by_community"
    tell(kind=kind, about=fact.subject, residents=_of_both(None, fact.receiver_id), minutes=fact.minutes)


def time_left(fact: volunteering.TimeLeft) -> None:
    """Who was named for it, and whoever acts for them; whoever saved it is gone."""
    tell(kind="time_left", about=fact.subject, residents=_of_both(None, fact.receiver_id), minutes=fact.minutes)


def time_taken_back(fact: volunteering.TimeTakenBack) -> None:
    """Both of them."""
    residents = _of_both(fact.giver_id, fact.receiver_id)
    tell(kind="time_taken_back", about=fact.subject, residents=residents, minutes=fact.minutes)


def help_taken(fact: volunteering.HelpTaken) -> None:
    """Whose it is, and whoever acts for them."""
    _tell_of_help("help_taken", fact)


def help_open_again(fact: volunteering.HelpOpenAgain) -> None:
    _tell_of_help("help_open_again", fact)


def help_not_found(fact: volunteering.HelpNotFound) -> None:
    _tell_of_help("help_not_found", fact)


def _tell_of_help(kind: str, fact: volunteering.HelpFact) -> None:
    begins, residents = fact.starts_at, [fact.resident_id]
    tell(kind=kind, about=fact.subject, residents=residents, until=fact.ends_at, starts_at=begins, number=fact.number)


def _of_both(giver_id: UUID | None, receiver_id: UUID | None) -> list[UUID]:
    return sorted({one for one in (giver_id, receiver_id) if one is not None})


def _leaders(fact: volunteering.SlotFact) -> list[UUID]:
    """Who leads the team, unless it is about themselves."""
    leader_id = volunteers.shift(fact.shift_id).team.leader_id
    return [leader_id] if leader_id not in {None, fact.resident_id} else []


def _tell_of_shift(kind: str, residents: list[UUID], fact: volunteering.ShiftCalledOff | volunteering.SlotFact) -> None:
    begins = fact.starts_at
    tell(kind=kind, about=fact.subject, residents=residents, until=begins, starts_at=begins, number=fact.number)
