"""The fund's task pages: payments to submit, approve and pay; income; the books; closing a month."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require, require_fresh
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.files import queries as files
from weiyifang.files.forms import FileForm
from weiyifang.fund import budgets, committee, queries, rules, services, underway
from weiyifang.fund.books import is_open
from weiyifang.fund.forms import (
    MonthForm,
    PaidForm,
    PaymentFilter,
    PaymentForm,
    ReasonForm,
    ReceiptForm,
    ReviewForm,
    VoiceForm,
)
from weiyifang.fund.models import Donation, PaymentRequest, State, Voice
from weiyifang.fund.steps import steps
from weiyifang.ledger.models import month_end
from weiyifang.ledger.services import PeriodSealed
from weiyifang.organizations.queries import choices_for, givers, named
from weiyifang.people.roles import Permission

BOTH = ("GET", "POST")


def _sends_back(actor: Actor) -> bool:
    """Whose duty it may be to give a request back: who approves, and who checks."""
    return actor.may(Permission.APPROVE_PAYMENT) or actor.may(Permission.CHECK_PAYMENT)


@page(rules.can_see_payments)
def bench(request: PageRequest) -> HttpResponseBase:
    """Payments: what waits for me first, then all that I may see."""
    form = PaymentFilter(request.GET or None)
    rows = form.narrow(rules.visible_to(request.actor)).select_related("submitted_by").order_by("-number")
    state = asked(request, "state")
    if state in State.values:
        rows = rows.filter(state=state)
    waiting = _mine(underway.to_approve(), rules.can_approve_alone, request.actor)
    together = list(underway.unheard(request.actor)[:20]) if _is_of_the_committee(request.actor) else []
    to_check = _mine(underway.to_check(), rules.can_check, request.actor)
    to_pay = _mine(underway.to_pay(), rules.can_pay, request.actor)
    to_review = _mine(underway.to_review(), rules.can_review, request.actor)
    of_two = [row for row in queries.waiting_for_two() if rules.can_decide(request.actor, row)]
    context = {
        "form": form,
        "page": paged(request, rows),
        "of_two": of_two,
        "waiting": waiting,
        "to_check": to_check,
        "together": together,
        "to_pay": to_pay,
        "to_review": to_review,
        "state": state,
        "states": State.choices,
        "can_request": request.actor.may_somewhere(Permission.REQUEST_PAYMENT),
        "can_record": rules.can_record_income(request.actor),
        "is_open": is_open(),
    }
    return show(request, "fund/workbench/payments.html", context)


def _mine(step: Q, rule: Callable[[Actor, PaymentRequest], bool], actor: Actor) -> list[PaymentRequest]:
    """What waits at one step for this reader, the longest waiting first."""
    return [row for row in underway.waiting_for(step)[:20] if rule(actor, row)]


def _organizations(actor: Actor) -> list[tuple[str, str]]:
    """On whose behalf an actor may ask: the committee when it is everywhere, else their own organizations."""
    own = choices_for(actor, Permission.REQUEST_PAYMENT)
    return [("", _("the committee")), *own] if actor.may(Permission.REQUEST_PAYMENT) else own


@page(rules.can_record_income, methods=("POST",))
def opening(request: PageRequest) -> HttpResponseBase:
    """Open the fund's books."""
    services.open_fund(by=request.actor)
    messages.success(request, _("The fund is open. Record the first gift."))
    return redirect("fund:income")


@page(holds(Permission.REQUEST_PAYMENT), methods=BOTH)
def new_payment(request: PageRequest) -> HttpResponseBase:
    """Ask for a payment."""
    form = PaymentForm(request.POST or None, initial=_as_before(request), organizations=_organizations(request.actor))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            row = services.submit_payment(wanted=form.wanted(), by=request.actor)
        if not form.errors:
            messages.success(request, _("Submitted. Another person will look at it."))
            return redirect("fund:payment", pk=row.pk)
    return show(
        request, "fund/workbench/payment_form.html", {"form": form, "row": None}, status=422 if form.errors else 200
    )


def _as_before(request: PageRequest) -> dict[str, Any]:
    """What another request said, where one is written anew (`?again=<id>`)."""
    with suppress(ValueError):
        if (row := rules.visible_to(request.actor).filter(pk=UUID(asked(request, "again"))).first()) is not None:
            return PaymentForm.initial_of(row)
    return {}


@page(rules.can_see_payments)
def payment(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One request: what it says, who did what, and what I may do with it."""
    row = _visible(request, pk)
    return show(request, "fund/workbench/payment.html", _payment_context(request, row))


def _payment_context(request: PageRequest, row: PaymentRequest, **more: Any) -> dict[str, Any]:
    actor = request.actor
    stands = row.stands
    free = queries.free_in(row.method, row.pool) if rules.can_see_books(actor) and is_open() else None
    undecided, approved = stands in {State.SUBMITTED, State.CHECKED}, stands == State.APPROVED
    review = row.reviews.select_related("reviewed_by").first() if row.is_urgent else None
    return {
        "row": row,
        "history": timeline.of(source_of(row))[:50],
        "steps": steps(row),
        "can_check": row.waits_for_check and rules.can_check(actor, row),
        "can_approve": row.waits_for_approval and rules.can_approve(actor, row),
        "can_refuse": undecided and rules.can_approve_alone(actor, row),
        **_of_the_committee(row, actor),
        "can_send_back": (undecided or approved or stands == State.LAPSED) and rules.can_send_back(actor, row),
        "review": review,
        "can_review": row.is_urgent and row.state == State.PAID and not review and rules.can_review(actor, row),
        "review_form": ReviewForm(),
        "can_pay": approved and row.is_payable and rules.can_pay(actor, row),
        "can_edit": rules.can_edit(actor, row),
        "own": undecided and row.submitted_by_id == actor.account_id,
        "reason_form": ReasonForm(auto_id="reason_form_%s"),  # two on one page: each names its fields
        "refusal_form": ReasonForm(auto_id="refusal_form_%s"),
        "paid_form": PaidForm(),
        "paper_form": FileForm(),
        "papers": files.shown(source_of(row)),
        "free": free,
        "beside": beside if (beside := _beside(row)) and beside.beyond else None,
        "words": budgets.words_of(row),
        "after": None if free is None else free - row.amount_fen,
        "corrections": row.corrections.select_related("asked_by").order_by("number"),
        "can_correct": row.state == State.PAID and rules.can_correct_payment(actor),
        "sees_books": rules.can_see_books(actor),
        "organization": found.name if (found := named([row.organization]).get(row.organization)) else "",
        **more,
    }


def _beside(row: PaymentRequest) -> budgets.Beside | None:
    """What a payment that is not decided yet comes to beside the year's budget."""
    if row.stands not in {State.SUBMITTED, State.CHECKED}:
        return None
    return budgets.beside((row.pool, row.category), row.amount_fen, besides=row.pk)


def _is_of_the_committee(actor: Actor) -> bool:
    return rules.can_vote(actor) or rules.can_watch(actor)


def _of_the_committee(row: PaymentRequest, actor: Actor) -> dict[str, Any]:
    """What the page of a payment says of its committee, and what I may say in it."""
    if not row.is_decided_together:
        return {}
    said = list(committee.voices(row).select_related("said_by"))
    asked = row.waits_for_committee and not any(one.said_by_id == actor.account_id for one in said)
    is_related = asked and committee.is_related(actor, row)
    return {
        "voices": said,
        "came_to": committee.outcome_of(row, said),
        "can_vote": asked and rules.can_vote(actor),
        "can_watch": asked and rules.can_watch(actor) and not is_related,
        "is_related": is_related,
        "voice_form": VoiceForm(),
    }


@page(rules.can_vote, methods=("POST",))
def vote(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """What a member of the committee says."""
    row, form = _visible(request, pk), VoiceForm(request.POST)
    if form.is_valid():
        with refusals_on(form, "voice"):
            row = services.speak(request=row, voice=form.cleaned_data["voice"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Taken down. It stays."))
            return redirect("fund:payment", pk=row.pk)
    return show(request, "fund/workbench/payment.html", _payment_context(request, row, voice_form=form), status=422)


@page(rules.can_watch, methods=("POST",))
def presence(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The supervisor is there while the committee decides."""
    services.speak(request=_visible(request, pk), voice=Voice.WATCHES, by=request.actor)
    messages.success(request, _("Taken down: you are there."))
    return redirect("fund:payment", pk=pk)


@page(holds(Permission.SEE_BOOKS))
def minutes(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """What the committee decided, to be printed and signed (会议纪要)."""
    row = _visible(request, pk)
    if not row.is_decided_together:
        raise Http404
    said = list(committee.voices(row).select_related("said_by"))
    groups = [(value.label, [one for one in said if one.voice == value]) for value in Voice]
    context = {"row": row, "groups": groups, "came_to": committee.outcome_of(row, said), "rule": row.path_rule}
    return show(request, "fund/workbench/minutes.html", context)


def _visible(request: PageRequest, pk: UUID) -> PaymentRequest:
    rows = rules.visible_to(request.actor).select_related("submitted_by", "checked_by", "approved_by", "paid_by")
    row = get_object_or_404(rows, pk=pk)
    versions.about(request, row)
    return row


@page(holds(Permission.REQUEST_PAYMENT), methods=BOTH)
def edit_payment(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Change what was sent back, and submit it again."""
    row = _visible(request, pk)
    require(rules.can_edit(request.actor, row))
    initial = PaymentForm.initial_of(row)
    form = PaymentForm(request.POST or None, initial=initial, organizations=_organizations(request.actor))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.resubmit_payment(request=row, wanted=form.wanted(), by=request.actor)
        if not form.errors:
            messages.success(request, _("Submitted. Another person will look at it."))
            return redirect("fund:payment", pk=row.pk)
    return show(
        request, "fund/workbench/payment_form.html", {"form": form, "row": row}, status=422 if form.errors else 200
    )


@page(holds(Permission.CHECK_PAYMENT), methods=("POST",))
def check(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The papers are complete, and it is for what it says."""
    row = services.check_payment(request=_visible(request, pk), by=request.actor)
    messages.success(request, _("Checked. Another person decides now."))
    return redirect("fund:payment", pk=row.pk)


@page(holds(Permission.REVIEW_PAYMENT), methods=("POST",))
def review(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say whether an urgent payment was in order."""
    row, form = _visible(request, pk), ReviewForm(request.POST)
    if form.is_valid():
        with refusals_on(form, "note"):
            services.review_payment(payment=row, **form.cleaned_data, by=request.actor)
        if not form.errors:
            messages.success(request, _("Written down. It stays on the page of the payment."))
            return redirect("fund:payment", pk=row.pk)
    return show(request, "fund/workbench/payment.html", _payment_context(request, row, review_form=form), status=422)


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def approval(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Approve: the money is set aside."""
    row = services.approve_payment(request=_visible(request, pk), by=request.actor)
    messages.success(request, _("Approved. The money is set aside until the accountant pays it."))
    return redirect("fund:payment", pk=row.pk)


def _with_reason(
    request: PageRequest, pk: UUID, verb: Callable[..., PaymentRequest], done: str, *, name: str
) -> HttpResponseBase:
    row, form = _visible(request, pk), ReasonForm(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        with refusals_on(form):
            verb(request=row, reason=form.cleaned_data["reason"], by=request.actor)
        if not form.errors:
            messages.success(request, done)
            return redirect("fund:payment", pk=row.pk)
    return show(request, "fund/workbench/payment.html", _payment_context(request, row, **{name: form}), status=422)


@page(_sends_back, methods=("POST",))
def sending_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Give it back with a reason."""
    return _with_reason(request, pk, services.send_back_payment, _("Sent back with your reason."), name="reason_form")


@page(holds(Permission.APPROVE_PAYMENT), methods=("POST",))
def refusal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say no, with the reason."""
    done = _("Refused with your reason.")
    return _with_reason(request, pk, services.refuse_payment, done, name="refusal_form")


@page(holds(Permission.REQUEST_PAYMENT), methods=("POST",))
def withdrawal(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take one's own request back."""
    services.withdraw_payment(request=_visible(request, pk), by=request.actor)
    messages.success(request, _("Withdrawn."))
    return redirect("fund:bench")


@page(holds(Permission.REQUEST_PAYMENT), methods=("POST",), files=True)
def papers(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Add a photograph of an invoice, or another file."""
    row, form = _visible(request, pk), FileForm(request.POST, request.FILES)
    require(rules.can_edit(request.actor, row))
    if form.is_valid():
        with refusals_on(form, "file"):
            services.add_paper(request=row, brought=form.cleaned_data["file"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Added. Whoever looks at the request sees it."))
            return redirect("fund:payment", pk=row.pk)
    return show(request, "fund/workbench/payment.html", _payment_context(request, row, paper_form=form), status=422)


@page(holds(Permission.REQUEST_PAYMENT), methods=("POST",))
def paper_end(request: PageRequest, pk: UUID, file_pk: UUID) -> HttpResponseBase:
    """Take a file away again."""
    row = _visible(request, pk)
    file = get_object_or_404(files.of(source_of(row)), pk=file_pk)
    services.take_paper_away(request=row, file=file, by=request.actor)
    messages.success(request, _("Taken away."))
    return redirect("fund:payment", pk=row.pk)


@page(holds(Permission.PAY), methods=("POST",))
def payout(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Pay what another approved."""
    row, form = _visible(request, pk), PaidForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.pay(request=row, slip=form.cleaned_data["slip"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Paid and entered in the books. Everybody can see it now."))
            return redirect("fund:payment", pk=row.pk)
    return show(request, "fund/workbench/payment.html", _payment_context(request, row, paid_form=form), status=422)


@page(holds(Permission.RECORD_INCOME), methods=BOTH)
def income(request: PageRequest) -> HttpResponseBase:
    """Record money that came in; the newest receipts below."""
    require_fresh(request.actor)
    form = ReceiptForm(request.POST or None, organizations=givers())
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            try:
                row = services.receive(receipt=form.receipt(), by=request.actor)
            except PeriodSealed:
                form.ask_late()
                raise
        if not form.errors:
            messages.success(request, _("Recorded as receipt no. %(number)d.") % {"number": row.number})
            return HttpResponseRedirect(request.path)
    rows = Donation.objects.select_related("recorded_by").order_by("-number")
    context = {"form": form, "page": paged(request, rows), "reason_form": ReasonForm()}
    return show(request, "fund/workbench/income.html", context, status=422 if form.errors else 200)


@page(holds(Permission.RECORD_INCOME), methods=BOTH)
def correction(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take a wrong receipt back by a second entry."""
    require_fresh(request.actor)
    row = get_object_or_404(Donation, pk=pk)
    versions.about(request, row)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.take_back(donation=row, reason=form.cleaned_data["reason"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Taken back by a second entry. Both stay in the books."))
            return redirect("fund:income")
    return show(
        request, "fund/workbench/correction.html", {"form": form, "row": row}, status=422 if form.errors else 200
    )


@page(holds(Permission.SEE_BOOKS), methods=BOTH)
def books(request: PageRequest) -> HttpResponseBase:
    """The trial balance, the sealed months, and sealing the next one."""
    due, can_close = queries.next_to_seal(), rules.can_close(request.actor)
    sums = queries.month_figures(due) if can_close and due and month_end(due) < clock.today() else None
    if sums is not None:
        versions.about(request, sums)
    form: forms.Form = MonthForm(request.POST or None, initial={"month": due})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.close_month(month=form.cleaned_data["month"], by=request.actor)
        if not form.errors:
            messages.success(request, _("Sealed. Its root stands on the public page."))
            return redirect("fund:books")
    lines = queries.trial_balance(clock.today())
    context = {
        "places": queries.stated(),
        "lines": lines,
        "debits": sum(line.debits for line in lines),
        "credits": sum(line.credits for line in lines),
        "periods": paged(request, queries.months(), per_page=12),
        "form": form,
        "can_close": can_close,
        "due": due,
        "sums": sums,
        "due_from": due and month_end(due) + timedelta(days=1),
        "today": clock.today(),
    }
    return show(request, "fund/workbench/books.html", context, status=422 if form.errors else 200)
