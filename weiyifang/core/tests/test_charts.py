"""A pearl always counts something: the drawings hold exactly as many as they should."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation

from weiyifang.core import clock
from weiyifang.core.look import charts
from weiyifang.core.look.charts import Line, Stream
from weiyifang.core.look.icons import ICONS, NoSuchIcon, icon

TEN_THOUSAND = charts.TEN_THOUSAND_YUAN


def circles(svg: str, kind: str) -> int:
    return svg.count(f'class="{kind}"')


@pytest.mark.parametrize(
    ("fen", "filled", "rims"),
    [(TEN_THOUSAND * 6, 6, 0), (TEN_THOUSAND * 6 + 1, 6, 1), (int(TEN_THOUSAND * 14.26), 15, 1), (0, 0, 1)],
)
def test_money_is_whole_pearls_and_one_cut_to_its_fraction(fen: int, filled: int, rims: int) -> None:
    svg = charts.pearls(fen, kind="out")
    assert circles(svg, "p-out") == filled  # a cut pearl too narrow to see is only a rim
    assert circles(svg, "p-rim") == rims


def test_the_last_pearl_is_as_wide_as_its_fraction() -> None:
    assert 'width="4.7" height="18"' in charts.pearls(int(TEN_THOUSAND * 14.26))


def test_no_row_has_more_than_sixteen_pearls() -> None:
    svg = charts.pearls(TEN_THOUSAND * 40)
    assert circles(svg, "p-thread") == 3
    assert 'viewBox="0 0 324 72"' in svg


@pytest.mark.parametrize("fen", [TEN_THOUSAND * 49, 10**11, 10**15, 10**30])
def test_no_drawing_grows_with_an_amount(fen: int) -> None:
    assert len(charts.pearls(fen)) < 12_000
    unit = charts.pearl_unit([Stream("a", fen)], [Stream("b", 1)])
    assert circles(charts.pearls(fen, unit=unit), "p-in") <= charts.MOST_PEARLS
    assert circles(charts.pearls(fen, unit=unit), "p-none") == 0


def test_a_larger_unit_is_said_in_words() -> None:
    with translation.override("zh-hans"):
        assert charts.pearl_words(charts.pearl_unit([Stream("a", 0)])) == "一颗珠子是 1 万元"
        assert charts.pearl_words(charts.pearl_unit([Stream("a", TEN_THOUSAND * 49)])) == "一颗珠子是 10 万元"


def test_seats_show_taken_held_and_free_and_say_so() -> None:
    with translation.override("zh-hans"):
        svg = charts.seats(24, 19, held=2)
    assert (circles(svg, "p-in"), circles(svg, "p-out"), circles(svg, "p-none")) == (19, 2, 3)
    assert 'aria-label="一共 24 个位子，21 个有人，还空 3 个"' in svg


def test_more_holds_than_seats_never_draw_more_pearls_than_seats() -> None:
    svg = charts.seats(3, 2, held=9)
    assert (circles(svg, "p-in"), circles(svg, "p-out"), circles(svg, "p-none")) == (2, 1, 0)


def test_a_flow_is_as_thick_as_its_amounts_and_keeps_the_difference() -> None:
    svg = charts.flow([Stream("a", 300), Stream("b", 100)], [Stream("c", 250)])
    assert circles(svg, "f-in") == 2
    assert circles(svg, "f-out") == 1
    assert circles(svg, "f-keep") == 1
    spent_all = charts.flow([Stream("a", 300)], [Stream("c", 300)])
    assert circles(spent_all, "f-keep") == 0


def test_an_empty_year_is_drawn_too() -> None:
    assert "<svg" in charts.flow([], [])
    assert "<svg" in charts.columns([], [], "nothing")
    assert "<svg" in charts.bar(0, 0)


def test_words_in_drawings_are_escaped() -> None:
    svg = charts.line_chart(["<b>"], [Line("<i>", (1,), 2, "<u>")], '"><script>')
    assert not re.search(r"<(b|i|u|script)>", svg)


def test_no_drawing_carries_a_style() -> None:
    drawings = [
        charts.pearls(1),
        charts.seats(3, 1),
        charts.line_chart(["a", "b"], [Line("x", (1, 2))], "x"),
        charts.columns(["a"], [1], "x"),
        charts.flow([Stream("a", 1)], []),
        charts.qr("https://example.org/"),
        charts.bar(1, 2),
    ]
    assert all("style=" not in svg and 'role="img"' in svg and "aria-label=" in svg for svg in drawings)


def test_a_week_runs_from_monday_and_festivals_come_before_notes() -> None:
    wednesday = date(2026, 10, 14)
    with translation.override("zh-hans"), clock.at(clock.local(wednesday, "08:00")):
        days = charts.week(wednesday, {date(2026, 10, 18): "4 场"}, lambda day: f"?{day}")
    assert [day.weekday for day in days] == ["一", "二", "今天", "四", "五", "六", "日"]
    assert [day.number for day in days if day.is_past] == [12, 13]
    assert (days[6].note, days[6].is_festival) == ("重阳节", True)


def test_an_icon_nobody_drew_is_named() -> None:
    assert all(icon(name).startswith("<svg") for name in ICONS)
    with pytest.raises(NoSuchIcon, match="unicorn"):
        icon("unicorn")
