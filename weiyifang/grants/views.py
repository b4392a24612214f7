"""Everybody's pages: the running grants of each year, and every line of one, so that anybody can reckon it again."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404

from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.grants import queries, sheets
from weiyifang.grants.terms import TERMS
from weiyifang.organizations import queries as organizations

PER_PAGE = 100


@page(anyone, kept=5)
def listing(request: PageRequest) -> HttpResponseBase:
    """Each year with its sum; with `?of=` what one organization was given, year by year."""
    source = asked(request, "of", 120)
    if source:
        found = organizations.named([source]).get(source)
        if found is None:
            raise Http404
        rows = paged(request, queries.published_for(source))
        context = {"organization": found, "page": rows, "grants": queries.shown(rows.object_list)}
        return show(request, "grants/of.html", context)
    return show(request, "grants/list.html", {"page": paged(request, queries.shown_runs())})


@page(anyone, kept=5)
def run(request: PageRequest, year: int) -> HttpResponseBase:
    """One year: the rule, every organization with its result and amount; with `?as=xlsx` as a file."""
    found = get_object_or_404(queries.shown_runs(), year=year)
    rows = queries.grants_of(found).select_related("run")
    if asked(request, "as") == "xlsx":
        return downloads.workbook(sheets.table(found, queries.shown(rows)), f"grants-{year}.xlsx")
    page_of = paged(request, rows, per_page=PER_PAGE)
    context = {
        "run": found,
        "sums": queries.sums(found),
        "page": page_of,
        "grants": queries.shown(page_of.object_list),
        "rule": found.rule,
        "source": TERMS.source,
    }
    return show(request, "grants/run.html", context)
