"""Somebody who cannot come: a colleague is asked, two swap, and the place is always exactly one person's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.concurrency import at_once
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.notices.models import Notice
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.timetable.services import Taken
from weiyifang.volunteering import queries, services, verify
from weiyifang.volunteering.models import Slot, Team
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def team(here: object) -> Team:
    return make.team()


def sought(team: Team, *, by: Actor, days: int = 3, colleague: str = "", **need: Any) -> Slot:
    """A place somebody took on and looks for a stand-in for."""
    slot = services.claim(need=make.shift(team, days=days, wanted=1, **need).needs.get(), sure=True, by=by)
    return services.seek_stand_in(slot=slot, colleague=colleague, by=by)


def holders() -> dict[int, str]:
    rows = Slot.objects.live().values_list("shift__number", "volunteer__resident__name")
    return dict(rows.order_by("shift__number"))


def test_one_colleague_is_asked_says_no_and_is_asked_no_more(team: Team) -> None:
    me, friend, third = make.member(team, "甲"), make.member(team, "乙"), make.member(team, "丙")
    slot = sought(team, by=me, colleague="乙")
    assert list(queries.stand_ins_for(make.home(friend).pk)) == [slot]
    assert list(queries.stand_ins_for(make.home(third).pk)) == []
    with pytest.raises(services.NotSought):
        services.stand_in(slot=slot, by=third)
    with pytest.raises(NotAllowed):
        services.end_search(slot=slot, by=third)
    assert Notice.objects.get(kind="stand_in_asked").resident_id == friend.resident_id
    services.end_search(slot=slot, by=friend)
    assert Notice.objects.get(kind="stand_in_declined").resident_id == me.resident_id
    assert holders() == {slot.shift.number: "甲"}
    for name in ("没这人", "甲"):
        with pytest.raises(services.NobodyOfThatName):
            services.seek_stand_in(slot=slot, colleague=name, by=me)
    services.seek_stand_in(slot=slot, by=me)
    services.end_search(slot=slot, by=me)
    with pytest.raises(services.NotSought):
        services.stand_in(slot=slot, by=friend)


def test_a_colleague_who_was_asked_and_helps_no_more_leaves_it_to_the_team(team: Team) -> None:
    me, friend, third = make.member(team, "甲"), make.member(team, "乙"), make.member(team, "丙")
    slot = sought(team, by=me, colleague="乙")
    volunteer = queries.volunteer_of(friend.resident_id)
    assert volunteer is not None
    services.sign_off(volunteer=volunteer, by=friend)
    assert list(queries.stand_ins_for(make.home(third).pk)) == [slot]
    services.stand_in(slot=slot, by=third)
    assert holders() == {slot.shift.number: "丙"}


def test_two_swap_in_one_step_and_each_is_in_the_others_calendar(team: Team) -> None:
    me, other = make.member(team, "甲"), make.member(team, "乙")
    mine = sought(team, by=me)
    theirs = services.claim(need=make.shift(team, days=5, wanted=1).needs.get(), by=other)
    with pytest.raises(services.NotYours):
        services.swap(offered=theirs, by=me)  # it is not offered
    services.offer_swap(slot=mine, instead=theirs, by=other)
    assert Notice.objects.get(kind="swap_offered").resident_id == me.resident_id
    assert list(queries.swaps_offered(mine)) == [theirs]
    assert holders() == {mine.shift.number: "甲", theirs.shift.number: "乙"}  # an offer changes nothing
    theirs.refresh_from_db()
    with pytest.raises(NotAllowed):
        services.swap(offered=theirs, by=other)
    services.swap(offered=theirs, by=me)
    assert holders() == {mine.shift.number: "乙", theirs.shift.number: "甲"}
    assert Notice.objects.get(kind="swap_agreed").resident_id == other.resident_id
    with pytest.raises(services.NotYours):
        services.swap(offered=Slot.objects.get(pk=theirs.pk), by=me)
    assert verify.check() == []


def test_a_swap_that_one_of_them_cannot_do_changes_nothing(team: Team) -> None:
    me, other = make.member(team, "甲"), make.member(team, "乙")
    mine = sought(team, by=me)
    theirs = services.claim(need=make.shift(team, days=5, wanted=1).needs.get(), by=other)
    services.offer_swap(slot=mine, instead=theirs, by=other)
    services.claim(need=make.shift(team, days=5, at="10:00").needs.get(), by=me)  # and then has no time for theirs
    before = holders()
    theirs.refresh_from_db()
    with pytest.raises(Taken):
        services.swap(offered=theirs, by=me)
    assert holders() == before
    services.withdraw_swap(offered=theirs, by=other)
    with pytest.raises(services.NotYours):
        services.withdraw_swap(offered=theirs, by=other)
    assert verify.check() == []


def test_an_offer_that_cannot_be_kept_is_refused_at_once(team: Team) -> None:
    me, other = make.member(team, "甲"), make.member(team, "乙")
    mine = sought(team, by=me)
    theirs = services.claim(need=make.shift(team, days=3, at="10:00", wanted=1).needs.get(), by=other)
    services.offer_swap(slot=mine, instead=theirs, by=other)  # both at once change places: it fits
    with pytest.raises(services.NotYours):
        services.offer_swap(slot=mine, instead=mine, by=other)
    away, third = make.team("别的队"), make.member(team, "丙")
    services.add_member(team=away, resident=make.home(third), by=system())
    elsewhere = services.claim(need=make.shift(away, days=6).needs.get(), by=third)
    with pytest.raises(services.NotInTheTeam):
        services.offer_swap(slot=mine, instead=elsewhere, by=third)
    services.claim(need=make.shift(away, days=3, at="10:00").needs.get(), by=third)
    with pytest.raises(Taken):
        services.offer_swap(slot=mine, instead=elsewhere, by=third)
    assert verify.check() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_stand_in_at_the_same_moment_and_one_does() -> None:
    team = make.team()
    me, others = make.member(team, "甲"), [make.member(team, name) for name in "乙丙丁"]
    slot = sought(team, by=me)
    results = at_once(*[partial(services.stand_in, slot=slot, by=one) for one in others])
    assert sum(isinstance(one, Slot) for one in results) == 1, results
    assert all(isinstance(one, (Slot, services.NotSought)) for one in results), results
    assert verify.check() == []


@pytest.mark.django_db(transaction=True)
def test_a_swap_and_a_stand_in_at_the_same_moment_and_one_of_them_is() -> None:
    team = make.team()
    me, other, third = (make.member(team, name) for name in "甲乙丙")
    mine = sought(team, by=me)
    theirs = services.claim(need=make.shift(team, days=5, wanted=1).needs.get(), by=other)
    services.offer_swap(slot=mine, instead=theirs, by=other)
    theirs.refresh_from_db()
    results = at_once(partial(services.swap, offered=theirs, by=me), partial(services.stand_in, slot=mine, by=third))
    assert len([one for one in results if isinstance(one, services.NotSought)]) == 1, results
    assert set(holders().values()) in ({"甲", "乙"}, {"乙", "丙"})
    assert verify.check() == []


def test_on_the_pages_a_colleague_is_asked_and_two_swap(
    team: Team, client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    make.words()
    resident, home = client_of("resident"), "/c/nanhu/volunteering/"
    resident.post(f"{home}me/", {"agreed": "on", "_once": "1"})
    resident.post(f"{home}teams/{team.number}/membership/", {"_once": "2"})
    other = make.member(team, "乙")
    mine, theirs = make.shift(team, wanted=1), make.shift(team, days=6, wanted=1)
    page = f"{home}shifts/{mine.number}/"
    resident.post(f"{page}needs/{mine.needs.get().pk}/claims/", {"_once": "3"})
    slot = mine.slots.get()
    wrong = resident.post(f"{page}slots/{slot.pk}/colleague/", {"name": "没这人", "_once": "4"})
    assert (wrong.status_code, "没这人" in wrong.content.decode()) == (422, True)
    resident.post(f"{page}slots/{slot.pk}/colleague/", {"name": "乙", "_once": "5"})
    offered = services.claim(need=theirs.needs.get(), by=other)
    services.offer_swap(slot=slot, instead=offered, by=other)
    shown = resident.get(page).content.decode()
    assert f"slots/{offered.pk}/swap/" in shown
    resident.post(f"{home}shifts/{theirs.number}/slots/{offered.pk}/swap/", {"_once": "6"})
    assert holders() == {mine.number: "乙", theirs.number: resident_of("resident").name}
