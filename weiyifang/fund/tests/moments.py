"""Pages to look at when money is given, asked for, paid and corrected. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.browser.pages import BENCH, HOME, LONG, Moment, Visit
from tests.stage import TODAY, Stage, home_of
from weiyifang.core import clock
from weiyifang.fund import receipts
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.fund.services import Change, Correction, Move, NewPurpose
from weiyifang.fund.tests import make as money
from weiyifang.ledger.models import Transfer
from weiyifang.people import typed_forms
from weiyifang.people.models import Account


def the_fund_after_a_month(stage: Stage) -> Iterator[Visit]:
    """Sealed months, payments, a correction, a named giver; and what a search does not find."""
    cast = dict(stage.cast)
    whole = money.gift(
        cast["accountant"], 4_461_400, donor_name="重庆市南岸区花园路粮油供应有限责任公司", is_named=True
    )
    before = date(TODAY.year, TODAY.month, 1) - timedelta(days=1)
    money.gift(
        cast["accountant"],
        50_000,
        received_on=before,
        channel="residents",
        resident_id=home_of(stage.cast, "resident").pk,
    )
    money.paid(cast, 123_450)
    wrong = money.gift(cast["accountant"], 7_700)
    fund.take_back(donation=wrong, reason="记到别的社区去了", by=cast["accountant"])
    fund.close_month(month=before, by=cast["accountant"])
    correction = Transfer.objects.get(reverses__isnull=False)
    out = Transfer.objects.filter(source__startswith="fund.paymentrequest").order_by("-id")[0]
    yield Visit(name="fund-full", address=f"{HOME}fund/")
    held = money.ledger_now()
    fund.state_balance(method="bank", stated_on=TODAY, stated_fen=held, by=cast["accountant"])
    yield Visit(name="fund-compared", address=f"{HOME}fund/")
    yield Visit(name="fund-months-sealed", address=f"{HOME}fund/months/")
    followed = Donation.objects.order_by("number")[0]
    money.paid(cast, 12_345)
    yield Visit(name="receipt-followed", address=f"{HOME}fund/receipts/{receipts.code(followed.pk)}/")
    yield Visit(name="receipt-open-month", address=f"{HOME}fund/receipts/{receipts.code(whole.pk)}/")
    yield Visit(name="receipt-taken-back", address=f"{HOME}fund/receipts/{receipts.code(wrong.pk)}/")
    yield Visit(name="fund-transfer-out", address=f"{HOME}fund/transfers/{out.pk}/")
    yield Visit(name="fund-correction", address=f"{HOME}fund/transfers/{correction.pk}/")
    yield Visit(name="fund-corrected", address=f"{HOME}fund/transfers/{correction.reverses_id}/")
    yield Visit(name="fund-channel", address=f"{HOME}fund/transfers/?channel=partners")
    yield Visit(name="fund-none", address=f"{HOME}fund/transfers/?q=没有这笔")
    yield Visit(name="home-fund", address=HOME)


def payments(stage: Stage) -> Iterator[Visit]:
    """A payment in each of its states, with the buttons of whoever may go on."""
    cast = dict(stage.cast)
    waits = money.request(cast["staff"], fen=934_567, title=LONG, payee="重庆市南岸区花园路粮油供应有限责任公司")
    row = f"{BENCH}fund/payments/"
    yield Visit(name="payment-mine", address=f"{row}{waits.pk}/", who="staff")
    yield Visit(name="payment-to-check", address=f"{row}{waits.pk}/", who="accountant")
    fund.check_payment(request=waits, by=cast["accountant"])
    yield Visit(name="payment-to-approve", address=f"{row}{waits.pk}/", who="secretary")
    nothing = {"reason": "", "_once": "no-reason"}
    yield Visit(
        name="payment-no-reason", address=f"{row}{waits.pk}/return/", who="secretary", sends=nothing, status=422
    )
    back = fund.send_back_payment(request=waits, reason="少一张发票，补了再交", by=cast["secretary"])
    yield Visit(name="payment-sent-back", address=f"{row}{back.pk}/", who="staff")
    refused = fund.refuse_payment(request=money.request(cast["staff"]), reason="不合用途", by=cast["secretary"])
    yield Visit(name="payment-refused", address=f"{row}{refused.pk}/", who="staff")
    approved = fund.approve_payment(request=money.request(cast["staff"]), by=cast["secretary"])
    yield Visit(name="payment-to-pay", address=f"{row}{approved.pk}/", who="accountant")
    paid = fund.pay(request=approved, slip="回单 12", by=cast["accountant"])
    wrong = Correction(kind="mistake", amount_fen=8_880, happened_on=TODAY, reason="数量记错了，少送了一袋米")
    fix = fund.ask_correction(payment=paid, wanted=wrong, by=cast["accountant"])
    yield Visit(name="correction-to-confirm", address=f"{BENCH}fund/corrections/{fix.pk}/", who="secretary")
    fund.confirm_correction(row=fix, by=cast["secretary"])
    yield Visit(name="correction-booked", address=f"{BENCH}fund/corrections/{fix.pk}/", who="accountant")
    money.gift(cast["accountant"], 5_000, method="cash", channel="market")
    carried = Move(from_method="cash", to_method="bank", amount_fen=5_000, happened_on=TODAY, slip="存款单 0815")
    moved = fund.ask_move(wanted=carried, by=cast["accountant"])
    yield Visit(name="move-mine", address=f"{BENCH}fund/moves/{moved.pk}/", who="accountant")
    fund.confirm_move(row=moved, by=cast["secretary"])
    yield Visit(name="moves-booked", address=f"{BENCH}fund/moves/", who="secretary")
    fund.state_balance(method="bank", stated_on=TODAY, stated_fen=1, note="手续费还没记", by=cast["accountant"])
    yield Visit(name="statements-differ", address=f"{BENCH}fund/statements/", who="accountant")
    yield Visit(name="journal-bank", address=f"{BENCH}fund/books/1002/", who="accountant")
    yield Visit(name="books-with-places", address=f"{BENCH}fund/books/", who="accountant")
    money.gift(cast["accountant"], 3_000_000)
    together = fund.check_payment(request=money.request(cast["staff"], 1_234_500), by=cast["accountant"])
    yield Visit(name="payment-to-watch", address=f"{row}{together.pk}/", who="supervisor")
    for who, voice in (("supervisor", "watches"), ("secretary", "for"), ("member", "for")):
        fund.speak(request=together, voice=voice, by=cast[who])
    yield Visit(name="payment-to-vote", address=f"{row}{together.pk}/", who="member_2")
    fund.speak(request=together, voice="for", by=cast["member_2"])
    yield Visit(name="payment-decided", address=f"{row}{together.pk}/", who="cashier")
    yield Visit(name="payment-minutes", address=f"{row}{together.pk}/minutes/", who="secretary")
    urgent = money.paid(cast, 320_000, category="relief", title="大病急难救助", urgent=True)
    yield Visit(name="payment-to-review", address=f"{row}{urgent.pk}/", who="supervisor")
    fund.review_payment(payment=urgent, finding="not_in_order", note="缺一张出院小结", by=cast["supervisor"])
    yield Visit(name="payment-reviewed", address=f"{row}{urgent.pk}/", who="supervisor")
    late = fund.approve_payment(request=money.request(cast["staff"]), by=cast["secretary"])
    PaymentRequest.objects.filter(pk=late.pk).update(approved_until=clock.now())
    yield Visit(name="payment-lapsed", address=f"{row}{late.pk}/", who="staff")
    yield Visit(name="payment-paid", address=f"{row}{paid.pk}/", who="street_officer")
    yield Visit(name="payments-none", address=f"{BENCH}fund/?state=withdrawn", who="secretary")
    yield Visit(name="payments-accountant", address=f"{BENCH}fund/", who="accountant")
    yield Visit(name="payments-led", address=f"{BENCH}fund/", who="leader")
    far = {"month": "2026-10-01", "_once": "too-early"}
    yield Visit(name="books-too-early", address=f"{BENCH}fund/books/", who="accountant", sends=far, status=422)
    gift = {"channel": "partners", "amount": "no", "_once": "faults"}
    yield Visit(name="income-faults", address=f"{BENCH}fund/income/", who="accountant", sends=gift, status=422)


def purposes(stage: Stage) -> Iterator[Visit]:
    """A purpose that a giver fixed: with money, spent in part, released by two people; and what is refused."""
    cast, bench = dict(stage.cast), f"{BENCH}fund/purposes/"
    yield Visit(name="purposes-none-of-ours", address=bench, who="secretary")
    corner = NewPurpose(
        name="楼道书角和夜读灯",
        words="给三个楼道添书架、书和夜读灯，一年内做完，余款由捐款人另定。",
        since=TODAY,
        category="activities",
        restricted_by="giver",
        paper="重庆市南岸区花园路粮油供应有限责任公司捐赠协议 2026-3",
    )
    row = fund.open_purpose(wanted=corner, by=cast["secretary"])
    money.gift(cast["accountant"], 4_461_400, pool=row.code)
    asked = money.request(cast["staff"], 123_450, pool=row.code, category="activities")
    fund.pay(request=fund.approve_payment(request=asked, by=cast["secretary"]), by=cast["accountant"])
    yield Visit(name="purpose-spent-in-part", address=f"{bench}{row.code}/", who="accountant")
    yield Visit(name="purpose-to-release", address=f"{bench}{row.code}/change/", who="accountant")
    lifted = {
        "why": "giver",
        "amount": "1",
        "to_pool": "general",
        "reason": "想挪用",
        "_once": "lifted",
        "happened_on": str(TODAY),
    }
    yield Visit(
        name="purpose-not-lifted", address=f"{bench}{row.code}/change/", who="accountant", sends=lifted, status=422
    )
    spent = Change(
        why="spent", from_pool=row.code, amount_fen=123_450, happened_on=TODAY, reason="三个楼道的书架装好了"
    )
    one = fund.ask_change(wanted=spent, by=cast["accountant"])
    yield Visit(name="release-to-confirm", address=f"{BENCH}fund/changes/{one.pk}/", who="secretary")
    fund.confirm_change(row=one, by=cast["secretary"])
    yield Visit(name="release-booked", address=f"{BENCH}fund/changes/{one.pk}/", who="accountant")
    yield Visit(name="purposes-open-to-all", address=f"{HOME}fund/purposes/")
    yield Visit(name="purposes-changed-entries", address=f"{HOME}fund/transfers/?kind=changed")


def budgets(stage: Stage) -> Iterator[Visit]:
    """A year's plan: written down, approved, spent in part, gone beyond."""
    cast, bench = dict(stage.cast), f"{BENCH}fund/"
    lines = {("general", "meals"): 100_000, ("general", "venue"): 2_000_000, ("meals", "meals"): 50_000}
    paper = "管委会 2026 年第 1 次会议纪要"
    row = fund.ask_budget(year=TODAY.year, lines=lines, paper=paper, happened_on=TODAY, by=cast["accountant"])
    yield Visit(name="budget-to-approve", address=f"{bench}budgets/{row.pk}/", who="secretary")
    fund.confirm_budget(row=row, by=cast["secretary"])
    money.gift(cast["accountant"], 1_000_000)
    beyond = money.request(cast["staff"], 150_000, beyond="冬至来的老人比往年多一半")
    yield Visit(name="budget-against-actual", address=f"{bench}budgets/", who="accountant")
    yield Visit(name="budget-open-to-all", address=f"{HOME}fund/budget/")
    yield Visit(name="payment-beyond-budget", address=f"{bench}payments/{beyond.pk}/", who="secretary")
    more = {"title": "米", "payee": "粮油店", "category": "meals", "pool": "general", "amount": "1", "_once": "beyond"}
    yield Visit(name="payment-asked-why-beyond", address=f"{bench}payments/new/", who="staff", sends=more, status=422)


def what_was_typed(stage: Stage) -> Iterator[Visit]:
    """The wall in front of money, and what was typed before it: on its page, and where there is none."""
    row = money.request(stage.cast["staff"])
    fund.approve_payment(request=row, by=stage.cast["secretary"])
    payout, income = f"{BENCH}fund/payments/{row.pk}/payout/", f"{BENCH}fund/income/"
    accountant = Account.objects.get(username="accountant")
    typed_forms.put(accountant.pk, payout, "papers=收据第 7、8、9 号")
    yield Visit(name="typed-no-page", address=f"{payout}?typed=1", who="accountant")
    gift = "channel=residents&amount=88.50&received_on=2026-10-14&method=cash&pool=general&donor_name=欧阳明月"
    typed_forms.put(accountant.pk, income, gift)
    yield Visit(name="typed-on-its-page", address=f"{income}?typed=1", who="accountant")
    TOTP.activate(accountant, generate_totp_secret())
    wall = f"/accounts/2fa/reauthenticate/?next={income}"
    yield Visit(name="second-factor-again", address=wall, who="accountant")


MOMENTS: tuple[Moment, ...] = (
    the_fund_after_a_month,
    payments,
    purposes,
    budgets,
    what_was_typed,
)
