"""Staff's and leaders' pages: the teams, one team with its members, the volunteers and their certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.people.picking import told
from weiyifang.people.rules import can_see_residents
from weiyifang.volunteering import kinds, queries, rules, services, sheets
from weiyifang.volunteering.forms import CertificateForm, DeskForm, EndForm, PersonForm, TeamForm
from weiyifang.volunteering.models import Belonging, Certificate, Team, Volunteer


@page(rules.can_manage_some)
def bench(request: PageRequest) -> HttpResponseBase:
    """The teams the actor looks after, searched."""
    words = asked(request, "q", 60)
    rows = rules.manageable_by(request.actor).matching(words).select_related("leader").with_member_count()
    teams = paged(request, rows.order_by("ended_on", "number"))
    queries.say_whose(teams)
    context = {
        "page": teams,
        "words": words,
        "keeps_all": rules.can_manage_all(request.actor),
        "can_begin": rules.can_begin_some(request.actor),
        "ending": list(queries.ending_soon(request.actor)[:10]),
    }
    return show(request, "volunteering/workbench/teams.html", context)


@page(rules.can_begin_some, methods=("GET", "POST"))
def add(request: PageRequest) -> HttpResponseBase:
    """Begin a team."""
    form = _team_form(request)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.begin(by=request.actor, **form.cleaned_data)
            messages.success(request, _("Noted. Next: say who leads it."))
            return redirect("volunteering:manage", number=made.number)
    context = {"form": form, "title": _("Begin a service team"), "submit": _("Begin it")}
    return show(request, "volunteering/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some)
def manage(request: PageRequest, number: int) -> HttpResponseBase:
    """One team: who is in it, with which papers, what happened."""
    team = _own(request, number)
    return show(request, "volunteering/workbench/manage.html", _about(request, team, _person_form(request)))


@page(rules.can_manage_some, methods=("GET", "POST"))
def edit(request: PageRequest, number: int) -> HttpResponseBase:
    """Change what is said about it."""
    team = _own(request, number)
    form = _team_form(request, team)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.edit(team=team, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("volunteering:manage", number=number)
    context = {"form": form, "team": team, "title": team.name, "submit": _("Keep what I changed")}
    return show(request, "volunteering/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_begin_some, methods=("GET", "POST"))
def appoint(request: PageRequest, number: int) -> HttpResponseBase:
    """Let a resident lead it: who is meant, asked once more, then done."""
    team = _own(request, number)
    require(rules.can_begin_or_end(request.actor, team))
    form = _person_form(request)
    if request.method == "POST" and form.is_valid() and CHANGE not in request.POST:
        found = form.cleaned_data["who"]
        if SURE not in request.POST:
            answers = [(_("Who"), found.name, told(found)), (_("Leads"), team.name, "")]
            if team.leader:
                answers.append((_("Until now"), team.leader.name, ""))
            submit = _("Let %(name)s lead it") % {"name": found.name}
            return ask_again(request, title=_("Let them lead the team?"), answers=answers, submit=submit)
        with refusals_on(form):
            services.appoint_leader(team=team, resident=found, by=request.actor)
            messages.success(request, _("%(name)s leads the team now.") % {"name": found.name})
            return redirect("volunteering:manage", number=number)
    context = {"form": form, "team": team, "title": _("Who leads the team"), "submit": _("Next step")}
    return show(request, "volunteering/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_begin_some, methods=("GET", "POST"))
def end(request: PageRequest, number: int) -> HttpResponseBase:
    """Let it end, with a word why."""
    team = _own(request, number)
    require(rules.can_begin_or_end(request.actor, team))
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.end(team=team, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Done: %(name)s.") % {"name": team.name})
            return redirect("volunteering:manage", number=number)
    context = {"form": form, "team": team, "title": _("Let the team end"), "submit": _("End the team"), "ends": True}
    return show(request, "volunteering/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some)
def roster(request: PageRequest, number: int) -> HttpResponseBase:
    """The members on paper, or with `?format=csv` as a file."""
    team = _own(request, number)
    members = list(queries.members_of(team))
    papers = queries.good_certificates(one.volunteer_id for one in members)
    if asked(request, "format") == "csv":
        return downloads.named(sheets.roster(members, papers), f"team-{number}-{clock.today():%Y%m%d}.csv")
    for one in members:
        one.volunteer.papers = papers.get(one.volunteer_id, [])
    return show(request, "volunteering/workbench/roster.html", {"team": team, "members": members})


@page(rules.can_manage_some, methods=("POST",))
def add_member(request: PageRequest, number: int) -> HttpResponseBase:
    """Note somebody who signed up as a member."""
    team, form = _own(request, number), _person_form(request)
    if form.is_valid():
        with refusals_on(form):
            found = form.cleaned_data["who"]
            services.add_member(team=team, resident=found, by=request.actor)
            messages.success(request, _("%(name)s is in the team now.") % {"name": found.name})
            return redirect("volunteering:manage", number=number)
    return show(request, "volunteering/workbench/manage.html", _about(request, team, form), status=422)


@page(rules.can_manage_some, methods=("POST",))
def end_belonging(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Note that a member left."""
    belonging = get_object_or_404(Belonging.objects.select_related("team"), pk=pk, team=_own(request, number))
    services.end_belonging(belonging=belonging, by=request.actor)
    messages.success(request, _("Noted. Add the person again if this was a mistake."))
    return redirect("volunteering:manage", number=number)


@page(rules.can_manage_some)
def volunteers(request: PageRequest) -> HttpResponseBase:
    """Whoever signed up, as far as the actor may see them, searched by `?q=`, with one `?skill=`; `?format=csv`."""
    words, skill = asked(request, "q", 60), asked(request, "skill", 20)
    rows = queries.volunteers(request.actor, words, skill)
    if asked(request, "format") == "csv":
        return downloads.named(sheets.volunteers(rows), f"volunteers-{clock.today():%Y%m%d}.csv")
    return show(request, "volunteering/workbench/volunteers.html", _listed(request, words, skill, _desk_form(request)))


@page(rules.can_manage_all, methods=("POST",))
def sign_up(request: PageRequest) -> HttpResponseBase:
    """Somebody signs up at the desk."""
    form = _desk_form(request)
    if form.is_valid():
        found = form.cleaned_data["who"]
        with refusals_on(form):
            made = services.sign_up(resident=found, agreed=form.cleaned_data["agreed"], by=request.actor)
            messages.success(request, _("%(name)s is a volunteer now.") % {"name": found.name})
            return redirect("volunteering:volunteer", pk=made.pk)
    context = _listed(request, "", "", form)
    return show(request, "volunteering/workbench/volunteers.html", context, status=422)


@page(rules.can_manage_some)
def volunteer(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One volunteer: what they can do, when, their teams, the papers that were seen."""
    return show(request, "volunteering/workbench/volunteer.html", _of(request, _seen(request, pk), CertificateForm()))


@page(rules.can_manage_some, methods=("POST",))
def note_certificate(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Note a paper one has seen."""
    found, form = _seen(request, pk), CertificateForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.note_certificate(volunteer=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Noted."))
            return redirect("volunteering:volunteer", pk=pk)
    return show(request, "volunteering/workbench/volunteer.html", _of(request, found, form), status=422)


@page(rules.can_manage_some, methods=("POST",))
def strike_certificate(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """A paper was noted by mistake, or taken away."""
    paper = get_object_or_404(Certificate.objects.select_related("volunteer"), pk=pk)
    services.strike_certificate(certificate=paper, by=request.actor)
    messages.success(request, _("Struck out. It counts no more."))
    return redirect("volunteering:volunteer", pk=paper.volunteer_id)


def _own(request: PageRequest, number: int) -> Team:
    """The team, if the actor looks after it; else 404 (for a member: the sentence)."""
    found = get_object_or_404(Team.objects.with_member_count().select_related("leader"), number=number)
    require(rules.can_manage(request.actor, found))
    versions.about(request, found)
    return found


def _seen(request: PageRequest, pk: UUID) -> Volunteer:
    rows = Volunteer.objects.select_related("resident").defer("resident__phone", "resident__id_number")
    found = get_object_or_404(rows, pk=pk)
    require(rules.can_see_volunteer(request.actor, found))
    versions.about(request, found)
    return found


def _team_form(request: PageRequest, team: Team | None = None) -> TeamForm:
    initial = {name: getattr(team, name) for name in TeamForm.base_fields} if team else {}
    form = TeamForm(
        request.POST or None,
        initial=initial,
        organizers=queries.organizers_for(request.actor),
        committee=rules.can_manage_for(request.actor, ""),
    )
    if team is not None and not rules.can_begin_or_end(request.actor, team):
        del form.fields["organizer"]
    return form


def _person_form(request: PageRequest) -> PersonForm:
    return PersonForm(request.POST or None, sees_register=can_see_residents(request.actor))


def _desk_form(request: PageRequest) -> DeskForm:
    return DeskForm(request.POST or None, sees_register=can_see_residents(request.actor))


def _about(request: PageRequest, team: Team, form: PersonForm) -> dict[str, Any]:
    members = paged(request, queries.members_of(team))
    papers = queries.good_certificates(one.volunteer_id for one in members.object_list)
    for one in members.object_list:
        one.volunteer.papers = papers.get(one.volunteer_id, [])
    queries.say_whose([team])
    return {
        "team": team,
        "members": members,
        "form": form,
        "can_begin_or_end": rules.can_begin_or_end(request.actor, team),
    }


def _listed(request: PageRequest, words: str, skill: str, form: DeskForm) -> dict[str, Any]:
    return {
        "page": paged(request, queries.volunteers(request.actor, words, skill)),
        "words": words,
        "skill": skill,
        "skills": kinds.choices(kinds.SKILL),
        "form": form,
        "can_sign_up": rules.can_manage_all(request.actor),
    }


def _of(request: PageRequest, found: Volunteer, form: CertificateForm) -> dict[str, Any]:
    return {
        "volunteer": found,
        "teams": list(queries.teams_of(found)),
        "certificates": list(queries.certificates_of(found)),
        "form": form,
        "is_oneself": request.actor.resident_id == found.resident_id,
        "keeps_all": rules.can_manage_all(request.actor),
    }
