"""Staff's pages about who is inside: the list for a fire drill, and a child that is fetched."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.activities import queries, rules, services
from weiyifang.activities.forms_passages import FetchedForm
from weiyifang.activities.models import Passage, Session, SessionState
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.people import queries as register
from weiyifang.people.models import Resident
from weiyifang.people.roles import Permission

checks_in = holds(Permission.CHECK_IN)
PAPER = 500  # names on paper


@page(checks_in)
def inside(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Who is inside now, children first: to count people in the yard, and to see whom nobody has fetched."""
    session = _session(request, number, date_number)
    found = queries.inside(session)
    context = {
        "activity": session.activity,
        "session": session,
        "inside": found,
        "page": paged(request, found.rows(), PAPER),
        "can_note": session.state != SessionState.CANCELLED,
    }
    return show(request, "activities/workbench/inside.html", context)


@page(checks_in, methods=("GET", "POST"))
def departure(request: PageRequest, number: int, date_number: int, resident: int) -> HttpResponse:
    """Somebody who came leaves; of a child, who fetches it is asked, and when that is somebody whom nobody had named,
    asked once more. Afterwards it stands here who it was.
    """
    session = _session(request, number, date_number)
    pk = register.ids_of([resident]).get(resident)
    if pk is None:
        raise Http404
    here = queries.presence(session, pk)
    if here is None:
        raise services.NotHere(name=register.name_of(pk))
    found = here.resident
    ((came, left),) = queries.with_left([here])
    children = queries.children_of(session, [found.pk])
    form = FetchedForm(
        request.POST if request.method == "POST" else None, may=queries.may_fetch(session, children).get(found.pk, [])
    )
    status = 200
    if request.method == "POST" and CHANGE not in request.POST:
        if not children:
            services.check_out(session=session, resident=found, by=request.actor)
            return _left(request, session, found)
        if form.is_valid():
            if form.is_another and SURE not in request.POST:
                return _look_again(request, found, form)
            with refusals_on(form):
                services.check_out(session=session, resident=found, fetched=form.fetched(), by=request.actor)
                return _left(request, session, found)
        status = 422
    context = {
        "activity": session.activity,
        "session": session,
        "who": found,
        "is_child": bool(children),
        "came": came,
        "left": left,
        "form": form,
    }
    return show(request, "activities/workbench/departure.html", context, status=status)


@page(checks_in, methods=("POST",))
def void(request: PageRequest, pk: UUID) -> HttpResponse:
    """That was a mistake: they did not leave, or not with them."""
    found = get_object_or_404(Passage.objects.select_related("session__activity"), pk=pk)
    services.void_passage(passage=found, by=request.actor)
    messages.success(request, _("Taken back: they are inside."))
    return redirect("activities:bench_session", found.session.activity.number, found.session.number)


# --- parts ------------------------------------------------------------------------------------------------------


def _session(request: PageRequest, number: int, date_number: int) -> Session:
    rows = Session.objects.select_related("activity")
    found = get_object_or_404(rows, activity__number=number, number=date_number)
    require(rules.can_check_in(request.actor, found.activity))
    if not found.activity.notes_leaving:
        raise services.NobodyNotesLeaving()
    return found


def _left(request: PageRequest, session: Session, resident: Resident) -> HttpResponse:
    messages.success(request, _("%(name)s has left.") % {"name": resident.name})
    return redirect("activities:bench_session", session.activity.number, session.number)


def _look_again(request: PageRequest, child: Resident, form: FetchedForm) -> HttpResponse:
    typed = form.cleaned_data
    answers = [(_("Child"), child.name, ""), (_("Goes with"), typed["name"], typed["why"])]
    return ask_again(
        request,
        title=_("Nobody named this person. Let the child go all the same?"),
        answers=answers,
        submit=_("Yes, the child goes with them"),
        then_title=_("What follows"),
        then=[
            _("Ring a guardian first, if you can."),
            _("The guardians are told at once, and read who it was and why."),
        ],
    )
