"""Whatever is booked, held, moved and freed in whatever order: the table is what a plain list says it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from weiyifang.core import actors, clock
from weiyifang.core.refusals import Refused
from weiyifang.timetable import queries, services, verify
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.subjects import Subject
from weiyifang.timetable.tests.make import MONDAY

SUBJECTS = [Subject(id=UUID(int=number), kind="thing") for number in range(1, 4)]
BY = actors.Actor(community_id=500108002001, name="somebody")


def at(step: int) -> datetime:
    """Time in steps of a quarter of an hour."""
    return MONDAY + timedelta(days=1, minutes=15 * step)


@dataclass(frozen=True)
class Taken:
    subject: UUID
    start: int
    end: int
    before: int
    after: int
    source: str
    until: datetime | None = None

    def touches(self, other: Taken) -> bool:
        return (
            self.subject == other.subject
            and self.start - self.before < other.end + other.after
            and other.start - other.before < self.end + self.after
        )


@dataclass
class Oracle:
    now: datetime = MONDAY
    rows: set[Taken] = field(default_factory=set)

    def live(self) -> set[Taken]:
        return {row for row in self.rows if row.until is None or row.until > self.now}

    def book(self, new: set[Taken]) -> None:
        assert not any(one.touches(other) for one in new for other in self.live())
        self.rows = self.live() | new

    def move(self, source: str, start: int, length: int) -> None:
        mine = {row for row in self.live() if row.source == source}
        assert mine
        self.rows -= mine
        self.book({replace(row, start=start, end=start + length) for row in mine})

    def confirm(self, source: str) -> None:
        mine = {row for row in self.rows if row.source == source}
        assert mine
        assert mine <= self.live()
        self.rows = self.rows - mine | {replace(row, until=None) for row in mine}

    def release(self, source: str) -> None:
        self.rows = {row for row in self.rows if row.source != source}


STARTS, LENGTHS, BUFFERS = st.integers(0, 8), st.integers(1, 3), st.sampled_from([0, 0, 1, 2])
SOURCES = st.sampled_from("abcdef")


class Timetable(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.world = transaction.atomic()
        self.world.__enter__()
        self.oracle = Oracle()

    def both(self, ours: Callable[[], Any], theirs: Callable[[Oracle], Any]) -> None:
        """Do it in both worlds: both do it, or both refuse and stay as they were."""
        trial = copy.deepcopy(self.oracle)
        try:
            theirs(trial)
        except AssertionError:
            expected = False
        else:
            expected, self.oracle = True, trial
        with clock.at(self.oracle.now):
            try:
                ours()
                done = True
            except Refused:
                done = False
        assert done == expected

    @rule(
        data=st.data(),
        subjects=st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=3, unique=True),
        span=st.tuples(STARTS, LENGTHS, BUFFERS, BUFFERS),
        held=st.booleans(),
    )
    def book(self, data: st.DataObject, subjects: list[Subject], span: tuple[int, int, int, int], held: bool) -> None:
        start, length, before, after = span
        unused = sorted(set("abcdef") - {row.source for row in self.oracle.rows})
        if not unused:
            return
        source = data.draw(st.sampled_from(unused))
        until = self.oracle.now + timedelta(minutes=20) if held else None
        rows = {Taken(one.id, start, start + length, before, after, source, until) for one in subjects}
        self.both(
            lambda: services.allocate(
                subjects=subjects,
                starts_at=at(start),
                ends_at=at(start + length),
                source=source,
                buffer_before=15 * before,
                buffer_after=15 * after,
                hold_until=until,
                by=BY,
            ),
            lambda oracle: oracle.book(rows),
        )

    @rule(source=SOURCES, start=STARTS, length=LENGTHS)
    def move(self, source: str, start: int, length: int) -> None:
        self.both(
            lambda: services.reschedule(source=source, starts_at=at(start), ends_at=at(start + length), by=BY),
            lambda oracle: oracle.move(source, start, length),
        )

    @rule(source=SOURCES)
    def confirm(self, source: str) -> None:
        self.both(lambda: services.confirm(source=source, by=BY), lambda oracle: oracle.confirm(source))

    @rule(source=SOURCES)
    def release(self, source: str) -> None:
        self.both(lambda: services.release(source=source, by=BY), lambda oracle: oracle.release(source))

    @rule(minutes=st.sampled_from([10, 20]))
    def time_passes(self, minutes: int) -> None:
        self.oracle.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        def keep_the_living(oracle: Oracle) -> None:
            oracle.rows = oracle.live()

        self.both(lambda: services.expire_due(by=BY), keep_the_living)

    @invariant()
    def both_worlds_are_the_same(self) -> None:
        if not hasattr(self, "oracle"):
            return
        with clock.at(self.oracle.now):
            rows = Allocation.objects.live()
            spans = {(row.subject_id, row.starts_at, row.ends_at, row.source, row.expires_at) for row in rows}
            gaps = queries.free_times(SUBJECTS[0], MONDAY.date() + timedelta(days=1))
        live = self.oracle.live()
        assert spans == {(row.subject, at(row.start), at(row.end), row.source, row.until) for row in live}
        mine = [row for row in live if row.subject == SUBJECTS[0].id]
        for step in range(16):
            probe = Taken(SUBJECTS[0].id, step, step + 1, 0, 0, "probe")
            is_free = any(start <= at(step) and at(step + 1) <= end for start, end in gaps)
            assert is_free == (not any(probe.touches(row) for row in mine))

    def teardown(self) -> None:
        if hasattr(self, "world"):
            assert verify.check() == []
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)


@pytest.mark.usefixtures("home")
def test_the_timetable_is_where_the_oracle_says() -> None:
    run_state_machine_as_test(
        Timetable,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
