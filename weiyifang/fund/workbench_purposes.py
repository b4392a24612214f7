"""Task pages about what money is for: purposes opened and closed, money that is for something else from now on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import timeline
from weiyifang.core.money import yuan
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require, require_fresh
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.fund import purposes, rules, services
from weiyifang.fund.books import books
from weiyifang.fund.chart import chart, line_or_code
from weiyifang.fund.forms import ReasonForm
from weiyifang.fund.forms_purposes import ChangeForm, PurposeForm
from weiyifang.fund.models import Decision, PurposeChange, Why
from weiyifang.people.roles import Permission

BOTH = ("GET", "POST")


@page(holds(Permission.SEE_BOOKS), methods=BOTH)
def purposes_page(request: PageRequest) -> HttpResponseBase:
    """What each purpose holds; open another."""
    can_open = rules.can_keep_purposes(request.actor)
    form = PurposeForm(request.POST or None)
    if request.method == "POST":
        require(can_open)
        require_fresh(request.actor)
        if form.is_valid():
            with refusals_on(form):
                row = services.open_purpose(wanted=form.purpose(), by=request.actor)
            if not form.errors:
                messages.success(request, _("Opened. Money can be given for it now."))
                return redirect("fund:purpose", code=row.code)
    context = {"form": form, "can_open": can_open, "page": paged(request, purposes.held())}
    return show(request, "fund/workbench/purposes.html", context, status=422 if form.errors else 200)


def _held(request: PageRequest, code: str) -> purposes.Held:
    here = books()
    if code not in here.pools:
        raise Http404
    seen = purposes.one(code, here)
    if seen.purpose is not None:
        versions.about(request, seen.purpose)
    return seen


@page(holds(Permission.SEE_BOOKS))
def purpose(request: PageRequest, code: str) -> HttpResponseBase:
    """One purpose: who fixed it, what it holds and where, and every change of it."""
    seen = _held(request, code)
    keeps = rules.can_keep_purposes(request.actor)
    context = {
        "seen": seen,
        "row": seen.purpose,
        "category": line_or_code(chart().categories, seen.line.category) if seen.line.category else "",
        "suggested": purposes.suggested(seen),
        "page": paged(request, purposes.changes_of(code)),
        "can_change": rules.can_change_purpose(request.actor),
        "can_close": keeps and seen.purpose is not None and seen.is_open and not seen.balance,
        "history": timeline.of(source_of(seen.purpose))[:20] if seen.purpose else [],
    }
    return show(request, "fund/workbench/purpose.html", context)


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def purpose_end(request: PageRequest, code: str) -> HttpResponseBase:
    """Close it: nothing of it is left."""
    row = _held(request, code).purpose
    if row is None:
        raise Http404
    services.close_purpose(row=row, by=request.actor)
    messages.success(request, _("Closed. It stays to be seen with everything that was done for it."))
    return redirect("fund:purpose", code=code)


@page(rules.can_change_purpose, methods=BOTH)
def purpose_change(request: PageRequest, code: str) -> HttpResponseBase:
    """Say that money of this purpose is for something else from now on."""
    require_fresh(request.actor)
    seen = _held(request, code)
    most = purposes.suggested(seen)
    initial = {"amount": yuan(most)} if most else {}
    form = ChangeForm(request.POST or None, initial=initial, code=code, restricted=seen.line.restricted)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            row = services.ask_change(wanted=form.change(), by=request.actor)
        if not form.errors:
            messages.success(request, _("Written down. It is booked when a second person has confirmed it."))
            return redirect("fund:change", pk=row.pk)
    context = {"form": form, "seen": seen, "suggested": most}
    return show(request, "fund/workbench/purpose_change.html", context, status=422 if form.errors else 200)


@page(holds(Permission.SEE_BOOKS))
def change(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One change: what is said, by whom, what it books, and what I may do with it; to print and to sign."""
    return show(request, "fund/workbench/change.html", _context(request, _change(pk)))


def _change(pk: UUID) -> PurposeChange:
    rows = PurposeChange.objects.select_related("asked_by", "decided_by", "payment", "undoes")
    return get_object_or_404(rows, pk=pk)


def _context(request: PageRequest, row: PurposeChange, reason_form: ReasonForm | None = None) -> dict[str, object]:
    asked, plan = row.state == Decision.ASKED, chart()
    was = row.undoes or row
    source, target = row.from_line, row.to_line
    undone = row.undone_by.filter(state__in=[Decision.ASKED, Decision.BOOKED]).first()
    kinds = (True, False) if was.why == Why.SPENT else (source.restricted, target.restricted)
    if row.undoes and was.why == Why.SPENT:
        kinds = (False, True)
    debit, credit = (plan.net[plan.net_code(restricted=restricted)] for restricted in kinds)
    return {
        "row": row,
        "source": source,
        "target": target,
        "debit": debit,
        "credit": credit,
        "undone": undone,
        "history": timeline.of(source_of(row))[:20],
        "can_decide": asked and rules.can_decide(request.actor, row),
        "can_withdraw": asked and rules.can_withdraw(request.actor, row),
        "can_undo": row.state == Decision.BOOKED
        and row.why != Why.UNDONE
        and undone is None
        and rules.can_change_purpose(request.actor),
        "reason_form": reason_form or ReasonForm(),
    }


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def change_confirmation(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Confirm what another asked for: it is booked."""
    services.confirm_change(row=_change(pk), by=request.actor)
    messages.success(request, _("Confirmed and booked. Everybody can see it now."))
    return redirect("fund:change", pk=pk)


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def change_refusal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say no, with the reason."""
    row, form = _change(pk), ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.refuse_change(row=row, reason=form.cleaned_data["reason"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Refused with your reason."))
            return redirect("fund:change", pk=pk)
    return show(request, "fund/workbench/change.html", _context(request, row, form), status=422)


@page(rules.can_change_purpose, methods=("POST",))
def change_withdrawal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take back what one asked for oneself."""
    row = services.withdraw_change(row=_change(pk), by=request.actor)
    messages.success(request, _("Withdrawn."))
    return redirect("fund:purpose", code=row.from_pool)


@page(rules.can_change_purpose, methods=("POST",))
def change_undo(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say that a booked change was a mistake; another confirms that, too."""
    row, form = _change(pk), ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            back = services.ask_undo(row=row, reason=form.cleaned_data["reason"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Written down. It is booked when a second person has confirmed it."))
            return redirect("fund:change", pk=back.pk)
    return show(request, "fund/workbench/change.html", _context(request, row, form), status=422)
