"""A query about whoever asks, composed once for all who have the same duties."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import DateTimeField, Field, IntegerField, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast

from weiyifang.core import clock, learned
from weiyifang.core.actors import Actor, system
from weiyifang.core.ids import new_id
from weiyifang.core.models import Counter

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def somebody() -> Actor:
    return Actor(community_id=system().community_id, account_id=new_id(), resident_id=new_id(), name="王孃孃")


def whoever(actor: Actor) -> QuerySet[Any, Any]:
    return _told(actor.account_id, actor.resident_id, clock.now() - timedelta(days=3))


def _told(*values: Any) -> QuerySet[Any, Any]:
    types: dict[type, Field[Any, Any]] = {
        UUID: UUIDField(),
        datetime: DateTimeField(),
        int: IntegerField(),
        str: TextField(),
    }
    kept = {f"value_{number}": Cast(Value(value), types[type(value)]) for number, value in enumerate(values)}
    return Counter.objects.filter(kind="learned").annotate(**kept).values_list("kind", *kept)


def test_the_person_and_the_time_are_filled_in(somebody: Actor) -> None:
    Counter.objects.create(kind="learned", last=1)
    for who in (somebody, Actor(community_id=somebody.community_id, account_id=new_id(), resident_id=new_id())):
        for _time in range(2):
            ((_kind, account_id, resident_id, at),) = learned.rows("whoever", who, whoever)
            assert (account_id, resident_id) == (who.account_id, who.resident_id)
            assert abs(clock.now() - timedelta(days=3) - at) < timedelta(minutes=1)
    assert learned.learn(somebody, whoever) is not None


def by_the_hour(actor: Actor) -> QuerySet[Any, Any]:
    return _told(clock.now().hour)


def by_name(actor: Actor) -> QuerySet[Any, Any]:
    return _told(f"account {actor.account_id}")


def by_what_it_found(actor: Actor) -> QuerySet[Any, Any]:
    return _told(Counter.objects.count())


def only_in_the_morning(actor: Actor) -> QuerySet[Any, Any]:
    rows = _told(1)
    return rows if clock.now() < clock.local(clock.today(), "12:00") else rows.filter(last=1)


def for_nobody(actor: Actor) -> QuerySet[Any, Any]:
    return _told(1).none()


@pytest.mark.parametrize("compose", [by_the_hour, by_name, by_what_it_found, only_in_the_morning, for_nobody])
def test_what_depends_on_anything_else_is_composed_each_time(somebody: Actor, compose: Any) -> None:
    assert learned.learn(somebody, compose) is None
    Counter.objects.create(kind="learned", last=1)
    for _time in range(2):
        assert learned.rows(compose.__name__, somebody, compose) == list(compose(somebody))


def test_other_duties_are_another_query(somebody: Actor) -> None:
    def how_many(actor: Actor) -> QuerySet[Any, Any]:
        return _told(len(actor.rights))

    Counter.objects.create(kind="learned", last=1)
    rights = {"see": frozenset({""})}
    more = Actor(community_id=somebody.community_id, account_id=new_id(), resident_id=new_id(), rights=rights)
    for _time in range(2):
        assert [row[1] for who in (somebody, more) for row in learned.rows("how many", who, how_many)] == [0, 1]
