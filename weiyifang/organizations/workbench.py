"""Staff's and leaders' pages: the register, one organization with its members, requests, papers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.core import clock, timeline
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.files.forms import AlbumForm, both_valid, refusals_on_both
from weiyifang.organizations import queries, rules, services, sheets
from weiyifang.organizations.forms import (
    DeclineForm,
    DissolveForm,
    FileForm,
    MemberForm,
    OrganizationForm,
    PersonForm,
    RegisterForm,
)
from weiyifang.organizations.models import JoinRequest, Membership, Organization, Status
from weiyifang.people.picking import told
from weiyifang.people.rules import can_see_residents

STEPS = {"file": FileForm, "register": RegisterForm, "dissolve": DissolveForm}


@page(rules.can_manage_some)
def bench(request: PageRequest) -> HttpResponseBase:
    """The register: what the actor looks after, by status, searched."""
    words, status = asked(request, "q", 60), asked(request, "status")
    rows = rules.manageable_by(request.actor).matching(words).select_related("leader").with_member_count()
    if status in Status.values:
        rows = rows.filter(status=status)
    context = {
        "page": paged(request, rows.order_by("number")),
        "words": words,
        "status": status,
        "statuses": Status.choices,
        "waiting": list(queries.waiting_requests(request.actor)[:10]),
        "can_add": rules.can_manage_all(request.actor),
    }
    return show(request, "organizations/workbench/list.html", context)


@page(rules.can_manage_some)
def export(request: PageRequest) -> HttpResponseBase:
    """The register as xlsx, as far as the actor looks after it."""
    rows = rules.manageable_by(request.actor).select_related("leader").with_member_count().order_by("number")
    return _file(sheets.register(rows), "organizations")


@page(rules.can_manage_all, methods=("GET", "POST"))
def add(request: PageRequest) -> HttpResponseBase:
    """Note an application that came on paper or by phone."""
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.apply(by=request.actor, **form.cleaned_data)
            messages.success(request, _("Noted. Next: say who leads it, then file it."))
            return redirect("organizations:manage", number=made.number)
    context = {"form": form, "title": _("Add an organization"), "submit": _("Note the application")}
    return show(request, "organizations/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some)
def manage(request: PageRequest, number: int) -> HttpResponseBase:
    """One organization: how official it is, who asks, who belongs, what happened."""
    organization = _own(request, number)
    return show(request, "organizations/workbench/manage.html", _about(request, organization, _member_form(request)))


@page(rules.can_manage_some, methods=("GET", "POST"), files=True)
def edit(request: PageRequest, number: int) -> HttpResponseBase:
    """Change what is said about it, and its pictures."""
    organization = _own(request, number)
    form = OrganizationForm.about(organization, request.POST or None, in_full=rules.can_manage_all(request.actor))
    album = AlbumForm(request, organization.pictures)
    if request.method == "POST" and both_valid(form, album):
        with refusals_on_both(form, album):
            services.edit(organization=organization, by=request.actor, pictures=album.wanted(), **form.cleaned_data)
            if album.is_pressed:
                messages.success(request, _("Kept, and what you wrote too."))
                return redirect(f"{reverse('organizations:edit', args=[number])}#pictures")
            messages.success(request, _("Saved."))
            return redirect("organizations:manage", number=number)
    context = {
        "form": form,
        "album": album,
        "organization": organization,
        "title": organization.name,
        "submit": _("Keep what I changed"),
    }
    return show(request, "organizations/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_all, methods=("GET", "POST"))
def step(request: PageRequest, number: str, name: str) -> HttpResponseBase:
    """File it, register it, dissolve it: one form each."""
    organization = _own(request, int(number))
    form = STEPS[name](request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            getattr(services, name)(organization=organization, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Done: %(name)s.") % {"name": organization.name})
            return redirect("organizations:manage", number=number)
    words = {"file": _("File it"), "register": _("Register it"), "dissolve": _("Dissolve it")}
    context = {"form": form, "organization": organization, "title": words[name], "step": name}
    return show(request, "organizations/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some)
def roster(request: PageRequest, number: int) -> HttpResponseBase:
    """The members on paper, or with `?format=xlsx` as a file."""
    organization = _own(request, number)
    members = queries.members_of(organization)
    if asked(request, "format") == "xlsx":
        return _file(sheets.roster(members), f"members-{number}")
    return show(request, "organizations/workbench/roster.html", {"organization": organization, "members": members})


@page(rules.can_manage_some, methods=("POST",))
def add_member(request: PageRequest, number: int) -> HttpResponseBase:
    """Note a resident as a member."""
    organization, form = _own(request, number), _member_form(request)
    if form.is_valid():
        with refusals_on(form):
            found, title = form.cleaned_data["who"], form.cleaned_data["title"]
            services.add_member(organization=organization, resident=found, title=title, by=request.actor)
            messages.success(request, _("%(name)s is a member now.") % {"name": found.name})
            return redirect("organizations:manage", number=number)
    return show(request, "organizations/workbench/manage.html", _about(request, organization, form), status=422)


@page(rules.can_manage_some, methods=("POST",))
def end_membership(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Note that a member left."""
    membership = get_object_or_404(Membership, pk=pk, organization=_own(request, number))
    services.end_membership(membership=membership, by=request.actor)
    messages.success(request, _("Noted. Add the person again if this was a mistake."))
    return redirect("organizations:manage", number=number)


@page(rules.can_manage_all, methods=("GET", "POST"))
def appoint(request: PageRequest, number: int) -> HttpResponseBase:
    """Let a resident lead it: who is meant, asked once more, then done. The leader's duty goes with it."""
    organization = _own(request, number)
    form = PersonForm(request.POST or None, sees_register=can_see_residents(request.actor))
    if request.method == "POST" and form.is_valid() and CHANGE not in request.POST:
        found = form.cleaned_data["who"]
        if SURE not in request.POST:
            answers = [(_("Who"), found.name, told(found)), (_("Leads"), organization.name, "")]
            if organization.leader:
                answers.append((_("Until now"), organization.leader.name, ""))
            submit = _("Let %(name)s lead it") % {"name": found.name}
            return ask_again(request, title=_("Let them lead it?"), answers=answers, submit=submit)
        with refusals_on(form):
            services.appoint_leader(organization=organization, resident=found, by=request.actor)
            messages.success(request, _("%(name)s leads it now.") % {"name": found.name})
            return redirect("organizations:manage", number=number)
    context = {"form": form, "organization": organization, "title": _("Who leads it"), "submit": _("Next step")}
    return show(request, "organizations/workbench/form.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_some, methods=("POST",))
def accept(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say yes to somebody who asked."""
    asked = _asked(request, pk)
    services.accept(request=asked, by=request.actor)
    messages.success(request, _("%(name)s is a member now.") % {"name": asked.resident.name})
    return redirect("organizations:manage", number=asked.organization.number)


@page(rules.can_manage_some, methods=("GET", "POST"))
def decline(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Say no, with a word why."""
    asked = _asked(request, pk)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.decline(request=asked, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Answered."))
            return redirect("organizations:manage", number=asked.organization.number)
    context = {
        "form": form,
        "organization": asked.organization,
        "title": _("Decline"),
        "submit": _("Decline"),
        "asked": asked,
    }
    return show(request, "organizations/workbench/form.html", context, status=422 if form.errors else 200)


def _own(request: PageRequest, number: int) -> Organization:
    """The organization, if the actor looks after it; else 404 (for a member: the sentence)."""
    found = get_object_or_404(Organization.objects.with_member_count().select_related("leader"), number=number)
    require(rules.can_manage(request.actor, found))
    versions.about(request, found)
    return found


def _asked(request: PageRequest, pk: UUID) -> JoinRequest:
    rows = JoinRequest.objects.select_related("organization", "resident")
    asked = get_object_or_404(rows, pk=pk)
    require(rules.can_manage(request.actor, asked.organization))
    versions.about(request, asked)
    return asked


def _member_form(request: PageRequest) -> MemberForm:
    return MemberForm(request.POST or None, sees_register=can_see_residents(request.actor))


def _about(request: PageRequest, organization: Organization, form: MemberForm) -> dict[str, Any]:
    waiting = queries.waiting_requests(request.actor).filter(organization=organization)
    return {
        "organization": organization,
        "members": paged(request, queries.members_of(organization)),
        "waiting": paged(request, waiting, name="asked"),
        "form": form,
        "can_manage_all": rules.can_manage_all(request.actor),
        "history": timeline.of(source_of(organization))[:8],
    }


def _file(content: bytes, name: str) -> HttpResponse:
    return downloads.workbook(content, f"{name}-{clock.today():%Y%m%d}.xlsx")
