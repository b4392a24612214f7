"""Who hears of a payment whose papers are checked, that a committee decides on, or that is looked at afterwards."""

from __future__ import annotations

from weiyifang.core.actors import Actor
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.notices.models import Notice
from weiyifang.reactions.tests.test_notices import desks, names, noon, told

__all__ = ["desks", "noon"]  # the fixtures


def test_a_large_payment_goes_by_who_checks_and_the_committee_to_who_had_no_part_in_it(desks: dict[str, Actor]) -> None:
    fund.open_fund(by=desks["accountant"])
    money.gift(desks["accountant"], 1_000_000)
    row = money.request(desks["staff"], 1_000_000)
    assert told("payment_to_check") == names("accountant")
    assert told("payment_to_approve") == []
    row = fund.check_payment(request=row, by=desks["accountant"])
    assert told("payment_to_decide") == names("secretary", "member", "member_2", "supervisor")
    for who, voice in money.VOICES.items():
        row = fund.speak(request=row, voice=voice, by=desks[who])
    assert told("payment_to_pay") == names("cashier")
    fund.pay(request=row, by=desks["cashier"])
    assert not Notice.objects.filter(done_at=None).exists()


def test_what_was_paid_at_once_waits_for_who_looks_at_it(desks: dict[str, Actor]) -> None:
    fund.open_fund(by=desks["accountant"])
    money.gift(desks["accountant"])
    row = money.paid(desks, category="relief", urgent=True)
    assert told("payment_to_review") == names("supervisor")
    fund.review_payment(payment=row, finding="not_in_order", note="缺票", by=desks["supervisor"])
    assert not Notice.objects.filter(kind="payment_to_review", done_at=None).exists()
    assert told("payment_not_in_order") == names("staff", "secretary", "accountant")
