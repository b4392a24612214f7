"""The fund's public pages: the overview and every single transfer."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import ngettext

from weiyifang.core import clock, tables
from weiyifang.core.look import wording
from weiyifang.core.look.charts import Month, Stream
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, anyone, member, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.files import queries as files
from weiyifang.fund import entries, queries, statement
from weiyifang.fund.chart import chart
from weiyifang.fund.forms import EntryFilter, RootForm
from weiyifang.fund.models import Donation
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import Transfer


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
        {"donation": donation, "transfer": row, "papers": files.shown(source_of(donation))},
    )


def _csv(rows: QuerySet[Transfer]) -> HttpResponseBase:
    """The entries as a spreadsheet, read as it is sent: for everybody, so nobody has to wait for a message."""
    table = tables.streamed(statement.head(), statement.lines(rows))
    return downloads.named(table, f"fund-{clock.today():%Y%m%d}.csv")
