"""The running order of a date: acts added, changed, moved and taken out; shown to all.

Each verb holds the activity, as whoever moves its dates does: so a published order never outgrows its date.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import events, rules
from weiyifang.activities.models import Act, Activity, RunningOrder, Session, SessionState
from weiyifang.activities.queries.acts import stage_times
from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations


class NobodyPerforms(Refused):
    """An act without an organization and without words for who performs."""

    sentence = _("Say who performs: choose an organization, or write it.")
    status = 422


class LongerThanItsDate(Refused):
    """A running order that everybody may read does not fit between the beginning and the end of its date."""

    sentence = _(
        "Too long by %(minutes)d min.: the last act would end after the date does. Shorten or take out an act, or let "
        "the date end later."
    )


class NoActs(Refused):
    """Published without an act."""

    sentence = _("There is no act in it yet. Add the first one.")


class TakenOutAlready(Refused):
    """Changed or moved after somebody took it out."""

    sentence = _("This act was taken out. Add it anew if it is to be performed after all.")


class TooManyActs(Refused):
    sentence = _("A running order has at most %(most)d acts.")


MOST_ACTS = 200


class ActDetails(TypedDict, total=False):
    """What is said of an act; the fields of `models.Act`."""

    title: str
    organization: str
    performers: str
    minutes: int
    changeover: int
    microphones: int
    chairs: int
    needs: str


@transaction.atomic
def add_act(*, session: Session, after: int | None = None, by: Actor, **details: Unpack[ActDetails]) -> Act:
    """One more act, behind the one with the number `after` (0: first; None: last).

    Begins the order where there is none. Raises `NobodyPerforms`, `TooManyActs`, and `LongerThanItsDate` when the order
    is shown to all. Announces `RunningOrderBegun` and `ActAdded`.
    """
    order = _begun(session, by=by)
    act = Act(order=order, **cleaned(Act, details))
    _check_performer(act, by=by)
    acts = list(Act.objects.in_order(order))
    if len(acts) >= MOST_ACTS:
        raise TooManyActs(most=MOST_ACTS)
    place = len(acts) if after is None else min(max(after, 0), len(acts))
    was = _times(order, acts)
    acts.insert(place, act)
    act.save(force_insert=True)
    moved = _put_in_order(order, acts, was)
    announce(
        events.ActAdded(**_said(order, act, acts, moved), minutes=act.minutes, changeover=act.changeover),
        by=by,
    )
    return act


@transaction.atomic
def edit_act(*, act: Act, by: Actor, **details: Unpack[ActDetails]) -> None:
    """Change what is said of it. Raises as `add_act`, and `TakenOutAlready`. Announces `ActEdited`."""
    order, acts, act = _held(act, by=by)
    was = _times(order, acts)
    changed = {name: value for name, value in cleaned(Act, details).items() if getattr(act, name) != value}
    if not changed:
        return
    performed = act.organization
    for name, value in changed.items():
        setattr(act, name, value)
    _check_performer(act, by=by)
    act.save(update_fields=[*changed])
    was_at = was.pop(act.pk) if "organization" in changed else None  # whoever performs now has not been told
    moved = _put_in_order(order, acts, was)
    told = performed if was_at is not None and order.is_published else ""
    announce(
        events.ActEdited(
            **_said(order, act, acts, moved),
            minutes=act.minutes,
            changeover=act.changeover,
            instead_of=told,
            was_at=was_at if told else None,
        ),
        by=by,
    )


@transaction.atomic
def move_act(*, act: Act, to: int, by: Actor) -> None:
    """Let it be the act with the number `to`, from 1; beyond the ends it is the first or the last.

    Raises `TakenOutAlready`. Announces `ActMoved` if it was elsewhere.
    """
    order, acts, act = _held(act, by=by)
    was, stood = _times(order, acts), acts.index(act)
    acts.remove(act)
    acts.insert(min(max(to - 1, 0), len(acts)), act)
    if acts.index(act) == stood:
        return
    moved = _put_in_order(order, acts, was)
    announce(events.ActMoved(**_said(order, act, acts, moved)), by=by)


@transaction.atomic
def take_out_act(*, act: Act, by: Actor) -> None:
    """It is not performed. The row stays, without a number. Raises `TakenOutAlready`. Announces `ActTakenOut`."""
    order, acts, act = _held(act, by=by)
    was = _times(order, acts)
    acts.remove(act)
    Act.objects.filter(pk=act.pk).update(position=None)
    was_at = was.pop(act.pk)
    moved = _put_in_order(order, acts, was)
    announce(
        events.ActTakenOut(**_said(order, act, acts, moved), was_at=was_at if order.is_published else None),
        by=by,
    )


@transaction.atomic
def publish_running_order(*, session: Session, by: Actor) -> None:
    """Show it to all. Raises `NoActs` and `LongerThanItsDate`. Announces `RunningOrderPublished`."""
    session = _session(session, by=by)
    order = RunningOrder.objects.select_for_update(no_key=True).filter(session=session).first()
    if order is None:
        raise NoActs()
    acts = list(Act.objects.in_order(order))
    if not acts:
        raise NoActs()
    if order.is_published:
        raise states.ForbiddenMove()
    check_fits(acts, session)
    order.published_at = clock.now()
    order.save(update_fields=["published_at"])
    announce(events.RunningOrderPublished(subject=source_of(order), session_id=session.pk), by=by)


def check_fits(acts: Sequence[Act], session: Session) -> None:
    """Raise `LongerThanItsDate` unless the last of these ends before the date does."""
    times = stage_times(acts, session.starts_at)
    if times and times[-1][1] > session.ends_at:
        raise LongerThanItsDate(minutes=ceil((times[-1][1] - session.ends_at) / timedelta(minutes=1)))


def check_published_fit(sessions: Sequence[Session]) -> None:
    """Part of moving dates: raise `LongerThanItsDate` when the published order of one of them fits it no more."""
    orders = {
        order.session_id: order
        for order in RunningOrder.objects.filter(session__in=sessions, published_at__isnull=False)
    }
    for session in sessions:
        if session.pk in orders:
            check_fits(list(Act.objects.in_order(orders[session.pk])), session)


def _session(session: Session, *, by: Actor) -> Session:
    """The date as it stands, its activity held. Raises `ForbiddenMove` when it is called off."""
    activity = Activity.objects.select_for_update(no_key=True).get(pk=session.activity_id)
    require(rules.can_manage(by, activity))
    found: Session = Session.objects.get(pk=session.pk)
    if found.state == SessionState.CANCELLED:
        raise states.ForbiddenMove()
    found.activity = activity
    return found


def _begun(session: Session, *, by: Actor) -> RunningOrder:
    session = _session(session, by=by)
    order = RunningOrder.objects.select_for_update(no_key=True).filter(session=session).first()
    if order is None:
        order = RunningOrder(session=session)
        order.save(force_insert=True)
        announce(events.RunningOrderBegun(subject=source_of(order), session_id=session.pk), by=by)
    order.session = session
    return order


def _held(act: Act, *, by: Actor) -> tuple[RunningOrder, list[Act], Act]:
    """Its order, all acts of it first to last, and it among them, as `by` has seen it."""
    session = _session(act.order.session, by=by)
    order = RunningOrder.objects.select_for_update(no_key=True).get(pk=act.order_id)
    order.session = session
    acts = list(Act.objects.in_order(order))
    found = next((one for one in acts if one.pk == act.pk), None)
    if found is None:
        raise TakenOutAlready()
    versions.check(found, by)
    return order, acts, found


def _check_performer(act: Act, *, by: Actor) -> None:
    organizations.check_source(act.organization, by=by)
    if not act.organization and not act.performers:
        raise NobodyPerforms()


def _times(order: RunningOrder, acts: Sequence[Act]) -> dict[UUID, datetime]:
    """When each act is on the stage, by its id."""
    times = stage_times(acts, order.session.starts_at)
    return {act.pk: begins for act, (begins, _ends) in zip(acts, times, strict=True)}


def _put_in_order(order: RunningOrder, acts: Sequence[Act], was: dict[UUID, datetime]) -> list[Act]:
    """Number the acts as they stand here; returns those whose published time is another now.

    By way of negative numbers: so no two have the same one at any moment.
    """
    if order.is_published:
        check_fits(acts, order.session)
    places = {act.pk: n for n, act in enumerate(acts, start=1)}
    renumbered = [act for act in acts if act.position != places[act.pk]]
    for sign in (-1, 1):
        for act in renumbered:
            act.position = sign * places[act.pk]
        Act.objects.bulk_update(renumbered, ["position"])
    if not order.is_published:
        return []
    now = _times(order, acts)
    return [act for act in acts if was.get(act.pk) != now[act.pk]]


def _said(order: RunningOrder, act: Act, acts: Sequence[Act], moved: Sequence[Act]) -> dict[str, Any]:
    return {
        "subject": source_of(act),
        "order_id": order.pk,
        "title": act.title,
        "acts": tuple(one.pk for one in acts),
        "moved": tuple(one.pk for one in moved),
    }
