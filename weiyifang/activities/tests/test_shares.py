"""Seats kept for some until a moment: children, elders, women, families, first-timers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from weiyifang.activities import queries, services, verify
from weiyifang.activities.models import Activity, Enrollment, EnrollmentState, Method, Mode, Session
from weiyifang.activities.services import Details, Member
from weiyifang.activities.shares import Share, Shares
from weiyifang.activities.tests import make
from weiyifang.capacity import services as capacity
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import source_of
from weiyifang.people.models import Gender, Resident
from weiyifang.people.services.residents import Door
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
DAY = timedelta(days=1)


def keeping(hours: int = 24, days: int = 3, places: int = 3, **shares: int) -> Session:
    """A date with 3 seats in three days, of which so many are kept until a day before."""
    return make.session(days=days, places=places, shares=kept(hours, **shares))


def kept(hours: int = 24, **shares: int) -> list[Share]:
    return [Share(whom=whom, places=places, hours=hours) for whom, places in shares.items()]


def born(age: int, name: str = "", **details: Any) -> Resident:
    return make.resident(name or f"{age}岁的", born_on=date(2026 - age, 1, 1), **details)


def left(session: Session) -> dict[str, int]:
    return {one.name: one.left for one in queries.seats_of([session])[session.pk].shares}


def body(response: Any) -> str:
    return str(response.content.decode())


def test_a_child_has_a_kept_seat_and_a_grown_up_reads_for_whom_the_rest_is() -> None:
    session = keeping(children=2)
    make.enroll(session, born(40))
    make.enroll(session, born(9))
    assert left(session) == {"children": 1}
    with pytest.raises(services.KeptForOthers, match="1 个留给14 岁以下（含）的孩子，到") as refused:
        make.enroll(session, born(41))
    assert "现在排第一位" in str(refused.value)
    waits = make.wait(session, born(42))
    make.enroll(session, born(8))
    assert waits.state == EnrollmentState.WAITING
    with pytest.raises(services.SessionFull) as full:
        make.enroll(session, born(7))
    assert not isinstance(full.value, services.KeptForOthers)
    assert verify.check() == []


def test_whoever_does_not_say_their_age_or_sex_fits_nothing_that_is_kept() -> None:
    session = keeping(elders=1, women=2)
    with pytest.raises(services.KeptForOthers):
        make.enroll(session, make.resident("不知道"))
    make.enroll(session, make.resident("李姐", gender=Gender.FEMALE))
    assert left(session) == {"elders": 1, "women": 1}


def test_families_are_those_with_a_child_at_home_and_sit_together() -> None:
    home, other = Door("一号院", "1", door="1-1"), Door("一号院", "1", door="1-2")
    mother, _child = born(35, address=home), born(6, address=home)
    session = make.session(days=3, places=3, party_size=3, shares=kept(families=3))
    with pytest.raises(services.KeptForOthers):
        make.enroll(session, born(36, address=other))
    make.enroll(session, mother, places=3)
    assert left(session) == {}


def test_first_timers_are_those_who_were_at_nothing_of_the_organizer() -> None:
    regular, new = make.resident("常客"), make.resident("新来的")
    before = make.session(days=0, hours=1, title="上次", places=0)
    services.check_in(session=before, resident=regular, method=Method.ROSTER, by=system())
    session = keeping(newcomers=3)
    with pytest.raises(services.KeptForOthers, match="个月没参加过主办方活动"):
        make.enroll(session, regular)
    make.enroll(session, new)
    assert left(session) == {"newcomers": 2}


def test_on_a_ticket_for_several_only_ones_own_seat_is_a_kept_one() -> None:
    session = make.session(days=3, places=4, party_size=3, shares=kept(elders=3))
    with pytest.raises(services.KeptForOthers):
        make.enroll(session, born(70), places=3)
    make.enroll(session, born(71), places=2)
    assert left(session) == {"elders": 2}


def test_at_its_moment_what_is_left_opens_and_the_queue_is_served_at_once() -> None:
    session = keeping(children=2)
    make.enroll(session, born(40))
    waiting = [make.wait(session, born(50 + n)) for n in range(3)]
    with clock.at(session.starts_at - DAY):
        capacity.expire_due(by=system())
        facts = [[entry.verb for entry in timeline.of(source_of(one))] for one in waiting]
        assert ["EnrollmentOffered" in verbs for verbs in facts] == [True, True, False]
        assert left(session) == {}
        assert verify.check() == []


def test_without_the_minutes_job_the_next_one_who_comes_opens_it() -> None:
    session = keeping(children=2)
    make.enroll(session, born(40))
    with clock.at(session.starts_at - DAY):
        make.enroll(session, born(41))
        make.enroll(session, born(42))
        assert make.pool(session).taken == 3


def test_a_seat_given_back_goes_to_its_share_and_can_be_taken_back() -> None:
    session = keeping(children=2)
    make.enroll(session, born(40))
    row = make.enroll(session, born(9))
    services.cancel_enrollment(enrollment=row, by=system())
    assert left(session) == {"children": 2}
    services.undo_cancel(enrollment=Enrollment.objects.get(pk=row.pk), by=system())
    assert left(session) == {"children": 1}
    assert verify.check() == []


def test_a_group_uses_kept_seats_for_those_who_fit_and_all_come_or_nobody() -> None:
    session = keeping(children=1)
    family = [born(40), born(9)]
    rows = services.enroll_group(session=session, people=[Member(resident=one) for one in family], by=system())
    assert (len(rows), left(session)) == (2, {})
    both = [Member(resident=one) for one in (born(41), born(42))]
    with pytest.raises(services.TooFewForAll):
        services.enroll_group(session=session, people=both, by=system())


def test_with_first_timers_first_kept_seats_are_given_with_the_others() -> None:
    session = make.session(days=3, places=3, order="timers", closes_hours=48, shares=kept(24, children=1))
    grown = [born(30 + n) for n in range(3)]
    rows = [make.enroll(session, one) for one in (*grown, born(9))]
    with clock.at(session.starts_at - 2 * DAY):
        assert services.draw_due(by=system()) == 1
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["confirmed", "confirmed", "waiting", "confirmed"]
    assert verify.check() == []


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        ({"order": "lottery", "closes_hours": 24, "shares": kept(12, elders=1)}, services.NoSharesByLot),
        ({"mode": Mode.TERM, "shares": kept(elders=1)}, services.NoSharesByLot),
        ({"places": 2, "shares": kept(elders=1, women=2)}, services.MoreKeptThanSeats),
        ({"shares": kept(1, elders=1)}, services.OpensTooLate),
        ({"order": "timers", "closes_hours": 24, "shares": kept(24, elders=1)}, services.OpensBeforeTheyAreGiven),
    ],
)
def test_what_cannot_be_kept_is_refused_when_it_is_planned(details: Details, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make.activity(**details)


def test_fewer_seats_than_are_kept_are_refused_and_nothing_is_kept_anew_under_people() -> None:
    session = keeping(elders=2)
    with pytest.raises(services.MoreKeptThanSeats):
        services.edit(activity=session.activity, places=1, by=system())
    services.edit(activity=session.activity, places=4, shares=kept(elders=3), by=system())
    assert left(session) == {"elders": 3}
    make.enroll(session, born(40))
    with pytest.raises(services.AlreadyHasEnrollments):
        services.edit(activity=session.activity, shares=[], by=system())
    with pytest.raises(capacity.BelowTaken):
        services.edit(activity=Activity.objects.get(pk=session.activity.pk), places=3, by=system())


def test_a_new_date_keeps_seats_as_long_before_as_the_others_and_a_moved_one_too() -> None:
    session = keeping(hours=24, elders=2)
    second = make.date_of(session.activity, days=9)
    (share,) = queries.seats_of([second])[second.pk].shares
    assert (share.left, share.until) == (2, second.starts_at - DAY)
    later = session.starts_at + timedelta(days=2)
    services.move_session(session=session, starts_at=later, ends_at=later + timedelta(hours=2), by=system())
    (share,) = queries.seats_of([session])[session.pk].shares
    assert share.until == later - DAY
    assert verify.check() == []
    soon = clock.now() + timedelta(hours=23)
    services.move_session(session=make.again(session), starts_at=soon, ends_at=soon + timedelta(hours=2), by=system())
    assert left(session) == {}


def test_a_date_called_off_keeps_nothing_for_anybody() -> None:
    session = keeping(children=2)
    make.enroll(session, born(9))
    waits = make.wait(session, born(41)) if make.enroll(session, born(40)) else None
    services.cancel_session(session=session, reason="下雨", by=system())
    pool = make.pool(session)
    assert (pool.taken, pool.held, pool.kept, pool.waiting) == (0, 0, 0, 0)
    assert waits is not None
    assert "EnrollmentOffered" not in [entry.verb for entry in timeline.of(source_of(waits))]
    assert verify.check() == []


def test_the_list_at_the_door_its_file_and_the_figures_say_who_has_a_kept_seat(
    client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    session = keeping(children=2)
    make.enroll(session, born(9, "小满"))
    make.enroll(session, born(40))
    (child, grown) = sorted(queries.roster(session).guests(), key=lambda guest: guest.share, reverse=True)
    assert [(one.share, one.share_name) for one in (child, grown)] == [("children", "孩子"), ("", "")]
    staff = client_of("staff")
    assert "留给孩子" in body(staff.get("/c/nanhu/workbench/activities/1/1/"))
    assert "留给孩子" in body(staff.get("/c/nanhu/workbench/activities/1/1/roster/"))
    listed = staff.get("/c/nanhu/api/activities/1/1/roster").json()
    assert sorted(one["share"] for one in listed) == ["", "children"]
    (share,) = staff.get("/c/nanhu/api/activities/1/1").json()["seats"]["shares"]
    assert (share["whom"], share["left"]) == ("children", 1)
    with clock.at(session.ends_at):
        found = queries.figures_of(Activity.objects.all(), date(2026, 1, 1), date(2026, 12, 31))
        assert dict(found.rows[0].kept) == {"children": 1}
        assert "孩子 1" in body(client_of("staff").get("/c/nanhu/workbench/activities/figures/"))


def test_the_page_says_what_is_kept_and_lets_the_others_queue(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    session = keeping(places=2, children=1)
    page = client_of("resident")
    assert "1 个留给14 岁以下（含）的孩子" in body(page.get("/c/nanhu/activities/1/"))
    make.enroll(session, born(40))
    me = Resident.objects.get(pk=cast["resident"].resident_id or "")
    shown = body(page.get("/c/nanhu/activities/1/1/"))
    assert "剩下的名额专门留着" in shown
    assert 'name="queue" value="1"' in shown
    answer = page.post("/c/nanhu/activities/1/1/enrollments/", {"who": [str(me.pk)], "places": "1"})
    assert answer.status_code == 422
    assert "留给14 岁以下" in body(answer)
    page.post("/c/nanhu/activities/1/1/enrollments/", {"who": [str(me.pk)], "places": "1", "queue": "1"})
    assert Enrollment.objects.get(resident=me).state == EnrollmentState.WAITING


def test_it_is_said_on_a_form_of_its_own_and_an_activity_like_it_keeps_the_same(
    client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    activity = make.session().activity
    staff, there = client_of("staff"), "/c/nanhu/workbench/activities/1/shares/"
    assert "60 岁以上（含）的老人" in body(staff.get(there))
    sent = {"places-elders": "2", "hours-elders": "24", "places-women": "9", "hours-women": "24"}
    assert "可一共只有 3 个名额" in body(staff.post(there, sent))
    assert staff.post(there, {"places-elders": "2", "hours-elders": "24"}).status_code == 302
    activity.refresh_from_db()
    assert activity.shares == Shares(kept(24, elders=2))
    like = {"title": "再来一次", "kind": "workshop", "audience": "everyone", "place": "坝子", "mode": "session"}
    like |= {"order": "come", "places": "3", "party_size": "1", "cover": "tea", "organizer": ""}
    staff.post("/c/nanhu/workbench/activities/new/?like=1", like)
    assert Activity.objects.get(number=2).shares == Shares(kept(24, elders=2))


def test_a_date_that_keeps_something_else_than_its_activity_says_is_found() -> None:
    session = keeping(elders=2)
    assert verify.check() == []
    Activity.objects.filter(pk=session.activity.pk).update(shares=Shares())
    assert {fault.check for fault in verify.check()} == {"activities.shares"}
