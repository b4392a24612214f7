"""Plan an activity, change what is said about it, show it to all, call it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, rules
from weiyifang.activities import questions as asking
from weiyifang.activities import shares as keeping
from weiyifang.activities.kinds import KINDS, USUAL
from weiyifang.activities.models import (
    ACTIVITY_FLOW,
    Activity,
    ActivityState,
    Enrollment,
    Session,
    SessionState,
)
from weiyifang.activities.questions import Question
from weiyifang.activities.services import bookings, dates, drawing, leaving, seating, shares
from weiyifang.activities.shares import Share
from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce, announced_together
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.files.arranging import Wanted, arrange
from weiyifang.organizations import queries as organizations
from weiyifang.people.models import Resident


class NoDateYet(Refused):
    """Published without a date that is still to come."""

    sentence = _("It has no date yet. Add one, then show it to all.")


class StillToCome(Refused):
    """Declared over while dates are still planned."""

    sentence = _("Dates are still to come. Hold them or call them off first.")


class AlreadyHasEnrollments(Refused):
    """A change that would pull the seats from under people who enrolled."""

    sentence = _("People have enrolled already, so this can no longer be changed. Call it off, or plan a new activity.")


class FeeTooHigh(Refused):
    """A fee that nobody takes for a seat."""

    sentence = _("A fee is at most 10,000 yuan a seat. Is a decimal point missing?")
    status = 422


class Details(TypedDict, total=False):
    """What is said about an activity when it is planned or edited; the fields of `models.Activity`."""

    title: str
    summary: str
    description: str
    kind: str
    audience: str
    min_age: int | None
    max_age: int | None
    organizer: str
    instructor: Resident | None
    place: str
    books_place: bool
    places: int
    party_size: int
    fee_fen: int
    teacher_share: int
    fee_note: str
    mode: str
    enrol_from: datetime | None
    closes_hours: int
    order: str
    offer_hours: int
    trials: bool
    guest_seats: int
    leaving: str
    cover: str
    questions: Sequence[Question]
    shares: Sequence[Share]


BOOKED = frozenset({"place", "books_place", "instructor"})  # what the bookings of its dates follow from
ORDERED = frozenset({"order", "places", "closes_hours"})  # what an order in which seats are given needs
SHARED = ORDERED | {"shares", "mode"}  # what seats kept for some need
SEATING = frozenset({"places", "mode", "order", "shares"})  # what the seats of its dates follow from


MOST_FEE = 1_000_000  # fen a seat: all the places of one enrolment still fit their column


@transaction.atomic
def plan(*, by: Actor, pictures: Wanted | None = None, **details: Unpack[Details]) -> Activity:
    """A new draft, seen only by those who prepare it. Announces `ActivityPlanned`.

    Raises `OrderNeedsTime`, what `shares.check` refuses, and what `files.arranging.arrange` refuses: there is one
    picture at most.
    """
    require(rules.can_plan_for(by, details.get("organizer", "")))
    organizations.check_source(details.get("organizer", ""), by=by)
    details = _cleaned(details)
    KINDS.choose(details.get("kind", USUAL), was=USUAL)
    activity = Activity(number=next_number("activity"), **details)
    drawing.check_order(activity.order, activity.places, activity.closes_hours)
    shares.check(activity)
    arrange(activity, pictures, by=by, most=1)
    activity.save(force_insert=True)
    if activity.is_term:
        seating.open_for_term(activity, by=by)
    announce(
        events.ActivityPlanned(subject=source_of(activity), number=activity.number, title=activity.title),
        by=by,
    )
    return activity


@transaction.atomic
def edit(*, activity: Activity, by: Actor, pictures: Wanted | None = None, **details: Unpack[Details]) -> Activity:
    """Change what is said about it; more or fewer seats reach the dates still to come.

    Raises `OrderNeedsTime`, what `shares.check` refuses, `AlreadyHasEnrollments` when the way of enrolling, the order
    or the seats kept for some change after people enrolled, `capacity`'s refusal when there would be fewer seats than
    people, `Taken` when another place or instructor is not free then, and what `files.arranging.arrange` refuses.
    Announces `ActivityEdited` when anything changed.
    """
    activity = dates.locked(activity, by)
    require(rules.can_manage(by, activity) and rules.can_plan_for(by, details.get("organizer", activity.organizer)))
    details = _cleaned(details)
    KINDS.choose(details.get("kind", activity.kind), was=activity.kind)
    changed = tuple(name for name, value in details.items() if getattr(activity, name) != value)
    if changed:
        organizations.check_source(details.get("organizer", ""), by=by)
        _check_seating(activity, details)
        for name, value in details.items():
            setattr(activity, name, value)
        if ORDERED & set(changed):
            drawing.check_order(activity.order, activity.places, activity.closes_hours)
        if SHARED & set(changed):
            shares.check(activity)
        activity.save(update_fields=changed)
        if BOOKED & set(changed):
            _rebook(activity, by=by)  # the timetable before the pools, as whoever calls a date off does
        if SEATING & set(changed):
            seating.reseat(activity, is_reordered="order" in changed, is_shared_anew="shares" in changed, by=by)
        if "guest_seats" in changed and activity.is_term:
            seating.reseat_visits(activity, by=by)
    if arrange(activity, pictures, by=by, most=1):  # files after all these, as everywhere
        activity.save(update_fields=["pictures"])
        changed = (*changed, "pictures")
    if not changed:
        return activity
    announce(
        events.ActivityEdited(subject=source_of(activity), number=activity.number, changed=changed),
        by=by,
    )
    return activity


@transaction.atomic
def publish(*, activity: Activity, by: Actor) -> None:
    """Show it to all and open enrolment. Raises `NoDateYet`. Announces `ActivityPublished`."""
    activity_now = dates.locked(activity, by)
    require(rules.can_manage(by, activity_now))
    if not dates.has_date_to_come(activity_now):
        raise NoDateYet()
    states.move(activity, ActivityState.PUBLISHED, flow=ACTIVITY_FLOW, published_at=clock.now())
    announce(
        events.ActivityPublished(
            subject=source_of(activity),
            number=activity.number,
            title=activity.title,
            kind=activity.kind,
            audience=activity.audience,
            organizer=activity.organizer,
        ),
        by=by,
    )


@transaction.atomic
def finish(*, activity: Activity, by: Actor) -> None:
    """It is over. Raises `StillToCome` while a date is planned. Announces `ActivityFinished`."""
    require(rules.can_manage(by, dates.locked(activity, by)))
    if Session.objects.filter(activity=activity, state=SessionState.PLANNED).exists():
        raise StillToCome()
    states.move(activity, ActivityState.FINISHED, flow=ACTIVITY_FLOW)
    announce(
        events.ActivityFinished(subject=source_of(activity), number=activity.number, title=activity.title),
        by=by,
    )


@transaction.atomic
def cancel(*, activity: Activity, reason: str, by: Actor) -> None:
    """Call it off: every date still planned, every enrolment. Announces `ActivityCancelled` and what follows.

    Dates that took place stay, with who came and their fees. Of each date still planned: as `cancel_session`; one
    where people are checked in keeps the whole from being called off. The seats of a term are given up with it.
    """
    require(rules.can_manage(by, dates.locked(activity, by)))
    states.move(activity, ActivityState.CANCELLED, flow=ACTIVITY_FLOW, cancel_reason=reason)
    with announced_together():
        announce(
            events.ActivityCancelled(
                subject=source_of(activity), number=activity.number, title=activity.title, reason=reason
            ),
            by=by,
        )
        for session in Session.objects.filter(activity=activity, state=SessionState.PLANNED).order_by("id"):
            session.activity = activity
            dates.call_off(session, reason, by=by)
        if activity.is_term:
            pupils = Enrollment.objects.filter(activity=activity, session=None)
            leaving.dismiss(pupils, source_of(activity), reason, by=by)


def _check_seating(activity: Activity, details: Details) -> None:
    """Raise `AlreadyHasEnrollments` when seats would stop being given, or be given in another way or order."""
    names = ("mode", "order", "shares")
    same = all(details.get(name, getattr(activity, name)) == getattr(activity, name) for name in names)
    if same and bool(details.get("places", 1)):
        return
    if Enrollment.objects.live().filter(activity=activity).exists():
        raise AlreadyHasEnrollments()


def _rebook(activity: Activity, *, by: Actor) -> None:
    """Take for the dates still to come what the activity asks for now. Raises `timetable.services.Taken`."""
    sessions = list(Session.objects.to_come().filter(activity=activity))
    Session.objects.filter(pk__in=[one.pk for one in sessions]).update(sequence=F("sequence") + 1)
    for session in sessions:
        session.activity = activity
    bookings.rebook(sessions, by=by)


def _cleaned(details: Details) -> Details:
    """What is said of an activity as it will be kept. Raises `FeeTooHigh` and what `columns.cleaned`
    and `questions.cleaned` raise."""
    if details.get("fee_fen", 0) > MOST_FEE:
        raise FeeTooHigh()
    details = cleaned(Activity, details)
    if "questions" in details:
        details["questions"] = asking.cleaned(details["questions"])
    if "shares" in details:
        details["shares"] = keeping.cleaned(details["shares"])
    return details
