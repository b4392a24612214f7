"""Residents' pages: asking for help, who needs help, one request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page, resident
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.volunteering import queries, rules, services
from weiyifang.volunteering.forms_help import HandForm, OwnHelpForm
from weiyifang.volunteering.models import HelpRequest
from weiyifang.volunteering.services import Doubtful


@page(resident, methods=("GET", "POST"))
def mine(request: PageRequest) -> HttpResponseBase:
    """Ask for help, for oneself or whom one acts for; and what became of what was asked."""
    me = request.actor.resident_id
    assert me is not None  # the page's rule
    own = queries.givers(me)
    if not own:
        raise Http404
    form = OwnHelpForm(request.POST or None, own=own)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.ask_for_help(resident=form.resident(), by=request.actor, **form.said())
            messages.success(request, _("Asked. You are told as soon as somebody does it."))
            return redirect("volunteering:help", number=made.number)
    context = {"form": form, "page": paged(request, queries.help_of(me))}
    return show(request, "volunteering/ask_for_help.html", context, status=422 if form.errors else 200)


@page(resident)
def wanted(request: PageRequest) -> HttpResponseBase:
    """For who is in a team: what neighbours need help with."""
    me = request.actor.resident_id
    context = {"page": paged(request, queries.help_wanted(me)), "teams": queries.my_teams(me)}
    return show(request, "volunteering/help_wanted.html", context)


@page(resident)
def one(request: PageRequest, number: int) -> HttpResponseBase:
    """One request: for whose it is, who could do it, and who does."""
    found = _one(request, number)
    actor = request.actor
    context: dict[str, Any] = {
        "found": found,
        "is_ours": rules.can_sign_up(actor, found.resident),
        "does": rules.does(actor, found),
        "can_read": rules.can_read_address(actor, found),
        "where": queries.where_and_whom(found, actor),
        "take": HandForm(teams=queries.my_teams(actor.resident_id)) if rules.can_take(actor, found) else None,
    }
    return show(request, "volunteering/help.html", context)


@page(resident, methods=("POST",))
def take(request: PageRequest, number: int) -> HttpResponseBase:
    """Do it, as a member of a team (`team`, its number); what speaks against it is asked once more."""
    found = _one(request, number)
    if CHANGE in request.POST:
        return redirect("volunteering:help", number=number)
    form = HandForm(request.POST, teams=queries.my_teams(request.actor.resident_id))
    if not form.is_valid():
        raise services.NotTheirsToDo()
    try:
        services.take_request(request=found, team=form.chosen(), sure=SURE in request.POST, by=request.actor)
    except Doubtful as doubtful:
        answers = [(_("What for"), found.kind_name, ""), (_("When"), found.when, "")]
        title, submit = _("Think it over once more"), _("Take it on all the same")
        return ask_again(request, title=title, answers=answers, submit=submit, then=doubtful.doubts)
    messages.success(request, _("It is yours. Thank you! Whoever asked is told."))
    return redirect("volunteering:help", number=number)


@page(resident, methods=("POST",))
def address(request: PageRequest, number: int) -> HttpResponseBase:
    """See where it is and whom to call: it is noted, and shown for five minutes."""
    services.read_address(request=_one(request, number), by=request.actor)
    return redirect("volunteering:help", number=number)


@page(resident, methods=("POST",))
def done(request: PageRequest, number: int) -> HttpResponseBase:
    """It is done."""
    services.finish_request(request=_one(request, number), by=request.actor)
    messages.success(request, _("Noted as done. Nobody can read the address here any more."))
    return redirect("volunteering:help", number=number)


@page(resident, methods=("POST",))
def withdraw(request: PageRequest, number: int) -> HttpResponseBase:
    """It is not needed any more."""
    services.withdraw_request(request=_one(request, number), by=request.actor)
    messages.success(request, _("Taken back. If somebody was to do it, they are told."))
    return redirect("volunteering:help", number=number)


def _one(request: PageRequest, number: int) -> HelpRequest:
    rows = HelpRequest.objects.select_related("resident", "shift__team")
    found = get_object_or_404(rows.defer("resident__phone", "resident__id_number"), number=number)
    if not rules.can_see_help(request.actor, found):
        raise Http404
    versions.about(request, found)
    return found
