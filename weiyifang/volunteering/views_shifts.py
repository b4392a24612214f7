"""Residents' pages: what one took on, what is still to be taken on, one shift."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.look.wording import span
from weiyifang.core.refusals import Refused
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page, resident
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.volunteering import queries, rules, services
from weiyifang.volunteering.forms import ColleagueForm, SwapForm
from weiyifang.volunteering.models import Need, Shift, Slot
from weiyifang.volunteering.services import Doubtful


@page(resident)
def shifts(request: PageRequest) -> HttpResponseBase:
    """What one took on; where one's teams still seek people; who looks for a stand-in."""
    me = request.actor.resident_id
    assert me is not None  # the page's rule
    sought = paged(request, queries.shifts_for(me))
    context = {
        "mine": list(queries.my_slots(me)),
        "page": sought,
        "stand_ins": list(queries.stand_ins_for(me)[:20]),
        "volunteer": None if len(sought) else queries.volunteer_of(me),  # asked where the page says why it is empty
    }
    return show(request, "volunteering/shifts.html", context)


@page(resident)
def shift(request: PageRequest, number: int) -> HttpResponseBase:
    """One shift: when, where, what is to be done, who is still sought. Names stand on the leader's page only."""
    found = get_object_or_404(Shift.objects.select_related("team"), number=number)
    versions.about(request, found)
    me, needs = request.actor.resident_id, queries.needs_of(found)
    assert me is not None  # the page's rule
    people = [slot for need in needs for slot in need.people]
    mine = next((slot for slot in people if slot.volunteer.resident_id == me), None)
    swaps = list(queries.swaps_offered(mine)) if mine and mine.seeks_stand_in else []
    versions.about(request, *(one.shift for one in swaps))
    context = {
        "shift": found,
        "needs": needs,
        "mine": mine,
        "noted": queries.hours_noted(mine) if mine and found.has_begun else None,
        "swaps": swaps,
        "stand_ins": queries.open_to(me, people),
        "belongs": None if mine else queries.belongs(found.team, me),
        "can_manage": rules.can_manage(request.actor, found.team),
    }
    return show(request, "volunteering/shift.html", context)


@page(resident, methods=("POST",))
def claim(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Take a task on; what speaks against it is asked once more."""
    need = get_object_or_404(Need.objects.select_related("shift"), pk=pk, shift__number=number)
    if CHANGE not in request.POST:
        try:
            services.claim(need=need, sure=SURE in request.POST, by=request.actor)
        except Doubtful as doubtful:
            return ask_whether(request, need, doubtful)
        messages.success(request, _("It is yours. Thank you!"))
    return redirect("volunteering:shift", number=number)


@page(resident, methods=("POST",))
def stand_in(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Do it instead of whoever looks for a stand-in."""
    slot = get_object_or_404(Slot.objects.select_related("shift", "need"), pk=pk, shift__number=number)
    if CHANGE not in request.POST:
        try:
            services.stand_in(slot=slot, sure=SURE in request.POST, by=request.actor)
        except Doubtful as doubtful:
            return ask_whether(request, slot.need, doubtful)
        messages.success(request, _("You do it instead. They are told."))
    return redirect("volunteering:shift", number=number)


@page(resident, methods=("POST",))
def give_back(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Not do it after all."""
    slot = _mine(request, number, pk)
    services.give_back(slot=slot, by=request.actor)
    messages.success(request, _("Given back. The team's leader is told."))
    return redirect("volunteering:shift", number=number)


@page(resident, methods=("POST",))
def seek(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Ask whether somebody else would do it."""
    slot = _mine(request, number, pk)
    services.seek_stand_in(slot=slot, by=request.actor)
    messages.success(request, _("Your team sees that you look for somebody. Until somebody says yes it is yours."))
    return redirect("volunteering:shift", number=number)


@page(resident, methods=("POST",))
def end_search(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Look for nobody any more; or, as who was asked, say no."""
    slot = get_object_or_404(Slot.objects.select_related("volunteer"), pk=pk, shift__number=number)
    is_mine = slot.volunteer.resident_id == request.actor.resident_id
    services.end_search(slot=slot, by=request.actor)
    done = _("Nobody is sought any more. It is yours.") if is_mine else _("You said no. Whoever asked you is told.")
    messages.success(request, done)
    return redirect("volunteering:shift", number=number)


@page(resident, methods=("GET", "POST"))
def colleague(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Ask one colleague by name."""
    slot, form = _mine(request, number, pk), ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.seek_stand_in(slot=slot, colleague=form.cleaned_data["name"], by=request.actor)
            messages.success(request, _("Asked. Until they say yes it is yours."))
            return redirect("volunteering:shift", number=number)
    context = {"form": form, "shift": slot.shift, "title": _("Ask one colleague"), "submit": _("Ask this colleague")}
    return show(request, "volunteering/stand_in.html", context, status=422 if form.errors else 200)


@page(resident, methods=("GET", "POST"))
def offer_swap(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Offer one of one's own shifts for that of somebody who looks for a stand-in."""
    rows = Slot.objects.select_related("shift__team", "need", "volunteer", "asked")
    slot = get_object_or_404(rows, pk=pk, shift__number=number)
    versions.about(request, slot.shift)
    me = request.actor.resident_id
    assert me is not None  # the page's rule
    if request.method == "GET" and not (queries.open_to(me, [slot]) and queries.belongs(slot.shift.team, me)):
        raise Http404
    form = SwapForm(request.POST or None, own=list(queries.to_swap(me, slot)))
    if request.method == "POST" and CHANGE not in request.POST and form.is_valid():
        try:
            services.offer_swap(slot=slot, instead=form.slot(), sure=SURE in request.POST, by=request.actor)
        except Doubtful as doubtful:
            return ask_whether(request, slot.need, doubtful)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Offered. You hear of it when they say yes; until then nothing changes."))
            return redirect("volunteering:shift", number=number)
    context = {"form": form, "shift": slot.shift, "title": _("Swap shifts"), "submit": _("Offer this swap")}
    return show(request, "volunteering/stand_in.html", context, status=422 if form.errors else 200)


@page(resident, methods=("POST",))
def swap(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Say yes to a swap; what speaks against it is asked once more."""
    offered = _offered(number, pk)
    if CHANGE not in request.POST:
        try:
            made = services.swap(offered=offered, sure=SURE in request.POST, by=request.actor)
        except Doubtful as doubtful:
            return ask_whether(request, offered.need, doubtful)
        messages.success(request, _("Swapped. This one is yours now; the other is told."))
        return redirect("volunteering:shift", number=made[1].shift.number)
    return redirect("volunteering:shift", number=number)


@page(resident, methods=("POST",))
def withdraw_swap(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Not swap after all."""
    services.withdraw_swap(offered=_mine(request, number, pk), by=request.actor)
    messages.success(request, _("The offer is gone. Your shift is yours."))
    return redirect("volunteering:shift", number=number)


def _offered(number: int, pk: UUID) -> Slot:
    rows = Slot.objects.select_related("shift", "need__shift", "swap_for")
    return get_object_or_404(rows, pk=pk, shift__number=number)


def ask_whether(request: PageRequest, need: Need, doubtful: Doubtful) -> HttpResponseBase:
    """It is possible, but unwise: say why, and let them decide."""
    answers = [(_("Task"), need.role, need.shift.what), (_("When"), span(need.shift.starts_at, need.shift.ends_at), "")]
    submit = _("Take it on all the same")
    return ask_again(request, title=_("Think it over once more"), answers=answers, submit=submit, then=doubtful.doubts)


def _mine(request: PageRequest, number: int, pk: UUID) -> Slot:
    rows = Slot.objects.select_related("shift", "volunteer")
    resident_id = request.actor.resident_id
    return get_object_or_404(rows, pk=pk, shift__number=number, volunteer__resident_id=resident_id)
