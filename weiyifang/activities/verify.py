"""Every promise of this package, re-computed from the rows of the community at hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from weiyifang.activities import events, events_missed, lottery, queries, verify_passages, verify_visits
from weiyifang.activities.models import (
    Act,
    Activity,
    ActivityState,
    Attendance,
    CountState,
    Draw,
    Enrollment,
    EnrollmentState,
    Excuse,
    ExcuseState,
    Message,
    Mode,
    RunningOrder,
    Session,
    SessionState,
    Stall,
    StallCount,
)
from weiyifang.activities.services import bookings, drawing
from weiyifang.capacity import queries as capacity
from weiyifang.core import clock, facts, lots
from weiyifang.core.facts import SOMETHING, Row, Told
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.files.verify import album_faults
from weiyifang.timetable import queries as timetable
from weiyifang.timetable.models import Allocation

OURS = Q(owner__startswith="activities.")


def check() -> list[Fault]:
    """What is broken; empty when every promise holds."""
    return [
        *_seats(),
        *_shares(),
        *_queue(),
        *_draws(),
        *_called_off(),
        *_left(),
        *_counted_once(),
        *_voids(),
        *_lessons(),
        *verify_visits.check(),
        *verify_passages.check(),
        *_told(),
        *_came(),
        *_bookings(),
        *_acts(),
        *_stalls(),
        *_excuses(),
        *album_faults(Activity.objects.all(), check="activities"),
    ]


def _seats() -> Iterator[Fault]:
    """The places taken of each pool are those of its confirmed enrolments, and each has its claim."""
    confirmed: dict[str, int] = defaultdict(int)
    holders: dict[str, int] = {}
    for row in Enrollment.objects.taking_a_place().iterator():
        confirmed[row.pool_owner] += row.places
        holders[source_of(row)] = row.places
    for owner, places in capacity.places_taken_from("activities").items():
        if places != confirmed.pop(owner, 0):
            yield Fault(check="activities.seats", where=owner, what="places taken are not the enrolled ones")
    for owner in confirmed:
        yield Fault(check="activities.seats", where=owner, what="people are enrolled where there are no seats")
    claims = capacity.places_held_for("activities.enrollment")
    for holder in sorted({holder for holder in {*holders, *claims} if holders.get(holder) != claims.get(holder)}):
        yield Fault(check="activities.claims", where=holder, what="enrolment and claim disagree")


def _shares() -> Iterator[Fault]:
    """What is kept of a date to come, and until when, is what its activity says."""
    dates = Session.objects.to_come().filter(activity__mode=Mode.SESSION).select_related("activity")
    by_owner = {source_of(one): one for one in dates}
    for owner, standing in capacity.shares_of(by_owner).items():
        date = by_owner[owner]
        said = {(one.whom, one.places, one.until(date.starts_at)) for one in date.activity.shares}
        for share in standing:
            if (share.name, share.places, share.until) not in said:
                what = f"keeps {share.places} seats for {share.name}, its activity says otherwise"
                yield Fault(check="activities.shares", where=owner, what=what)


def _queue() -> Iterator[Fault]:
    """Whoever waits stands in the queue, and whoever stands in it waits."""
    waiting = {source_of(row) for row in Enrollment.objects.waiting()}
    for holder in sorted(waiting ^ capacity.who_stands_in_line("activities.enrollment")):
        yield Fault(check="activities.queue", where=holder, what="enrolment and queue disagree")


def _draws() -> Iterator[Fault]:
    """Each draw is what its seed and its tickets make of it, and the tickets are those of the enrolments there are."""
    tickets: dict[tuple[UUID, UUID | None], dict[int, int]] = defaultdict(dict)
    collecting = capacity.collecting("activities")
    draws = list(Draw.objects.order_by("id"))
    drawn = {(draw.activity_id, draw.session_id): draw.drawn_at for draw in draws}
    for row in Enrollment.objects.filter(ticket__isnull=False).iterator():
        date = row.activity_id, row.session_id
        drawn_at = drawn.get(date)
        left_before = row.together and row.cancelled_at and drawn_at and row.cancelled_at < drawn_at
        known = tickets[date]
        known[row.ticket or 0] = known.get(row.ticket or 0, 0) + (0 if left_before else row.places)
    for draw in draws:
        if (drawing.owner_of(draw) in collecting) != (draw.drawn_at is None):
            yield Fault.of(draw, check="activities.draws", what="is drawn and collects, or neither")
        if draw.commitment and lots.digest(draw.seed) != draw.commitment:
            yield Fault.of(draw, check="activities.draws", what="its seed is not the one it committed to")
        if not draw.sheet:
            continue
        sheet = lottery.read(draw.sheet)
        for what in lottery.faults(sheet):
            yield Fault.of(draw, check="activities.draws", what=what)
        known = tickets[draw.activity_id, draw.session_id]
        if (sheet.seed, sheet.commitment) != (draw.seed, draw.commitment) or any(
            known.get(number) != seats for number, seats in sheet.tickets
        ):
            yield Fault.of(draw, check="activities.draws", what="its sheet is of another seed, or of other tickets")


def _called_off() -> Iterator[Fault]:
    """Nobody is left enrolled in a date that was called off, or counted there."""
    gone = Q(session__state=SessionState.CANCELLED)
    for row in Enrollment.objects.live().filter(gone):
        yield Fault.of(row, check="activities.called_off", what="enrolled in a date that was called off")
    for session_id, people in Attendance.objects.filter(gone).by_session().items():
        if people:  # what was voided before is nobody
            where = f"activities.session:{session_id}"
            yield Fault(check="activities.called_off", where=where, what="people came to no date")


def _left() -> Iterator[Fault]:
    """Nobody who left the community holds a seat, or a turn, of a date to come."""
    gone = Enrollment.objects.live().filter(resident__left_on__isnull=False, session__starts_at__gt=clock.now())
    for row in gone:
        yield Fault.of(row, check="activities.left", what="is held by somebody who no longer lives here")


def _counted_once() -> Iterator[Fault]:
    """Nobody is counted twice in one session, and with nobody no more people than they ever had seats."""
    standing = Count("id", filter=Q(voids=None)) - Count("id", filter=Q(voids__isnull=False))
    twice = (
        Attendance.objects.exclude(resident=None)
        .values("session_id", "resident_id")
        .annotate(times=standing)
        .exclude(times__in=(0, 1))
    )
    for row in twice:
        where = f"activities.session:{row['session_id']}"
        yield Fault(check="activities.counted_once", where=where, what=f"{row['resident_id']} counts {row['times']}")
    of_date = Q(session=OuterRef("session")) | Q(session=None, activity=OuterRef("session__activity"))
    seats = Enrollment.objects.filter(of_date, resident=OuterRef("resident"), places__gte=OuterRef("people"))
    parties = Attendance.objects.filter(resident__isnull=False, people__gt=1)
    for party in parties.exclude(Exists(seats)):
        where = f"activities.session:{party.session_id}"
        yield Fault(check="activities.counted_once", where=where, what=f"{party.people} came on a smaller ticket")


def _voids() -> Iterator[Fault]:
    """A void takes back exactly the row it names."""
    for row in Attendance.objects.exclude(voids=None).select_related("voids"):
        first = row.voids
        now = (row.session_id, row.resident_id, row.fee_fen, row.people)
        if first is None or now != (first.session_id, first.resident_id, first.fee_fen, -first.people):
            yield Fault.of(row, check="activities.voids", what="it voids something else")


def _lessons() -> Iterator[Fault]:
    """Only pupils of a term, and who visits a lesson, pay for it; each date has its own number, counted from one."""
    of_terms = Enrollment.objects.filter(activity__mode=Mode.TERM)
    pupils = set(of_terms.values_list("activity_id", "session_id", "resident_id"))
    for row in Attendance.objects.filter(fee_fen__gt=0).select_related("session"):
        of = row.session.activity_id
        if pupils.isdisjoint({(of, None, row.resident_id), (of, row.session_id, row.resident_id)}):
            yield Fault.of(row, check="activities.lessons", what="a lesson was charged to no pupil")
    numbers: Counter[UUID] = Counter()
    last: dict[UUID, int] = {}
    for activity_id, number in Session.objects.values_list("activity_id", "number"):
        numbers[activity_id] += 1
        last[activity_id] = max(number, last.get(activity_id, 0))
    for activity_id, count in numbers.items():
        if last[activity_id] != count:
            where = f"activities.activity:{activity_id}"
            yield Fault(check="activities.numbers", where=where, what="a date is missing from the count")


def _told() -> Iterator[Fault]:
    """Activities, dates and enrolments stand where their facts put them."""
    activities = facts.due(
        {
            events.ActivityPlanned: lambda fact: {"number": fact.values["number"], "state": ActivityState.DRAFT},
            events.ActivityPublished: lambda _fact: {"state": ActivityState.PUBLISHED},
            events.ActivityFinished: lambda _fact: {"state": ActivityState.FINISHED},
            events.ActivityCancelled: lambda _fact: {"state": ActivityState.CANCELLED},
        }
    )
    rows = facts.every(Activity, "number", "state")
    yield from facts.compare(rows, activities, check="activities.facts", untold="nobody planned it")
    sessions = facts.due(
        {
            events.SessionPlanned: lambda fact: {
                "activity_id": fact.id("activity_id"),
                "number": fact.values["number"],
                "starts_at": fact.moment("starts_at"),
                "ends_at": fact.moment("ends_at"),
                "state": SessionState.PLANNED,
            },
            events.SessionMoved: lambda fact: {
                "starts_at": fact.moment("starts_at"),
                "ends_at": fact.moment("ends_at"),
            },
            events.SessionHeld: lambda _fact: {"state": SessionState.HELD},
            events.SessionCancelled: lambda _fact: {"state": SessionState.CANCELLED},
        }
    )
    rows = facts.every(Session, "activity", "number", "starts_at", "ends_at", "state")
    yield from facts.compare(rows, sessions, check="activities.facts", untold="nobody planned this date")

    def enrolled(state: EnrollmentState) -> Callable[[Told], Row]:
        return lambda fact: {
            "activity_id": fact.id("activity_id"),
            "resident_id": fact.id("resident_id"),
            "places": fact.values["places"],
            "state": state,
        }

    messages = facts.due(
        {
            events.MessageWritten: lambda fact: {
                "session_id": fact.id("session_id"),
                "whom": fact.values["whom"],
                "people": fact.values["people"],
            }
        }
    )
    rows = facts.every(Message, "session", "whom", "people")
    yield from facts.compare(rows, messages, check="activities.facts", untold="nobody wrote it")

    enrollments = facts.due(
        {
            events.EnrollmentConfirmed: lambda fact: {
                **enrolled(EnrollmentState.CONFIRMED)(fact),
                "fee_fen": fact.values["fee_fen"],
            },
            events.EnrollmentWaitlisted: enrolled(EnrollmentState.WAITING),
            events.EnrollmentOffered: enrolled(EnrollmentState.WAITING),
            events.EnrollmentLapsed: enrolled(EnrollmentState.LAPSED),
            events.EnrollmentNotReached: enrolled(EnrollmentState.UNREACHED),
            events.EnrollmentCancelled: enrolled(EnrollmentState.CANCELLED),
        }
    )
    rows = facts.every(Enrollment, "activity", "resident", "places", "state", "fee_fen")
    yield from facts.compare(rows, enrollments, check="activities.facts", untold="nobody enrolled them")


def _came() -> Iterator[Fault]:
    """As many came to each date as were noted when they came."""
    noted: Counter[str] = Counter()
    for fact in facts.told(events.AttendanceRecorded, events.AttendanceVoided):
        sign = 1 if fact.kind == events.AttendanceRecorded.__name__ else -1
        noted[fact.subject] += sign * fact.values["people"]
    came = {f"activities.session:{pk}": people for pk, people in Attendance.objects.all().by_session().items()}
    for source in sorted(noted.keys() | came.keys()):
        if noted[source] != came.get(source, 0):
            what = f"{noted[source]} were noted, {came.get(source, 0)} stand in the rows"
            yield Fault(check="activities.attendances", where=source, what=what)


def _acts() -> Iterator[Fault]:
    """Running orders are as their facts say: which acts, one after the other, how long; and a published one fits."""

    def changed(fact: Told) -> Iterator[tuple[str, Row]]:
        own = {name: fact.values[name] for name in ("minutes", "changeover") if name in fact.values}
        yield fact.subject, {"order_id": fact.id("order_id"), "position": None, **own}
        for position, pk in enumerate(fact.values["acts"], start=1):
            yield f"activities.act:{pk}", {"position": position}

    wanted = facts.due(
        {
            events.RunningOrderBegun: lambda fact: {"session_id": fact.id("session_id"), "published_at": None},
            events.RunningOrderPublished: lambda _fact: {"published_at": SOMETHING},
            **dict.fromkeys((events.ActAdded, events.ActEdited, events.ActMoved, events.ActTakenOut), changed),
        }
    )
    orders = {source: row for source, row in wanted.items() if "session_id" in row}
    acts = {source: row for source, row in wanted.items() if source not in orders}
    rows = facts.every(RunningOrder, "session", "published_at")
    yield from facts.compare(rows, orders, check="activities.acts", untold="nobody began it")
    rows = facts.every(Act, "order", "position", "minutes", "changeover")
    yield from facts.compare(rows, acts, check="activities.acts", untold="nobody added this act")
    for order in RunningOrder.objects.filter(published_at__isnull=False).select_related("session"):
        if minutes := queries.programme_of(order.session).minutes_over:
            what = f"is {minutes} min. longer than its date, and everybody reads it"
            yield Fault.of(order, check="activities.acts", what=what)


def _stalls() -> Iterator[Fault]:
    """Each stall belongs to whom the facts say, and each count is what two people said."""

    def set_up(fact: Told) -> Iterator[tuple[str, Row]]:
        for pk, number in zip(fact.values["stalls"], fact.values["numbers"], strict=True):
            yield f"activities.stall:{pk}", {"session_id": id_in(fact.subject), "number": number, "organization": ""}

    stalls = facts.due(
        {
            events.StallsSetUp: set_up,
            events.StallTaken: lambda fact: {"organization": fact.values["organization"]},
            events.StallGivenBack: lambda _fact: {"organization": ""},
        }
    )
    rows = facts.every(Stall, "session", "number", "organization")
    yield from facts.compare(rows, stalls, check="activities.stalls", untold="nobody set it up")
    counts = facts.due(
        {
            events.StallCountedOnce: lambda fact: {
                "stall_id": fact.id("stall_id"),
                "first_fen": fact.values["amount_fen"],
                "first_by_id": fact.by,
                "second_fen": None,
                "state": CountState.ONCE,
            },
            events.StallCountsDiffered: lambda fact: {
                "second_fen": fact.values["second_fen"],
                "second_by_id": fact.by,
                "state": CountState.DIFFERS,
            },
            events.StallProceedsCounted: lambda fact: {
                "second_fen": fact.values["amount_fen"],
                "second_by_id": fact.by,
                "state": CountState.AGREED,
            },
            events.StallProceedsTakenBack: lambda _fact: {"state": CountState.TAKEN_BACK},
        }
    )
    rows = facts.every(StallCount, "stall", "first_fen", "first_by_id", "second_fen", "second_by_id", "state")
    yield from facts.compare(rows, counts, check="activities.stalls", untold="nobody counted it")


def _excuses() -> Iterator[Fault]:
    """What became of each missed date that somebody spoke of is what the facts say."""

    def stands(state: ExcuseState) -> Callable[[Told], Row]:
        return lambda fact: {"enrollment_id": fact.id("enrollment_id"), "state": state}

    wanted = facts.due(
        {
            events_missed.AbsenceObjected: stands(ExcuseState.ASKED),
            events_missed.AbsenceExcused: stands(ExcuseState.EXCUSED),
            events_missed.AbsenceUpheld: stands(ExcuseState.COUNTS),
        }
    )
    rows = facts.every(Excuse, "enrollment", "state")
    yield from facts.compare(rows, wanted, check="activities.excuses", untold="nobody said it")


def _bookings() -> Iterator[Fault]:
    """A date to come has taken its place and its instructor, at its time and nothing else; one called off has none.

    And what is taken in the name of a date is taken by one that is there.
    """
    taken: dict[str, list[Allocation]] = defaultdict(list)
    for row in timetable.taken_for("activities.session").iterator():
        taken[row.source].append(row)
    to_come = set(Session.objects.to_come().values_list("id", flat=True))
    wanted = Q(id__in=to_come) | Q(id__in=[id_in(source) for source in taken])
    for session in Session.objects.filter(wanted).select_related("activity__instructor"):
        source = source_of(session)
        if what := _booked_wrongly(session, taken.pop(source, []), is_to_come=session.pk in to_come):
            yield Fault(check="activities.bookings", where=source, what=what)
    for source in sorted(taken):
        yield Fault(check="activities.bookings", where=source, what="takes a place or a person and is no date at all")


def _booked_wrongly(session: Session, rows: Sequence[Allocation], *, is_to_come: bool) -> str:
    """What is wrong with what a date has taken; "" when nothing is."""
    if session.state == SessionState.CANCELLED:
        return "is called off and still takes a place or a person" if rows else ""
    if any((row.starts_at, row.ends_at) != (session.starts_at, session.ends_at) for row in rows):
        return "takes a place or a person at another time than its own"
    due = {(subject.id, subject.shared) for subject in timetable.with_parts(bookings.booked_for(session))}
    if is_to_come and {(row.subject_id, row.is_shared) for row in rows} != due:
        others = timetable.clashes(bookings.booked_for(session), session.starts_at, session.ends_at)
        by = ", ".join(sorted({one.source for one in others} - {source_of(session)}))
        return f"has not taken its place and its instructor, or has taken others{f' ({by} is there)' if by else ''}"
    return ""
