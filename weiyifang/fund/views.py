"""The fund's public pages: the overview and every single transfer."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from weiyifang.core import clock, tables
from weiyifang.core.look import wording
from weiyifang.core.look.charts import Month, Stream
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, anyone, member, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.files import queries as files
from weiyifang.fund import budgets, entries, following, journals, paths, purposes, queries, receipts, statement
from weiyifang.fund.books import books
from weiyifang.fund.chart import chart
from weiyifang.fund.forms import EntryFilter, RootForm
from weiyifang.fund.models import Donation
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Transfer
from weiyifang.organizations import queries as organizations


@page(anyone, kept=5)
def overview(request: PageRequest) -> HttpResponseBase:
    """What came in, what was spent, what is left."""
    since, until = queries.year_until()
    seen = queries.overview(since, until)
    newest = entries.transfers()[:3]
    compared = queries.stated()
    context = {
        "seen": seen,
        "incoming": [_stream(flow) for flow in seen.income],
        "outgoing": [_stream(flow) for flow in seen.spending],
        "entries": entries.entries(newest),
        "count": entries.transfers().count(),
        "months": _sealed(),
        "compared": compared,
        "agrees": bool(compared) and all(one.stated and not one.stated.difference for one in compared),
        "missing": wording.listed(one.place for one in compared if not one.stated),
        "last_sealed": queries.months().first(),
        "limits": paths.shown_on(clock.today()),
        "limits_source": paths.PATHS.source,
        "source": chart().source,
        "since": wording.full_day(chart().since),
    }
    return show(request, "fund/overview.html", context)


def _sealed() -> list[Month]:
    """The last twelve sealed months, the oldest first."""
    rows = [period.month for period in reversed(queries.months()[:12])]
    return [
        Month(
            label=date_format(month, "M"),
            sealed=True,
            year=str(month.year) if place == 0 or rows[place - 1].year != month.year else "",
        )
        for place, month in enumerate(rows)
    ]


def _stream(flow: queries.Flow) -> Stream:
    return Stream(
        label=flow.line.name,
        fen=flow.fen,
        note=ngettext("%(n)d entry", "%(n)d entries", flow.entries) % {"n": flow.entries},
    )


@page(anyone, kept=5)
def transfers(request: PageRequest) -> HttpResponseBase:
    """Every transfer, newest first, with search."""
    form = EntryFilter(request.GET or None)
    rows = entries.transfers(form.sought())
    if asked(request, "as") == "csv":
        return _csv(rows)
    listed = paged(request, rows)
    context = {"form": form, "page": listed, "entries": entries.entries(listed.object_list)}
    return show(request, "fund/transfers.html", context)


@page(anyone, kept=5)
def transfer(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One transfer with all there is to know about it."""
    row = get_object_or_404(entries.transfers(), pk=pk)
    (entry,) = entries.entries([row])
    context = {"entry": entry, "original": row.reverses, "corrections": ledger.corrections_of(row)}
    return show(request, "fund/transfer.html", context)


@page(anyone, kept=5)
def purposes_page(request: PageRequest) -> HttpResponseBase:
    """What each purpose holds, who fixed it, and what was done with it."""
    return show(request, "fund/purposes.html", {"page": paged(request, purposes.held())})


@page(anyone, kept=5)
def budget_page(request: PageRequest) -> HttpResponseBase:
    """What the committee plans to spend this year, beside what is spent; as a table for programs, too."""
    seen = budgets.plan(clock.today().year)
    if asked(request, "as") == "csv":
        head = [_("Category"), _("Purpose"), pgettext("budget", "Planned"), _("On its way"), _("Spent"), _("Left")]
        rows = (
            [
                one.category.name,
                one.pool.name,
                *map(statement.in_yuan, (one.planned, one.committed, one.spent, one.left)),
            ]
            for one in seen.lines
        )
        return downloads.named(tables.streamed(head, rows), f"budget-{seen.year}.csv")
    return show(request, "fund/budget.html", {"seen": seen})


@page(anyone, kept=5)
def months(request: PageRequest) -> HttpResponseBase:
    """The sealed months with their roots; a root from elsewhere compared; the heads of all chains to keep on paper."""
    form = RootForm(request.GET if "digits" in request.GET else None)
    is_asked = form.is_bound and form.is_valid()
    context = {
        "page": paged(request, queries.months()),
        "heads": queries.heads(),
        "form": form,
        "is_asked": is_asked,
        "found": queries.sealed_as(form.cleaned_data["digits"]) if is_asked else None,
    }
    return show(request, "fund/months.html", context)


def me(request: PageRequest) -> UUID:
    """The resident who looks; the rule `resident` made sure there is one."""
    assert request.actor.resident_id is not None
    return request.actor.resident_id


@page(member)
def mine(request: PageRequest) -> HttpResponseBase:
    """What I gave, each with its acknowledgement to print; whoever is no resident here reads how it would get there."""
    resident_id = request.actor.resident_id
    given = queries.given_by(resident_id) if resident_id else Donation.objects.none()
    return show(request, "fund/mine.html", {"page": paged(request, given)})


@page(resident)
def acknowledgement(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The fund's own acknowledgement of one gift: for the giver only, and no official receipt."""
    donation = get_object_or_404(queries.given_by(me(request)), pk=pk)
    row = get_object_or_404(entries.transfers(), source=source_of(donation))
    return show(
        request,
        "fund/acknowledgement.html",
        {
            "donation": donation,
            "transfer": row,
            "papers": files.shown(source_of(donation)),
            "receipt": request.build_absolute_uri(reverse("fund:receipt", args=[receipts.code(donation.pk)])),
        },
    )


@page(anyone)
def receipt(request: PageRequest, code: str) -> HttpResponseBase:
    """The receipt of a gift, for whoever holds its code: what it was, where it went, and the proof to check here."""
    donation, here = _named(code), books()
    row = here.transfer_of(source_of(donation))
    trail = following.trail(here, row)
    met = paged(request, trail.met)
    context = {
        "donation": donation,
        "transfer": row,
        "giver": _giver(donation),
        "code": code,
        "address": request.build_absolute_uri(reverse("fund:receipt", args=[code])),
        "month": queries.month_of_entry(row),
        "trail": trail,
        "convention": chart().convention(clock.today()),
        "page": met,
        "met": [(entry, entry.transfer.part) for entry in entries.entries(met.object_list)],  # type: ignore[attr-defined]  # `trail` put it there
    }
    return show(request, "fund/receipt.html", context)


@page(anyone)
def receipt_file(request: PageRequest, code: str) -> HttpResponseBase:
    """The proof as `weiyifang verify-receipt` and the page's own script read it."""
    donation, here = _named(code), books()
    proof = receipts.proof(here, here.transfer_of(source_of(donation)))
    if proof is None:
        raise Http404
    return _json(proof.text(), f"receipt-{donation.number}.json")


@page(anyone)
def months_file(request: PageRequest) -> HttpResponseBase:
    """The sealed months, whole, with all that their roots are made of: what receipts are compared with."""
    return _json(receipts.months().text(), "sealed-months.json")


@page(anyone)
def beancount(request: PageRequest) -> HttpResponseBase:
    """All entries as a journal for Beancount."""
    return _journal("beancount")


@page(anyone)
def hledger(request: PageRequest) -> HttpResponseBase:
    """The same for hledger."""
    return _journal("hledger")


def _journal(kind: str) -> HttpResponseBase:
    """Read as it is sent; everybody's, as the list is."""
    books()  # there is one, or the sentence that there is none
    content = (piece.encode() for piece in journals.lines(kind))
    return downloads.named(tables.sent(content, "text/plain; charset=utf-8"), journals.file_name(kind, clock.today()))


def _named(code: str) -> Donation:
    found = receipts.named(code)
    if found is None:
        raise Http404
    return found


def _giver(donation: Donation) -> str:
    """As everybody may read it."""
    given = organizations.named([donation.organization]) if donation.organization else {}
    found = given.get(donation.organization)
    return found.name if found else donation.shown_name


def _json(text: str, name: str) -> HttpResponse:
    return downloads.named(HttpResponse(text, content_type="application/json; charset=utf-8"), name)


def _csv(rows: QuerySet[Transfer]) -> HttpResponseBase:
    """The entries as a spreadsheet, read as it is sent: for everybody, so nobody has to wait for a message."""
    table = tables.streamed(statement.head(), statement.lines(rows))
    return downloads.named(table, f"fund-{clock.today():%Y%m%d}.csv")
