"""Residents' pages: one's time in the time bank, giving it on, and who is to have it should one leave."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from weiyifang.core.look.wording import worked
from weiyifang.core.web.access import PageRequest, page, resident
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.people import terms
from weiyifang.people.models import Resident
from weiyifang.volunteering import parting, queries, services
from weiyifang.volunteering.forms_time import GiveTimeForm, HeirForm


@page(resident, methods=("GET", "POST"))
def time(request: PageRequest) -> HttpResponseBase:
    """What one has saved, what was given on, and giving some on: asked once more, for whom and how much."""
    own = _own(request)
    me = own[0]
    form = GiveTimeForm(request.POST or None, own=own, initial={"whose": str(me.number)})
    if request.method == "POST" and form.is_valid() and CHANGE not in request.POST:
        giver, receiver, amount = form.giver(), form.cleaned_data["receiver"], form.cleaned_data["minutes"]
        if SURE not in request.POST:
            answers = [(_("Whose time"), giver.name, ""), (_("Who gets it"), services.called(receiver), "")]
            answers.append((_("How much"), worked(amount), ""))
            return ask_again(request, title=_("Give this time on?"), answers=answers, submit=_("Give it on"))
        with refusals_on(form):
            services.give_time(giver=giver, receiver=receiver, amount=amount, by=request.actor)
            messages.success(request, given(receiver))
            return redirect("volunteering:time")
    saved = queries.saved_by([one.pk for one in own])
    context = {
        "form": form,
        "me": me,
        "saved": [(one.name, saved[one.pk]) for one in own],
        "heirs": _heirs(own),
        "days": terms.way_back().days,
        "page": paged(request, queries.gifts_of(me.pk)),
    }
    return show(request, "volunteering/time.html", context, status=422 if form.errors else 200)


@page(resident, methods=("GET", "POST"))
def heir(request: PageRequest) -> HttpResponseBase:
    """Who is to have what is saved, should one leave the community or die: somebody, or the community."""
    own = _own(request)
    form = HeirForm(request.POST or None, own=own, initial={"whose": str(own[0].number)})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            receiver = form.cleaned_data["receiver"]
            services.name_heir(giver=form.giver(), receiver=receiver, by=request.actor)
            messages.success(request, _("Noted. You can change it any time."))
            return redirect("volunteering:time")
    context = {"form": form, "heirs": _heirs(own), "days": terms.way_back().days}
    return show(request, "volunteering/heir.html", context, status=422 if form.errors else 200)


def given(receiver: Resident | None) -> str:
    """What is said once time was given on."""
    if receiver is None:
        return _("Given to the community, for whoever needs help. Thank you!")
    return _("Given on. %(name)s is told.") % {"name": receiver.name}


def _own(request: PageRequest) -> list[Resident]:
    assert request.actor.resident_id is not None  # the page's rule
    own = queries.givers(request.actor.resident_id)
    if not own:
        raise Http404
    return own


def _heirs(own: list[Resident]) -> list[tuple[str, str]]:
    """Whose time, and who would get it."""
    named = parting.heirs_of([one.pk for one in own])
    return [(one.name, services.called(named.get(one.pk))) for one in own]
