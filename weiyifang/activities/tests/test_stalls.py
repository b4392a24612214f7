"""A market's stalls: one organization has one, and its money is counted by two people before the fund receives it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction

from tests.concurrency import at_once
from weiyifang.activities import queries, services, verify
from weiyifang.activities.models import CountState, Session, Stall, StallCount
from weiyifang.activities.services import stalls as verbs
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation
from weiyifang.notices.models import Notice
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization, Status
from weiyifang.organizations.tests import make as organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.reactions import verify as between_topics

pytestmark = pytest.mark.usefixtures("here")


def market(stalls: int = 3) -> tuple[Session, list[Stall]]:
    session = make.session(kind="market", places=0, title="公益集市")
    return session, services.set_up_stalls(session=session, count=stalls, place="湖边", by=system())


def troupe(name: str = "晚霞艺术团") -> Organization:
    return organization.in_status(Status.FILED, name)


def take(stall: Stall, for_: Organization) -> None:
    services.take_stall(stall=stall, organization=source_of(for_), goods="旧书", by=system())


@contextmanager
def on_the_day(session: Session) -> Iterator[None]:
    with clock.at(session.starts_at + timedelta(hours=1)):
        yield


def test_a_stall_has_one_organization_and_an_organization_one_stall() -> None:
    _session, (one, two, _three) = market()
    first, second = troupe(), troupe("绿手指花社")
    take(one, first)
    with pytest.raises(services.StallTaken):
        take(one, second)
    with pytest.raises(services.HasAStall):
        take(two, first)
    services.give_back_stall(stall=one, by=system())
    take(one, second)
    organizations.dissolve(organization=second, reason="散了", by=system())
    assert Stall.objects.get(pk=one.pk).is_free
    assert verify.check() == []


def test_who_has_a_stall_is_told_what_others_do_to_it_and_what_becomes_of_the_market() -> None:
    session, (one, two, _three) = market()
    mine, theirs = troupe(), troupe("绿手指花社")
    take(one, mine)
    take(two, theirs)
    services.give_back_stall(stall=two, by=system())
    later = session.starts_at + timedelta(days=1)
    services.move_session(session=session, starts_at=later, ends_at=later + timedelta(hours=2), by=system())
    services.edit(activity=session.activity, place="文化广场", by=system())
    services.cancel_session(session=make.again(session), reason="下雨", by=system())
    assert told(mine.leader) == ["stall_given", "market_moved", "market_moved", "market_off"]
    assert told(theirs.leader) == ["stall_given", "stall_gone"]


def told(resident: Resident | None) -> list[str]:
    rows = Notice.objects.filter(resident=resident, about__startswith="activities.stall:")
    return list(rows.order_by("id").values_list("kind", flat=True))


def test_a_leader_takes_a_stall_for_their_own_organization_alone(cast: dict[str, Actor], leader_of: str) -> None:
    _session, (one, *_others) = market()
    with pytest.raises(NotAllowed):
        services.take_stall(stall=one, organization=source_of(troupe()), by=cast["leader"])
    services.take_stall(stall=one, organization=leader_of, by=cast["leader"])
    with pytest.raises(NotAllowed):
        services.give_back_stall(stall=one, by=cast["resident"])


def test_what_two_people_counted_alike_is_in_the_fund(cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    session, (one, *_others) = market()
    take(one, troupe())
    with pytest.raises(services.MarketNotBegun):
        services.count_proceeds(stall=one, amount_fen=8_650, by=cast["staff"])
    with on_the_day(session):
        services.count_proceeds(stall=one, amount_fen=8_650, by=cast["staff"])
        with pytest.raises(services.CountedByYou):
            services.count_proceeds(stall=one, amount_fen=8_650, by=cast["staff"])
        assert not Donation.objects.exists()
        services.count_proceeds(stall=one, amount_fen=8_650, by=cast["volunteer"])
        with pytest.raises(services.CountedAlready):
            services.count_proceeds(stall=one, amount_fen=1, by=cast["staff"])
        (receipt,) = Donation.objects.all()
        assert (receipt.channel, receipt.amount_fen, receipt.method) == ("market", 8_650, "cash")
        number = session.activity.number
        assert receipt.note == f"公益集市（第 {number}-1 号），1 号摊"
        assert queries.market_proceeds(clock.today(), clock.today()) == 8_650
        assert [*verify.check(), *between_topics.check()] == []
        with pytest.raises(services.WhyTakenBack):
            services.take_back_proceeds(stall=one, reason=" ", by=cast["staff"])
        services.take_back_proceeds(stall=one, reason="少数了一包硬币", by=cast["staff"])
        services.count_proceeds(stall=one, amount_fen=9_000, by=cast["staff"])
        services.count_proceeds(stall=one, amount_fen=9_000, by=cast["volunteer"])
    standing = Donation.objects.filter(reversed_at=None)
    assert [row.amount_fen for row in standing] == [9_000]
    assert [*verify.check(), *between_topics.check()] == []


def test_two_counts_that_differ_both_stay_and_nothing_is_received(cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    session, (one, *_others) = market()
    take(one, troupe())
    with on_the_day(session):
        services.count_proceeds(stall=one, amount_fen=8_650, by=cast["staff"])
        row = services.count_proceeds(stall=one, amount_fen=8_600, by=cast["volunteer"])
    assert (row.state, row.first_fen, row.second_fen) == (CountState.DIFFERS, 8_650, 8_600)
    assert not Donation.objects.exists()
    assert [*verify.check(), *between_topics.check()] == []


def test_no_one_counts_twice_even_past_the_program(cast: dict[str, Actor]) -> None:
    session, (one, *_others) = market()
    take(one, troupe())
    with on_the_day(session):
        row = services.count_proceeds(stall=one, amount_fen=100, by=cast["staff"])
    with pytest.raises(IntegrityError, match="stallcount_by_two"), transaction.atomic():
        StallCount.objects.filter(pk=row.pk).update(second_fen=100, second_by_id=row.first_by_id, state="agreed")


def test_verify_finds_proceeds_that_the_fund_has_not(cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    session, (one, *_others) = market()
    take(one, troupe())
    with on_the_day(session):
        for who in ("staff", "volunteer"):
            services.count_proceeds(stall=one, amount_fen=8_650, by=cast[who])
    StallCount.objects.update(first_fen=9_650, second_fen=9_650)
    assert {fault.check for fault in between_topics.check()} == {"reactions.market_proceeds"}
    assert {fault.check for fault in verify.check()} == {"activities.stalls"}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_a_stall_at_the_same_moment_one_has_it() -> None:
    _session, (one, *_others) = market()
    got = at_once(*[partial(take, one, troupe(name)) for name in ("晚霞艺术团", "绿手指花社")])
    assert [type(answer) for answer in got if answer is not None] == [services.StallTaken]
    assert verify.check() == []


@pytest.mark.django_db(transaction=True)
def test_without_holding_the_stall_both_are_told_that_they_have_it() -> None:
    """The control: were the row not held, this test's counterpart would notice."""
    _session, (one, *_others) = market()

    both_have_looked = threading.Barrier(2)

    def not_held(stall: Stall) -> Stall:
        found: Stall = Stall.objects.select_related("session__activity").get(pk=stall.pk)
        both_have_looked.wait(timeout=30)
        return found

    with patch.object(verbs, "_held", not_held):
        got = at_once(*[partial(take, one, troupe(name)) for name in ("晚霞艺术团", "绿手指花社")])
    assert got == [None, None]


def test_the_first_count_is_shown_to_nobody_before_the_second(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    session, (one, *_others) = market()
    take(one, troupe())
    page = f"/c/nanhu/workbench/activities/stalls/{one.pk}/proceeds/"
    with on_the_day(session):
        services.count_proceeds(stall=one, amount_fen=87_654, by=cast["staff"])
        said = client_of("volunteer").get(page).content.decode()
        assert "876.54" not in said
        refused = client_of("volunteer").post(page, {"amount": "876"}, follow=True).content.decode()
        assert "两次点的数不一样" in refused
        assert "876.54" in client_of("volunteer").get(page).content.decode()


def test_a_stall_is_taken_on_the_page_by_a_leader(client_of: ClientOf) -> None:
    session, _stalls = market()
    page = f"/c/nanhu/activities/{session.activity.number}/1/stalls/"
    assert 'name="organization"' not in client_of("resident").get(page).content.decode()
    ours = troupe()
    typed = {"number": "2", "organization": source_of(ours), "goods": "旧书"}
    assert client_of("staff").post(page, typed).status_code == 302
    assert "旧书" in client_of("visitor").get(page).content.decode()
    assert client_of("resident").post(page, typed).status_code == 422
    api = client_of("visitor").get(f"/c/nanhu/api/activities/{session.activity.number}/1/stalls").json()
    assert [one["organization"] for one in api] == [None, ours.number, None]
