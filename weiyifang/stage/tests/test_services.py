from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.money import split
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.fund.books import FundNotOpen
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.people import services as people
from weiyifang.stage import queries, services, verify
from weiyifang.stage.models import Answer, Engagement, Income, Offer, Performer, State
from weiyifang.stage.splitting import Shares, SharesDoNotAddUp
from weiyifang.stage.tests import make
from weiyifang.timetable.services import Taken
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.tests import make as helper

pytestmark = pytest.mark.usefixtures("here")


def test_a_troupe_is_asked_says_yes_at_a_price_and_plays(cast: dict[str, Actor], choir: Organization) -> None:
    wanted = make.request(is_purchase=True, budget_fen=300_000)
    other = organization.in_status("filed", "晚霞艺术团")
    asked = services.ask(engagement=wanted, troupes=[source_of(choir), source_of(other)], by=cast["staff"])
    yes = services.make_offer(offer=asked[0], price_fen=250_000, words="十二个人", by=cast["leader"])
    services.make_offer(offer=yes, price_fen=240_000, by=cast["leader"])
    services.make_offer(offer=asked[1], price_fen=260_000, by=cast["staff"])
    show = services.choose(offer=yes, shares=make.USUAL, by=cast["staff"])
    assert (show.state, show.organization, show.price_fen) == (State.AGREED, source_of(choir), 240_000)
    assert set(Offer.objects.values_list("state", flat=True)) == {Answer.CHOSEN, Answer.CLOSED}
    with pytest.raises(services.NotAhead):
        services.make_offer(offer=asked[1], price_fen=1, by=cast["staff"])
    assert verify.check() == []


def test_what_is_wanted_is_put_down_by_the_desk_with_times_that_can_be(
    cast: dict[str, Actor], choir: Organization
) -> None:
    with pytest.raises(services.TimesWrong):
        make.request(minutes=-5)
    with pytest.raises(services.TimesWrong):
        make.request(minutes=13 * 60)
    with pytest.raises(services.NotAhead):
        make.request(days=-2)
    wanted = make.request()
    for who in ("leader", "accountant", "resident"):
        with pytest.raises(NotAllowed):
            services.ask(engagement=wanted, troupes=[source_of(choir)], by=cast[who])
    with pytest.raises(services.NobodyAsked):
        services.ask(engagement=wanted, troupes=[], by=cast["staff"])
    row = make.offer(choir, wanted=wanted, price_fen=None)
    with pytest.raises(services.NobodyAsked):
        services.ask(engagement=wanted, troupes=[source_of(choir)], by=cast["staff"])
    with pytest.raises(services.NoPrice):
        services.make_offer(offer=row, price_fen=0, by=cast["leader"])
    with pytest.raises(NotAllowed):
        services.make_offer(offer=row, price_fen=5, by=cast["resident"])


def test_who_wants_it_is_sealed_and_neither_the_other_troupes_nor_the_public_read_it(
    cast: dict[str, Actor], choir: Organization
) -> None:
    from django.db import connection

    make.agreed(choir)
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer, phone FROM stage_engagement")
        assert not any("粮油店" in text or "62800000" in text for text in cursor.fetchone())
    assert Engagement.objects.get().customer == "花园路粮油店"


def test_a_member_who_has_something_else_then_is_in_no_line_up(cast: dict[str, Actor], choir: Organization) -> None:
    show = make.agreed(choir)
    busy, free = make.member(choir, "忙的"), make.member(choir, "有空的")
    helper.volunteer(of=busy)
    team = helper.team()
    volunteering.add_member(team=team, resident=busy, by=system())
    need = helper.shift(team, days=5, at="16:00").needs.get()
    volunteering.assign(need=need, resident=busy, by=system())
    assert [(one.resident, one.is_free) for one in queries.members_for(show) if one.resident in {busy, free}] == [
        (busy, False),
        (free, True),
    ]
    with pytest.raises(Taken, match="忙的"):
        services.put_in(engagement=show, residents=[busy, free], by=cast["leader"])
    assert not Performer.objects.exists()
    services.put_in(engagement=show, residents=[free], by=cast["leader"])
    with pytest.raises(services.OnAlready):
        services.put_in(engagement=show, residents=[free], by=cast["leader"])
    with pytest.raises(services.NotInTheTroupe):
        services.put_in(engagement=show, residents=[organization.resident("外人")], by=cast["leader"])
    assert verify.check() == []


def test_a_show_without_a_line_up_or_before_its_time_was_not_held(cast: dict[str, Actor], choir: Organization) -> None:
    show = make.agreed(choir)
    with pytest.raises(services.NotBegun):
        services.note_held(engagement=show, by=cast["leader"])
    with clock.at(show.ends_at + timedelta(minutes=1)):
        with pytest.raises(services.EmptyLineUp):
            services.note_held(engagement=show, by=cast["leader"])
        services.put_in(engagement=show, residents=[make.member(choir)], by=cast["leader"])
        services.note_held(engagement=show, by=cast["leader"])
        with pytest.raises(services.NotAhead):
            services.put_in(engagement=show, residents=[make.member(choir, "晚来的")], by=cast["leader"])
    assert verify.check() == []


def test_whoever_steps_back_or_is_called_off_is_free_again(cast: dict[str, Actor], choir: Organization) -> None:
    show = make.agreed(choir)
    one, other = make.member(choir, "甲"), make.member(choir, "乙")
    places = services.put_in(engagement=show, residents=[one, other], by=cast["leader"])
    oneself = Actor(community_id=one.community_id, resident_id=one.pk, name=one.name)
    with pytest.raises(NotAllowed):
        services.step_back(performer=places[1], by=oneself)
    services.step_back(performer=places[0], by=oneself)
    assert not queries.busy_at(show, [one])
    assert queries.busy_at(show, [other])
    with pytest.raises(services.ReasonMissing):
        services.call_off(engagement=show, reason=" ", by=cast["leader"])
    services.call_off(engagement=show, reason="下大雨", by=cast["leader"])
    assert not queries.busy_at(show, [other])
    assert verify.check() == []


def test_who_leaves_and_which_troupe_ends_plays_no_more(cast: dict[str, Actor], choir: Organization) -> None:
    show, asked = make.agreed(choir), make.offer(choir, days=9, price_fen=None)
    gone, stays = make.member(choir, "搬走的"), make.member(choir, "留下的")
    services.put_in(engagement=show, residents=[gone, stays], by=cast["staff"])
    people.mark_left(resident=gone, by=system())
    assert [place.resident for place in Performer.objects.live()] == [stays]
    organizations.dissolve(organization=choir, reason="散了", by=system())
    assert Engagement.objects.get(pk=show.pk).state == State.CANCELLED
    assert Offer.objects.get(pk=asked.pk).state == Answer.DECLINED
    assert not Performer.objects.live().exists()
    assert verify.check() == []


@given(
    fen=st.integers(0, 10**9),
    weights=st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any),
    mixed=st.randoms(use_true_random=False),
)
def test_parts_add_up_a_larger_share_never_gets_less_and_the_order_does_not_matter(
    fen: int, weights: list[int], mixed: Random
) -> None:
    parts = split(fen, weights)
    assert sum(parts) == fen
    assert all(
        abs(part * sum(weights) - fen * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )
    by_weight = sorted(zip(weights, parts, strict=True))
    assert [part for _weight, part in by_weight] == sorted(parts)
    other = list(weights)
    mixed.shuffle(other)
    assert sorted(zip(other, split(fen, other), strict=True)) == by_weight


@pytest.mark.parametrize("shares", [(5000, 0, 4000), (6000, 0, 4001), (10_100, -100, 0)])
def test_shares_that_are_not_the_whole_are_refused(shares: tuple[int, int, int]) -> None:
    with pytest.raises(SharesDoNotAddUp):
        Shares(troupe=shares[0], members=shares[1], fund=shares[2])


def test_a_community_without_a_fund_receives_nothing_for_a_show_and_is_told_why(choir: Organization) -> None:
    show = make.held(choir)
    with pytest.raises(FundNotOpen):
        services.receive(engagement=show, amount_fen=200_000, received_on=clock.today(), by=system())
    assert not Income.objects.exists()
