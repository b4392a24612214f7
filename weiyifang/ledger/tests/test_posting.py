from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import override

from weiyifang.communities.models import Community
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import in_community
from weiyifang.ledger import queries, services, verify
from weiyifang.ledger.models import Balance, Hold, Movement, Transfer
from weiyifang.ledger.tests.make import DAY, Fund, fund, source


def test_a_donation_arrives_and_is_spent(our_fund: Fund) -> None:
    our_fund.give(50_000)
    our_fund.spend(20_000)
    assert queries.balance(our_fund.bank) == 30_000
    assert queries.balance(our_fund.gifts) == 50_000
    assert queries.balance(our_fund.costs) == 20_000


def test_pools_are_kept_apart_on_one_bank_account(our_fund: Fund) -> None:
    our_fund.give(1_000)
    our_fund.give(300, pool=our_fund.meals)
    with pytest.raises(services.OverdraftRefused):
        our_fund.spend(301, pool=our_fund.meals)
    our_fund.spend(300, pool=our_fund.meals)
    assert queries.balance(our_fund.bank, our_fund.general) == 1_000
    assert queries.balance(our_fund.bank, our_fund.meals) == 0
    assert queries.balance(our_fund.bank) == 1_000


def test_a_floored_account_goes_to_zero_and_not_below(our_fund: Fund) -> None:
    our_fund.give(100)
    with pytest.raises(services.OverdraftRefused) as refusal:
        our_fund.spend(101)
    with override("en"):
        assert str(refusal.value).startswith("银行存款 does not hold enough for this.")
    our_fund.spend(100)
    assert queries.balance(our_fund.bank) == 0


def test_a_floored_account_that_grows_by_credits_has_its_floor_too(our_fund: Fund) -> None:
    promised = services.open_account(
        book=our_fund.book, code="2209", name="应付", side="credit", floored=True, by=our_fund.by
    )
    with pytest.raises(services.OverdraftRefused):
        our_fund.post(debit=promised, credit=our_fund.gifts, amount=1)
    our_fund.post(debit=our_fund.costs, credit=promised, amount=5)
    our_fund.post(debit=promised, credit=our_fund.gifts, amount=5)
    assert queries.balance(promised) == 0


def test_a_refusal_leaves_the_callers_transaction_usable(our_fund: Fund) -> None:
    with transaction.atomic():
        with pytest.raises(services.OverdraftRefused):
            our_fund.spend(1)
        with pytest.raises(services.OverdraftRefused):
            services.post_many([our_fund.posting(debit=our_fund.costs, credit=our_fund.bank)], by=our_fund.by)
        our_fund.give(1)
    assert Transfer.objects.count() == queries.balance(our_fund.bank) == 1


@pytest.mark.parametrize("amount", [0, -1, 1.5, "5", True])
def test_an_amount_is_a_whole_number_above_zero(our_fund: Fund, amount: Any) -> None:
    with pytest.raises(services.AmountRefused):
        our_fund.give(amount)


def test_nothing_moves_from_an_account_to_itself(our_fund: Fund) -> None:
    with pytest.raises(services.SameAccount):
        our_fund.post(debit=our_fund.bank, credit=our_fund.bank, amount=1)


def test_accounts_and_pool_are_of_one_book(our_fund: Fund) -> None:
    other = fund("other")
    with pytest.raises(ValueError, match="different books"):
        our_fund.give(1, pool=other.general)
    with pytest.raises(ValueError, match="different books"):
        our_fund.give(1, credit=other.gifts)


def test_the_same_source_posts_once(our_fund: Fund) -> None:
    first = our_fund.give(100, source="tests.gift:1", memo="春茗")
    again = our_fund.give(100, source="tests.gift:1", memo="春茗")
    assert again == first
    assert again.recorded_at == first.recorded_at
    assert queries.balance(our_fund.bank) == 100


def test_a_second_try_succeeds_even_when_the_money_is_spent(our_fund: Fund) -> None:
    our_fund.give(100)
    first = our_fund.spend(100, source="tests.cost:1")
    assert our_fund.spend(100, source="tests.cost:1") == first


def test_two_books_may_follow_from_one_source(our_fund: Fund) -> None:
    hours = fund("hours")
    assert our_fund.give(1, source="tests.thing").pk != hours.give(1, source="tests.thing").pk


@pytest.mark.parametrize("field", ["debit", "credit", "pool", "amount", "effective_on", "memo", "party"])
def test_the_same_source_with_another_content_is_refused(our_fund: Fund, field: str) -> None:
    other: dict[str, Any] = {
        "debit": our_fund.costs,
        "credit": our_fund.costs,
        "pool": our_fund.meals,
        "amount": 101,
        "effective_on": date(2026, 3, 11),
        "memo": "别的",
        "party": "tests.party:2",
    }
    our_fund.give(100, source="tests.gift:1")
    with pytest.raises(services.TransferConflict):
        our_fund.post(**our_fund.posting(**{"source": "tests.gift:1", field: other[field]})._asdict())
    with pytest.raises(services.TransferConflict):
        services.post_many([our_fund.posting(**{"source": "tests.gift:1", field: other[field]})], by=our_fund.by)
    assert Transfer.objects.count() == 1


def test_a_second_try_may_come_in_another_journal(our_fund: Fund) -> None:
    first = our_fund.give(100, source="tests.gift:1", journal=new_id())
    assert our_fund.give(100, source="tests.gift:1", journal=new_id()) == first


def test_a_journal_is_posted_whole_or_not_at_all(our_fund: Fund) -> None:
    journal = new_id()
    gift = our_fund.posting(amount=500, journal=journal)
    cost = our_fund.posting(debit=our_fund.costs, credit=our_fund.bank, amount=501, journal=journal)
    with pytest.raises(services.OverdraftRefused):
        services.post_many([gift, cost], by=our_fund.by)
    assert not Transfer.objects.exists()
    assert not any(queries.balances(our_fund.book).values())


def test_a_batch_looks_at_what_it_does_in_the_end(our_fund: Fund) -> None:
    cost = our_fund.posting(debit=our_fund.costs, credit=our_fund.bank, amount=500)
    gift = our_fund.posting(amount=500)
    posted = services.post_many([cost, gift], by=our_fund.by)
    assert [Transfer.objects.get(pk=pk).source for pk in posted] == [cost.source, gift.source]
    assert queries.balance(our_fund.bank) == 0


def test_a_batch_run_again_pays_nobody_twice(our_fund: Fund) -> None:
    run = [our_fund.posting(source=f"tests.grant:{number}") for number in range(43)]
    first = services.post_many(run[:20], by=our_fund.by)
    whole = services.post_many(run, by=our_fund.by)
    assert whole[:20] == first
    assert services.post_many(run, by=our_fund.by) == whole
    assert queries.balance(our_fund.bank) == 4_300


def test_a_batch_may_name_one_thing_twice_but_not_in_two_ways(our_fund: Fund) -> None:
    once = our_fund.posting()
    one, two = services.post_many([once, once], by=our_fund.by)
    assert one == two
    with pytest.raises(services.TransferConflict):
        services.post_many(
            [our_fund.posting(source="x", amount=1), our_fund.posting(source="x", amount=2)], by=our_fund.by
        )
    assert services.post_many([], by=our_fund.by) == []


@pytest.mark.parametrize("text", ["", "NULL", "给公益基金", 'a "quoted" \\ {word}, \t\n\x1f', "\u2028 😀 é", "'; --"])
def test_what_is_posted_is_what_was_given_alone_or_in_a_batch(our_fund: Fund, text: str) -> None:
    alone = our_fund.posting(source=f"alone {text}", memo=text, party=text, journal=new_id())
    batch = [our_fund.posting(source=f"{n} {text}", memo=text, party=text, journal=new_id()) for n in range(2)]
    other = our_fund.posting(debit=our_fund.costs, credit=our_fund.gifts, pool=our_fund.meals, effective_on=date.min)
    ids = [services.post(**alone._asdict(), by=our_fund.by), *services.post_many([*batch, other], by=our_fund.by)]
    assert [read_back(pk) for pk in ids] == [alone, *batch, other]
    assert verify.check() == []  # each content hash among it


def read_back(pk: UUID) -> services.Posting:
    row = Transfer.objects.get(pk=pk)
    return services.Posting(**{name: getattr(row, name) for name in services.Posting._fields})


def test_a_text_that_no_table_can_keep_stops_the_batch(our_fund: Fund) -> None:
    our_fund.give(1)
    with pytest.raises(DataError):
        services.post_many([our_fund.posting(memo="a\0b")], by=our_fund.by)
    assert Transfer.objects.count() == 1


def test_a_closed_account_takes_nothing_more(our_fund: Fund) -> None:
    our_fund.give(100)
    with pytest.raises(services.AccountNotEmpty):
        services.close_account(account=our_fund.bank, by=our_fund.by)
    our_fund.spend(100)
    services.close_account(account=our_fund.bank, by=our_fund.by)
    with pytest.raises(services.AccountClosed):
        our_fund.give(1)
    with pytest.raises(services.AccountClosed):
        our_fund.give(1, pool=our_fund.meals)  # which it had never met
    with pytest.raises(services.AccountClosed):
        our_fund.hold(1)
    with pytest.raises(services.AccountClosed):
        services.post_many([our_fund.posting()], by=our_fund.by)


def test_opening_again_gives_what_stands_unless_it_differs(our_fund: Fund) -> None:
    assert fund() == our_fund
    with pytest.raises(services.CodeTaken):
        services.open_book(code="fund", name="时间银行", unit="minutes", by=our_fund.by)
    with pytest.raises(services.CodeTaken):
        services.open_account(
            book=our_fund.book, code=our_fund.bank.code, name="银行", side="debit", floored=False, by=our_fund.by
        )
    with pytest.raises(services.CodeTaken):
        services.open_pool(book=our_fund.book, code=our_fund.meals.code, name="x", restricted=True, by=our_fund.by)


def test_posting_is_one_statement(our_fund: Fund, django_assert_num_queries: Any) -> None:
    our_fund.give(1)
    with django_assert_num_queries(0):  # Django sees none: the one statement goes past its cursors
        services.post(**our_fund.posting()._asdict(), by=our_fund.by)


def test_a_reversal_goes_the_other_way_and_leaves_the_original(our_fund: Fund) -> None:
    gift = our_fund.give(1_000, party="people.resident:1")
    before = Transfer.objects.values().get(pk=gift.pk)
    part = our_fund.reverse(gift, amount=400, effective_on=DAY)
    rest = our_fund.reverse(gift, effective_on=DAY)
    assert (part.amount, rest.amount) == (400, 600)
    assert (rest.debit, rest.credit, rest.pool, rest.reverses) == (gift.credit, gift.debit, gift.pool, gift)
    assert queries.balance(our_fund.bank) == 0
    assert Transfer.objects.values().get(pk=gift.pk) == before
    with pytest.raises(services.ReversalTooLarge):
        services.reverse(transfer=gift, source=source(), by=our_fund.by)
    with pytest.raises(services.NotReversible):
        services.reverse(transfer=rest, source=source(), by=our_fund.by)


def test_a_reversal_tried_again_is_the_same_reversal(our_fund: Fund) -> None:
    gift = our_fund.give(1_000)
    first = services.reverse(transfer=gift, source="tests.refund:1", by=our_fund.by)
    assert services.reverse(transfer=gift, source="tests.refund:1", by=our_fund.by) == first
    with pytest.raises(services.TransferConflict):
        services.reverse(transfer=gift, source="tests.refund:1", amount=1, by=our_fund.by)


def test_a_gift_that_is_spent_cannot_be_given_back(our_fund: Fund) -> None:
    gift = our_fund.give(1_000)
    our_fund.spend(1)
    with pytest.raises(services.OverdraftRefused):
        services.reverse(transfer=gift, source=source(), by=our_fund.by)


def test_the_floor_is_a_promise_of_the_database(our_fund: Fund) -> None:
    our_fund.give(1)
    with pytest.raises(IntegrityError, match="ledger_balance_floor"), transaction.atomic():
        Balance.objects.filter(account=our_fund.bank).update(credits=2)


@pytest.mark.parametrize("kind", [Transfer, Hold])
def test_the_database_keeps_movements_to_one_book_of_one_community(our_fund: Fund, kind: type[Movement]) -> None:
    other = fund("other")
    next_door = Community(id=500108002002, slug="next-door", name="隔壁", short_name="隔壁")
    next_door.save(force_insert=True)
    for one in (our_fund, other):
        one.give(1)
        one.hold(1)
    with in_community(next_door):
        fund().give(1)
    row = kind.objects.get(book=our_fund.book)
    for strange in (
        {"book_id": other.book.id},
        {"pool_id": other.general.id},
        {"debit_id": other.bank.id},
        {"credit_id": other.gifts.id},
        {"debit_id": new_id()},
        {"community_id": next_door.id},
        {"community_id": 1},
    ):
        values = {field.attname: getattr(row, field.attname) for field in kind._meta.concrete_fields}
        planted = kind(**{**values, "id": new_id(), "source": source(), **strange})
        with (
            in_community(planted.community_id),
            pytest.raises(IntegrityError, match=r"ledger_\w+_(debit|credit)_fk"),
            transaction.atomic(),
        ):
            planted.save(force_insert=True)
