"""Task pages about what the committee wishes to spend in a year, beside what is spent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import clock, timeline
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import PageRequest, holds, page, require, require_fresh
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.fund import budgets, rules, services
from weiyifang.fund.chart import chart, line_or_code
from weiyifang.fund.forms import ReasonForm
from weiyifang.fund.forms_purposes import BudgetForm
from weiyifang.fund.models import Budget, Decision, own_lines
from weiyifang.people.roles import Permission

BOTH = ("GET", "POST")


@page(holds(Permission.SEE_BOOKS), methods=BOTH)
def budgets_page(request: PageRequest) -> HttpResponseBase:
    """This year's plan against what is on its way and spent; write down another."""
    can_plan, year = rules.can_plan_budget(request.actor), clock.today().year
    seen = budgets.plan(year)
    planned = {(line.pool.code, line.category.code): line.planned for line in seen.lines if line.planned}
    form = BudgetForm(request.POST or None, initial={"year": year}, planned=planned)
    if request.method == "POST":
        require(can_plan)
        require_fresh(request.actor)
        if form.is_valid():
            said = {name: form.cleaned_data[name] for name in ("year", "paper", "happened_on")}
            with refusals_on(form):
                row = services.ask_budget(lines=form.lines(), **said, by=request.actor)
            if not form.errors:
                messages.success(request, _("Written down. It counts when a second person has approved it."))
                return redirect("fund:budget", pk=row.pk)
    rows = Budget.objects.select_related("asked_by").order_by("-number")
    context = {"form": form, "can_plan": can_plan, "seen": seen, "page": paged(request, rows)}
    return show(request, "fund/workbench/budgets.html", context, status=422 if form.errors else 200)


def _budget(pk: UUID) -> Budget:
    return get_object_or_404(Budget.objects.select_related("asked_by", "decided_by"), pk=pk)


def _context(request: PageRequest, row: Budget, reason_form: ReasonForm | None = None) -> dict[str, object]:
    asked, pools, categories = row.state == Decision.ASKED, chart().pools | own_lines(), chart().categories
    before = budgets.in_force(row.year) if asked else None
    was = {(line.pool, line.category): line.planned_fen for line in before.lines.all()} if before else {}
    lines = [
        (
            line_or_code(pools, line.pool),
            line_or_code(categories, line.category),
            line.planned_fen,
            was.get((line.pool, line.category), 0),
        )
        for line in row.lines.order_by("pool", "category")
    ]
    return {
        "row": row,
        "lines": lines,
        "before": before,
        "history": timeline.of(source_of(row))[:20],
        "can_decide": asked and rules.can_decide(request.actor, row),
        "can_withdraw": asked and rules.can_withdraw(request.actor, row),
        "reason_form": reason_form or ReasonForm(),
    }


@page(holds(Permission.SEE_BOOKS))
def budget(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One budget, line by line, beside the one that counts now."""
    return show(request, "fund/workbench/budget.html", _context(request, _budget(pk)))


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def budget_confirmation(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Approve what another wrote down: it counts for its year."""
    services.confirm_budget(row=_budget(pk), by=request.actor)
    messages.success(request, _("Approved. It counts from now on, and everybody can see it."))
    return redirect("fund:budget", pk=pk)


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def budget_refusal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say no, with the reason."""
    row, form = _budget(pk), ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.refuse_budget(row=row, reason=form.cleaned_data["reason"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Refused with your reason."))
            return redirect("fund:budget", pk=pk)
    return show(request, "fund/workbench/budget.html", _context(request, row, form), status=422)


@page(rules.can_plan_budget, methods=("POST",))
def budget_withdrawal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take back what one wrote down oneself."""
    services.withdraw_budget(row=_budget(pk), by=request.actor)
    messages.success(request, _("Withdrawn."))
    return redirect("fund:budgets")
