"""A planned shift is changed: who stays, who cannot, who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.notices.models import Notice
from weiyifang.people.testing import ClientOf
from weiyifang.volunteering import services, verify
from weiyifang.volunteering.models import Shift, Slot, Team
from weiyifang.volunteering.services import Change, Scope, Wanted
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
HOME, BENCH = "/c/nanhu/volunteering/", "/c/nanhu/workbench/volunteering/"


@pytest.fixture
def team(here: object) -> Team:
    return make.team()


def to(shift: Shift, *, hours: int = 0, **said: Any) -> Change:
    """As it is, so many hours later; or as it is said."""
    later = timedelta(hours=hours)
    as_is = {"what": shift.what, "place": shift.place, "note": shift.note, "tasks": {}}
    return Change(**{**as_is, "starts_at": shift.starts_at + later, "ends_at": shift.ends_at + later, **said})


def told(kind: str) -> set[Any]:
    return set(Notice.objects.filter(kind=kind).values_list("resident", flat=True))


def test_who_can_come_at_the_new_time_stays_and_who_has_something_else_is_named(
    team: Team, cast: dict[str, Actor]
) -> None:
    shift, free, busy = make.shift(team), make.member(team, "有空的"), make.member(team, "有事的")
    for one in (free, busy):
        services.claim(need=shift.needs.get(), by=one)
    services.assign(need=make.shift(make.team("别的队"), at="14:00").needs.get(), resident=make.home(busy), by=system())
    wish: dict[str, Any] = {"shift": shift, "to": to(shift, hours=5), "by": cast["staff"]}
    (would,) = services.foresee_change(**wish)
    assert [slot.volunteer.resident.name for slot in would.stay] == ["有空的"]
    assert [slot.volunteer.resident.name for slot, _why in would.out] == ["有事的"]
    assert Slot.objects.live().filter(shift=shift).count() == 2  # nothing was done yet
    assert not Notice.objects.filter(kind="shift_moved").exists()
    (done,) = services.change(**wish)
    assert (len(done.stay), len(done.out)) == (1, 1)
    assert Slot.objects.live().get(shift=shift).volunteer.resident_id == free.resident_id
    assert (shift.needs.get().taken, told("shift_moved")) == (1, {free.resident_id})
    assert told("out_of_changed_shift") == {busy.resident_id}
    services.claim(need=make.shift(team, at="09:00").needs.get(), sure=True, by=free)  # the old hour is free again
    assert verify.check() == []


def test_a_task_that_asks_for_more_lets_those_go_who_do_not_have_it(team: Team, cast: dict[str, Actor]) -> None:
    shift, one = make.shift(team), make.member(team, "没证的")
    services.claim(need=shift.needs.get(), by=one)
    tasks = {"送餐": Wanted("送热餐", 3, certificate="health")}
    (done,) = services.change(shift=shift, to=to(shift, tasks=tasks), by=cast["staff"])
    ((slot, why),) = done.out
    assert (slot.volunteer.resident_id, "健康证" in why) == (one.resident_id, True)
    need = shift.needs.get()
    assert (need.role, need.wanted, need.taken, need.certificate) == ("送热餐", 3, 0, "health")
    assert verify.check() == []


def test_another_place_is_told_and_another_word_is_not(team: Team, cast: dict[str, Actor]) -> None:
    shift, one = make.shift(team), make.member(team, "甲")
    services.claim(need=shift.needs.get(), by=one)
    services.change(shift=shift, to=to(shift, note="带伞"), by=cast["staff"])
    assert not Notice.objects.filter(resident=one.resident_id).exists()
    services.change(shift=shift, to=to(shift, note="带伞", place="坝子里"), by=cast["staff"])
    assert told("shift_elsewhere") == {one.resident_id}
    shift.refresh_from_db()
    assert services.change(shift=shift, to=to(shift), by=cast["staff"]) == []  # as it is: nothing happens
    assert Slot.objects.live().count() == 1


def test_what_makes_no_sense_is_refused_and_nothing_is_changed(team: Team, cast: dict[str, Actor]) -> None:
    shift, by = make.shift(team), cast["staff"]
    for name in ("甲", "乙"):
        services.claim(need=shift.needs.get(), by=make.member(team, name))
    cases: list[tuple[type[Exception], dict[str, Any]]] = [
        (services.MoreAreInIt, {"tasks": {"送餐": Wanted("送餐", 1)}}),
        (services.TimesWrong, {"ends_at": shift.starts_at}),
        (services.TimeIsOver, {"starts_at": clock.now() - timedelta(hours=2), "ends_at": clock.now()}),
        (services.RoleTwice, {"tasks": {"送餐": Wanted("送餐", 2)}, "more": [Wanted("登记", 1), Wanted("登记", 1)]}),
        (services.RoleTwice, {"tasks": {"送餐": Wanted("登记", 2)}, "more": [Wanted("登记", 1)]}),
        (services.NobodyNeeded, {"tasks": {"送餐": Wanted("送餐", 0)}}),
    ]
    for refusal, said in cases:
        with pytest.raises(refusal):
            services.change(shift=shift, to=to(shift, **said), by=by)
    with pytest.raises(NotAllowed):
        services.change(shift=shift, to=to(shift, hours=1), by=make.member(team, "丙"))
    with clock.at(shift.starts_at), pytest.raises(services.ShiftOver):
        services.change(shift=shift, to=to(shift, hours=1), by=by)
    services.call_off(shift=shift, reason="下雨", by=by)
    with pytest.raises(services.ShiftOff):
        services.change(shift=shift, to=to(shift, hours=1), by=by)
    assert Shift.objects.get(pk=shift.pk).starts_at == shift.starts_at
    assert verify.check() == []


def a_series(team: Team, by: Actor) -> list[Shift]:
    """Three Mondays or whatever day it is, week by week."""
    first = clock.local(clock.today() + timedelta(days=3), "09:00")
    times = [(first + timedelta(weeks=week), first + timedelta(weeks=week, hours=2)) for week in range(3)]
    needs = [Wanted("送餐", 2)]
    return services.plan_series(team=team, what="送午饭", place="驿站", times=times, needs=needs, by=by)


def test_of_a_series_this_date_the_later_ones_or_all_are_changed(team: Team, cast: dict[str, Actor]) -> None:
    by, rows = cast["staff"], a_series(team, cast["staff"])
    one = make.member(team, "甲")
    for row in rows:
        services.claim(need=row.needs.get(), by=one)
    second = rows[1]
    services.change(shift=second, to=to(second, place="二楼"), by=by)
    second.refresh_from_db()
    assert [row.place for row in Shift.objects.order_by("starts_at")] == ["驿站", "二楼", "驿站"]
    done = services.change(shift=second, to=to(second, hours=1), scope=Scope.FOLLOWING, by=by)
    assert [row.shift.number for row in done] == [rows[1].number, rows[2].number]
    assert [row.place for row in Shift.objects.order_by("starts_at")] == ["驿站", "二楼", "驿站"]  # only what changed
    first = Shift.objects.get(pk=rows[0].pk)
    week = to(first, starts_at=first.starts_at + timedelta(weeks=1), ends_at=first.ends_at + timedelta(weeks=1))
    done = services.change(shift=first, to=week, scope=Scope.ALL, by=by)  # each into the week of the next
    assert [len(row.stay) for row in done] == [1, 1, 1]
    assert Slot.objects.live().count() == 3
    assert verify.check() == []


def test_the_leader_sees_whom_it_concerns_before_anything_is_done(team: Team, client_of: ClientOf) -> None:
    staff, shift = client_of("staff"), make.shift(team)
    one = make.member(team, "赵大爷")
    services.claim(need=shift.needs.get(), by=one)
    page = f"{BENCH}shifts/{shift.number}/details/"
    assert "送午饭" in staff.get(page).content.decode()
    typed = {
        "what": "送午饭", "place": "坝子里", "day": str(clock.today() + timedelta(days=4)), "begins": "9:00",
        "ends": "11:00", "role": "送餐", "wanted": "2", "role_2": "登记", "wanted_2": "1", "scope": "this",
    }  # fmt: skip
    asked = staff.post(page, {**typed, "_once": "1"})
    assert (asked.status_code, "赵大爷" in asked.content.decode()) == (200, True)
    assert not Shift.objects.filter(place="坝子里").exists()
    again = staff.post(page, {**typed, "change": "1", "_once": "2"})
    assert (again.status_code, "坝子里" in again.content.decode()) == (200, True)  # what was typed is kept
    staff.post(page, {**typed, "sure": "1", "_once": "3"})
    assert [need.role for need in Shift.objects.get(place="坝子里").needs.order_by("id")] == ["送餐", "登记"]
    wrong = staff.post(page, {**typed, "ends": "8:00", "_once": "4"})
    assert (wrong.status_code, "坝子里" in wrong.content.decode()) == (422, True)


def test_the_leader_plans_every_week_in_one_go(team: Team, client_of: ClientOf) -> None:
    day = clock.today() + timedelta(days=2)
    typed = {
        "what": "量血压", "place": "坝子里", "day": str(day), "begins": "9:00", "ends": "11:00", "role": "量血压",
        "wanted": "1", "every_week_until": str(day - timedelta(days=1)),
    }  # fmt: skip
    new, staff = f"{BENCH}teams/{team.number}/shifts/new/", client_of("staff")
    assert staff.post(new, {**typed, "_once": "1"}).status_code == 422
    staff.post(new, {**typed, "every_week_until": str(day + timedelta(days=15)), "_once": "2"})
    assert 1 <= Shift.objects.count() <= 3  # holidays are left out
    assert len(set(Shift.objects.values_list("series", flat=True))) == 1
