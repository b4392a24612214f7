"""The office's pages of requests for help: all that stand, asking for somebody, finding a team, or nobody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.people.picking import told
from weiyifang.volunteering import queries, rules, services
from weiyifang.volunteering.forms_help import DeskHelpForm, HandForm, UnfoundForm
from weiyifang.volunteering.models import HelpRequest


@page(rules.can_manage_all, methods=("GET", "POST"))
def bench(request: PageRequest) -> HttpResponseBase:
    """What stands, or with `?when=past` what is over; and asking for somebody who came or called."""
    form = DeskHelpForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and CHANGE not in request.POST:
        who, said = form.cleaned_data["who"], form.said()
        if SURE not in request.POST:
            answers = [(_("Who needs help"), who.name, told(who)), (_("Where"), said["place"], said["remark"])]
            return ask_again(request, title=_("Ask for this help?"), answers=answers, submit=_("Send the request"))
        with refusals_on(form):
            made = services.ask_for_help(resident=who, by=request.actor, **said)
            messages.success(request, _("Asked. Members of the teams see it; you can hand it to a team yourself."))
            return redirect("volunteering:manage_help", number=made.number)
    past = asked(request, "when", 8) == "past"
    context = {"form": form, "page": paged(request, queries.help_asked(past=past)), "past": past}
    return show(request, "volunteering/workbench/help.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_all)
def manage(request: PageRequest, number: int) -> HttpResponseBase:
    """One request: hand it to a team, or say that nobody was found."""
    return show(request, "volunteering/workbench/one_help.html", _about(request, _one(request, number)))


@page(rules.can_manage_all, methods=("POST",))
def hand(request: PageRequest, number: int) -> HttpResponseBase:
    """Hand it to a team."""
    context = _about(request, _one(request, number), hand=request.POST)
    form: HandForm = context["hand"]
    if form.is_valid():
        with refusals_on(form):
            services.hand_to_team(request=context["found"], team=form.chosen(), by=request.actor)
            messages.success(request, _("Handed on. It is a shift of the team now."))
            return redirect("volunteering:manage_help", number=number)
    return show(request, "volunteering/workbench/one_help.html", context, status=422)


@page(rules.can_manage_all, methods=("POST",))
def close(request: PageRequest, number: int) -> HttpResponseBase:
    """Nobody was found."""
    context = _about(request, _one(request, number), unfound=request.POST)
    form: UnfoundForm = context["unfound"]
    if form.is_valid():
        with refusals_on(form):
            services.close_unfound(request=context["found"], by=request.actor, **form.cleaned_data)
            messages.success(request, _("Noted. Whoever asked is told."))
            return redirect("volunteering:manage_help", number=number)
    return show(request, "volunteering/workbench/one_help.html", context, status=422)


def _one(request: PageRequest, number: int) -> HelpRequest:
    rows = HelpRequest.objects.select_related("resident", "shift__team", "asked_by")
    found = get_object_or_404(rows.defer("resident__phone", "resident__id_number"), number=number)
    versions.about(request, found)
    return found


def _about(request: PageRequest, found: HelpRequest, *, hand: Any = None, unfound: Any = None) -> dict[str, Any]:
    teams = list(rules.manageable_by(request.actor).filter(ended_on=None).order_by("number"))
    return {"found": found, "hand": HandForm(hand, teams=teams), "unfound": UnfoundForm(unfound)}
