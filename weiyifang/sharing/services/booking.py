"""Ask for it, say yes or no, move it, give it up; one date, or a series of them.

Whatever takes something locks the thing's row first: the pieces of a stock are counted under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import locks, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people.models import Resident
from weiyifang.sharing import events, queries, rules
from weiyifang.sharing.models import BOOKING_FLOW, OPEN, Booking, BookingState, Resource
from weiyifang.sharing.services.rows import fact, free, locked
from weiyifang.sharing.services.taking import Gone, Missed, check, needs_yes, occupy, take, take_each, wanted
from weiyifang.timetable import services as timetable
from weiyifang.timetable.subjects import Span


class HasBegun(Refused):
    """It has begun, or is over."""

    sentence = _("It has begun or is over, so it can no longer be changed.")


class WhyNeeded(Refused):
    """Said no, or taken away, without a reason."""

    sentence = _("Say why in a few words: whoever booked it reads it.")
    status = 422


class AsksAnew(Refused):
    """To be moved to a thing for which somebody else has to say yes."""

    sentence = _(
        "%(name)s is had only once somebody has said yes. Book it anew, and give this one up as soon as you have "
        "the yes."
    )


class Scope(models.TextChoices):
    """Which dates of a series are meant."""

    THIS = "this", _("this date only")
    FOLLOWING = "following", _("this and the later ones")
    ALL = "all", _("every date that is still to come")


@dataclass(frozen=True, kw_only=True)
class Series:
    """What a series booked, and each date it could not have."""

    booked: list[Booking] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)


@transaction.atomic
def book(
    *,
    resource: Resource,
    starts_at: datetime,
    ends_at: datetime,
    purpose: str,
    pieces: int = 1,
    organization: str = "",
    resident: Resident | None = None,
    by: Actor,
) -> Booking:
    """Have it from … to …, at once or as soon as somebody says yes.

    Raises `NotFree` (with what is free instead), `TooFewPieces`, `Closed`, `Gone`, `TooSoon`, `TooLong` and
    `OverTheHours`. Announces `BookingsMade`.
    """
    asked = wanted(resource, purpose, pieces, organization=organization, resident=resident, by=by)
    booking = take(asked, (starts_at, ends_at), by)
    announce_made([booking], by)
    return booking


@transaction.atomic
def book_series(
    *,
    resource: Resource,
    times: Sequence[Span],
    purpose: str,
    pieces: int = 1,
    organization: str = "",
    resident: Resident | None = None,
    skip_taken: bool = False,
    by: Actor,
) -> Series:
    """As `book`, on many dates: all of them, or with `skip_taken` those that can be had; else none, and why.

    Announces `BookingsMade` once for all.
    """
    asked = wanted(resource, purpose, pieces, organization=organization, resident=resident, by=by)
    asked.series = new_id()
    point = transaction.savepoint()
    made, missed = take_each(asked, sorted(set(times)), by)
    if missed and not skip_taken:
        transaction.savepoint_rollback(point)
        return Series(missed=missed)
    if made:
        announce_made(made, by)
    return Series(booked=made, missed=missed)


@transaction.atomic
def approve(*, booking: Booking, scope: str = Scope.THIS, by: Actor) -> list[Booking]:
    """Say yes. Raises `states.ForbiddenMove` when nobody asks any more. Announces `BookingsApproved`."""
    rows = _held(booking, scope, by, {BookingState.ASKED})
    require(rules.can_keep(by, rows[0].resource))
    states.move_all(rows, BookingState.BOOKED, flow=BOOKING_FLOW)
    for row in rows:
        timetable.confirm(source=source_of(row), by=by)
    announce(fact(events.BookingsApproved, rows), by=by)
    return rows


@transaction.atomic
def refuse(*, booking: Booking, reason: str, scope: str = Scope.THIS, by: Actor) -> list[Booking]:
    """Say no, and why; the time is free again. Raises `WhyNeeded`. Announces `BookingsRefused`."""
    rows = _held(booking, scope, by, {BookingState.ASKED})
    require(rules.can_keep(by, rows[0].resource))
    free(rows, BookingState.REFUSED, _reason(reason, is_needed=True), by)
    announce(fact(events.BookingsRefused, rows, reason=reason), by=by)
    return rows


@transaction.atomic
def cancel(*, booking: Booking, reason: str = "", scope: str = Scope.THIS, by: Actor) -> list[Booking]:
    """Give it up; or, as its keeper, take it away, and say why. What has begun stays.

    Raises `HasBegun`, `WhyNeeded`. Announces `BookingsCancelled`.
    """
    rows = _held(booking, scope, by)
    require(rules.is_holder(by, rows[0]) or rules.can_keep(by, rows[0].resource))
    is_own = rules.is_own(by, rows[0])
    free(rows, BookingState.CANCELLED, _reason(reason, is_needed=not is_own), by)
    announce(fact(events.BookingsCancelled, rows, by_holder=is_own, reason=reason), by=by)
    return rows


@transaction.atomic
def move(
    *,
    booking: Booking,
    starts_at: datetime,
    ends_at: datetime,
    pieces: int,
    resource: Resource | None = None,
    scope: str = Scope.THIS,
    by: Actor,
) -> list[Booking]:
    """Have it at another time, more or fewer pieces of it, or another `resource` instead; the other dates by as much.

    All of them, or none: what is had is kept until the other is. Nothing that would be as before is changed, or told to
    anybody: then no dates come back.

    Raises what `book` raises, `HasBegun` and `AsksAnew`. Announces `BookingsMoved`.
    """
    rows = _held(booking, scope, by, also=resource)
    this = next(row for row in rows if row.pk == booking.pk)
    require(rules.is_holder(by, this) or rules.can_keep(by, this.resource))
    to = this.resource if resource is None else Resource.objects.get(pk=resource.pk)
    is_elsewhere = to.pk != this.resource_id
    if is_elsewhere:
        _check_elsewhere(rows, to, by)
    later, length = starts_at - this.starts_at, ends_at - starts_at
    is_moved = is_elsewhere or bool(later) or length != this.ends_at - this.starts_at
    if not is_moved and all(row.pieces == pieces for row in rows):
        return []
    if is_moved:
        for row in rows:
            timetable.release(source=source_of(row), by=by)
            row.starts_at += later
            row.ends_at = row.starts_at + length
            row.resource = to
            row.sequence += 1
    ids = [row.pk for row in rows]
    for number, row in enumerate(rows):
        row.pieces = pieces
        check(row, but_not=ids[number:])
        row.save(update_fields=["resource", "starts_at", "ends_at", "pieces", "sequence"])
        if is_moved:
            occupy(row, by)
    announce(fact(events.BookingsMoved, rows), by=by)
    return rows


# --- parts ------------------------------------------------------------------------------------------------------


def _check_elsewhere(rows: Sequence[Booking], to: Resource, by: Actor) -> None:
    """May they have this instead? What waits for a yes goes on waiting for the same people."""
    first = rows[0]
    require(rules.can_book(by, to, first.organization, first.resident_id) or rules.can_keep(by, to))
    if not to.is_lent:
        raise Gone(name=to.name)
    for row in rows:
        if needs_yes(to, by) if row.state == BookingState.BOOKED else to.owner != row.resource.owner:
            raise AsksAnew(name=to.name)


def _held(
    booking: Booking, scope: str, by: Actor, among: Iterable[str] = (), also: Resource | None = None
) -> list[Booking]:
    """The dates that are meant, with the thing and themselves held, as they are now; this one among them.

    Of a series those of the same thing: one that moved elsewhere goes its own way. `also`: a thing held as well.

    Raises `HasBegun` when this one has, `states.ForbiddenMove` when it is over or not `among` these states.
    """
    if booking.organization:
        locks.take("sharing", booking.organization)
    ids = {booking.resource_id, *([also.pk] if also is not None else [])}
    things = {one.pk: one for one in Resource.objects.select_for_update().filter(pk__in=ids).order_by("id")}
    rows = list(locked(queries.of_series(booking) if scope != Scope.THIS else Booking.objects.filter(pk=booking.pk)))
    this = next(row for row in rows if row.pk == booking.pk)
    versions.check(this, by)
    if this.resource_id != booking.resource_id:  # it moved before it was held
        raise states.StaleState()
    if this.state not in OPEN or (among and this.state not in among):
        raise states.ForbiddenMove()
    if this.has_begun:
        raise HasBegun()
    meant = [row for row in rows if row.is_to_come and (not among or row.state in among)]
    meant = [row for row in meant if row.resource_id == this.resource_id]
    if scope == Scope.FOLLOWING:
        meant = [row for row in meant if row.starts_at >= this.starts_at]
    for row in meant:
        row.resource = things[row.resource_id]
    return sorted(meant, key=lambda row: (row.starts_at, row.pk))


def _reason(reason: str, *, is_needed: bool) -> str:
    said: str = cleaned(Booking, {"reason": reason})["reason"]
    if is_needed and not said:
        raise WhyNeeded()
    return said


def announce_made(rows: Sequence[Booking], by: Actor) -> None:
    """Of one date, or of a series: they were booked, or asked for."""
    first = rows[0]
    announce(
        fact(
            events.BookingsMade,
            rows,
            is_sure=first.state == BookingState.BOOKED,
            organization=first.organization,
            resident_id=first.resident_id,
        ),
        by=by,
    )
