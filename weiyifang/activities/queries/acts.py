"""When each act of a running order is on the stage: reckoned from the beginning of its date, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from weiyifang.activities.models import Act, RunningOrder, Session, SessionQuerySet, SessionState
from weiyifang.organizations import queries as organizations
from weiyifang.organizations.queries import Named


@dataclass(frozen=True, kw_only=True)
class Turn:
    """An act, from when until when."""

    act: Act
    number: int
    starts_at: datetime
    ends_at: datetime
    organization: Named | None = None

    @property
    def who(self) -> str:
        """The organization and what is said of it; one of them is there."""
        return " · ".join(filter(None, [self.organization.name if self.organization else "", self.act.performers]))


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The running order of a date; without acts where nobody has begun one."""

    session: Session
    order: RunningOrder | None
    turns: Sequence[Turn] = ()

    @property
    def is_published(self) -> bool:
        return self.order is not None and self.order.is_published

    @property
    def ends_at(self) -> datetime:
        """When the last act ends."""
        end: datetime = self.turns[-1].ends_at if self.turns else self.session.starts_at
        return end

    @property
    def minutes_over(self) -> int:
        """By how many minutes it is longer than its date; 0 when it fits."""
        return max(0, (self.ends_at - self.session.ends_at) // timedelta(minutes=1))

    @property
    def minutes_left(self) -> int:
        return max(0, (self.session.ends_at - self.ends_at) // timedelta(minutes=1))

    @property
    def microphones(self) -> int:
        """The most that one act needs."""
        return max((turn.act.microphones for turn in self.turns), default=0)

    @property
    def chairs(self) -> int:
        return max((turn.act.chairs for turn in self.turns), default=0)


def saying_programmes(dates: SessionQuerySet) -> SessionQuerySet:
    """Each with `has_programme`: is its running order shown to all?"""
    shown = RunningOrder.objects.filter(session=OuterRef("pk"), published_at__isnull=False)
    return dates.annotate(has_programme=Exists(shown))


def stage_times(acts: Sequence[Act], begins: datetime) -> list[tuple[datetime, datetime]]:
    """From when until when each is on the stage: after the one before, and the time that its things take to go."""
    times = []
    for act in acts:
        ends = begins + timedelta(minutes=act.minutes)
        times.append((begins, ends))
        begins = ends + timedelta(minutes=act.changeover)
    return times


def programme_of(session: Session) -> Programme:
    """Published or not: whoever asks says to whom it is shown."""
    order = RunningOrder.objects.filter(session=session).first()
    return Programme(session=session, order=order, turns=_turns(order, session) if order else ())


def programme_by(order_id: UUID) -> Programme:
    order = RunningOrder.objects.select_related("session__activity").get(pk=order_id)
    return Programme(session=order.session, order=order, turns=_turns(order, order.session))


def act(pk: UUID) -> Act:
    """An act, also one that was taken out, with its date and activity."""
    return Act.objects.select_related("order__session__activity").get(pk=pk)


def performed(pk: UUID) -> Turn | None:
    """An act of a programme that was shown to all, on a date that took place; None: it was not performed."""
    rows = RunningOrder.objects.filter(acts__pk=pk, published_at__isnull=False, session__state=SessionState.HELD)
    order = rows.select_related("session__activity").first()
    turns = _turns(order, order.session) if order is not None else []
    found = next((turn for turn in turns if turn.act.pk == pk), None)
    if found is not None and order is not None:
        found.act.order = order
    return found


def _turns(order: RunningOrder, session: Session) -> list[Turn]:
    acts = list(Act.objects.in_order(order))
    named = organizations.named({act.organization for act in acts if act.organization})
    times = stage_times(acts, session.starts_at)
    return [
        Turn(act=act, number=n, starts_at=a, ends_at=b, organization=named.get(act.organization))
        for n, (act, (a, b)) in enumerate(zip(acts, times, strict=True), start=1)
    ]
