"""The time bank: saved, given on, never more than there is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

import pytest
from django.db import connection
from django.db.models import F

from tests.concurrency import at_once
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.server import database
from weiyifang.ledger import queries as ledger
from weiyifang.ledger import services as posting
from weiyifang.ledger.models import Account, Balance, Transfer
from weiyifang.ledger.services import OverdraftRefused
from weiyifang.notices.models import Notice
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident
from weiyifang.people.testing import ClientOf
from weiyifang.volunteering import queries, services, verify
from weiyifang.volunteering.models import TimeGift
from weiyifang.volunteering.services import minutes
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
HOME, BENCH = "/c/nanhu/volunteering/time/", "/c/nanhu/workbench/volunteering/time/"


def who(resident: Resident) -> Actor:
    return Actor(community_id=resident.community_id, resident_id=resident.pk, name=resident.name)


def with_time(resident: Resident, minutes: int = 120) -> Resident:
    """Somebody who has saved so much."""
    make.volunteer(of=resident)
    row = make.hours(make.team(f"{resident.name}的队"), of=resident, minutes=minutes)
    services.approve_hours(hours=[row], by=system())
    return resident


def test_an_hour_that_was_given_is_saved_given_on_and_given_on_again(cast: dict[str, Actor]) -> None:
    one, elder, third = with_time(make.resident("甲")), make.resident("老人"), make.resident("丙")
    services.give_time(giver=one, receiver=elder, amount=60, by=who(one))
    services.give_time(giver=elder, receiver=third, amount=45, by=who(elder))
    assert [queries.saved_minutes(each.pk) for each in (one, elder, third)] == [60, 15, 45]
    assert Notice.objects.filter(kind="time_given").count() == 2
    assert verify.check() == []


def test_nobody_gives_more_than_is_saved_nor_what_is_somebody_elses(cast: dict[str, Actor]) -> None:
    one, other = with_time(make.resident("甲")), make.resident("乙")
    with pytest.raises(services.TooLittleTime, match="2 小时"):
        services.give_time(giver=one, receiver=other, amount=121, by=who(one))
    with pytest.raises(services.TooLittleTime):
        services.give_time(giver=other, receiver=one, amount=1, by=who(other))
    with pytest.raises(NotAllowed):
        services.give_time(giver=one, receiver=other, amount=1, by=who(make.resident("路人")))
    with pytest.raises(services.ToOneself):
        services.give_time(giver=one, receiver=one, amount=1, by=who(one))
    with pytest.raises(services.NoTime):
        services.give_time(giver=one, receiver=other, amount=0, by=who(one))
    people.mark_left(resident=other, by=system())
    other.refresh_from_db()
    with pytest.raises(people.LivesElsewhere):
        services.give_time(giver=one, receiver=other, amount=1, by=who(one))
    assert not TimeGift.objects.exists()


def test_a_proxy_gives_an_elders_time_on_but_not_to_themselves(cast: dict[str, Actor]) -> None:
    elder, daughter, helper = with_time(make.resident("老人")), make.resident("女儿"), make.resident("帮忙的")
    people.relate(resident=elder, helper=daughter, kind=RelationKind.PROXY, by=who(elder))
    with pytest.raises(services.OwnAdvantage):
        services.give_time(giver=elder, receiver=daughter, amount=30, by=who(daughter))
    services.give_time(giver=elder, receiver=helper, amount=30, by=who(daughter))
    assert queries.saved_minutes(helper.pk) == 30


def test_a_mistake_goes_back_by_a_second_entry_unless_it_was_given_on(cast: dict[str, Actor]) -> None:
    one, other, third = with_time(make.resident("甲")), make.resident("乙"), make.resident("丙")
    gift = services.give_time(giver=one, receiver=other, amount=60, by=cast["staff"])
    before = Transfer.objects.count()
    with pytest.raises(NotAllowed):
        services.take_time_back(gift=gift, reason="转错了", by=who(one))
    with pytest.raises(services.ReasonForBack):
        services.take_time_back(gift=gift, reason=" ", by=cast["staff"])
    services.take_time_back(gift=gift, reason="转错了", by=cast["staff"])
    assert (queries.saved_minutes(one.pk), Transfer.objects.count()) == (120, before + 1)
    again = services.give_time(giver=one, receiver=other, amount=60, by=cast["staff"])
    services.give_time(giver=other, receiver=third, amount=10, by=who(other))
    with pytest.raises(services.GivenOnAlready, match="乙"):
        services.take_time_back(gift=again, reason="转错了", by=cast["staff"])
    assert verify.check() == []


def test_hours_whose_time_was_given_on_are_not_taken_back(cast: dict[str, Actor]) -> None:
    one = make.resident("甲")
    make.volunteer(of=one)
    row = make.hours(make.team(), of=one)
    services.approve_hours(hours=[row], by=system())
    services.give_time(giver=one, receiver=make.resident("乙"), amount=100, by=who(one))
    with pytest.raises(services.SpentAlready, match="甲"):
        services.take_back_hours(hours=row, reason="记错了", by=cast["staff"])
    assert queries.worked_minutes() == 120
    assert verify.check() == []


@pytest.mark.any_lock_order
def test_verify_names_time_that_was_given_behind_the_back(cast: dict[str, Actor]) -> None:
    one, other = with_time(make.resident("甲")), make.resident("乙")
    gift = services.give_time(giver=one, receiver=other, amount=60, by=who(one))
    TimeGift.objects.filter(pk=gift.pk).update(minutes=90)
    assert {fault.check for fault in verify.check()} == {"volunteering.gifts", "volunteering.minutes"}


@pytest.mark.django_db(transaction=True)
def test_one_who_gives_the_same_hour_to_five_at_once_gives_it_to_two() -> None:
    one = with_time(make.resident("甲"))
    others = [make.resident(f"收{name}") for name in "一二三四五"]
    give = [partial(services.give_time, giver=one, receiver=each, amount=60, by=who(one)) for each in others]
    results = at_once(*give)
    assert sum(isinstance(each, TimeGift) for each in results) == 2, results
    assert all(isinstance(each, (TimeGift, services.TooLittleTime)) for each in results), results
    assert queries.saved_minutes(one.pk) == 0
    assert verify.check() == []


@contextmanager
def nobody_keeps_the_floor() -> Iterator[None]:
    """Look first, write then, and no constraint behind it: both look before either writes."""
    both = threading.Barrier(2, timeout=20)

    def naive(*, debit: Account, credit: Account, amount: int, **_rest: object) -> None:
        if ledger.balance(debit) < amount:
            raise OverdraftRefused(account=debit.name)
        both.wait()
        Balance.objects.filter(account=debit).update(debits=F("debits") + amount)
        Balance.objects.filter(account=credit).update(credits=F("credits") + amount)

    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ledger_balance_floor'")
        (floor,) = cursor.fetchone() or ("",)
        cursor.execute("ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_floor")
    try:
        with patch.object(posting, "post", naive):
            yield
    finally:
        with database.as_owner(connection), connection.cursor() as cursor:
            cursor.execute("TRUNCATE ledger_balance CASCADE")
            cursor.execute(f"ALTER TABLE ledger_balance ADD CONSTRAINT ledger_balance_floor {floor}")


@pytest.mark.any_lock_order
@pytest.mark.django_db(transaction=True)
def test_control_without_the_floor_the_same_hours_are_given_twice() -> None:
    one, others = with_time(make.resident("甲")), [make.resident("乙"), make.resident("丙")]
    for each in (one, *others):
        minutes.saved([each.pk], by=system())
    with nobody_keeps_the_floor():
        give = [partial(services.give_time, giver=one, receiver=each, amount=120, by=who(one)) for each in others]
        results = at_once(*give)
        assert all(isinstance(each, TimeGift) for each in results), results
        assert queries.saved_minutes(one.pk) == -120
        assert {fault.check for fault in verify.check()} == {"volunteering.minutes"}


def test_a_resident_gives_an_hour_on_to_whom_they_can_name_and_the_office_puts_it_right(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("resident")
    other, resident, staff = make.resident("赵大爷"), client_of("resident"), client_of("staff")
    with_time(me)
    page = resident.get(HOME).content.decode()
    assert "2 小时" in page
    typed = {"whose": str(me.number), "number": str(other.number), "name": "钱大爷", "minutes": "60"}
    wrong = resident.post(HOME, {**typed, "_once": "1"})
    assert (wrong.status_code, "赵大爷" in wrong.content.decode()) == (422, False)
    typed["name"] = "赵大爷"
    assert resident.post(HOME, {**typed, "_once": "2"}).status_code == 200  # asked once more
    assert not TimeGift.objects.exists()
    resident.post(HOME, {**typed, "sure": "1", "_once": "3"})
    gift = TimeGift.objects.get()
    assert (gift.minutes, queries.saved_minutes(other.pk)) == (60, 60)
    assert "赵大爷" in staff.get(BENCH).content.decode()
    back = f"{BENCH}{gift.pk}/reversal/"
    assert staff.post(back, {"reason": "", "_once": "4"}).status_code == 422
    staff.post(back, {"reason": "转错了", "_once": "5"})
    assert "转错了" in resident.get(HOME).content.decode()
    desk = {"giver": me.name, "receiver": "赵大爷", "minutes": "500", "sure": "1"}
    assert staff.post(BENCH, {**desk, "_once": "6"}).status_code == 422
    staff.post(BENCH, {**desk, "minutes": "30", "_once": "7"})
    assert queries.saved_minutes(other.pk) == 30
