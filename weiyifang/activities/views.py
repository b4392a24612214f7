"""Residents' pages: what is on, one activity, my places in it, and the paper that hangs in the stairway."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.activities import codes, covers, groups, orders, own, queries, rules, services
from weiyifang.activities.calendars import OURS
from weiyifang.activities.forms import ListFilter
from weiyifang.activities.forms_people import ArrivalForm, EnrollForm
from weiyifang.activities.models import Activity, ActivityState, Enrollment, EnrollmentState, Session, SessionState
from weiyifang.core import clock
from weiyifang.core.look import wording
from weiyifang.core.web import downloads
from weiyifang.core.web.access import PageRequest, anyone, page, resident
from weiyifang.core.web.asked import asked, asked_day
from weiyifang.core.web.once import commit_by_verb
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.organizations import queries as organizations
from weiyifang.timetable import ical

SEATS_AGE = 1  # seconds the seats shown to a visitor may be old, and half a second more; enrolling asks the truth
TOGETHER = "together"  # the button for all who came as a group
VIEWS = {"week": queries.this_week, "all": queries.next_of_each, "past": queries.past}


@page(anyone, kept=SEATS_AGE)
def listing(request: PageRequest) -> HttpResponse:
    """What is on: this week, all that is to come, what was, or on one `?day=`; looked through in each."""
    when = asked(request, "when")
    when = when if when in VIEWS else "week"
    form = ListFilter(request.GET)
    wanted = form.chosen()
    day = asked_day(request, "day")
    rows = queries.on_day(day) if day else VIEWS[when]()
    if words := wanted.get("q"):
        rows = rows.filter(activity__in=Activity.objects.matching(words))
    for name in ("kind", "audience"):
        if wanted.get(name):
            rows = rows.filter(**{f"activity__{name}": wanted[name]})
    organizer = asked(request, "of")
    if organizer:
        rows = rows.filter(activity__organizer=organizer)
    if wanted.get("free"):
        rows = queries.with_free_places(rows)
    page_of = paged(request, rows)
    context = {
        "when": when,
        "day": day,
        "of": organizer,
        "is_week": when == "week" and not day,
        "is_all": when == "all" and not day,
        "is_past": when == "past" and not day,
        "form": form,
        "is_filtered": any(wanted.values()),
        "page": page_of,
        "rows": queries.listed(list(page_of)),
    }
    return show(request, "activities/list.html", context)


@page(anyone, kept=SEATS_AGE)
def detail(request: PageRequest, number: int, date_number: int | None = None) -> HttpResponse:
    """One activity on one of its dates; without a number, the next."""
    activity, session = _load(request, number, date_number)
    return show(request, "activities/detail.html", _about(request, activity, session))


@page(resident, methods=("GET", "POST"))
def enrollments(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """My places in it (GET); take some, or a turn in the queue (POST)."""
    activity, session = _load(request, number, date_number)
    assert session is not None
    people = queries.people_to_act_for(request.actor)
    if request.method == "POST":
        form = EnrollForm(request.POST, people=people, questions=activity.questions)
        must_queue = False
        if form.is_valid():
            answer = redirect("activities:enrollments", number, date_number)
            is_alone = len(form.chosen()) == 1 and not form.cleaned_data["queue"]
            with refusals_on(form, undo=not is_alone):
                try:
                    if is_alone:
                        _enroll_one(request, session, form, answer)
                    else:
                        _enroll(request, session, form)
                    return answer
                except services.SessionFull as full:
                    must_queue = not isinstance(full, services.FullAndClosed)
                    raise
        about = _about(request, activity, session) | {"form": form}
        about["must_queue"] |= must_queue
        return show(request, "activities/detail.html", about, status=422)
    mine = queries.mine_in(session, people)
    if not mine:
        return redirect("activities:date", number, date_number)
    company, people_ids = queries.company(mine), [one.resident.pk for one in mine]
    comings = queries.comings_of(session, people_ids)
    context = {
        "activity": activity,
        "session": session,
        "mine": [
            (
                one,
                _ticket_url(request, one.enrollment),
                company.get(one.enrollment.pk, []),
                comings.get(one.resident.pk, ""),
            )
            for one in mine
        ],
        "children": queries.children_of(session, [pk for pk in people_ids if pk != request.actor.resident_id]),
        "places": sum(one.enrollment.places for one in mine if one.is_confirmed),
        "collects": any(one.collects for one in mine),
        "order_words": orders.in_words(activity.order, session.starts_at),
        "is_drawn_by_lot": activity.order == orders.Order.LOTTERY,
        "not_new": queries.not_new(session, [one.resident.pk for one in mine]) if _is_asked_for_new(activity) else None,
        "draws_at": services.closes_at(session),
        "group_words": groups.waiting_in_words(session.starts_at),
        "have_come": bool(mine) and all(one.has_come for one in mine if one.is_confirmed),
    }
    return show(request, "activities/mine.html", context)


@page(resident, methods=("POST",))
def cancellation(request: PageRequest, pk: str) -> HttpResponse:
    """Give places back, with a way back on the next page."""
    enrollment = _enrollment(pk)
    waited = enrollment.state == EnrollmentState.WAITING
    if TOGETHER in request.POST:
        n = len(services.cancel_together(enrollment=enrollment, by=request.actor))
        done = _("Done: %(n)d of you no longer queue.") if waited else _("Given back for %(n)d of you.")
        messages.success(request, done % {"n": n})
        return redirect(_page_of(enrollment))
    services.cancel_enrollment(enrollment=enrollment, by=request.actor)
    done = _("Done: you no longer queue.") if waited else _("Given back. Somebody else will be glad of it.")
    messages.success(request, done)
    return redirect(_page_of(enrollment))


@page(resident, methods=("POST",))
def restoration(request: PageRequest, pk: str) -> HttpResponse:
    """Take a cancellation back: the places while they are still there, or the turn in the queue."""
    enrollment = _enrollment(pk)
    services.undo_cancel(enrollment=enrollment, by=request.actor)
    is_in = _enrollment(pk).state == EnrollmentState.CONFIRMED
    done = _("Everything as before: you are in.") if is_in else _("Everything as before: you have your turn again.")
    messages.success(request, done)
    return redirect(_page_of(enrollment))


@page(resident, methods=("POST",))
def acceptance(request: PageRequest, pk: str) -> HttpResponse:
    """Say yes to a seat that came free."""
    enrollment = _enrollment(pk)
    verb = services.accept_together if TOGETHER in request.POST else services.accept_offer
    verb(enrollment=enrollment, by=request.actor)
    messages.success(request, _("You're in. See you there!"))
    return redirect(_page_of(enrollment))


@page(resident, methods=("GET", "POST"))
def arrival(request: PageRequest, number: int, date_number: int, code: str) -> HttpResponse:
    """I am here: what the code on the paper at the door opens."""
    activity, session = _load(request, number, date_number)
    assert session is not None
    people = queries.people_to_act_for(request.actor)
    seats = {one.resident.pk: one.enrollment.places for one in queries.mine_in(session, people) if one.is_confirmed}
    if activity.is_term:
        visits = queries.visits_in(activity, [person.pk for person in people])
        seats = {one.resident_id: one.places for one in visits if one.session_id == session.pk} | seats
    expected = [person for person in people if activity.is_open_door or person.pk in seats]
    form = ArrivalForm(
        request.POST if request.method == "POST" else None,
        parties=[(person, seats.get(person.pk, 1)) for person in expected],
    )
    if request.method == "POST" and form.is_valid():
        for person, count in form.chosen():
            services.arrive(session=session, code=code, resident=person, people=count, by=request.actor)
        messages.success(request, _("Welcome! You are checked in."))
        return redirect("activities:date", number, date_number)
    context = {"activity": activity, "session": session, "people": expected, "form": form}
    return show(request, "activities/arrival.html", context, status=422 if form.is_bound else 200)


@page(anyone)
def poster(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """A sheet for the stairway, with a code that opens the page."""
    activity, session = _load(request, number, date_number)
    context = _about(request, activity, session)
    return show(request, "activities/poster.html", context)


@page(anyone)
def calendar(request: PageRequest, number: int) -> HttpResponseBase:
    """The dates as an iCalendar file, for the phone's own calendar; one that is called off says so there too."""
    activity, _session = _load(request, number, None)
    dates = Session.objects.filter(activity=activity).order_by("starts_at", "id").select_related("activity")
    return downloads.named(ical.answer(request, _events(request, dates)), f"activity-{number}.ics")


@page(anyone)
def programme_calendar(request: PageRequest) -> HttpResponseBase:
    """What is on, to subscribe to: all of it, or of one `?kind=`, `?audience=`, or organization (`?of=`)."""
    wanted = ListFilter(request.GET).chosen()
    organizer = asked(request, "of")
    rows = queries.dates_around(clock.now(), organizer=organizer)
    for name in ("kind", "audience"):
        if wanted.get(name):
            rows = rows.filter(**{f"activity__{name}": wanted[name]})
    named = organizations.named([organizer]).get(organizer)
    name = named.name if named else str(request.community)
    return downloads.named(ical.answer(request, _events(request, rows), name=name), "activities.ics")


# --- parts ------------------------------------------------------------------------------------------------------


def _events(request: PageRequest, dates: Iterable[Session]) -> list[ical.CalendarEvent]:
    """Dates as calendars take them; those of ours are known again by their UID (`calendars.key`)."""
    own = f"{request.scheme}://{request.get_host()}"
    return [
        ical.CalendarEvent(
            uid=f"{session.pk}{OURS}",
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            title=session.activity.title,
            place=session.shown_place,
            description=session.activity.summary,
            url=own + reverse("activities:date", args=[session.activity.number, session.number]),
            sequence=session.sequence,  # a calendar takes the higher one for the newer
            cancelled=session.state == SessionState.CANCELLED,
        )
        for session in dates
    ]


def _load(request: PageRequest, number: int, date_number: int | None) -> tuple[Activity, Session | None]:
    """The activity, if it may be seen, and the date asked for; else the next to come, or the last."""
    activity = get_object_or_404(rules.visible_to(request.actor).select_related("instructor"), number=number)
    dates = queries.saying_stalls(queries.saying_programmes(Session.objects.filter(activity=activity)))
    if date_number is not None:
        session: Session | None = get_object_or_404(dates, number=date_number)
    else:
        session = dates.to_come().first() or dates.order_by("-starts_at").first()
    if session is not None:
        session.activity = activity
    return activity, session


def _about(request: PageRequest, activity: Activity, session: Session | None) -> dict[str, Any]:
    """What everybody may know of it; what is the reader's own is filled in (`activities.own`)."""
    seats = queries.seats_of([session])[session.pk] if session else queries.Seats()
    day = wording.as_day(session.starts_at) if session else clock.today()
    youngest, oldest = services.ages(activity, day)
    is_open = session is not None and activity.state == ActivityState.PUBLISHED and services.is_open(session)
    closes_at = services.closes_at(session) if session and is_open else None
    address = reverse("activities:date", args=[activity.number, session.number]) if session else ""
    return {
        **own.NOBODYS,
        "activity": activity,
        "session": session,
        "seats": seats,
        "must_queue": seats.must_queue,
        "kept_words": services.kept_in_words(seats.shares, session) if session else "",
        "dates": list(Session.objects.to_come().filter(activity=activity)[:12]),
        "organizer": queries.organizer_names([activity]).get(activity.organizer, ""),
        "cover": covers.drawing(activity.cover),
        "youngest": youngest,
        "oldest": oldest,
        "is_open": is_open,
        "closes_at": closes_at,
        "order_words": orders.in_words(activity.order, session.starts_at) if session and activity.places else "",
        "is_drawn_by_lot": activity.order == orders.Order.LOTTERY,
        "group_words": groups.waiting_in_words(session.starts_at) if session and activity.places else "",
        "is_closed": closes_at is not None and closes_at <= clock.now(),
        "address": request.build_absolute_uri(address) if address else "",
        "sign_in": f"/accounts/login/?{urlencode({'next': request.get_full_path()})}",
        "digest": _digest(activity, session, seats),
    }


def _digest(activity: Activity, session: Session | None, seats: queries.Seats) -> str:
    """One sentence for a sharing card: when, where, how many seats."""
    parts = [wording.when(session.starts_at), session.shown_place] if session else []
    if session and not seats.is_open_door:
        free = ngettext("%(n)d seat free", "%(n)d seats free", seats.free) % {"n": seats.free}
        parts.append(seats.words if seats.collects else free)
    return " · ".join([*parts, activity.summary] if activity.summary else parts)


def _enroll(request: PageRequest, session: Session, form: EnrollForm) -> None:
    """Several at once, or whoever queues."""
    places, note = form.cleaned_data["places"] or 1, form.cleaned_data["note"]
    people = [
        services.Member(resident=person, places=places, note=note, answers=form.answers(person))
        for person in form.chosen()
    ]
    verb = services.queue_group if form.cleaned_data["queue"] else services.enroll_group
    verb(session=session, people=people, by=request.actor)


def _enroll_one(request: PageRequest, session: Session, form: EnrollForm, answer: HttpResponse) -> None:
    keep = commit_by_verb(request)
    services.enroll(
        session=session,
        resident=form.chosen()[0],
        places=form.cleaned_data["places"] or 1,
        note=form.cleaned_data["note"],
        answers=form.answers(form.chosen()[0]),
        answer=lambda enrollment: keep(lambda: answer),
        by=request.actor,
    )


def _enrollment(pk: str) -> Enrollment:
    return get_object_or_404(Enrollment.objects.select_related("activity", "session", "resident"), pk=pk)


def _is_asked_for_new(activity: Activity) -> bool:
    return activity.order == orders.Order.FIRST_TIMERS


def _page_of(enrollment: Enrollment) -> str:
    if enrollment.is_visit:
        return reverse("activities:visits", args=[enrollment.activity.number])
    if enrollment.session is None:
        return reverse("activities:detail", args=[enrollment.activity.number])
    return reverse("activities:date", args=[enrollment.activity.number, enrollment.session.number])


def _ticket_url(request: PageRequest, enrollment: Enrollment) -> str:
    return request.build_absolute_uri(reverse("activities:ticket", args=[codes.ticket(enrollment)]))
