"""Who is on, whether it was held, and calling it off."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, id_in, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations
from weiyifang.people.models import Resident
from weiyifang.stage import events, queries, rules
from weiyifang.stage.models import FLOW, Engagement, Performer, State
from weiyifang.stage.services.agreeing import NotAhead, about, close_offers, locked
from weiyifang.timetable import queries as timetable_read
from weiyifang.timetable import services as timetable
from weiyifang.timetable.services import Taken


class NotInTheTroupe(Refused):
    """Somebody who does not belong to the organization that plays."""

    sentence = _("%(name)s is no member of the troupe that plays. Add them there first.")


class OnAlready(Refused):
    """They are in the line-up."""

    sentence = _("%(name)s is in the line-up already.")


class EmptyLineUp(Refused):
    """A show without anybody who was on."""

    sentence = _("Nobody is in the line-up. Say first who was on; then the show can be noted as held.")


class NotBegun(Refused):
    """Held before it begins."""

    sentence = _("This show has not begun yet. Note it as held afterwards.")


class OverAlready(Refused):
    """Somebody steps back from what has begun."""

    sentence = _("This show has begun already. The troupe's leader puts right who was on.")


class SteppedBackAlready(Refused):
    """Not in the line-up any more."""

    sentence = _("This place in the line-up was given back already.")


class ReasonMissing(Refused):
    """Called off without a word."""

    sentence = _("Say in a few words why: whoever was to play will ask.")
    status = 422


@transaction.atomic
def put_in(*, engagement: Engagement, residents: Sequence[Resident], by: Actor) -> list[Performer]:
    """Put members of the troupe into the line-up: all of them, or nobody when one has something else then.

    Until it is noted as held, also afterwards: who was really on. Announces `PerformersPutIn`. Raises `NotAhead`,
    `NotInTheTroupe`, `OnAlready`, and `timetable.Taken`.
    """
    engagement = locked(engagement)
    versions.check(engagement, by)
    require(rules.can_lead(by, engagement))
    if engagement.state != State.AGREED:
        raise NotAhead()
    people = list(dict.fromkeys(residents))
    on = {row.resident_id for row in Performer.objects.live().filter(engagement=engagement)}
    for one in people:
        if one.pk in on:
            raise OnAlready(name=one.name)
        if one.left_on is not None or not organizations.belongs(id_in(engagement.organization), one.pk):
            raise NotInTheTroupe(name=one.name)
    rows = [Performer(id=new_id(), engagement=engagement, resident=one) for one in people]
    fill_community(rows)
    Performer.objects.bulk_create(rows)
    _take_their_hours(engagement, rows, by=by)
    fact = events.PerformersPutIn(
        **about(engagement),
        starts_at=engagement.starts_at,
        performers=tuple(row.pk for row in rows),
        residents=tuple(row.resident_id for row in rows),
    )
    if rows:
        announce(fact, by=by)
    return rows


def _take_their_hours(engagement: Engagement, rows: Sequence[Performer], *, by: Actor) -> None:
    """In one statement; raises `Taken` with everybody who has something else."""
    wanted = [
        (queries.subject_of(row.resident), engagement.starts_at, engagement.ends_at, source_of(row)) for row in rows
    ]
    got = timetable.allocate_each(wanted=wanted, by=by)
    lost = [subject for subject, _start, _end, source in wanted if source not in got]
    if lost:
        raise Taken(clashes=timetable_read.clashes(lost, engagement.starts_at, engagement.ends_at))


@transaction.atomic
def step_back(*, performer: Performer, by: Actor) -> Performer:
    """Out of the line-up: by oneself before it begins, by whoever leads until it is noted as held.

    Announces `PerformerSteppedBack`. Raises `OverAlready`, `SteppedBackAlready`, `NotAhead`.
    """
    engagement = locked(Engagement(pk=performer.engagement_id))
    performer = Performer.objects.select_related("resident").get(pk=performer.pk)
    leads = rules.can_lead(by, engagement)
    require(leads or rules.can_step_back(by, performer.resident))
    if performer.ended_at is not None:
        raise SteppedBackAlready()
    if engagement.state != State.AGREED:
        raise NotAhead()
    if engagement.has_begun and not leads:
        raise OverAlready()
    return end_place(engagement, performer, by=by)


def end_place(engagement: Engagement, performer: Performer, *, by: Actor) -> Performer:
    """Out of the line-up; only whoever holds the show."""
    performer.ended_at = clock.now()
    performer.save(update_fields=["ended_at"])
    timetable.release(source=source_of(performer), by=by)
    fact = events.PerformerSteppedBack(
        **{**about(engagement), "subject": source_of(performer)},
        engagement_id=engagement.pk,
        resident_id=performer.resident_id,
        starts_at=engagement.starts_at,
        is_own_wish=by.resident_id == performer.resident_id,
    )
    announce(fact, by=by)
    return performer


@transaction.atomic
def note_held(*, engagement: Engagement, by: Actor) -> Engagement:
    """It took place, with who is in the line-up. Announces `EngagementHeld`.

    Raises `EmptyLineUp`, `NotBegun`, `ForbiddenMove`.
    """
    engagement = locked(engagement)
    versions.check(engagement, by)
    require(rules.can_lead(by, engagement))
    if engagement.state == State.AGREED and not engagement.has_begun:
        raise NotBegun()
    if engagement.state == State.AGREED and not Performer.objects.live().filter(engagement=engagement).exists():
        raise EmptyLineUp()
    states.move(engagement, State.HELD, flow=FLOW, held_at=clock.now())
    announce(events.EngagementHeld(**about(engagement)), by=by)
    return engagement


@transaction.atomic
def call_off(*, engagement: Engagement, reason: str, by: Actor) -> Engagement:
    """It does not take place: whoever was on is free again, whoever was asked is asked no more.

    Announces `EngagementCancelled`. Raises `ReasonMissing`, `ForbiddenMove` once it was held.
    """
    engagement = locked(engagement)
    versions.check(engagement, by)
    require(rules.can_lead(by, engagement))
    why = cleaned(Engagement, {"off_why": reason})["off_why"]
    if not why:
        raise ReasonMissing()
    states.move(engagement, State.CANCELLED, flow=FLOW, off_why=why)
    close_offers(engagement)
    rows = list(Performer.objects.live().filter(engagement=engagement).order_by("id"))
    Performer.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=clock.now())
    for row in rows:
        timetable.release(source=source_of(row), by=by)
    fact = events.EngagementCancelled(
        **about(engagement),
        starts_at=engagement.starts_at,
        organization=engagement.organization,
        performers=tuple(row.pk for row in rows),
        residents=tuple(row.resident_id for row in rows),
        reason=why,
    )
    announce(fact, by=by)
    return engagement
