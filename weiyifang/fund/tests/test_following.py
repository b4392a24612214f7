from __future__ import annotations

from itertools import groupby
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.fund import following, receipts, services
from weiyifang.fund.books import Books, books
from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.fund.services import Correction
from weiyifang.fund.tests import make
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Transfer
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
amounts = st.lists(st.integers(0, 50), max_size=8)


def books_of(gifts: list[int], payments: list[int]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """With as much more given as is missing: a purpose is never spent below nothing."""
    missing = max(0, sum(payments) - sum(gifts))
    return list(enumerate([*gifts, missing])), list(enumerate(payments))


@given(amounts, amounts)
def test_every_payment_is_met_exactly_and_a_gift_is_its_parts_and_what_is_left(
    gifts: list[int], payments: list[int]
) -> None:
    came, went = books_of(gifts, payments)
    met = list(following.meet(came, went))
    for payment, due in went:
        assert sum(part for _gift, of, part in met if of == payment) == due
    left = {gift: fen - sum(part for of, _payment, part in met if of == gift) for gift, fen in came}
    assert all(fen >= 0 for fen in left.values())
    assert sum(left.values()) == sum(fen for _key, fen in came) - sum(payments)
    assert all(part > 0 for *_keys, part in met)


@given(amounts, amounts, st.integers(1, 50))
@example([], [0], 1)
def test_first_in_is_first_out_and_what_comes_later_changes_nothing_before(
    gifts: list[int], payments: list[int], more: int
) -> None:
    came, went = books_of(gifts, payments)
    met = list(following.meet(came, went))
    assert met == sorted(met, key=lambda one: one[:2])
    later = list(following.meet([*came, (len(came), more)], [*went, (len(went), more)]))
    assert later[: len(met)] == met


@pytest.fixture
def lively(fund: Books, cast: Cast) -> Books:
    """Gifts and payments of two purposes in turns, some taken back, in part or whole; money carried to the bank."""
    dice = Random(7)
    gifts, paid = list[Donation](), list[PaymentRequest]()
    for turn in range(24):
        pool = ("general", "meals")[turn % 2]
        gifts.append(make.gift(cast["accountant"], dice.randrange(1_000, 9_000), pool=pool))
        if turn > 3 and turn % 3:
            asked = make.request(cast["staff"], dice.randrange(500, 5_000), pool=pool)
            approved = services.approve_payment(request=asked, by=cast["secretary"])
            paid.append(services.pay(request=approved, by=cast["accountant"]))
    for payment, part in ((paid[1], 2), (paid[4], 1)):
        back = Correction(kind="refund", amount_fen=payment.amount_fen // part, happened_on=clock.today(), reason="退")
        asked_back = services.ask_correction(payment=payment, wanted=back, by=cast["accountant"])
        services.confirm_correction(row=asked_back, by=cast["secretary"])
    services.take_back(donation=gifts[2], reason="记错了", by=cast["accountant"])
    return fund


def by_the_rule(pool: str) -> tuple[dict[str, int], dict[str, list[tuple[str, int]]]]:
    """Of each gift of a purpose what stands of it, and what it met: from the papers, not from the ledger."""
    came = [
        (source_of(row), 0 if row.reversed_at else row.amount_fen)
        for row in Donation.objects.filter(pool=pool).order_by("number")
    ]
    back: dict[str, int] = {}
    for row in PaymentRequest.objects.filter(pool=pool, state="paid"):
        back[source_of(row)] = sum(row.corrections.filter(state="booked").values_list("amount_fen", flat=True))
    went = [
        (source_of(row), row.amount_fen - back[source_of(row)])
        for row in PaymentRequest.objects.filter(pool=pool, state="paid").order_by("paid_at", "number")
    ]
    met = {
        of: [(to, fen) for _of, to, fen in parts] for of, parts in groupby(following.meet(came, went), lambda m: m[0])
    }
    return dict(came), met


@pytest.mark.parametrize("pool", ["general", "meals"])
def test_what_a_page_says_of_one_gift_is_the_rule_over_all_of_them(lively: Books, pool: str) -> None:
    stands, met = by_the_rule(pool)
    here = books()
    for source, fen in stands.items():
        trail = following.trail(here, here.transfer_of(source))
        parts = [(row.source, row.part) for row in trail.met]
        assert parts == met.get(source, [])
        assert (trail.fen, trail.left) == (fen, fen - sum(part for _to, part in parts))
        pages = [row for at in range(0, len(parts), 2) for row in trail.met[at : at + 2]]
        assert [(row.source, row.part) for row in pages] == parts
    left = sum(following.trail(here, here.transfer_of(source)).left for source in stands)
    assert left == sum(ledger.balance(here.account(code), here.pool(pool)) for code in ("1001", "1002", "1009"))


def test_the_receipts_page_shows_each_payment_it_met_and_nobodys_name(
    fund: Books, cast: Cast, client_of: ClientOf
) -> None:
    gift = make.gift(cast["accountant"], 50_000)
    make.paid(cast, 20_000)
    make.gift(cast["accountant"], 50_000)
    make.paid(cast, 40_000)
    page = client_of("visitor").get(f"/c/nanhu/fund/receipts/{receipts.code(gift.pk)}/")
    body = page.content.decode()
    for row in Transfer.objects.filter(source__startswith="fund.paymentrequest"):
        assert f"/fund/transfers/{row.pk}/" in body
    assert body.count("200.00") == 1
    assert body.count("300.00") == 1
    assert page.context["trail"].left == 0
