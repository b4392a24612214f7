"""Days and times as people write them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django import forms
from django.utils import timezone

from weiyifang.core.web.dates_typed import ClockField, DayField, MomentField


@pytest.mark.parametrize(
    "typed",
    ["2026年12月11日", "2026 年 12 月 11 号", "２０２６／１２／１１", "2026.12.11", " 2026-12-11 "],
)
def test_a_day_is_understood_as_people_write_it(typed: str) -> None:
    assert DayField().clean(typed) == date(2026, 12, 11)


@pytest.mark.parametrize("typed", ["19：30", "１９:３０", "19点30分", "19点半", "晚上7点半", "下午 7:30", "19:30:00"])
def test_a_time_is_understood_as_people_write_it(typed: str) -> None:
    assert ClockField().clean(typed) == time(19, 30)


@pytest.mark.parametrize("typed", ["2026年12月11日 19：30", "2026年12月11日19点半", "2026-12-11T19:30"])
def test_a_moment_is_understood_as_people_write_it(typed: str) -> None:
    assert MomentField().clean(typed) == timezone.make_aware(datetime(2026, 12, 11, 19, 30))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (DayField, "2026年2月30日"),
        (DayField, "12月11日"),
        (DayField, "0000年1月1日"),
        (ClockField, "25：00"),
        (ClockField, "7点70分"),
        (ClockField, "晚上"),
        (MomentField, "2026年12月11日 25点"),
    ],
)
def test_what_is_no_day_and_no_time_is_refused(field: type[forms.Field], typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        field().clean(typed)


@pytest.mark.parametrize(("typed", "meant"), [("中午12点", 12), ("上午9点", 9), ("晚上8点", 20), ("早上6点", 6)])
def test_the_part_of_the_day_says_which_hour(typed: str, meant: int) -> None:
    assert ClockField().clean(typed) == time(meant)
