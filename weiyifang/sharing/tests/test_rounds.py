"""The slots of a season: who gets what follows from a published rule, and is booked once, all of it or none."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.concurrency import at_once
from weiyifang.core import clock, states
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.notices.models import Notice
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.sharing import season, services, slots, verify
from weiyifang.sharing.models import Application, Booking, BookingState, Resource, Round, RoundState, Slot
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]


@pytest.fixture
def room() -> Resource:
    return make.resource()


def group(name: str) -> str:
    """An organization at work, by its source."""
    return source_of(organization.in_status("filed", name))


def groups(count: int) -> list[str]:
    return [group(f"第{n}队") for n in range(1, count + 1)]


def got(round_: Round) -> dict[str, list[tuple[str, int]]]:
    """Of each organization, by source: the things it has, and as which wish."""
    found: dict[str, list[tuple[str, int]]] = {}
    for one in season.slots_of(Round.objects.get(pk=round_.pk)):
        found.setdefault(one.application.organization, []).append((one.resource.name, one.rank))
    return found


def sheet_of(round_: Round) -> slots.Sheet:
    return slots.read(Round.objects.get(pk=round_.pk).sheet)


def second_program(text: str) -> tuple[list[int], list[list[int]]]:
    """Who comes in which order, and gets what: from the published rule and the file alone."""
    told = json.loads(text)
    plain = json.dumps([told["week_minutes"], told["things"], told["tickets"]], separators=(",", ":"))
    fingerprint = hashlib.sha256(plain.encode("ascii")).hexdigest()
    assert fingerprint == told["list"]
    assert hashlib.sha256(told["seed"].encode("ascii")).hexdigest() == told["commitment"]
    keys = {
        one["ticket"]: hashlib.sha256(f"{told['seed']}:{fingerprint}:{one['ticket']}".encode()).hexdigest()
        for one in told["tickets"]
    }
    order = sorted(keys, key=keys.__getitem__)
    things = {one["number"]: one for one in told["things"]}
    of = {one["ticket"]: one for one in told["tickets"]}
    given: list[list[int]] = []
    held: dict[tuple[int, int], list[tuple[int, int]]] = {}  # by thing and weekday: the minutes that are taken
    used = {ticket: one["has"] for ticket, one in of.items()}
    for turn in (1, 2, 3):
        for ticket in order:
            ranks = [rank for _turn, one, rank, _thing in given if one == ticket]
            if of[ticket]["slots"] < turn or len(ranks) < turn - 1:
                continue
            for choice in sorted(of[ticket]["choices"], key=lambda one: [one["rank"], one["thing"]]):
                thing = things[choice["thing"]]
                first, last = choice["begins"] - thing["before"], choice["ends"] + thing["after"]
                near = {thing["number"], *thing["parts"]}
                near |= {one["number"] for one in things.values() if thing["number"] in one["parts"]}
                spans = [span for one in near for span in held.get((one, choice["weekday"]), [])]
                if (
                    choice["rank"] in ranks
                    or len(choice["dates"]) < choice["of"] / 2
                    or not choice["dates"]
                    or used[ticket] + choice["ends"] - choice["begins"] > told["week_minutes"]
                    or any(begins < last and first < ends for begins, ends in spans)
                ):
                    continue
                held.setdefault((thing["number"], choice["weekday"]), []).append((first, last))
                used[ticket] += choice["ends"] - choice["begins"]
                given.append([turn, ticket, choice["rank"], thing["number"]])
                break
    return order, given


def test_everybody_gets_a_first_slot_before_anybody_gets_a_second(room: Resource) -> None:
    round_, sources = make.round_(room), groups(3)
    for source in sources:  # four slots in all, and each would take three
        make.apply(round_, source, *(make.wish(room, day) for day in (1, 2, 3)), slots=3)
    make.apply(round_, group("第四队"), make.wish(room, 4))
    make.shared_out(round_)
    assert {source: len(rows) for source, rows in got(round_).items()} == dict.fromkeys(got(round_), 1)
    assert len(got(round_)) == 4


def test_an_organization_gets_the_first_of_its_wishes_that_fits(room: Resource) -> None:
    other = make.resource("四楼活动室")
    round_, (first, second) = make.round_(room, other), groups(2)
    for source in (first, second):
        make.apply(round_, source, make.wish(room), make.wish(other), make.wish(room, 5))
    make.shared_out(round_)
    assert sorted(got(round_).values()) == [[("二楼手工教室", 1)], [("四楼活动室", 2)]]


def test_a_wish_for_any_room_takes_one_that_is_open_then_and_free() -> None:
    early, late = make.resource("早的", closes=time(12)), make.resource("晚的")
    round_, (source, other) = make.round_(early, late), groups(2)
    make.apply(round_, source, make.wish("room"))
    make.apply(round_, other, make.wish("room"))
    make.shared_out(round_)
    assert list(got(round_).values()) == [[("晚的", 1)]], "one hall at that time, and two who want it"
    with pytest.raises(services.ApplicationsOver):
        make.apply(round_, source, make.wish(early))


def test_a_hall_and_its_halves_are_not_given_twice() -> None:
    hall, left, right = make.hall()
    round_, (first, second, third) = make.round_(hall, left, right), groups(3)
    make.apply(round_, first, make.wish(hall))
    make.apply(round_, second, make.wish(left, begins=15, ends=17))
    make.apply(round_, third, make.wish(right, begins=15, ends=17))
    make.shared_out(round_)
    assert first not in got(round_) or list(got(round_)) == [first]
    assert make.booked(round_).missed == []


def test_hours_that_an_organization_has_already_count(room: Resource) -> None:
    round_, (source, other) = make.round_(room), groups(2)
    piano = make.resource("钢琴", kind="instrument")
    for hour in (8, 9):  # nineteen hours of the second week
        make.book(
            piano,
            days=(date(2026, 11, 10) - clock.today()).days + hour - 8,
            hour=8,
            hours=10 if hour == 8 else 9,
            organization=source,
        )
    make.apply(round_, source, make.wish(room))
    make.apply(round_, other, make.wish(room, 3))
    make.shared_out(round_)
    assert list(got(round_)) == [other]
    (has,) = [one.has for one in sheet_of(round_).tickets if one.ticket == 1]
    assert has == 19 * 60


def test_what_is_booked_and_what_is_closed_is_left_out_and_less_than_half_does_not_fit(room: Resource) -> None:
    round_, (source, other) = make.round_(room), groups(2)
    tuesday = (date(2026, 11, 3) - clock.today()).days
    make.book(room, days=tuesday, hour=15)
    services.close(
        resource=room, starts_at=make.at(tuesday + 7, 8), ends_at=make.at(tuesday + 7, 20), reason="刷墙", by=system()
    )
    for week in (0, 1, 2):
        make.book(room, days=tuesday + 1 + 7 * week, hour=14)
    make.apply(round_, source, make.wish(room))
    make.apply(round_, other, make.wish(room, 3))
    make.shared_out(round_)
    assert list(got(round_)) == [source]
    assert make.booked(round_).missed == []
    days = Booking.objects.filter(organization=source).order_by("starts_at").values_list("starts_at", flat=True)
    assert [clock.day_bounds(date(2026, 11, 17))[0] <= day for day in days] == [True, True]
    (slot,) = season.slots_of(Round.objects.get())
    assert season.dates_of([slot]) == {slot.series: 2}


def test_public_holidays_are_left_out(room: Resource) -> None:
    with clock.at(datetime(2026, 9, 1, 4, tzinfo=UTC)):
        round_ = make.round_(
            room,
            first_day=date(2026, 9, 21),
            last_day=date(2026, 10, 13),
            closes_at=clock.local(date(2026, 9, 10), "00:00"),
        )
        make.apply(round_, group("第一队"), make.wish(room, 4))
    with clock.at(datetime(2026, 9, 12, 4, tzinfo=UTC)):
        services.share_out(round_=round_, by=system())
    (choice,) = sheet_of(round_).tickets[0].choices
    assert (choice.of, choice.dates) == (2, ("2026-09-24", "2026-10-08")), "1 October is a holiday"


def test_what_comes_out_is_what_a_second_program_computes_from_the_file() -> None:
    hall, left, right = make.hall()
    piano = make.resource("钢琴", kind="instrument", buffer_before=15, buffer_after=30)
    round_, sources = make.round_(hall, left, right, piano), groups(9)
    for n, source in enumerate(sources):
        first = make.wish((hall, left, "room")[n % 3], 2 + n % 2, 13 + n % 3, 15 + n % 3)
        wishes = [first, make.wish(piano, 2, 14 + n % 4, 15 + n % 4), make.wish(right, 3, 14, 18)]
        make.apply(round_, source, *wishes, slots=1 + n % 3)
    make.apply(round_, group("没人争的队"), make.wish(piano, 5), make.wish(piano, 6), slots=2)
    make.shared_out(round_)
    sheet = sheet_of(round_)
    order, given = second_program(Round.objects.get().sheet)
    assert order == [*sheet.order]
    assert given == [[one.turn, one.ticket, one.rank, one.thing] for one in sheet.given]
    assert {one.turn for one in sheet.given} >= {1, 2}
    outcome = make.booked(round_)
    assert outcome.missed == []
    assert {len(rows) for rows in outcome.booked.values()} == {4}
    assert Round.objects.get().state == RoundState.BOOKED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": "0" * 64}, "committed"),
        ({"week_minutes": 9}, "hashed"),
        ({"order": [2, 1, 3]}, "order"),
        ({"order": [1, 2, 3]}, "order"),
        ({"order": [3, 2, 1]}, "order"),
        ({"given": []}, "other slots"),
    ],
)
def test_a_sheet_that_was_touched_is_found_out(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    choice = slots.Choice(rank=1, thing=1, weekday=1, begins=60, ends=120, of=2, dates=("2026-11-02", "2026-11-09"))
    tickets = tuple(slots.Ticket(ticket=n, organization=n, slots=1, has=0, choices=(choice,)) for n in (1, 2, 3))
    things = (slots.Thing(number=1, before=0, after=0, parts=()),)
    sheet = slots.share_out(number=1, seed="7" * 64, week_minutes=1_200, things=things, tickets=tickets)
    assert slots.faults(slots.read(sheet.text())) == []
    if change.get("order") == [*sheet.order]:
        change = {"order": [*sheet.order[::-1]]}
    file = tmp_path / "slots.json"
    file.write_text(json.dumps({**json.loads(sheet.text()), **change}), "utf-8")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("slots", "verify", str(file), stdout=out)
    assert said in out.getvalue()
    file.write_text(sheet.text(), "utf-8")
    call_command("slots", "verify", str(file), stdout=out)
    assert "1 slots" in out.getvalue()


@pytest.mark.parametrize("text", ["", "[]", '{"format": "weiyifang lottery 1"}', '{"format": "weiyifang slots 1"}'])
def test_what_is_no_sheet_is_refused(text: str) -> None:
    with pytest.raises(slots.NotASheet):
        slots.read(text)


def test_what_was_taken_meanwhile_is_named_and_nothing_is_booked(room: Resource) -> None:
    round_, (source, other) = make.round_(room), groups(2)
    make.apply(round_, source, make.wish(room))
    make.apply(round_, other, make.wish(room, 3))
    make.shared_out(round_)
    make.book(room, days=(date(2026, 11, 10) - clock.today()).days)
    outcome = make.booked(round_)
    assert (outcome.booked, [missed.starts_at for _slot, missed in outcome.missed]) == (
        {},
        [clock.local(date(2026, 11, 10), "14:00")],
    )
    assert (Booking.objects.count(), Round.objects.get().state) == (1, RoundState.SHARED)
    outcome = make.booked(round_, skip_taken=True)
    assert sorted(map(len, outcome.booked.values())) == [3, 4]
    assert not Booking.objects.exclude(organization="").exclude(state=BookingState.BOOKED).exists()


def test_a_slot_with_an_objection_is_not_booked_until_it_is_settled(room: Resource, cast: dict[str, Actor]) -> None:
    round_, (source, other) = make.round_(room), groups(2)
    make.apply(round_, source, make.wish(room))
    make.apply(round_, other, make.wish(room, 3))
    make.shared_out(round_)
    first, second = season.slots_of(Round.objects.get())
    with pytest.raises(services.ReasonNeeded):
        services.object_to(slot=first, reason=" ", by=system())
    for one in (first, second):
        services.object_to(slot=one, reason="楼下有早产的宝宝", by=system())
    services.let_stand(slot=second, by=system())
    with pytest.raises(states.ForbiddenMove):
        services.let_stand(slot=second, by=system())
    assert list(make.booked(round_).booked) == [second.pk]
    assert Slot.objects.get(pk=first.pk).series is None
    with pytest.raises(states.ForbiddenMove):
        services.object_to(slot=second, reason="太晚了", by=system())


def test_only_a_leader_wishes_for_their_organization_and_only_staff_shares_out(
    room: Resource, leader_of: str, cast: dict[str, Actor]
) -> None:
    round_ = make.round_(room)
    with pytest.raises(NotAllowed):
        make.apply(round_, leader_of, make.wish(room), by=cast["resident"])
    asked = make.apply(round_, leader_of, make.wish(room), by=cast["leader"])
    with pytest.raises(services.StillApplying):
        services.share_out(round_=round_, by=system())
    with pytest.raises(NotAllowed):
        make.shared_out(round_, by=cast["leader"])
    services.withdraw(application=asked, by=cast["leader"])
    with clock.at(clock.local(make.CLOSED, "09:00")), pytest.raises(services.NobodyApplied):
        services.share_out(round_=round_, by=system())
    services.call_off_round(round_=round_, reason="没有人申请", by=system())
    assert Round.objects.get().state == RoundState.OFF


def test_wishes_that_cannot_be_are_refused(room: Resource, leader_of: str) -> None:
    round_ = make.round_(room)
    for wishes, refusal in (
        ([], services.WishMissing),
        ([make.wish(make.resource("别的"))], services.NotOpenThen),
        ([make.wish("instrument")], services.NotOpenThen),
        ([make.wish(room, begins=6, ends=7)], services.NotOpenThen),
        ([make.wish(room, begins=8, ends=21)], services.TooLong),
    ):
        with pytest.raises(refusal):
            make.apply(round_, leader_of, *wishes)
    with pytest.raises(services.WishMissing):
        make.apply(round_, leader_of, make.wish(room), slots=2)
    assert not Application.objects.exists()


def test_seasons_that_cannot_be_are_refused(room: Resource) -> None:
    for more in (
        {"last_day": make.FIRST - timedelta(days=1)},
        {"closes_at": clock.local(make.FIRST, "12:00")},
        {"closes_at": clock.now()},
    ):
        with pytest.raises(services.NotASeason):
            make.round_(room, **more)
    with pytest.raises(services.TooSoon):
        make.round_(room, last_day=date(2028, 1, 1))
    for things in ([], [make.stock()]):
        with pytest.raises(services.NothingToShare):
            make.round_(*things)


def test_what_is_ticked_twice_is_shared_out_once(room: Resource) -> None:
    assert [one.resource for one in make.round_(room, room).things.all()] == [room]


def test_leaders_are_told_and_whoever_applied_hears_what_became_of_it(
    room: Resource, choir: Organization, leader_of: str
) -> None:
    group("没有报名的队")
    round_ = make.round_(room)
    make.apply(round_, leader_of, make.wish(room))
    make.shared_out(round_)
    make.booked(round_)
    told = Notice.objects.filter(about=source_of(round_)).order_by("id").values_list("kind", "resident_id")
    leader = choir.leader_id
    assert [kind for kind, whom in told if whom == leader] == ["slots_open", "slots_shared_out", "slots_booked"]
    assert [kind for kind, whom in told if whom != leader] == ["slots_open"]


def test_what_ended_wishes_for_nothing_any_more(room: Resource, choir: Organization, leader_of: str) -> None:
    round_ = make.round_(room)
    make.apply(round_, leader_of, make.wish(room))
    organizations.dissolve(organization=choir, reason="散了", by=system())
    assert season.applications_of(round_) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_share_out_and_two_who_book_at_once_one_does() -> None:
    room = make.resource()
    round_ = make.round_(room)
    make.apply(round_, group("第一队"), make.wish(room))
    done = at_once(partial(make.shared_out, round_), partial(make.shared_out, round_))
    assert sorted(type(one).__name__ for one in done) == ["ForbiddenMove", "Round"]
    assert Slot.objects.count() == 1
    held = at_once(partial(make.booked, round_), partial(make.booked, round_))
    assert sorted(type(one).__name__ for one in held) == ["ForbiddenMove", "Outcome"]
    assert Booking.objects.count() == 4


def test_planted_faults_of_a_round_are_named(room: Resource) -> None:
    round_, (source, other) = make.round_(room), groups(2)
    make.apply(round_, source, make.wish(room))
    make.apply(round_, other, make.wish(room, 3))
    make.shared_out(round_)
    make.booked(round_)
    first, second = season.slots_of(Round.objects.get())
    one = Booking.objects.filter(series=first.series).order_by("starts_at")[0]
    Booking.objects.filter(pk=one.pk).update(starts_at=one.starts_at - timedelta(days=1))
    assert "sharing.slots" in {fault.check for fault in verify.check()}
    Slot.objects.filter(pk=second.pk).update(series=None)
    Slot.objects.filter(pk=first.pk).update(weekday=5)
    kinds = {fault.check for fault in verify.check()}
    assert {"sharing.rounds", "sharing.slots"} <= kinds
