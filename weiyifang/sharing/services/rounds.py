"""The slots of a season: open a round, apply, share out by the rule of `slots`, note objections, book all of it.

Whoever changes anything about a round holds its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, locks, lots, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.look import wording
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations
from weiyifang.sharing import allowance, events, rules, season, slots
from weiyifang.sharing.models import (
    MOST_SLOTS,
    MOST_WISHES,
    ROUND_FLOW,
    WISHED,
    Application,
    Booking,
    Resource,
    Round,
    RoundState,
    RoundThing,
    Slot,
    Wish,
)
from weiyifang.sharing.services.booking import announce_made
from weiyifang.sharing.services.taking import Missed, TooLong, TooSoon, take_each, wanted


class NotASeason(Refused):
    """It ends before it begins, or applications close when it has begun, or have closed already."""

    sentence = _(
        "A season ends after it begins, and applications close before its first day, from now on. Look at the days."
    )
    status = 422


class NothingToShare(Refused):
    """No things were chosen, or one that cannot be shared out by slots."""

    sentence = _("Choose at least one room or thing of which there is one piece, and which is lent.")
    status = 422


class ApplicationsOver(Refused):
    """Applied, changed or withdrawn when applications have closed."""

    sentence = _("Applications are closed. The result is shown on this page as soon as the slots are shared out.")


class StillApplying(Refused):
    """Shared out while organizations may still apply."""

    sentence = _("Organizations can apply until %(when)s. The slots are shared out after that.")


class NobodyApplied(Refused):
    """Nothing to share out."""

    sentence = _("Nobody has applied, so there is nothing to share out. Call it off, and say why.")


class NotOpenThen(Refused):
    """A wish for a time at which nothing like it is open."""

    sentence = _(
        "Wish no. %(rank)d cannot be had: %(what)s is not open then. Look at its hours, and choose another time."
    )
    status = 422


class WishMissing(Refused):
    """No wish, or more slots wanted than wishes given."""

    sentence = _("Give at least as many wishes as the slots you would use a week: at most three.")
    status = 422


class ReasonNeeded(Refused):
    """An objection, or a round called off, without a reason."""

    sentence = _("Say why in a few words: everybody reads it.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Wished:
    """One wish as it was typed: of a thing of the round, or (`kind`) of any."""

    resource: Resource | None = None
    kind: str = ""
    weekday: int
    begins: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was booked: bookings of each slot. `missed`: dates that were taken meanwhile, each with its slot."""

    booked: dict[UUID, list[Booking]] = field(default_factory=dict)
    missed: list[tuple[Slot, Missed]] = field(default_factory=list)


@transaction.atomic
def open_round(
    *,
    title: str,
    first_day: date,
    last_day: date,
    closes_at: datetime,
    resources: Sequence[Resource],
    about: str = "",
    by: Actor,
) -> Round:
    """Let organizations apply for weekly slots of a season. What the draw is made with is committed to now.

    Raises `NotASeason`, `TooSoon` for a season further ahead than is booked, `NothingToShare`. `RoundOpened`.
    """
    require(rules.can_share_out(by))
    said = cleaned(Round, {"title": title, "about": about})
    if not (clock.now() < closes_at <= clock.local(first_day, time.min) and first_day <= last_day):
        raise NotASeason()
    ahead = allowance.rule_on(last_day).ahead_days
    if last_day > clock.today() + timedelta(days=ahead):
        raise TooSoon(days=ahead)
    things = list(dict.fromkeys(resources))  # somebody may tick one twice, or send it twice
    if not things or not all(one.is_lent and not one.is_stock and rules.can_keep(by, one) for one in things):
        raise NothingToShare()
    seed = lots.new_seed()
    made = Round(
        number=next_number("round"),
        first_day=first_day,
        last_day=last_day,
        closes_at=closes_at,
        seed=seed,
        commitment=lots.digest(seed),
        **said,
    )
    made.save(force_insert=True)
    RoundThing.objects.bulk_create(
        RoundThing(community_id=made.community_id, round=made, resource=one) for one in things
    )
    announce(
        _fact(events.RoundOpened, made, first_day=first_day, last_day=last_day, closes_at=closes_at),
        by=by,
    )
    return made


@transaction.atomic
def apply(
    *, round_: Round, organization: str, purpose: str, slots_wanted: int, wishes: Sequence[Wished], by: Actor
) -> Application:
    """Wish for weekly slots, in the order of the wishes; once more changes what was wished, and keeps the ticket.

    Raises `ApplicationsOver`, `WishMissing`, `NotOpenThen`, `TooLong`. Announces `SlotsWishedFor`.
    """
    held = _held(round_)
    require(bool(organization) and rules.can_book_for(by, organization))
    organizations.check_source(organization, by=by)
    if not held.takes_applications:
        raise ApplicationsOver()
    known = Application.objects.filter(round=held, organization=organization).first()
    if known is not None:
        versions.check(known, by)
    said: dict[str, Any] = cleaned(Application, {"purpose": purpose, "slots": slots_wanted})
    if not 1 <= slots_wanted <= min(len(wishes), MOST_SLOTS) or len(wishes) > MOST_WISHES:
        raise WishMissing()
    rows = [_checked(held, rank, wished) for rank, wished in enumerate(wishes, start=1)]
    if known is not None and _is_as_wished(known, said["purpose"], slots_wanted, rows):
        return known
    row = known or Application(round=held, organization=organization, ticket=_next_ticket(held))
    row.purpose, row.slots, row.withdrawn_at, row.asked_by_id = said["purpose"], slots_wanted, None, by.account_id
    row.save()
    Wish.objects.filter(application=row).delete()
    for wish in rows:
        wish.application = row
        wish.community_id = row.community_id
    Wish.objects.bulk_create(rows)
    announce(
        _fact(events.SlotsWishedFor, held, application_id=row.pk, organization=organization, ticket=row.ticket), by=by
    )
    return row


@transaction.atomic
def withdraw(*, application: Application, by: Actor) -> None:
    """Want no slots after all. Raises `ApplicationsOver`. Announces `SlotWishesWithdrawn`."""
    held = _held(application.round)
    row = Application.objects.get(pk=application.pk)
    require(rules.can_book_for(by, row.organization))
    versions.check(row, by)
    if not held.takes_applications:
        raise ApplicationsOver()
    if row.withdrawn_at is not None:
        raise states.ForbiddenMove()
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    announce(_fact(events.SlotWishesWithdrawn, held, application_id=row.pk, organization=row.organization), by=by)


@transaction.atomic
def share_out(*, round_: Round, by: Actor) -> Round:
    """Share the slots out by the published rule, once. From now on the sheet is public, and nothing of it changes.

    It is written down before anybody sees what comes out of it: so nobody can look, change something, and draw again.
    Nothing is booked yet. Raises `StillApplying`, `NobodyApplied`. Announces `RoundSharedOut`.
    """
    held = _held(round_)
    require(rules.can_share_out(by))
    if held.state != RoundState.OPEN:
        raise states.ForbiddenMove()
    if not held.has_closed:
        raise StillApplying(when=wording.when(held.closes_at))
    things = [one for one in season.things_of(held) if one.is_lent]
    tickets = season.tickets_of(held, things)
    if not tickets:
        raise NobodyApplied()
    sheet = slots.share_out(
        number=held.number,
        seed=held.seed,
        week_minutes=season.week_minutes(held),
        things=season.things_in_sheet(things),
        tickets=tickets,
    )
    states.move(held, RoundState.SHARED, flow=ROUND_FLOW, sheet=sheet.text(), shared_at=clock.now())
    by_ticket = {one.ticket: one for one in season.applications_of(held)}
    by_number = {one.number: one for one in things}
    Slot.objects.bulk_create(
        Slot(
            community_id=held.community_id,
            round=held,
            application=by_ticket[one.ticket],
            resource=by_number[one.thing],
            turn=one.turn,
            rank=one.rank,
            **season.when(sheet.choice(one)),
        )
        for one in sheet.given
    )
    announce(_fact(events.RoundSharedOut, held, applications=len(tickets), slots=len(sheet.given)), by=by)
    return held


@transaction.atomic
def object_to(*, slot: Slot, reason: str, by: Actor) -> None:
    """Note why a slot is not to be booked; nobody else gets it by that. Raises `ReasonNeeded`. `SlotObjectedTo`."""
    held, row = _held_slot(slot, by)
    said: str = cleaned(Slot, {"objection": reason})["objection"]
    if not said:
        raise ReasonNeeded()
    if row.objection == said:
        return
    row.objection = said
    row.save(update_fields=["objection"])
    announce(_fact(events.SlotObjectedTo, held, slot_id=row.pk, reason=said), by=by)


@transaction.atomic
def let_stand(*, slot: Slot, by: Actor) -> None:
    """The objection is settled: it is booked after all. Announces `SlotObjectionEnded`."""
    held, row = _held_slot(slot, by)
    if not row.objection:
        raise states.ForbiddenMove()
    row.objection = ""
    row.save(update_fields=["objection"])
    announce(_fact(events.SlotObjectionEnded, held, slot_id=row.pk), by=by)


@transaction.atomic
def book_round(*, round_: Round, skip_taken: bool = False, by: Actor) -> Outcome:
    """Book every slot without an objection as a series, on the dates that its sheet says: all of them, or none.

    When something was put in the way meanwhile, nothing is booked and `missed` names each such date; with `skip_taken`
    these dates alone are left out. Announces `BookingsMade` for each slot, and `RoundBooked`.
    """
    held = _held(round_)
    require(rules.can_share_out(by))
    versions.check(held, by)
    if held.state != RoundState.SHARED:
        raise states.ForbiddenMove()
    meant = list(Slot.objects.filter(round=held, objection="").select_related("application", "resource"))
    meant.sort(key=lambda one: (one.resource.subject.id, one.weekday, one.begins))  # as the timetable takes them
    for one in meant:
        one.series = new_id()
    Slot.objects.bulk_update(meant, ["series"])
    spans = season.spans_of(held, slots.read(held.sheet))
    for organization in sorted({one.application.organization for one in meant}):
        locks.take("sharing", organization)
    list(Resource.objects.select_for_update().filter(pk__in={one.resource_id for one in meant}).order_by("id"))
    point = transaction.savepoint()
    outcome = Outcome()
    for one in meant:
        asked = wanted(
            one.resource, one.application.purpose, 1, organization=one.application.organization, resident=None, by=by
        )
        asked.series = one.series
        made, missed = take_each(asked, spans[one.application.ticket, one.turn], by)
        outcome.booked[one.pk] = made
        outcome.missed.extend((one, date_) for date_ in missed)
    if outcome.missed and not skip_taken:
        transaction.savepoint_rollback(point)
        Slot.objects.filter(round=held).update(series=None)
        return Outcome(missed=outcome.missed)
    states.move(held, RoundState.BOOKED, flow=ROUND_FLOW)
    for made in outcome.booked.values():
        if made:
            announce_made(made, by)
    announce(_fact(events.RoundBooked, held, slots=tuple(sorted(outcome.booked))), by=by)
    return outcome


@transaction.atomic
def call_off_round(*, round_: Round, reason: str, by: Actor) -> None:
    """Share nothing out after all, or book nothing of it. Raises `ReasonNeeded`. Announces `RoundCalledOff`."""
    held = _held(round_)
    require(rules.can_share_out(by))
    versions.check(held, by)
    said: str = cleaned(Round, {"reason": reason})["reason"]
    if not said:
        raise ReasonNeeded()
    states.move(held, RoundState.OFF, flow=ROUND_FLOW, reason=said)
    announce(_fact(events.RoundCalledOff, held, reason=said), by=by)


# --- parts ------------------------------------------------------------------------------------------------------


def _held(round_: Round) -> Round:
    return Round.objects.select_for_update().get(pk=round_.pk)


def _held_slot(slot: Slot, by: Actor) -> tuple[Round, Slot]:
    held = _held(slot.round)
    require(rules.can_share_out(by))
    row = Slot.objects.get(pk=slot.pk)
    versions.check(row, by)
    if held.state != RoundState.SHARED:
        raise states.ForbiddenMove()
    return held, row


def _is_as_wished(row: Application, purpose: str, slots_wanted: int, wishes: Sequence[Wish]) -> bool:
    """Sent once more, nothing is another."""
    told = ("rank", "resource_id", "kind", "weekday", "begins", "ends")
    stands = list(Wish.objects.filter(application=row).order_by("rank").values_list(*told))
    same = (row.purpose, row.slots, row.withdrawn_at) == (purpose, slots_wanted, None)
    return same and stands == [tuple(getattr(one, name) for name in told) for one in wishes]


def _next_ticket(round_: Round) -> int:
    """Whoever asks holds the round."""
    last = Application.objects.filter(round=round_).aggregate(last=Max("ticket"))["last"]
    return (last or 0) + 1


def _checked(round_: Round, rank: int, wished: Wished) -> Wish:
    """A wish that something of the round is open for, as long as one booking may be."""
    wish = Wish(
        rank=rank,
        resource=wished.resource,
        kind="" if wished.resource else wished.kind,
        weekday=wished.weekday,
        begins=wished.begins,
        ends=wished.ends,
    )
    known = wished.resource is not None or wished.kind in WISHED
    is_time = wished.begins < wished.ends and 1 <= wished.weekday <= 7
    if not known or not is_time or not any(season.fits(wish, thing) for thing in season.things_of(round_)):
        raise NotOpenThen(rank=rank, what=season.what(wish))
    longest = allowance.rule_on(round_.first_day).longest_hours
    if season.minutes(wished.ends) - season.minutes(wished.begins) > 60 * longest:
        raise TooLong(longest=wording.in_hours(longest))
    return wish


def _fact(kind: type[events.RoundFact], round_: Round, /, **more: Any) -> events.RoundFact:
    return kind(subject=source_of(round_), number=round_.number, title=round_.title, **more)
