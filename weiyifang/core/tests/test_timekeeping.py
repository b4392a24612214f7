"""A clock that jumps, as the program notices it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from weiyifang.core import clock, timekeeping
from weiyifang.core.models import ClockMark

pytestmark = [pytest.mark.django_db, pytest.mark.computers_clock]


@pytest.fixture(autouse=True)
def for_real_people() -> Iterator[None]:
    """The demo lives at times of its own, and is not looked at."""
    timekeeping._believed = None
    with override_settings(DEMO=False):
        yield
    timekeeping._believed = None


def seen_last(before_now: timedelta) -> None:
    ClockMark.objects.update_or_create(pk=1, defaults={"seen_at": timezone.now() - before_now})
    timekeeping._believed = None


def test_the_first_look_believes_the_clock_and_writes_it_down() -> None:
    timekeeping.require()
    assert abs(ClockMark.objects.get().seen_at - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("minutes_ago", [400 * 24 * 60, 32 * 24 * 60, -10, -400 * 24 * 60])
def test_a_clock_that_jumped_is_refused_until_somebody_has_looked(minutes_ago: int) -> None:
    seen_last(timedelta(minutes=minutes_ago))
    with pytest.raises(timekeeping.ClockJumped):
        timekeeping.require()
    mark = ClockMark.objects.get().seen_at
    timekeeping.note()
    assert ClockMark.objects.get().seen_at == mark, "a wrong time is not written down"
    with pytest.raises(CommandError, match="--accept"):
        call_command("clock")
    call_command("clock", accept=True)
    timekeeping.require()


@pytest.mark.parametrize("pause", [timedelta(0), timedelta(hours=9), timedelta(days=30), -timedelta(minutes=2)])
def test_a_pause_and_a_small_correction_are_nothing(pause: timedelta) -> None:
    seen_last(pause)
    timekeeping.require()
    timekeeping.note()
    assert ClockMark.objects.get().seen_at >= timezone.now() - max(pause, timedelta(seconds=5))


def test_a_jump_between_two_looks_is_noticed_at_once() -> None:
    timekeeping.require()
    believed = timekeeping._believed
    assert believed is not None
    timekeeping._believed = believed._replace(moment=believed.moment - timedelta(days=400))
    ClockMark.objects.update(seen_at=timezone.now() - timedelta(days=400))
    with pytest.raises(timekeeping.ClockJumped):
        timekeeping.require()


def test_whoever_set_the_clock_is_not_asked() -> None:
    seen_last(timedelta(days=400))
    with clock.at(timezone.now() - timedelta(days=300)):
        timekeeping.require()
