"""What a database sharded by community would refuse, or, worse, would do wrong without a word (docs/adr/0005).

One PostgreSQL cannot show most of it, so the sources are read: each rule has a planted fault that it has to find. The
tables themselves are looked at in `tests/test_guards.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.statements import ROOT, scopes, sources, statements
from weiyifang.core.server.embedded_postgres import APP_SETTINGS
from weiyifang.core.tenancy import CommunityModel
from weiyifang.organizations.models import Organization
from weiyifang.people import doors

HOMES = frozenset(m._meta.db_table for m in apps.get_models() if issubclass(m, CommunityModel))
NAMED = re.compile(r"\b(?:FROM|JOIN|UPDATE)\s+(\w+)|,\s+(\w+)\s+\w+(?=\s+(?:WHERE|ON|JOIN))")
CONSTANT = re.compile(r"community_id\s*=\s*(?:%\(|%s)|\{(?:\w_)?here\}|\{_limit\(")

IN_A_WITH = re.compile(r"\bAS(?: (?:NOT )?MATERIALIZED)?\s*$")  # what stands before the bracket

Rule = Callable[[str], bool]  # is there a fault in this text of SQL?

# What each rule lets stand, and why.
SEVERAL_TABLES = "one statement, one commit: to be split where there are shards (docs/adr/0005), for it halves the rest"
MAY: dict[str, dict[str, str]] = {
    "writes in a WITH": {
        "weiyifang/capacity/fast.py:CLAIM": SEVERAL_TABLES,
        "weiyifang/capacity/fast.py:UNDO": SEVERAL_TABLES,
        "weiyifang/ledger/statements.py:POST_ONE": SEVERAL_TABLES,
        "weiyifang/ledger/statements.py:POST_MANY": SEVERAL_TABLES,
        "weiyifang/news/services/counting.py:COUNT": SEVERAL_TABLES,
    },
    "community left open": {"weiyifang/core/server/installation.py:found": "once at the start, of all communities"},
    "INSERT … SELECT": {
        "weiyifang/activities/services/attending.py:_INSERT": "a batch from the door",
        "weiyifang/activities/services/rows.py:_INSERT": "a batch; the community is the activity's",
        "weiyifang/capacity/fast.py:CLAIM": "a batch; the community is the pool's",
        "weiyifang/core/journal.py:_write": "a batch of up to a thousand rows",
        "weiyifang/core/web/once.py:_INSERT": "a batch: the keys of a rush",
        "weiyifang/core/timeline.py:_WRITE": "a batch",
        "weiyifang/ledger/statements.py:POST_ONE": "nothing is posted when something is in the way",
        "weiyifang/ledger/statements.py:POST_MANY": "a batch",
        "weiyifang/news/services/counting.py:COUNT": "a batch",
        "weiyifang/people/limits.py:_COUNT": "no row of a community",
        "weiyifang/timetable/services.py:INSERT_FREE": "a batch: all dates of a series",
    },
}


def homes_in(scope: str) -> set[str]:
    return {table for pair in NAMED.findall(scope) for table in pair if table in HOMES}


def writes_in_a_with(sql: str) -> bool:
    """One statement writes one table: else the rows go to all shards, and none may be down."""
    writes = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s")
    return any(IN_A_WITH.search(one.before) and writes.match(one.sql) for one in scopes(sql))


def inserts_what_it_selects(sql: str) -> bool:
    """For batches alone: it takes two rounds."""
    return any(re.search(r"\bINSERT INTO\s[^;]*\bSELECT\b", one.sql) for one in scopes(sql))


def leaves_out_unsaid(sql: str) -> bool:
    """An INSERT … SELECT that leaves rows out says which it wrote: its number of rows counts the others, too."""
    found = [one.sql for one in scopes(sql) if inserts_what_it_selects(one.sql)]
    return any("DO NOTHING" in one and "RETURNING" not in one for one in found)


def leaves_the_community_open(sql: str) -> bool:
    """Each SELECT of its own, LATERAL ones too, names the community as a constant: else it asks every shard."""
    return any(homes_in(one.sql) and not CONSTANT.search(one.sql) for one in scopes(sql) if is_for_people(one.sql))


def is_for_people(scope: str) -> bool:
    return re.search(r"\bINSERT INTO\b", scope) is None or re.search(r"\bSELECT\b", scope) is not None


def joins_on_what_is_given(sql: str) -> bool:
    """Rows that may be there or not are asked for with EXISTS, not by a LEFT JOIN on a value that may be NULL."""
    joins = re.compile(r"\bLEFT JOIN\b(.*?)(?=\b(?:LEFT|CROSS|INNER|JOIN|WHERE|GROUP|ORDER|LIMIT)\b|$)", re.DOTALL)
    given = re.compile(r"(?<!community_id) = %")
    return any(homes_in("JOIN " + on) and given.search(on) for one in scopes(sql) for on in joins.findall(one.sql))


def locks_beside_a_join(sql: str) -> bool:
    """A lock beside a join at the top of a WITH: what is kept of it is misread. In a subselect of it all is well."""
    lock = re.compile(r"\bJOIN\b.*\bFOR (?:NO KEY |KEY )?(?:UPDATE|SHARE)\b", re.DOTALL)
    return any(IN_A_WITH.search(one.before) and lock.search(one.sql) for one in scopes(sql))


def compares_in_the_case(sql: str) -> bool:
    """`CASE WHEN x = %s`: in `CASE x WHEN %s` the type of what is given gets lost on the way."""
    return re.search(r"\bCASE\s+(?!WHEN\b)[\w.]+\s+WHEN\s+%", sql) is not None


def updates_by_chance(sql: str) -> bool:
    """No function in an UPDATE that gives something else on each shard."""
    volatile = re.compile(r"\b(?:random|clock_timestamp|timeofday|gen_random_uuid|uuidv7|nextval|setval)\s*\(")
    return re.search(r"\bUPDATE\s+\w", sql) is not None and volatile.search(sql) is not None


def makes_a_type(sql: str) -> bool:
    """The shards know no types of ours beyond the one there is."""
    return re.search(r"\bCREATE TYPE (?!uuidrange\b)", sql) is not None


RULES: dict[str, tuple[Rule, str]] = {  # name → rule, and a text that breaks it
    "writes in a WITH": (
        writes_in_a_with,
        "WITH a AS (INSERT INTO fund_entry (id) VALUES (%s) RETURNING id) SELECT id FROM a",
    ),
    "INSERT … SELECT": (inserts_what_it_selects, "INSERT INTO fund_entry (id) SELECT id FROM given"),
    "leaves out unsaid": (
        leaves_out_unsaid,
        "INSERT INTO fund_entry (id) SELECT id FROM unnest(%s) AS one(id) ON CONFLICT DO NOTHING",
    ),
    "community left open": (
        leaves_the_community_open,
        (
            "SELECT p.id FROM capacity_placepool p CROSS JOIN LATERAL (SELECT count(*) FROM capacity_claim"
            " WHERE community_id = p.community_id AND pool_id = p.id) c WHERE p.community_id = %(community)s"
        ),
    ),
    "joins on what is given": (
        joins_on_what_is_given,
        (
            "SELECT a.id FROM activities_activity a LEFT JOIN activities_session s"
            " ON s.community_id = a.community_id AND s.id = %(session)s WHERE a.community_id = %(community)s"
        ),
    ),
    "locks beside a join": (
        locks_beside_a_join,
        (
            "WITH held AS MATERIALIZED (SELECT id FROM ledger_balance b JOIN pair USING (account_id)"
            " WHERE b.community_id = %s FOR NO KEY UPDATE OF b) SELECT count(*) FROM held"
        ),
    ),
    "compares in the CASE": (compares_in_the_case, "SELECT CASE account_id WHEN %(debit_id)s THEN 1 ELSE 0 END"),
    "updates by chance": (updates_by_chance, "UPDATE fund_entry SET at = clock_timestamp() WHERE community_id = %s"),
    "makes a type": (makes_a_type, "CREATE TYPE daterange2 AS RANGE (subtype = date)"),
}


@pytest.mark.parametrize("name", RULES)
def test_no_statement_does_what_a_sharded_database_does_wrong(name: str) -> None:
    rule, _planted = RULES[name]
    found = {one.where for one in statements() if rule(one.sql)}
    assert found == MAY.get(name, {}).keys(), rule.__doc__


@pytest.mark.parametrize("name", RULES)
def test_each_rule_finds_its_fault(name: str) -> None:
    rule, planted = RULES[name]
    assert rule(planted), "a rule that finds nothing keeps nothing out"


def test_statements_are_found_where_they_stand() -> None:
    """Whole ones, with what f-strings insert: in constants, in dicts and in functions."""
    found = {one.where: one.sql for one in statements()}
    assert "INSERT INTO ledger_transfer" in found["weiyifang/ledger/statements.py:POST_MANY"]
    assert "CROSS JOIN LATERAL" in found["weiyifang/capacity/verify.py:_counters"]
    assert "weiyifang/ledger/verify.py:CHECKS" in found
    assert len(found) > 60


# --- what Python trusts ---------------------------------------------------------------------------------------------

COUNTS_ROWS = {"weiyifang/people/services/accounts.py:forget_tries": "DELETE, and of no community's tables"}


def leaves_rows_out(call: ast.Call) -> bool:
    words = [word.arg for word in call.keywords]
    return ast.unparse(call.func).endswith(".bulk_create") and "ignore_conflicts" in words


def trusts_a_count(tree: ast.AST) -> Iterator[str]:
    """Where a function (by name) believes `rowcount`, or what `bulk_create` gives back though it left rows out."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        unused = {id(one.value) for one in ast.walk(function) if isinstance(one, ast.Expr)}
        for one in ast.walk(function):
            if isinstance(one, ast.Attribute) and one.attr == "rowcount":
                yield function.name
            if isinstance(one, ast.Call) and id(one) not in unused and leaves_rows_out(one):
                yield function.name


def test_nobody_trusts_a_number_of_rows() -> None:
    """After INSERT … SELECT … ON CONFLICT DO NOTHING a sharded database counts what it left out, too."""
    found = {
        f"{path.relative_to(ROOT)}:{name}" for path in sources() for name in trusts_a_count(ast.parse(path.read_text()))
    }
    assert found == COUNTS_ROWS.keys(), "RETURNING id, and count those rows"


def test_who_trusts_a_number_of_rows_is_found() -> None:
    planted = "def f(c):\n return c.rowcount\ndef g(m):\n return len(m.bulk_create([], ignore_conflicts=True))"
    assert [*trusts_a_count(ast.parse(planted))] == ["f", "g"]


# --- what the ORM writes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows", [Organization.objects.with_member_count, doors.households], ids=["organizations", "households"]
)
@pytest.mark.usefixtures("here")
@pytest.mark.django_db
def test_the_id_alone_does_not_stand_for_a_row(rows: Callable[[], models.QuerySet[models.Model]]) -> None:
    """Where the key is (community, id), a GROUP BY names every column that is selected."""
    sql = str(rows().query).partition(" GROUP BY ")[2]
    assert len(re.findall(r'"\w+"\."\w+"', sql.partition(" ORDER BY ")[0])) >= len(rows().model._meta.concrete_fields)


def test_what_a_session_sets_stands_on_the_role_too() -> None:
    """Shards know nothing of our session; see `core.server.database`."""
    given = dict(re.findall(r"-c (\w+)=(\S+)", settings.DATABASES["default"]["OPTIONS"]["options"]))
    here_alone = {
        "role",  # shards are reached as the role it names
        "plan_cache_mode",  # only where statements are planned, and not on a sharded database
    }
    assert {name: value for name, value in given.items() if name not in here_alone} == APP_SETTINGS


def test_what_everybody_shares_is_little_and_seldom_written() -> None:
    """What rows of communities point at is copied to every machine, and each write waits for all of them."""
    shared = {
        field.remote_field.model._meta.label
        for model in apps.get_models()
        if issubclass(model, CommunityModel)
        for field in model._meta.local_fields
        if field.remote_field and not issubclass(field.remote_field.model, CommunityModel)
    }
    assert shared == {"communities.Community", "people.Account"}


# --- what is one machine's alone ------------------------------------------------------------------------------------

LOCKS = {  # kind of lock → what holds the promise where two machines give it to two at once
    "banking": "the constraint `bankaccount_one_a_place`",
    "calendars": "the constraint `link_once`",
    "timetable": "speed only: whoever swaps places waits, and does not run into a deadlock",
    "ledger seal": "the constraints `ledger_seal_number` and `ledger_seal_once`",
    "journal": "the constraint `block_number`; a row in two blocks is a fault to `verify`, and both are right",
    "news.reads": "the constraints of the counters; the sums go through ON CONFLICT DO UPDATE",
    "files": "the constraint `content_once`",
    "parts": "nothing but the lock, as docs/adr/0005 says; `verify` names a part that is not taken with its whole",
    "sharing": "nothing but the lock, as docs/adr/0005 says: else an organization has more hours than it may have",
    "columns": "the constraint `column_code`",
    "rules": "the constraint `own_rule_taken_back_once`; of two rows for one day the newer counts, and both are kept",
    "residents": "the constraint `resident_id_number`",
    "duties": "nothing but the lock: all ask through one machine, as docs/adr/0005 says",
}


def test_no_promise_hangs_on_a_lock_that_belongs_to_no_row() -> None:
    """Such a lock is known to one machine: a constraint, or a row, has to hold what it was taken for."""
    taken = re.compile(r"\blocks\.take\(\s*[\"']([^\"']+)")
    found = {kind for path in sources() for kind in taken.findall(path.read_text("utf-8"))}
    assert found == LOCKS.keys()
