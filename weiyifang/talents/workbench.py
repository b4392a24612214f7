"""Staff's and leaders' pages: who could do something, putting somebody down at the desk, what was asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people.rules import can_see_residents
from weiyifang.talents import kinds, queries, rules, services, sheets
from weiyifang.talents.forms import DeskForm, OthersForm
from weiyifang.talents.models import RequestState, Talent


@page(rules.can_manage_some)
def bench(request: PageRequest) -> HttpResponseBase:
    """Who could…: the list, searched by `?q=`, of one `?topic=`; `?format=csv`."""
    words, topic = asked(request, "q", 60), asked(request, "topic", 20)
    rows = queries.listed(words, topic)
    if asked(request, "format", 4) == "csv":
        return downloads.named(sheets.talents(rows), f"talents-{clock.today():%Y%m%d}.csv")
    context = {
        "page": paged(request, rows),
        "words": words,
        "topic": topic,
        "topics": kinds.choices(),
        "can_manage": rules.can_manage_all(request.actor),
    }
    return show(request, "talents/workbench/talents.html", context)


@page(rules.can_manage_all, methods=("GET", "POST"))
def put_down(request: PageRequest) -> HttpResponseBase:
    """Somebody is put down at the desk."""
    form = DeskForm(request.POST or None, sees_register=can_see_residents(request.actor))
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data}
        found = said.pop("who")
        with refusals_on(form):
            made = services.put_down(resident=found, by=request.actor, **said)
            messages.success(request, _("%(name)s is on the list now.") % {"name": found.name})
            return redirect("talents:manage", number=made.number)
    context = {"form": form, "text": queries.words_of_consent()}
    return show(request, "talents/workbench/put_down.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_all, methods=("GET", "POST"))
def manage(request: PageRequest, number: int) -> HttpResponseBase:
    """One talent: what is said about them, and what they were asked."""
    talent = _found(request, number)
    form = OthersForm.about(talent, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.edit(talent=talent, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("talents:manage", number=number)
    requests = paged(request, queries.asked_of(talent))
    queries.say_whose(requests)
    context = {"talent": talent, "form": form, "page": requests}
    return show(request, "talents/workbench/talent.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_all, methods=("POST",))
def take_off(request: PageRequest, number: int) -> HttpResponseBase:
    """Off the list."""
    talent = _found(request, number)
    services.take_off(talent=talent, by=request.actor)
    messages.success(request, _("Off the list. What was open with them is closed, and whoever asked is told."))
    return redirect("talents:bench")


@page(rules.can_manage_some)
def requests(request: PageRequest) -> HttpResponseBase:
    """What was asked: of all for the committee, else for one's organizations; of one `?state=`; `?format=csv`."""
    state = asked(request, "state", 10)
    rows = queries.requests_for(request.actor, state)
    if asked(request, "format", 4) == "csv":
        return downloads.named(sheets.requests(rows), f"talent-requests-{clock.today():%Y%m%d}.csv")
    found = paged(request, rows)
    queries.say_whose(found)
    context = {"page": found, "state": state, "states": RequestState.choices}
    return show(request, "talents/workbench/requests.html", context)


def _found(request: PageRequest, number: int) -> Talent:
    rows = Talent.objects.select_related("resident").defer("resident__phone", "resident__id_number")
    found: Talent = get_object_or_404(rows, number=number)
    versions.about(request, found)
    return found
