"""Nobody approves, pays or takes back what has become something else since they read it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from tests.concurrency import at_once
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web import versions
from weiyifang.core.web.versions import ChangedSince, OldPage, Seen
from weiyifang.fund import queries, services
from weiyifang.fund.books import Books
from weiyifang.fund.models import PaymentRequest, State, StatedBalance
from weiyifang.fund.services import Wanted
from weiyifang.fund.tests import make
from weiyifang.ledger.models import Period
from weiyifang.ledger.services import PeriodSealed
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
PAYMENTS = "/c/nanhu/workbench/fund/payments/"
SEEN = re.compile(r'name="_seen" value="([^"]+)"')
CHEAP = Wanted(title="打印纸", payee="文具店", category="meals", amount_fen=1_200)
DEAR = Wanted(title="打印纸", payee="李四的公司", category="meals", amount_fen=120_000)


@pytest.fixture
def asked(fund: Books, cast: Cast) -> PaymentRequest:
    """12 yuan for a stationer's."""
    make.gift(cast["accountant"], 1_000_000)
    return services.submit_payment(wanted=CHEAP, by=cast["staff"])


def having_seen(actor: Actor, row: PaymentRequest) -> Actor:
    return replace(actor, seen=Seen([versions.mark(PaymentRequest.objects.get(pk=row.pk), at=clock.now())]))


def test_a_payment_that_grew_a_hundredfold_is_not_approved_on_the_old_page(
    asked: PaymentRequest, cast: Cast, client_of: ClientOf
) -> None:
    secretary, address = client_of("secretary"), f"{PAYMENTS}{asked.pk}/"
    old = SEEN.findall(secretary.get(address).content.decode())[0]
    services.resubmit_payment(request=asked, wanted=DEAR, by=cast["staff"])
    answer = secretary.post(f"{address}approval/", {"_seen": old}, headers={"Referer": f"http://testserver{address}"})
    said = answer.content.decode()
    assert answer.status_code == 409
    for words in (
        "12.00 元 → 1,200.00 元",
        "文具店 → 李四的公司",
        cast["staff"].name,
        f'href="{address}"',
    ):
        assert words in said
    asked.refresh_from_db()
    assert (asked.state, asked.hold_id) == (State.SUBMITTED, None)
    new = SEEN.findall(secretary.get(address).content.decode())[0]
    assert secretary.post(f"{address}approval/", {"_seen": new}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.amount_fen) == (State.APPROVED, 120_000)


def test_a_reason_that_was_typed_stays_and_sent_once_more_it_is_taken(
    asked: PaymentRequest, cast: Cast, client_of: ClientOf
) -> None:
    secretary, address = client_of("secretary"), f"{PAYMENTS}{asked.pk}/return/"
    old = SEEN.findall(secretary.get(f"{PAYMENTS}{asked.pk}/").content.decode())[0]
    services.resubmit_payment(request=asked, wanted=DEAR, by=cast["staff"])
    answer = secretary.post(address, {"reason": "缺一张发票", "_seen": old})
    assert answer.status_code == 422
    assert "缺一张发票" in answer.content.decode()
    assert "1,200.00 元" in answer.content.decode()
    again = {"reason": "缺一张发票", "_seen": SEEN.findall(answer.content.decode())[0]}
    assert secretary.post(address, again).status_code == 302


def test_a_fault_of_another_kind_does_not_pass_for_having_seen_the_change(
    asked: PaymentRequest, cast: Cast, client_of: ClientOf
) -> None:
    secretary, address = client_of("secretary"), f"{PAYMENTS}{asked.pk}/return/"
    old = SEEN.findall(secretary.get(f"{PAYMENTS}{asked.pk}/").content.decode())[0]
    services.resubmit_payment(request=asked, wanted=DEAR, by=cast["staff"])
    shown = secretary.post(address, {"reason": "", "_seen": old}).content.decode()
    assert set(SEEN.findall(shown)) == {old}
    assert secretary.post(address, {"reason": "缺票", "_seen": old}).status_code == 422


def test_two_who_change_one_request_do_not_write_over_each_other(asked: PaymentRequest, cast: Cast) -> None:
    first, second = having_seen(cast["staff"], asked), having_seen(cast["staff"], asked)
    services.resubmit_payment(request=asked, wanted=DEAR, by=first)
    with pytest.raises(ChangedSince):
        services.resubmit_payment(request=asked, wanted=replace(CHEAP, papers="发票 1"), by=second)
    asked.refresh_from_db()
    assert (asked.payee, asked.papers) == (DEAR.payee, "")


def test_whoever_acts_without_a_page_is_asked_for_no_version(asked: PaymentRequest, cast: Cast) -> None:
    services.resubmit_payment(request=asked, wanted=DEAR, by=cast["staff"])
    assert services.approve_payment(request=asked, by=cast["secretary"]).state == State.APPROVED


def test_a_mark_that_nobody_wrote_is_refused(asked: PaymentRequest, cast: Cast) -> None:
    mark = versions.mark(asked)
    for wrong in ("", "x", mark[:-1] + ("a" if mark[-1] != "a" else "b"), "\x00", "：", mark * 2):
        with pytest.raises(OldPage):
            services.approve_payment(request=asked, by=replace(cast["secretary"], seen=Seen([wrong])))


def test_a_receipt_whose_giver_was_forgotten_meanwhile_is_taken_back_knowing_it(fund: Books, cast: Cast) -> None:
    gift = make.gift(cast["accountant"], 5_000)
    by = replace(cast["accountant"], seen=Seen([versions.mark(gift, at=clock.now())]))
    type(gift).objects.filter(pk=gift.pk).update(donor_name="某居民")
    with pytest.raises(ChangedSince) as refused:
        services.take_back(donation=gift, reason="记错了", by=by)
    assert "某居民" in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_nothing_is_approved_but_what_was_seen(asked: PaymentRequest, cast: Cast) -> None:
    for _time in range(10):
        row = services.submit_payment(wanted=CHEAP, by=cast["staff"])
        approver = having_seen(cast["secretary"], row)
        results = at_once(
            partial(services.resubmit_payment, request=row, wanted=DEAR, by=cast["staff"]),
            partial(services.approve_payment, request=row, by=approver),
        )
        row.refresh_from_db()
        assert row.state == State.SUBMITTED or row.amount_fen == CHEAP.amount_fen, results
        assert row.state == State.APPROVED or isinstance(results[1], ChangedSince), results


# --- what is decided on sums ----------------------------------------------------------------------------------------

BOOKS = "/c/nanhu/workbench/fund/books/"
COMPARED = "/c/nanhu/workbench/fund/statements/"


@pytest.fixture
def last_month(fund: Books, cast: Cast) -> date:
    """A month that is over, with a gift of 50 yuan on its last day."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    make.gift(cast["accountant"], 5_000, received_on=last)
    return last


def test_a_month_is_sealed_with_the_sums_that_were_seen(last_month: date, cast: Cast, client_of: ClientOf) -> None:
    accountant, month = client_of("accountant"), {"month": f"{last_month.replace(day=1)}"}
    page = accountant.get(BOOKS).content.decode()
    assert "50.00 元" in page
    late = make.gift(cast["accountant"], 700, received_on=last_month)
    answer = accountant.post(BOOKS, {**month, "_seen": SEEN.findall(page)[0]})
    said = answer.content.decode()
    assert answer.status_code == 422
    for words in ("50.00 元 → 57.00 元", "1 → 2"):
        assert words in said
    assert not Period.objects.exists()
    services.take_back(donation=late, reason="记重了", by=cast["accountant"])  # today: not of that month
    assert accountant.post(BOOKS, {**month, "_seen": SEEN.findall(said)[0]}).status_code == 302
    assert Period.objects.count() == 1


def test_a_month_is_not_sealed_unseen(last_month: date, client_of: ClientOf) -> None:
    accountant, month = client_of("accountant"), {"month": f"{last_month.replace(day=1)}", "_seen": []}
    answer = accountant.post(BOOKS, month)
    assert (answer.status_code, Period.objects.count()) == (422, 0)
    assert accountant.post(BOOKS, {**month, "_seen": SEEN.findall(answer.content.decode())[0]}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_nothing_is_booked_between_the_look_at_the_sums_and_the_seal(last_month: date, cast: Cast) -> None:
    seen = Seen([versions.mark(queries.month_figures(last_month))])
    late, sealed = at_once(
        partial(make.gift, cast["accountant"], 700, received_on=last_month),
        partial(services.close_month, month=last_month, by=replace(cast["accountant"], seen=seen)),
    )
    assert isinstance(sealed, ChangedSince) != isinstance(late, PeriodSealed), (late, sealed)


def test_a_difference_is_explained_by_who_has_seen_it(fund: Books, cast: Cast, client_of: ClientOf) -> None:
    make.gift(cast["accountant"], 5_000)
    accountant = client_of("accountant")
    typed = {"method": "bank", "stated_on": f"{clock.today()}", "amount": "49.90", "note": "扣了手续费", "_seen": []}
    first = accountant.post(COMPARED, typed)
    assert first.status_code == 422
    assert "50.00" in first.content.decode()
    make.gift(cast["accountant"], 300)
    typed["_seen"] = SEEN.findall(first.content.decode())
    second = accountant.post(COMPARED, typed)
    assert "50.00 元 → 53.00 元" in second.content.decode()
    assert not StatedBalance.objects.exists()
    typed["_seen"] = SEEN.findall(second.content.decode())
    assert accountant.post(COMPARED, typed).status_code == 302
    assert StatedBalance.objects.get().difference == -310
