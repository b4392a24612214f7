"""Money given for a purpose stays with it, whoever would like it otherwise, and however many press at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.concurrency import at_once
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.server.database import as_owner
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.fund import entries, purposes, queries, services, verify
from weiyifang.fund.books import Books
from weiyifang.fund.entries import Sought
from weiyifang.fund.models import PaymentRequest, Purpose, PurposeChange
from weiyifang.fund.services import Change, NewPurpose
from weiyifang.fund.tests import make
from weiyifang.ledger import queries as ledger
from weiyifang.ledger import statements
from weiyifang.ledger import verify as ledger_verify
from weiyifang.ledger.services import OverdraftRefused
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
AGREED = {"restricted_by": "giver", "paper": "捐赠协议 2026-3"}


def opened(cast: Cast, **more: Any) -> Purpose:
    """A purpose that a giver has fixed: a corner of books, spent on themed activities alone."""
    fields = {"name": "楼道书角", "words": "给三个楼道添书架和书", "since": clock.today(), "category": "activities"}
    return services.open_purpose(wanted=NewPurpose(**{**fields, **AGREED, **more}), by=cast["secretary"])


def asked(cast: Cast, why: str, fen: int, of: str, **more: Any) -> PurposeChange:
    fields = {"happened_on": clock.today(), "reason": "按协议", **more}
    return services.ask_change(wanted=Change(why=why, from_pool=of, amount_fen=fen, **fields), by=cast["accountant"])


def changed(cast: Cast, why: str, fen: int, of: str, **more: Any) -> PurposeChange:
    return services.confirm_change(row=asked(cast, why, fen, of, **more), by=cast["secretary"])


def spent(cast: Cast, fen: int, pool: str, category: str = "activities") -> PaymentRequest:
    row = make.request(cast["staff"], fen, pool=pool, category=category)
    return services.pay(request=services.approve_payment(request=row, by=cast["secretary"]), by=cast["accountant"])


def net(code: str) -> tuple[int, int]:
    """What the books have of a purpose in free and in restricted net assets."""
    here = services.open_fund(by=system())
    return ledger.balance(here.account("3101"), here.pool(code)), ledger.balance(here.account("3102"), here.pool(code))


class TestOpening:
    def test_money_is_given_for_it_and_spent_on_it(self, fund: Books, cast: Cast) -> None:
        row = opened(cast)
        make.gift(cast["accountant"], 10_000, pool=row.code)
        spent(cast, 4_000, row.code)
        seen = purposes.one(row.code)
        assert (seen.came_in, seen.spent, seen.balance, seen.line.restricted) == (10_000, 4_000, 6_000, True)
        assert queries.overview(*queries.year_until()).restricted == 6_000
        assert verify.check() == []

    @pytest.mark.parametrize("wrong", [{"paper": ""}, {"paper": "  "}, {"restricted_by": ""}])
    def test_only_a_giver_or_the_law_fixes_it_and_a_paper_says_so(
        self, fund: Books, cast: Cast, wrong: dict[str, str]
    ) -> None:
        with pytest.raises(services.OnlyGiversRestrict):
            opened(cast, **wrong)
        row = opened(cast)
        with pytest.raises(IntegrityError, match="purpose_fixed_by_paper"), transaction.atomic():
            Purpose.objects.filter(pk=row.pk).update(paper="")

    def test_who_fixed_it_never_changes(self, fund: Books, cast: Cast) -> None:
        row = opened(cast)
        for field, value in {"restricted_by": "", "category": "", "code": "p9"}.items():
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                Purpose.objects.filter(pk=row.pk).update(**{field: value})

    @pytest.mark.parametrize("wrong", [{"category": "yachts"}, {"restricted_by": "us"}, {"until": timedelta(days=-1)}])
    def test_a_wrong_one_is_refused_with_a_sentence(self, fund: Books, cast: Cast, wrong: dict[str, Any]) -> None:
        with pytest.raises(Refused) as refused:
            opened(cast, **make.from_today(wrong))
        assert str(refused.value)
        assert not Purpose.objects.exists()

    def test_the_committee_opens_it_and_nobody_else(self, fund: Books, cast: Cast) -> None:
        for who in ("accountant", "staff", "supervisor", "leader", "resident"):
            with pytest.raises(NotAllowed):
                opened({**cast, "secretary": cast[who]})

    def test_what_was_given_for_one_thing_is_not_spent_on_another(self, fund: Books, cast: Cast) -> None:
        row = opened(cast)
        make.gift(cast["accountant"], 10_000, pool=row.code)
        with pytest.raises(services.OtherUse):
            make.request(cast["staff"], 100, pool=row.code, category="meals")
        with pytest.raises(services.OtherUse):
            make.request(cast["staff"], 100, pool="meals", category="activities")

    def test_it_is_closed_when_nothing_is_left_and_takes_no_more(self, fund: Books, cast: Cast) -> None:
        row = opened(cast)
        make.gift(cast["accountant"], 100, pool=row.code)
        with pytest.raises(services.NotEmptyYet):
            services.close_purpose(row=row, by=cast["secretary"])
        changed(cast, "giver", 100, row.code, to_pool="meals", paper="捐赠人来函")
        services.close_purpose(row=row, by=cast["secretary"])
        for verb in (make.gift, make.request):
            with pytest.raises(services.PurposeClosed):
                verb(cast["accountant"], 100, pool=row.code)
        assert verify.check() == []

    def test_what_comes_back_to_a_closed_one_waits_for_a_word(
        self, fund: Books, cast: Cast, client_of: ClientOf
    ) -> None:
        row = opened(cast)
        make.gift(cast["accountant"], 100, pool=row.code)
        payment = spent(cast, 100, row.code)
        services.close_purpose(row=row, by=cast["secretary"])
        back = services.Correction(kind="refund", amount_fen=30, happened_on=clock.today(), reason="退货")
        services.confirm_correction(
            row=services.ask_correction(payment=payment, wanted=back, by=cast["accountant"]), by=cast["secretary"]
        )
        page = client_of("secretary").get("/c/nanhu/workbench/").content.decode()
        assert row.name in page
        changed(cast, "giver", 30, row.code, to_pool="meals", paper="捐赠人来函")
        assert purposes.one("meals").balance == 30
        assert verify.check() == []

    def test_verify_finds_money_that_was_spent_on_something_else(self, fund: Books, cast: Cast) -> None:
        row = opened(cast)
        make.gift(cast["accountant"], 100, pool=row.code)
        waits = make.request(cast["staff"], 100, pool=row.code, category="activities")
        services.approve_payment(request=waits, by=cast["secretary"])
        PaymentRequest.objects.filter(pk=waits.pk).update(category="meals")
        assert "purposes" in {fault.check for fault in verify.check()}


class TestReleases:
    @pytest.fixture
    def books_corner(self, fund: Books, cast: Cast) -> str:
        """A purpose with 100 yuan, of which 40 were spent for it."""
        row = opened(cast)
        make.gift(cast["accountant"], 10_000, pool=row.code)
        spent(cast, 4_000, row.code)
        return row.code

    def test_what_was_spent_for_it_becomes_free_in_net_assets_and_moves_no_money(
        self, books_corner: str, cast: Cast
    ) -> None:
        assert purposes.suggested(purposes.one(books_corner)) == 4_000
        row = asked(cast, "spent", 4_000, books_corner)
        assert net(books_corner) == (0, 0), "nothing is booked before a second person has confirmed it"
        services.confirm_change(row=row, by=cast["secretary"])
        assert net(books_corner) == (4_000, -4_000)
        assert purposes.one(books_corner).balance == 6_000
        assert purposes.suggested(purposes.one(books_corner)) == 0
        assert verify.check() == []

    def test_no_more_is_released_than_was_spent(self, books_corner: str, cast: Cast) -> None:
        asked(cast, "spent", 3_000, books_corner)
        with pytest.raises(services.MoreThanSpent) as refused:
            asked(cast, "spent", 1_001, books_corner)
        assert "10.00" in str(refused.value)

    def test_what_is_refunded_before_it_is_confirmed_is_not_released(self, books_corner: str, cast: Cast) -> None:
        row = asked(cast, "spent", 4_000, books_corner)
        back = services.Correction(kind="refund", amount_fen=1, happened_on=clock.today(), reason="退货")
        payment = PaymentRequest.objects.get()
        fix = services.ask_correction(payment=payment, wanted=back, by=cast["accountant"])
        services.confirm_correction(row=fix, by=cast["secretary"])
        with pytest.raises(services.MoreThanSpent):
            services.confirm_change(row=row, by=cast["secretary"])
        assert net(books_corner) == (0, 0)

    def test_what_free_money_paid_before_comes_back_to_it(self, books_corner: str, cast: Cast) -> None:
        make.gift(cast["accountant"], 2_000)
        before = spent(cast, 2_000, "general")
        row = changed(cast, "paid", 2_000, books_corner, payment=before.number)
        assert (purposes.one("general").balance, purposes.one(books_corner).balance) == (2_000, 4_000)
        assert (net("general"), net(books_corner)) == ((2_000, 0), (0, -2_000))
        assert row.to_pool == "general"
        with pytest.raises(services.MoreThanSpent):
            asked(cast, "paid", 1, books_corner, payment=before.number)
        assert ledger.balance(services.open_fund(by=system()).account("1002")) == 8_000 - 2_000
        assert verify.check() == []

    def test_only_a_payment_of_free_money_for_that_use_counts(self, books_corner: str, cast: Cast) -> None:
        make.gift(cast["accountant"], 2_000)
        own = PaymentRequest.objects.get()
        meals = spent(cast, 100, "general", category="meals")
        waits = make.request(cast["staff"], 100, category="activities")
        for number in (own.number, meals.number, waits.number, 99, None):
            with pytest.raises(services.PaymentMissing):
                asked(cast, "paid", 100, books_corner, payment=number)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"why": "between", "to_pool": "general"}, services.OnlyGiversLift),
            ({"why": "giver", "to_pool": "general", "paper": "会议纪要"}, services.OnlyGiversLift),
            ({"why": "fulfilled", "to_pool": "general"}, services.PaperMissing),
            ({"why": "fulfilled", "to_pool": "meals", "paper": "验收单"}, services.OnlyGiversRestrict),
            ({"why": "giver", "to_pool": "meals"}, services.PaperMissing),
            ({"why": "between", "of": "general", "to_pool": "meals"}, services.OnlyGiversRestrict),
            ({"why": "fulfilled", "of": "general", "to_pool": "meals", "paper": "x"}, services.NotRestricted),
            ({"why": "between", "of": "general", "to_pool": "general"}, services.SamePurpose),
            ({"why": "undone"}, services.UnknownCode),
            ({"why": "giver", "to_pool": "yachts", "paper": "x"}, services.UnknownCode),
            ({"why": "spent", "of": "yachts"}, services.UnknownCode),
            ({"why": "spent", "fen": 0}, services.NotPositive),
            ({"why": "spent", "happened_on": timedelta(days=2)}, services.NotYetReceived),
        ],
    )
    def test_the_committee_neither_fixes_nor_lifts(
        self, books_corner: str, cast: Cast, wrong: dict[str, Any], said: type[Refused]
    ) -> None:
        make.gift(cast["accountant"], 2_000)
        with pytest.raises(said) as refused:
            asked(cast, **{"fen": 100, "of": books_corner, **make.from_today(wrong)})
        assert str(refused.value)
        assert not PurposeChange.objects.exists()

    def test_free_money_goes_to_another_free_purpose_by_two(self, fund: Books, cast: Cast) -> None:
        row = opened(cast, restricted_by="", paper="", category="")
        make.gift(cast["accountant"], 1_000)
        one = asked(cast, "between", 400, "general", to_pool=row.code)
        for who in ("accountant", "staff", "supervisor"):
            with pytest.raises(NotAllowed):
                services.confirm_change(row=one, by=cast[who])
        services.confirm_change(row=one, by=cast["secretary"])
        assert (purposes.one("general").balance, purposes.one(row.code).balance) == (600, 400)
        with pytest.raises(ForbiddenMove):
            services.confirm_change(row=one, by=cast["secretary"])
        assert verify.check() == []
        seen = queries.overview(*queries.year_until())
        assert (seen.income_fen, seen.spent_fen, seen.balance) == (1_000, 0, 1_000)
        assert [entry.way for entry in entries.entries(entries.transfers(Sought(kind="changed")))] == ["moved"] * 2

    def test_a_change_is_taken_back_by_another_and_by_nothing_else(self, books_corner: str, cast: Cast) -> None:
        first = changed(cast, "spent", 4_000, books_corner)
        second = changed(cast, "fulfilled", 6_000, books_corner, to_pool="general", paper="结项报告")
        for row in (first, second):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                PurposeChange.objects.filter(pk=row.pk).update(amount_fen=1)
            back = services.ask_undo(row=row, reason="金额写错了", by=cast["accountant"])
            with pytest.raises(services.NothingToUndo):
                services.ask_undo(row=row, reason="再来一次", by=cast["accountant"])
            services.confirm_change(row=back, by=cast["secretary"])
            with pytest.raises(services.NothingToUndo):
                services.ask_undo(row=back, reason="反悔", by=cast["accountant"])
        assert net(books_corner) == net("general") == (0, 0)
        assert (purposes.one(books_corner).balance, purposes.suggested(purposes.one(books_corner))) == (6_000, 4_000)
        assert verify.check() == []

    def test_refused_and_withdrawn_ones_book_nothing(self, books_corner: str, cast: Cast) -> None:
        services.refuse_change(row=asked(cast, "spent", 1, books_corner), reason="没有附件", by=cast["secretary"])
        services.withdraw_change(row=asked(cast, "spent", 1, books_corner), by=cast["accountant"])
        assert (net(books_corner), purposes.suggested(purposes.one(books_corner))) == ((0, 0), 4_000)
        assert verify.check() == []

    def test_verify_finds_a_release_that_the_books_do_not_have(self, books_corner: str, cast: Cast) -> None:
        row = asked(cast, "spent", 4_000, books_corner)
        PurposeChange.objects.filter(pk=row.pk).update(
            state="booked", decided_by_id=cast["secretary"].account_id, decided_at=clock.now(), booked_on=clock.today()
        )
        assert {"by two", "releases"} <= {fault.check for fault in verify.check()}

    def test_a_gift_is_followed_into_the_other_purpose(self, fund: Books, cast: Cast, client_of: ClientOf) -> None:
        row = opened(cast, restricted_by="", paper="", category="")
        make.gift(cast["accountant"], 1_000)
        changed(cast, "between", 1_000, "general", to_pool=row.code)
        out = fund.transfer_of(f"{source_of(PurposeChange.objects.get())}/out")
        page = client_of("visitor").get(f"/c/nanhu/fund/transfers/{out.pk}/").content.decode()
        assert row.name in page
        assert "按协议" in page


# --- at the same moment -----------------------------------------------------------------------------------------


@pytest.fixture
def without_the_floor() -> Iterator[None]:
    """The database lets what lies in a place for a purpose fall below nothing."""
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ledger_balance_floor'")
        (floor,) = cursor.fetchone()
        cursor.execute("ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_floor")
    yield
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_balance CASCADE")
        cursor.execute(f"ALTER TABLE ledger_balance ADD CONSTRAINT ledger_balance_floor {floor}")


def _two_at_once(cast: Cast) -> list[Any]:
    """The last 100 yuan of a purpose, given two others at the same moment."""
    row = opened(cast)
    make.gift(cast["accountant"], 10_000, pool=row.code)
    wanted = [asked(cast, "giver", 10_000, row.code, to_pool=to, paper="捐赠人来函") for to in ("meals", "activities")]

    def confirmed(change: PurposeChange) -> Any:
        try:
            return services.confirm_change(row=change, by=cast["secretary"])
        except Refused as error:
            return error

    return at_once(*[partial(confirmed, change) for change in wanted])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_the_last_yuan_of_a_purpose_one_has_it(fund: Books, cast: Cast) -> None:
    results = _two_at_once(cast)
    assert [type(result) for result in results].count(OverdraftRefused) == 1
    assert verify.check() == []
    assert ledger_verify.check() == []


@pytest.mark.any_lock_order
@pytest.mark.django_db(transaction=True)
def test_without_lock_and_floor_both_have_it(
    fund: Books, cast: Cast, without_the_floor: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = statements.POST_MANY.replace("FOR NO KEY UPDATE OF b", "").replace(
        "WHERE (SELECT missing FROM met) = 0", "WHERE (SELECT missing FROM met) = 0 AND pg_sleep(0.2) IS NOT NULL"
    )
    monkeypatch.setattr(statements, "POST_MANY", slow)
    results = _two_at_once(cast)
    assert not [result for result in results if isinstance(result, Refused)]
    assert "ledger floor" in {fault.check for fault in ledger_verify.check()}
