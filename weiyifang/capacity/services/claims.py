"""Places taken or held, confirmed and given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.capacity import events, fast, queries, steps
from weiyifang.capacity.line import seated
from weiyifang.capacity.models import CLAIM_FLOW, WAIT_FLOW, Claim, ClaimState, PlacePool, WaitEntry, WaitState
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import Event
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.states import move
from weiyifang.core.tenancy import fill_community


class Full(Refused):
    """No place is free. `details["free"]` says how many are, of this and the refusals derived from it."""

    sentence = _("All places are taken. You can join the waiting list.")


class TooFewLeft(Full):
    """Some places are free, but not as many as were asked for."""

    sentence = _("Places left: %(free)s, and you asked for %(places)s. Take fewer or join the waiting list.")


class KeptForTheList(Full):
    """What is free belongs to those who waited first."""

    sentence = _("The free places are kept for those who waited first. You can join the waiting list.")


class AlreadyHolds(Refused):
    """One holder, one live claim in a pool."""

    sentence = _("A place here is already yours or is being kept for you.")


class AlreadyWaiting(Refused):
    """One holder, one live entry in a pool."""

    sentence = _("You are already on this waiting list.")


class HoldOver(Refused):
    """The time of a hold is over."""

    sentence = _("The time to confirm is over and the place has gone on. Please enrol again.")


class StillCollects(Refused):
    """Claimed while nobody is served yet."""

    sentence = _(
        "Places here are given when enrolment closes, to everybody on the list by the same rule. Join the list."
    )


Fits = Mapping[str, Mapping[str, int]]  # holder → by the names of shares, how many of their places may come out of each
NOBODY_FITS: Fits = MappingProxyType({})


def claim(
    *,
    pool: PlacePool,
    holder: str,
    places: int = 1,
    hold_until: datetime | None = None,
    fits: Fits = NOBODY_FITS,
    by: Actor,
) -> Claim:
    """Take `places` for `holder`, or hold them until `hold_until`; first those of a share they fit.

    Raises `Full` (or `TooFewLeft`, `KeptForTheList`) with `details["free"]`, `AlreadyHolds`, `AlreadyWaiting`.
    """
    return claim_many(pool=pool, wanted=[(holder, places)], hold_until=hold_until, fits=fits, by=by)[0]


def claim_many(
    *,
    pool: PlacePool,
    wanted: Sequence[tuple[str, int]],
    hold_until: datetime | None = None,
    fits: Fits = NOBODY_FITS,
    by: Actor,
) -> list[Claim]:
    """Take places for several holders, all or none. Raises as `claim` does.

    Usually one statement: it needs no transaction of its own, and in the caller's a refusal has changed nothing.
    """
    if hold_until is not None and hold_until <= clock.now():
        raise ValueError("a hold has to end in the future")
    state = ClaimState.TAKEN if hold_until is None else ClaimState.HELD
    claims = [
        Claim(id=new_id(), pool_id=pool.pk, holder=holder, places=places, state=state, expires_at=hold_until)
        for holder, places in wanted
    ]
    if any(one.places < 1 for one in claims):
        raise ValueError("a claim is for at least one place")
    fill_community(claims)
    try:
        if not fits and fast.claim(pool.pk, claims):
            return claims
    except fast.AlreadyThere as error:
        raise AlreadyHolds() from error
    now = fast.standing(pool.pk, [one.holder for one in claims])
    if not now.lapsed:
        _refuse_doubles(now)
        if now.free + (now.kept if fits else 0) < sum(one.places for one in claims):
            raise _too_few(now.free, claims)
    _claim_in_turn(pool.pk, claims, fits, by)
    return claims


@transaction.atomic
def _claim_in_turn(pool_id: UUID, claims: list[Claim], fits: Fits, by: Actor) -> None:
    """The long way: clear what has lapsed, serve who waits, then see whether the newcomer's turn has come."""
    pool = steps.lock(pool_id)
    facts = steps.end_due_holds(pool) + steps.hand_on(pool)
    places, until = sum(one.places for one in claims), claims[0].expires_at
    _refuse_doubles(fast.standing(pool_id, [one.holder for one in claims]))
    if pool.collects:
        raise StillCollects()
    newcomers = _as_entries(pool, claims, fits)
    shares = seated(newcomers, queries.kept_of(pool)) if fits else {}
    if pool.free < places - sum(of_share for _name, of_share in shares.values()):
        raise _too_few(pool.free, claims)
    if pool.waiting:
        now = steps.turn(pool, chain(queries.waiting(pool).iterator(chunk_size=100), newcomers))
        if newcomers[0] not in now.served:
            raise KeptForTheList(free=pool.free, places=places)
        steps.remember(pool, now)
        shares = now.shares
    if shares:
        steps.take_out(pool, claims, {one.pk: shares[one.pk] for one in claims if one.pk in shares})
    steps.count(pool, **{"taken" if until is None else "held": places})
    steps.lapse_by(pool, until)
    Claim.objects.bulk_create(claims)
    steps.tell(facts, by=by)


def _as_entries(pool: PlacePool, claims: Sequence[Claim], fits: Fits) -> list[WaitEntry]:
    """These claims as if they stood in line: as one, each under the claim's own id."""
    together = claims[0].pk if len(claims) > 1 else None
    return [
        WaitEntry(
            id=one.pk,
            pool=pool,
            holder=one.holder,
            places=one.places,
            together=together,
            fits=dict(fits.get(one.holder, {})),
        )
        for one in claims
    ]


def _refuse_doubles(now: fast.Standing) -> None:
    if now.hold:
        raise AlreadyHolds()
    if now.wait:
        raise AlreadyWaiting()


def _too_few(free: int, claims: list[Claim]) -> Full:
    places = sum(one.places for one in claims)
    return TooFewLeft(free=free, places=places) if free > 0 else Full(free=0, places=places)


@transaction.atomic
def confirm(*, claim: Claim, by: Actor) -> None:
    """Turn a hold into a taken place. Raises `HoldOver` when its time is over or it was released."""
    pool = steps.lock(claim.pool_id)
    claim.refresh_from_db()
    if claim.state == ClaimState.RELEASED or (claim.expires_at and claim.expires_at <= clock.now()):
        raise HoldOver()
    facts = []
    if (entry := steps.offer_of(claim)) is not None:
        move(entry, WaitState.ACCEPTED, flow=WAIT_FLOW)
        facts.append(steps.fact(events.OfferAccepted, pool, entry))
    move(claim, ClaimState.TAKEN, flow=CLAIM_FLOW, expires_at=None)
    steps.count(pool, held=-claim.places, taken=claim.places)
    steps.tell(facts, by=by)


@transaction.atomic
def release(*, claim: Claim, by: Actor) -> None:
    """Give the places of a claim back; whoever waits gets them in the same transaction.

    Raises `ForbiddenMove` when it was released before. The claim of an open offer is released by declining.
    """
    release_together(claims=[claim], by=by)


@transaction.atomic
def release_together(*, claims: Sequence[Claim], by: Actor) -> None:
    """Give the places of several claims on one pool back at once, so that a group that waits may have them.

    Otherwise like `release`.
    """
    pool = steps.lock(claims[0].pool_id)
    facts: list[Event] = []
    for claim in claims:
        claim.refresh_from_db()
        if (entry := steps.offer_of(claim)) is not None:
            move(entry, WaitState.DECLINED, flow=WAIT_FLOW)
            facts.append(steps.fact(events.OfferDeclined, pool, entry))
        steps.give_back(pool, claim)
    facts += steps.end_due_holds(pool) + steps.hand_on(pool)
    steps.tell(facts, by=by)
