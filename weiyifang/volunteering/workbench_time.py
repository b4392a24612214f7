"""The office's pages of the time bank: what was given on, giving it on for somebody or out of the community's own time,
putting a mistake right, and who is to have the time of whoever leaves.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.look.wording import worked
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.people import terms
from weiyifang.people.models import Resident
from weiyifang.people.picking import told
from weiyifang.volunteering import parting, queries, rules, services
from weiyifang.volunteering.forms_time import BackForm, DeskHeirForm, DeskTimeForm
from weiyifang.volunteering.models import TimeGift
from weiyifang.volunteering.views_time import given


@page(rules.can_manage_all, methods=("GET", "POST"))
def bench(request: PageRequest) -> HttpResponseBase:
    """All that was given on; give some on for somebody who came to the desk: asked once more."""
    form = DeskTimeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and CHANGE not in request.POST:
        giver, receiver, amount = (form.cleaned_data[name] for name in ("giver", "receiver", "minutes"))
        if SURE not in request.POST:
            answers = [_named(_("Whose time"), giver), _named(_("Who gets it"), receiver)]
            answers.append((_("How much"), worked(amount), ""))
            return ask_again(request, title=_("Give this time on?"), answers=answers, submit=_("Give it on"))
        with refusals_on(form):
            services.give_time(giver=giver, receiver=receiver, amount=amount, by=request.actor)
            messages.success(request, given(receiver))
            return redirect("volunteering:bench_time")
    context = {"form": form, "page": paged(request, queries.gifts()), "community": queries.community_minutes()}
    return show(request, "volunteering/workbench/time.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_all, methods=("GET", "POST"))
def take_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It was a mistake: it goes back by a second entry."""
    gift = get_object_or_404(TimeGift.objects.select_related("giver", "receiver"), pk=pk)
    form = BackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.take_time_back(gift=gift, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Gone back. Both of them are told."))
            return redirect("volunteering:bench_time")
    context = {"form": form, "gift": gift}
    return show(request, "volunteering/workbench/time_back.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_all, methods=("GET", "POST"))
def heirs(request: PageRequest) -> HttpResponseBase:
    """Who named somebody for their saved time; note it for somebody who came to the desk."""
    form = DeskHeirForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.name_heir(by=request.actor, **form.cleaned_data)
            messages.success(request, _("Noted. It can be changed any time."))
            return redirect("volunteering:bench_heirs")
    context = {"form": form, "page": paged(request, parting.named()), "days": terms.way_back().days}
    return show(request, "volunteering/workbench/heirs.html", context, status=422 if form.errors else 200)


def _named(label: str, one: Resident | None) -> tuple[str, str, str]:
    return label, services.called(one), told(one) if one else ""
