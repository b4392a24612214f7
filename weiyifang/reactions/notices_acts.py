"""Who performs when: told to the leaders of the organizations on a programme that everybody reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from weiyifang.activities import events as activities
from weiyifang.activities import queries as activities_read
from weiyifang.activities.models import Act
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.notices.services import tell
from weiyifang.organizations import queries as organizations_read


def on_stage(fact: activities.RunningOrderPublished) -> None:
    """Whoever leads an organization that performs, of each of its acts."""
    programme = activities_read.programme_by(id_in(fact.subject))
    _tell_performers("on_stage", programme, programme.turns)


def stage_times_moved(fact: activities.ActFact) -> None:
    """Those whose time is another now; who performs an act that is new has none before it."""
    if fact.moved:
        programme = activities_read.programme_by(fact.order_id)
        turns = [turn for turn in programme.turns if turn.act.pk in fact.moved]
        _tell_performers("stage_time", programme, turns)


def stage_date_moved(fact: activities.SessionMoved) -> None:
    """All of a date's acts, if its running order is shown to all: another time, or another place."""
    programme = activities_read.programme_of(activities_read.date_of(id_in(fact.subject)))
    if programme.is_published:
        kind = "stage_time" if fact.was_at != fact.starts_at else "stage_elsewhere"
        _tell_performers(kind, programme, programme.turns)


def stage_elsewhere(fact: activities.ActivityEdited) -> None:
    """The activity has another place; dates with a place of their own are left out."""
    if "place" in fact.changed:
        for session in activities_read.dates_at_its_place(id_in(fact.subject)):
            programme = activities_read.programme_of(session)
            if programme.is_published:
                _tell_performers("stage_elsewhere", programme, programme.turns)


def stage_called_off(fact: activities.SessionCancelled) -> None:
    programme = activities_read.programme_of(activities_read.date_of(id_in(fact.subject)))
    if programme.is_published:
        _tell_performers("off_stage", programme, programme.turns)


def off_stage(fact: activities.ActTakenOut) -> None:
    """Whoever had been told a time."""
    if fact.was_at is not None:
        act = activities_read.act(id_in(fact.subject))
        _tell_performer("off_stage", act, fact.was_at, organizations_read.leaders_of([act.organization]))


def another_performs(fact: activities.ActEdited) -> None:
    """Whoever was to perform it, when another organization does."""
    if fact.instead_of and fact.was_at is not None:
        act = activities_read.act(id_in(fact.subject))
        _tell("off_stage", act, fact.was_at, organizations_read.leaders_of([fact.instead_of]).get(fact.instead_of))


def _tell_performers(kind: str, programme: activities_read.Programme, turns: Sequence[activities_read.Turn]) -> None:
    leaders = organizations_read.leaders_of(turn.act.organization for turn in turns)
    for turn in turns:
        turn.act.order.session = programme.session
        _tell_performer(kind, turn.act, turn.starts_at, leaders)


def _tell_performer(kind: str, act: Act, starts_at: datetime, leaders: Mapping[str, UUID]) -> None:
    _tell(kind, act, starts_at, leaders.get(act.organization))


def _tell(kind: str, act: Act, starts_at: datetime, leader_id: UUID | None) -> None:
    if leader_id is not None:
        session = act.order.session
        tell(
            kind=kind,
            about=source_of(act),
            residents=[leader_id],
            until=starts_at,
            starts_at=starts_at,
            number=session.activity.number,
            date=session.number,
        )
