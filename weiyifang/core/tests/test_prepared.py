"""Reads that are composed once give what the ORM gives, in this community only."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DataError, OperationalError, ProgrammingError, connection, transaction

from weiyifang.activities.models import Session
from weiyifang.activities.tests import make
from weiyifang.communities.models import Community
from weiyifang.core import prepared
from weiyifang.core.prepared import Read
from weiyifang.core.server.database import as_owner
from weiyifang.core.tenancy import NoCommunity, in_community, outside_any_community
from weiyifang.people.models import Account, Resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]

BY_NUMBER = Read(lambda number: Resident.objects.filter(number=number).defer("phone"), 1_234_567_890)


def test_it_reads_as_often_as_one_likes_with_other_values() -> None:
    first, second = make.resident("王孃孃", phone="13800138000"), make.resident("李爷爷")
    for wanted in (first, second, first):
        found = BY_NUMBER.one(wanted.number)
        assert found == wanted
        assert found is not None
        assert (found.name, found.phone) == (wanted.name, wanted.phone)  # the phone is read, and opened, when asked for
    assert BY_NUMBER(999) == []


def test_what_it_brings_along_is_there_without_another_query(django_assert_num_queries: object) -> None:
    dates = Read(lambda pk: Session.objects.select_related("activity").filter(pk=pk), UUID(int=0))
    session = make.session()
    found = dates.one(session.pk)
    assert found is not None
    with django_assert_num_queries(0):  # type: ignore[operator]  # the fixture's type takes no number alone
        assert found.activity.title == session.activity.title


def test_it_stays_in_the_community_at_hand(neighbour: Community) -> None:
    number = make.resident().number
    with in_community(neighbour):
        assert BY_NUMBER(number) == []
    with outside_any_community(), pytest.raises(NoCommunity):
        BY_NUMBER(number)


def test_sealed_values_come_out_open() -> None:
    account = Account.objects.create_user(name="周姐", phone="13800138000")
    found = Read(lambda pk: Account.objects.filter(pk=pk), UUID(int=0)).one(account.pk)
    assert found is not None
    assert found.phone == "13800138000"


def test_an_example_that_does_not_get_into_the_query_is_a_mistake() -> None:
    lost = Read(lambda number: Resident.objects.filter(number=int(number) + 1), 5)
    with pytest.raises(ValueError, match="did not get into the query"):
        lost(5)


def test_a_statement_without_rows_gives_none_and_is_part_of_the_transaction() -> None:
    person = make.resident()
    with transaction.atomic():
        assert prepared.execute("UPDATE people_resident SET name = %s WHERE id = %s", ["新名字", person.pk]) == []
        assert prepared.execute("SELECT name FROM people_resident WHERE id = %s", [person.pk]) == [("新名字",)]
        transaction.set_rollback(True)
    person.refresh_from_db()
    assert person.name != "新名字"


def _kept(beginning: str) -> list[tuple[int, int]]:
    """Of each prepared statement that begins so: how often its one plan served, and how often a plan made for once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE starts_with(statement, %s)",
            [beginning],
        )
        return list(cursor.fetchall())


def test_postgresql_keeps_one_plan_for_numbers_of_every_size() -> None:
    for number in (1, 70_000, 10**12, None):
        assert prepared.execute("SELECT 4711 + %s::bigint", [number]) == [(number and 4711 + number,)]
    assert _kept("SELECT 4711 +") == [(4, 0)]


@pytest.mark.django_db(transaction=True)
def test_the_plan_stays_when_a_transaction_is_rolled_back() -> None:
    for _time in range(2):
        with transaction.atomic():
            prepared.execute("SELECT 4712 + %s::int", [1])
            transaction.set_rollback(True)
    assert _kept("SELECT 4712 +") == [(2, 0)]


def test_what_goes_wrong_is_an_error_of_django() -> None:
    for wrong, error in (("SELECT nothing", ProgrammingError), ("SELECT 1 / %s::int", DataError)):
        with pytest.raises(error), transaction.atomic():
            prepared.execute(wrong, [0] if "%s" in wrong else [])
    assert prepared.execute("SELECT 1") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_it_begins_the_transaction_it_is_first_in() -> None:
    with transaction.atomic():
        prepared.execute("SELECT set_config('weiyifang.seen', %s, true)", ["yes"])  # until the transaction ends
        assert prepared.execute("SELECT current_setting('weiyifang.seen')") == [("yes",)]
    assert prepared.execute("SELECT current_setting('weiyifang.seen', true)") == [("",)]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_gone_is_said_to_be() -> None:
    with as_owner(connection), pytest.raises(OperationalError), transaction.atomic():
        prepared.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert prepared.execute("SELECT 1") == [(1,)]


def test_behind_a_pooler_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert prepared.execute("SELECT 4713 + %s::int", [1]) == [(4714,)]
    assert _kept("SELECT 4713 +") == []


def test_what_is_asked_for_each_time_stands_in_the_text() -> None:
    person = make.resident("100% 王孃孃")
    strange = Read(lambda number: Resident.objects.filter(name__startswith="100%", number=number), 1_234_567_890)
    assert strange(person.number) == [person]
    assert strange(person.number + 1) == []


def test_the_plan_can_see_that_only_living_rows_are_asked_for() -> None:
    """Else no index of those alone could serve it, for it is one plan for all values."""
    make.enroll(make.session())
    with connection.cursor() as cursor:
        kept = "SELECT statement FROM pg_prepared_statements WHERE statement ~ %s"
        cursor.execute(kept, ["ARRAY.*resident_id. = ANY.*session_id"])
        found = cursor.fetchall()
    assert found
    assert all("\"state\" IN ('waiting', 'confirmed')" in statement for (statement,) in found)


def test_names_may_come_again_and_a_percent_sign_stays_one() -> None:
    assert prepared.execute("SELECT %(b)s || '%%' || %(a)s || %(b)s", {"a": "x", "b": "y", "c": "z"}) == [("y%xy",)]
    assert prepared.execute("SELECT 'y' LIKE '_%'") == [(True,)]
