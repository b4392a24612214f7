"""Where everybody stands in one list first: the list, and the moment at which it becomes a line and seats are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import closing, events, lottery, queries, rules
from weiyifang.activities.models import (
    ENROLLMENT_FLOW,
    Activity,
    ActivityState,
    Draw,
    Enrollment,
    EnrollmentState,
    Session,
    SessionState,
)
from weiyifang.activities.orders import Order
from weiyifang.activities.services.eligibility import EnrollmentClosed, closes_at
from weiyifang.activities.services.rows import confirmed
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import PlacePool
from weiyifang.core import clock, lots, states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce, announced_together
from weiyifang.core.look.wording import when
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import homes_with, source_of
from weiyifang.core.web.access import require


class OrderNeedsTime(Refused):
    """An order in which seats are given when enrolment closes, without seats or without that moment."""

    sentence = _(
        "Seats that are given when enrolment closes need a number of seats, and so many hours between that and the "
        "beginning, at least: %(hours)d."
    )
    status = 422


class NothingToDraw(Refused):
    """Seats go to whoever comes first, or are given already."""

    sentence = _(
        "The seats here have been given, or go to whoever comes first. Open the page again to see how it stands."
    )


class NotClosedYet(Refused):
    """Drawn while people may still enrol."""

    sentence = _("Enrolment is open until %(when)s. The seats are given after that, by themselves.")


def check_order(order: str, places: int, closes_hours: int) -> None:
    """Raise `OrderNeedsTime` unless the seats can be given before the queue ends."""
    minutes = closing.rule_on(clock.today()).closes_minutes
    if order != Order.FIRST_COME and not (places and closes_hours * 60 > minutes):
        raise OrderNeedsTime(hours=minutes // 60 + 1)


def prepare(activity: Activity, sessions: Iterable[Session | None]) -> None:
    """Commit to what the lists of these dates (None: of the term) will be drawn with. What stands is left as it is."""
    if not activity.collects:
        return
    rows = []
    for session in sessions:
        seed = lots.new_seed() if activity.order == Order.LOTTERY else ""
        rows.append(
            Draw(
                community_id=activity.community_id,
                activity=activity,
                session=session,
                seed=seed,
                commitment=lots.digest(seed) if seed else "",
            )
        )
    Draw.objects.bulk_create(rows, ignore_conflicts=True)


def reorder(activity: Activity, pools: Sequence[PlacePool], *, by: Actor) -> None:
    """Part of `planning.edit`: nobody enrolled yet, and seats are to be given in another order from now on."""
    _undrawn(activity).delete()
    if activity.is_term:
        prepare(activity, [None])
    else:
        prepare(activity, Session.objects.to_come().filter(activity=activity))
    drawn = {owner_of(draw) for draw in Draw.objects.filter(activity=activity)} - {
        owner_of(draw) for draw in _undrawn(activity)
    }
    for pool in pools:
        if pool.owner not in drawn:
            capacity.collect(pool=pool, collects=activity.collects, by=by)


def _undrawn(activity: Activity) -> QuerySet[Draw]:
    return Draw.objects.filter(activity=activity, drawn_at=None)


def owner_of(draw: Draw) -> str:
    """The owner of the pool it is about."""
    if draw.session_id is None:
        return f"activities.activity:{draw.activity_id}"
    return f"activities.session:{draw.session_id}"


def collects(session: Session) -> bool:
    """Does everybody still stand in one list? Asks nothing where seats go to whoever comes first."""
    if not session.activity.collects:
        return False
    draw = queries.draw_of(session)
    return draw is not None and draw.drawn_at is None


def locked_list(session: Session) -> bool:
    """As `collects`, and it stays so until the transaction ends: the pool is locked."""
    return capacity.locked([session.pool_owner])[session.pool_owner].collects


def next_ticket(session: Session) -> int:
    """The number of whoever is put on the list next; whoever asks holds the pool."""
    last = Enrollment.objects.for_session(session).aggregate(last=Max("ticket"))["last"]
    return (last or 0) + 1


@transaction.atomic
def draw(*, session: Session, by: Actor) -> Draw:
    """Give the seats of a date (or its term) to those on its list, in the order that was announced; once.

    Whoever gets none is the waiting list, in that order. Of a lottery the seed and the sheet are public from now on.
    Raises `NotClosedYet`, `NothingToDraw`. Announces `EnrollmentConfirmed` for each, and `SeatsGiven`.
    """
    activity = session.activity
    require(rules.can_manage(by, activity))
    if activity.state != ActivityState.PUBLISHED or session.state != SessionState.PLANNED:
        raise EnrollmentClosed()
    closed_at = closes_at(session)
    if closed_at is not None and closed_at > clock.now():
        raise NotClosedYet(when=when(closed_at))
    pool = capacity.locked([session.pool_owner]).get(session.pool_owner)
    row = queries.draw_of(session)
    if pool is None or row is None or not pool.collects:
        raise NothingToDraw()
    waiting = Enrollment.objects.waiting().for_session(session).select_related("activity", "session")
    line = _line(session, list(waiting.order_by("ticket", "place_in_group")), row, pool)
    served = set(capacity.settle(pool=pool, order=[source_of(one) for one in line], by=by))
    seated = [one for one in line if source_of(one) in served]
    states.move_all(seated, EnrollmentState.CONFIRMED, flow=ENROLLMENT_FLOW)
    row.drawn_at = clock.now()
    row.save(update_fields=["sheet", "drawn_at"])
    with announced_together():
        for one in seated:
            announce(confirmed(one, one.session), by=by)
        announce(
            events.SeatsGiven(
                subject=pool.owner, session_id=session.pk, order=activity.order, people=len(line), given=len(seated)
            ),
            by=by,
        )
    return row


def _line(session: Session, waiting: list[Enrollment], row: Draw, pool: PlacePool) -> list[Enrollment]:
    """Those on the list in the order in which seats are given; the sheet is written where lots are drawn.

    Whoever comes together has one ticket; as first-timers they go before others when all of them are.
    """
    groups: dict[int, list[Enrollment]] = defaultdict(list)
    for one in waiting:
        groups[one.ticket or 0].append(one)
    if session.activity.order == Order.FIRST_TIMERS:
        known = queries.not_new(session, [one.resident_id for one in waiting])
        later = {ticket: any(one.resident_id in known for one in group) for ticket, group in groups.items()}
        return [one for ticket in sorted(groups, key=lambda number: (later[number], number)) for one in groups[ticket]]
    sheet = lottery.draw(
        date=queries.date_words(session),
        seed=row.seed,
        places=pool.places,
        passes=pool.skips_allowed,
        tickets=[(ticket, sum(one.places for one in group)) for ticket, group in groups.items()],
    )
    row.sheet = sheet.text()
    return [one for number in sheet.order for one in groups[number]]


def draw_due(*, by: Actor) -> int:
    """Give the seats wherever enrolment has closed. Returns of how many dates. One short transaction each."""
    done = 0
    for row in _due(Draw.objects.all()).select_related("activity", "session").order_by("id"):
        lessons = Session.objects.filter(activity=row.activity_id, state=SessionState.PLANNED)
        session = row.session or lessons.earliest("starts_at")
        session.activity = row.activity
        try:
            draw(session=session, by=by)
        except Refused:  # somebody pressed the button, or called it off
            continue
        done += 1
    return done


def draws_due() -> list[int]:
    """The communities where the moment of one has come."""
    return homes_with(_due(Draw.everywhere.all()))  # everywhere: the clock asks once for all


def _due(rows: QuerySet[Draw]) -> QuerySet[Draw]:
    lessons = Session.everywhere.filter(  # everywhere: of each draw's own community
        community=OuterRef("community"), activity=OuterRef("activity")
    ).exclude(state=SessionState.CANCELLED)
    first = Subquery(lessons.order_by("starts_at").values("starts_at")[:1], output_field=DateTimeField())
    hours = ExpressionWrapper(Value(timedelta(hours=1)) * F("activity__closes_hours"), output_field=DurationField())
    closed = ExpressionWrapper(Coalesce(F("session__starts_at"), first) - hours, output_field=DateTimeField())
    is_on = Exists(lessons.filter(state=SessionState.PLANNED))
    stands = Q(is_on, session=None) | Q(session__state=SessionState.PLANNED)
    wanted = rows.filter(stands, drawn_at=None, activity__state=ActivityState.PUBLISHED)
    return (
        wanted.exclude(activity__order=Order.FIRST_COME).annotate(closed_at=closed).filter(closed_at__lte=clock.now())
    )
