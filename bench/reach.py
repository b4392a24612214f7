"""Who was not reached in 90 days, among 22,000 residents: by the topics' rows, against the best plain SQL.

    make bench ARGS=reach

30,000 attendances, 2,000 loans, and 1,000 requests to talents of a year, written by hand. "count" is how many are on
the list, "first page" its first twenty, elders who live alone at the top; the SQL beside it gathers everybody who was
reached in one set and takes it away. "a grid" is one of fifteen. "figures" is the whole page of figures of a year;
beside it one statement that counts 人数 and 人次 by compound alone. The list has to stay under 300 ms.

"kept" is what a table `last reached` would make of it, one row a person; see docs/adr/0034.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
from django.db import connection

from bench.scratch import scratch_database
from bench.table import Row, compare
from weiyifang.activities.models import Activity, Attendance, Method, Session
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.core.server.database import analyze, owner_url
from weiyifang.core.tenancy import fill_community, in_community
from weiyifang.outreach import queries, services
from weiyifang.people.models import Resident
from weiyifang.people.population import make_population
from weiyifang.sharing.models import Booking, BookingState, Resource
from weiyifang.talents.models import RequestState, Talent, TalentRequest

NANHU = 500108002001
PEOPLE, DATES, ATTENDANCES, LOANS, REQUESTS = 22_000, 300, 30_000, 2_000, 1_000
COMERS = 9_000  # the others never come
PAGE = 20

REACHED = """
    SELECT a.resident_id FROM activities_attendance a JOIN activities_session s
      ON s.community_id = a.community_id AND s.id = a.session_id
      LEFT JOIN activities_attendance v ON v.community_id = a.community_id AND v.voids_id = a.id
     WHERE a.community_id = %(here)s AND a.voids_id IS NULL AND v.id IS NULL AND a.resident_id IS NOT NULL
       AND s.starts_at >= %(since)s AND s.starts_at < %(until)s
    UNION ALL SELECT resident_id FROM sharing_booking WHERE community_id = %(here)s AND state IN ('out', 'back')
       AND organization = '' AND starts_at >= %(since)s AND starts_at < %(until)s AND resident_id IS NOT NULL
    UNION ALL SELECT resident_id FROM talents_talentrequest WHERE community_id = %(here)s AND state = 'accepted'
       AND "of" = '' AND ends_at >= %(since)s AND ends_at < %(until)s AND resident_id IS NOT NULL
    UNION ALL SELECT v.resident_id FROM volunteering_hours h JOIN volunteering_volunteer v
      ON v.community_id = h.community_id AND v.id = h.volunteer_id
     WHERE h.community_id = %(here)s AND h.state = 'approved' AND h.came_at >= %(since)s AND h.came_at < %(until)s
"""
UNREACHED = f"""
    FROM people_resident r WHERE r.community_id = %(here)s AND r.left_on IS NULL AND r.erased_at IS NULL
     AND NOT EXISTS (SELECT FROM ({REACHED}) every WHERE every.resident_id = r.id)
     AND NOT EXISTS (SELECT FROM outreach_contact c WHERE c.community_id = r.community_id AND c.resident_id = r.id
                     AND c.is_last AND c.again_on > %(today)s)
"""  # noqa: S608  our own names
COUNT = f"SELECT count(*) {UNREACHED}"
FIRST = f"""
    WITH alone AS (SELECT household_id FROM people_resident WHERE community_id = %(here)s AND left_on IS NULL
                   AND household_id IS NOT NULL GROUP BY 1 HAVING count(*) = 1)
    SELECT r.id, r.name, r.born_on {UNREACHED}
     ORDER BY CASE WHEN r.born_on <= %(elder)s AND r.household_id IN (SELECT household_id FROM alone) THEN 0 ELSE 1 END,
              r.born_on NULLS LAST, r.number LIMIT {PAGE}
"""  # noqa: S608  names of our own tables, no value
BY_COMPOUND = f"""
    SELECT h.compound, count(*), count(t.times), coalesce(sum(t.times), 0)
      FROM people_resident r LEFT JOIN people_household h ON h.community_id = r.community_id AND h.id = r.household_id
      LEFT JOIN (SELECT resident_id, count(*) AS times FROM ({REACHED}) every GROUP BY 1) t ON t.resident_id = r.id
     WHERE r.community_id = %(here)s AND r.left_on IS NULL GROUP BY 1
"""  # noqa: S608  names of our own tables, no value
KEPT = """
    SELECT count(*) FROM people_resident r LEFT JOIN bench_last l ON l.resident_id = r.id
     WHERE r.community_id = %(here)s AND r.left_on IS NULL AND (l.at IS NULL OR l.at < %(since)s)
"""


def run() -> list[Row]:
    """Measure on a database of its own."""
    with scratch_database():
        Community.objects.create(id=NANHU, slug="nanhu", name="南湖社区", short_name="南湖社区")
        with in_community(NANHU):
            _fill()
            return _measured()


def _measured() -> list[Row]:
    today, by = clock.today(), system()
    values = {"here": NANHU, "today": today, "elder": today.replace(year=today.year - 60, day=1)}
    values |= {"since": clock.day_bounds(today - timedelta(days=89))[0], "until": clock.now()}
    year = {**values, "since": clock.day_bounds(today - timedelta(days=364))[0]}
    grid = services.make_grid(name="一网格", by=by)
    services.put_buildings_in(grid=grid, compound="南湖路三号院", buildings="1-5", by=by)
    with psycopg.connect(owner_url(), dbname=connection.settings_dict["NAME"], autocommit=True) as owner:
        last = f"SELECT resident_id, max(at) AS at FROM ({_WHEN}) every GROUP BY 1"  # noqa: S608  names of our own tables, no value
        owner.execute(f"CREATE TABLE bench_last AS {last}")
        owner.execute("GRANT SELECT ON bench_last TO PUBLIC")
    analyze(connection)
    return [
        compare("not reached: count", lambda: queries.unreached(by).count(), "plain SQL", _asks(COUNT, values)),
        compare("not reached: count", lambda: queries.unreached(by).count(), "kept", _asks(KEPT, values)),
        compare(
            "not reached: first page", lambda: list(queries.unreached(by)[:PAGE]), "plain SQL", _asks(FIRST, values)
        ),
        compare("not reached: a grid", lambda: list(queries.unreached(by, grid)[:PAGE])),
        compare(
            "figures of a year",
            lambda: queries.figures(today - timedelta(days=364), today),
            "compounds alone",
            _asks(BY_COMPOUND, year),
        ),
    ]


_WHEN = """
    SELECT a.resident_id, s.starts_at AS at FROM activities_attendance a
      JOIN activities_session s ON s.id = a.session_id
    UNION ALL SELECT resident_id, starts_at FROM sharing_booking
    UNION ALL SELECT resident_id, ends_at FROM talents_talentrequest
"""


def _asks(statement: str, values: dict[str, Any]) -> Callable[[], object]:
    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    return ask


def _fill() -> None:
    dice = random.Random(7)  # noqa: S311  dice of a play, not of secrets
    make_population(7, PEOPLE)
    comers = list(Resident.objects.order_by("number").values_list("pk", flat=True)[:COMERS])
    now = clock.now()

    def moment() -> Any:
        return now - timedelta(days=dice.randrange(365), hours=1)

    activity = Activity(number=1, title="茶话会", place="多功能厅", state="published")
    dates = [
        Session(
            activity=activity,
            number=number,
            starts_at=(at := now - timedelta(hours=number * 29)),
            ends_at=at + timedelta(hours=1),
        )
        for number in range(1, DATES + 1)
    ]
    pairs = {(dice.randrange(DATES), dice.randrange(COMERS)) for _one in range(ATTENDANCES)}
    came = [
        Attendance(session=dates[date], resident_id=comers[who], method=Method.ROSTER, happened_at=now, nonce=new_id())
        for date, who in sorted(pairs)
    ]
    thing = Resource(number=1, name="折叠椅", key="折叠椅")
    loans = [
        Booking(
            resource=thing,
            resident_id=dice.choice(comers),
            starts_at=(at := moment()),
            ends_at=at + timedelta(hours=1),
            state=BookingState.BACK,
        )
        for _one in range(LOANS)
    ]
    talent = Talent(number=1, resident_id=comers[0], what="修车")
    asked = [
        TalentRequest(
            talent=talent,
            resident_id=dice.choice(comers),
            what="修车",
            state=RequestState.ACCEPTED,
            starts_at=(at := moment()) - timedelta(hours=2),
            ends_at=at,
        )
        for _one in range(REQUESTS)
    ]
    made: list[list[Any]] = [[activity], dates, came, [thing], loans, [talent], asked]
    for rows in made:
        fill_community(rows)
        type(rows[0]).objects.bulk_create(rows, batch_size=2_000)
