"""Enrolling for somebody: they call, or stand at the desk. The refusals are those everybody hears."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.activities import groups, queries, rules, services
from weiyifang.activities.forms import DeskSearch
from weiyifang.activities.forms_people import DeskForm
from weiyifang.activities.models import Activity, Enrollment, EnrollmentState, Session
from weiyifang.core.actors import Actor
from weiyifang.core.look import wording
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.people import queries as register
from weiyifang.people.models import Resident
from weiyifang.people.picking import told
from weiyifang.people.roles import Permission
from weiyifang.people.rules import can_see_residents

WAITING = EnrollmentState.WAITING

enrols = holds(Permission.ENROL_OTHERS)


def enrols_from_the_register(actor: Actor) -> bool:
    """Whoever enrols others and sees the register of residents."""
    return enrols(actor) and can_see_residents(actor)


@page(enrols, methods=("GET", "POST"))
def enrol(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Enrol somebody at one date, or put them into its queue. `?for=` is the number of the one who asks."""
    session = get_object_or_404(Session.objects.select_related("activity"), activity__number=number, number=date_number)
    require(rules.can_enrol_others(request.actor, session.activity))
    sees = can_see_residents(request.actor)
    form = DeskForm(request.POST or None, sees_register=sees, questions=session.activity.questions)
    must_queue = is_kept_back = False
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            try:
                messages.success(request, _enrol(request, session, form))
                return redirect("activities:bench_session", number, date_number)
            except services.SessionFull as full:
                must_queue = not isinstance(full, services.FullAndClosed)
                raise
            except (services.MissedTooOften, services.SomeGoLater):
                is_kept_back = True
                raise
    elif request.method == "GET" and sees and (person := _asked_for(request)):
        form.begin_with(person)
    seats = queries.seats_of([session])[session.pk]
    context = {
        "activity": session.activity,
        "session": session,
        "seats": seats,
        "form": form,
        "must_queue": must_queue or seats.must_queue or seats.some_must_queue,
        "kept_words": services.kept_in_words(seats.shares, session),
        "is_open": services.is_open(session),
        "is_kept_back": is_kept_back,
        "group_words": groups.waiting_in_words(session.starts_at),
    }
    return show(request, "activities/workbench/enrol.html", context, status=422 if form.errors else 200)


@page(enrols, methods=("POST",))
def give_back(request: PageRequest, pk: UUID) -> HttpResponse:
    """Somebody calls that they do not come: asked once more, then their seats, or their turn, go to the next.

    For the desk, and for a leader who enrolled a member.
    """
    rows = Enrollment.objects.live().select_related("activity", "session", "resident__household")
    found = get_object_or_404(rows, pk=pk)
    require(rules.can_give_back(request.actor, found))
    versions.about(request, found)
    is_desk = rules.can_enrol_others(request.actor, found.activity)
    to = "activities:bench_activity" if is_desk else "activities:detail"
    back = reverse(to, args=[found.activity.number])
    if found.session is not None:
        to = "activities:bench_session" if is_desk else "activities:bench_members"
        back = reverse(to, args=[found.activity.number, found.session.number])
    if CHANGE in request.POST:
        return redirect(back)
    if SURE not in request.POST:
        when = wording.moment(found.session.starts_at) if found.session else ""
        what = (
            _("%(n)d seats") % {"n": found.places}
            if found.state == EnrollmentState.CONFIRMED
            else _("the turn in the queue")
        )
        answers = [(_("Who"), found.resident.name, told(found.resident)), (_("Which date"), found.activity.title, when)]
        answers.append((_("Gives back"), what, _("It goes to the next in line at once.")))
        return ask_again(request, title=_("Give it back for them?"), answers=answers, submit=_("Give it back for them"))
    services.cancel_enrollment(enrollment=found, by=request.actor)
    messages.success(request, _("Given back for %(name)s.") % {"name": found.resident.name})
    return redirect(back)


@page(enrols_from_the_register)
def choose(request: PageRequest, resident: int) -> HttpResponse:
    """What somebody can be enrolled in: the dates to come, the next first, searched."""
    person = get_object_or_404(register.living_here([resident]))
    form = DeskSearch(request.GET)
    mine = rules.manageable_by(request.actor, Permission.ENROL_OTHERS).exclude(places=0)  # there one just comes
    rows = queries.coming().filter(activity__in=mine)
    if words := form.words:
        rows = rows.filter(activity__in=Activity.objects.matching(words))
    page_of = paged(request, rows)
    context = {
        "person": person,
        "told": told(person),
        "form": form,
        "page": page_of,
        "rows": queries.listed(list(page_of)),
        "words": words,
    }
    return show(request, "activities/workbench/choose.html", context)


def link_for(resident: Resident, actor: Actor) -> tuple[str, str] | None:
    """Address and words of the way from a resident's page to here."""
    if not enrols(actor):
        return None
    return reverse("activities:bench_choose", args=[resident.number]), _("Enrol them in an activity")


def _enrol(request: PageRequest, session: Session, form: DeskForm) -> str:
    verb = services.queue_group if form.cleaned_data["queue"] else services.enroll_group
    rows = verb(session=session, people=form.people(), despite=form.cleaned_data["despite"], by=request.actor)
    made = rows[0]
    if len(rows) > 1:
        names = {"names": wording.listed(rows, "resident.name")}
        said = (
            _("%(names)s are in the queue now, as one.") if made.state == WAITING else _("%(names)s are on the list.")
        )
        return said % names
    about = {"name": made.resident.name, "places": made.places, "code": made.code}
    if made.state == WAITING:
        return _("%(name)s is in the queue now.") % about
    return _("%(name)s is on the list, seats: %(places)d. The code for the door is %(code)s.") % about


def _asked_for(request: PageRequest) -> Resident | None:
    number = asked(request, "for", 9)
    if not number.isdecimal():
        return None
    return register.living_here([int(number)]).first()
