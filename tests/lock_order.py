"""The one order in which rows are locked (docs/adr/0025), and the guard that watches every test keep it.

Two verbs that lock the same rows in opposite order stop each other until PostgreSQL ends one of them. So there is one
order for all. A verb may leave out what it does not need, never go back. Of one table it takes rows in order of their
ids. Each test notes which rows its outermost transaction locks (UPDATE, DELETE, SELECT … FOR UPDATE, INSERT … ON
CONFLICT, advisory locks); a step back fails the test, and so does a table that has no place yet.

What it cannot see: rows that a transaction made itself and so nobody waits for, threads of races, and the order of
rows within one table.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest
from django.db import connection
from psycopg.pq import TransactionStatus

from weiyifang.core import prepared
from weiyifang.people.secrets import EXCHANGE

ORDER = (
    "core_oncerecord",  # the key of the request: whoever sends it again waits here, before anything else
    "core_installation",  # written once, with the first community
    "advisory:rules",  # a community's own values of a rule
    "advisory:columns",  # those of the paper: what follows from a new word
    # people first: every topic may ask who it is
    "people_importdraft",
    "people_resident",
    "advisory:residents",
    "people_household",
    "counter:resident",  # the numbers of new rows: everybody who makes one of that kind waits
    "people_relation",
    "people_consent",
    "people_erasurerequest",
    # who goes to whom
    "counter:grid",
    "outreach_grid",
    "outreach_gridbuilding",
    "outreach_contact",
    "outreach_specialneed",
    # who helps, and what they took on: it is taken at the timetable as well, which comes further down
    "counter:team",
    "volunteering_team",
    "volunteering_volunteer",
    "volunteering_belonging",
    "volunteering_certificate",
    "counter:shift",
    "volunteering_shift",
    "counter:year paper",
    "volunteering_yearpaper",
    "counter:help",
    "volunteering_helprequest",
    "volunteering_timegift",
    "volunteering_timeheir",
    # what people asked for, topic by topic; what moves two of them goes through `reactions`
    "counter:organization",
    "organizations_organization",
    "organizations_membership",
    "organizations_joinrequest",
    "advisory:calendars",  # the addresses of one resident
    "calendars_link",
    "counter:engagement",
    "stage_engagement",
    "counter:talent",
    "talents_talent",  # before the rooms and the timetable, which are given up with what was promised
    "talents_talentrequest",
    "talents_thanks",
    "counter:activity",
    "activities_activity",
    "activities_session",
    "activities_runningorder",
    "activities_act",
    "activities_stall",
    "activities_stallcount",
    "counter:round",
    "sharing_round",  # the slots of a season, before what is booked for it
    "counter:resource",
    "advisory:sharing",  # the hours of one organization
    "sharing_resource",
    "sharing_closure",
    "sharing_booking",
    "sharing_handover",
    "advisory:parts",  # shared by whoever takes something, taken by whoever says what is a part of what
    "timetable_part",
    "timetable_allocation",
    "advisory:timetable",
    "capacity_placepool",  # the scarce row before those who want it
    "activities_enrollment",
    "activities_fetcher",
    "activities_excuse",
    "activities_lessonleave",
    "activities_draw",
    "activities_attendance",
    "activities_teacherpart",
    "activities_passage",
    "activities_message",
    "banking_statementdraft",
    "advisory:banking",  # the account of one place, before there is one
    "banking_bankaccount",  # the statements and lines of an account come and go under it
    "counter:statement",
    "banking_statement",
    "banking_match",
    "banking_explanation",
    "counter:wechat order",
    "wechat_pay_order",  # before what is received for it
    "counter:wechat refund",
    "wechat_pay_refund",
    "counter:grant run",
    "grants_grantrun",  # the grants and appeals of a run change under it
    "counter:payment",
    "fund_paymentrequest",
    "fund_committeevoice",
    "fund_paymentreview",
    "fund_donation",
    "counter:donation",
    "counter:payment correction",
    "fund_paymentcorrection",
    "counter:money move",
    "fund_moneymove",
    "fund_budgetword",
    "counter:budget",
    "fund_budget",
    "fund_budgetline",
    "counter:purpose",
    "fund_purpose",
    "counter:purpose change",
    "fund_purposechange",
    "fund_statedbalance",
    "counter:article",
    "news_article",
    "news_revision",
    "advisory:news.reads",
    "errands_errand",  # at the end of the work itself: from then on it is wanted, allowed and done
    "errands_errandfile",
    "notices_delivery",
    "notices_notice",
    "advisory:files",  # of one content, so that it is kept once
    "files_content",
    "files_file",
    # who signs in, and as what
    "people_tally",  # what may be tried, each in a transaction of its own
    "people_sentcode",
    "people_account",
    "mfa_authenticator",
    "django_session",
    "usersessions_usersession",
    "advisory:duties",
    "people_duty",
    # money last: everybody waits for the same few balances, so they are held shortest
    "advisory:ledger seal",
    "ledger_book",
    "ledger_account",
    "ledger_balance",
    "ledger_hold",
    "ledger_transfer",
    "ledger_period",
    "advisory:journal",
    "governance_anchor",
    "core_clockmark",
    "counter:changes of pages",  # see `core.web.kept`
    "people_typedform",  # one's own, after everything: a form that arrived waits no longer
)
UNDER = {  # rows that are only touched by whoever holds the row above them
    "banking_line": "banking_bankaccount",
    "banking_matchedentry": "banking_bankaccount",
    "grants_runninggrant": "grants_grantrun",
    "grants_appeal": "grants_grantrun",
    "capacity_claim": "capacity_placepool",
    "capacity_share": "capacity_placepool",
    "capacity_waitentry": "capacity_placepool",
    "volunteering_need": "volunteering_shift",
    "volunteering_slot": "volunteering_shift",
    "volunteering_hours": "volunteering_shift",
    "sharing_application": "sharing_round",
    "sharing_wish": "sharing_round",
    "sharing_slot": "sharing_round",
    "stage_offer": "stage_engagement",
    "stage_performer": "stage_engagement",
    "stage_income": "stage_engagement",
    "stage_split": "stage_engagement",
    "news_read": "advisory:news.reads",
    "news_readtally": "advisory:news.reads",
    "news_readtotal": "advisory:news.reads",
    "news_dayreader": "advisory:news.reads",
    "news_daytally": "advisory:news.reads",
    "ledger_closingbalance": "ledger_period",
}
# whoever takes it for themselves only tries, and waits for nothing while they hold it (`people.rotation`)
ANYWHERE = {f"advisory:{EXCHANGE}"}
# of libraries; and remarks, which are only added, and taken out when somebody is forgotten
NOT_OURS = re.compile(r"procrastinate_|weiyifang_cache|django_migrations|replay_|core_remark")
LIVED = ("/weiyifang/replay/", "/demo.py")  # a step of the year does many people's deeds in one transaction

_PLACE = {name: place for place, name in enumerate(ORDER)}
_TABLE = r'"?(?P<{}>[a-z]+_[a-z_]+)"?'
_LOCKS = re.compile(
    r"pg_advisory_xact_lock(?:_shared)?\("
    rf"|UPDATE\s+{_TABLE.format('updated')}\s"
    rf"|DELETE\s+FROM\s+{_TABLE.format('deleted')}"
    rf"|INSERT\s+INTO\s+{_TABLE.format('inserted')}(?=.*ON CONFLICT)"
    r"|FOR (?:NO KEY UPDATE|UPDATE|SHARE)(?:\s+OF\s+(?P<of>[\w\", ]+))?",
    re.DOTALL,
)
_FROM = re.compile(r'(?:FROM|JOIN)\s+"?(?P<table>[a-z]+_[a-z_]+)"?(?:\s+(?:AS\s+)?"?(?P<alias>\w+)"?)?')


@lru_cache(maxsize=5_000)
def locked_by(statement: str) -> tuple[str, ...]:
    """The tables whose standing rows a statement locks, in the order of its text; `advisory` for such a lock."""
    names: list[str] = []
    for lock in _LOCKS.finditer(statement):
        if table := lock["updated"] or lock["deleted"] or lock["inserted"]:
            names.append(table)
        elif lock[0].startswith("pg_advisory"):
            names.append("advisory")
        else:
            found = [(one["table"], one["alias"]) for one in _FROM.finditer(statement, 0, lock.start())]
            called = {alias or table: table for table, alias in found} | {table: table for table, _ in found}
            names += (
                [called[one.strip(' "')] for one in lock["of"].split(",") if one.strip(' "') in called]
                if lock["of"]
                else [found[0][0]] * bool(found)
            )
    return tuple(name for name in names if not NOT_OURS.match(name))


class Watch:
    """What the outermost transaction of a test has locked so far."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self._verb: str | None = None
        self._held: list[str] = []

    def note(self, statement: str, values: Any) -> None:
        """Look at one statement before it runs."""
        outer = sum(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
        if len(connection.atomic_blocks) == outer:
            self._held = []  # a statement alone waits while it holds nothing
            return
        if outer:  # a savepoint of the test's transaction stands for the verb's own
            verb = connection.savepoint_ids[outer - 1]
            is_new = verb != self._verb
            self._verb = verb
        else:
            is_new = connection.connection.pgconn.transaction_status == TransactionStatus.IDLE
        if is_new:
            self._held = []
        for table in locked_by(statement):
            if "SKIP LOCKED" in statement:  # it waits for nobody, whatever is held; who comes after may wait for it
                self._held.append(_named(table, values))
            else:
                self._take(_named(table, values))

    def _take(self, name: str) -> None:
        if name in self._held or name in ANYWHERE:
            return
        guard = UNDER.get(name)
        if guard is not None:
            wrong = f"{name} without {guard}" if guard not in self._held else ""
        elif name not in _PLACE:
            wrong = f"{name} has no place in ORDER (tests/lock_order.py)"
        else:
            later = [held for held in self._held if _PLACE.get(held, -1) > _PLACE[name]]
            wrong = f"{name} after {', '.join(later)}" if later else ""
        if wrong and (way := _way_here()) is not None:
            self.wrong.append(f"{wrong} ({way})")
        self._held.append(name)


def _named(table: str, values: Any) -> str:
    """An advisory lock by the word before its key, or by its number; a counter by its kind."""
    given = [*(values.values() if isinstance(values, dict) else values or ())]
    texts = [one for one in given if isinstance(one, str)]
    if table == "advisory":
        return f"advisory:{str([*texts, *given, '?'][0]).partition(':')[0]}"
    return f"counter:{texts[0]}" if table == "core_counter" and texts else table


def _way_here() -> str | None:
    """The program's functions that led to this statement, outermost first; None within a step of the year."""
    frame, way = sys._getframe(), list[str]()
    while frame.f_back is not None:
        frame = frame.f_back
        path, name = frame.f_code.co_filename, frame.f_code.co_name
        if any(part in path for part in LIVED):
            return None
        if "/weiyifang/" in path and "/core/" not in path and "<" not in name and name not in way:
            way.append(name)
    return " › ".join(reversed(way))


@pytest.fixture(autouse=True)
def lock_order(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Watch the test; `@pytest.mark.any_lock_order` lets those be that go another way on purpose."""
    if request.node.get_closest_marker("django_db") is None and "db" not in request.fixturenames:
        yield
        return
    watch, execute = Watch(), prepared.execute

    test = threading.get_ident()

    def watched(statement: str, values: Any = ()) -> list[tuple[Any, ...]]:
        if threading.get_ident() == test:  # what the threads of a race hold is not what the test holds
            watch.note(statement, values)
        return execute(statement, values)

    def look(execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Any) -> Any:
        watch.note(statement, values)
        return execute(statement, values, many, context)

    monkeypatch.setattr(prepared, "execute", watched)
    with connection.execute_wrapper(look):
        yield
    if watch.wrong and request.node.get_closest_marker("any_lock_order") is None:
        pytest.fail("Locked in another order than all others:\n  " + "\n  ".join(dict.fromkeys(watch.wrong)))
