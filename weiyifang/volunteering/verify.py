"""Teams, who is in them, who helps and with which papers: told again from the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in
from weiyifang.people.events import PersonErased
from weiyifang.volunteering import events, kinds
from weiyifang.volunteering.models import Belonging, Certificate, Team, Volunteer


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_teams(), *_volunteers(), *_belongings(), *_certificates(), *_kinds()]


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
    """Every code that a row holds is in `kinds.toml`."""
    for row in facts.every(Volunteer, "skills", "times"):
        known = set(kinds.known(kinds.SKILL, row.skills)) | set(kinds.known(kinds.TIME, row.times))
        if odd := sorted({*row.skills, *row.times} - known):
            yield Fault.of(row, check="volunteering.kinds", what=f"has codes that kinds.toml does not name: {odd}")
    for row in facts.every(Certificate, "kind"):
        if not kinds.known(kinds.CERTIFICATE, [row.kind]):
            yield Fault.of(row, check="volunteering.kinds", what=f"is of the kind {row.kind!r}, which is not named")
