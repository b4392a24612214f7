"""Statements of banks and wallets: how far they go, and how they come in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.banking import in_bulk, queries, reading, rules, services
from weiyifang.banking.forms import ColumnsForm, PeriodForm, UploadForm
from weiyifang.banking.models import Statement, StatementDraft
from weiyifang.core import long_work, timeline
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import paged, refusals_on, show

BOTH = ("GET", "POST")
FIRST = 10  # lines shown of a file
SHOWN = 200  # wrong ones, and those that are no line


@page(rules.can_see)
def bench(request: PageRequest) -> HttpResponseBase:
    """Each place with its newest statement; all statements, newest first."""
    rows = Statement.objects.select_related("account", "imported_by").order_by("-number")
    context = {"places": queries.places(), "page": paged(request, rows), "can_keep": rules.can_keep(request.actor)}
    return show(request, "banking/bench.html", context)


@page(rules.can_keep, methods=BOTH, files=True)
def upload(request: PageRequest) -> HttpResponseBase:
    """Choose a file; what it holds is shown before anything is written."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "file"):
            method, content = form.cleaned_data["method"], form.content()
            known = queries.account_of(method)
            seen = reading.read(content) or (reading.read(content, columns=known.columns) if known else None)
            if seen is None:
                reading.head_of(content)
            draft = services.keep_draft(
                method=method,
                file_name=form.cleaned_data["file"].name,
                content=content,
                lines=len(seen.lines) if seen else 0,
                by=request.actor,
            )
            return redirect("banking:preview" if seen else "banking:columns", pk=draft.pk)
    return show(request, "banking/upload.html", {"form": form}, status=422 if form.errors else 200)


@page(rules.can_keep, methods=BOTH)
def columns(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Of a file of an unknown shape: which heading is which column. It is remembered for the account."""
    draft = _draft(request, pk)
    heads, below = reading.head_of(services.draft_content(draft))
    form = ColumnsForm(request.POST or None, heads=heads)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.name_columns(draft=draft, columns=form.columns(), by=request.actor)
            return redirect("banking:preview", pk=draft.pk)
    context = {"form": form, "draft": draft, "heads": heads, "below": below}
    return show(request, "banking/columns.html", context, status=422 if form.errors else 200)


@page(rules.can_keep, methods=BOTH)
def preview(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """What the file holds: its days, its sums, its first lines, every line that is wrong. The yes imports it whole."""
    draft = _draft(request, pk)
    seen = services.preview(draft)
    if seen is None:
        return redirect("banking:columns", pk=draft.pk)
    form = PeriodForm(request.POST or None, seen=seen)
    is_long = long_work.is_long(len(seen.reading.lines))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            wanted = form.wanted()
            if is_long:
                handed = in_bulk.arguments(draft, wanted)
                return redirect(long_work.hand_over(kind=in_bulk.KIND, arguments=handed, by=request.actor))
            row = services.import_statement(draft=draft, wanted=wanted, by=request.actor)
            messages.success(request, in_bulk.imported(in_bulk.came_of(row)))
            return redirect("banking:statement", pk=row.pk)
    found = seen.reading
    context = {
        "draft": draft,
        "seen": seen,
        "found": found,
        "form": form,
        "first": found.lines[:FIRST],
        "known": [found.lines[place] for place in sorted(seen.known)[:SHOWN]],
        "wrong": found.wrong[:SHOWN],
        "beside": found.beside[:SHOWN],
        "shown": SHOWN,
        "is_long": is_long,
    }
    return show(request, "banking/preview.html", context, status=422 if form.errors else 200)


def _draft(request: PageRequest, pk: UUID) -> StatementDraft:
    return get_object_or_404(StatementDraft, pk=pk, made_by_id=request.actor.account_id)


@page(rules.can_keep, methods=("POST",))
def drop(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Throw the file away."""
    services.drop_draft(draft=_draft(request, pk), by=request.actor)
    messages.success(request, _("The file is thrown away. Nothing was imported."))
    return redirect("banking:upload")


@page(rules.can_see)
def statement(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One statement: its sums, its lines as they happened."""
    row = _statement(pk)
    context = {
        "row": row,
        "page": paged(request, queries.lines_of(row), per_page=50),
        "history": timeline.of(source_of(row))[:20],
        "can_take_back": rules.can_keep(request.actor) and row.taken_back_at is None,
    }
    return show(request, "banking/statement.html", context)


@page(rules.can_keep, methods=("POST",))
def take_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It was the wrong file."""
    services.take_back_statement(statement=_statement(pk), by=request.actor)
    messages.success(request, _("Taken back. Its lines are gone; import the right file."))
    return redirect("banking:bench")


def _statement(pk: UUID) -> Statement:
    return get_object_or_404(Statement.objects.select_related("account", "imported_by"), pk=pk)
