"""Whoever leads an organization enrols its members: several together, all or none."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.activities import groups, queries, rules, services
from weiyifang.activities.forms_people import MembersForm
from weiyifang.activities.models import EnrollmentState, Session
from weiyifang.core.look import wording
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.organizations import queries as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.rules import can_manage_some


@page(can_manage_some, methods=("GET", "POST"))
def members(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Tick who comes. `?of=` is the number of the organization, where one keeps several."""
    session = get_object_or_404(Session.objects.select_related("activity"), activity__number=number, number=date_number)
    require(rules.can_see(request.actor, session.activity))
    organization = _chosen(request)
    if organization is None:
        context = {
            "activity": session.activity,
            "session": session,
            "page": paged(request, organizations.kept_by(request.actor)),
        }
        return show(request, "activities/workbench/members.html", context)
    belong = paged(request, organizations.members_of(organization))
    ticked = [int(one) for one in request.POST.getlist("who") if one.isdecimal() and len(one) <= 9]
    people = [one.resident for one in belong if one.resident.number not in ticked]
    if ticked:
        chosen = organizations.members_of(organization).filter(resident__number__in=ticked)
        people = [*(one.resident for one in chosen), *people]
    form = MembersForm(request.POST or None, people=people, questions=session.activity.questions)
    must_queue = False
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            try:
                messages.success(request, _enrol(request, session, organization, form))
                return redirect(f"{request.path}?of={organization.number}")
            except services.SessionFull as full:
                must_queue = not isinstance(full, services.FullAndClosed)
                raise
    seats = queries.seats_of([session])[session.pk]
    there = set(queries.who_comes(session))
    mine = queries.enrolled_by(request.actor.account_id, session, [one.pk for one in people])
    versions.about(request, *mine)
    context = {
        "activity": session.activity,
        "session": session,
        "organization": organization,
        "seats": seats,
        "page": belong,
        "people": [(one, one.pk in there, services.why_not(session, one)) for one in people],
        "mine": mine,
        "form": form,
        "must_queue": must_queue or seats.must_queue or seats.some_must_queue,
        "kept_words": services.kept_in_words(seats.shares, session),
        "is_open": services.is_open(session) and not session.activity.is_open_door,
        "group_words": groups.waiting_in_words(session.starts_at),
    }
    return show(request, "activities/workbench/members.html", context, status=422 if form.errors else 200)


def _chosen(request: PageRequest) -> Organization | None:
    """The organization asked for, or the only one there is to choose from."""
    kept = organizations.kept_by(request.actor)
    number = request.POST.get("of") or asked(request, "of", 9)
    if number.isdecimal():
        return get_object_or_404(kept, number=int(number[:9]))
    some = list(kept[:2])
    return some[0] if len(some) == 1 else None


def _enrol(request: PageRequest, session: Session, organization: Organization, form: MembersForm) -> str:
    people = [services.Member(resident=one, answers=form.answers(one)) for one in form.chosen()]
    verb = services.queue_group if form.cleaned_data["queue"] else services.enroll_group
    rows = verb(session=session, people=people, organization=source_of(organization), by=request.actor)
    names = {"names": wording.listed(rows, "resident.name")}
    if rows[0].state == EnrollmentState.WAITING:
        return _("%(names)s are in the queue now, as one.") % names
    return _("%(names)s are on the list.") % names
