"""What was published about the real place, beside what the replayed rows say now; and the head hash of it all."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from weiyifang.activities import queries as activities
from weiyifang.activities.models import (
    Act,
    Activity,
    Attendance,
    Enrollment,
    Excuse,
    Mode,
    Session,
    SessionState,
    Stall,
    StallCount,
)
from weiyifang.core.tenancy import CommunityModel, current_community_id
from weiyifang.fund import queries as fund
from weiyifang.fund import receipts
from weiyifang.fund.books import books
from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.grants import queries as grants
from weiyifang.grants.models import Appeal, GrantRun, RunningGrant
from weiyifang.ledger import queries as ledger
from weiyifang.news import queries as news
from weiyifang.news.models import Article, ReadTally
from weiyifang.organizations import queries as organizations
from weiyifang.organizations.models import Organization
from weiyifang.outreach.models import Contact
from weiyifang.people import reaching
from weiyifang.people.living import first_day_of
from weiyifang.people.models import Resident
from weiyifang.replay.models import Run
from weiyifang.sharing.models import Booking, Resource
from weiyifang.stage import queries as stage
from weiyifang.stage.models import Engagement, Performer, Split
from weiyifang.talents import queries as talents
from weiyifang.talents.models import Talent, TalentRequest, Thanks
from weiyifang.volunteering import queries as volunteering
from weiyifang.volunteering.models import HelpRequest, Hours, Shift, Slot, Team, YearPaper

DATA = Path(__file__).parent / "published.toml"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. `replayed` is None while the slice it belongs to does not stand yet."""

    name: str
    zh: str
    en: str
    published: int
    replayed: int | None
    where: str
    is_limit: bool = False  # published as "at most"

    @property
    def met(self) -> bool:
        if self.replayed is None:
            return False
        return 0 < self.replayed <= self.published if self.is_limit else self.replayed == self.published


def figures(run: Run) -> list[Figure]:
    """Every published figure with what the rows of this run add up to."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    counted = _counted(run)
    return [
        Figure(
            name=line["name"],
            zh=line["zh"],
            en=line["en"],
            published=line.get("published", line.get("at_most", 0)),
            is_limit="at_most" in line,
            replayed=counted[line["name"]]() if line["name"] in counted else None,
            where=line["where"],
        )
        for line in data["figure"]
    ]


def _counted(run: Run) -> Mapping[str, Callable[[], int]]:
    first, last = first_day_of(run.last_day), run.last_day
    seen = fund.overview(first, last)
    by_channel = {flow.line.code: flow.fen for flow in seen.income}
    terms = [activities.term_figures(term) for term in Activity.objects.filter(mode=Mode.TERM)]
    held = Session.objects.filter(state=SessionState.HELD).values("activity")
    return {
        "organizations": organizations.count_active,
        "activities": lambda: Activity.objects.filter(pk__in=held).count(),
        "attendances": lambda: activities.attendances(first, last),
        "people_served": lambda: activities.people_served(first, last),
        "articles": news.total_articles,
        "reads": news.total_reads,
        "class_pupils": lambda: sum(term.pupils for term in terms),
        "class_lessons": lambda: sum(term.lessons for term in terms),
        "class_fees_fen": lambda: by_channel.get("tuition", 0),
        "fund_income_fen": lambda: seen.income_fen,
        "project_grant_fen": lambda: by_channel.get("grants", 0),
        "running_grants": lambda: int(grants.figures()["running_grants"]),
    }


def counted(run: Run) -> dict[str, int]:
    """What the rows of the run add up to besides; nobody published it."""
    return {
        "teams": volunteering.teams_at_work(),
        "shifts": volunteering.shifts_held(until=run.last_day),
        "worked_minutes": volunteering.worked_minutes(),
        "talents": talents.count_listed(),
        "talent_requests": talents.count_requests(),
        "shows": stage.shows_held(until=run.last_day),
        "show_income_fen": stage.income_fen(),
        "show_fund_share_fen": stage.fund_share_fen(),
        "resources": Resource.objects.lent().count(),
        "market_proceeds_fen": activities.market_proceeds(first_day_of(run.last_day), run.last_day),
        "bookings": Booking.objects.count(),
        **grants.figures(),
        "receipts_verified": receipts.verify_all().good,
        "people_reached": reaching.people_reached(first_day_of(run.last_day), run.last_day),
    }


# What the head covers of each table: columns that say what happened. Keys of readers and sealed phones hold secrets
# of the installation and are left out; the ledger comes in by its own chain.
COVERED: tuple[tuple[type[CommunityModel], str], ...] = (
    (Resident, "id, number, name, gender, born_on, household_id"),
    (Organization, "id, number, name, status"),
    (Activity, "id, number, title, state"),
    (Session, "id, number, starts_at, state"),
    (Enrollment, "id, resident_id, state, places, together"),
    (Act, "id, order_id, position, title, minutes, changeover"),
    (Stall, "id, session_id, number, organization"),
    (StallCount, "id, stall_id, turn, first_fen, second_fen, state"),
    (Attendance, "id, resident_id, people, happened_at"),
    (Excuse, "id, enrollment_id, state"),
    (Contact, "id, resident_id, outcome, again_on"),
    (Team, "id, number, name"),
    (Shift, "id, number, starts_at, ends_at, state"),
    (Slot, "id, shift_id, volunteer_id, state, missed"),
    (HelpRequest, "id, number, resident_id, kind, starts_at, state, shift_id"),
    (YearPaper, "id, number, resident_id, year, minutes"),
    (Hours, "id, slot_id, came_at, left_at, minutes, credited, state"),
    (Talent, "id, number, resident_id, what, topics, until"),
    (TalentRequest, "id, talent_id, resident_id, of, starts_at, state"),
    (Thanks, "id, request_id, state"),
    (Article, "id, number, title, state"),
    (ReadTally, "article_id, day, reads"),
    (Donation, "id, number, channel, amount_fen, source"),
    (Resource, "id, number, name, state"),
    (Booking, "id, resource_id, organization, resident_id, starts_at, ends_at, pieces, state"),
    (Engagement, "id, number, title, starts_at, state, organization, price_fen"),
    (Performer, "id, engagement_id, resident_id"),
    (Split, "id, income_id, whose, resident_id, amount_fen"),
    (PaymentRequest, "id, number, amount_fen, state"),
    (GrantRun, "id, number, year, state"),
    (RunningGrant, "id, run_id, organization, tenths, amount_fen, new_fen"),
    (Appeal, "id, grant_id, state"),
)


def head() -> str:
    """One hash over the ledger's chain and the rows of every topic: the same year has the same head."""
    digest = hashlib.sha256(ledger.head(books().book).encode())
    with connection.cursor() as cursor:
        for model, columns in COVERED:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"SELECT count(*), md5(string_agg(md5(ROW({columns})::text), '' ORDER BY {columns})) FROM {table}"  # noqa: S608  our own names
                " WHERE community_id = %s",
                [current_community_id()],
            )
            digest.update(repr(cursor.fetchone()).encode())
    return digest.hexdigest()


def as_json(run: Run) -> dict[str, Any]:
    """What `weiyifang replay --json` prints."""
    return {
        "community": current_community_id(),
        "seed": run.seed,
        "scale": run.scale,
        "until": str(run.last_day),
        "figures": [
            {"name": line.name, "published": line.published, "replayed": line.replayed, "met": line.met}
            for line in figures(run)
        ],
        "counted": counted(run),
        "head": head(),
    }
