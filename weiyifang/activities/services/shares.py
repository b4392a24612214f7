"""Seats kept for some: who fits them, what is refused when they are planned, and the pools they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import audiences, closing, queries, shares
from weiyifang.activities.models import Activity, Enrollment, Session
from weiyifang.activities.orders import Order
from weiyifang.activities.shares import ShareFor
from weiyifang.capacity import services as capacity
from weiyifang.capacity.models import PlacePool, Share
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.look.wording import as_day, when
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.people import queries as register
from weiyifang.people.models import Gender, Resident


class NoSharesByLot(Refused):
    """Shares where lots are drawn, or in a term."""

    sentence = _(
        "Seats can be kept for some where each date is enrolled for by itself and no lots are drawn: a draw treats "
        "everybody alike, and a term is one list."
    )
    status = 422


class MoreKeptThanSeats(Refused):
    """More seats in shares than there are."""

    sentence = _("Kept for some: %(kept)d; seats in all: %(places)d. Keep fewer, or give it more seats.")
    status = 422


class OpensTooLate(Refused):
    """A share that would not open to all before the queue ends."""

    sentence = _("What is left has to open to all before the queue ends. Hours before it begins, at least: %(hours)d.")
    status = 422


class OpensBeforeTheyAreGiven(Refused):
    """A share that would be over when the seats are given."""

    sentence = _(
        "What is kept has to be kept until the seats are given. Hours before it begins, fewer than: %(closes)d."
    )
    status = 422


def check(activity: Activity) -> None:
    """Raise the refusal that keeps this activity from having its shares."""
    kept = activity.shares
    if not kept:
        return
    if activity.is_term or activity.order == Order.LOTTERY:
        raise NoSharesByLot()
    if kept.places > activity.places:
        raise MoreKeptThanSeats(kept=kept.places, places=activity.places)
    minutes = closing.rule_on(clock.today()).closes_minutes
    if any(one.hours * 60 <= minutes for one in kept):
        raise OpensTooLate(hours=minutes // 60 + 1)
    if activity.collects and any(one.hours >= activity.closes_hours for one in kept):
        raise OpensBeforeTheyAreGiven(closes=activity.closes_hours)


def stand_now(session: Session) -> list[shares.Share]:
    """The shares of a date that have not opened to all yet; asks nothing."""
    now = clock.now()
    return [one for one in session.activity.shares if one.until(session.starts_at) > now]


def fits(session: Session, rows: Sequence[Enrollment]) -> dict[str, dict[str, int]]:
    """Out of which shares these enrolments may have seats, and how many: by their sources, for `capacity`.

    One's own seat; of a family, all on their ticket. Asks nothing where no share stands.
    """
    found = {source_of(row): dict[str, int]() for row in rows}
    for share in stand_now(session):
        fitting = _who_fits(session, share.whom, [row.resident for row in rows])
        for row in rows:
            if row.resident in fitting:
                found[source_of(row)][share.whom] = row.places if share.whom == ShareFor.FAMILIES else 1
    return {holder: open_to for holder, open_to in found.items() if open_to}


def _who_fits(session: Session, whom: str, people: Sequence[Resident]) -> set[Resident]:
    day = as_day(session.starts_at)
    if whom == ShareFor.WOMEN:
        return {one for one in people if one.gender == Gender.FEMALE}
    if whom == ShareFor.NEWCOMERS:
        known = queries.not_new(session, [one.pk for one in people])
        return {one for one in people if one.pk not in known}
    if whom == ShareFor.FAMILIES:
        up_to = audiences.rule_on(day).children_most
        children = register.at_home([one.household_id for one in people], most=up_to, on=day)
        homes = set(children.values_list("household_id", flat=True))
        return {one for one in people if one.household_id in homes}
    youngest, oldest = audiences.ages(whom, day)
    return {
        one
        for one in people
        if (age := one.age_on(day)) is not None
        and (youngest is None or age >= youngest)
        and (oldest is None or age <= oldest)
    }


def share_out(activity: Activity, pools: Mapping[str, PlacePool], dates: Sequence[Session], *, by: Actor) -> None:
    """Let each of these dates keep what the activity says; nobody has a seat there yet. `pools`: by their owners."""
    for session in dates:
        wanted = [(one.whom, one.places, one.until(session.starts_at)) for one in activity.shares]
        capacity.share_out(pool=pools[source_of(session)], shares=wanted, by=by)


def move_openings(activity: Activity, pool: PlacePool, starts_at: datetime, *, by: Actor) -> None:
    """Let what is still kept of a date that begins then open as long before as the activity says."""
    if activity.shares:
        moments = {one.whom: one.until(starts_at) for one in activity.shares}
        capacity.open_shares_at(pool=pool, moments=moments, by=by)


def kept_in_words(standing: Sequence[Share], session: Session) -> str:
    """What is kept of a date, for whom and until when, in one piece of a sentence."""
    day = as_day(session.starts_at)
    return gettext("; ").join(
        gettext("%(n)d for %(whom)s until %(when)s")
        % {"n": one.left, "whom": shares.in_words(one.name, day), "when": when(one.until)}
        for one in standing
        if one.left
    )
