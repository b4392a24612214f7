"""Take notices to people: decide the route, hand over text messages, tick the phone list and the door list."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web.access import require
from weiyifang.notices import events, kinds, queries, routing, rules
from weiyifang.notices.models import DELIVERY_FLOW, Delivery, DeliveryState, Notice, Route, Why
from weiyifang.notices.routing import Policy
from weiyifang.people.sms import NotSent, Sender, sender

MOST = 500  # notices of one community that are routed, and deliveries that are sent, in one go
log = logging.getLogger(__name__)


@transaction.atomic
def route_new() -> int:
    """Decide for each new notice by which route it goes. Returns how many were looked at."""
    unlocked = Notice.objects.select_for_update(no_key=True, skip_locked=True)
    new = list(unlocked.filter(routed_at=None).order_by("id")[:MOST])
    reach = queries.reach_of(new)
    now, policy = clock.now(), routing.policy_on(clock.today())
    rows = []
    for notice in new:
        purpose = policy.purposes[kinds.kind(notice.kind).purpose]
        if not notice.is_over and (route := routing.first_route(purpose, reach[notice.pk])):
            rows.append(Delivery(notice=notice, route=route, due_at=policy.not_before(now, purpose)))
    fill_community(rows)
    Delivery.objects.bulk_create(rows)
    Notice.objects.filter(pk__in=[notice.pk for notice in new]).update(routed_at=now)
    return len(new)


def send_due(*, gateway: Sender | None = None) -> int:
    """Hand over the text messages that are due: to one person one, whatever there is to tell. Returns how many.

    Each is noted as tried, and committed, before it is handed over: a program that ends in between tries once more,
    and no oftener than the rule says.
    """
    policy, gateway, sent = routing.policy_on(clock.today()), gateway or sender(), 0
    for number, deliveries in _claim(policy).items():
        told = [one.notice for one in deliveries]
        try:
            gateway.send(number, queries.text_of(told), key=str(deliveries[0].pk), short=queries.short_of(told))
        except NotSent as error:
            log.warning("a text message was not taken: %s", error.code)
            with transaction.atomic():
                _fail([one for one in deliveries if one.tries >= policy.tries], Why.GATEWAY)
            continue
        with transaction.atomic():
            states.move_all(deliveries, DeliveryState.SENT, flow=DELIVERY_FLOW, done_at=clock.now())
        sent += 1
    return sent


@transaction.atomic
def _claim(policy: Policy) -> dict[str, list[Delivery]]:
    """What is tried now, by number; what is too late, was tried often enough or is over the quota goes elsewhere."""
    now = clock.now()
    unlocked = Delivery.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    due = list(
        unlocked.filter(route=Route.SMS, state=DeliveryState.DUE, due_at__lte=now)
        .select_related("notice__resident__account", "notice__account")
        .order_by("due_at", "id")[:MOST]
    )
    reach = queries.reach_of([one.notice for one in due])  # as it is now: a yes may have been taken back at night
    _end([one for one in due if one.notice.is_over], DeliveryState.DROPPED, Why.TOO_LATE)
    _fail([one for one in _still(due) if Route.SMS not in reach[one.notice_id]], Why.CLOSED)
    _fail([one for one in _still(due) if one.tries >= policy.tries], Why.GATEWAY)
    room = max(policy.texts_a_day - queries.texts_sent_today(), 0)
    waiting = _still(due)
    _fail(waiting[room:], Why.QUOTA)
    tried: dict[str, list[Delivery]] = defaultdict(list)
    for one in waiting[:room]:
        one.tries, one.due_at = one.tries + 1, now + timedelta(minutes=policy.again_minutes)
        tried[queries.number_of(one.notice)].append(one)
    Delivery.objects.bulk_update(waiting[:room], ["tries", "due_at"])
    return tried


def _still(due: Sequence[Delivery]) -> list[Delivery]:
    return [one for one in due if one.state == DeliveryState.DUE]


@transaction.atomic
def drop_late() -> int:
    """End what waits on a list though it is too late to tell it: the log says so. Returns how many."""
    unlocked = Delivery.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    late = list(unlocked.filter(state=DeliveryState.DUE, notice__until__lte=clock.now()).order_by("id"))
    _end(late, DeliveryState.DROPPED, Why.TOO_LATE)
    return len(late)


@transaction.atomic
def mark(*, delivery: Delivery, why: str = "", by: Actor) -> None:
    """Tick it: they were told in person; or say `why` not, and it is tried again, or by the next route.

    Raises `StaleState` when somebody else ticked it. Announces `PersonTold` or `PersonNotReached`.
    """
    require(rules.can_tell(by))
    here = Delivery.objects.select_for_update(no_key=True, of=("self",)).select_related("notice").get(pk=delivery.pk)
    if here.state != DeliveryState.DUE or here.route == Route.SMS:
        raise states.StaleState()
    about = {"subject": source_of(here), "route": here.route, "kind": here.notice.kind}
    if not why:
        _end([here], DeliveryState.TOLD, "", by=by)
        announce(events.PersonTold(**about), by=by)
        return
    policy = routing.policy_on(clock.today())
    here.tries += 1
    if why == Why.NO_ANSWER and here.tries < policy.calls:
        here.due_at = clock.now() + timedelta(hours=policy.call_again_hours)
        here.why = why
        here.save(update_fields=["tries", "due_at", "why"])
    else:
        here.save(update_fields=["tries"])
        _fail([here], Why(why), by=by)
    announce(events.PersonNotReached(**about, why=why), by=by)


@transaction.atomic
def put_back(*, delivery: Delivery, by: Actor) -> None:
    """Ticked by mistake: it is on the list again. Raises `ForbiddenMove`. Announces `TellingTakenBack`."""
    require(rules.can_tell(by))
    if delivery.route == Route.SMS or delivery.state != DeliveryState.TOLD:
        raise states.ForbiddenMove()
    states.move(delivery, DeliveryState.DUE, flow=DELIVERY_FLOW, done_at=None, done_by=None, due_at=clock.now())
    fact = events.TellingTakenBack(subject=source_of(delivery), route=delivery.route, kind=delivery.notice.kind)
    announce(fact, by=by)


def _fail(deliveries: Sequence[Delivery], why: Why, *, by: Actor | None = None) -> None:
    """They were not reached this way: the next surer one, where there is one."""
    _end(deliveries, DeliveryState.FAILED, why, by=by)
    reach = queries.reach_of([one.notice for one in deliveries])
    now, policy = clock.now(), routing.policy_on(clock.today())
    rows = []
    for one in deliveries:
        purpose = policy.purposes[kinds.kind(one.notice.kind).purpose]
        if route := routing.next_route(purpose, reach[one.notice_id], one.route):
            rows.append(Delivery(notice=one.notice, route=route, due_at=policy.not_before(now, purpose)))
    fill_community(rows)
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _end(deliveries: Sequence[Delivery], state: str, why: str, *, by: Actor | None = None) -> None:
    done_by = by.account_id if by is not None else None
    if deliveries:
        states.move_all(deliveries, state, flow=DELIVERY_FLOW, why=why, done_at=clock.now(), done_by_id=done_by)
