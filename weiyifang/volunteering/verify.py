"""Teams, who is in them, who helps and with which papers: told again from the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.people.events import PersonErased
from weiyifang.timetable import queries as timetable
from weiyifang.volunteering import events, kinds, verify_hours
from weiyifang.volunteering.models import (
    Belonging,
    Certificate,
    HelpRequest,
    HelpState,
    Need,
    Shift,
    ShiftState,
    Slot,
    SlotState,
    Team,
    Volunteer,
    YearPaper,
)


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [
        *_teams(),
        *_volunteers(),
        *_belongings(),
        *_certificates(),
        *_kinds(),
        *_shifts(),
        *_slots(),
        *_help(),
        *_papers(),
        *_counts(),
        *_calendars(),
        *verify_hours.check(),
    ]


def _teams() -> Iterator[Fault]:
    """A team is led by whom the facts say, and at work as long as they say."""
    led: dict[UUID | None, set[str]] = defaultdict(set)

    def appointed(fact: Told) -> Row:
        led[fact.id("resident_id")].add(fact.subject)
        led[fact.id("before_id")].discard(fact.subject)
        return {"leader_id": fact.id("resident_id")}

    def erased(fact: Told) -> list[tuple[str, Row]]:
        return [(source, {"leader_id": None}) for source in led.pop(id_in(fact.subject), ())]

    wanted = facts.due(
        {
            events.TeamBegun: lambda fact: {
                "number": fact.values["number"],
                "organizer": fact.values["organizer"],
                "leader_id": None,
                "ended_on": None,
            },
            events.TeamEdited: lambda fact: {"organizer": fact.values["organizer"]},
            events.TeamLeaderAppointed: appointed,
            events.TeamEnded: lambda _fact: {"ended_on": SOMETHING},
            PersonErased: erased,
        }
    )
    rows = facts.every(Team, "number", "organizer", "leader", "ended_on")
    yield from facts.compare(rows, wanted, check="volunteering.teams", untold="nobody began this team")


def _volunteers() -> Iterator[Fault]:
    """Nobody is noted as a volunteer who did not sign up, and nobody who signed off still is one."""
    wanted = facts.due(
        {
            events.VolunteerSignedUp: lambda fact: {"resident_id": fact.id("resident_id"), "until": None},
            events.VolunteerSignedOff: lambda _fact: {"until": SOMETHING},
        }
    )
    rows = facts.every(Volunteer, "resident", "until")
    yield from facts.compare(rows, wanted, check="volunteering.volunteers", untold="nobody signed them up")


def _belongings() -> Iterator[Fault]:
    """Nobody is in a team who did not join it, and whoever left, signed off or lost the team is in it no more."""
    of: dict[UUID | None, set[str]] = defaultdict(set)  # team or volunteer → places

    def joined(fact: Told) -> Row:
        team_id, volunteer_id = fact.id("team_id"), fact.id("volunteer_id")
        of[team_id].add(fact.subject)
        of[volunteer_id].add(fact.subject)
        return {"team_id": team_id, "volunteer_id": volunteer_id, "until": None}

    def all_end(fact: Told) -> list[tuple[str, Row]]:
        return [(source, {"until": SOMETHING}) for source in of.pop(id_in(fact.subject), ())]

    wanted = facts.due(
        {
            events.TeamJoined: joined,
            events.TeamLeft: lambda _fact: {"until": SOMETHING},
            events.TeamEnded: all_end,
            events.VolunteerSignedOff: all_end,
        }
    )
    rows = facts.every(Belonging, "team", "volunteer", "until")
    yield from facts.compare(rows, wanted, check="volunteering.belongings", untold="nobody noted this place")


def _certificates() -> Iterator[Fault]:
    """A certificate says what was noted: whose, which kind, until when."""

    def noted(fact: Told) -> Row:
        return {
            "volunteer_id": fact.id("volunteer_id"),
            "kind": fact.values["kind"],
            "valid_until": date.fromisoformat(fact.values["valid_until"]),
            "struck_on": None,
        }

    wanted = facts.due(
        {
            events.CertificateNoted: noted,
            events.CertificateStruck: lambda _fact: {"struck_on": SOMETHING},
        }
    )
    rows = facts.every(Certificate, "volunteer", "kind", "valid_until", "struck_on")
    yield from facts.compare(rows, wanted, check="volunteering.certificates", untold="nobody noted it")


def _kinds() -> Iterator[Fault]:
    """Every code that a row holds is or was on its list."""
    skills, times, papers = (
        {word.code for word in words.ever()} for words in (kinds.SKILL, kinds.TIME, kinds.CERTIFICATE)
    )
    for row in facts.every(Volunteer, "skills", "times"):
        odd = {*row.skills}.difference(skills) | {*row.times}.difference(times)
        if odd:
            yield Fault.of(row, check="volunteering.kinds", what=f"has codes that no list names: {sorted(odd)}")
    for row in facts.every(Certificate, "kind"):
        if row.kind not in papers:
            yield Fault.of(row, check="volunteering.kinds", what=f"is of the kind {row.kind!r}, which is not named")


def _shifts() -> Iterator[Fault]:
    """A shift was planned for the hours it has, and is called off only if somebody did."""

    def planned(fact: Told) -> Row:
        return {
            "team_id": fact.id("team_id"),
            "number": fact.values["number"],
            "starts_at": fact.moment("starts_at"),
            "ends_at": fact.moment("ends_at"),
            "state": ShiftState.PLANNED,
        }

    def many(fact: Told) -> Iterator[tuple[str, Row]]:
        said = (fact.values[name] for name in ("shifts", "numbers", "begin", "end"))
        for pk, number, begins, ends in zip(*said, strict=True):
            yield (
                f"volunteering.shift:{pk}",
                {
                    "team_id": id_in(fact.subject),
                    "number": number,
                    "starts_at": datetime.fromisoformat(begins),
                    "ends_at": datetime.fromisoformat(ends),
                    "state": ShiftState.PLANNED,
                },
            )

    wanted = facts.due(
        {
            events.ShiftPlanned: planned,
            events.ShiftsPlanned: many,
            events.ShiftChanged: lambda fact: {
                "starts_at": fact.moment("starts_at"),
                "ends_at": fact.moment("ends_at"),
            },
            events.ShiftCalledOff: lambda _fact: {"state": ShiftState.CALLED_OFF},
        }
    )
    rows = facts.every(Shift, "team", "number", "starts_at", "ends_at", "state")
    yield from facts.compare(rows, wanted, check="volunteering.shifts", untold="nobody planned it")


def _slots() -> Iterator[Fault]:
    """Nobody is in a shift who did not take it on, and whoever gave it back is in it no more."""

    def taken(fact: Told) -> Row:
        return _in_it(fact.id("shift_id"), fact.id("need_id"), fact.id("volunteer_id"))

    def all_off(fact: Told) -> list[tuple[str, Row]]:
        return [(f"volunteering.slot:{pk}", {"state": SlotState.CALLED_OFF}) for pk in fact.values["slots"]]

    def out(values: Mapping[str, Any]) -> list[tuple[str, Row]]:
        return [(f"volunteering.slot:{pk}", {"state": SlotState.GIVEN_BACK}) for pk in values["slots"]]

    def swapped(fact: Told) -> Iterator[tuple[str, Row]]:
        yield from out({"slots": fact.values["ended"]})
        said = (fact.values[name] for name in ("slots", "shifts", "needs", "volunteers"))
        for pk, shift, need, volunteer in zip(*said, strict=True):
            yield f"volunteering.slot:{pk}", _in_it(UUID(shift), UUID(need), UUID(volunteer))

    def many(fact: Told) -> Iterator[tuple[str, Row]]:
        shifts, needs = fact.values["shifts"], fact.values["needs"]
        for pk, of, volunteer in zip(fact.values["slots"], fact.values["of"], fact.values["volunteers"], strict=True):
            yield f"volunteering.slot:{pk}", _in_it(UUID(shifts[of]), UUID(needs[of]), UUID(volunteer))

    wanted = facts.due(
        {
            events.ShiftsPlanned: many,
            events.SlotTaken: taken,
            events.SlotGivenBack: lambda _fact: {"state": SlotState.GIVEN_BACK},
            events.ShiftChanged: lambda fact: out(fact.values),
            events.ShiftsSwapped: swapped,
            events.ShiftCalledOff: all_off,
            events.SlotMissed: lambda fact: {"missed": fact.values["missed"]},
        }
    )
    rows = facts.every(Slot, "shift", "need", "volunteer", "state", "missed")
    yield from facts.compare(rows, wanted, check="volunteering.slots", untold="nobody took it on")


def _help() -> Iterator[Fault]:
    """A request for help stands as its facts say, for the shift they say; and its kind is or was on the list."""

    def asked(fact: Told) -> Row:
        return {
            "resident_id": fact.id("resident_id"),
            "kind": fact.values["help"],
            "starts_at": fact.moment("starts_at"),
            "state": HelpState.OPEN,
            "shift_id": None,
        }

    wanted = facts.due(
        {
            events.HelpAsked: asked,
            events.HelpTaken: lambda fact: {"state": HelpState.TAKEN, "shift_id": fact.id("shift_id")},
            events.HelpOpenAgain: lambda _fact: {"state": HelpState.OPEN, "shift_id": None},
            events.HelpWithdrawn: lambda _fact: {"state": HelpState.WITHDRAWN},
            events.HelpNotFound: lambda _fact: {"state": HelpState.NOT_FOUND},
            events.HelpDone: lambda _fact: {"state": HelpState.DONE},
        }
    )
    rows = facts.every(HelpRequest, "resident", "kind", "starts_at", "state", "shift")
    yield from facts.compare(rows, wanted, check="volunteering.help", untold="nobody asked for it")
    known = {word.code for word in kinds.HELP.ever()}
    for row in facts.every(HelpRequest, "kind"):
        if row.kind not in known:
            yield Fault.of(row, check="volunteering.kinds", what=f"is of the kind {row.kind!r}, which is not named")


def _papers() -> Iterator[Fault]:
    """A paper says what was issued."""
    wanted = facts.due(
        {
            events.YearPaperIssued: lambda fact: {
                "number": fact.values["number"],
                "resident_id": fact.id("resident_id"),
                "year": fact.values["year"],
                "minutes": fact.values["minutes"],
            }
        }
    )
    rows = facts.every(YearPaper, "number", "resident", "year", "minutes")
    yield from facts.compare(rows, wanted, check="volunteering.papers", untold="nobody issued it")


def _in_it(shift: UUID | None, need: UUID | None, volunteer: UUID | None) -> Row:
    ids = {"shift_id": shift, "need_id": need, "volunteer_id": volunteer}
    return {**ids, "state": SlotState.TAKEN, "missed": False}


def _counts() -> Iterator[Fault]:
    """A task counts as many people as there are."""
    there = dict(Slot.objects.live().order_by().values_list("need").annotate(many=Count("pk")))
    for need in facts.every(Need, "taken"):
        if need.taken != there.get(need.pk, 0):
            what = f"says {need.taken} people, and there are {there.get(need.pk, 0)}"
            yield Fault.of(need, check="volunteering.counts", what=what)


def _calendars() -> Iterator[Fault]:
    """Whoever is in a shift has its hours in their calendar, and nobody else has."""
    rows = Slot.objects.live().select_related("shift", "volunteer")
    due = {
        source_of(slot): (slot.volunteer.resident_id, slot.shift.starts_at, slot.shift.ends_at)
        for slot in rows.iterator(chunk_size=5_000)
    }
    for source, *taken in timetable.taken_by("volunteering.slot:"):
        if due.pop(source, None) != tuple(taken):
            yield Fault(check="volunteering.calendars", where=source, what="takes hours that its shift does not have")
    for source in due:
        yield Fault(check="volunteering.calendars", where=source, what="has no hours in anybody's calendar")
