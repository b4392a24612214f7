"""From a table to money: entered by one, confirmed by another, objected to, paid by a third, each organization once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from weiyifang.communities.models import Community
from weiyifang.core import tables
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.fund import queries as fund_queries
from weiyifang.fund import services as fund_services
from weiyifang.fund.books import Books
from weiyifang.fund.models import PaymentRequest, State
from weiyifang.fund.services import NotYetPayable
from weiyifang.fund.tests import make as money
from weiyifang.grants import queries, reading, services, terms, verify
from weiyifang.grants.models import AppealState, GrantRun, RunningGrant, RunState
from weiyifang.grants.services import AppealsOpen, AppealTimeOver, NothingEntered, StillAppealable, YearTaken
from weiyifang.grants.tests import make
from weiyifang.ledger.services import OverdraftRefused
from weiyifang.organizations.models import Organization

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here", "fund")]
Cast = dict[str, Actor]


@pytest.fixture
def groups(here: Community) -> list[Organization]:
    return make.organizations()


@pytest.fixture
def rich(cast: Cast, fund: Books) -> None:
    money.gift(cast["accountant"], 1_000_000)


def payments() -> list[tuple[str, int, str]]:
    rows = PaymentRequest.objects.order_by("number")
    return [(row.payee, row.amount_fen, row.state) for row in rows]


# --- the table ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("groups")
def test_an_amount_follows_from_the_points_by_the_rule(cast: Cast) -> None:
    run = make.draft(cast)
    said = [
        (one.name, one.grant.points, one.grant.grade, one.grant.fen) for one in queries.shown(queries.grants_of(run))
    ]
    assert said == [
        ("南湖合唱团", "92", "excellent", 50_000),
        ("南湖棋社", "85.5", "good", 40_000),
        ("南湖太极队", "61", "passed", 30_000),
        ("南湖诗社", "40", "none", 0),
    ]
    assert vars(queries.sums(run)) == {"many": 4, "paid_for": 3, "fen": 120_000}


@pytest.mark.usefixtures("groups")
def test_a_wrong_line_is_named_and_nothing_is_taken(cast: Cast) -> None:
    run = make.draft(cast)
    rows = [
        ["南湖合唱团", "101", ""],
        ["没有这个组织", "90", ""],
        ["南湖棋社", "80", "优秀"],
        ["南湖太极队", "", ""],
        ["南湖诗社", "70", "合格"],
        ["南湖诗社", "70", "合格"],
        ["合计", "310", ""],
    ]
    found = services.bring_table(run=run, content=make.table(rows, ("组织名称", "总分", "等级")), by=cast["staff"])
    assert [line for line, _why in found.wrong] == [2, 3, 4, 5, 7]
    assert queries.sums(run).many == 4
    with pytest.raises(reading.NoHeadings):
        services.bring_table(run=run, content=make.table([["甲", "1"]], ("谁", "几分")), by=cast["staff"])


@pytest.mark.usefixtures("groups")
def test_a_csv_of_grades_alone_is_taken_in_the_place_of_what_was_entered(cast: Cast) -> None:
    run = make.draft(cast)
    content = b"".join(tables.write_csv(["社会组织", "考核结果"], [["南湖诗社", "良好"]]))
    services.bring_table(run=run, content=content, by=cast["staff"])
    (one,) = queries.shown(queries.grants_of(run))
    assert (one.name, one.grant.tenths, one.grant.fen) == ("南湖诗社", None, 40_000)


@pytest.mark.parametrize("typed", ["-1", "100.1", "87.55", "1e2", "abc"])
def test_what_is_no_number_of_points_is_refused(typed: str) -> None:
    with pytest.raises(terms.NotPoints):
        terms.tenths(typed)


def test_full_width_points_are_points() -> None:
    assert terms.tenths("８７．５") == 875


def test_a_result_by_hand_takes_the_place_of_the_one_before(cast: Cast, groups: list[Organization]) -> None:
    run = make.draft(cast)
    source = source_of(groups[3])
    services.set_result(run=run, organization=source, tenths=None, grade="passed", by=cast["staff"])
    assert make.of(run, groups[3]).fen == 30_000
    services.remove_result(grant=make.of(run, groups[0]), by=cast["staff"])
    assert queries.sums(run).many == 3


@pytest.mark.usefixtures("groups")
def test_a_year_has_one_run_until_it_is_dropped(cast: Cast) -> None:
    run = make.draft(cast)
    with pytest.raises(YearTaken):
        services.begin_run(year=make.YEAR, by=cast["staff"])
    services.drop_run(run=run, by=cast["staff"])
    services.begin_run(year=make.YEAR, by=cast["staff"])
    assert verify.check() == []


def test_an_empty_table_is_not_handed_in(cast: Cast) -> None:
    run = services.begin_run(year=make.YEAR, by=cast["staff"])
    with pytest.raises(NothingEntered):
        services.hand_in(run=run, by=cast["staff"])


# --- two people sign ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("groups", "rich")
def test_published_the_money_of_each_is_set_aside_and_asked_for_by_who_signed_it(cast: Cast) -> None:
    before = fund_queries.free_in("bank", "general")
    run = make.published(cast)
    assert payments() == [
        ("南湖合唱团", 50_000, "approved"),
        ("南湖棋社", 40_000, "approved"),
        ("南湖太极队", 30_000, "approved"),
    ]
    row = PaymentRequest.objects.order_by("number")[0]
    assert (row.submitted_by_id, row.approved_by_id) == (cast["staff"].account_id, cast["secretary"].account_id)
    assert fund_queries.free_in("bank", "general") == before - 120_000
    assert run.takes_appeals
    assert verify.check() == []


@pytest.mark.usefixtures("groups", "rich")
def test_nobody_confirms_what_they_signed(cast: Cast) -> None:
    run = services.hand_in(run=make.draft(cast), by=cast["secretary"])
    with pytest.raises(NotAllowed):
        services.publish(run=run, by=cast["secretary"])
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantRun.objects.filter(pk=run.pk).update(confirmed_by=cast["secretary"].account_id)


@pytest.mark.usefixtures("groups", "rich")
def test_what_is_handed_in_stays_as_it_is_until_it_comes_back(cast: Cast) -> None:
    run = make.handed_in(cast)
    with pytest.raises(ForbiddenMove):
        services.bring_table(run=run, content=make.table(), by=cast["staff"])
    back = services.send_back(run=run, reason="少了两个组织", by=cast["secretary"])
    assert (back.state, back.reason) == (RunState.DRAFT, "少了两个组织")
    again = services.hand_in(run=back, by=cast["staff"])
    services.take_up(run=again, by=cast["staff"])
    assert verify.check() == []


@pytest.mark.usefixtures("groups")
def test_without_money_for_all_nothing_is_published(cast: Cast) -> None:
    money.gift(cast["accountant"], 100_000)
    run = make.handed_in(cast)
    with pytest.raises(OverdraftRefused), transaction.atomic():
        services.publish(run=run, by=cast["secretary"])
    assert payments() == []
    assert GrantRun.objects.get(pk=run.pk).state == RunState.HANDED_IN


# --- appeals ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("rich")
def test_a_corrected_result_ends_the_payment_and_asks_for_another(cast: Cast, groups: list[Organization]) -> None:
    run = make.published(cast)
    grant = make.of(run, groups[1])
    made = services.appeal(grant=grant, words="漏了三次活动", by=make.leads(cast, groups[1]))
    with pytest.raises(NotAllowed):
        services.answer_appeal(appeal=made, answer="不改", tenths=None, grade="", by=cast["staff"])
    services.answer_appeal(appeal=made, answer="补记三次活动", tenths=910, grade="", by=cast["secretary"])
    grant = make.of(run, groups[1])
    assert (grant.amount_fen, grant.fen, grant.points_before, grant.points) == (40_000, 50_000, "85.5", "91")
    assert ("南湖棋社", 40_000, "withdrawn") in payments()
    assert verify.check() == []
    asked = services.ask_corrected(grant=grant, by=cast["staff"])
    fund_services.approve_payment(request=asked, by=cast["secretary"])
    with make.after_appeals(run):
        assert services.pay_out(run=run, by=cast["accountant"]) == 3
    assert ("南湖棋社", 50_000, "paid") in payments()
    assert GrantRun.objects.get(pk=run.pk).state == RunState.PAID
    assert verify.check() == []


@pytest.mark.usefixtures("rich")
def test_only_another_person_than_who_entered_it_answers(cast: Cast, groups: list[Organization]) -> None:
    run = services.hand_in(run=make.draft(cast), by=cast["staff"])
    GrantRun.objects.filter(pk=run.pk).update(handed_in_by=cast["secretary"].account_id)  # as if the secretary had
    both = replace(cast["staff"], rights=cast["secretary"].rights)
    run = services.publish(run=GrantRun.objects.get(pk=run.pk), by=both)
    made = services.appeal(grant=make.of(run, groups[0]), words="再看看", by=make.leads(cast, groups[0]))
    with pytest.raises(NotAllowed):
        services.answer_appeal(appeal=made, answer="不改", tenths=None, grade="", by=cast["secretary"])
    services.answer_appeal(appeal=made, answer="不改", tenths=None, grade="", by=both)


@pytest.mark.usefixtures("rich")
def test_a_result_that_stands_changes_no_payment(cast: Cast, groups: list[Organization]) -> None:
    run = make.published(cast)
    before = payments()
    made = services.appeal(grant=make.of(run, groups[0]), words="再看看", by=make.leads(cast, groups[0]))
    done = services.answer_appeal(appeal=made, answer="复核无误", tenths=None, grade="", by=cast["secretary"])
    assert (done.state, payments()) == (AppealState.STANDS, before)


@pytest.mark.usefixtures("rich")
def test_only_who_leads_it_objects_and_only_in_time(cast: Cast, groups: list[Organization]) -> None:
    run = make.published(cast)
    grant = make.of(run, groups[0])
    for actor in (make.leads(cast, groups[1]), cast["staff"]):
        with pytest.raises(NotAllowed):
            services.appeal(grant=grant, words="不对", by=actor)
    with make.after_appeals(run), pytest.raises(AppealTimeOver):
        services.appeal(grant=grant, words="不对", by=make.leads(cast, groups[0]))


# --- the payout ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("rich")
def test_nothing_is_paid_while_somebody_may_object(cast: Cast, groups: list[Organization]) -> None:
    run = make.published(cast)
    with pytest.raises(StillAppealable):
        services.pay_out(run=run, by=cast["accountant"])
    with pytest.raises(NotYetPayable):  # nor at the fund's own desk
        fund_services.pay(request=PaymentRequest.objects.order_by("number")[0], by=cast["accountant"])
    services.appeal(grant=make.of(run, groups[0]), words="不对", by=make.leads(cast, groups[0]))
    with make.after_appeals(run), pytest.raises(AppealsOpen):
        services.pay_out(run=run, by=cast["accountant"])


@pytest.mark.usefixtures("groups", "rich")
def test_each_is_paid_once_by_a_third_person(cast: Cast) -> None:
    run, before = make.published(cast), money.ledger_now()
    with make.after_appeals(run):
        for who in ("staff", "secretary"):
            with pytest.raises(NotAllowed):
                services.pay_out(run=run, by=cast[who])
        assert services.pay_out(run=run, slip="20260001", by=cast["accountant"]) == 3
        with pytest.raises(ForbiddenMove):
            services.pay_out(run=run, by=cast["accountant"])
    assert before - money.ledger_now() == 120_000
    assert queries.figures() == {"running_grants": 3, "running_grants_fen": 120_000}
    assert verify.check() == []


@pytest.mark.usefixtures("rich")
def test_what_waits_for_something_is_paid_by_another_turn(cast: Cast, groups: list[Organization]) -> None:
    run = make.published(cast)
    (one,) = queries.shown([make.of(run, groups[0])])
    assert one.payment is not None
    back = fund_services.send_back_payment(request=one.payment, reason="账号不对", by=cast["secretary"])
    with make.after_appeals(run):
        assert services.pay_out(run=run, by=cast["accountant"]) == 2
        assert GrantRun.objects.get(pk=run.pk).state == RunState.PUBLISHED
        wanted = fund_services.Wanted(
            title=back.title,
            payee=back.payee,
            category=back.category,
            amount_fen=back.amount_fen,
            organization=back.organization,
        )
        again = fund_services.resubmit_payment(request=back, wanted=wanted, by=cast["staff"])
        fund_services.approve_payment(request=again, by=cast["secretary"])
        assert services.pay_out(run=run, by=cast["accountant"]) == 1
    assert {state for _payee, _fen, state in payments()} == {"paid"}
    assert verify.check() == []


@pytest.mark.usefixtures("rich")
def test_the_fund_takes_one_payment_for_a_grant_and_no_other_amount(cast: Cast, groups: list[Organization]) -> None:
    run = make.published(cast)
    source = source_of(make.of(run, groups[0]))
    with pytest.raises(IntegrityError), transaction.atomic():
        money.request(cast["staff"], follows=source)
    (row,) = PaymentRequest.objects.filter(follows=source)
    back = fund_services.send_back_payment(request=row, reason="查一下", by=cast["secretary"])
    other = fund_services.Wanted(
        title="x", payee="x", category="meals", amount_fen=row.amount_fen + 1, organization=row.organization
    )
    with pytest.raises(fund_services.DecidedElsewhere):
        fund_services.resubmit_payment(request=back, wanted=other, by=cast["staff"])


# --- the checker --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("rich")
def test_a_hand_in_the_database_is_found(cast: Cast, groups: list[Organization]) -> None:
    run = make.published(cast)
    grant = make.of(run, groups[2])

    def checks() -> set[str]:
        return {fault.check for fault in verify.check()}

    RunningGrant.objects.filter(pk=grant.pk).update(amount_fen=50_000)
    assert checks() == {"grants.signed", "grants.amounts", "grants.payments"}
    RunningGrant.objects.filter(pk=grant.pk).update(amount_fen=30_000, new_grade="good", new_fen=40_000)
    assert checks() == {"grants.signed", "grants.payments"}
    RunningGrant.objects.filter(pk=grant.pk).update(new_grade="", new_fen=None)
    GrantRun.objects.filter(pk=run.pk).update(handed_in_by=cast["accountant"].account_id)
    assert checks() == {"grants.runs"}
    GrantRun.objects.filter(pk=run.pk).update(handed_in_by=cast["staff"].account_id)
    PaymentRequest.objects.filter(follows=source_of(grant)).update(follows="")
    assert checks() == {"grants.payments"}
    assert State.PAID not in {state for _payee, _fen, state in payments()}
