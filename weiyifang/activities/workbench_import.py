"""Staff's page for a whole programme in a workbook: choose a file, look, say yes; and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.activities import programme_file, queries, rules, services
from weiyifang.activities.forms import ProgrammeForm
from weiyifang.activities.models import Activity, ActivityState
from weiyifang.core.refusals import Refused
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, holds, page
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people.roles import Permission

plans = holds(Permission.PLAN_ACTIVITIES)
SEALED, COUNT = "programme", "dates"  # what travels with the page: the rows, and how many dates its reader saw


@page(plans, methods=("GET", "POST"), files=True)
def programme(request: PageRequest) -> HttpResponse:
    """What a file holds: new activities with their dates, what is here already, every row that is wrong and why."""
    form = ProgrammeForm(request.POST or None, request.FILES or None)
    if SEALED in request.POST:
        form = ProgrammeForm()
        try:
            return _act(request, programme_file.unseal(request.POST[SEALED], request.actor))
        except Refused as refused:
            messages.error(request, str(refused))
            return show(request, "activities/workbench/programme_file.html", {"form": form}, status=422)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "file"):
            return _preview(request, programme_file.read(form.content()))
    status = 422 if form.is_bound else 200
    return show(request, "activities/workbench/programme_file.html", {"form": form}, status=status)


@page(plans)
def template(request: PageRequest) -> HttpResponse:
    """The workbook to begin with."""
    return downloads.workbook(programme_file.template(), "programme.xlsx")


@page(plans)
def brought(request: PageRequest, brought_in: UUID) -> HttpResponse:
    """What one file brought, and whether it can still be shown, or taken back, as a whole."""
    rows = _brought(request, brought_in)
    counts = rows.aggregate(drafts=Count("pk", filter=Q(state=ActivityState.DRAFT)), all=Count("pk"))
    if not counts["all"]:
        raise Http404
    standing = rows.filter(state__in=(ActivityState.DRAFT, ActivityState.PUBLISHED))
    page_of = paged(request, rows.order_by("number"))
    context: dict[str, Any] = {
        "brought_in": brought_in,
        "page": page_of,
        "next": queries.next_dates(page_of),
        "drafts": counts["drafts"],
        "can_be_taken_back": standing.exists(),
    }
    return show(request, "activities/workbench/programme_brought.html", context)


@page(plans, methods=("POST",))
def publication(request: PageRequest, brought_in: UUID) -> HttpResponse:
    """Show all drafts of one file."""
    shown = services.publish_brought(brought_in=_here(request, brought_in), by=request.actor)
    done = ngettext("%(n)d activity is open to all.", "%(n)d activities are open to all.", shown) % {"n": shown}
    messages.success(request, done)
    return redirect("activities:bench_brought", brought_in)


@page(plans, methods=("POST",))
def end(request: PageRequest, brought_in: UUID) -> HttpResponse:
    """Take the file back: what it brought is called off, as long as nobody has enrolled."""
    gone = services.take_back(brought_in=_here(request, brought_in), by=request.actor)
    done = ngettext("%(n)d activity is taken back.", "%(n)d activities are taken back.", gone) % {"n": gone}
    messages.success(request, done)
    return redirect("activities:bench_brought", brought_in)


# --- parts ------------------------------------------------------------------------------------------------------


def _brought(request: PageRequest, brought_in: UUID) -> Any:
    return rules.manageable_by(request.actor).filter(brought_in=brought_in)


def _here(request: PageRequest, brought_in: UUID) -> UUID:
    if not Activity.objects.filter(brought_in=brought_in).exists():
        raise Http404
    return brought_in


def _preview(request: PageRequest, found: programme_file.Read, *, changed: bool = False) -> HttpResponse:
    seen = programme_file.sort(found, queries.organizers_for(request.actor))
    context = {"seen": seen, "more": found.more, "sealed": programme_file.seal(found, request.actor)}
    if changed:
        messages.error(request, _("Something has changed meanwhile, so nothing was done. Look at the list once more."))
    return show(request, "activities/workbench/programme_preview.html", context, status=422 if changed else 200)


def _act(request: PageRequest, found: programme_file.Read) -> HttpResponse:
    seen = programme_file.sort(found, queries.organizers_for(request.actor))
    if not seen.new or request.POST.get(COUNT) != str(seen.count):
        return _preview(request, found, changed=True)
    brought_in = services.bring(wanted=[one.brought() for one in seen.new], by=request.actor)
    done = ngettext("%(n)d activity is here as a draft.", "%(n)d activities are here as drafts.", len(seen.new))
    messages.success(request, done % {"n": len(seen.new)})
    return redirect("activities:bench_brought", brought_in)
