"""What the committee wishes to spend: it restricts no money, and whoever goes beyond it says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from pytest_django import DjangoAssertNumQueries

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.fund import budgets, services, verify
from weiyifang.fund.books import Books
from weiyifang.fund.models import Budget, BudgetLine, BudgetWord, PaymentRequest
from weiyifang.fund.tests import make
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
MEALS = ("general", "meals")


def asked(cast: Cast, lines: dict[tuple[str, str], int], **more: Any) -> Budget:
    fields = {"year": clock.today().year, "paper": "管委会纪要 1 号", "happened_on": clock.today(), **more}
    return services.ask_budget(lines=lines, **fields, by=cast["accountant"])


def approved(cast: Cast, lines: dict[tuple[str, str], int]) -> Budget:
    return services.confirm_budget(row=asked(cast, lines), by=cast["secretary"])


@pytest.fixture
def planned(fund: Books, cast: Cast) -> Budget:
    """1,000 yuan for meals out of free money, and enough in the bank."""
    make.gift(cast["accountant"], 1_000_000)
    return approved(cast, {MEALS: 100_000})


def line() -> budgets.Planned:
    return next(one for one in budgets.plan(clock.today().year).lines if (one.pool.code, one.category.code) == MEALS)


def test_what_is_asked_for_is_committed_and_what_is_paid_spent(planned: Budget, cast: Cast) -> None:
    make.request(cast["staff"], 30_000)
    paid = make.paid(cast, 20_000)
    assert (line().committed, line().spent, line().left) == (30_000, 20_000, 50_000)
    back = services.Correction(kind="refund", amount_fen=5_000, happened_on=clock.today(), reason="退货")
    fix = services.ask_correction(payment=paid, wanted=back, by=cast["accountant"])
    services.confirm_correction(row=fix, by=cast["secretary"])
    services.withdraw_payment(request=PaymentRequest.objects.get(state="submitted"), by=cast["staff"])
    assert (line().committed, line().spent, line().left) == (0, 15_000, 85_000)
    assert verify.check() == []


def test_beyond_it_a_payment_needs_a_word(planned: Budget, cast: Cast) -> None:
    make.request(cast["staff"], 80_000)
    with pytest.raises(services.BeyondBudget) as refused:
        make.request(cast["staff"], 20_001)
    assert all(figure in str(refused.value) for figure in ("1,000.00", "800.00", "200.01"))
    make.request(cast["staff"], 20_000)
    row = make.request(cast["staff"], 500, beyond="冬至人多")
    said = BudgetWord.objects.get()
    assert (said.payment_id, said.planned_fen, said.used_fen, said.word) == (row.pk, 100_000, 100_000, "冬至人多")
    services.approve_payment(request=row, by=cast["secretary"])
    with pytest.raises(services.BeyondBudget):
        make.request(cast["staff"], 100, category="venue")
    assert verify.check() == []


def test_who_approves_is_stopped_when_the_budget_was_used_meanwhile(planned: Budget, cast: Cast) -> None:
    row = make.request(cast["staff"], 60_000)
    approved(cast, {MEALS: 50_000})
    with pytest.raises(services.BeyondBudget):
        services.approve_payment(request=row, by=cast["secretary"])
    row = services.resubmit_payment(
        request=row, wanted=make.wanted(60_000, beyond="预算改小之前就订了"), by=cast["staff"]
    )
    services.approve_payment(request=row, by=cast["secretary"])


def test_without_a_budget_nothing_is_asked_and_free_money_stays_free(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], 1_000_000)
    asked(cast, {MEALS: 1})
    make.request(cast["staff"], 90_000)
    assert not BudgetWord.objects.exists()
    assert budgets.in_force(clock.today().year) is None


def test_a_newer_one_counts_and_the_one_before_stays(planned: Budget, cast: Cast) -> None:
    newer = approved(cast, {MEALS: 200_000, ("meals", "meals"): 1})
    assert budgets.in_force(clock.today().year) == newer
    assert (Budget.objects.count(), line().planned) == (2, 200_000)
    for row, field in ((planned, "amount_fen"), (planned.lines.get(), "planned_fen")):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**{field: 1})


def test_nobody_approves_their_own(fund: Books, cast: Cast) -> None:
    row = asked(cast, {MEALS: 1})
    for who in ("accountant", "staff", "supervisor"):
        with pytest.raises(NotAllowed):
            services.confirm_budget(row=row, by=cast[who])
    with pytest.raises(IntegrityError, match="budget_two_people"), transaction.atomic():
        Budget.objects.filter(pk=row.pk).update(decided_by_id=row.asked_by_id)


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        ({}, {}),
        ({MEALS: 0}, {}),
        ({MEALS: 10**15}, {}),
        ({("meals", "venue"): 1}, {}),
        ({("yachts", "meals"): 1}, {}),
        ({MEALS: 1}, {"paper": " "}),
        ({MEALS: 1}, {"year": 2200}),
        ({MEALS: 1}, {"happened_on": timedelta(days=2)}),
    ],
)
def test_a_wrong_one_is_refused_with_a_sentence(
    fund: Books, cast: Cast, lines: dict[tuple[str, str], int], more: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        asked(cast, lines, **make.from_today(more))
    assert str(refused.value)
    assert not Budget.objects.exists()


def test_a_plan_is_four_questions_however_many_lines(
    planned: Budget, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for category in ("venue", "visits", "relief"):
        make.request(cast["staff"], 100, category=category, beyond="没列进去")
    with django_assert_num_queries(5):
        assert len(budgets.plan(clock.today().year).lines) == 4


def test_the_public_page_says_it_and_so_does_the_table(planned: Budget, cast: Cast, client_of: ClientOf) -> None:
    make.paid(cast, 20_000)
    visitor = client_of("visitor")
    page = visitor.get("/c/nanhu/fund/budget/").content.decode()
    assert "1,000.00" in page
    assert "800.00" in page
    assert b"800.00" in visitor.get("/c/nanhu/fund/budget/?as=csv").getvalue()


def test_verify_finds_a_budget_whose_lines_are_not_its_sum(planned: Budget) -> None:
    BudgetLine(budget=planned, pool="general", category="venue", planned_fen=5).save(force_insert=True)
    assert "budgets" in {fault.check for fault in verify.check()}


def test_a_word_is_written_over_when_somebody_is_forgotten(planned: Budget, cast: Cast) -> None:
    make.request(cast["staff"], 100_001, beyond="欧阳明月家里急用")
    who = cast["resident"].resident_id
    assert who is not None
    services.forget_giver(resident_id=who, name="欧阳明月", instead="一位街坊", by=cast["secretary"])
    assert BudgetWord.objects.get().word == "一位街坊家里急用"
