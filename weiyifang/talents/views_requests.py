"""Members' pages: asking a talent, what one asked, one request between the two, thanks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.actors import Actor
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, member, page, require, resident
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people import queries as people
from weiyifang.talents import queries, rules, services
from weiyifang.talents.forms import COMMITTEE, MYSELF, AcceptForm, DeclineForm, RequestForm, ThanksForm
from weiyifang.talents.models import TalentRequest, Thanks


@page(rules.can_ask_some, methods=("GET", "POST"))
def ask(request: PageRequest, number: int) -> HttpResponseBase:
    """Ask somebody on the list."""
    talent = get_object_or_404(queries.listed(), number=number)
    form = RequestForm(request.POST or None, whom=_whom(request.actor))
    if request.method == "POST" and form.is_valid():
        oneself = people.resident(request.actor.resident_id)
        with refusals_on(form):
            made = services.ask(talent=talent, by=request.actor, **form.said(oneself))
            messages.success(request, _("%(name)s is told. You hear of the answer.") % {"name": talent.resident.name})
            return redirect("talents:request", pk=made.pk)
    context = {"form": form, "talent": talent}
    return show(request, "talents/ask.html", context, status=422 if form.errors else 200)


@page(resident)
def mine(request: PageRequest) -> HttpResponseBase:
    """What one asked, for oneself and one's organizations."""
    me = request.actor.resident_id
    assert me is not None  # the page's rule
    rows = paged(request, queries.asked_by(me))
    queries.say_whose(rows)
    return show(request, "talents/asked.html", {"page": rows})


@page(member)
def one(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One request, as its two sides and the desk see it."""
    return _shown(request, _found(request, pk))


@page(member, methods=("POST",))
def accept(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say yes."""
    found, form = _found(request, pk), AcceptForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.accept(request=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("You said yes. Whoever asked is told."))
            return redirect("talents:request", pk=pk)
    return _shown(request, found, accept=form)


@page(member, methods=("POST",))
def decline(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say no, or not after all."""
    found, form = _found(request, pk), DeclineForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.decline(request=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("You said no. Whoever asked is told, with your word."))
            return redirect("talents:request", pk=pk)
    return _shown(request, found, decline=form)


@page(member, methods=("POST",))
def withdraw(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take it back."""
    services.withdraw(request=_found(request, pk), by=request.actor)
    messages.success(request, _("Taken back. The talent is told."))
    return redirect("talents:request", pk=pk)


@page(member, methods=("POST",))
def thank(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Thank for what was done."""
    found = _found(request, pk)
    form = ThanksForm(request.POST, for_oneself=_is_for_oneself(found))
    if form.is_valid():
        with refusals_on(form):
            services.thank(request=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Your thanks are on their way. The neighbours read them if the talent agrees."))
            return redirect("talents:request", pk=pk)
    return _shown(request, found, thank=form)


@page(member, methods=("POST",))
def show_thanks(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The neighbours may read it."""
    thanks = _thanks(request, pk)
    services.show_thanks(thanks=thanks, by=request.actor)
    messages.success(request, _("The neighbours can read it now."))
    return redirect("talents:request", pk=thanks.request_id)


@page(member, methods=("POST",))
def take_back_thanks(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Nobody is to read it any more."""
    thanks = _thanks(request, pk)
    services.take_back_thanks(thanks=thanks, by=request.actor)
    messages.success(request, _("Taken back. Nobody reads it any more."))
    return redirect("talents:request", pk=thanks.request_id)


def _whom(actor: Actor) -> list[tuple[str, Any]]:
    """In whose name the actor may ask, the most likely first."""
    whom: list[tuple[str, Any]] = [(MYSELF, _("for myself"))] if actor.resident_id else []
    if rules.can_manage_all(actor):
        whom.insert(0, (COMMITTEE, _("for the committee")))
    return whom + queries.askers_for(actor)


def _found(request: PageRequest, pk: UUID) -> TalentRequest:
    """One request, if the actor is one of its two sides or the desk; else 404."""
    rows = TalentRequest.objects.select_related("talent__resident", "resident")
    found: TalentRequest = get_object_or_404(rows, pk=pk)
    require(rules.can_see(request.actor, found))
    versions.about(request, found)
    return found


def _thanks(request: PageRequest, pk: UUID) -> Thanks:
    """Thanks, if the actor is one of the two sides or the desk: they are never edited, and what ended is refused."""
    rows = Thanks.objects.select_related("request__talent__resident", "request__resident")
    found: Thanks = get_object_or_404(rows, pk=pk)
    require(rules.can_take_back(request.actor, found))
    return found


def _is_for_oneself(request: TalentRequest) -> bool:
    return request.resident_id is not None and not request.of


def _shown(
    request: PageRequest,
    found: TalentRequest,
    *,
    accept: forms.Form | None = None,
    decline: forms.Form | None = None,
    thank: forms.Form | None = None,
) -> HttpResponseBase:
    queries.say_whose([found])
    thanks = queries.thanks_for(found)
    actor = request.actor
    of_talent, of_asker = queries.phones(found, actor)
    context = {
        "request_": found,
        "is_asker": rules.is_asker(actor, found),
        "is_asked": rules.is_asked(actor, found),
        "can_answer": rules.can_answer(actor, found),
        "accept": accept or AcceptForm(),
        "decline": decline or DeclineForm(),
        "thank": thank or ThanksForm(for_oneself=_is_for_oneself(found)),
        "thanks": thanks,
        "talents_phone": of_talent,
        "askers_phone": of_asker,
    }
    wrong = any(form is not None and form.errors for form in (accept, decline, thank))
    return show(request, "talents/request.html", context, status=422 if wrong else 200)
