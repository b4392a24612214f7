from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.concurrency import at_once
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import TimelineEntry
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import Missing
from weiyifang.core.wordlists import NoSuchWord
from weiyifang.outreach import queries, services, verify
from weiyifang.outreach.models import Contact, GridBuilding, SpecialNeed
from weiyifang.outreach.tests import make
from weiyifang.people import reaching
from weiyifang.people import services as people
from weiyifang.people.models import Account, Consent, Duty, Resident
from weiyifang.people.roles import Role

pytestmark = pytest.mark.usefixtures("here")


def names(actor: Actor) -> list[str]:
    """Who is on the actor's list, without the cast, in its order."""
    cast = set(Resident.objects.exclude(account=None).values_list("name", flat=True))
    return [one.name for one in queries.unreached(actor) if one.name not in cast]


# --- who is on the list ---------------------------------------------------------------------------------------------


def test_whoever_came_within_ninety_days_is_not_on_the_list_and_returns_to_it_the_day_after() -> None:
    one = make.resident("来过的")
    make.came(one)
    assert names(system()) == []
    with clock.at(clock.local(clock.today() + timedelta(days=89), "08:00")):
        assert names(system()) == []
    with clock.at(clock.local(clock.today() + timedelta(days=90), "08:00")):
        assert names(system()) == ["来过的"]


def test_elders_who_live_alone_come_first_then_the_oldest() -> None:
    make.resident("三口之家的老人", at=make.door("1", "1-1"), born_on=date(1935, 1, 1))
    make.resident("他女儿", at=make.door("1", "1-1"), born_on=date(1970, 1, 1))
    make.resident("年轻的独居者", at=make.door("1", "1-2"), born_on=date(1995, 1, 1))
    make.resident("独居老人", at=make.door("1", "1-3"), born_on=date(1950, 1, 1))
    make.resident("不知道年龄的", at=make.door("1", "1-1"), born_on=None)
    assert names(system()) == ["独居老人", "三口之家的老人", "他女儿", "年轻的独居者", "不知道年龄的"]


def test_a_grid_worker_sees_the_people_of_their_own_grids_alone(
    cast: dict[str, Actor], accounts: dict[str, Account]
) -> None:
    mine, theirs = make.resident("一栋的", at=make.door("1")), make.resident("二栋的", at=make.door("2"))
    make.resident("别的小区的一栋", at=make.door("1", compound="湖景苑"))
    make.grid("二网格", buildings="2")
    worker = make.worker(make.grid("一网格", buildings="1"), accounts["volunteer"])
    assert names(worker) == ["一栋的"]
    assert len(names(cast["staff"])) == 3
    services.note_contact(resident=mine, outcome="visited", by=worker)
    for by in (worker, cast["volunteer"]):
        with pytest.raises(NotAllowed):
            services.note_contact(resident=theirs, outcome="visited", by=by)
    services.end_looking_after(duty=Duty.objects.get(role=Role.GRID_WORKER), by=cast["staff"])
    assert Duty.objects.filter(role=Role.GRID_WORKER, until=None).count() == 0


def test_whoever_is_in_no_grid_is_the_committees() -> None:
    nobody = Actor(community_id=system().community_id, rights={"reach_out": frozenset({source_of(make.grid())})})
    with pytest.raises(NotAllowed):
        services.note_contact(resident=make.resident(), outcome="visited", by=nobody)


# --- contacts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "days"), [("visited", 30), ("away", 7), ("no", 365)])
def test_after_a_contact_somebody_rests_as_long_as_the_rule_says(outcome: str, days: int) -> None:
    make.contact(make.resident("何大爷"), outcome)
    with clock.at(clock.local(clock.today() + timedelta(days=days - 1), "12:00")):
        assert names(system()) == []
    with clock.at(clock.local(clock.today() + timedelta(days=days), "12:00")):
        assert names(system()) == ["何大爷"]


def test_the_day_somebody_named_is_kept_and_the_last_contact_alone_decides() -> None:
    one = make.resident("何大爷")
    first = make.contact(one, "no", again_on=clock.today() + timedelta(days=200))
    assert names(system()) == []
    make.contact(one, "visited", again_on=clock.today() + timedelta(days=2), after=first.pk)
    assert Contact.objects.standing().get().outcome == "visited"
    with clock.at(clock.now() + timedelta(days=2)):
        assert names(system()) == ["何大爷"]


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_day_that_is_over_or_too_far_is_refused(days: int) -> None:
    with pytest.raises(services.DayTooFar):
        make.contact(make.resident(), again_on=clock.today() + timedelta(days=days))


def test_a_contact_is_no_service() -> None:
    one = make.resident()
    make.contact(one)
    assert reaching.times(clock.today(), clock.today()) == {}
    assert queries.figures(clock.today(), clock.today()).reached == 0


def test_an_outcome_that_is_not_offered_is_refused_and_so_is_whoever_left() -> None:
    one = make.resident()
    with pytest.raises(NoSuchWord):
        make.contact(one, "forgot")
    people.mark_left(resident=one, by=system())
    with pytest.raises(people.LivesElsewhere):
        make.contact(one)
    assert Contact.objects.count() == 0


def test_who_has_not_seen_the_last_contact_is_shown_it(cast: dict[str, Actor]) -> None:
    one = make.resident("何大爷")
    noted = services.note_contact(resident=one, outcome="no", by=cast["staff"])
    with pytest.raises(services.ContactedMeanwhile) as refused:
        services.note_contact(resident=one, outcome="visited", by=cast["secretary"])
    assert "周敏" in str(refused.value)
    assert "请不要再联系" in str(refused.value)
    services.note_contact(resident=one, outcome="visited", after=noted.pk, by=cast["secretary"])
    assert Contact.objects.count() == 2


def test_who_has_moved_away_waits_for_the_desk_until_the_register_says_so() -> None:
    one = make.resident("搬走的")
    make.contact(one, "moved")
    assert [row.resident.name for row in queries.said_gone()] == ["搬走的"]
    people.mark_left(resident=one, by=system())
    assert not queries.said_gone()


# --- needs ----------------------------------------------------------------------------------------------------------


def test_a_need_is_noted_of_who_agreed_to_it_alone_and_goes_with_the_yes() -> None:
    one = make.agreed("同意了的")
    with pytest.raises(services.NotAgreed):
        services.note_need(resident=make.resident("没同意的"), need="care", by=system())
    services.note_need(resident=one, need="care", by=system())
    with pytest.raises(services.NeedNotedAlready):
        services.note_need(resident=one, need="care", by=system())
    assert verify.check() == []
    people.withdraw_consent(consent=Consent.objects.get(resident=one), by=system())
    assert not SpecialNeed.objects.exists()
    assert verify.check() == []


def test_no_fact_says_what_somebody_needs() -> None:
    row = services.note_need(resident=make.agreed(), need="illness", by=system())
    services.end_need(need=row, by=system())
    assert not SpecialNeed.objects.exists()
    assert "illness" not in str(list(TimelineEntry.objects.values_list("values", flat=True)))


def test_who_has_a_need_stands_first() -> None:
    make.resident("独居老人", at=make.door("1", "1-1"), born_on=date(1930, 1, 1))
    young = make.agreed("要人照料的", at=make.door("1", "2-2"), born_on=date(1990, 1, 1))
    services.note_need(resident=young, need="care", by=system())
    assert names(system()) == ["要人照料的", "独居老人"]
    people.erase_person(resident=young, by=system())
    assert not SpecialNeed.objects.exists()


# --- grids ----------------------------------------------------------------------------------------------------------


def test_buildings_are_put_in_as_people_write_them_and_none_is_in_two_grids() -> None:
    for building in ("1", "2", "3", "9"):
        make.resident(at=make.door(building))
    first, second = make.grid("一网格"), make.grid("二网格")
    assert services.put_buildings_in(grid=first, compound=make.COMPOUND, buildings="1-2、9", by=system()) == 3
    with pytest.raises(services.BuildingTaken) as taken:
        services.put_buildings_in(grid=second, compound=make.COMPOUND, buildings="2,3", by=system())
    assert "一网格" in str(taken.value)
    with pytest.raises(services.BuildingNotThere):
        services.put_buildings_in(grid=second, compound=make.COMPOUND, buildings="3, 44", by=system())
    assert services.put_buildings_in(grid=second, compound=make.COMPOUND, by=system()) == 1
    with pytest.raises(services.NothingToPutIn):
        services.put_buildings_in(grid=second, compound=make.COMPOUND, by=system())
    row = GridBuilding.objects.get(building="9")
    for _twice in range(2):
        services.take_building_out(building=row, by=system())
    assert queries.buildings_free() == [(make.COMPOUND, "9")]


def test_two_grids_have_two_names() -> None:
    one, other = make.grid("一网格"), make.grid("二网格")
    for refusal, name in ((services.GridNameTaken, "一网格"), (Missing, "  ")):
        with pytest.raises(refusal):
            services.rename_grid(grid=other, name=name, by=system())
    services.rename_grid(grid=one, name="一网格", by=system())


def test_nobody_lets_themselves_look_after_a_grid(cast: dict[str, Actor], accounts: dict[str, Account]) -> None:
    with pytest.raises(people.OwnDuty):
        services.let_look_after(grid=make.grid(), account=accounts["staff"], by=cast["staff"])


# --- at the same moment, and gone -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_note_at_the_same_moment_the_second_is_shown_the_first() -> None:
    one = make.resident()

    def note() -> Contact:
        return services.note_contact(resident=one, outcome="visited", by=system())

    outcomes = at_once(note, note)
    assert {type(found) for found in outcomes} == {Contact, services.ContactedMeanwhile}
    assert Contact.objects.count() == 1


def test_who_is_forgotten_leaves_no_contact_behind() -> None:
    one = make.resident()
    other = make.contact(make.resident("李孃孃"))
    make.contact(one)
    people.erase_person(resident=one, by=system())
    assert list(Contact.objects.all()) == [other]


def test_verify_names_what_a_hand_did(cast: dict[str, Actor], accounts: dict[str, Account]) -> None:
    make.worker(make.grid(), accounts["volunteer"])
    one, other = make.contact(make.resident("何大爷")), make.contact(make.resident("李孃孃"))
    gone = make.contact(make.resident("要删的"))
    people.erase_person(resident=gone.resident, by=system())
    assert verify.check() == []
    Contact.objects.filter(pk=one.pk).update(again_on=clock.today() + timedelta(days=99))
    Contact.objects.filter(pk=other.pk).delete()
    Duty.objects.filter(role=Role.GRID_WORKER).update(scope="outreach.grid:01900000-0000-7000-8000-000000000001")
    assert {fault.check for fault in verify.check()} == {"outreach.contacts", "outreach.workers"}
    assert len(verify.check()) == 3
