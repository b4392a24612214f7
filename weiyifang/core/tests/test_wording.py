"""Days, times, spans and amounts, as a neighbour says them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import translation

from weiyifang.core import clock
from weiyifang.core.look import lunar, wording

WEDNESDAY = date(2026, 10, 14)


@pytest.fixture(autouse=True)
def wednesday_morning() -> Iterator[None]:
    with translation.override("zh-hans"), clock.at(clock.local(WEDNESDAY, "08:00")):
        yield


def test_near_days_have_names_and_days_of_this_week_their_weekday() -> None:
    assert wording.when(clock.local(WEDNESDAY, "9:30".zfill(5))) == "今天 9:30"
    assert wording.short_day(WEDNESDAY + timedelta(days=1)) == "明天"
    assert wording.short_day(WEDNESDAY - timedelta(days=1)) == "昨天"
    assert wording.when(clock.local(date(2026, 10, 17), "14:30")) == "周六 17日 14:30"


def test_far_days_are_dates_and_another_year_is_named() -> None:
    assert wording.short_day(date(2026, 11, 3)) == "11月3日"
    assert wording.short_day(date(2027, 1, 3)) == "2027年1月3日"
    assert wording.day(date(2026, 10, 17)) == "10月17日 星期六"
    assert wording.day(date(2027, 1, 3), "short") == "2027年1月3日"


def test_the_same_days_in_english() -> None:
    with translation.override("en"):
        assert wording.when(clock.local(date(2026, 10, 17), "14:30")) == "Sat 17 14:30"
        assert wording.day(date(2026, 10, 17)) == "Sat 17 Oct"


@pytest.mark.parametrize(
    ("at", "said", "english"),
    [
        ("05:30", "凌晨 5:30", "5:30 am"),
        ("09:00", "上午 9:00", "9:00 am"),
        ("12:10", "中午 12:10", "12:10 pm"),
        ("14:30", "下午 2:30", "2:30 pm"),
        ("19:00", "晚上 7:00", "7:00 pm"),
        ("00:05", "凌晨 0:05", "12:05 am"),
    ],
)
def test_elders_read_the_hours_of_the_clock_on_the_wall(at: str, said: str, english: str) -> None:
    reader = wording.for_elders.set(lambda: True)
    try:
        moment = clock.local(WEDNESDAY, at)
        assert wording.when(moment) == f"今天 {said}"
        with translation.override("en"):
            assert wording.clock_time(moment) == english
    finally:
        wording.for_elders.reset(reader)
    assert wording.clock_time(moment) == at.removeprefix("0")


def test_elders_read_the_part_of_the_day_once_in_a_span() -> None:
    reader = wording.for_elders.set(lambda: True)
    try:
        start = clock.local(date(2026, 10, 17), "14:30")
        assert wording.span(start, start + timedelta(hours=2)) == "10月17日 星期六 下午 2:30–4:30"
        assert wording.span(start, start + timedelta(hours=5)) == "10月17日 星期六 下午 2:30–晚上 7:30"
    finally:
        wording.for_elders.reset(reader)


def test_a_span_names_its_end_day_only_when_it_is_another() -> None:
    start = clock.local(date(2026, 10, 17), "14:30")
    assert wording.span(start, start + timedelta(hours=2)) == "10月17日 星期六 14:30–16:30"
    assert wording.span(start, start + timedelta(days=1)) == "10月17日 星期六 14:30 – 10月18日 星期日 14:30"
    assert wording.span(start) == "10月17日 星期六 14:30"


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "0 分"), (52, "52 分"), (60, "1 小时"), (108, "1 小时 48 分"), (1440, "1 天"), (1575, "1 天 2 小时")],
)
def test_minutes_are_said_in_their_two_largest_units(amount: int, said: str) -> None:
    assert wording.minutes(amount) == said


@pytest.mark.parametrize(
    ("amount", "said"), [(0, "0 分"), (52, "52 分"), (90, "1 小时 30 分"), (1440, "24 小时"), (540_000, "9000 小时")]
)
def test_time_that_was_given_is_said_in_hours_however_much_it_is(amount: int, said: str) -> None:
    assert wording.worked(amount) == said


def test_how_long_somebody_waited_comes_from_the_one_clock() -> None:
    assert wording.waited(clock.now() - timedelta(hours=26, minutes=12)) == "1 天"
    assert wording.waited(clock.now() - timedelta(hours=22, minutes=2)) == "22 小时"
    assert wording.waited(clock.now() - timedelta(minutes=52)) == "52 分"


@pytest.mark.parametrize(
    ("fen", "said"),
    [(5_000, "50 元"), (5_050, "50.50 元"), (6_000_000, "6 万元"), (44_614_000, "约 44.6 万元")],
)
def test_a_headline_says_about_only_when_it_rounds(fen: int, said: str) -> None:
    assert wording.yuan_words(fen) == said


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (105, "壹元零伍分"),
        (100_00, "壹佰元整"),
        (1_001_00, "壹仟零壹元整"),
        (100_010_00, "壹拾万零壹拾元整"),
        (446_140_00, "肆拾肆万陆仟壹佰肆拾元整"),
        (100_000_001_00, "壹亿零壹元整"),
        (12_345_67, "壹万贰仟叁佰肆拾伍元陆角柒分"),
        (-386_00, "负叁佰捌拾陆元整"),
    ],
)
def test_receipts_write_amounts_in_capitals(fen: int, written: str) -> None:
    assert wording.yuan_capitals(fen) == written


def test_the_lunar_calendar_and_its_festivals() -> None:
    assert lunar.lunar_day(WEDNESDAY) == "九月初五"
    assert lunar.festival(date(2026, 10, 18)) == "重阳节"
    assert lunar.next_festival(WEDNESDAY) == (date(2026, 10, 18), "重阳节")
    assert lunar.next_festival(date(2026, 11, 30)) is None  # the solstice is three weeks away
    assert lunar.next_festival(date(2026, 12, 12)) == (date(2026, 12, 22), "冬至")
    assert lunar.festival(date(2026, 2, 16)) == "除夕"
    assert lunar.festival(date(2026, 2, 17)) == "春节"
    assert lunar.festival(date(2026, 4, 5)) == "清明"
    assert lunar.festival(WEDNESDAY) == ""
    assert [lunar.lunar_day(date(2026, 10, day))[-2:] for day in (19, 20, 29, 30)] == ["初十", "十一", "二十", "廿一"]


def test_a_leap_month_is_named_and_has_no_festivals() -> None:
    assert lunar.lunar_day(date(2025, 7, 25)) == "闰六月初一"
    assert lunar.festival(date(2020, 6, 25)) == "端午节"  # 2020 had a leap fourth month before it
