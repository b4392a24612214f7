"""Which path a payment takes, who is kept apart on it, and the later look at what was paid at once."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from weiyifang.communities import services as communities
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.server.database import as_owner
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.fund import demo, queries, services, underway, verify, waits
from weiyifang.fund.books import Books
from weiyifang.fund.models import Path, PaymentRequest, PaymentReview, State
from weiyifang.fund.paths import PATHS, NotUrgent
from weiyifang.fund.steps import steps
from weiyifang.fund.tests import make
from weiyifang.ledger import queries as ledger
from weiyifang.notices.models import Notice
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
LIMIT = PATHS.shipped[-1].check_from * 100
MOST = PATHS.shipped[-1].urgent_most * 100


@pytest.mark.parametrize(("fen", "path"), [(LIMIT - 1, Path.SHORT), (LIMIT, Path.CHECKED)])
def test_the_amount_says_the_path(fund: Books, cast: Cast, fen: int, path: Path) -> None:
    assert make.request(cast["staff"], fen).path == path


def test_a_request_keeps_the_path_it_was_submitted_with(fund: Books, cast: Cast) -> None:
    row = make.request(cast["staff"], LIMIT)
    tomorrow = clock.today() + timedelta(days=1)
    values = {"check_from": LIMIT // 100 * 2}
    communities.set_rule(rule=PATHS.name, since=tomorrow, values=values, why="街道的规定", by=cast["secretary"])
    with clock.at(clock.now() + timedelta(days=2)):
        assert make.request(cast["staff"], LIMIT).path == Path.SHORT
        row.refresh_from_db()
        assert row.path == Path.CHECKED
        with pytest.raises(services.NotChecked):
            services.approve_payment(request=row, by=cast["secretary"])


def test_nothing_is_decided_before_its_papers_are_checked(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], LIMIT)
    row = make.request(cast["staff"], LIMIT)
    with pytest.raises(services.NotChecked):
        services.approve_payment(request=row, by=cast["secretary"])
    assert ledger.kept([fund.account("1002").pk]).set_aside == 0
    services.check_payment(request=row, by=cast["accountant"])
    services.approve_payment(request=row, by=cast["secretary"])
    paid = services.pay(request=row, by=cast["cashier"])
    assert len({paid.submitted_by_id, paid.checked_by_id, paid.approved_by_id, paid.paid_by_id}) == 4
    assert verify.check() == []


def test_whoever_checked_does_not_pay(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], LIMIT)
    row = make.approved(cast, LIMIT)
    with pytest.raises(NotAllowed):
        services.pay(request=row, by=cast["accountant"])
    assert row not in waits._to_pay(cast["accountant"])
    assert row in waits._to_pay(cast["cashier"])


def test_nobody_checks_what_they_asked_for(fund: Books, cast: Cast) -> None:
    row = make.request(cast["accountant"], LIMIT)
    with pytest.raises(NotAllowed):
        services.check_payment(request=row, by=cast["accountant"])
    with pytest.raises(NotAllowed):
        services.check_payment(request=row, by=cast["secretary"])


def test_a_small_amount_has_no_papers_to_check(fund: Books, cast: Cast) -> None:
    with pytest.raises(ForbiddenMove):
        services.check_payment(request=make.request(cast["staff"]), by=cast["accountant"])


@pytest.mark.parametrize(
    ("constraint", "who"),
    [
        ("payment_checker_is_not_submitter", "staff"),
        ("payment_checker_is_not_approver", "secretary"),
        ("payment_checked_before_it_is_approved", None),
    ],
)
def test_the_database_itself_keeps_the_check_apart(fund: Books, cast: Cast, constraint: str, who: str | None) -> None:
    make.gift(cast["accountant"], LIMIT)
    row = make.approved(cast, LIMIT)
    account = cast[who].account_id if who else None
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PaymentRequest.objects.filter(pk=row.pk).update(checked_by_id=account)


def test_the_database_itself_knows_no_payer_who_checked(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], LIMIT)
    row = make.approved(cast, LIMIT)
    with pytest.raises(IntegrityError, match="payment_checker_is_not_payer"), transaction.atomic():
        PaymentRequest.objects.filter(pk=row.pk).update(paid_by_id=cast["accountant"].account_id)


def test_whoever_checks_sends_it_back_and_it_is_checked_anew(fund: Books, cast: Cast) -> None:
    row = make.request(cast["staff"], LIMIT)
    services.send_back_payment(request=row, reason="少一张发票", by=cast["accountant"])
    row = services.resubmit_payment(request=row, wanted=_again(row), by=cast["staff"])
    services.check_payment(request=row, by=cast["accountant"])
    with pytest.raises(NotAllowed):  # it is decided on now, by others
        services.send_back_payment(request=row, reason="再看看", by=cast["accountant"])
    services.send_back_payment(request=row, reason="用途写清楚", by=cast["secretary"])
    row = services.resubmit_payment(request=row, wanted=_again(row), by=cast["staff"])
    assert row.waits_for_check
    assert row.checked_by_id is None
    assert verify.check() == []


def _again(row: PaymentRequest) -> services.Wanted:
    return services.Wanted(title=row.title, payee=row.payee, category=row.category, amount_fen=row.amount_fen)


# --- emergency relief -----------------------------------------------------------------------------------------------


def urgent(cast: Cast, fen: int = LIMIT) -> PaymentRequest:
    make.gift(cast["accountant"], fen)
    return make.paid(cast, fen, category="relief", urgent=True)


def test_emergency_relief_is_paid_at_once_and_looked_at_afterwards(fund: Books, cast: Cast) -> None:
    row = urgent(cast)
    assert (row.path, row.checked_by_id) == (Path.URGENT, None)
    assert row.paid_at is not None
    assert row.review_by == row.paid_at + timedelta(days=row.path_rule["review_days"])
    assert list(waits._to_review(cast["supervisor"])) == [row]
    services.review_payment(payment=row, finding="in_order", by=cast["supervisor"])
    assert not waits._to_review(cast["supervisor"]).exists()
    assert verify.check() == []


@pytest.mark.parametrize(("fen", "category"), [(MOST + 1, "relief"), (LIMIT, "meals")])
def test_only_relief_up_to_a_limit_is_urgent(fund: Books, cast: Cast, fen: int, category: str) -> None:
    with pytest.raises(NotUrgent) as refused:
        make.request(cast["staff"], fen, category=category, urgent=True)
    assert "5,000" in str(refused.value)


def test_it_is_looked_at_once_and_a_fault_has_words(fund: Books, cast: Cast) -> None:
    row = urgent(cast)
    with pytest.raises(NotAllowed):
        services.review_payment(payment=row, finding="in_order", by=cast["accountant"])
    with pytest.raises(services.NothingSaid):
        services.review_payment(payment=row, finding="not_in_order", note=" ", by=cast["supervisor"])
    services.review_payment(payment=row, finding="not_in_order", note="缺票", by=cast["supervisor"])
    with pytest.raises(services.ReviewedAlready):
        services.review_payment(payment=row, finding="in_order", by=cast["supervisor"])
    assert PaymentReview.objects.get().note == "缺票"


def test_what_was_not_paid_at_once_is_not_looked_at(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"])
    with pytest.raises(services.NothingToReview):
        services.review_payment(payment=make.paid(cast), finding="in_order", by=cast["supervisor"])


@pytest.mark.django_db(transaction=True)
def test_verify_finds_a_look_that_nobody_took(fund: Books, cast: Cast) -> None:
    row = urgent(cast)
    services.review_payment(payment=row, finding="not_in_order", note="缺票", by=cast["supervisor"])
    with as_owner(connection):
        PaymentReview.objects.update(finding="in_order")
    assert [fault.check for fault in verify.check()] == ["reviews"]


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_page_leads_from_step_to_step(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    make.gift(cast["accountant"], LIMIT)
    row = make.request(cast["staff"], LIMIT)
    page = f"/c/nanhu/workbench/fund/payments/{row.pk}/"
    bench = client_of("accountant").get("/c/nanhu/workbench/fund/").content.decode()
    assert str(row.pk) in bench.split("等你核对")[1].split("</section>")[0]
    assert "通过" not in _buttons(client_of("secretary").get(page).content.decode())
    client_of("accountant").post(f"{page}check/", {"_seen": _mark(row)})
    row.refresh_from_db()
    assert row.state == State.CHECKED
    shown = client_of("staff").get(page).content.decode()
    assert "谭雅琴" in shown.split("一步一步")[1]


def _buttons(page: str) -> str:
    return "".join(part.split("</form>")[0] for part in page.split("<form")[1:])


def _mark(row: PaymentRequest) -> str:
    from weiyifang.core.web import versions

    return versions.mark(row)


def test_everybody_reads_who_decides(fund: Books, client_of: ClientOf) -> None:
    page = client_of("visitor").get("/c/nanhu/fund/").content.decode()
    assert "3,000" in page.split("谁来决定一笔支出")[1]


def test_who_had_a_part_is_known(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], LIMIT)
    row = make.approved(cast, LIMIT)
    parts = underway.who_had_a_part(source_of(row))
    assert parts == [cast[who].account_id for who in ("staff", "accountant", "secretary")]
    assert queries.who_asked(source_of(row)) == parts[0]


# --- afterwards -----------------------------------------------------------------------------------------------------


def test_what_the_bank_could_not_pay_out_is_back_and_asked_for_anew(
    fund: Books, cast: Cast, client_of: ClientOf
) -> None:
    """By an entry the other way; the payment stays as it was, and whoever had a part in it hears of it."""
    make.gift(cast["accountant"], 30_000)
    row = make.paid(cast, 30_000)
    back = services.Correction(kind="failed", amount_fen=30_000, happened_on=clock.today(), reason="账号不对，被退回")
    fix = services.ask_correction(payment=row, wanted=back, by=cast["accountant"])
    assert [(step.state, step.title) for step in steps(row)][-1] == ("now", fix.get_kind_display())
    services.confirm_correction(row=fix, by=cast["secretary"])
    assert make.ledger_now() == 30_000
    assert steps(row)[-1].state == "done"
    assert "0.00" in steps(row)[-1].note
    told = Notice.objects.filter(kind="payment_corrected").values_list("account_id", flat=True)
    assert set(told) == {cast[who].account_id for who in ("staff", "secretary", "accountant")}
    page = client_of("secretary").get(f"/c/nanhu/workbench/fund/corrections/{fix.pk}/").content.decode()
    assert f"again={row.pk}" in page
    make.paid(cast, 30_000)
    assert verify.check() == []


def test_a_refund_after_the_month_was_sealed_is_booked_today(fund: Books, cast: Cast) -> None:
    with clock.at(clock.local(date(2026, 8, 20), "10:00")):
        make.gift(cast["accountant"], 30_000)
        row = make.paid(cast, 30_000)
    services.close_month(month=date(2026, 8, 1), by=system())
    back = services.Correction(kind="refund", amount_fen=10_000, happened_on=date(2026, 8, 31), reason="退了一袋")
    fix = services.ask_correction(payment=row, wanted=back, by=cast["accountant"])
    fix = services.confirm_correction(row=fix, by=cast["secretary"])
    assert fix.booked_on == clock.today()
    assert "200.00" in steps(row)[-1].note
    assert verify.check() == []


# --- the demo's year --------------------------------------------------------------------------------------------------


def test_the_demos_year_takes_every_path_and_mostly_the_short_one() -> None:
    plan = demo.plan_year(
        random.Random("2026:fund"), first_day=date(2025, 10, 18), last_day=date(2026, 10, 17), scale=1.0
    )
    rule = PATHS.shipped[-1]
    taken = Counter(
        rule.path(amount_fen=one.amount_fen, category=one.category, urgent=one.urgent)
        for one in (spending.wanted for spending in plan.spendings)
    )
    assert set(taken) == set(Path)
    assert taken[Path.SHORT] > 0.8 * taken.total()


def test_a_day_at_the_desk_leads_every_path_to_its_end(fund: Books, cast: Cast) -> None:
    amounts = {Path.SHORT: 30_000, Path.CHECKED: LIMIT, Path.URGENT: LIMIT, Path.COMMITTEE: LIMIT * 10}
    make.gift(cast["accountant"], sum(amounts.values()))
    asked = [
        demo.Spending(
            day=clock.today(),
            wanted=services.Wanted(
                title=path, payee="花园路粮油店", category="relief", amount_fen=fen, urgent=path == Path.URGENT
            ),
        )
        for path, fen in amounts.items()
    ]
    demo.spend_day(asked, cast=cast)
    for _day in range(4):
        demo.spend_day([], cast=cast)
    assert {row.path for row in PaymentRequest.objects.filter(state=State.PAID)} == set(Path)
    assert PaymentReview.objects.count() == 1
    assert verify.check() == []
