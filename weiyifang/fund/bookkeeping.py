"""The bookkeeper's task pages: money that is moved, payments that are corrected, the books account by account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import long_work, timeline
from weiyifang.core.money import yuan
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require, require_fresh
from weiyifang.core.web.downloads import saved
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.core.web.periods import PeriodForm
from weiyifang.fund import entries, queries, receipts, rules, services, statement
from weiyifang.fund.forms import CorrectionForm, DaysFilter, MoveForm, ReasonForm, StatedForm
from weiyifang.fund.models import Decision, MoneyMove, PaymentCorrection, StatedBalance
from weiyifang.ledger import queries as ledger
from weiyifang.people.roles import Permission

BOTH = ("GET", "POST")
OF_TWO = TypeVar("OF_TWO", MoneyMove, PaymentCorrection)


# --- money that goes from one place to another ---------------------------------------------------------------------


@page(holds(Permission.SEE_BOOKS), methods=BOTH)
def moves(request: PageRequest) -> HttpResponseBase:
    """Where the money lies; say that some was taken elsewhere; all that was moved, newest first."""
    can_move = rules.can_move_money(request.actor)
    form = MoveForm(request.POST or None)
    if request.method == "POST":
        require(can_move)
        require_fresh(request.actor)
        if form.is_valid():
            with refusals_on(form):
                row = services.ask_move(wanted=form.move(), by=request.actor)
            if not form.errors:
                messages.success(request, _("Written down. It is booked when a second person has confirmed it."))
                return redirect("fund:move", pk=row.pk)
    rows = MoneyMove.objects.select_related("asked_by").order_by("-number")
    context = {"form": form, "can_move": can_move, "page": paged(request, rows), "places": queries.stated()}
    return show(request, "fund/workbench/moves.html", context, status=422 if form.errors else 200)


@page(holds(Permission.SEE_BOOKS))
def move(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One move: what is said, by whom, and what I may do with it."""
    row = _move(pk)
    return show(request, "fund/workbench/move.html", _of_two(request, row))


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def move_confirmation(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Confirm what another asked for: it is booked."""
    services.confirm_move(row=_move(pk), by=request.actor)
    messages.success(request, _("Confirmed and booked. Everybody can see it now."))
    return redirect("fund:move", pk=pk)


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def move_refusal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say no, with the reason."""
    return _refused(request, _move(pk), services.refuse_move, "fund/workbench/move.html", "fund:move")


@page(rules.can_move_money, methods=("POST",))
def move_withdrawal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take back what one asked for oneself."""
    services.withdraw_move(row=_move(pk), by=request.actor)
    messages.success(request, _("Withdrawn."))
    return redirect("fund:moves")


def _move(pk: UUID) -> MoneyMove:
    return get_object_or_404(MoneyMove.objects.select_related("asked_by", "decided_by"), pk=pk)


def _of_two(request: PageRequest, row: MoneyMove | PaymentCorrection, **more: Any) -> dict[str, Any]:
    asked = row.state == Decision.ASKED
    return {
        "row": row,
        "history": timeline.of(source_of(row))[:20],
        "can_decide": asked and rules.can_decide(request.actor, row),
        "can_withdraw": asked and rules.can_withdraw(request.actor, row),
        "reason_form": ReasonForm(),
        **more,
    }


def _refused(
    request: PageRequest, row: OF_TWO, verb: Callable[..., OF_TWO], template: str, route: str
) -> HttpResponseBase:
    form = ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            verb(row=row, reason=form.cleaned_data["reason"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Refused with your reason."))
            return redirect(route, pk=row.pk)
    return show(request, template, _of_two(request, row, reason_form=form), status=422)


# --- payments that are corrected -----------------------------------------------------------------------------------


@page(holds(Permission.PAY), methods=BOTH)
def payment_correction(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say that money of a paid payment came back, or that it was booked wrongly."""
    require_fresh(request.actor)
    payment = get_object_or_404(rules.visible_to(request.actor), pk=pk)
    left = services.left_of(payment)
    form = CorrectionForm(request.POST or None, initial={"amount": yuan(left)})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            row = services.ask_correction(payment=payment, wanted=form.correction(), by=request.actor)
        if not form.errors:
            messages.success(request, _("Written down. It is booked when a second person has confirmed it."))
            return redirect("fund:correction_of", pk=row.pk)
    context = {"form": form, "row": payment, "left": left}
    return show(request, "fund/workbench/payment_correction.html", context, status=422 if form.errors else 200)


@page(holds(Permission.SEE_BOOKS))
def correction_of(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One correction of a payment: what is said, by whom, and what I may do with it."""
    return show(request, "fund/workbench/correction_of.html", _of_two(request, _correction(pk)))


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def correction_confirmation(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Confirm what another asked for: it is booked."""
    services.confirm_correction(row=_correction(pk), by=request.actor)
    messages.success(request, _("Confirmed and booked. Everybody can see it now."))
    return redirect("fund:correction_of", pk=pk)


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def correction_refusal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say no, with the reason."""
    template = "fund/workbench/correction_of.html"
    return _refused(request, _correction(pk), services.refuse_correction, template, "fund:correction_of")


@page(holds(Permission.PAY), methods=("POST",))
def correction_withdrawal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take back what one asked for oneself."""
    row = services.withdraw_correction(row=_correction(pk), by=request.actor)
    messages.success(request, _("Withdrawn."))
    return redirect("fund:payment", pk=row.payment_id)


def _correction(pk: UUID) -> PaymentCorrection:
    return get_object_or_404(PaymentCorrection.objects.select_related("payment", "asked_by", "decided_by"), pk=pk)


# --- the books, account by account ---------------------------------------------------------------------------------


@page(holds(Permission.SEE_BOOKS))
def account(request: PageRequest, code: str) -> HttpResponseBase:
    """One account with its entries, newest first, each with what was there after it (日记账)."""
    form = DaysFilter(request.GET or None)
    since, until = form.span()
    seen = queries.journal(code, since, until)
    if seen is None:
        raise Http404
    listed = paged(request, seen.rows, per_page=30)
    context = {"form": form, "seen": seen, "page": listed, "lines": seen.lines(listed.object_list)}
    return show(request, "fund/workbench/account.html", context)


@page(holds(Permission.SEE_BOOKS))
def entry(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One entry as the books have it: both accounts, and the paper it came from."""
    row = get_object_or_404(entries.transfers().select_related("debit", "credit", "reverses"), pk=pk)
    (seen,) = entries.entries([row])
    context = {
        "entry": seen,
        "debit": queries.account_name(row.debit_id),
        "credit": queries.account_name(row.credit_id),
        "corrections": ledger.corrections_of(row),
        "receipt": receipts.code(seen.donation.pk) if seen.donation and not seen.is_correction else "",
    }
    return show(request, "fund/workbench/entry.html", context)


@page(holds(Permission.SEE_BOOKS), methods=BOTH)
def statement_of(request: PageRequest) -> HttpResponseBase:
    """The books of a month or a year as a file; a long one is handed over."""
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = {"period": form.cleaned_data["period"]}
        with refusals_on(form):
            if long_work.is_long(statement.of_period(wanted["period"]).count()):
                return redirect(long_work.hand_over(kind=statement.KIND, arguments=wanted, by=request.actor))
            return saved(statement.run(wanted, request.actor, long_work.nowhere))
    return show(request, "fund/workbench/statement_of.html", {"form": form}, status=422 if form.errors else 200)


@page(holds(Permission.SEE_BOOKS), methods=BOTH)
def statements(request: PageRequest) -> HttpResponseBase:
    """What the bank, WeChat and the cash box say, beside the books; write down what they say today."""
    can_state = rules.can_state_balance(request.actor)
    form = StatedForm(request.POST or None)
    if request.method == "POST":
        require(can_state)
        require_fresh(request.actor)
        if form.is_valid():
            stated = form.stated()
            versions.about(request, queries.booked_figure(stated["method"], stated["stated_on"]))
            with refusals_on(form):
                services.state_balance(**stated, by=request.actor)
            if not form.errors:
                messages.success(request, _("Written down. Everybody can see it now."))
                return HttpResponseRedirect(request.path)
    rows = StatedBalance.objects.select_related("entered_by").order_by("-stated_on", "-id")
    context = {"form": form, "can_state": can_state, "page": paged(request, rows), "places": queries.stated()}
    return show(request, "fund/workbench/statements.html", context, status=422 if form.errors else 200)
