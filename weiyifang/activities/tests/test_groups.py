"""People who come together: all or none, one in the queue, and free to leave one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest

from tests.concurrency import at_once
from weiyifang.activities import services, verify
from weiyifang.activities.models import Draw, Enrollment, EnrollmentState, Method, Session
from weiyifang.activities.questions import Question
from weiyifang.activities.services import Member
from weiyifang.activities.tests import make
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import Claim, PlacePool, WaitEntry
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization, Status
from weiyifang.organizations.tests import make as organization
from weiyifang.people import services as people
from weiyifang.people.models import Gender, Resident
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
AT = "/c/nanhu/activities/1/1/"


def body(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def choir(here: Community) -> Organization:
    return organization.in_status(Status.FILED)


@pytest.fixture
def leader_of(choir: Organization) -> str:
    return source_of(choir)


def together(session: Session, residents: Sequence[Resident], *, queue: bool = False) -> list[Enrollment]:
    verb = services.queue_group if queue else services.enroll_group
    return verb(session=session, people=[Member(resident=one) for one in residents], by=system())


def states() -> dict[str, str]:
    return dict(Enrollment.objects.order_by("id").values_list("resident__name", "state"))


def test_all_of_a_group_get_seats_side_by_side_or_none_does() -> None:
    session, residents = make.session(places=5), make.residents(6)
    rows = together(session, residents[:3])
    assert [row.place_in_group for row in rows] == [0, 1, 2]
    assert {row.together for row in rows} == {rows[0].pk}
    with pytest.raises(services.TooFewForAll) as refused:
        together(session, residents[3:])
    assert (refused.value.details["free"], refused.value.details["together"]) == (2, 3)
    assert "2" in str(refused.value)
    assert make.pool(session).taken == Enrollment.objects.count() == 3
    assert len(together(session, residents[3:5])) == 2
    assert verify.check() == []


def test_what_keeps_some_of_a_group_out_is_said_of_each_by_name() -> None:
    session = make.session(places=9, min_age=60)
    old, young, child = (
        make.resident(name, born_on=date(year, 1, 1)) for name, year in (("老文", 1950), ("小文", 1999), ("幺妹", 2020))
    )
    with pytest.raises(services.NotAllOfYou) as refused:
        together(session, [old, young, child])
    assert "小文" in str(refused.value)
    assert "幺妹" in str(refused.value)
    assert "老文" not in str(refused.value)
    with pytest.raises(services.NamedTwice, match="老文"):
        together(session, [old, old])
    women = make.session(places=9, audience="women")
    with pytest.raises(services.NotAllOfYou, match="文大爷"):
        together(women, [make.resident("文婆婆", gender=Gender.FEMALE), make.resident("文大爷", gender=Gender.MALE)])
    make.enroll(session, old)
    with pytest.raises(services.AlreadyEnrolled, match="老文"):
        together(session, [make.resident("老李", born_on=date(1950, 1, 1)), old])
    assert Enrollment.objects.count() == 1


def test_a_group_larger_than_the_room_is_told_so_and_never_sent_into_the_queue() -> None:
    session, residents = make.session(places=3), make.residents(4)
    for queue in (False, True):
        with pytest.raises(capacity.GroupTooLarge):
            together(session, residents, queue=queue)
    assert make.pool(session).waiting == 0


def test_a_group_waits_as_one_and_is_asked_when_there_are_seats_for_all() -> None:
    session, residents = make.session(places=3), make.residents(3)
    seated = [make.enroll(session, one) for one in residents]
    pair = together(session, [make.resident("甲"), make.resident("乙")], queue=True)
    services.cancel_enrollment(enrollment=seated[0], by=system())
    assert make.pool(session).held == 0  # one seat is no use to the two
    services.cancel_enrollment(enrollment=seated[1], by=system())
    assert make.pool(session).held == 2
    assert len(services.accept_together(enrollment=pair[0], by=system())) == 2
    assert states() | {"甲": "confirmed", "乙": "confirmed"} == states()
    assert verify.check() == []


def test_seats_given_back_together_go_to_a_group_that_waits() -> None:
    session, residents = make.session(places=3, offer_hours=0), make.residents(3)
    seated = together(session, residents)
    together(session, [make.resident("甲"), make.resident("乙"), make.resident("丙")], queue=True)
    make.wait(session, make.resident("丁"))
    services.cancel_together(enrollment=seated[1], by=system())
    assert [name for name, state in states().items() if state == "confirmed"] == ["甲", "乙", "丙"]
    assert verify.check() == []


def test_who_gives_their_seat_up_leaves_the_others_where_they_are() -> None:
    session = make.session(places=3)
    first, second, third = together(session, make.residents(3))
    services.cancel_enrollment(enrollment=second, by=system())
    assert make.pool(session).taken == 2
    services.undo_cancel(enrollment=second, by=system())
    assert {Enrollment.objects.get(pk=row.pk).state for row in (first, second, third)} == {"confirmed"}
    waiting = make.session(places=1)
    make.enroll(waiting, make.resident("占座的"))
    wide = make.session(places=2)
    make.enroll(wide, make.resident("占座一"))
    make.enroll(wide, make.resident("占座二"))
    one, other = together(wide, [make.resident("甲"), make.resident("乙")], queue=True)
    services.cancel_enrollment(enrollment=one, by=system())
    services.undo_cancel(enrollment=one, by=system())
    assert (
        WaitEntry.objects.get(holder=source_of(one)).together == WaitEntry.objects.get(holder=source_of(other)).together
    )
    assert verify.check() == []


def test_who_waits_alone_behind_a_group_is_served_once_seats_were_kept_long_enough() -> None:
    session = make.session(places=4, days=9, offer_hours=0)
    seated = [make.enroll(session, one) for one in make.residents(4)]
    together(session, [make.resident(name) for name in ("甲", "乙", "丙")], queue=True)
    alone = [make.wait(session, make.resident(f"单{number}")) for number in range(4)]
    for row in seated[:3]:  # one at a time: three may pass
        services.cancel_enrollment(enrollment=row, by=system())
    services.cancel_enrollment(enrollment=seated[3], by=system())  # from now on seats are kept
    assert [Enrollment.objects.get(pk=row.pk).state for row in alone] == ["confirmed"] * 3 + ["waiting"]
    with clock.at(clock.now() + timedelta(hours=23)):
        capacity.expire_due(by=system())
        assert Enrollment.objects.get(pk=alone[3].pk).state == "waiting"
    with clock.at(clock.now() + timedelta(hours=24)):
        capacity.expire_due(by=system())
        assert Enrollment.objects.get(pk=alone[3].pk).state == "confirmed"
        assert verify.check() == []


def test_a_seat_that_is_theirs_the_moment_they_queue_is_noted_as_theirs() -> None:
    """Behind a group that does not fit, whoever queues may be served at once."""
    session = make.session(places=3, offer_hours=0)
    seated = [make.enroll(session, one) for one in make.residents(3)]
    together(session, [make.resident("甲"), make.resident("乙")], queue=True)
    services.cancel_enrollment(enrollment=seated[0], by=system())
    row = make.wait(session, make.resident("一个人"))
    assert Enrollment.objects.get(pk=row.pk).state == EnrollmentState.CONFIRMED
    assert verify.check() == []


def test_a_group_has_one_ticket_and_is_drawn_together() -> None:
    with clock.at(clock.now() - timedelta(days=2)):
        session = make.session(days=3, places=3, order="lottery", closes_hours=24)
        make.enroll(session, make.resident("单身一"))
        three = together(session, make.residents(3))
        pair = together(session, [make.resident("甲"), make.resident("乙")])
        make.enroll(session, make.resident("单身二"))
    with clock.at(clock.now() - timedelta(days=1, hours=1)):
        services.cancel_enrollment(enrollment=pair[1], by=system())
    assert [row.ticket for row in three] == [2, 2, 2]
    services.draw(session=session, by=system())
    assert "[\n   2,\n   3\n  ]" in Draw.objects.get().sheet
    assert len({Enrollment.objects.get(pk=row.pk).state for row in three}) == 1
    assert make.pool(session).taken <= 3
    assert verify.check() == []


def test_first_timers_go_first_as_a_group_when_all_of_them_are() -> None:
    been = make.resident("来过的")
    with clock.at(clock.now() - timedelta(days=9)):
        past = make.session(days=0, hours=1)
        make.enroll(past, been)
    with clock.at(clock.now() - timedelta(days=9) + timedelta(hours=1)):
        services.check_in(session=past, resident=been, method=Method.ROSTER, by=system())
    with clock.at(clock.now() - timedelta(days=2)):
        session = make.session(days=3, places=2, order="timers", closes_hours=24)
        together(session, [been, make.resident("新来一")])
        together(session, [make.resident("新来二"), make.resident("新来三")])
    services.draw(session=session, by=system())
    assert [name for name, state in states().items() if state == "confirmed"] == ["新来二", "新来三"]


# --- who may ----------------------------------------------------------------------------------------------------


def test_a_leader_enrols_members_and_nobody_else(
    cast: dict[str, Actor], choir: Organization, resident_of: Callable[[str], Resident]
) -> None:
    session = make.session(places=5)
    leader = resident_of("leader")
    member, stranger = make.resident("社员"), make.resident("路人")
    organizations.add_member(organization=choir, resident=member, by=system())
    wanted = [Member(resident=one) for one in (leader, member)]
    enroll = partial(services.enroll_group, session=session, organization=source_of(choir), by=cast["leader"])
    with pytest.raises(NotAllowed):
        enroll(people=[*wanted, Member(resident=stranger)])
    with pytest.raises(NotAllowed):
        services.enroll_group(session=session, people=wanted, by=cast["leader"])  # in nobody's name
    assert len(enroll(people=wanted)) == 2
    with pytest.raises(NotAllowed):
        services.enroll_group(session=session, people=wanted, organization=source_of(choir), by=cast["resident"])


def test_a_leader_ticks_members_and_what_was_ticked_stays_when_too_few_seats_are_left(
    client_of: ClientOf, choir: Organization
) -> None:
    make.session(places=1)
    two = [make.resident("社员甲"), make.resident("社员乙")]
    for one in two:
        organizations.add_member(organization=choir, resident=one, by=system())
    leader, page = client_of("leader"), "/c/nanhu/workbench/activities/1/1/members/"
    assert page in body(leader.get(AT))
    assert "社员甲" in body(leader.get(page))
    sent = {"of": str(choir.number), "who": [str(one.number) for one in two]}
    refused = leader.post(page, sent)
    assert refused.status_code == 422
    assert body(refused).count("checked") == 2
    assert Enrollment.objects.count() == 0
    assert leader.post(page, sent | {"who": [str(two[0].number)]}).status_code == 302
    assert Enrollment.objects.get().resident == two[0]
    other = organization.in_status(Status.FILED, "别人的社")
    assert leader.post(page, sent | {"of": str(other.number)}).status_code == 404


def test_a_leader_gives_back_the_seat_of_a_member_they_enrolled_and_of_nobody_else(
    client_of: ClientOf, cast: dict[str, Actor], choir: Organization
) -> None:
    session, member = make.session(places=5), make.resident("社员")
    organizations.add_member(organization=choir, resident=member, by=system())
    enroll = partial(services.enroll_group, session=session, organization=source_of(choir), by=cast["leader"])
    (row,) = enroll(people=[Member(resident=member)])
    of_the_office = make.enroll(session, make.resident("别人报的"))
    organizations.add_member(organization=choir, resident=of_the_office.resident, by=system())
    with pytest.raises(NotAllowed):
        services.cancel_enrollment(enrollment=of_the_office, by=cast["leader"])
    leader, members = client_of("leader"), "/c/nanhu/workbench/activities/1/1/members/"
    there = f"/c/nanhu/workbench/activities/enrollments/{row.pk}/cancellation/"
    shown = body(leader.get(members))
    assert there in shown
    assert str(of_the_office.pk) not in shown
    assert leader.post(there).status_code == 200  # asked once more
    given = leader.post(there, {"sure": "1"})
    assert (given.status_code, given["Location"]) == (302, members)
    assert states() == {"社员": "cancelled", "别人报的": "confirmed"}


def test_a_leader_gives_nothing_back_for_somebody_who_left_the_organization(
    client_of: ClientOf, cast: dict[str, Actor], choir: Organization
) -> None:
    session, member = make.session(places=5), make.resident("社员")
    belongs = organizations.add_member(organization=choir, resident=member, by=system())
    people_of = [Member(resident=member)]
    (row,) = services.enroll_group(session=session, organization=source_of(choir), people=people_of, by=cast["leader"])
    organizations.end_membership(membership=belongs, by=system())
    with pytest.raises(NotAllowed):
        services.cancel_enrollment(enrollment=row, by=cast["leader"])
    assert client_of("leader").delete(f"/c/nanhu/api/activities/enrollments/{row.pk}").status_code == 404


def test_a_leader_answers_for_each_member_they_tick(client_of: ClientOf, choir: Organization) -> None:
    size = Question(words="围裙尺码", is_required=True)
    make.session(questions=[size])
    members = [make.resident("社员甲"), make.resident("社员乙")]
    for one in members:
        organizations.add_member(organization=choir, resident=one, by=system())
    leader, page = client_of("leader"), "/c/nanhu/workbench/activities/1/1/members/"
    assert size.words not in leader.get(page).content.decode()
    sent: dict[str, Any] = {"of": str(choir.number), "who": [str(one.number) for one in members]}
    asked = leader.post(page, sent)
    assert (asked.status_code, asked.content.decode().count(size.words)) == (422, 2)
    sent |= {"asked": [str(one.pk) for one in members], **{f"{size.key}-{one.pk}": "大号" for one in members}}
    assert leader.post(page, sent).status_code == 302
    assert [row.answers for row in Enrollment.objects.all()] == [{size.words: "大号"}] * 2


def test_a_parent_enrols_the_family_at_once_and_reads_how_many_seats_are_left(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    session = make.session(places=3)
    me = resident_of("resident")
    child = make.resident("幺儿", born_on=date(2018, 5, 1))
    people.relate(resident=child, helper=me, kind="guardian", by=system())
    make.enroll(session, make.resident("先来一"))
    make.enroll(session, make.resident("先来二"))
    client = client_of("resident")
    sent: dict[str, Any] = {"who": [str(me.pk), str(child.pk)]}
    refused = client.post(f"{AT}enrollments/", sent)
    assert refused.status_code == 422
    assert body(refused).count(" checked") == 2
    assert 'name="queue" value="1"' in body(refused)
    assert client.post(f"{AT}enrollments/", sent | {"queue": "1"}).status_code == 302
    mine = body(client.get(f"{AT}enrollments/"))
    assert mine.count('name="together"') == 2
    one = Enrollment.objects.get(resident=child)
    form = client.get(f"{AT}enrollments/")
    seen = body(form).split(f"enrollments/{one.pk}/cancellation/", 1)[1].split('name="_seen" value="', 1)[1]
    given = {"together": "1", "_seen": seen.split('"', 1)[0]}
    assert client.post(f"/c/nanhu/activities/enrollments/{one.pk}/cancellation/", given).status_code == 302
    assert make.pool(session).waiting == 0


def test_at_the_desk_several_are_named_line_by_line(client_of: ClientOf) -> None:
    make.session(places=3)
    first, second = make.resident("文秀兰"), make.resident("文小妹")
    make.resident("重名"), make.resident("重名")
    desk, page = client_of("staff"), "/c/nanhu/workbench/activities/1/1/enrollments/"
    sent = {"who": "文秀兰", "places": "1"}
    for others, said in (("没有这人", "没有这人"), ("重名", "重名"), (f"{second.number}\n文秀兰", "文秀兰")):
        refused = desk.post(page, sent | {"others": others})
        assert refused.status_code == 422
        assert said in body(refused)
    assert desk.post(page, sent | {"others": f"\n{second.number}\n"}).status_code == 302
    assert set(Enrollment.objects.values_list("resident", flat=True)) == {first.pk, second.pk}


def test_a_program_enrols_a_group_and_gives_it_back(client_of: ClientOf) -> None:
    session = make.session(places=2)
    two = make.residents(2)
    staff, route = client_of("staff"), "/c/nanhu/api/activities/1/1/groups"
    sent = {"people": [{"resident": one.number} for one in two]}
    made = staff.post(route, sent, content_type="application/json")
    assert made.status_code == 201
    first, second = made.json()
    assert first["together"] == second["together"]
    again = staff.post(route, sent, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "AlreadyEnrolled")
    missing = staff.post(route, {"people": [{"resident": 9999}]}, content_type="application/json")
    assert missing.status_code == 404
    with clock.at(clock.now()):
        services.cancel_together(enrollment=Enrollment.objects.get(pk=first["id"]), by=system())
    assert make.pool(session).taken == 0


# --- at the same moment -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_groups_for_the_last_three_seats_one_gets_all_of_them() -> None:
    session, residents = make.session(places=5), make.residents(8)
    together(session, residents[:2])
    got = at_once(*[partial(together, session, some) for some in (residents[2:5], residents[5:8])])
    assert sorted(type(one).__name__ for one in got) == ["TooFewForAll", "list"]
    assert make.pool(session).taken == 5
    assert verify.check() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_pools_lock_both_groups_get_the_same_three_seats() -> None:
    """The control."""
    session, residents = make.session(places=5), make.residents(8)
    together(session, residents[:2])

    def claim_without_counting(
        *, pool: PlacePool, wanted: Sequence[tuple[str, int]], fits: object, by: object
    ) -> list[Claim]:
        if PlacePool.objects.get(pk=pool.pk).free < len(wanted):
            raise capacity.Full(free=0)
        claims = [Claim(pool=pool, holder=holder, places=places, state="taken") for holder, places in wanted]
        fill_community(claims)
        return Claim.objects.bulk_create(claims)

    with patch.object(capacity, "claim_many", claim_without_counting):
        got = at_once(*[partial(together, session, some) for some in (residents[2:5], residents[5:8])])
    assert not any(isinstance(one, Refused) for one in got)
    assert Enrollment.objects.taking_a_place().count() == 8
    assert verify.check() != []
