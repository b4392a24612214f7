"""Reads that are composed once give what the ORM gives, in this community only."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection, transaction

from weiyifang.activities.models import Session
from weiyifang.activities.tests import make
from weiyifang.communities.models import Community
from weiyifang.core import prepared
from weiyifang.core.prepared import Read
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
    with django_assert_num_queries(0):  # type: ignore[operator]
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


def test_postgresql_keeps_the_plan() -> None:
    statement = "SELECT 4711 + %s"
    assert prepared.execute(statement, [1]) == [(4712,)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 4711 +%'")
        assert cursor.fetchone() == (1,)


def test_names_may_come_again_and_a_percent_sign_stays_one() -> None:
    assert prepared.execute("SELECT %(b)s || '%%' || %(a)s || %(b)s", {"a": "x", "b": "y", "c": "z"}) == [("y%xy",)]
    assert prepared.execute("SELECT 'y' LIKE '_%'") == [(True,)]
