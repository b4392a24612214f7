"""Residents' page: one's time in the time bank, and giving it on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from weiyifang.core.look.wording import worked
from weiyifang.core.web.access import PageRequest, page, resident
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.volunteering import queries, services
from weiyifang.volunteering.forms import GiveTimeForm


@page(resident, methods=("GET", "POST"))
def time(request: PageRequest) -> HttpResponseBase:
    """What one has saved, what was given on, and giving some on: asked once more, for whom and how much."""
    assert request.actor.resident_id is not None  # the page's rule
    own = queries.givers(request.actor.resident_id)
    if not own:
        raise Http404
    me = own[0]
    form = GiveTimeForm(request.POST or None, own=own, initial={"whose": str(me.number)})
    if request.method == "POST" and form.is_valid() and CHANGE not in request.POST:
        giver, typed = form.giver(), form.cleaned_data
        receiver = queries.of_number(typed["number"], typed["name"])
        if receiver is None:
            form.add_error("name", _("Number and name do not belong together. Ask for the number once more."))
        elif SURE not in request.POST:
            answers = [(_("Whose time"), giver.name, ""), (_("Who gets it"), receiver.name, "")]
            answers.append((_("How much"), worked(typed["minutes"]), ""))
            return ask_again(request, title=_("Give this time on?"), answers=answers, submit=_("Give it on"))
        else:
            with refusals_on(form):
                services.give_time(giver=giver, receiver=receiver, amount=typed["minutes"], by=request.actor)
                messages.success(request, _("Given on. %(name)s is told.") % {"name": receiver.name})
                return redirect("volunteering:time")
    saved = queries.saved_by([one.pk for one in own])
    context = {
        "form": form,
        "me": me,
        "saved": [(one.name, saved[one.pk]) for one in own],
        "page": paged(request, queries.gifts_of(me.pk)),
    }
    return show(request, "volunteering/time.html", context, status=422 if form.errors else 200)
