"""Rules of RFC 5545 (its own examples), the wall clock, and the country's holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from weiyifang.timetable import holidays
from weiyifang.timetable.recurrence import BadRule, Policy, Rule, TooManyDates, expand

NEW_YORK = ZoneInfo("America/New_York")  # where the examples of RFC 5545 live
NINE = datetime(1997, 9, 2, 9)

# RFC 5545, 3.8.5.3, "Examples": the rule, its start (9:00 on that day), the first dates as the RFC prints them
RFC_5545 = [
    ("FREQ=DAILY;COUNT=10", "1997-09-02", "9-02 9-03 9-04 9-05 9-06 9-07 9-08 9-09 9-10 9-11 ."),
    ("FREQ=DAILY;INTERVAL=2", "1997-09-02", "9-02 9-04 9-06 9-08"),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "9-02 9-12 9-22 10-02 10-12 ."),
    ("FREQ=WEEKLY;COUNT=10", "1997-09-02", "9-02 9-09 9-16 9-23 9-30 10-07 10-14 10-21 10-28 11-04 ."),
    ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02", "9-02 9-16 9-30 10-14 10-28 11-11 11-25 12-09 12-23"),
    (
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "1997-09-02",
        "9-02 9-04 9-09 9-11 9-16 9-18 9-23 9-25 9-30 10-02 .",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "1997-09-01",
        "9-01 9-03 9-05 9-15 9-17 9-19 9-29 10-01 10-03 10-13 10-15 10-17 10-27 10-29 10-31 11-10 11-12 11-14",
    ),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "8-05 8-10 8-19 8-24 ."),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "8-05 8-17 8-19 8-31 ."),
    ("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05", "9-05 10-03 11-07 12-05 1-02 2-06 3-06 4-03 5-01 6-05 ."),
    ("FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "1997-09-05", "9-05 10-03 11-07 12-05 ."),
    (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997-09-07",
        "9-07 9-28 11-02 11-30 1-04 1-25 3-01 3-29 5-03 5-31 .",
    ),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22", "9-22 10-20 11-17 12-22 1-19 2-16 ."),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "9-28 10-29 11-28 12-29 1-29 2-26"),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "1997-09-02",
        "9-02 9-15 10-02 10-15 11-02 11-15 12-02 12-15 1-02 1-15 .",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997-09-30",
        "9-30 10-01 10-31 11-01 11-30 12-01 12-31 1-01 1-31 2-01 .",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997-09-10",
        "9-10 9-11 9-12 9-13 9-14 9-15 3-10 3-11 3-12 3-13 .",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "1997-09-02",
        "9-02 9-09 9-16 9-23 9-30 11-04 11-11 11-18 11-25 1-06 1-13 1-20 1-27",
    ),
    ("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10", "6-10 7-10 6-10 7-10 6-10 7-10 6-10 7-10 6-10 7-10 ."),
    (
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1997-01-01",
        "1-01 4-10 7-19 1-01 4-09 7-18 1-01 4-10 7-19 1-01 .",
    ),
    ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "5-19 5-18 5-17"),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997-03-13", "3-13 3-20 3-27 3-05 3-12 3-19 3-26 3-04 3-11 3-18 3-25"),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02", "2-13 3-13 11-13 8-13 10-13"),
    (
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "1997-09-13",
        "9-13 10-11 11-08 12-13 1-10 2-07 3-07 4-11 5-09 6-13",
    ),
    ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05", "11-05 11-07 11-02"),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "9-04 10-07 11-06 ."),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29", "9-29 10-30 11-27 12-30 1-29 2-26 3-30"),
    ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15", "1-15 1-30 2-15 3-15 3-30 ."),
]


@pytest.mark.parametrize(("rule", "start", "printed"), RFC_5545, ids=[rule for rule, _start, _dates in RFC_5545])
def test_the_examples_of_rfc_5545_come_out_as_the_rfc_prints_them(rule: str, start: str, printed: str) -> None:
    dates = printed.removesuffix(" .").split()
    is_all = printed.endswith(".")
    found = expand(rule, datetime.fromisoformat(f"{start}T09:00"), datetime(2010, 1, 1), NEW_YORK)
    first = list(found if is_all else islice(found, len(dates)))
    assert [f"{moment.month}-{moment.day:02d}" for moment in first] == dates
    assert {moment.hour for moment in first} == {9}


def test_until_a_moment_in_utc_is_meant_where_the_event_takes_place() -> None:
    assert len(list(expand("FREQ=DAILY;UNTIL=19970904T130000Z", NINE, datetime(2000, 1, 1), NEW_YORK))) == 3
    assert len(list(expand("FREQ=DAILY;UNTIL=19970904T125959Z", NINE, datetime(2000, 1, 1), NEW_YORK))) == 2
    assert len(list(expand("FREQ=DAILY;UNTIL=19970904T090000", NINE, datetime(2000, 1, 1), NEW_YORK))) == 3
    assert len(list(expand("FREQ=DAILY;UNTIL=19970904", NINE, datetime(2000, 1, 1), NEW_YORK))) == 3


def test_nine_oclock_stays_nine_oclock_when_the_clocks_change() -> None:
    rule = Rule("FREQ=WEEKLY;COUNT=3", datetime(2026, 3, 22, 9), 60)
    with override_settings(TIME_ZONE="Europe/Berlin"):
        spans = rule.between(date(2026, 3, 1), date(2026, 4, 30))
        assert [timezone.localtime(start, ZoneInfo("Europe/Berlin")).hour for start, _end in spans] == [9, 9, 9]
        assert [start.astimezone(UTC).hour for start, _end in spans] == [8, 7, 7]
        assert {end - start for start, end in spans} == {timedelta(hours=1)}


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every Tuesday",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;INTERVAL=1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=many",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=20261301",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=",
        "FREQ=MONTHLY;BYSETPOS=999",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;X-OWN=1",
        "FREQ=DAILY;BYMONTH=" + "1," * 200 + "1",
    ],
)
def test_a_repetition_that_cannot_be_used_is_refused_with_a_sentence(rule: str) -> None:
    with pytest.raises(BadRule) as refusal:
        Rule(rule, NINE, 60)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "never",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # it starts on a Tuesday
        "FREQ=WEEKLY;BYMONTH=13",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",  # of September
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=300",
    ],
)
def test_a_rule_that_never_comes_true_is_refused_and_not_counted_for_ever(never: str) -> None:
    with pytest.raises(BadRule):
        Rule(never, NINE, 60)


def test_dates_are_counted_over_leap_years_and_centuries() -> None:
    leap = list(
        expand("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", datetime(2092, 2, 29, 9), datetime(2112, 12, 31), NEW_YORK)
    )
    assert [moment.year for moment in leap] == [2092, 2096, 2104, 2108, 2112]
    friday_13th = expand("FREQ=DAILY;BYDAY=FR;BYMONTHDAY=13;BYMONTH=2", NINE, datetime(2027, 1, 1), NEW_YORK)
    assert [moment.year for moment in friday_13th] == [1998, 2004, 2009, 2015, 2026]


def test_more_dates_than_anybody_can_mean_are_refused() -> None:
    with pytest.raises(TooManyDates):
        Rule("FREQ=DAILY;BYHOUR=8,9,10;BYMINUTE=0,10,20", NINE, 5).between(date(2026, 1, 1), date(2026, 1, 2))


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "INTERVAL=2", "COUNT=3", "COUNT=0"),
                *("UNTIL=20270101", "UNTIL=1", "BYDAY=MO", "BYDAY=-1FR", "BYDAY=5SU,1MO", "BYMONTH=2", "BYMONTH=13"),
                *("BYMONTHDAY=31", "BYMONTHDAY=-1,0", "BYYEARDAY=366", "BYSETPOS=-1", "BYHOUR=25", "BYMINUTE=30"),
                *("WKST=SU", "WKST=8", "=", "X", ";"),
            ]
        ),
        max_size=5,
    ).map(";".join)
)
def test_any_rule_gives_dates_in_order_or_a_sentence(text: str) -> None:
    try:
        dates = list(expand(text, datetime(2026, 11, 24, 9), datetime(2028, 12, 31), NEW_YORK))
    except BadRule:
        return
    assert dates == sorted(set(dates))
    assert all(datetime(2026, 11, 24, 9) <= moment <= datetime(2028, 12, 31) for moment in dates)


# The State Council's notices for 2025 (国办发明电〔2024〕12号) and 2026 (国办发明电〔2025〕7号)
DAYS_OFF = {
    "New Year's Day": ["2025-01-01/2025-01-01", "2026-01-01/2026-01-03"],
    "Spring Festival": ["2025-01-28/2025-02-04", "2026-02-15/2026-02-23"],
    "Tomb-sweeping Day": ["2025-04-04/2025-04-06", "2026-04-04/2026-04-06"],
    "Labour Day": ["2025-05-01/2025-05-05", "2026-05-01/2026-05-05"],
    "Dragon Boat Festival": ["2025-05-31/2025-06-02", "2026-06-19/2026-06-21"],
    "National Day": ["2025-10-01/2025-10-08", "2026-10-01/2026-10-07"],
    "Mid-autumn Festival": ["2026-09-25/2026-09-27"],
}
WORKED_IN_RETURN = {
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
}


def test_the_days_of_2025_and_2026_are_those_the_state_council_announced() -> None:
    off = set()
    for spans in DAYS_OFF.values():
        for first, last in (span.split("/") for span in spans):
            day = date.fromisoformat(first)
            while day <= date.fromisoformat(last):
                off.add(day)
                day += timedelta(days=1)
    day = date(2025, 1, 1)
    while day.year < 2027:
        expected = "working" if day.weekday() < 5 or day.isoformat() in WORKED_IN_RETURN else "rest"
        assert holidays.day_kind(day).kind == ("holiday" if day in off else expected), day
        day += timedelta(days=1)


def test_days_have_names_people_know() -> None:
    with translation.override("en"):
        assert holidays.day_kind(date(2026, 10, 1)) == ("holiday", "National Day")
        assert holidays.day_kind(date(2026, 10, 10)) == ("working", "National Day")
        assert holidays.day_kind(date(2026, 10, 12)) == ("working", "")


def test_a_year_nobody_announced_has_plain_weekends() -> None:
    assert holidays.is_known(2026)
    assert not holidays.is_known(2090)
    assert not holidays.is_known(1949)
    assert [holidays.day_kind(date(2090, 10, day)).kind for day in (1, 2, 6)] == ["rest", "working", "working"]


def days(rule: str, start: str, policy: Policy, first: str, last: str) -> list[str]:
    spans = Rule(rule, datetime.fromisoformat(start), 90, policy).between(
        date.fromisoformat(first), date.fromisoformat(last)
    )
    assert all(end - begin == timedelta(minutes=90) for begin, end in spans)
    return [f"{timezone.localtime(begin):%m-%d %H:%M}" for begin, _end in spans]


WEDNESDAYS = ("FREQ=WEEKLY;BYDAY=WE", "2025-09-03T09:30")
GOLDEN_WEEK = ("2025-09-22", "2025-10-19")  # holidays from 1 to 8 October; 28 September and 11 October are worked


def test_a_class_on_a_holiday_stays_is_dropped_or_moves_to_the_next_working_day() -> None:
    assert days(*WEDNESDAYS, "keep", *GOLDEN_WEEK) == ["09-24 09:30", "10-01 09:30", "10-08 09:30", "10-15 09:30"]
    assert days(*WEDNESDAYS, "skip", *GOLDEN_WEEK) == ["09-24 09:30", "10-15 09:30"]
    assert days(*WEDNESDAYS, "shift", *GOLDEN_WEEK) == ["09-24 09:30", "10-09 09:30", "10-10 09:30", "10-15 09:30"]


def test_a_day_worked_in_return_takes_a_shifted_class() -> None:
    fridays = ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2025-09-01T09:30")
    shifted = days(*fridays, "shift", *GOLDEN_WEEK)
    assert "10-11 09:30" in shifted
    assert not {f"10-{day:02d} 09:30" for day in range(1, 9)} & set(shifted)


def test_a_weekend_class_moves_to_a_plain_weekend() -> None:
    saturdays = ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "2025-09-20T15:00")
    assert days(*saturdays, "shift", "2025-09-15", "2025-10-31") == ["09-20 15:00", "10-12 15:00", "10-18 15:00"]


def test_a_shift_over_the_edge_is_found_from_both_sides_once() -> None:
    before, after = ("2025-09-01", "2025-10-08"), ("2025-10-09", "2025-10-31")
    whole = days(*WEDNESDAYS, "shift", "2025-09-01", "2025-10-31")
    assert days(*WEDNESDAYS, "shift", *before) + days(*WEDNESDAYS, "shift", *after) == whole


def test_a_preview_names_what_was_moved_and_dropped() -> None:
    rule = Rule(WEDNESDAYS[0], datetime.fromisoformat(WEDNESDAYS[1]), 90, "skip")
    with translation.override("en"):
        found = rule.occurrences(date(2025, 10, 1), date(2025, 10, 15))
    assert [(one.planned.day, one.starts_at is None, one.holiday) for one in found] == [
        (1, True, "National Day"),
        (8, True, "National Day"),
        (15, False, ""),
    ]


def test_a_rule_that_makes_no_sense_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError):
        Rule("FREQ=DAILY", datetime(2026, 1, 1, tzinfo=UTC), 60)
    with pytest.raises(ValueError):
        Rule("FREQ=DAILY", NINE, 0)
    with pytest.raises(ValueError):
        Rule("FREQ=DAILY", NINE, 60, "sometimes")  # type: ignore[arg-type]  # what is refused
