"""Many people at the same moment, and the same without the lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

import pytest
from django.db import connection

from tests.concurrency import at_once
from weiyifang.core.actors import system
from weiyifang.core.server import database
from weiyifang.timetable.services import Taken
from weiyifang.volunteering import services, verify
from weiyifang.volunteering.models import Shift, Slot
from weiyifang.volunteering.services import shifts, slots
from weiyifang.volunteering.tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


def test_five_people_want_two_places_and_two_get_one() -> None:
    team = make.team()
    need, people = make.shift(team, wanted=2).needs.get(), [make.member(team, name) for name in "甲乙丙丁戊"]
    results = at_once(*[partial(services.claim, need=need, by=one) for one in people])
    assert all(isinstance(one, (Slot, services.EnoughPeople)) for one in results), results
    assert sum(isinstance(one, Slot) for one in results) == 2
    assert verify.check() == []


def test_one_person_is_put_into_two_places_at_once_and_is_in_one() -> None:
    team, other = make.team(), make.team("别的队")
    one = make.member(team, "甲")
    services.add_member(team=other, resident=make.home(one), by=system())
    needs = [make.shift(team).needs.get(), make.shift(other, at="10:00").needs.get()]
    results = at_once(*[partial(services.claim, need=need, sure=True, by=one) for need in needs])
    assert {type(result) for result in results} == {Slot, Taken}, results
    assert verify.check() == []


def test_a_shift_called_off_while_somebody_takes_it_on_leaves_nobody_in_it() -> None:
    team = make.team()
    shift, one = make.shift(team), make.member(team, "甲")
    off = partial(services.call_off, shift=shift, reason="下大雨", by=system())
    at_once(off, partial(services.claim, need=shift.needs.get(), by=one))
    assert not Slot.objects.live().exists()
    assert verify.check() == []


@contextmanager
def nobody_waits() -> Iterator[None]:
    """Without the lock on the shift and without the constraint behind it; both look before either writes."""
    both = threading.Barrier(2, timeout=20)

    def unlocked(shift: Shift) -> Shift:
        return Shift.objects.select_related("team").get(pk=shift.pk)

    def waiting(*_all: object) -> None:
        both.wait()

    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE volunteering_need DROP CONSTRAINT need_never_too_many")
    try:
        with patch.object(shifts, "locked", unlocked), patch.object(slots, "refuse_unfit", waiting):
            yield
    finally:
        with database.as_owner(connection), connection.cursor() as cursor:
            cursor.execute("TRUNCATE volunteering_need CASCADE")
            cursor.execute(
                "ALTER TABLE volunteering_need ADD CONSTRAINT need_never_too_many"
                " CHECK (taken >= 0 AND taken <= wanted)"
            )


def test_control_without_the_lock_both_get_the_one_place() -> None:
    team = make.team()
    need, people = make.shift(team, wanted=1).needs.get(), [make.member(team, name) for name in "甲乙"]
    with nobody_waits():
        results = at_once(*[partial(services.claim, need=need, by=one) for one in people])
        assert all(isinstance(one, Slot) for one in results), results
        need.refresh_from_db()
        assert (need.taken, need.wanted) == (2, 1)
