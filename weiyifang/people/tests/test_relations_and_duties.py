"""Who stands by whom, whose account is whose record, and who has which duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.concurrency import at_once
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.people import queries, rules, services, verify
from weiyifang.people.actors import actor_for
from weiyifang.people.models import Account, Duty, Purpose, Relation, RelationKind, Resident
from weiyifang.people.roles import Permission, Role, role_choices
from weiyifang.people.terms import way_back
from weiyifang.people.testing import LED
from weiyifang.people.tests.make import a_resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
ResidentOf = Callable[[str], Resident]


def test_a_proxy_acts_for_an_elder_until_one_of_them_ends_it(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    elder, helper = resident_of("resident"), resident_of("volunteer")
    relation = services.relate(resident=elder, helper=helper, kind=RelationKind.PROXY, by=cast["resident"])
    assert rules.acts_for(cast["volunteer"], elder.pk)
    assert queries.people_acted_for(helper.pk) == [elder]
    services.unrelate(relation=relation, by=cast["volunteer"])
    assert not rules.acts_for(cast["volunteer"], elder.pk)
    with pytest.raises(services.RelationOver):
        services.unrelate(relation=relation, by=cast["resident"])


def test_family_and_contacts_do_not_act_for_anybody(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    elder, helper = resident_of("resident"), resident_of("volunteer")
    for kind in (RelationKind.FAMILY, RelationKind.CONTACT):
        services.relate(resident=elder, helper=helper, kind=kind, by=cast["resident"])
    assert not rules.acts_for(cast["volunteer"], elder.pk)


def test_nobody_makes_themselves_or_another_a_guardian(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    elder, helper = resident_of("resident"), resident_of("volunteer")
    for by in ("resident", "volunteer"):
        with pytest.raises(NotAllowed):
            services.relate(resident=elder, helper=helper, kind=RelationKind.APPOINTED, by=cast[by])
    with pytest.raises(NotAllowed):  # nor a proxy of somebody who did not ask
        services.relate(resident=elder, helper=helper, kind=RelationKind.PROXY, by=cast["volunteer"])
    guardianship = services.relate(resident=elder, helper=helper, kind=RelationKind.APPOINTED, by=cast["staff"])
    with pytest.raises(NotAllowed):  # who is under it cannot end it
        services.unrelate(relation=guardianship, by=cast["resident"])


def test_a_guardian_acts_until_the_day_before_the_eighteenth_birthday(
    cast: dict[str, Actor], resident_of: ResidentOf
) -> None:
    helper, child = resident_of("volunteer"), a_resident("小宝", born_on=date(2012, 2, 29))
    services.publish_standard_texts(by=system())
    text = queries.current_texts()[Purpose.PHOTOS]
    services.relate(resident=child, helper=helper, kind=RelationKind.GUARDIAN, by=cast["staff"])
    for day, acts in ((date(2030, 2, 28), True), (date(2030, 3, 1), False)):
        with clock.at(clock.local(day, "00:00")):
            assert rules.acts_for(cast["volunteer"], child.pk) is acts
            assert queries.people_acted_for(helper.pk) == [child] * acts
            assert services.end_outgrown(by=system()) == (0 if acts else 1)
            if acts:
                services.give_consent(resident=child, text=text, by=cast["volunteer"])
            else:
                with pytest.raises(NotAllowed):
                    services.give_consent(resident=child, text=text, by=cast["volunteer"])
    assert not any(queries.relations_of(child))
    assert verify.check() == []


def test_only_the_register_says_whose_guardian_somebody_can_be(resident_of: ResidentOf) -> None:
    helper = resident_of("volunteer")
    wards = [a_resident(name, born_on=day) for name, day in (("大人", date(1990, 1, 1)), ("孩子", date(2020, 1, 1)))]
    unknown = a_resident("不知道", born_on=None)
    for ward, kind, refusal in (
        (wards[0], RelationKind.GUARDIAN, services.OfAgeAlready),
        (wards[1], RelationKind.APPOINTED, services.StillAMinor),
        (unknown, RelationKind.GUARDIAN, services.BirthdayUnknown),
    ):
        with pytest.raises(refusal):
            services.relate(resident=ward, helper=helper, kind=kind, by=system())
    services.relate(resident=wards[0], helper=helper, kind=RelationKind.APPOINTED, by=system())
    assert queries.people_acted_for(helper.pk) == [wards[0]], "a grown-up's guardian has no birthday to end on"


def test_who_acts_for_whom_is_said_in_one_place() -> None:
    said = {
        path.name
        for path in Path("weiyifang").rglob("*.py")
        if "tests" not in path.parts and "MAY_ACT" in path.read_text()
    }
    assert said == {"residents.py", "relations.py"}, "ask `Relation.objects.acting()`"


# --- leaving and coming back ------------------------------------------------------------------------------------


def test_who_left_by_mistake_has_their_relations_again(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    elder, helper = resident_of("resident"), resident_of("volunteer")
    others = [a_resident(name) for name in ("搬走的", "又定的", "早结束的")]
    services.relate(resident=elder, helper=helper, kind=RelationKind.PROXY, by=system())
    for other in others:
        services.relate(resident=elder, helper=other, kind=RelationKind.FAMILY, by=system())
    services.unrelate(relation=Relation.objects.get(helper=others[2]), by=system())
    services.mark_left(resident=elder, by=system())
    services.mark_left(resident=others[0], by=system())
    assert not rules.acts_for(cast["volunteer"], elder.pk)
    assert [relation.helper for relation in services.coming_back(elder)] == [helper, others[1]]
    services.mark_returned(resident=elder, by=system())
    assert rules.acts_for(cast["volunteer"], elder.pk)
    assert {relation.helper for relation in queries.relations_of(elder)[0]} == {helper, others[1]}
    assert verify.check() == []


def test_who_comes_back_after_a_month_begins_anew(resident_of: ResidentOf) -> None:
    elder, helper = resident_of("resident"), resident_of("volunteer")
    services.relate(resident=elder, helper=helper, kind=RelationKind.PROXY, by=system())
    services.mark_left(resident=elder, by=system())
    with clock.at(clock.now() + way_back()):
        assert services.coming_back(elder) == []
        services.mark_returned(resident=elder, by=system())
    assert not any(queries.relations_of(elder))


def test_relations_that_make_no_sense_are_refused(resident_of: ResidentOf) -> None:
    elder, child = resident_of("resident"), a_resident("小宝", born_on=date(2020, 1, 1))
    with pytest.raises(services.TwoPeopleNeeded):
        services.relate(resident=elder, helper=elder, kind=RelationKind.FAMILY, by=system())
    with pytest.raises(services.NotOfAge):
        services.relate(resident=elder, helper=child, kind=RelationKind.PROXY, by=system())
    services.relate(resident=elder, helper=resident_of("volunteer"), kind=RelationKind.APPOINTED, by=system())
    with pytest.raises(services.EachOther):
        services.relate(resident=resident_of("volunteer"), helper=elder, kind=RelationKind.APPOINTED, by=system())
    with pytest.raises(services.AlreadyRelated):
        services.relate(resident=elder, helper=resident_of("volunteer"), kind=RelationKind.APPOINTED, by=system())


def test_relations_end_when_somebody_leaves(resident_of: ResidentOf) -> None:
    elder, helper = resident_of("resident"), resident_of("volunteer")
    services.relate(resident=elder, helper=helper, kind=RelationKind.PROXY, by=system())
    services.mark_left(resident=helper, by=system())
    assert not any(queries.relations_of(elder))
    with pytest.raises(services.AlreadyLeft):
        services.relate(resident=elder, helper=helper, kind=RelationKind.PROXY, by=system())


def an_account(phone: str, *, verified: bool = True) -> tuple[Account, Actor]:
    account = services.make_account(name="新来的", phone=phone, phone_verified=verified)
    return account, actor_for(account)


BORN = date(1950, 1, 2)  # as `a_resident` is


def claim(account: Account, by: Actor, name: str = "赵一鸣", born_on: date = BORN) -> Resident | None:
    return services.claim_record(account=account, name=name, born_on=born_on, by=by)


def test_phone_name_and_birthday_of_one_record_link_the_account() -> None:
    resident = a_resident(phone="199 0000 0001")
    account, by = an_account("199 0000 0001")
    assert services.match_by_phone(account) == resident
    assert claim(account, by, name=" 赵 一鸣 ") == resident
    assert actor_for(account).resident_id == resident.pk


@pytest.mark.parametrize(("name", "born_on"), [("赵一", BORN), ("赵一鸣", date(1950, 2, 1)), ("钱二", BORN)])
def test_whoever_got_the_number_later_knows_too_little(name: str, born_on: date) -> None:
    resident = a_resident(phone="199 0000 0001")
    account, by = an_account("199 0000 0001")
    assert claim(account, by, name, born_on) is None
    assert actor_for(account).resident_id is None
    resident.refresh_from_db()
    assert resident.account_id is None


def test_after_three_guesses_only_the_desk_can_help() -> None:
    resident = a_resident(phone="199 0000 0001")
    account, by = an_account("199 0000 0001")
    for year in range(3):
        assert claim(account, by, born_on=date(1960 + year, 1, 2)) is None
    with pytest.raises(services.AtTheDesk):
        claim(account, by)
    services.link_account(resident=resident, account=account, by=system())
    services.unlink_account(resident=resident, by=system())
    assert claim(account, by) == resident  # the desk forgave it


def test_two_guesses_are_forgiven() -> None:
    """The control."""
    resident = a_resident(phone="199 0000 0001")
    account, by = an_account("199 0000 0001")
    for year in range(2):
        claim(account, by, born_on=date(1960 + year, 1, 2))
    assert claim(account, by) == resident


def test_a_record_without_a_birthday_is_claimed_at_the_desk() -> None:
    a_resident(phone="199 0000 0001", born_on=None)
    account, by = an_account("199 0000 0001")
    with pytest.raises(services.AtTheDesk):
        claim(account, by)


def test_a_record_that_is_linked_stays_with_whom_it_is() -> None:
    resident = a_resident(phone="199 0000 0001")
    before, _by = an_account("199 0000 0002")
    services.link_account(resident=resident, account=before, by=system())
    account, by = an_account("199 0000 0001")
    with pytest.raises(services.NobodyByThatNumber):
        claim(account, by)
    assert actor_for(before).resident_id == resident.pk


def test_a_phone_nobody_confirmed_links_nothing() -> None:
    a_resident(phone="199 0000 0001")
    account, by = an_account("199 0000 0001", verified=False)
    with pytest.raises(services.NotYourPhone):
        claim(account, by)


def test_a_phone_that_several_share_tells_nobody_apart() -> None:
    resident = a_resident(phone="199 0000 0001")
    a_resident("女儿", phone="199 0000 0001")
    account, by = an_account("199 0000 0001")
    with pytest.raises(services.SeveralByThatNumber):
        claim(account, by)
    services.link_account(resident=resident, account=account, by=system())  # the office knows who is who


def test_nobody_takes_another_persons_record() -> None:
    own = a_resident(phone="199 0000 0001")
    other = a_resident("别人", phone="199 0000 0002")
    account, by = an_account("199 0000 0001")
    assert claim(account, by, name=other.name) is None
    with pytest.raises(NotAllowed):
        services.link_account(resident=own, account=account, by=by)
    stranger, _actor = an_account("199 0000 0003")
    with pytest.raises(NotAllowed):
        claim(stranger, by)


def test_one_account_is_one_resident_and_the_other_way_round(resident_of: ResidentOf) -> None:
    account, _actor = an_account("199 0000 0001")
    with pytest.raises(services.LinkedAlready):
        services.link_account(resident=resident_of("resident"), account=account, by=system())
    services.link_account(resident=a_resident(), account=account, by=system())
    with pytest.raises(services.LinkedAlready):
        services.link_account(resident=a_resident("钱二"), account=account, by=system())


def test_a_link_can_be_undone(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    services.unlink_account(resident=resident_of("resident"), by=cast["staff"])
    resident = Resident.objects.get(pk=str(cast["resident"].resident_id))
    with pytest.raises(services.NotLinked):
        services.unlink_account(resident=resident, by=cast["staff"])


def test_a_duty_gives_its_rights_and_takes_them_back(cast: dict[str, Actor], accounts: dict[str, Account]) -> None:
    duty = services.give_duty(account=accounts["resident"], role=Role.STAFF, by=cast["secretary"])
    assert actor_for(accounts["resident"]).may(Permission.MANAGE_RESIDENTS)
    services.end_duty(duty=duty, by=cast["secretary"])
    assert not actor_for(accounts["resident"]).may_somewhere(Permission.MANAGE_RESIDENTS)
    assert [entry.verb for entry in timeline.of(source_of(duty))] == ["DutyEnded", "DutyGiven"]
    with pytest.raises(services.DutyOver):
        services.end_duty(duty=duty, by=cast["secretary"])


def test_nobody_gives_themselves_a_duty(cast: dict[str, Actor], accounts: dict[str, Account]) -> None:
    with pytest.raises(services.OwnDuty):
        services.give_duty(account=accounts["secretary"], role=Role.ACCOUNTANT, by=cast["secretary"])


@pytest.mark.parametrize("key", ["resident", "staff", "accountant", "supervisor", "leader", "street_officer"])
def test_only_who_may_give_duties_gives_them(key: str, cast: dict[str, Actor], accounts: dict[str, Account]) -> None:
    with pytest.raises(NotAllowed):
        services.give_duty(account=accounts["volunteer"], role=Role.STAFF, by=cast[key])


def test_a_leader_leads_an_organization_and_not_the_community(
    cast: dict[str, Actor], accounts: dict[str, Account]
) -> None:
    with pytest.raises(services.ScopeNeeded):
        services.give_duty(account=accounts["resident"], role=Role.LEADER, by=cast["secretary"])
    services.give_duty(account=accounts["resident"], role=Role.LEADER, scope=LED, by=cast["secretary"])
    with pytest.raises(services.DutyHeld):
        services.give_duty(account=accounts["resident"], role=Role.LEADER, scope=LED, by=cast["secretary"])


def test_a_duty_can_be_laid_down_unless_nobody_could_give_duties_any_more(cast: dict[str, Actor]) -> None:
    own = Duty.objects.get(account_id=str(cast["volunteer"].account_id))
    services.end_duty(duty=own, by=cast["volunteer"])
    last = Duty.objects.get(account_id=str(cast["secretary"].account_id))
    with pytest.raises(services.LastOne):
        services.end_duty(duty=last, by=cast["secretary"])


def test_a_leaders_duty_ends_where_the_organization_names_another(cast: dict[str, Actor]) -> None:
    leads = Duty.objects.get(account_id=str(cast["leader"].account_id), role=Role.LEADER)
    for by in ("secretary", "leader"):
        with pytest.raises(services.GoesWithLeading):
            services.end_duty(duty=leads, by=cast[by])
    services.end_duty(duty=leads, by=system())
    assert queries.duties_ended(clock.today()) == []


def test_what_ended_lately_can_be_given_back_until_somebody_has_it_again(
    cast: dict[str, Actor], accounts: dict[str, Account]
) -> None:
    with clock.at(clock.now() - timedelta(days=9)):
        services.end_duty(
            duty=services.give_duty(account=accounts["resident"], role=Role.STAFF, by=system()), by=system()
        )
    for _time in range(2):
        first = services.give_duty(account=accounts["resident"], role=Role.VOLUNTEER, by=cast["secretary"])
        services.end_duty(duty=first, by=cast["secretary"])
    (ended,) = queries.duties_ended(clock.today() - timedelta(days=7))
    assert (ended.duty.account_id, ended.duty.role) == (accounts["resident"].pk, Role.VOLUNTEER)
    services.give_duty(account=accounts["resident"], role=Role.VOLUNTEER, by=cast["secretary"])
    assert queries.duties_ended(clock.today() - timedelta(days=7)) == []


@pytest.mark.django_db(transaction=True)
def test_the_last_two_who_give_duties_cannot_both_leave_at_the_same_moment(
    cast: dict[str, Actor], accounts: dict[str, Account]
) -> None:
    second = services.give_duty(account=accounts["staff"], role=Role.SECRETARY, by=cast["secretary"])
    first = Duty.objects.get(account_id=str(cast["secretary"].account_id))
    results = at_once(
        lambda: services.end_duty(duty=first, by=cast["secretary"]),
        lambda: services.end_duty(duty=second, by=actor_for(accounts["staff"])),
    )
    assert sum(isinstance(result, services.LastOne) for result in results) == 1


def test_another_role_is_no_migration() -> None:
    """Roles and permissions stand on their page alone: the column asks for them."""
    *_name, how = Duty._meta.get_field("role").deconstruct()
    assert how["choices"] is role_choices
