"""Papers of a month or a year at once: short ones are saved at once, long ones are handed over."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import get_script_prefix

from weiyifang.activities import in_bulk
from weiyifang.activities.forms import PapersForm
from weiyifang.activities.workbench_door import checks_in
from weiyifang.core import long_work
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.downloads import saved
from weiyifang.core.web.pages import refusals_on, show


@page(checks_in, methods=("GET", "POST"))
def papers(request: PageRequest) -> HttpResponseBase:
    """Choose which papers, and of when."""
    form = PapersForm(request.POST or None, kinds=in_bulk.kinds_for(request.actor))
    if request.method == "POST" and form.is_valid():
        kind, period = form.cleaned_data["kind"], form.cleaned_data["period"]
        wanted = {"period": period, "home": request.build_absolute_uri(get_script_prefix())}
        with refusals_on(form):
            many = in_bulk.dates_of(kind, period, request.actor).count() * in_bulk.ROWS_EACH
            if long_work.is_long(many):
                return redirect(long_work.hand_over(kind=kind, arguments=wanted, by=request.actor))
            return saved(in_bulk.made(kind, wanted, request.actor, long_work.nowhere))
    return show(request, "activities/workbench/papers.html", {"form": form}, status=422 if form.errors else 200)
