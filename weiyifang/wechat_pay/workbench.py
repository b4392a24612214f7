"""Gifts by WeChat Pay at the workbench: how each order stands, and what is given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import timeline
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require_fresh
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.fund import receipts
from weiyifang.people.roles import Permission
from weiyifang.wechat_pay import queries, rules, services
from weiyifang.wechat_pay.forms import OrderFilter, RefundForm, RefusalForm
from weiyifang.wechat_pay.models import STANDING, Order, Refund, State, Step


@page(rules.can_see)
def bench(request: PageRequest) -> HttpResponseBase:
    """All orders, the newest first."""
    form = OrderFilter(request.GET or None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    rows = queries.saying(words)
    state = asked(request, "state")
    if state in State.values:
        rows = rows.filter(state=state)
    context = {"form": form, "page": paged(request, rows), "state": state, "states": State.choices}
    return show(request, "wechat_pay/workbench/orders.html", context)


@page(rules.can_see)
def order(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One order: what WeChat says of it, and what may be done."""
    return show(request, "wechat_pay/workbench/order.html", _context(request, _order(pk)))


@page(rules.can_ask, methods=("POST",))
def refund(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Ask to give it back."""
    require_fresh(request.actor)
    row, form = _order(pk), RefundForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.ask_refund(order=row, reason=form.cleaned_data["reason"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Written down. It is paid back when a second person has confirmed it."))
            return redirect("wechat_pay:order", pk=pk)
    return show(request, "wechat_pay/workbench/order.html", _context(request, row, refund_form=form), status=422)


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def confirmation(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Confirm what another asked for."""
    row = services.confirm_refund(refund=_refund(request, pk), by=request.actor)
    messages.success(request, _("Confirmed: the receipt is taken back, and WeChat is asked to pay."))
    return redirect("wechat_pay:order", pk=row.order_id)


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def refusal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say no, and why."""
    row, form = _refund(request, pk), RefusalForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.refuse_refund(refund=row, reason=form.cleaned_data["answer"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Refused with your reason."))
            return redirect("wechat_pay:order", pk=row.order_id)
    context = _context(request, _order(row.order_id), refusal_form=form)
    return show(request, "wechat_pay/workbench/order.html", context, status=422)


@page(rules.can_ask, methods=("POST",))
def withdrawal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take back what one asked for oneself."""
    row = services.withdraw_refund(refund=_refund(request, pk), by=request.actor)
    messages.success(request, _("Withdrawn."))
    return redirect("wechat_pay:order", pk=row.order_id)


def _order(pk: UUID) -> Order:
    return get_object_or_404(Order, pk=pk)


def _refund(request: PageRequest, pk: UUID) -> Refund:
    row = get_object_or_404(Refund, pk=pk)
    versions.about(request, row)
    return row


def _context(request: PageRequest, row: Order, **more: Any) -> dict[str, Any]:
    refunds = list(row.refunds.select_related("asked_by", "decided_by").order_by("-number"))
    waiting = next((one for one in refunds if one.step == Step.ASKED), None)
    if waiting is not None:
        versions.about(request, waiting)
    stands = any(one.step in STANDING for one in refunds)
    actor = request.actor
    return {
        "row": row,
        "refunds": refunds,
        "waiting": waiting,
        "can_ask": row.state == State.PAID and not stands and rules.can_ask(actor),
        "can_decide": waiting is not None and rules.can_decide(actor, waiting),
        "can_withdraw": waiting is not None and rules.can_withdraw(actor, waiting),
        "refund_form": RefundForm(),
        "refusal_form": RefusalForm(),
        "receipt": receipts.code_of(source_of(row)) if row.paid_at else "",
        "history": timeline.of(source_of(row))[:20],
        **more,
    }
