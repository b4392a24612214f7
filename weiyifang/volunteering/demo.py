"""The service teams of a replayed year, begun and filled through the verbs. Which: `demo.toml`."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import announced_together
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Resident
from weiyifang.volunteering import kinds, queries, services
from weiyifang.volunteering.models import Belonging, HelpRequest, Hours, Shift, Slot, Team, Volunteer

FILE = Path(__file__).with_name("demo.toml")
LEAST, MOST = 18, 80  # years of age of the demo's volunteers
NAMED = 0.7  # how many of them may be named in public
PLANS, DAYS = 13, 28  # a plan for four weeks, thirteen times a year
PEOPLE, MINUTES = 2, 90  # a shift is for two people, an hour and a half
MORE_SKILLS = 0.4  # who can do something besides what their team does
MISSED = 1 / 60  # shifts to which one of the two does not come
HOUR, GIVERS, ELDERS, OLD = 60, 3, 200, 75  # who gives an hour to whom
LONGEST = 360  # minutes that anybody stays
PAPER_DAYS = 380  # what was seen at the beginning holds for the whole of it


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One team of `demo.toml`."""

    name: str
    of: str
    size: int
    skills: Sequence[str]
    purpose: str
    what: str
    place: str
    times: Sequence[str] = ("09:00", "14:30", "16:30")
    certificate: str = ""


def plans() -> list[Plan]:
    """The teams of the demo, in the order they begin."""
    return [Plan(**one) for one in tomllib.loads(FILE.read_text("utf-8"))["team"]]


def begin_teams(rng: random.Random, *, leader: Resident, cast: Sequence[Resident], scale: float) -> list[Team]:
    """Begin the teams and fill them; `leader` leads the first two, each of the `cast` is in one team."""
    organizations = {row.name: row for row in Organization.objects.active()}
    people = Resident.objects.living_here().aged(least=LEAST, most=MOST).filter(account=None)
    others = list(people.only("id", "community", "number", "name", "born_on", "left_on", "account").order_by("number"))
    rng.shuffle(others)
    made: list[Team] = []
    with announced_together():
        for plan in plans():
            size = max(3, min(round(plan.size * scale), len(others) // 2))
            members, others = others[:size], others[size:]
            head = leader if len(made) < 2 else members[0]
            known = cast[len(made) : len(made) + 1]
            made.append(_begin(rng, plan, head, [*members, *known], organizations))
    return made


def _begin(
    rng: random.Random,
    plan: Plan,
    head: Resident,
    members: Iterable[Resident],
    organizations: dict[str, Organization],
) -> Team:
    of = organizations.get(plan.of)
    organizer = f"organizations.organization:{of.pk}" if of else ""
    team = services.begin(leader=head, name=plan.name, purpose=plan.purpose, organizer=organizer, by=system())
    for one in dict.fromkeys([head, *members]):
        volunteer = Volunteer.objects.active().filter(resident=one).first() or _sign_up(rng, plan, one)
        services.add_member(team=team, resident=one, by=system())
        if plan.certificate:
            until = clock.today() + timedelta(days=rng.randrange(PAPER_DAYS, 2 * PAPER_DAYS))
            services.note_certificate(volunteer=volunteer, kind=plan.certificate, valid_until=until, by=system())
    return team


def _sign_up(rng: random.Random, plan: Plan, one: Resident) -> Volunteer:
    codes = [word.code for word in kinds.SKILL.shipped_on(clock.today()).words]
    more = [rng.choice(codes)] if rng.random() < MORE_SKILLS else []
    times = [word.code for word in kinds.TIME.shipped_on(clock.today()).words if rng.random() < 0.5]
    return services.sign_up(
        resident=one,
        skills=[*plan.skills, *more],
        times=times,
        is_named=rng.random() < NAMED,
        agreed=True,
        by=system(),
    )


def plan_ahead(first: date, *, plan: int, shifts: int) -> None:
    """The shifts of the four weeks from `first`, each team's in one go; `plan` of the year's, with `shifts` in all."""
    teams = list(Team.objects.at_work().order_by("number"))
    todo = [number for number in range(shifts) if number * PLANS // shifts == plan]
    wishes = {one.name: one for one in plans()}
    for at, team in enumerate(teams):
        people = [row.volunteer for row in _members(team)]
        mine = len(todo[at :: len(teams)])
        if mine and people:
            lines = [_line(wishes[team.name], plan * mine, turn, people, first) for turn in range(mine)]
            services.plan_many(team=team, lines=lines, by=system())


def _members(team: Team) -> QuerySet[Belonging]:
    rows = Belonging.objects.live().filter(team=team, volunteer__resident__account=None)
    return rows.exclude(volunteer__resident=team.leader_id).select_related("volunteer").order_by("id")


def _line(plan: Plan, before: int, turn: int, people: Sequence[Volunteer], first: date) -> services.Line:
    """Two people for an hour and a half; each in turn, at most once a day."""
    starts_at = clock.local(first + timedelta(days=turn % DAYS), plan.times[turn // DAYS % len(plan.times)])
    at = (before + turn) * PEOPLE
    return services.Line(
        what=plan.what,
        place=plan.place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=MINUTES),
        role=plan.what,
        people=[people[(at + one) % len(people)] for one in range(min(PEOPLE, len(people)))],
        certificate=plan.certificate,
    )


def note_hours(
    rng: random.Random, since: date, until: date, *, waits: int = 0, noted_by: Actor, approved_by: Actor
) -> None:
    """Who came from one day to before another, team by team: noted by one, approved by another of the committee.

    Now and then somebody does not come, or was not free to begin with: whoever is there stays until all is done. The
    last `waits` shifts of each team still wait for the second person; before them somebody stayed as much longer.
    """
    counted: list[Hours] = []
    for team in Team.objects.order_by("number"):
        todo = _places(team, since, until)
        lines, missed, first_waiting = _who_came(rng, todo, waits=waits)
        for slot in missed:
            services.note_missed(slot=slot, by=noted_by)
        rows = services.note_hours(team=team, lines=lines, by=noted_by)
        counted += [row for row in rows if first_waiting is None or row.came_at < first_waiting]
    services.approve_hours(hours=counted, by=approved_by)


def give_time(rng: random.Random, *, by: Actor) -> None:
    """A few volunteers let the office give an hour of theirs to an old neighbour, one to the community.

    That one also says who is to have the rest, should they leave.
    """
    saved = queries.with_time(least=HOUR)
    elders = list(Resident.objects.living_here().aged(least=OLD, most=120).order_by("number")[:ELDERS])
    if saved and elders:
        for giver in rng.sample(saved, min(GIVERS, len(saved))):
            receiver = rng.choice(elders)
            if receiver.pk != giver.pk:
                services.give_time(giver=giver, receiver=receiver, amount=HOUR, by=by)
        for generous in [one for one in queries.with_time(least=HOUR) if one not in elders][:1]:
            services.give_time(giver=generous, receiver=None, amount=HOUR, by=by)
            services.name_heir(giver=generous, receiver=elders[0], by=by)


def _who_came(
    rng: random.Random, todo: Sequence[Sequence[Slot]], *, waits: int
) -> tuple[list[services.Was], list[Slot], datetime | None]:
    """From when until when each was there, who did not come, and from when on the hours wait.

    Who helped one neighbour was there as long as was asked for.
    """
    lines, missed = list[services.Was](), list[Slot]()
    first_waiting = todo[-waits][0].shift.starts_at if 0 < waits < len(todo) else None
    owed = PEOPLE * MINUTES * (waits if first_waiting else 0)
    asked = set(HelpRequest.objects.exclude(shift=None).values_list("shift", flat=True))
    for slots in todo:
        if slots[0].shift_id in asked:
            lines += [services.Was(one, one.shift.starts_at, one.shift.ends_at) for one in slots]
            continue
        waiting = first_waiting is not None and slots[0].shift.starts_at >= first_waiting
        there = list(slots)
        if len(there) > 1 and not waiting and rng.random() < MISSED:
            missed.append(there.pop(rng.randrange(len(there))))
        owed = PEOPLE * MINUTES if waiting else owed + PEOPLE * MINUTES
        each = min(owed // len(there), LONGEST)
        owed -= each * len(there)
        lines += [
            services.Was(one, one.shift.starts_at, one.shift.starts_at + timedelta(minutes=each)) for one in there
        ]
    return lines, missed, first_waiting


def _places(team: Team, since: date, until: date) -> list[list[Slot]]:
    """Who was in each shift of those days, in the order they began."""
    begins, ends = clock.day_bounds(since)[0], clock.day_bounds(until)[0]
    shifts = Shift.objects.filter(team=team, starts_at__gte=begins, starts_at__lt=ends).order_by("starts_at", "number")
    places: dict[UUID, list[Slot]] = {one.pk: [] for one in shifts}
    for slot in Slot.objects.live().filter(shift__in=list(places)).prefetch_related("shift").order_by("id"):
        places[slot.shift_id].append(slot)
    return [slots for slots in places.values() if slots]


def leave_on_the_desk(*, by: Actor) -> None:
    """What is to come when the year ends: each team still seeks people for the days after it."""
    for team, plan in zip(Team.objects.at_work().order_by("number"), plans(), strict=True):
        starts_at = clock.local(clock.today() + timedelta(days=1 + team.number % 5), plan.times[0])
        wanted = services.Wanted(plan.what, 3, certificate=plan.certificate)
        services.plan(
            team=team,
            what=plan.what,
            place=plan.place,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=MINUTES),
            needs=[wanted],
            by=by,
        )
