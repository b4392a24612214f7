"""Staff's pages at the door: the list, check-in by code, name or ticket, guests; on paper and as a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.activities import codes, queries, rules, services, sheets
from weiyifang.activities.forms_people import CodeForm, GuestsForm, HereForm, MessageForm, PartyForm, WalkInForm
from weiyifang.activities.models import (
    STAGED,
    Attendance,
    Enrollment,
    EnrollmentState,
    Method,
    Session,
    SessionState,
    Whom,
)
from weiyifang.core import clock
from weiyifang.core.look.wording import as_day
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people import queries as register
from weiyifang.people.models import Resident
from weiyifang.people.queries import names_of
from weiyifang.people.roles import Permission
from weiyifang.people.rules import can_see_residents

checks_in = holds(Permission.CHECK_IN)
plans = holds(Permission.PLAN_ACTIVITIES)
DOOR, PAPER, FIRST = 100, 500, 20  # names on a screen, on paper, and of what stands below the list
WORKER = Path(__file__).with_name("static") / "activities" / "offline_worker.js"
QUEUE = "queue"  # `?list=`: the queue instead of who is expected


@page(checks_in)
def session(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """The list at the door: tick who came, scan, count guests."""
    return show(request, "activities/workbench/session.html", _door(request, number, date_number))


@page(checks_in, methods=("POST",))
def attendances(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Check somebody in: from the list, or by code, by name, or guests without a name."""
    found = _session(number, date_number)
    require(rules.can_check_in(request.actor, found.activity))
    name, form, verb = _what_was_sent(request, found)
    if form.is_valid():
        with refusals_on(form):
            messages.success(request, verb(form.cleaned_data))
            page_number = asked(request, "page", 9)  # back to the same piece of the list
            back = reverse("activities:bench_session", args=[number, date_number])
            return redirect(f"{back}?page={page_number}" if page_number.isdecimal() else back)
    context = _door(request, number, date_number) | {name: form}
    return show(request, "activities/workbench/session.html", context, status=422)


@page(checks_in, methods=("POST",))
def void(request: PageRequest, pk: str) -> HttpResponse:
    """That was a mistake: they did not come."""
    found = get_object_or_404(Attendance.objects.select_related("session__activity"), pk=pk)
    services.void_attendance(attendance=found, reason=_("ticked by mistake"), by=request.actor)
    messages.success(request, _("Taken back."))
    return redirect("activities:bench_session", found.session.activity.number, found.session.number)


@page(checks_in, methods=("GET", "POST"))
def ticket(request: PageRequest, ticket: str) -> HttpResponse:
    """What a resident's code opens on the helper's phone: who it is, and one button."""
    pk = codes.enrollment_id(ticket)
    enrollment = get_object_or_404(Enrollment.objects.select_related("activity", "session", "resident"), pk=pk)
    require(rules.can_check_in(request.actor, enrollment.activity))
    found = queries.session_at_the_door(enrollment)
    if found is None:
        raise services.NoLessonToday()
    form = PartyForm(request.POST if request.method == "POST" else None, places=enrollment.places)
    if request.method == "POST" and form.is_valid():
        if enrollment.state != EnrollmentState.CONFIRMED:
            raise services.CodeUnknown()
        people = form.cleaned_data["people"]
        came = services.check_in(
            session=found, resident=enrollment.resident, method=Method.QR, people=people, by=request.actor
        )
        messages.success(request, _is_in(came))
        return redirect("activities:bench_session", found.activity.number, found.number)
    context = {"enrollment": enrollment, "session": found, "form": form}
    return show(request, "activities/workbench/ticket.html", context, status=422 if form.is_bound else 200)


@page(checks_in, methods=("POST",))
def completion(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """It took place."""
    services.hold_session(session=_session(number, date_number), by=request.actor)
    return redirect("activities:bench_session", number, date_number)


@page(plans, methods=("POST",))
def draw(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Give the seats of a list on which nobody can be put any more, without waiting for the minute's job."""
    services.draw(session=_session(number, date_number), by=request.actor)
    messages.success(request, _("The seats are given; everybody on the list is told."))
    return redirect("activities:bench_session", number, date_number)


@page(plans, methods=("GET", "POST"))
def message(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Write to who is enrolled, waits or came; below, what was written before, and by whom."""
    found = _session(number, date_number)
    require(rules.can_manage(request.actor, found.activity))
    counts = {whom.value: len(queries.addressees(found, whom)) for whom in Whom}
    form = MessageForm(request.POST or None, counts=counts)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            written = services.write_to(session=found, **form.cleaned_data, by=request.actor)
            told = ngettext("%(n)d person is told.", "%(n)d people are told.", written.people)
            messages.success(request, told % {"n": written.people})
            return redirect("activities:bench_message", number, date_number)
    before = queries.messages_of(found)
    names = names_of({one.written_by_id for one in before if one.written_by_id})
    context = {
        "activity": found.activity,
        "session": found,
        "form": form,
        "is_anybody_there": any(counts.values()),
        "before": [(one, names.get(one.written_by_id, "")) for one in before if one.written_by_id],
    }
    return show(request, "activities/workbench/message.html", context, status=422 if form.errors else 200)


@page(checks_in)
def roster(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """The list on paper, with room for a signature and the code for the door."""
    context = _door(request, number, date_number)
    context["page"] = paged(request, context["roster"].guests(), PAPER)
    return show(request, "activities/workbench/roster.html", context)


@page(checks_in)
def export(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """The list as a spreadsheet."""
    found = _session(number, date_number)
    require(rules.can_check_in(request.actor, found.activity))
    content = sheets.roster(found, queries.roster(found))
    return downloads.workbook(content, f"activity-{number}-{date_number}.xlsx")


@page(checks_in)
def offline(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """The list for a phone without network: the page alone, in which nobody's name stands; it fetches them itself."""
    found = _session(number, date_number)
    require(rules.can_check_in(request.actor, found.activity))
    context = {
        "activity": found.activity,
        "session": found,
        "notes_leaving": found.activity.notes_leaving,
        "until": clock.day_bounds(as_day(found.ends_at))[1],
        "api": reverse("api:one_date", args=[number, date_number]),
    }
    return show(request, "activities/workbench/offline.html", context)


@page(checks_in)
def offline_worker(request: PageRequest) -> HttpResponse:
    """What opens `offline` without network. It stands here because a worker works for the addresses beside its own."""
    return HttpResponse(WORKER.read_text("utf-8"), content_type="text/javascript; charset=utf-8")


# --- parts ------------------------------------------------------------------------------------------------------


def _session(number: int, date_number: int) -> Session:
    found = Session.objects.select_related("activity")
    return get_object_or_404(found, activity__number=number, number=date_number)


def _door(request: PageRequest, number: int, date_number: int) -> dict[str, Any]:
    found = _session(number, date_number)
    require(rules.can_check_in(request.actor, found.activity))
    roster, words = queries.roster(found), asked(request, "q", 40)
    is_queue = asked(request, "list") == QUEUE
    waiting = paged(request, roster.waiting, DOOR if is_queue else FIRST, "page" if is_queue else "")
    path = reverse("activities:arrival", args=[number, date_number, codes.door_code(found)])
    seats = queries.seats_of([found])[found.pk]
    return {
        "activity": found.activity,
        "session": found,
        "seats": seats,
        "kept_words": services.kept_in_words(seats.shares, found),
        "roster": roster,
        "page": None if is_queue else paged(request, roster.guests(words), DOOR),
        "words": words,
        "nameless": roster.nameless[:FIRST],
        "waiting": waiting,
        "is_queue": is_queue,
        "code_form": CodeForm(),
        "walk_in_form": _walk_in(request, found),
        "guests_form": GuestsForm(),
        "door_address": request.build_absolute_uri(path),
        "can_manage": rules.can_manage(request.actor, found.activity),
        "inside": queries.inside(found) if found.activity.notes_leaving else None,
        "is_market": found.activity.kind == "market",
        "is_staged": found.activity.kind in STAGED,
        "can_draw": _can_draw(request, found),
        "can_excuse": found.state == SessionState.HELD
        and not found.activity.is_term
        and rules.can_enrol_others(request.actor, found.activity),
        "can_enrol": rules.can_enrol_others(request.actor, found.activity)
        and found.activity.places > 0
        and services.is_open(found),
        "can_give_back": rules.can_enrol_others(request.actor, found.activity)
        and found.state == SessionState.PLANNED
        and not found.has_begun,
    }


def _can_draw(request: PageRequest, found: Session) -> bool:
    closes_at = services.closes_at(found)
    is_closed = closes_at is not None and closes_at <= clock.now()
    return is_closed and rules.can_manage(request.actor, found.activity) and services.collects(found)


def _what_was_sent(request: PageRequest, found: Session) -> tuple[str, Any, Any]:
    """The form among those of the door that was sent, its name there, and what to do; that answers with a sentence."""

    def by_code(typed: dict[str, Any]) -> str:
        return _check_in(_resident_with_code(found, typed["code"]), Method.QR)

    def by_name(typed: dict[str, Any]) -> str:
        return _check_in(typed["who"], Method.ROSTER)

    def from_the_list(typed: dict[str, Any]) -> str:
        return _check_in(get_object_or_404(register.living_here([typed["here"]])), Method.ROSTER)

    def guests(typed: dict[str, Any]) -> str:
        services.count_guests(session=found, people=typed["people"], by=request.actor)
        return ngettext("%(n)d guest counted.", "%(n)d guests counted.", typed["people"]) % {"n": typed["people"]}

    def _check_in(resident: Resident, method: Method) -> str:
        return _is_in(services.check_in(session=found, resident=resident, method=method, by=request.actor))

    if "people" in request.POST:
        return "guests_form", GuestsForm(request.POST), guests
    if "here" in request.POST:
        return "here_form", HereForm(request.POST), from_the_list
    if "who" in request.POST:
        return "walk_in_form", _walk_in(request, found, request.POST), by_name
    return "code_form", CodeForm(request.POST), by_code


def _walk_in(request: PageRequest, found: Session, data: Any = None) -> WalkInForm:
    sees = can_see_residents(request.actor)
    return WalkInForm(data, sees_register=sees, expected=queries.enrolled_ids(found) if data else ())


def _is_in(came: Attendance) -> str:
    name = came.resident.name if came.resident else ""
    if came.people > 1:
        return _("%(name)s is checked in, with those who came along: %(people)d.") % {
            "name": name,
            "people": came.people,
        }
    return _("%(name)s is checked in.") % {"name": name}


def _resident_with_code(found: Session, typed: str) -> Resident:
    """Whose ticket (the address in the code, or its six digits) this is. Raises `CodeUnknown`."""
    pk = codes.enrollment_id(typed.rstrip("/").rpartition("/")[2])
    rows = Enrollment.objects.taking_a_place().at_the_door(found)
    code = typed.replace(" ", "")
    same = [one for one in rows.only("pk").iterator() if pk == one.pk or one.code == code]
    if len(same) != 1:
        raise services.CodeUnknown()
    resident: Resident = rows.select_related("resident").get(pk=same[0].pk).resident
    return resident
