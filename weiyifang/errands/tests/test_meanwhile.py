"""What others see and do while the work is under way: they stand outside its transaction, as in another process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.concurrency import at_once
from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import in_community
from weiyifang.errands import queries, services
from weiyifang.errands.models import Errand, ErrandFile, State
from weiyifang.errands.tests import make
from weiyifang.people.models import Resident

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff(community: Community, cast: dict[str, Actor]) -> Actor:
    return cast["staff"]


def elsewhere(community: Community, act: Callable[[], Any]) -> Callable[[], None]:
    """Somebody does it at this moment, over another connection."""

    def do() -> None:
        with in_community(community):
            act()
        connection.close()

    def wait_for_it() -> None:
        make.at_step.clear()
        assert at_once(do) == [None]

    return wait_for_it


def test_how_far_it_is_is_seen_before_any_of_it_is_there(community: Community, staff: Actor) -> None:
    seen: list[tuple[int, int, int]] = []

    def look() -> None:
        errand = Errand.objects.get()
        seen.append((errand.done, errand.total, Resident.objects.filter(name="新来的").count()))

    with in_community(community):
        make.at_step[6] = elsewhere(community, look)
        done = make.carried_out(make.asked(staff))
    assert seen == [(6, 10, 0)]
    assert done.state == State.DONE
    assert queries.Line(done).percent <= 99


def test_who_cancels_is_heard_and_nothing_is_half_done(community: Community, staff: Actor) -> None:
    with in_community(community):
        errand = make.asked(staff)
        make.at_step[4] = elsewhere(community, lambda: services.cancel(errand=errand, by=staff))
        assert make.carried_out(errand).state == State.CANCELLED
        assert not Resident.objects.filter(name="新来的").exists()
        assert not ErrandFile.objects.exists()


def test_who_was_held_for_dead_undoes_what_another_does_again(community: Community, staff: Actor) -> None:
    with in_community(community):
        errand = make.asked(staff)
        make.at_step[7] = elsewhere(community, lambda: Errand.objects.update(begun=2))  # it began anew
        still = make.carried_out(errand)
        assert (still.state, still.begun) == (State.RUNNING, 2)
        assert not Resident.objects.filter(name="新来的").exists()
        assert not ErrandFile.objects.exists()


def test_a_list_that_is_being_made_while_somebody_is_forgotten_is_made_anew(community: Community, staff: Actor) -> None:
    with in_community(community):
        errand = make.asked(staff)
        make.at_step[5] = elsewhere(community, services.forget_files_that_name_people)
        done = make.carried_out(errand)
        assert (done.state, done.begun) == (State.DONE, 2)
        assert Resident.objects.filter(name="新来的").count() == 1


def test_two_who_press_at_once_start_one(community: Community, staff: Actor) -> None:
    def press() -> None:
        with in_community(community):
            make.asked(staff)
        connection.close()

    assert at_once(press, press, press) == [None, None, None]
    with in_community(community):
        assert Errand.objects.count() == 1
