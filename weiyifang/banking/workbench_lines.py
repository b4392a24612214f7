"""Line by line beside the books: what is sure, what is likely, what has to be booked, what is none of ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.banking import queries, rules, services, suggesting
from weiyifang.banking.forms import AsideForm, BookForm, LinesFilter, MatchForm
from weiyifang.banking.models import BankAccount, Line
from weiyifang.core import timeline
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.fund import entries
from weiyifang.fund import queries as fund
from weiyifang.fund import rules as fund_rules

BOTH = ("GET", "POST")
BESIDE = 20  # open entries offered beside a line


@page(rules.can_see)
def lines(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The lines of one place, as they happened; of each that is open the likeliest entry."""
    account = get_object_or_404(BankAccount, pk=pk)
    form = LinesFilter(request.GET or None)
    rows = form.narrow(queries.lines_in(account))
    listed = paged(request, rows, per_page=30)
    page_of = list(listed.object_list)
    suggested = {one.line.pk: one for one in suggesting.suggest(account, [row for row in page_of if row.is_open])}
    can_keep = rules.can_keep(request.actor)
    versions.about(request, *[one.line for one in suggested.values() if one.is_sure])
    context = {
        "account": account,
        "form": form,
        "page": listed,
        "rows": [(row, suggested.get(row.pk)) for row in page_of],
        "sure": sum(one.is_sure for one in suggested.values()),
        "can_keep": can_keep,
    }
    return show(request, "banking/lines.html", context)


@page(rules.can_keep, methods=("POST",))
def sure(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Confirm all that is sure."""
    count = services.match_sure(account=get_object_or_404(BankAccount, pk=pk), by=request.actor)
    words = ngettext("%(n)s line was matched.", "%(n)s lines were matched.", count)
    messages.success(request, words % {"n": count})
    return redirect("banking:lines", pk=pk)


@page(rules.can_see)
def line(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One line: what it may be, what it was matched with, and how to undo that."""
    row = _line(request, pk)
    return show(request, "banking/line.html", _context(request, row))


def _line(request: PageRequest, pk: UUID) -> Line:
    row = get_object_or_404(Line.objects.select_related("account", "statement", "aside_by", "match__made_by"), pk=pk)
    versions.about(request, row)
    return row


def _context(request: PageRequest, row: Line, **more: Any) -> dict[str, Any]:
    can_keep = rules.can_keep(request.actor)
    context: dict[str, Any] = {
        "row": row,
        "can_keep": can_keep,
        "history": timeline.of(source_of(row))[:20],
        "aside_form": AsideForm(),
        **more,
    }
    if row.match_id is not None:
        context["entries"] = entries.entries(queries.entries_of(row.match_id))
        context["others"] = Line.objects.filter(match=row.match_id).exclude(pk=row.pk).order_by("day", "seq")
    elif row.is_open and can_keep:
        (suggested,) = suggesting.suggest(row.account, [row])
        near = suggesting.open_entries(row.account, *queries.around(row.day))
        context |= {
            "suggested": suggested,
            "together": suggesting.together(row.account, row),
            "near": [(one, seen) for one, seen in _read(near[:BESIDE])],
            "near_lines": suggesting.open_lines(row.account)
            .filter(day__range=queries.around(row.day))
            .exclude(pk=row.pk)[:BESIDE],
            "to_pay": _to_pay(request, row),
        }
        if row.fen > 0:
            context.setdefault("book_form", BookForm(line=row))
    return context


def _read(rows: Any) -> list[tuple[Any, entries.Entry]]:
    found = list(rows)
    return list(zip(found, entries.entries(found), strict=True))


def _to_pay(request: PageRequest, row: Line) -> list[Any]:
    if row.fen > 0:
        return []
    waiting = fund.to_be_paid(row.account.method, -row.fen)[:BESIDE]
    return [one for one in waiting if fund_rules.can_pay(request.actor, one)]


@page(rules.can_keep, methods=("POST",))
def match(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The line is these entries."""
    row, form = _line(request, pk), MatchForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.match(line=row, by=request.actor, **form.cleaned_data)
        if not form.errors:
            messages.success(request, _("Matched."))
            return _onward(row)
    return show(request, "banking/line.html", _context(request, row, match_form=form), status=422)


def _onward(row: Line) -> HttpResponseBase:
    """Back to what is left of its place."""
    return redirect(f"{reverse('banking:lines', args=[row.account_id])}?state=open")


@page(rules.can_keep, methods=("POST",))
def unmatch(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It was another."""
    services.unmatch(line=_line(request, pk), by=request.actor)
    messages.success(request, _("Undone: the lines and entries are open again."))
    return redirect("banking:line", pk=pk)


@page(rules.can_keep, methods=("POST",))
def aside(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The line is in no book of ours, and why."""
    row, form = _line(request, pk), AsideForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.set_aside(line=row, because=form.cleaned_data["because"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Set aside with your reason."))
            return _onward(row)
    return show(request, "banking/line.html", _context(request, row, aside_form=form), status=422)


@page(rules.can_keep, methods=("POST",))
def take_up(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It does belong to us."""
    services.take_up(line=_line(request, pk), by=request.actor)
    messages.success(request, _("It is open again."))
    return redirect("banking:line", pk=pk)


@page(rules.can_keep, methods=("POST",))
def receipt(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Record the receipt that the line is."""
    row = _line(request, pk)
    form = BookForm(request.POST, line=row)
    if form.is_valid():
        with refusals_on(form):
            gift = services.receive_line(line=row, receipt=form.receipt(), by=request.actor)
        if not form.errors:
            messages.success(request, _("Recorded as receipt no. %(number)d.") % {"number": gift.number})
            return _onward(row)
    return show(request, "banking/line.html", _context(request, row, book_form=form), status=422)


@page(rules.can_keep, methods=("POST",))
def payment(request: PageRequest, pk: UUID, payment_pk: UUID) -> HttpResponseBase:
    """The bank has paid what another approved."""
    row = _line(request, pk)
    wanted = get_object_or_404(fund_rules.visible_to(request.actor), pk=payment_pk)
    versions.about(request, row, wanted)
    services.pay_line(line=row, payment=wanted, by=request.actor)
    messages.success(request, _("Paid and entered in the books. Everybody can see it now."))
    return _onward(row)
