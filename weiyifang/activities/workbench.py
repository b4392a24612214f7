"""Staff's task pages: what is on today, planning. At the door: `workbench_door`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.activities import covers, queries, rules, services
from weiyifang.activities.forms import (
    ActivityForm,
    BenchFilter,
    DateForm,
    MoveForm,
    ReasonForm,
    details_of,
    when_and_where,
)
from weiyifang.activities.forms_questions import QuestionsForm
from weiyifang.activities.forms_shares import SharesForm
from weiyifang.activities.models import Activity, Mode, Session, SessionState
from weiyifang.activities.orders import Order
from weiyifang.activities.shares import Shares
from weiyifang.core import clock
from weiyifang.core.look import wording
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import PER_PAGE, paged, refusals_on, show
from weiyifang.files.album import EMPTY
from weiyifang.files.forms import AlbumForm, both_valid, refusals_on_both
from weiyifang.people.roles import Permission
from weiyifang.timetable import holidays
from weiyifang.timetable.recurrence import Rule

MOST_NAMED = 8  # days in one sentence

plans = holds(Permission.PLAN_ACTIVITIES)
checks_in = holds(Permission.CHECK_IN)

# --- planning ---------------------------------------------------------------------------------------------------


@page(checks_in)
def index(request: PageRequest) -> HttpResponse:
    """Today's sessions, then every activity one looks after."""
    mine = rules.manageable_by(request.actor, Permission.CHECK_IN)
    form = BenchFilter(request.GET)
    shown = mine if plans(request.actor) else mine & rules.visible_to(request.actor)  # a draft's page is its planners'
    rows = queries.by_next_date(shown)
    if words := form.words:
        found = Q(pk__in=Activity.objects.matching(words))
        rows = rows.filter(found | Q(number=int(words[:9])) if words.isdecimal() else found)
    page_of = paged(request, rows.filter(queries.VIEWS[form.chosen]))
    counts = queries.counts(rows)
    context = {
        "today": queries.today(mine),
        "form": form,
        "view": form.chosen,
        "words": words,
        "views": [(name, label, counts[name]) for name, label in form.VIEWS],
        "page": page_of,
        "names": queries.organizer_names(page_of),
        "next": queries.next_dates(page_of),
        "can_plan": plans(request.actor),
    }
    return show(request, "activities/workbench/index.html", context)


@page(plans, methods=("GET", "POST"), files=True)
def new(request: PageRequest) -> HttpResponse:
    """Plan something: write it, look at it, keep it as a draft. `?like=` begins with what another one says."""
    number = asked(request, "like", 9)
    like = Activity.objects.filter(number=int(number)).first() if number.isdecimal() else None
    if like is not None:
        require(rules.can_manage(request.actor, like))
    return _edit(request, None, like=like)


@page(plans, methods=("GET", "POST"), files=True)
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change what is said about an activity."""
    activity = _activity(number)
    require(rules.can_manage(request.actor, activity))
    versions.about(request, activity)
    return _edit(request, activity)


def _edit(request: PageRequest, activity: Activity | None, *, like: Activity | None = None) -> HttpResponse:
    initial = {"party_size": 1, "places": 20, "guest_seats": 0}
    if told := activity or like:
        initial = details_of(told) | ({"enrol_from": None} if like else {})
    form = ActivityForm(request.POST or None, initial=initial, organizers=queries.organizers_for(request.actor))
    album = AlbumForm(request, activity.pictures if activity else EMPTY, most=1, like=like.pictures if like else EMPTY)
    context: dict[str, Any] = {"form": form, "album": album, "activity": activity, "like": like}
    if request.method == "POST" and both_valid(form, album):
        details = cast("services.Details", form.cleaned_data)
        if "preview" in request.POST:
            context["preview"] = Activity(**{**details, "number": activity.number if activity else 0})
            taken = like.pictures if like and form.data.get("take_along") else EMPTY
            context["picture"] = (activity.pictures if activity else taken).lead
            context["cover"] = covers.drawing(form.cleaned_data["cover"])
            album.say_again()
        else:
            with refusals_on_both(form, album):
                if activity is None:
                    if like is not None:
                        details["questions"] = like.questions
                        details["shares"] = _shares_of(like, details)
                    activity = services.plan(by=request.actor, pictures=album.wanted(), **details)
                    messages.success(request, _("Kept as a draft. Now give it a date."))
                else:
                    services.edit(activity=activity, by=request.actor, pictures=album.wanted(), **details)
                    messages.success(request, _("Saved."))
                if album.is_pressed:
                    return redirect(f"{reverse('activities:bench_edit', args=[activity.number])}#pictures")
                return redirect("activities:bench_activity", activity.number)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return show(request, "activities/workbench/edit.html", context, status=status)


@page(plans, methods=("GET", "POST"))
def questions(request: PageRequest, number: int) -> HttpResponse:
    """What whoever enrols is asked."""
    found = _activity(number)
    require(rules.can_manage(request.actor, found))
    versions.about(request, found)
    form = QuestionsForm(request.POST or None, questions=found.questions)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.edit(activity=found, questions=form.wanted(), by=request.actor)
            messages.success(request, _("Saved."))
            return redirect("activities:bench_activity", number)
    context = {"activity": found, "form": form}
    return show(request, "activities/workbench/questions.html", context, status=422 if form.errors else 200)


@page(plans, methods=("GET", "POST"))
def shares(request: PageRequest, number: int) -> HttpResponse:
    """Which seats of each date are kept for some, until when."""
    found = _activity(number)
    require(rules.can_manage(request.actor, found))
    versions.about(request, found)
    coming = Session.objects.to_come().filter(activity=found).first()
    day = wording.as_day(coming.starts_at) if coming else clock.today()
    form = SharesForm(request.POST or None, kept=found.shares, day=day)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.edit(activity=found, shares=form.wanted(), by=request.actor)
            messages.success(request, _("Saved."))
            return redirect("activities:bench_activity", number)
    context = {"activity": found, "form": form}
    return show(request, "activities/workbench/shares.html", context, status=422 if form.errors else 200)


@page(plans)
def activity(request: PageRequest, number: int) -> HttpResponse:
    """One activity: its dates, and what can be done with it."""
    found = _activity(number)
    require(rules.can_manage(request.actor, found))
    versions.about(request, found)
    return show(request, "activities/workbench/activity.html", _about(request, found, DateForm()))


@page(plans, methods=("POST",))
def dates(request: PageRequest, number: int) -> HttpResponse:
    """Add a date, or every week one."""
    found = _activity(number)
    versions.about(request, found)
    form = DateForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            added = _add_dates(request, found, form)
            messages.success(
                request, ngettext("%(n)d date added.", "%(n)d dates added.", len(added)) % {"n": len(added)}
            )
            for warning in _to_look_at(found, form, added):
                messages.warning(request, warning)
            return redirect("activities:bench_activity", number)
    return show(request, "activities/workbench/activity.html", _about(request, found, form), status=422)


@page(plans, methods=("POST",))
def publication(request: PageRequest, number: int) -> HttpResponse:
    """Show it to all."""
    services.publish(activity=_activity(number), by=request.actor)
    messages.success(request, _("Now everybody can see it and enrol."))
    return redirect("activities:bench_activity", number)


@page(plans, methods=("POST",))
def end(request: PageRequest, number: int) -> HttpResponse:
    """It is over."""
    services.finish(activity=_activity(number), by=request.actor)
    return redirect("activities:bench_activity", number)


@page(plans, methods=("GET", "POST"))
def cancellation(request: PageRequest, number: int, date_number: int | None = None) -> HttpResponse:
    """Call the whole of it, or one date, off, with a reason."""
    found = _activity(number)
    require(rules.can_manage(request.actor, found))
    session = _session(number, date_number) if date_number is not None else None
    versions.about(request, session or found)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusals_on(form):
            if session is None:
                services.cancel(activity=found, reason=reason, by=request.actor)
            else:
                services.cancel_session(session=session, reason=reason, by=request.actor)
            messages.success(request, _("Called off. The activity's page says so, and why."))
            return redirect("activities:bench_activity", number)
    count = queries.concerned(found, session)
    came = queries.came_to_planned(found, session)
    context = {"activity": found, "session": session, "form": form, "count": count, "came": came}
    return show(request, "activities/workbench/cancellation.html", context, status=422 if form.is_bound else 200)


@page(plans, methods=("GET", "POST"))
def time(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """Let one date, or it and those like it after it, be at another time or place."""
    found = _session(number, date_number)
    require(rules.can_manage(request.actor, found.activity))
    versions.about(request, found)
    form = MoveForm(request.POST or None, initial=when_and_where(found))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            moved = _move(request, found, form)
            if moved:
                said = ngettext(
                    "%(n)d date is moved. Tell whoever enrolled.",
                    "%(n)d dates are moved. Tell whoever enrolled.",
                    len(moved),
                )
                messages.success(request, said % {"n": len(moved)})
            if free := _on_holidays(moved):
                messages.warning(request, _("On a public holiday now: %(days)s.") % {"days": _listed_days(free)})
            return redirect("activities:bench_activity", number)
    context = {
        "activity": found.activity,
        "session": found,
        "form": form,
        "count": queries.concerned(found.activity, found),
        "can_move": found.state == SessionState.PLANNED and not found.has_begun,
    }
    return show(request, "activities/workbench/time.html", context, status=422 if form.is_bound else 200)


# --- parts ------------------------------------------------------------------------------------------------------


def _shares_of(like: Activity, details: services.Details) -> Shares:
    """What another one keeps, if the new one has seats for it, one by one and not by lot."""
    can_keep = details.get("mode") == Mode.SESSION and details.get("order") != Order.LOTTERY
    return like.shares if can_keep and details.get("places", 0) >= like.shares.places else Shares()


def _activity(number: int) -> Activity:
    return get_object_or_404(Activity, number=number)


def _session(number: int, date_number: int) -> Session:
    found = Session.objects.select_related("activity")
    return get_object_or_404(found, activity__number=number, number=date_number)


def _about(request: PageRequest, found: Activity, form: DateForm) -> dict[str, Any]:
    dates = Session.objects.filter(activity=found).select_related("activity").order_by("starts_at")
    page = paged(request, dates)
    if "page" not in request.GET and page.has_other_pages():  # begin where the next date stands
        page = page.paginator.get_page(dates.filter(ends_at__lte=clock.now()).count() // PER_PAGE + 1)
    rows = list(page.object_list)
    return {
        "page": page,
        "activity": found,
        "dates": queries.listed(rows),
        "went": queries.how_it_went(found, rows),
        "organizer": queries.organizer_names([found]).get(found.organizer, ""),
        "form": form,
        "term": queries.term_figures(found) if found.is_term else None,
    }


def _add_dates(request: PageRequest, found: Activity, form: DateForm) -> list[Session]:
    typed, (first, last) = form.cleaned_data, form.span()
    if typed["every_week_until"] is None:
        one = services.add_session(
            activity=found,
            starts_at=clock.local(first.date(), first.time()),
            ends_at=clock.local(last.date(), last.time()),
            place=typed["place"],
            by=request.actor,
        )
        return [one]
    until = typed["every_week_until"]
    return services.add_series(
        activity=found,
        rule=_weekly(form),
        first_day=typed["day"],
        last_day=until,
        place=typed["place"],
        by=request.actor,
    )


def _move(request: PageRequest, found: Session, form: MoveForm) -> list[Session]:
    (first, last), typed = form.span(), form.cleaned_data
    return services.move_session(
        session=found,
        starts_at=clock.local(first.date(), first.time()),
        ends_at=clock.local(last.date(), last.time()),
        place=typed["place"],
        with_later=typed["with_later"],
        by=request.actor,
    )


def _on_holidays(dates: list[Session]) -> list[date]:
    days = [wording.as_day(one.starts_at) for one in dates]
    return [day for day in days if holidays.day_kind(day).kind == "holiday"]


def _weekly(form: DateForm) -> Rule:
    first, last = form.span()
    return Rule(rrule="FREQ=WEEKLY", start=first, minutes=(last - first) // timedelta(minutes=1), holidays="skip")


def _to_look_at(found: Activity, form: DateForm, added: list[Session]) -> Iterator[str]:
    """What somebody who adds dates should know: of called-off ones, of years not announced, of what ends at night."""
    first, last = form.span()
    if added and last.date() != first.date():
        yield _("It ends on the next day, at %(time)s.") % {"time": wording.clock_time(added[0].ends_at)}
    until = form.cleaned_data["every_week_until"]
    if until is None:
        return
    starts = [starts_at for starts_at, _ends_at in _weekly(form).between(first.date(), until)]
    if off := queries.called_off_at(found, starts):
        days = _listed_days([wording.as_day(one) for one in off])
        yield _("Called off before, so not added again: %(days)s. Add such a day by itself if it is to take place.") % {
            "days": days
        }
    if unknown := holidays.unannounced([wording.as_day(session.starts_at) for session in added]):
        yield _(
            "The public holidays of %(year)s are not announced yet, so nothing was left out then. Look through these "
            "dates once they are, and call off what falls on one: %(days)s."
        ) % {"year": unknown[0].year, "days": _listed_days(unknown)}


def _listed_days(days: list[date]) -> str:
    """The first of them by name, and how many more."""
    named = wording.listed(wording.day(day, "short") for day in days[:MOST_NAMED])
    more = len(days) - MOST_NAMED
    return _("%(days)s and %(more)d more") % {"days": named, "more": more} if more > 0 else named
