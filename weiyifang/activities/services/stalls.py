"""The stalls of a market: set up, taken, given back; what each brought in, counted by two people.

Whoever takes, gives back or counts holds the stall: of two who want it at the same moment the first has it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, rules
from weiyifang.activities.models import (
    Activity,
    CountState,
    Session,
    SessionState,
    Stall,
    StallCount,
)
from weiyifang.activities.services.planning import MOST_FEE
from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce, announced_together
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations

MOST_STALLS = 300
MOST_PROCEEDS = 100 * MOST_FEE  # fen a stall: a typing error above it


class TooManyStalls(Refused):
    sentence = _("A market has at most %(most)d stalls.")
    status = 422


class StallTaken(Refused):
    """Somebody else has it."""

    sentence = _("Stall %(number)d is taken already. Choose another one.")


class HasAStall(Refused):
    """An organization has one stall in a market."""

    sentence = _("The organization has stall %(number)d in this market. Give that one back first.")


class StallIsFree(Refused):
    """Given back, or counted, and nobody has it."""

    sentence = _("Nobody has this stall.")


class MarketBegun(Refused):
    """A stall taken or given back by its organization once the market has begun."""

    sentence = _("The market has begun. Talk to whoever runs it.")


class MarketNotBegun(Refused):
    """Counted before anything could be sold."""

    sentence = _("The market has not begun yet. Its money is counted when there is some.")


class CountedAlready(Refused):
    """Counted, or given back, once its proceeds are in the fund."""

    sentence = _("The money of this stall is counted and in the fund. Was it a mistake? Take the count back first.")


class CountedByYou(Refused):
    """The second count by who made the first."""

    sentence = _("You counted this stall first. Somebody else counts it the second time.")


class TooMuchProceeds(Refused):
    sentence = _("That is more than a stall brings in. Is a decimal point missing?")
    status = 422


class NothingCounted(Refused):
    """Taken back, and no count stands."""

    sentence = _("No count of this stall is in the fund.")


class WhyTakenBack(Refused):
    """A count taken back without a word."""

    sentence = _("Say in a few words what was wrong with the count: it stands in the fund's books.")
    status = 422


@transaction.atomic
def set_up_stalls(*, session: Session, count: int, place: str = "", by: Actor) -> list[Stall]:
    """So many more stalls, numbered on. Raises `TooManyStalls`. Announces `StallsSetUp`."""
    activity = Activity.objects.select_for_update(no_key=True).get(pk=session.activity_id)
    require(rules.can_manage(by, activity))
    _still_on(session)
    there = Stall.objects.filter(session=session).count()
    if count < 1 or there + count > MOST_STALLS:
        raise TooManyStalls(most=MOST_STALLS)
    place = cleaned(Stall, {"place": place})["place"]
    rows = [Stall(session=session, number=number, place=place) for number in range(there + 1, there + count + 1)]
    fill_community(rows)
    Stall.objects.bulk_create(rows)
    announce(
        events.StallsSetUp(
            subject=source_of(session), stalls=tuple(row.pk for row in rows), numbers=tuple(row.number for row in rows)
        ),
        by=by,
    )
    return rows


@transaction.atomic
def take_stall(*, stall: Stall, organization: str, goods: str = "", by: Actor) -> None:
    """An organization has it from now on: its leader says so, or whoever runs the market.

    Raises `StallTaken`, `HasAStall`, `MarketBegun` (not to whoever runs it). Announces `StallTaken`.
    """
    stall = _held(stall)
    activity = stall.session.activity
    require(rules.can_take_stall(by, activity, organization))
    organizations.check_source(organization, by=by)
    _still_on(stall.session)
    runs_it = rules.can_manage(by, activity)
    if not runs_it and stall.session.has_begun:
        raise MarketBegun()
    if not stall.is_free:
        raise StallTaken(number=stall.number)
    has = Stall.objects.filter(session=stall.session_id, organization=organization).first()
    if has is not None:
        raise HasAStall(number=has.number)
    stall.organization, stall.goods = organization, cleaned(Stall, {"goods": goods})["goods"]
    stall.save(update_fields=["organization", "goods"])
    announce(events.StallTaken(**_about(stall), organization=organization, is_own=not runs_it), by=by)


@transaction.atomic
def give_back_stall(*, stall: Stall, by: Actor) -> None:
    """It is free again. Raises `StallIsFree`, `CountedAlready`, `MarketBegun`. Announces `StallGivenBack`."""
    stall = _held(stall)
    activity = stall.session.activity
    if stall.is_free:
        raise StallIsFree()
    require(rules.can_take_stall(by, activity, stall.organization))
    versions.check(stall, by)
    runs_it = rules.can_manage(by, activity)
    if not runs_it and stall.session.has_begun:
        raise MarketBegun()
    if StallCount.objects.filter(stall=stall, state__in=(CountState.ONCE, CountState.AGREED)).exists():
        raise CountedAlready()
    _free(stall, is_own=not runs_it, by=by)


@transaction.atomic
def give_up_stalls_of(*, organization: str, by: Actor) -> None:
    """An organization ends: the stalls of markets to come are free for others."""
    to_come = Stall.objects.filter(organization=organization, session__starts_at__gt=clock.now())
    with announced_together():
        for stall in to_come.select_for_update(of=("self",), no_key=True).order_by("id"):
            _free(stall, is_own=True, by=by)


@transaction.atomic
def count_proceeds(*, stall: Stall, amount_fen: int, by: Actor) -> StallCount:
    """One of the two counts of what a stall brought in; the second is made by another person.

    Alike: announced as `StallProceedsCounted`, and the fund receives it in the same transaction. Different: both stay
    with the state `DIFFERS`, nothing is received, and two people count anew. Nobody is shown the first count before
    the second is made. Raises `StallIsFree`, `MarketNotBegun`, `CountedAlready`, `CountedByYou`, `TooMuchProceeds`.
    """
    stall = _held(stall)
    require(rules.can_check_in(by, stall.session.activity))
    if stall.is_free:
        raise StallIsFree()
    if not stall.session.has_begun:
        raise MarketNotBegun()
    if not 0 <= amount_fen <= MOST_PROCEEDS:
        raise TooMuchProceeds()
    counts = {row.state: row for row in StallCount.objects.filter(stall=stall)}
    if CountState.AGREED in counts:
        raise CountedAlready()
    row = counts.get(CountState.ONCE)
    if row is None:
        turn = StallCount.objects.filter(stall=stall).count() + 1
        row = StallCount(stall=stall, turn=turn, first_fen=amount_fen, first_by_id=by.account_id)
        row.save(force_insert=True)
        announce(events.StallCountedOnce(subject=source_of(row), stall_id=stall.pk, amount_fen=amount_fen), by=by)
        return row
    if row.first_by_id is not None and row.first_by_id == by.account_id:
        raise CountedByYou()
    row.second_fen, row.second_by_id, row.second_at = amount_fen, by.account_id, clock.now()
    row.state = CountState.AGREED if amount_fen == row.first_fen else CountState.DIFFERS
    row.save(update_fields=["second_fen", "second_by_id", "second_at", "state"])
    row.stall = stall
    if row.state == CountState.AGREED:
        announce(
            events.StallProceedsCounted(
                subject=source_of(row),
                stall_id=stall.pk,
                activity=stall.session.activity.number,
                date=stall.session.number,
                stall=stall.number,
                title=stall.session.activity.title,
                organization=stall.organization,
                amount_fen=amount_fen,
            ),
            by=by,
        )
    else:
        announce(
            events.StallCountsDiffered(subject=source_of(row), first_fen=row.first_fen, second_fen=amount_fen), by=by
        )
    return row


@transaction.atomic
def take_back_proceeds(*, stall: Stall, reason: str, by: Actor) -> None:
    """A count that two people made alike was wrong all the same: the fund gives it back by a second entry, and it is
    counted anew. Whoever runs the market says so, and why. Raises `NothingCounted`, `WhyTakenBack`. Announces
    `StallProceedsTakenBack`.
    """
    stall = _held(stall)
    require(rules.can_manage(by, stall.session.activity))
    row = StallCount.objects.filter(stall=stall, state=CountState.AGREED).first()
    if row is None:
        raise NothingCounted()
    why = cleaned(StallCount, {"why_back": reason})["why_back"]
    if not why:
        raise WhyTakenBack()
    row.state, row.why_back = CountState.TAKEN_BACK, why
    row.save(update_fields=["state", "why_back"])
    announce(events.StallProceedsTakenBack(subject=source_of(row), amount_fen=row.first_fen, reason=why), by=by)


def _held(stall: Stall) -> Stall:
    rows = Stall.objects.select_for_update(of=("self",), no_key=True).select_related("session__activity")
    found: Stall = rows.get(pk=stall.pk)
    return found


def _still_on(session: Session) -> None:
    if Session.objects.filter(pk=session.pk, state=SessionState.CANCELLED).exists():
        raise states.ForbiddenMove()


def _free(stall: Stall, *, is_own: bool, by: Actor) -> None:
    organization, stall.organization, stall.goods = stall.organization, "", ""
    stall.save(update_fields=["organization", "goods"])
    announce(events.StallGivenBack(**_about(stall), organization=organization, is_own=is_own), by=by)


def _about(stall: Stall) -> dict[str, Any]:
    return {"subject": source_of(stall), "session_id": stall.session_id, "number": stall.number}
