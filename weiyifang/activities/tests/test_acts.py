"""A gala's running order: who is on the stage when, who may read it, who is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from weiyifang.activities import demo_gala, queries, services, verify
from weiyifang.activities.models import Act, RunningOrder, Session
from weiyifang.activities.tests import make
from weiyifang.core import states
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.notices.models import Notice
from weiyifang.organizations.tests import make as organization
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")


def gala() -> Session:
    """Two hours."""
    return make.session(kind="gala", places=0, title="公益盛典")


def add(session: Session, title: str, minutes: int = 10, *, changeover: int = 2, after: int | None = None) -> Act:
    return services.add_act(
        session=session,
        title=title,
        performers="邻居们",
        minutes=minutes,
        changeover=changeover,
        after=after,
        by=system(),
    )


def titles(session: Session) -> list[str]:
    return [turn.act.title for turn in queries.programme_of(session).turns]


def test_each_act_begins_when_the_one_before_has_cleared_the_stage() -> None:
    session = gala()
    add(session, "合唱", 10, changeover=2)
    add(session, "变脸", 8, changeover=0)
    add(session, "太极扇", 5)
    told = queries.programme_of(session)
    begins = [(turn.starts_at - session.starts_at) // timedelta(minutes=1) for turn in told.turns]
    assert begins == [0, 12, 20]
    assert told.ends_at == session.starts_at + timedelta(minutes=25)
    assert (told.minutes_over, told.minutes_left) == (0, 95)
    assert verify.check() == []


def test_an_act_is_put_in_anywhere_and_goes_up_and_down() -> None:
    session = gala()
    second = add(session, "二")
    add(session, "四")
    add(session, "一", after=0)
    third = add(session, "三", after=2)
    assert titles(session) == ["一", "二", "三", "四"]
    services.move_act(act=third, to=2, by=system())
    services.move_act(act=second, to=9, by=system())
    assert titles(session) == ["一", "三", "四", "二"]
    services.take_out_act(act=third, by=system())
    assert titles(session) == ["一", "四", "二"]
    with pytest.raises(services.TakenOutAlready):
        services.move_act(act=third, to=1, by=system())
    assert verify.check() == []


def test_what_does_not_fit_is_not_shown_and_what_is_shown_goes_on_fitting() -> None:
    session = gala()
    with pytest.raises(services.NoActs):
        services.publish_running_order(session=session, by=system())
    long = add(session, "大合唱", 121)
    with pytest.raises(services.LongerThanItsDate, match="超了 1 分钟"):
        services.publish_running_order(session=session, by=system())
    services.edit_act(act=long, minutes=110, by=system())
    services.publish_running_order(session=session, by=system())
    with pytest.raises(services.LongerThanItsDate):
        add(session, "返场")
    ends = session.starts_at + timedelta(minutes=100)
    with pytest.raises(services.LongerThanItsDate):
        services.move_session(session=session, starts_at=session.starts_at, ends_at=ends, by=system())
    assert titles(session) == ["大合唱"]
    assert verify.check() == []


def test_somebody_performs_each_act() -> None:
    with pytest.raises(services.NobodyPerforms):
        services.add_act(session=gala(), title="无名", minutes=5, by=system())


def test_whoever_performs_is_told_when_and_told_again_when_it_moves() -> None:
    leader = make.resident("团长")
    troupe = organization.application("晚霞艺术团", leader=leader)
    session = gala()
    opening = add(session, "开场")
    dance = services.add_act(session=session, title="采茶舞", organization=source_of(troupe), minutes=6, by=system())
    services.edit_act(act=opening, minutes=12, by=system())
    assert not told(leader.pk), "a draft is nobody's news"
    services.publish_running_order(session=session, by=system())
    services.edit_act(act=dance, chairs=4, by=system())
    services.edit_act(act=opening, minutes=14, by=system())
    later = session.starts_at + timedelta(hours=1)
    services.move_session(session=session, starts_at=later, ends_at=later + timedelta(hours=2), by=system())
    services.take_out_act(act=dance, by=system())
    when = [session.starts_at + timedelta(minutes=minutes) for minutes in (14, 16, 76, 76)]
    assert told(leader.pk) == [
        (kind, at.isoformat())
        for kind, at in zip(["on_stage", "stage_time", "stage_time", "off_stage"], when, strict=True)
    ]


def test_who_performs_it_no_more_is_told_as_well_as_who_does_instead() -> None:
    one, other = make.resident("团长"), make.resident("队长")
    troupe = organization.application("晚霞艺术团", leader=one)
    choir = organization.application("南湖合唱团", leader=other)
    session = gala()
    dance = services.add_act(session=session, title="采茶舞", organization=source_of(choir), minutes=6, by=system())
    services.edit_act(act=dance, organization=source_of(troupe), by=system())
    assert not told(other.pk), "a draft is nobody's news"
    services.publish_running_order(session=session, by=system())
    services.edit_act(act=dance, organization=source_of(choir), by=system())
    services.edit_act(act=dance, organization="", performers="街坊", by=system())
    assert [kind for kind, _at in told(one.pk)] == ["on_stage", "off_stage"]
    assert [kind for kind, _at in told(other.pk)] == ["stage_time", "off_stage"]


def test_another_place_is_told_to_who_performs() -> None:
    leader = make.resident("团长")
    troupe = organization.application("晚霞艺术团", leader=leader)
    session = gala()
    services.add_act(session=session, title="采茶舞", organization=source_of(troupe), minutes=6, by=system())
    services.publish_running_order(session=session, by=system())
    services.edit(activity=session.activity, place="文化广场", by=system())
    session.refresh_from_db()
    services.move_session(
        session=session, starts_at=session.starts_at, ends_at=session.ends_at, place="湖边", by=system()
    )
    assert [kind for kind, _at in told(leader.pk)] == ["on_stage", "stage_elsewhere", "stage_elsewhere"]


def told(resident: UUID) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(resident=resident, about__startswith="activities.act:").order_by("id")
    return [(row.kind, row.values["starts_at"]) for row in rows]


def test_a_programme_is_read_by_all_once_it_is_published(client_of: ClientOf) -> None:
    session = gala()
    add(session, "采茶舞")
    page = f"/c/nanhu/activities/{session.activity.number}/{session.number}/"
    api = f"/c/nanhu/api/activities/{session.activity.number}/{session.number}/acts"
    visitor = client_of("visitor")
    assert visitor.get(f"{page}programme/").status_code == 404
    assert visitor.get(api).json() == []
    assert "programme/" not in visitor.get(page).content.decode()
    services.publish_running_order(session=session, by=system())
    assert "采茶舞" in visitor.get(f"{page}programme/").content.decode()
    assert [act["title"] for act in visitor.get(api).json()] == ["采茶舞"]
    assert "programme/" in visitor.get(page).content.decode()


def test_an_act_goes_up_without_script_and_two_who_move_at_once_do_not_undo_each_other(
    client_of: ClientOf,
) -> None:
    session = gala()
    one, two = add(session, "一"), add(session, "二")
    staff = client_of("staff")
    staff.looks = False
    bench = f"/c/nanhu/workbench/activities/{session.activity.number}/{session.number}/acts/"
    page = staff.get(bench).content.decode()
    moves = f"/c/nanhu/workbench/activities/acts/{two.pk}/place/"
    seen = page.partition(f'action="{moves}"')[2].partition('name="_seen" value="')[2].partition('"')[0]
    services.move_act(act=one, to=2, by=system())
    add(session, "三", after=1)
    refused = staff.post(moves, {"to": "1", "_seen": seen})
    assert refused.status_code == 409
    assert titles(session) == ["二", "三", "一"]
    staff.looks = True
    assert staff.post(moves, {"to": "2"}).status_code == 302
    assert titles(session) == ["三", "二", "一"]


def test_the_gala_of_the_demo_fits_into_the_shortest_time_a_year_gives_it() -> None:
    acts = demo_gala.plan()["acts"]
    assert sum(minutes + changeover for _title, _of, _who, minutes, changeover, *_needs in acts) <= 90


def test_verify_finds_an_act_that_was_moved_behind_the_programs_back() -> None:
    session = gala()
    act = add(session, "一")
    services.publish_running_order(session=session, by=system())
    Act.objects.filter(pk=act.pk).update(minutes=200)
    assert {fault.check for fault in verify.check()} == {"activities.acts"}
    Act.objects.filter(pk=act.pk).update(minutes=10)
    RunningOrder.objects.update(published_at=None)
    assert {fault.check for fault in verify.check()} == {"activities.acts"}


def test_a_date_that_is_called_off_has_no_new_acts() -> None:
    session = gala()
    services.cancel_session(session=session, reason="下雨", by=system())
    with pytest.raises(states.ForbiddenMove):
        add(session, "一")
