"""Task pages: a table is entered, handed in, confirmed, published, objected to, paid out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core import clock, timeline
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.grants import queries, rules, services
from weiyifang.grants.forms import AnswerForm, AppealForm, BeginForm, PaidForm, ReasonForm, ResultForm, TableForm
from weiyifang.grants.models import Appeal, AppealState, GrantRun, RunningGrant, RunState
from weiyifang.grants.reading import Reading
from weiyifang.grants.terms import TERMS
from weiyifang.organizations import queries as organizations
from weiyifang.people.roles import Permission

PER_PAGE = 100
SHOWN_WRONG = 50


_confirms, _pays = holds(Permission.APPROVE_PAYMENT), holds(Permission.PAY)


@page(rules.can_open, methods=("GET", "POST"))
def bench(request: PageRequest) -> HttpResponseBase:
    """Every run, and the form to begin one; for a leader the grants of the own organization."""
    sees, keeps = rules.can_see(request.actor), rules.can_keep(request.actor)
    form = BeginForm(request.POST or None, initial={"year": clock.today().year}) if keeps else None
    if request.method == "POST":
        require(form is not None)
        assert form is not None  # just asked
        if form.is_valid():
            with refusals_on(form):
                made = services.begin_run(year=form.cleaned_data["year"], by=request.actor)
                messages.success(request, _("Begun. Bring the table of the assessment."))
                return redirect("grants:manage", pk=made.pk)
    own = None
    if not sees:
        rows = rules.visible_to(request.actor).select_related("run").order_by("-run__year", "place")
        own = paged(request, rows)
    context = {
        "page": paged(request, queries.runs()) if sees else own,
        "own": queries.shown(own.object_list) if own is not None else [],
        "sees": sees,
        "form": form,
    }
    return show(request, "grants/workbench/runs.html", context, status=422 if form is not None and form.errors else 200)


@page(rules.can_see)
def run(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One run: its table, who signed it, and what I may do with it."""
    found = _run(request, pk)
    return show(request, "grants/workbench/run.html", _about(request, found))


def _run(request: PageRequest, pk: UUID) -> GrantRun:
    rows = GrantRun.objects.exclude(state=RunState.DROPPED).select_related("handed_in_by", "confirmed_by", "paid_by")
    found = get_object_or_404(rows, pk=pk)
    versions.about(request, found)
    return found


def _about(request: PageRequest, found: GrantRun, **more: Any) -> dict[str, Any]:
    actor = request.actor
    page_of = paged(request, queries.grants_of(found).select_related("run"), per_page=PER_PAGE)
    can_edit = rules.can_edit(actor, found)
    handed_in = found.state == RunState.HANDED_IN
    return {
        "run": found,
        "sums": queries.sums(found),
        "page": page_of,
        "grants": queries.shown(page_of.object_list),
        "rule": found.rule,
        "source": TERMS.source,
        "appeals": queries.open_appeals().filter(grant__run=found).count(),
        "history": timeline.of(source_of(found))[:30],
        "can_edit": can_edit,
        "can_confirm": handed_in and rules.can_confirm(actor, found),
        "can_take_up": handed_in and rules.can_take_up(actor, found),
        "can_pay": found.is_due and rules.can_pay(actor, found),
        "table_form": TableForm() if can_edit else None,
        "result_form": ResultForm(organizations=organizations.givers()) if can_edit else None,
        "reason_form": ReasonForm(),
        "paid_form": PaidForm(),
        "reading": None,
        "shown_wrong": SHOWN_WRONG,
        **more,
    }


@page(rules.can_keep, methods=("POST",), files=True)
def table(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Bring the table in: whole, or every wrong line is named."""
    found = _run(request, pk)
    form, reading = TableForm(request.POST, request.FILES), Reading()
    if form.is_valid():
        with refusals_on(form, "file"):
            reading = services.bring_table(run=found, content=form.content(), by=request.actor)
        if not form.errors and not reading.wrong:
            many = len(reading.results)
            said = ngettext("%(many)d organization is in the table.", "%(many)d organizations are in the table.", many)
            messages.success(request, said % {"many": many})
            return redirect("grants:manage", pk=pk)
    context = _about(request, found, table_form=form, reading=reading)
    return show(request, "grants/workbench/run.html", context, status=422)


@page(rules.can_keep, methods=("POST",))
def result(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Enter or change one organization's result by hand."""
    found, form = _run(request, pk), ResultForm(request.POST, organizations=organizations.givers())
    if form.is_valid():
        with refusals_on(form):
            services.set_result(run=found, by=request.actor, **form.cleaned_data)
        if not form.errors:
            messages.success(request, _("Noted."))
            return redirect("grants:manage", pk=pk)
    return show(request, "grants/workbench/run.html", _about(request, found, result_form=form), status=422)


@page(rules.can_keep, methods=("POST",))
def line_end(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take an organization out of a table that is being entered."""
    line = _grant(request, pk)
    services.remove_result(grant=line, by=request.actor)
    messages.success(request, _("Taken out of the table."))
    return redirect("grants:manage", pk=line.run_id)


@page(rules.can_keep, methods=("POST",))
def signature(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Sign the table and hand it in."""
    services.hand_in(run=_run(request, pk), by=request.actor)
    messages.success(request, _("Handed in with your name. Another person confirms it."))
    return redirect("grants:manage", pk=pk)


@page(rules.can_keep, methods=("POST",))
def withdrawal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Go on changing what one handed in."""
    services.take_up(run=_run(request, pk), by=request.actor)
    messages.success(request, _("You can change the table again."))
    return redirect("grants:manage", pk=pk)


@page(rules.can_keep, methods=("POST",))
def end(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Drop a run that is being entered."""
    services.drop_run(run=_run(request, pk), by=request.actor)
    messages.success(request, _("Dropped. The year can be begun anew."))
    return redirect("grants:bench")


@page(_confirms, methods=("POST",))
def publication(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Confirm the table and publish it: the money is set aside."""
    services.publish(run=_run(request, pk), by=request.actor)
    messages.success(request, _("Published. The money is set aside, and the leaders are told."))
    return redirect("grants:manage", pk=pk)


@page(_confirms, methods=("POST",))
def sending_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Give it back with a reason."""
    found, form = _run(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.send_back(run=found, reason=form.cleaned_data["reason"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Sent back, with your reason."))
            return redirect("grants:manage", pk=pk)
    return show(request, "grants/workbench/run.html", _about(request, found, reason_form=form), status=422)


@page(_pays, methods=("POST",))
def payout(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Pay all that is set aside."""
    found, form = _run(request, pk), PaidForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            many = services.pay_out(run=found, slip=form.cleaned_data["slip"], by=request.actor)
        if not form.errors:
            said = ngettext("%(many)d grant is paid.", "%(many)d grants are paid.", many) % {"many": many}
            messages.success(request, said)
            return redirect("grants:manage", pk=pk)
    return show(request, "grants/workbench/run.html", _about(request, found, paid_form=form), status=422)


# --- one organization in it ---------------------------------------------------------------------------------------


@page(rules.can_open)
def grant(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One organization in a run: its result, its appeals, its payment."""
    return show(request, "grants/workbench/grant.html", _about_grant(request, _grant(request, pk)))


def _grant(request: PageRequest, pk: UUID) -> RunningGrant:
    found = get_object_or_404(rules.visible_to(request.actor).select_related("run"), pk=pk)
    versions.about(request, found)
    return found


def _about_grant(request: PageRequest, line: RunningGrant, **more: Any) -> dict[str, Any]:
    actor = request.actor
    (one,) = queries.shown([line])
    rows = Appeal.objects.filter(grant=line).select_related("grant", "grant__run", "made_by", "answered_by")
    waiting = rows.filter(state=AppealState.ASKED).first()
    if waiting is not None:
        versions.about(request, waiting)
    return {
        "one": one,
        "grant": line,
        "run": line.run,
        "rule": line.run.rule,
        "source": TERMS.source,
        "page": paged(request, rows.order_by("-made_at", "-id")),
        "waiting": waiting,
        "sees": rules.can_see(actor),
        "can_appeal": waiting is None and line.run.takes_appeals and rules.can_appeal(actor, line),
        "can_answer": waiting is not None and rules.can_answer(actor, waiting),
        "can_withdraw": waiting is not None and rules.can_withdraw(actor, waiting),
        "can_ask": one.is_to_be_asked_for and rules.can_keep(actor),
        "appeal_form": AppealForm(),
        "answer_form": AnswerForm(),
        **more,
    }


_NAMES: dict[type, str] = {AppealForm: "appeal_form", AnswerForm: "answer_form"}


def _with(
    request: PageRequest, line: RunningGrant, form: AppealForm | AnswerForm, verb: Callable[..., object], done: str
) -> HttpResponseBase:
    if form.is_valid():
        with refusals_on(form):
            verb(by=request.actor, **form.cleaned_data)
        if not form.errors:
            messages.success(request, done)
            return redirect("grants:grant", pk=line.pk)
    return show(
        request, "grants/workbench/grant.html", _about_grant(request, line, **{_NAMES[type(form)]: form}), status=422
    )


@page(rules.can_open, methods=("POST",))
def appeal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """A leader objects."""
    line = _grant(request, pk)

    def verb(**said: Any) -> object:
        return services.appeal(grant=line, **said)

    done = _("Received. Another person than who entered the table answers it.")
    return _with(request, line, AppealForm(request.POST), verb, done)


@page(rules.can_open, methods=("POST",))
def appeal_withdrawal(request: PageRequest, pk: UUID, appeal_pk: UUID) -> HttpResponseBase:
    """Take an appeal back."""
    found = _appeal(request, pk, appeal_pk)
    services.withdraw_appeal(appeal=found, by=request.actor)
    messages.success(request, _("Taken back."))
    return redirect("grants:grant", pk=found.grant_id)


@page(_confirms, methods=("POST",))
def answer(request: PageRequest, pk: UUID, appeal_pk: UUID) -> HttpResponseBase:
    """Answer an appeal: the result stands, or is corrected."""
    found = _appeal(request, pk, appeal_pk)

    def verb(**said: Any) -> object:
        return services.answer_appeal(appeal=found, **said)

    return _with(request, found.grant, AnswerForm(request.POST), verb, _("Answered."))


@page(rules.can_keep, methods=("POST",))
def payment(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Ask the fund for a corrected grant."""
    line = _grant(request, pk)
    services.ask_corrected(grant=line, by=request.actor)
    messages.success(request, _("Asked for. Another person approves it at the fund's desk."))
    return redirect("grants:grant", pk=pk)


def _appeal(request: PageRequest, pk: UUID, appeal_pk: UUID) -> Appeal:
    """An appeal about a grant that the actor sees."""
    line = get_object_or_404(rules.visible_to(request.actor), pk=pk)
    found = get_object_or_404(Appeal.objects.select_related("grant", "grant__run"), pk=appeal_pk, grant=line)
    versions.about(request, found)
    return found
