"""Who is reached, who is not, and who goes there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.core import clock, long_work, tables
from weiyifang.core.small_groups import FEWEST
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.outreach import in_bulk, limits, queries, rules, services, sheets
from weiyifang.outreach.forms import ContactForm, NeedForm, PeriodForm
from weiyifang.outreach.models import Grid, SpecialNeed
from weiyifang.people.models import Resident


@page(rules.can_reach_out)
def bench(request: PageRequest, number: int | None = None) -> HttpResponseBase:
    """Whom nothing reached for long, in one grid or wherever the actor goes to people."""
    mine = list(rules.grids_of(request.actor).order_by("number"))
    grid = next((one for one in mine if one.number == number), None)
    if number is not None and grid is None:
        raise Http404
    found = paged(request, queries.unreached(request.actor, grid))
    contacts = queries.last_contacts(one.pk for one in found)
    context = {
        "page": found,
        "rows": [(one, contacts.get(one.pk)) for one in found],
        "grid": grid,
        "grids": mine,
        "is_all": rules.can_reach_everybody(request.actor),
        "days": limits.rule_on(clock.today()).unreached_days,
        "can_see": rules.can_see_figures(request.actor),
        "can_keep": rules.can_keep_grids(request.actor),
    }
    return show(request, "outreach/workbench/list.html", context)


@page(rules.can_reach_out, methods=("GET", "POST"))
def person(request: PageRequest, number: int) -> HttpResponseBase:
    """One person: every contact with them; posting notes another."""
    resident = _of_mine(request, number)
    form = ContactForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        with refusals_on(form):
            noted = services.note_contact(resident=resident, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Noted. It is no service, and counts as none."))
            home = queries.grid_of(resident)
            if noted.is_gone:
                messages.info(request, _("The desk sees on its list that they have moved away."))
            return redirect(*_back(request, home))
    return _person(request, resident, form)


def _person(
    request: PageRequest, resident: Resident, form: ContactForm | None = None, need_form: NeedForm | None = None
) -> HttpResponseBase:
    last = queries.last_contacts([resident.pk]).get(resident.pk)
    context = {
        "resident": resident,
        "is_alone": not queries.others_at_home(resident),
        "page": paged(request, queries.contacts_of(resident).select_related("noted_by")),
        "last": last,
        "form": form or ContactForm(initial={"after": last.pk if last else None}),
        "needs": queries.needs_of(resident),
        "need_form": need_form or NeedForm(),
        "sees_register": rules.can_see_rows(request.actor),
    }
    wrong = any(one is not None and one.errors for one in (form, need_form))
    return show(request, "outreach/workbench/person.html", context, status=422 if wrong else 200)


@page(rules.can_reach_out, methods=("POST",))
def note_need(request: PageRequest, number: int) -> HttpResponseBase:
    """Note what somebody needs."""
    resident = _of_mine(request, number)
    form = NeedForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.note_need(resident=resident, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Noted. The person can see it in their own data."))
            return redirect("outreach:person", number=number)
    return _person(request, resident, need_form=form)


@page(rules.can_reach_out, methods=("POST",))
def end_need(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It is over."""
    need = get_object_or_404(SpecialNeed.objects.filter(resident__in=queries.where(request.actor)), pk=pk)
    services.end_need(need=need, by=request.actor)
    messages.success(request, _("Taken out. Nothing of it is kept."))
    return redirect("outreach:person", number=need.resident.number)


def _back(request: PageRequest, home: Grid | None) -> list[Any]:
    return (
        ["outreach:bench_grid", home.number]
        if home and not rules.can_reach_everybody(request.actor)
        else ["outreach:bench"]
    )


def _of_mine(request: PageRequest, number: int) -> Resident:
    """Nobody learns of a grid that is not theirs who lives there."""
    found: Resident = get_object_or_404(queries.where(request.actor).select_related("household").filter(number=number))
    return found


@page(rules.can_see_figures)
def figures(request: PageRequest) -> HttpResponseBase:
    """The figures of a period; `?as=csv` as a table."""
    form = PeriodForm(request.GET)
    since, until = form.days
    found = queries.figures(since, until)
    if asked(request, "as", 4) == "csv":
        lines = tables.streamed(sheets.figures_head(), sheets.figures_lines(found, until))
        return downloads.named(lines, f"reach-{since}-{until}.csv")
    sees = rules.can_see_rows(request.actor)
    called = sheets.names(until)
    context = {
        "form": form,
        "since": since,
        "until": until,
        "found": found,
        "everybody": _links("", "", since, until) if sees else dict.fromkeys(("reached", "unreached"), ""),
        "tables": [
            (
                sheets.dimension(by),
                [
                    (called[by].get(group.key, group.key), group, _links(by, group.key, since, until) if sees else {})
                    for group in found.groups[by]
                ],
            )
            for by in queries.DIMENSIONS
        ],
        "ways": [
            (way.words, people, times, _link(was="yes", way=way.code, since=since, until=until) if sees else "")
            for way, people, times in found.ways
        ],
        "fewest": FEWEST,
        "can_keep": rules.can_keep_grids(request.actor),
    }
    return show(request, "outreach/workbench/figures.html", context)


def _links(by: str, of: str, since: Any, until: Any) -> dict[str, str]:
    """To the people behind each figure of a row."""
    return {
        name: _link(by=by, of=of, was=was, since=since, until=until)
        for name, was in (("people", ""), ("reached", "yes"), ("unreached", "no"))
    }


def _link(**said: Any) -> str:
    return f"{reverse('outreach:people')}?{urlencode({key: value for key, value in said.items() if value})}"


@page(rules.can_see_rows, methods=("GET", "POST"))
def people(request: PageRequest) -> HttpResponseBase:
    """Who stands behind a figure; posting makes a file of them."""
    since, until = PeriodForm(request.GET).days
    by = asked(request, "by", 10)
    wanted = in_bulk.wanted(
        by=by if by in queries.DIMENSIONS else "",
        of=asked(request, "of", 40),
        was=asked(request, "was", 3),
        way=asked(request, "way", 20),
        since=since,
        until=until,
    )
    rows = in_bulk.rows_of(wanted)
    if request.method == "POST":
        if long_work.is_long(rows.count()):
            return redirect(long_work.hand_over(kind=in_bulk.PEOPLE, arguments=wanted, by=request.actor))
        lines = sheets.people_lines(rows, since, until)
        return downloads.named(tables.streamed(sheets.people_head(), lines), in_bulk.file_name(wanted))
    found = paged(request, rows)
    times = queries.times(since, until, among=[one.pk for one in found])
    context = {
        "page": found,
        "rows": [(one, times[one.pk]) for one in found],
        "title": _title(wanted, until),
        "since": since,
        "until": until,
        "back": f"{reverse('outreach:figures')}?{urlencode({'since': since, 'until': until})}",
    }
    return show(request, "outreach/workbench/people.html", context)


def _title(wanted: dict[str, Any], until: Any) -> str:
    """Which figure it is: 清水溪小区 · not reached."""
    parts: Iterable[str] = (
        sheets.names(until)[wanted["by"]].get(wanted["of"], wanted["of"]) if wanted["by"] else _("Everybody"),
        {"yes": _("reached"), "no": _("not reached")}.get(wanted["was"], ""),
        next((str(way.words) for way in queries.ways() if way.code == wanted["way"]), ""),
    )
    return " · ".join(part for part in parts if part)
