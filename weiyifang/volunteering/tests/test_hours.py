"""Hours: noted by one, approved by another, in two books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import announce
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Balance, Transfer
from weiyifang.notices.models import Notice
from weiyifang.people.models import Resident
from weiyifang.volunteering import events, queries, services, verify
from weiyifang.volunteering.models import Hours, HoursState, Shift, Slot, Team
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def team(here: object) -> Team:
    return make.team()


def held(team: Team, *people: Actor, minutes: int = 120, days: int = 3) -> Shift:
    """A shift with these people in it; whoever goes on stands behind it in time."""
    shift = make.shift(team, minutes=minutes, days=days, wanted=max(1, len(people)))
    for one in people:
        services.assign(need=shift.needs.get(), resident=make.home(one), sure=True, by=system())
    return shift


def saved(resident_id: object) -> int:
    """Minutes in somebody's account of the time bank."""
    return sum(row.amount for row in Balance.objects.filter(account__code=f"person:{resident_id}"))


def worked() -> int:
    book = ledger.book("worked")
    return sum(ledger.posted(book).values()) if book else 0


def test_hours_noted_by_one_and_approved_by_another_stand_in_both_books(team: Team, cast: dict[str, Actor]) -> None:
    one, other = make.member(team, "甲"), make.member(team, "乙")
    shift = held(team, one, other)
    with clock.at(shift.ends_at):
        rows = services.note_as_planned(shift=shift, by=cast["staff"])
        assert [row.minutes for row in rows] == [120, 120]
        assert services.note_as_planned(shift=shift, by=cast["staff"]) == []
        assert queries.worked_minutes() == worked() == 0  # noted is not approved
        with pytest.raises(services.NotedByOneself):
            services.approve_hours(hours=rows, by=cast["staff"])
        services.approve_hours(hours=rows, by=cast["secretary"])
        with pytest.raises(ForbiddenMove):
            services.approve_hours(hours=rows, by=cast["secretary"])
    assert queries.worked_minutes() == worked() == 240
    assert saved(one.resident_id) == 120
    assert queries.worked(queries.hours_of(make.home(one).pk)).ever == 120
    assert verify.check() == []


def test_nobody_approves_their_own_hours_whoever_noted_them(
    team: Team, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("leader")
    services.appoint_leader(team=team, resident=me, by=system())
    make.volunteer(of=me)
    services.add_member(team=team, resident=me, by=system())
    leads = Actor(
        community_id=team.community_id,
        account_id=cast["leader"].account_id,
        resident_id=me.pk,
        rights={"manage_teams": frozenset({source_of(team)})},
    )
    shift = held(team, leads)
    with clock.at(shift.ends_at):
        (row,) = services.note_as_planned(shift=shift, by=cast["staff"])
        with pytest.raises(services.OwnHours):
            services.approve_hours(hours=[row], by=leads)
        assert not queries.hours_to_approve(leads).exists()
        assert queries.hours_to_approve(cast["secretary"]).get() == row
        services.approve_hours(hours=[row], by=cast["secretary"])
        with pytest.raises(services.OwnHours):
            services.take_back_hours(hours=row, reason="改一下", by=leads)


@pytest.mark.any_lock_order
def test_the_database_itself_knows_no_hours_approved_by_who_noted_them_or_whose_they_are(
    team: Team, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("volunteer")
    make.volunteer(of=me)
    shift = make.shift(team)
    slot = services.assign(need=shift.needs.get(), resident=me, by=system())
    with clock.at(shift.ends_at):
        (row,) = services.note_as_planned(shift=shift, by=cast["staff"])
    for who in (cast["staff"], cast["volunteer"]):
        with pytest.raises(IntegrityError, match="hours_approved_by_another"), transaction.atomic():
            Hours.objects.filter(pk=row.pk).update(state=HoursState.APPROVED, decided_by_id=who.account_id)
    other = services.assign(need=make.shift(team, days=9).needs.get(), resident=me, by=system())
    same = {"volunteer": slot.volunteer, "minutes": 5, "credited": 5}
    later = Hours(slot=slot, came_at=row.left_at, left_at=row.left_at + timedelta(minutes=5), **same)
    beside = Hours(slot=other, came_at=row.came_at, left_at=row.left_at, **same)
    for wrong, name in ((later, "hours_once_for_a_place"), (beside, "hours_one_at_a_time")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            wrong.save(force_insert=True)


def test_hours_of_one_volunteer_do_not_overlap_and_nothing_of_the_list_is_kept_then(
    team: Team, cast: dict[str, Actor]
) -> None:
    one, other = make.member(team, "甲"), make.member(team, "乙")
    morning = held(team, one)
    noon = make.shift(team, at="11:00", wanted=2)
    slots = [
        services.assign(need=noon.needs.get(), resident=make.home(who), sure=True, by=system()) for who in (other, one)
    ]
    with clock.at(noon.ends_at):
        services.note_hours(
            team=team,
            lines=[services.Was(morning.slots.get(), morning.starts_at, noon.starts_at + timedelta(minutes=10))],
            by=cast["staff"],
        )
        with pytest.raises(services.SomewhereElseThen, match="甲"):
            services.note_as_planned(shift=noon, by=cast["staff"])
        assert Hours.objects.count() == 1
        came = noon.starts_at + timedelta(minutes=10)
        lines = [services.Was(slot, came, noon.ends_at) for slot in slots]
        assert len(services.note_hours(team=team, lines=lines, by=cast["staff"])) == 2
    assert verify.check() == []


def test_times_that_do_not_fit_are_refused_with_a_sentence(team: Team, cast: dict[str, Actor]) -> None:
    shift = held(team, make.member(team, "甲"))
    slot = shift.slots.get()
    minute = timedelta(minutes=1)
    with pytest.raises(services.NotBegunYet):
        services.note_as_planned(shift=shift, by=cast["staff"])
    with clock.at(shift.starts_at + minute), pytest.raises(services.NotBegunYet):
        services.note_as_planned(shift=shift, by=cast["staff"])
    day = timedelta(days=1)
    with clock.at(shift.ends_at + day):
        for came_at, left_at in (
            (shift.ends_at, shift.ends_at),
            (shift.starts_at - day, shift.ends_at),
            (shift.ends_at, shift.ends_at + minute),
            (shift.starts_at, shift.ends_at + 15 * 60 * minute),
        ):
            with pytest.raises(services.NotOfThatShift):
                services.note_hours(team=team, lines=[services.Was(slot, came_at, left_at)], by=cast["staff"])
        (row,) = services.note_as_planned(shift=shift, by=cast["staff"])
        line = services.Was(slot, shift.starts_at, shift.ends_at)
        with pytest.raises(services.NotedAlready):
            services.note_hours(team=team, lines=[line], by=cast["staff"])
        assert row.minutes == 120


def test_a_volunteer_notes_their_own_and_nobody_elses(team: Team, cast: dict[str, Actor]) -> None:
    one, other = make.member(team, "甲"), make.member(team, "乙")
    shift = held(team, one, other)
    mine, theirs = shift.slots.order_by("id")
    with clock.at(shift.ends_at):
        line = services.Was(mine, shift.starts_at, shift.ends_at - timedelta(minutes=30))
        (row,) = services.note_hours(team=team, lines=[line], by=one)
        with pytest.raises(NotAllowed):
            services.note_hours(team=team, lines=[line._replace(slot=theirs)], by=one)
        with pytest.raises(NotAllowed):
            services.approve_hours(hours=[row], by=other)
        services.approve_hours(hours=[row], by=cast["staff"])
    assert (row.minutes, queries.worked_minutes()) == (90, 90)


def test_a_mistake_is_taken_back_by_a_second_entry_and_noted_anew(team: Team, cast: dict[str, Actor]) -> None:
    one = make.member(team, "甲")
    shift = held(team, one)
    with clock.at(shift.ends_at):
        (row,) = services.note_as_planned(shift=shift, by=cast["staff"])
        services.approve_hours(hours=[row], by=cast["secretary"])
        with pytest.raises(services.WhyNeeded):
            services.take_back_hours(hours=row, reason=" ", by=cast["staff"])
        services.take_back_hours(hours=row, reason="早走了一小时", by=cast["staff"])
        assert Notice.objects.get(kind="hours_not_counted").resident_id == one.resident_id
        assert (queries.worked_minutes(), saved(one.resident_id)) == (0, 0)
        assert Transfer.objects.count() == 4  # two books, there and back: nothing is gone
        line = services.Was(shift.slots.get(), shift.starts_at, shift.ends_at - timedelta(hours=1))
        (again,) = services.note_hours(team=team, lines=[line], by=cast["staff"])
        services.approve_hours(hours=[again], by=cast["secretary"])
    assert (queries.worked_minutes(), saved(one.resident_id)) == (60, 60)
    assert verify.check() == []


def test_what_is_not_counted_says_why_to_whose_hours_they_are(team: Team, cast: dict[str, Actor]) -> None:
    shift = held(team, make.member(team, "甲"))
    with clock.at(shift.ends_at):
        (row,) = services.note_as_planned(shift=shift, by=cast["staff"])
        services.refuse_hours(hours=row, reason="记错了人", by=cast["staff"])  # who noted it strikes it out again
        assert not Notice.objects.filter(kind="hours_not_counted").exists()
        (row,) = services.note_as_planned(shift=shift, by=cast["staff"])
        services.refuse_hours(hours=row, reason="那天没来", by=cast["secretary"])
        assert Notice.objects.filter(kind="hours_not_counted").count() == 1
        with pytest.raises(ForbiddenMove):
            services.approve_hours(hours=[row], by=cast["secretary"])
    assert verify.check() == []


def test_who_did_not_come_has_no_hours_until_that_is_put_right(team: Team, cast: dict[str, Actor]) -> None:
    one = make.member(team, "甲")
    shift = held(team, one, make.member(team, "乙"))
    slot = shift.slots.get(volunteer__resident=make.home(one))
    with pytest.raises(services.NotBegunYet):
        services.note_missed(slot=slot, by=cast["staff"])
    with clock.at(shift.ends_at):
        services.note_missed(slot=slot, by=cast["staff"])
        line = services.Was(slot, shift.starts_at, shift.ends_at)
        with pytest.raises(services.DidNotCome):
            services.note_hours(team=team, lines=[line], by=cast["staff"])
        assert len(services.note_as_planned(shift=shift, by=cast["staff"])) == 1
        assert verify.check() == []
        services.note_missed(slot=slot, missed=False, by=cast["staff"])
        assert len(services.note_as_planned(shift=shift, by=cast["staff"])) == 1
        with pytest.raises(services.NotedAlready):
            services.note_missed(slot=slot, by=cast["staff"])
    assert verify.check() == []


@pytest.mark.any_lock_order
def test_verify_names_hours_that_were_changed_behind_the_back(team: Team, cast: dict[str, Actor]) -> None:
    shift = held(team, make.member(team, "甲"))
    with clock.at(shift.ends_at):
        (row,) = services.note_as_planned(shift=shift, by=cast["staff"])
        services.approve_hours(hours=[row], by=cast["secretary"])
    assert verify.check() == []
    Hours.objects.filter(pk=row.pk).update(minutes=600)
    assert {fault.check for fault in verify.check()} == {"volunteering.hours", "volunteering.minutes"}
    Hours.objects.filter(pk=row.pk).update(minutes=120)
    Slot.objects.filter(pk=row.slot_id).update(missed=True)
    assert {fault.check for fault in verify.check()} == {"volunteering.slots"}
    Slot.objects.filter(pk=row.slot_id).update(missed=False)
    again = events.HoursApproved(subject=source_of(team), number=team.number, name=team.name, hours=(row.pk,))
    announce(again, by=cast["staff"])  # who noted them
    assert {fault.check for fault in verify.check()} == {"volunteering.by_two"}
