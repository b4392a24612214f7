"""Say what is lent and on what conditions; close it for some time; lend it no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.files.arranging import Wanted, arrange
from weiyifang.organizations import queries as organizations
from weiyifang.sharing import events, queries, rules
from weiyifang.sharing.models import RESOURCE_FLOW, Booking, Closure, Kind, Resource, ResourceState
from weiyifang.sharing.services.booking import HasBegun
from weiyifang.sharing.services.ending import call_off
from weiyifang.timetable import services as timetable
from weiyifang.timetable.rooms import normal
from weiyifang.timetable.services import PartsOfParts


class NameTaken(Refused):
    """Two things of one name, however it is written."""

    sentence = _("Something with this name is on the list already. Add what tells them apart, such as a number.")


class AnotherRoom(Refused):
    """A name by which activities would find another room, or another kind of thing."""

    sentence = _(
        "Activities find a room by its name, so it keeps it, and stays a room. Add the other one as a new entry, and "
        "lend this one no more."
    )


class PiecesPromised(Refused):
    """Fewer pieces than are promised, or a single thing instead of a stock."""

    sentence = _("So many pieces are promised to somebody already: %(out)d. Give up bookings first.")


class StillMissing(Refused):
    """A stock made smaller than what is missing of it."""

    sentence = _("%(missing)d pieces are missing yet, and the stock cannot be smaller. Note them as found first.")


class Over(Refused):
    """Closed for a time that is over, or that ends before it begins."""

    sentence = _("This time is over, or it ends before it begins. Choose one that is to come.")
    status = 422


class StillBooked(Refused):
    """Lent no more while somebody has it."""

    sentence = _(
        "It is booked %(count)d times yet. Close it for that time, or call the bookings off, then lend it no more."
    )


class Details(TypedDict, total=False):
    """What is said about a thing; the fields of `models.Resource`."""

    name: str
    kind: str
    owner: str
    place: str
    about: str
    conditions: str
    seats: int
    pieces: int
    whole: Resource | None
    weekdays: str
    opens: time
    closes: time
    buffer_before: int
    buffer_after: int
    borrowers: str
    needs_approval: bool


@transaction.atomic
def add(*, by: Actor, pictures: Wanted | None = None, **details: Unpack[Details]) -> Resource:
    """One more thing that is lent.

    Raises `NameTaken`, `timetable.services.PartsOfParts` and `Taken` for a part that is not free when its whole is
    booked, and what `files.arranging.arrange` refuses. Announces `ResourceAdded`.
    """
    require(rules.can_keep_for(by, details.get("owner", "")))
    organizations.check_source(details.get("owner", ""), by=by)
    said = _cleaned(details)
    key = normal(said["name"])
    number = next_number("resource")  # from here on one after the other
    if Resource.objects.filter(key=key).exists():
        raise NameTaken()
    resource = Resource(number=number, key=key, **said)
    arrange(resource, pictures, by=by)
    resource.save(force_insert=True)
    if resource.whole is not None:
        _join(_locked(resource.whole), by)
    announce(_fact(events.ResourceAdded, resource, kind=resource.kind), by=by)
    return resource


@transaction.atomic
def edit(*, resource: Resource, by: Actor, pictures: Wanted | None = None, **details: Unpack[Details]) -> Resource:
    """Change what is said about it. What is booked stays as it was booked.

    Raises `AnotherRoom`, `PiecesPromised` and what `add` raises. Announces `ResourceEdited` when anything is different.
    """
    before, new = resource.whole, details.get("whole", resource.whole)
    ids = {one.pk for one in (resource, before, new) if one is not None}
    held = {one.pk: one for one in Resource.objects.select_for_update().filter(pk__in=ids).order_by("id")}
    resource = held[resource.pk]
    versions.check(resource, by)
    require(rules.can_keep(by, resource) and rules.can_keep_for(by, details.get("owner", resource.owner)))
    organizations.check_source(details.get("owner", ""), by=by)
    said = _cleaned(details)
    changed = tuple(name for name, value in said.items() if getattr(resource, name) != value)
    _check_same_thing(resource, said)
    for name in changed:
        setattr(resource, name, said[name])  # type: ignore[literal-required]  # a name among the details
    if arrange(resource, pictures, by=by):
        changed = (*changed, "pictures")
    if not changed:
        return resource
    if "name" in changed:
        resource.key = normal(resource.name)
    resource.save(update_fields=[*changed, "key"])
    if "whole" in changed:
        for whole in (before, resource.whole):
            if whole is not None:
                _join(whole, by)
    announce(_fact(events.ResourceEdited, resource, changed=changed), by=by)
    return resource


@transaction.atomic
def close(*, resource: Resource, starts_at: datetime, ends_at: datetime, reason: str, by: Actor) -> Closure:
    """Nobody has it then. Bookings of it, its parts and its whole are called off, with the reason.

    Raises `Over`, and `timetable.services.Taken` when something else (an activity) is there:
    that is moved first, by those who know it. Announces `ResourceClosed`, and `BookingsCancelled` for each.
    """
    things = {resource.pk, *(row.resource_id for row in queries.in_its_way(resource, starts_at, ends_at))}
    for one in sorted(things):
        Resource.objects.select_for_update().get(pk=one)
    resource = _locked(resource)
    # as it stands now that they are held: a booking may have gone elsewhere, or come
    in_way = [row for row in queries.in_its_way(resource, starts_at, ends_at) if row.resource_id in things]
    others = [row.resource for row in in_way]
    require(rules.can_keep(by, resource) and all(rules.can_keep(by, one) for one in others))
    if not starts_at < ends_at or ends_at <= clock.now():
        raise Over()
    closure = Closure(resource=resource, starts_at=starts_at, ends_at=ends_at, reason=reason)
    closure.save(force_insert=True)
    call_off(in_way, closure.reason, by=by)
    timetable.allocate(
        subjects=[replace(resource.subject, shared=False)],
        starts_at=starts_at,
        ends_at=ends_at,
        source=source_of(closure),
        by=by,
    )
    announce(
        _fact(
            events.ResourceClosed,
            resource,
            closure_id=closure.pk,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=closure.reason,
        ),
        by=by,
    )
    return closure


@transaction.atomic
def end_closure(*, closure: Closure, by: Actor) -> None:
    """It can be had again. Who was called off books anew. Raises `HasBegun` when it is over. `ClosureEnded`."""
    resource = _locked(closure.resource)
    require(rules.can_keep(by, resource))
    if not Closure.objects.to_come().filter(pk=closure.pk).update(ended_at=clock.now()):
        raise HasBegun()
    timetable.release(source=source_of(closure), by=by)
    announce(_fact(events.ClosureEnded, resource, closure_id=closure.pk), by=by)


@transaction.atomic
def retire(*, resource: Resource, by: Actor) -> None:
    """Lend it no more. Raises `StillBooked`. Announces `ResourceRetired`."""
    resource = _held(resource, by)
    if count := Booking.objects.to_come().filter(resource=resource).count():
        raise StillBooked(count=count)
    states.move(resource, ResourceState.RETIRED, flow=RESOURCE_FLOW)
    announce(_fact(events.ResourceRetired, resource), by=by)


@transaction.atomic
def reopen(*, resource: Resource, by: Actor) -> None:
    """Lend it again. Announces `ResourceReopened`."""
    resource = _held(resource, by)
    states.move(resource, ResourceState.LENT, flow=RESOURCE_FLOW)
    announce(_fact(events.ResourceReopened, resource), by=by)


# --- parts ------------------------------------------------------------------------------------------------------


def _locked(resource: Resource) -> Resource:
    return Resource.objects.select_for_update().get(pk=resource.pk)


def _held(resource: Resource, by: Actor) -> Resource:
    found = _locked(resource)
    versions.check(found, by)
    require(rules.can_keep(by, found))
    return found


def _cleaned(details: Details) -> Details:
    """As it will be kept: only a room has parts and seats, only equipment is a stock. Raises `PartsOfParts`."""
    said = cleaned(Resource, details)
    kind = said.get("kind")
    if kind is not None and kind != Kind.ROOM:
        said["seats"], said["whole"] = 0, None
    if kind is not None and kind != Kind.EQUIPMENT:
        said["pieces"] = 1
    whole = said.get("whole")
    if whole is not None and (whole.kind != Kind.ROOM or whole.whole_id is not None):
        raise PartsOfParts()
    return said


def _check_same_thing(resource: Resource, said: Details) -> None:
    """A room stays the room that activities find; a stock that is promised stays large enough."""
    key = normal(said.get("name", resource.name))
    if key != resource.key and Resource.objects.filter(key=key).exists():
        raise NameTaken()
    is_room, stays_room = resource.kind == Kind.ROOM, said.get("kind", resource.kind) == Kind.ROOM
    if is_room != stays_room or (is_room and key != resource.key):
        raise AnotherRoom()
    if said.get("whole") == resource:
        raise PartsOfParts()
    pieces = said.get("pieces", resource.pieces)
    if pieces < resource.missing:
        raise StillMissing(missing=resource.missing)
    if pieces < resource.pieces:
        coming = Booking.objects.to_come().filter(resource=resource)
        out = max((queries.most_out(resource, one.starts_at, one.ends_at) for one in coming), default=0)
        if out > pieces or (out and pieces == 1):
            raise PiecesPromised(out=out)
    if pieces > 1 and not resource.is_stock and Booking.objects.to_come().filter(resource=resource).exists():
        raise PiecesPromised(out=1)


def _join(whole: Resource, by: Actor) -> None:
    """Tell the timetable what the room is made of now."""
    parts = [part.subject for part in Resource.objects.filter(whole=whole).order_by("id")]
    timetable.join_parts(whole=whole.subject, parts=parts, by=by)


def _fact(fact: type[events.ResourceFact], resource: Resource, /, **more: object) -> events.ResourceFact:
    return fact(subject=source_of(resource), number=resource.number, name=resource.name, **more)
