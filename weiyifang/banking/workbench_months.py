"""A month of one place, the bank beside the books: 银行存款余额调节表."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.banking import reconciling, rules, services
from weiyifang.banking.forms import ExplainForm
from weiyifang.banking.models import BankAccount, Explanation
from weiyifang.core import timeline
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.fund import entries
from weiyifang.people.roles import Permission

SHOWN = 100  # lines and entries on their way that are listed


@page(rules.can_see)
def months(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The months of one place: which agree."""
    account = get_object_or_404(BankAccount, pk=pk)
    return show(request, "banking/months.html", {"account": account, "months": services.months_open(account)})


def _month(pk: UUID, year: int, month: int) -> reconciling.Month:
    try:
        day = date(year, month, 1)
    except ValueError:
        raise Http404 from None
    seen = reconciling.month(get_object_or_404(BankAccount, pk=pk), day)
    if seen is None:
        raise Http404
    return seen


@page(rules.can_see, methods=("GET", "POST"))
def month(request: PageRequest, pk: UUID, year: int, month: int) -> HttpResponseBase:
    """Opening, lines, closing; the books beside; what is on its way, and what nobody has explained. To print.

    Whoever keeps the books says here why it does not agree.
    """
    seen = _month(pk, year, month)
    if rules.can_keep(request.actor):
        versions.about(request, seen.figures)
    elif seen.explanation is not None:
        versions.about(request, seen.explanation)
    form = ExplainForm(request.POST or None)
    if request.method == "POST":
        require(rules.can_keep(request.actor))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.explain(account=seen.account, month=seen.first, word=form.cleaned_data["word"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Written down. A second person has to confirm it."))
            return redirect("banking:month", pk=pk, year=year, month=month)
    return show(request, "banking/month.html", _context(request, seen, form), status=422 if form.errors else 200)


def _context(request: PageRequest, seen: reconciling.Month, form: ExplainForm) -> dict[str, Any]:
    said = seen.explanation
    lines, on_way = seen.lines_on_their_way(), seen.entries_on_their_way()
    of_lines, of_entries = seen.on_their_way
    came, went = seen.moved
    return {
        "seen": seen,
        "form": form,
        "came": came,
        "went": went,
        "lines": lines[:SHOWN],
        "entries": [(row, entry) for row, entry in _read(on_way[:SHOWN])],
        "bank_then": seen.closing + of_entries,
        "books_then": seen.booked + of_lines,
        "said": said,
        "history": timeline.of(source_of(said))[:20] if said else [],
        "can_explain": rules.can_keep(request.actor) and not seen.agrees,
        "can_confirm": said is not None and said.confirmed_by_id is None and rules.can_confirm(request.actor, said),
    }


def _read(rows: Any) -> list[tuple[Any, entries.Entry]]:
    found = list(rows)
    return list(zip(found, entries.entries(found), strict=True))


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def confirmation(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Confirm what another says of a month."""
    row = get_object_or_404(Explanation.objects.select_related("account"), pk=pk)
    versions.about(request, row)
    services.confirm_explanation(row=row, by=request.actor)
    messages.success(request, _("Confirmed. The month can be sealed with this word."))
    return redirect("banking:month", pk=row.account_id, year=row.month.year, month=row.month.month)
