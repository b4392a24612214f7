"""Residents' pages: the service teams, one team, and oneself as a volunteer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, anyone, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people.models import Resident
from weiyifang.volunteering import queries, rules, services
from weiyifang.volunteering.forms import ChoicesForm, SignUpForm
from weiyifang.volunteering.models import Team, Volunteer


@page(anyone)
def listing(request: PageRequest) -> HttpResponseBase:
    """Every team at work, searched by `?q=`."""
    words = asked(request, "q", 60)
    teams = paged(request, queries.listed(words))
    queries.say_whose(teams)
    context = {
        "page": teams,
        "words": words,
        "mine": queries.volunteer_of(request.actor.resident_id),
    }
    return show(request, "volunteering/list.html", context)


@page(anyone)
def detail(request: PageRequest, number: int) -> HttpResponseBase:
    """One team: what it does, whose it is, who leads it, how to join."""
    team = _team(number)
    queries.say_whose([team])
    context = {
        "team": team,
        "volunteer": queries.volunteer_of(request.actor.resident_id),
        "mine": queries.belongs(team, request.actor.resident_id),
        "can_manage": rules.can_manage(request.actor, team),
    }
    return show(request, "volunteering/detail.html", context)


@page(resident, methods=("POST",))
def join(request: PageRequest, number: int) -> HttpResponseBase:
    """Go into a team; whoever has not signed up yet does that first."""
    team = _team(number)
    if queries.volunteer_of(request.actor.resident_id) is None:
        messages.info(request, _("First say what you can do; then you can join the team."))
        return redirect("volunteering:me")
    services.join(team=team, by=request.actor)
    messages.success(request, _("You are in the team now. Its leader sees it."))
    return redirect("volunteering:detail", number=number)


@page(resident, methods=("POST",))
def leave(request: PageRequest, number: int) -> HttpResponseBase:
    """Leave a team."""
    team = _team(number)
    mine = queries.belongs(team, request.actor.resident_id)
    if mine is not None:
        services.end_belonging(belonging=mine, by=request.actor)
        messages.success(request, _("You are no longer in the team. You can join again any time."))
    return redirect("volunteering:detail", number=number)


@page(resident, methods=("GET", "POST"))
def me(request: PageRequest) -> HttpResponseBase:
    """Sign up; afterwards what one said, the teams and the papers."""
    mine = queries.volunteer_of(request.actor.resident_id)
    if mine is None:
        return _sign_up(request)
    versions.about(request, mine)
    form = ChoicesForm.about(mine, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.edit_volunteer(volunteer=mine, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("volunteering:me")
    return show(request, "volunteering/me.html", _about(mine, form), status=422 if form.errors else 200)


@page(resident, methods=("POST",))
def sign_off(request: PageRequest) -> HttpResponseBase:
    """Be no volunteer any more."""
    mine = queries.volunteer_of(request.actor.resident_id)
    if mine is not None:
        services.sign_off(volunteer=mine, by=request.actor)
        messages.success(request, _("You are no longer noted as a volunteer. Thank you for all you did."))
    return redirect("volunteering:list")


def _sign_up(request: PageRequest) -> HttpResponseBase:
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        oneself = get_object_or_404(Resident, pk=request.actor.resident_id)
        with refusals_on(form):
            services.sign_up(resident=oneself, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Thank you! Now look for a team that suits you."))
            return redirect("volunteering:list")
    context = {"form": form, "text": queries.words_of_consent()}
    return show(request, "volunteering/sign_up.html", context, status=422 if form.errors else 200)


def _team(number: int) -> Team:
    return get_object_or_404(Team.objects.with_member_count().select_related("leader"), number=number)


def _about(mine: Volunteer, form: ChoicesForm) -> dict[str, Any]:
    return {
        "form": form,
        "volunteer": mine,
        "teams": list(queries.teams_of(mine)),
        "certificates": list(queries.certificates_of(mine)),
        "worked": queries.worked(queries.hours_of(mine.resident_id)),
    }
