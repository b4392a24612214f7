"""The pages of money: what was paid for a show, giving it back, and what each party gets."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web.access import PageRequest, page, require_fresh
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.stage import queries, rules, services
from weiyifang.stage.forms import GiveBackForm, IncomeForm
from weiyifang.stage.models import Income
from weiyifang.stage.workbench import seen


@page(rules.can_record_income, methods=("GET", "POST"))
def receive(request: PageRequest, number: int) -> HttpResponseBase:
    """What was paid for a show that was held; it is shared out at once."""
    require_fresh(request.actor)
    found = seen(request, number)
    left = found.price_fen - queries.paid_for(found)
    form = IncomeForm(request.POST or None, initial={"amount": left})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            services.receive(
                engagement=found,
                amount_fen=said["amount"],
                method=said["method"],
                received_on=said["received_on"],
                by=request.actor,
            )
            messages.success(request, _("Received and shared out. The fund's part is in its books."))
            return redirect("stage:statement", number=number)
    context = {"form": form, "show": found}
    return show(request, "stage/workbench/income.html", context, status=422 if form.errors else 200)


@page(rules.can_record_income, methods=("GET", "POST"))
def give_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Give an income back, or some of it."""
    require_fresh(request.actor)
    income = get_object_or_404(Income.objects.select_related("engagement"), pk=pk)
    form = GiveBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            services.give_back(income=income, amount_fen=said["amount"], reason=said["reason"], by=request.actor)
            messages.success(request, _("Given back. What stays is shared out anew, and the fund's books follow."))
            return redirect("stage:statement", number=income.engagement.number)
    context = {"form": form, "income": income, "show": income.engagement}
    return show(request, "stage/workbench/give_back.html", context, status=422 if form.errors else 200)


@page(rules.can_see_some)
def statement(request: PageRequest, number: int) -> HttpResponseBase:
    """Who gets which part of what was paid; of one party with `?of=` (its place in the list), to print for them."""
    found = seen(request, number)
    incomes = queries.incomes_of(found)
    totals = queries.totals(incomes)
    of = asked(request, "of", 4)
    one = totals[int(of) - 1] if of.isdecimal() and 0 < int(of) <= len(totals) else None
    lines = [
        (income, part)
        for income in incomes
        for part in income.parts
        if one is None or (part.whose, part.resident_id) == (one.whose, one.resident.pk if one.resident else None)
    ]
    context = {
        "show": found,
        "lines": lines,
        "totals": totals,
        "one": one,
        "standing": [row for row in incomes if not row.is_given_back],
        "paid": sum(row.amount_fen for row in incomes if not row.is_given_back),
        "can_record": rules.can_record_income(request.actor),
    }
    return show(request, "stage/workbench/statement.html", context)
