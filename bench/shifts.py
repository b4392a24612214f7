"""A thousand places in shifts taken on by volunteers, against plain SQL; and the rooms of 1 and of 100 communities.

    make bench ARGS=shifts

Each line of the first kind is the time of 1,000 claims, each committed by itself. "7 statements" is BEGIN, the
volunteer's row and the shift's locked, the task counted, the place and the time of the person inserted, the timeline
written, COMMIT, with prepared statements under the same constraints. Ours also asks whether the person belongs to the
team, whether the paper and age suffice, how much rest and how long a week it leaves, and tells whoever follows.

"100 communities" are claims in one of a hundred communities, each with a team and its shifts of a year like it, against
the same claims in it while it was alone: they may take 1.2 times as long at most, so the ratio has to stay above 0.83.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from statistics import median
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from bench.crowd import Crowd, Work, crowd
from bench.scratch import scratch_database
from bench.table import Row, compare
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.ids import new_id
from weiyifang.core.server.database import analyze
from weiyifang.core.tenancy import fill_community, in_community
from weiyifang.people import services as people
from weiyifang.people.models import Purpose, Resident
from weiyifang.volunteering import services
from weiyifang.volunteering.models import Belonging, Need, Volunteer

NANHU = 500108002001
CLAIMS = 50  # in one run of one side
VOLUNTEERS, SHIFTS, MANY = 400, 52, 100
M = TypeVar("M", bound=Model)

LOCK_VOLUNTEER = """
    SELECT id FROM volunteering_volunteer WHERE community_id = %(community)s AND id = %(volunteer)s FOR UPDATE
"""
LOCK_SHIFT = """
    SELECT id FROM volunteering_shift WHERE community_id = %(community)s AND id = %(shift)s FOR UPDATE
"""
COUNT = """
    UPDATE volunteering_need SET taken = taken + 1
    WHERE community_id = %(community)s AND id = %(need)s AND taken < wanted
"""
PUT = """
    INSERT INTO volunteering_slot (id, community_id, need_id, shift_id, volunteer_id, state, seeks_stand_in, missed,
        taken_at)
    VALUES (%(slot)s, %(community)s, %(need)s, %(shift)s, %(volunteer)s, 'taken', false, false, now())
"""
ALLOCATE = """
    INSERT INTO timetable_allocation
        (id, community_id, subject_kind, subject_id, during, buffered, source, state, is_shared)
    VALUES (%(id)s, %(community)s, 'people.resident', %(resident)s, tstzrange(%(starts)s, %(ends)s),
        tstzrange(%(starts)s, %(ends)s), %(source)s, 'confirmed', false)
"""
TELL = """
    INSERT INTO core_timelineentry (id, community_id, verb, subject, actor_name, values, at)
    VALUES (%(told)s, %(community)s, 'SlotTaken', %(source)s, '', '{}', now())
"""


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database() as url:
        rows = []
        crew = _crew(NANHU)
        with in_community(NANHU):
            for size in (1, 8):
                with crowd(size, url) as clients:
                    said = f"{size} client{'s' * (size > 1)}"
                    rows.append(_measure(said, clients, _ours(crew), "7 statements", _statements(clients, crew)))
        with crowd(1, url) as clients:
            alone = _alone(clients, crew)
        for number in range(1, MANY):
            _crew(NANHU + number)
        analyze(connection)
        with crowd(1, url) as clients:
            rows.append(Row(f"{MANY} communities", _alone(clients, crew), "one", alone))
        return rows


def _alone(clients: Crowd, crew: Crew) -> float:
    """Milliseconds for 1,000 claims of ours."""
    with in_community(crew.community):
        return median(
            compare("", lambda: clients.share(_ours(crew), CLAIMS)).ours_ms * 1000 / CLAIMS for _time in range(3)
        )


def _measure(name: str, clients: Crowd, ours: Work, against: str, theirs: Work) -> Row:
    """Milliseconds for 1,000 calls of each side."""
    row = compare(name, lambda: clients.share(ours, CLAIMS), against, lambda: clients.share(theirs, CLAIMS))
    return Row(name, row.ours_ms * 1000 / CLAIMS, against, (row.against_ms or 0) * 1000 / CLAIMS)


@dataclass(frozen=True, kw_only=True)
class Crew:
    """A team, who is in it, and the tasks of its shifts; `turn` gives the pair that nobody had before."""

    community: int
    volunteers: Sequence[Volunteer]
    needs: Sequence[Need]
    turns: Iterator[int] = field(default_factory=count)

    def turn(self) -> tuple[Volunteer, Need]:
        """Each volunteer once in each shift, the shifts one after the other."""
        place = next(self.turns)
        return self.volunteers[place % VOLUNTEERS], self.needs[place // VOLUNTEERS]


def _crew(community: int) -> Crew:
    """A community with a team of many, who have a shift a week for a year."""
    Community.objects.create(id=community, slug=f"c{community}", name="南湖社区", short_name="南湖社区")
    with in_community(community):
        people.publish_consent_text(purpose=Purpose.VOLUNTEERING, text="我愿意做志愿者。", by=system())
        born_on = clock.today() - timedelta(days=50 * 365)
        residents = _stored([Resident(number=n, name=f"志愿者{n}", born_on=born_on) for n in range(1, VOLUNTEERS + 1)])
        volunteers = _stored([Volunteer(resident=one) for one in residents])
        team = services.begin(name="送餐队", purpose="中午送饭。", by=system())
        _stored([Belonging(team=team, volunteer=one) for one in volunteers])
        first = clock.now() + timedelta(days=3)
        times = [
            (first + timedelta(days=7 * week), first + timedelta(days=7 * week, hours=2)) for week in range(SHIFTS)
        ]
        wanted = [services.Wanted("送餐", VOLUNTEERS)]
        services.plan_series(team=team, what="送午饭", place="九九驿站", times=times, needs=wanted, by=system())
        needs = list(Need.objects.select_related("shift").order_by("shift__starts_at"))
        analyze(connection)
        return Crew(community=community, volunteers=volunteers, needs=needs)


def _stored(rows: list[M]) -> list[M]:
    fill_community(rows)
    type(rows[0])._base_manager.bulk_create(rows)
    return rows


def _ours(crew: Crew) -> Work:
    def work(_number: int) -> None:
        volunteer, need = crew.turn()
        person = Actor(community_id=crew.community, resident_id=volunteer.resident_id, name=volunteer.resident.name)
        services.claim(need=need, by=person)

    return work


def _statements(clients: Crowd, crew: Crew) -> Work:
    def work(_number: int) -> None:
        (volunteer, need), slot = crew.turn(), new_id()
        values = {
            "community": crew.community,
            "volunteer": volunteer.pk,
            "resident": volunteer.resident_id,
            "shift": need.shift_id,
            "need": need.pk,
            "slot": slot,
            "id": new_id(),
            "told": new_id(),
            "source": f"volunteering.slot:{slot}",
            "starts": need.shift.starts_at,
            "ends": need.shift.ends_at,
        }
        sql = clients.sql()
        with sql.transaction():
            for statement in (LOCK_VOLUNTEER, LOCK_SHIFT, COUNT, PUT, ALLOCATE, TELL):
                sql.execute(statement, values)

    return work
