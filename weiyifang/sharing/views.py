"""Pages of those who borrow: what there is, when it is free, booking it, and what one has booked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.core.web.asked import asked, asked_day
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.roles import Permission
from weiyifang.sharing import queries, rules, services, weeks
from weiyifang.sharing.forms import COMMITTEE, MYSELF, BookingForm, ListFilter, MoveForm, ReasonForm
from weiyifang.sharing.models import Booking, BookingState, Borrowers, Kind, Resource
from weiyifang.timetable import ical
from weiyifang.timetable.subjects import Span

CALENDAR_BACK, CALENDAR_AHEAD = timedelta(days=30), timedelta(days=180)  # what a calendar file holds of a thing


@page(anyone)
def listing(request: PageRequest) -> HttpResponse:
    """What is lent: searched, of one `?kind=`, and what is free from … to … on a day."""
    form, kind = ListFilter(request.GET), asked(request, "kind")
    rows = queries.listed(form.words, kind)
    span = form.span
    found = queries.free_among(list(rows), *span) if span else rows
    some = paged(request, found)
    for one, free in queries.next_free([] if span else [*some.object_list]).items():
        one.next_free = free
    context = {
        "form": form,
        "kind": kind,
        "kinds": Kind.choices,
        "span": span,
        "ask": f"?{_query(span)}" if span else "",
        "page": some,
        "is_filtered": bool(form.words or span),
        "may_book": rules.books_somewhere(request.actor),
    }
    return show(request, "sharing/list.html", context)


@page(anyone)
def detail(request: PageRequest, number: int) -> HttpResponse:
    """One thing: what it is, on what conditions, and when it is taken in the days to come."""
    found = Resource.objects.filter(Q(number=number) | Q(whole__number=number)).select_related("whole").order_by("name")
    resource = next((one for one in found if one.number == number), None)
    if resource is None:
        raise Http404
    context = {
        "resource": resource,
        "owner": organizations.named([resource.owner]).get(resource.owner),
        "parts": [one for one in found if one.whole_id == resource.pk],
        "days": weeks.week_of(resource, clock.today()),
        "hours": services.hours_in_words(resource),
        "can_book": resource.is_lent and bool(_whom(request.actor, resource)),
        "can_keep": rules.can_keep(request.actor, resource),
    }
    return show(request, "sharing/detail.html", context)


@page(anyone)
def week(request: PageRequest, number: int) -> HttpResponse:
    """One week of it, for the screen and for the door. `?day=`: any day of the week."""
    resource = _resource(number)
    monday = queries.monday(asked_day(request, "day") or clock.today())
    context = {
        "resource": resource,
        "days": weeks.week_of(resource, monday),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
    }
    return show(request, "sharing/week.html", context)


@page(anyone)
def calendar(request: PageRequest, number: int) -> HttpResponseBase:
    """What is taken, as an iCalendar file: of each only what everybody may see."""
    resource = _resource(number)
    taken = queries.taken(resource, clock.now() - CALENDAR_BACK, clock.now() + CALENDAR_AHEAD)
    found = [
        ical.CalendarEvent(
            uid=f"{one.source.partition(':')[2]}@weiyifang",
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            title=f"{resource.name} · {weeks.words(one)}",
            place=resource.place or resource.name,
            sequence=one.sequence,
        )
        for one in taken
    ]
    return downloads.named(ical.answer(request, found, name=resource.name), f"sharing-{number}.ics")


@page(rules.books_somewhere, methods=("GET", "POST"))
def bookings(request: PageRequest, number: int) -> HttpResponse:
    """Book it: once, or every week. `?day=…&begins=…&ends=…`: begin with a time that was found free."""
    resource = _resource(number)
    whom = _whom(request.actor, resource)
    names = ("day", "begins", "ends")
    initial = {name: asked(request, name, 10) for name in names if asked(request, name, 10)}
    form = BookingForm(request.POST or None, initial=initial, of=resource, whom=whom)
    context: dict[str, Any] = {"resource": resource, "form": form, "whom": whom}
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            try:
                made = _book(request, resource, form)
            except services.NotFree as taken:
                context |= _instead(taken)
                raise
            if made.missed and not made.booked:
                context["missed"] = made.missed
                form.add_error(None, _("Not every date can be had, so nothing was booked yet. Look at the list below."))
            else:
                _say_booked(request, made)
                return redirect("sharing:booking", made.booked[0].pk)
    context["days"] = weeks.week_of(resource, clock.today(), 14)
    return show(request, "sharing/bookings.html", context, status=422 if form.errors else 200)


@page(rules.books_somewhere)
def mine(request: PageRequest) -> HttpResponse:
    """What one has booked, for oneself and for one's organizations; what is to come, or with `?past=1` what was."""
    rows = rules.held_by(request.actor).select_related("resource", "resident")
    is_past = asked(request, "past") == "1"
    if is_past:
        rows = rows.exclude(pk__in=Booking.objects.to_come().values("pk")).order_by("-starts_at", "-id")
    else:
        rows = rows & Booking.objects.to_come().select_related("resource", "resident")
    page_of = paged(request, rows)
    return show(
        request, "sharing/mine.html", {"page": page_of, "rows": queries.with_names(page_of), "is_past": is_past}
    )


@page(rules.books_somewhere)
def booking(request: PageRequest, pk: UUID) -> HttpResponse:
    """One booking: for whom, when, how it stands, and what can be done with it."""
    return show(request, "sharing/booking.html", about(request, find(request, pk)))


@page(rules.books_somewhere, methods=("GET", "POST"))
def time(request: PageRequest, pk: UUID) -> HttpResponse:
    """Have it at another time, or another one instead. `?thing=…&day=…&begins=…&ends=…`: what was found free."""
    found = find(request, pk)
    versions.about(request, found)
    without_yes = found.state == BookingState.BOOKED and not rules.can_keep(request.actor, found.resource)
    others = queries.could_be(found, without_yes=without_yes)
    names = ("thing", "day", "begins", "ends")
    initial = {name: asked(request, name, 10) for name in names if asked(request, name, 10)}
    form = MoveForm(request.POST or None, booking=found, others=others, asked=initial)
    context: dict[str, Any] = {"booking": found, "form": form}
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            starts_at, ends_at = form.span()
            typed = form.cleaned_data
            try:
                moved = services.move(
                    booking=found,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    pieces=typed.get("pieces", found.pieces),
                    resource=form.chosen(),
                    scope=typed["scope"],
                    by=request.actor,
                )
            except services.NotFree as taken:
                context |= _instead(taken) | {"taken": form.chosen() or found.resource}
                context["others"] = [one for one in context["others"] if one[0] in (found.resource, *others)]
                raise
            done = ngettext("%(n)d date is changed.", "%(n)d dates are changed.", len(moved)) % {"n": len(moved)}
            messages.success(request, done if moved else _("It stays as it was."))
            return redirect("sharing:booking", found.pk)
    return show(request, "sharing/time.html", context, status=422 if form.errors else 200)


@page(rules.books_somewhere, methods=("GET", "POST"))
def cancellation(request: PageRequest, pk: UUID) -> HttpResponse:
    """Give it up; or, as whoever lends it, take it back, and say why."""
    found = find(request, pk)
    versions.about(request, found)
    is_own = rules.is_own(request.actor, found)
    form = ReasonForm(request.POST or None, booking=found, is_own=is_own)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            gone = services.cancel(booking=found, by=request.actor, **form.cleaned_data)
            done = ngettext("%(n)d date is free for others again.", "%(n)d dates are free for others again.", len(gone))
            messages.success(request, done % {"n": len(gone)})
            return redirect("sharing:booking", found.pk)
    context = {"booking": found, "form": form, "is_own": is_own}
    return show(request, "sharing/cancellation.html", context, status=422 if form.errors else 200)


# --- parts ------------------------------------------------------------------------------------------------------


def find(request: PageRequest, pk: UUID) -> Booking:
    """The booking, if the actor may see it."""
    found = get_object_or_404(Booking.objects.select_related("resource", "resident"), pk=pk)
    if not rules.can_see(request.actor, found):
        raise Http404
    return found


def about(request: PageRequest, found: Booking) -> dict[str, Any]:
    """What the page of a booking shows."""
    versions.about(request, found)
    ((_found, who),) = queries.with_names([found])
    series = list(queries.of_series(found)) if found.series else []
    return {
        "booking": found,
        "who": who,
        "series": series,
        "handovers": queries.handovers_of(found),
        "asked": [one for one in series if one.state == BookingState.ASKED and not one.has_begun],
        "is_stock": found.resource.is_stock,
        "can_keep": rules.can_keep(request.actor, found.resource),
        "can_decide": rules.can_keep(request.actor, found.resource) and found.state == BookingState.ASKED,
        "can_change": found.is_to_come,
    }


def _instead(taken: services.NotFree) -> dict[str, Any]:
    """What is free instead, with the rest of the address of the page that books it."""
    return {
        "when": taken.when,
        "times": [(*span, _query(span)) for span in taken.times],
        "others": [(one, _query(taken.when)) for one in taken.others],
    }


def _query(span: Span) -> str:
    """A time, as the page that books it takes it from its address."""
    begins, ends = timezone.localtime(span[0]), timezone.localtime(span[1])
    return urlencode({"day": f"{begins:%Y-%m-%d}", "begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"})


def _resource(number: int) -> Resource:
    return get_object_or_404(Resource.objects.select_related("whole"), number=number)


def _whom(actor: Actor, resource: Resource) -> list[tuple[str, Any]]:
    """In whose name the actor may book it: themself, their organizations, the committee."""
    choices: list[tuple[str, Any]] = []
    if resource.borrowers == Borrowers.EVERYONE and actor.resident_id is not None:
        choices.append((MYSELF, _("myself")))
    if actor.may(Permission.BOOK_THINGS):
        choices.append((COMMITTEE, _("the residents' committee")))
    if actor.may_somewhere(Permission.BOOK_THINGS):
        choices += organizations.choices_for(actor, Permission.BOOK_THINGS)
    return choices


def _book(request: PageRequest, resource: Resource, form: BookingForm) -> services.Series:
    typed, times = form.cleaned_data, form.times()
    is_for_me = typed["whom"] == MYSELF
    me = people.resident(request.actor.resident_id)
    organization = "" if is_for_me else typed["whom"]
    wanted: dict[str, Any] = {
        "resource": resource,
        "purpose": typed["purpose"],
        "pieces": typed.get("pieces", 1),
        "organization": organization,
        "resident": me if is_for_me or organization else None,
        "by": request.actor,
    }
    if len(times) == 1:
        starts_at, ends_at = times[0]
        return services.Series(booked=[services.book(starts_at=starts_at, ends_at=ends_at, **wanted)])
    return services.book_series(times=times, skip_taken=typed["skip_taken"], **wanted)


def _say_booked(request: PageRequest, made: services.Series) -> None:
    if made.booked[0].state == BookingState.ASKED:
        messages.success(request, _("Asked. The time is kept for you until somebody has answered; you are told."))
    else:
        done = ngettext("Booked: %(n)d date.", "Booked: %(n)d dates.", len(made.booked)) % {"n": len(made.booked)}
        messages.success(request, done)
    if made.missed:
        left = ngettext("%(n)d date could not be had.", "%(n)d dates could not be had.", len(made.missed))
        messages.warning(request, left % {"n": len(made.missed)})
