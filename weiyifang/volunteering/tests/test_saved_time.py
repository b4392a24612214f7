"""What becomes of saved time when somebody leaves, dies or is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.notices.models import Notice
from weiyifang.people import services as people
from weiyifang.people import terms
from weiyifang.people.models import RelationKind, Resident
from weiyifang.people.privacy import as_json
from weiyifang.people.testing import ClientOf
from weiyifang.volunteering import queries, services, verify
from weiyifang.volunteering.models import TimeGift, TimeHeir
from weiyifang.volunteering.tests import make
from weiyifang.volunteering.tests.test_time_bank import who, with_time

pytestmark = pytest.mark.usefixtures("here")
MINE, BENCH = "/c/nanhu/volunteering/time/heir/", "/c/nanhu/workbench/volunteering/time/"


def neighbour(name: str) -> Resident:
    """Somebody who has lived here for a year."""
    with clock.at(clock.now() - timedelta(days=400)):
        return make.resident(name)


def gone(resident: Resident, **ago: float) -> Resident:
    """Noted as gone, some time ago."""
    with clock.at(clock.now() - timedelta(**ago)):
        people.mark_left(resident=resident, by=system())
    return resident


def saved(*residents: Resident) -> list[int]:
    return [queries.saved_minutes(one.pk) for one in residents]


def test_time_goes_to_whom_was_named_once_there_is_no_way_back_and_not_a_day_before(cast: dict[str, Actor]) -> None:
    one, heir = with_time(neighbour("甲")), neighbour("乙")
    services.name_heir(giver=one, receiver=heir, by=who(one))
    gone(one, days=terms.way_back().days - 1)
    assert (services.pass_on_saved(by=system()), saved(one, heir)) == (0, [120, 0])
    with clock.at(clock.now() + timedelta(days=1)):
        assert (services.pass_on_saved(by=system()), saved(one, heir)) == (1, [0, 120])
        assert services.pass_on_saved(by=system()) == 0
    assert Notice.objects.get(kind="time_left").resident_id == heir.pk
    assert verify.check() == []


def test_an_old_day_noted_by_mistake_can_be_undone_as_long_as_any_other(cast: dict[str, Actor]) -> None:
    one = with_time(neighbour("甲"))
    people.mark_left(resident=one, on=clock.today() - timedelta(days=300), by=system())
    assert (services.pass_on_saved(by=system()), saved(one)) == (0, [120])


def test_without_a_name_or_when_the_named_is_gone_the_community_has_it_and_the_office_gives_it_to_who_needs_help(
    cast: dict[str, Actor],
) -> None:
    one, other, heir = with_time(neighbour("甲")), with_time(neighbour("乙")), neighbour("丙")
    services.name_heir(giver=other, receiver=heir, by=who(other))
    for each in (one, other, heir):
        gone(each, days=60)
    assert services.pass_on_saved(by=system()) == 2
    assert queries.community_minutes() == 240
    elder = neighbour("老人")
    with pytest.raises(NotAllowed):
        services.give_time(giver=None, receiver=elder, amount=60, by=who(elder))
    with pytest.raises(services.TooLittleTime, match="4 小时"):
        services.give_time(giver=None, receiver=elder, amount=241, by=cast["staff"])
    with pytest.raises(services.OfNobody):
        services.give_time(giver=None, receiver=None, amount=1, by=cast["staff"])
    gift = services.give_time(giver=None, receiver=elder, amount=90, by=cast["staff"])
    assert (queries.community_minutes(), saved(elder)) == (150, [90])
    assert Notice.objects.filter(kind="time_given_by_community").count() == 1
    services.take_time_back(gift=gift, reason="写错了人", by=cast["staff"])
    assert (queries.community_minutes(), saved(elder)) == (240, [0])
    assert verify.check() == []


def test_nobody_of_the_office_gives_the_communitys_time_to_themselves(cast: dict[str, Actor]) -> None:
    services.give_time(giver=with_time(neighbour("甲")), receiver=None, amount=120, by=cast["staff"])
    me = neighbour("在办公室的")
    at_the_desk = Actor(**{**vars(cast["staff"]), "resident_id": me.pk})
    with pytest.raises(services.OwnAdvantage):
        services.give_time(giver=None, receiver=me, amount=10, by=at_the_desk)
    assert (queries.community_minutes(), saved(me)) == (120, [0])


def test_who_comes_back_in_time_keeps_it_and_who_comes_later_has_back_what_the_community_still_has(
    cast: dict[str, Actor],
) -> None:
    soon, late, too_late = (with_time(neighbour(name)) for name in ("早回的", "晚回的", "更晚的"))
    for each in (soon, late, too_late):
        gone(each, days=29 if each == soon else 60)
        each.refresh_from_db()
    services.pass_on_saved(by=system())
    people.mark_returned(resident=soon, by=system())
    people.mark_returned(resident=late, by=system())
    assert services.pass_on(resident_id=soon.pk, by=system()) is None  # back after the night had looked who is gone
    assert (saved(soon, late, too_late), queries.community_minutes()) == ([120, 120, 0], 120)
    services.give_time(giver=None, receiver=neighbour("老人"), amount=1, by=cast["staff"])
    people.mark_returned(resident=too_late, by=system())
    assert (saved(too_late), queries.community_minutes()) == ([0], 119)
    assert verify.check() == []


def test_what_a_person_got_stays_theirs_when_the_giver_comes_back(cast: dict[str, Actor]) -> None:
    one, heir = with_time(neighbour("甲")), neighbour("乙")
    services.name_heir(giver=one, receiver=heir, by=who(one))
    gone(one, days=60)
    services.pass_on_saved(by=system())
    one.refresh_from_db()
    people.mark_returned(resident=one, by=system())
    assert saved(one, heir) == [0, 120]


def test_of_who_is_forgotten_it_goes_on_the_next_night_to_whom_they_had_named(cast: dict[str, Actor]) -> None:
    one, heir = with_time(neighbour("甲")), neighbour("乙")
    services.name_heir(giver=one, receiver=heir, by=who(one))
    people.erase_person(resident=one, by=system())
    assert (services.pass_on_saved(by=system()), saved(one, heir)) == (1, [0, 120])
    assert verify.check() == []


def test_it_is_named_by_whose_it_is_or_who_acts_for_them_but_not_for_themselves(cast: dict[str, Actor]) -> None:
    elder, daughter, heir = with_time(neighbour("老人")), neighbour("女儿"), neighbour("帮忙的")
    people.relate(resident=elder, helper=daughter, kind=RelationKind.PROXY, by=who(elder))
    with pytest.raises(services.OwnAdvantage):
        services.name_heir(giver=elder, receiver=daughter, by=who(daughter))
    with pytest.raises(NotAllowed):
        services.name_heir(giver=elder, receiver=daughter, by=who(heir))
    with pytest.raises(services.ToOneself):
        services.name_heir(giver=elder, receiver=elder, by=who(elder))
    services.name_heir(giver=elder, receiver=heir, by=who(daughter))
    services.name_heir(giver=elder, receiver=daughter, by=who(elder))
    assert TimeHeir.objects.get().receiver == daughter
    assert "女儿" in str(as_json(elder)["volunteering"])
    services.name_heir(giver=elder, receiver=None, by=who(elder))
    gone(elder, days=60)
    services.pass_on_saved(by=system())
    assert queries.community_minutes() == 120
    assert verify.check() == []


@pytest.mark.any_lock_order
def test_verify_names_time_that_lies_with_who_is_gone_and_an_heir_nobody_named(cast: dict[str, Actor]) -> None:
    one, heir = with_time(neighbour("甲")), neighbour("乙")
    services.name_heir(giver=one, receiver=heir, by=who(one))
    gone(one, days=terms.way_back().days + 1)
    assert verify.check() == []  # the night has two to do it in
    TimeHeir.objects.update(receiver=None)
    with clock.at(clock.now() + timedelta(days=1)):
        assert {fault.check for fault in verify.check()} == {"volunteering.heirs", "volunteering.left_behind"}


def test_a_resident_names_somebody_the_office_sees_it_and_the_leaving_page_says_it_beforehand(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    me = with_time(resident_of("resident"))
    heir, resident, staff = neighbour("赵大爷"), client_of("resident"), client_of("staff")
    typed = {"whose": str(me.number), "number": str(heir.number), "name": "钱大爷"}
    wrong = resident.post(MINE, {**typed, "_once": "1"})
    assert (wrong.status_code, "赵大爷" in wrong.content.decode()) == (422, False)
    leave = f"/c/nanhu/workbench/residents/{me.number}/departure/"
    page = staff.get(leave).content.decode()
    assert "时间银行里有 2 小时" in page
    assert "归社区" in page
    resident.post(MINE, {**typed, "name": "赵大爷", "_once": "2"})
    assert "赵大爷" in resident.get("/c/nanhu/volunteering/time/").content.decode()
    assert "赵大爷" in staff.get(f"{BENCH}heirs/").content.decode()
    page = staff.get(leave).content.decode()
    assert "归指定的人" in page
    assert "赵大爷" not in page
    assert "归指定的人" in resident.get("/c/nanhu/me/erasure/").content.decode()
    staff.post(f"{BENCH}heirs/", {"giver": me.name, "receiver": "", "_once": "3"})
    assert TimeHeir.objects.get().receiver is None


def test_time_is_given_to_the_community_and_out_of_it_by_the_same_forms(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    me, elder = with_time(resident_of("resident")), neighbour("赵大爷")
    resident, staff = client_of("resident"), client_of("staff")
    typed = {"whose": str(me.number), "number": "", "name": "", "minutes": "60", "sure": "1"}
    resident.post("/c/nanhu/volunteering/time/", {**typed, "_once": "1"})
    assert (queries.community_minutes(), saved(me)) == (60, [60])
    both = {"giver": "", "receiver": "", "minutes": "20"}
    assert staff.post(BENCH, {**both, "sure": "1", "_once": "2"}).status_code == 422
    asked = staff.post(BENCH, {**both, "receiver": elder.name, "_once": "3"})
    staff.post(BENCH, {**both, "receiver": elder.name, "sure": "1", "_once": "4"})
    assert (queries.community_minutes(), saved(elder)) == (40, [20])
    assert (asked.status_code, TimeGift.objects.count()) == (200, 2)
    assert "社区 → 赵大爷" in staff.get(BENCH).content.decode()
