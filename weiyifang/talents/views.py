"""Members' pages: what neighbours can do, one of them, and oneself on the list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, anyone, member, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people.models import Resident
from weiyifang.talents import kinds, queries, rules, services
from weiyifang.talents.forms import PutDownForm, TalentForm


@page(anyone)
def listing(request: PageRequest) -> HttpResponseBase:
    """Who is on the list, searched by `?q=`, of one `?topic=`; to strangers only what it is, for it names people."""
    if not member(request.actor):
        return show(request, "talents/closed.html")
    words, topic = asked(request, "q", 60), asked(request, "topic", 20)
    context = {
        "page": paged(request, queries.listed(words, topic)),
        "words": words,
        "topic": topic,
        "topics": kinds.choices(),
        "mine": queries.talent_of(request.actor.resident_id),
    }
    return show(request, "talents/list.html", context)


@page(member)
def detail(request: PageRequest, number: int) -> HttpResponseBase:
    """One talent: what they can do, and who thanked them. Whoever is off the list has no page."""
    talent = get_object_or_404(queries.listed(), number=number)
    thanks = paged(request, queries.thanks_to(talent))
    queries.say_whose(one.request for one in thanks)
    context = {
        "talent": talent,
        "page": thanks,
        "is_oneself": talent.resident_id == request.actor.resident_id,
        "can_ask": rules.can_be_asked(talent) and rules.can_ask_some(request.actor),
        "can_manage": rules.can_manage_all(request.actor),
    }
    return show(request, "talents/detail.html", context)


@page(resident, methods=("GET", "POST"))
def me(request: PageRequest) -> HttpResponseBase:
    """Put oneself down; afterwards what one said, and what one was asked."""
    mine = queries.talent_of(request.actor.resident_id)
    if mine is None:
        return _put_down(request)
    versions.about(request, mine)
    form = TalentForm.about(mine, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.edit(talent=mine, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("talents:me")
    asked_of_me = paged(request, queries.asked_of(mine))
    queries.say_whose(asked_of_me)
    context = {"form": form, "talent": mine, "page": asked_of_me}
    return show(request, "talents/me.html", context, status=422 if form.errors else 200)


@page(resident, methods=("POST",))
def take_off(request: PageRequest) -> HttpResponseBase:
    """Be on the list no more."""
    mine = queries.talent_of(request.actor.resident_id)
    if mine is not None:
        services.take_off(talent=mine, by=request.actor)
        messages.success(request, _("You are no longer on the list. You can put yourself down again any time."))
    return redirect("talents:list")


def _put_down(request: PageRequest) -> HttpResponseBase:
    form = PutDownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        oneself = get_object_or_404(Resident, pk=request.actor.resident_id)
        with refusals_on(form):
            made = services.put_down(resident=oneself, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Thank you! Your neighbours find you now."))
            return redirect("talents:detail", number=made.number)
    context = {"form": form, "text": queries.words_of_consent()}
    return show(request, "talents/put_down.html", context, status=422 if form.errors else 200)
