"""Drawings made on the server: pearls, seats, flows, lines. Pure functions from figures to SVG.

A pearl always counts something; the page says what. Every drawing has `role="img"` and a label that says its figures;
each chart stands beside its numbers or a table. No style attribute anywhere (the Content-Security-Policy forbids them):
lengths are SVG attributes, colours are the classes of `static/css/figures.css`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core import clock, money
from weiyifang.core.look import lunar, wording

TEN_THOUSAND_YUAN = 1_000_000  # fen: what one pearl of money stands for unless the page says otherwise
ROW = 16  # pearls side by side at most
MOST_PEARLS = 3 * ROW  # of one amount: a page does not grow with what somebody typed
STEP, RADIUS = 20, 9  # of a money pearl, in drawing units
SEAT_STEP, SEAT_RADIUS, SEATS_IN_ROW = 28, 11, 8


def _svg(shapes: Iterable[str], label: str, view: str, extra: str = "") -> SafeString:
    inner = "".join(shapes)
    return mark_safe(  # noqa: S308 - numbers and constants of ours; the label and every text are escaped
        f'<svg viewBox="{view}" role="img" aria-label="{escape(label)}"{extra}>{inner}</svg>'
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# --- pearls ----------------------------------------------------------------------------------------------------


def pearls(amount: int, unit: int = TEN_THOUSAND_YUAN, kind: str = "in", row: int = ROW) -> SafeString:
    """`amount / unit` pearls on threads, at most `row` side by side, the last cut to its true fraction.

    `kind` is "in" (green) or "out" (lamplight). A negative amount is drawn by its size: the words say it is one.
    More than `MOST_PEARLS` are not drawn, an empty place stands for the rest; `pearl_unit` gives a unit that fits.
    """
    whole, rest = divmod(abs(amount), unit)
    count: float = min(whole, MOST_PEARLS) + (rest / unit if whole < MOST_PEARLS else 0)
    everything = max(whole + (rest > 0), 1)
    places = min(everything, MOST_PEARLS + 1)
    shapes: list[str] = []
    for line in range(-(-places // row)):
        on_line = min(row, places - line * row)
        y = 12 + line * 24
        shapes.append(f'<line class="p-thread" x1="0" y1="{y}" x2="{on_line * STEP + 4}" y2="{y}"/>')
        for place in range(on_line):
            x = 12 + place * STEP
            if (fraction := min(count - (line * row + place), 1)) >= 1:
                shapes.append(_pearl(x, y, kind))
            else:
                shapes.append(_cut_pearl(x, y, fraction, kind))
    exact = _number(round(abs(amount) / unit, 1))
    label = ngettext("about %(count)s pearl", "about %(count)s pearls", everything) % {"count": exact}
    return _svg(shapes, label, f"0 0 {row * STEP + 4} {24 * -(-places // row)}")


def pearl_unit(*rows: Iterable[Any]) -> int:
    """The fen of one pearl with which the largest of all these rows can be drawn: 10,000 yuan or more."""
    largest = max((abs(row.fen) for some in rows for row in some), default=0)
    unit = TEN_THOUSAND_YUAN
    while largest > MOST_PEARLS * unit:
        unit *= 10
    return unit


def _pearl(x: int, y: int, kind: str) -> str:
    shine = f'<circle class="p-shine" cx="{x - 3}" cy="{y - 3}" r="2.4"/>'
    return f'<circle class="p-{kind}" cx="{x}" cy="{y}" r="{RADIUS}"/>{shine}'


def _cut_pearl(x: int, y: int, fraction: float, kind: str) -> str:
    """An empty pearl filled from the left to `fraction` of its width: the inner svg cuts the circle off."""
    rim = f'<circle class="p-rim" cx="{x}" cy="{y}" r="{RADIUS}"/>'
    width = 2 * RADIUS * max(fraction, 0)
    if width < 0.5:
        return rim
    cut = f'<svg x="{x - RADIUS}" y="{y - RADIUS}" width="{_number(width)}" height="{2 * RADIUS}">'
    return f'{rim}{cut}<circle class="p-{kind}" cx="{RADIUS}" cy="{RADIUS}" r="{RADIUS}"/></svg>'


def pearl_words(unit: int) -> str:
    """The words of the legend: `一颗珠子是 1 万元`."""
    return _("One pearl is %(amount)s") % {"amount": wording.yuan_words(unit)}


def unit_pearl(kind: str = "in") -> SafeString:
    """The one pearl of a legend ("one pearl is 10,000 yuan")."""
    return mark_safe(  # noqa: S308 - constants, and a class name escaped
        f'<svg viewBox="0 0 24 24" aria-hidden="true"><circle class="p-{escape(kind)}" cx="12" cy="12" r="10"/>'
        '<circle class="p-shine" cx="8.5" cy="8.5" r="2.8"/></svg>'
    )


def seats(total: int, taken: int, held: int = 0) -> SafeString:
    """One pearl a seat: filled = taken, lamplight = held for somebody who is deciding, dashed = free."""
    held = max(0, min(held, total - taken))
    taken, per_row = min(taken, total), SEATS_IN_ROW if total <= 48 else ROW
    shapes: list[str] = []
    for line in range(-(-total // per_row)):
        on_line, y = min(per_row, total - line * per_row), 14 + line * SEAT_STEP
        shapes.append(f'<line class="p-thread" x1="0" y1="{y}" x2="{on_line * SEAT_STEP + 4}" y2="{y}"/>')
        for place in range(on_line):
            x, number = 16 + place * SEAT_STEP, line * per_row + place
            if number < taken + held:
                kind = "in" if number < taken else "out"
                shapes.append(f'<circle class="p-{kind}" cx="{x}" cy="{y}" r="{SEAT_RADIUS}"/>')
                shapes.append(f'<circle class="p-shine" cx="{x - 4}" cy="{y - 4}" r="3"/>')
            else:
                shapes.append(f'<circle class="p-none" cx="{x}" cy="{y}" r="10.5"/>')
    label = _("%(total)d seats: %(taken)d taken, %(free)d free") % {
        "total": total,
        "taken": taken + held,
        "free": total - taken - held,
    }
    return _svg(shapes, label, f"0 0 {per_row * SEAT_STEP + 4} {-(-total // per_row) * SEAT_STEP}")


def bar(done: int, total: int, label: str = "") -> SafeString:
    """A progress bar; the sentence beside it says the figures."""
    percent = _number(100 * min(done, total) / total) if total else "0"
    text = label or _("%(percent)s%% done") % {"percent": percent}
    shapes = (f'<rect class="bg" width="100%" height="100%"/><rect class="fg" width="{percent}%" height="100%"/>',)
    inner = "".join(shapes)
    return mark_safe(  # noqa: S308 - numbers of ours and an escaped label
        f'<svg class="bar" role="img" aria-label="{escape(text)}" width="100%" height="14">{inner}</svg>'
    )


# --- lines and columns -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One line of `line_chart`: its name, a value for each label, and a limit (None for none) named `limit_name`."""

    name: str
    values: Sequence[float]
    limit: float | None = None
    limit_name: str = ""


def line_chart(labels: Sequence[str], lines: Sequence[Line], label: str) -> SafeString:
    """Readings over days, at most two lines (the second dashed), limits dotted, the last value written.

    Positions are percentages, so that words keep their size while the drawing takes the width it gets.
    """
    values = [v for line in lines for v in line.values] + [ln.limit for ln in lines if ln.limit is not None]
    low, high = min(values), max(values)
    room = (high - low) * 0.12 or 1

    def y(value: float) -> str:
        return f"{8 + 78 * (high + room - value) / (high - low + 2 * room):.1f}%"

    def x(place: int) -> str:
        return f"{4 + 91.2 * place / max(len(labels) - 1, 1):.1f}%"

    shapes: list[str] = []
    for number, line in enumerate(lines):
        dashed = " lo" if number else ""
        if line.limit is not None:
            at = y(line.limit)
            shapes.append(f'<line class="limit" x1="0" x2="100%" y1="{at}" y2="{at}"/>')
            text = escape(f"{line.limit_name} {_number(line.limit)}".strip())
            shapes.append(f'<text class="lim" x="100%" y="{at}" dy="-6" text-anchor="end">{text}</text>')
        steps = zip(line.values, line.values[1:], strict=False)
        shapes += [
            f'<line class="line-bp{dashed}" x1="{x(i)}" y1="{y(a)}" x2="{x(i + 1)}" y2="{y(b)}"/>'
            for i, (a, b) in enumerate(steps)
        ]
        shapes += [
            f'<circle class="dot-bp{dashed}" cx="{x(i)}" cy="{y(v)}" r="4.5"/>' for i, v in enumerate(line.values)
        ]
        last = escape(f"{line.name} {_number(line.values[-1])}".strip())
        shapes.append(f'<text class="hot" x="100%" y="{y(line.values[-1])}" dy="1.5em" text-anchor="end">{last}</text>')
    shapes += _axis_words(labels, x)
    return mark_safe(  # noqa: S308 - numbers of ours; every word is escaped
        f'<svg role="img" aria-label="{escape(label)}">{"".join(shapes)}</svg>'
    )


def _axis_words(labels: Sequence[str], x: object) -> list[str]:
    """First, middle and last label under the drawing."""
    if not labels:
        return []
    first, last = escape(labels[0]), escape(labels[-1])
    words = [f'<text x="0" y="99%" text-anchor="start">{first}</text>']
    if len(labels) > 2:
        middle = len(labels) // 2
        words.append(f'<text x="{x(middle)}" y="99%" text-anchor="middle">{escape(labels[middle])}</text>')  # type: ignore[operator]  # the middle is one of them
    if len(labels) > 1:
        words.append(f'<text x="100%" y="99%" text-anchor="end">{last}</text>')
    return words


def columns(labels: Sequence[str], values: Sequence[float], label: str, kind: str = "in") -> SafeString:
    """One upright column for each label (a month, a grid), the highest value written on top of its column."""
    most = max([*values, 0]) or 1
    width = 100 / max(len(values), 1)
    shapes: list[str] = []
    for place, value in enumerate(values):
        height = 72 * max(value, 0) / most
        top = 86 - height
        shapes.append(
            f'<rect class="p-{escape(kind)}" x="{(place + 0.18) * width:.1f}%" y="{top:.1f}%" '
            f'width="{0.64 * width:.1f}%" height="{height:.1f}%" rx="4"/>'
        )
        if value == most:
            middle = (place + 0.5) * width
            anchor = "start" if middle < 10 else "end" if middle > 90 else "middle"
            at = place * width if anchor == "start" else (place + 1) * width if anchor == "end" else middle
            word = f"{value:,.0f}"
            shapes.append(
                f'<text class="hot" x="{at:.1f}%" y="{top:.1f}%" dy="-6" text-anchor="{anchor}">{word}</text>'
            )
    shapes.append('<line class="p-thread" x1="0" x2="100%" y1="86%" y2="86%"/>')
    shapes += _axis_words(labels, lambda place: f"{(place + 0.5) * width:.1f}%")
    return mark_safe(  # noqa: S308 - numbers of ours; every word is escaped
        f'<svg role="img" aria-label="{escape(label)}">{"".join(shapes)}</svg>'
    )


# --- the flow of money -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stream:
    """One kind of income or spending: a label, a note below it, an amount in fen."""

    label: str
    fen: int
    note: str = ""


WIDTH, ROW_HEIGHT = (
    200,
    100,
)  # of the flow's middle drawing, in drawing units: a row is as high as a list's row beside it
POOL_LEFT, POOL_RIGHT = 70, 130


def flow(incoming: Sequence[Stream], outgoing: Sequence[Stream]) -> SafeString:
    """The middle of a flow: streams from the left list into the pool, out of it to the right list, thickness = amount.

    What was kept is the green foot of the pool; a thread leads from it to the pearls the page shows below.
    """
    income, spent = sum(s.fen for s in incoming), sum(s.fen for s in outgoing)
    rows = max(len(incoming), len(outgoing), 1)
    height = rows * ROW_HEIGHT
    scale = 0.34 * height / max(income, spent, 1)
    top = 0.16 * height
    shapes = _streams(incoming, scale, top, left=True) + _streams(outgoing, scale, top, left=False)
    pool = max(income, spent) * scale
    across = f'x="{POOL_LEFT}" width="{POOL_RIGHT - POOL_LEFT}" rx="6"'
    shapes.append(f'<rect class="f-pool" {across} y="{top:.1f}" height="{pool:.1f}"/>')
    kept = income - spent
    if kept > 0:
        y = top + spent * scale
        shapes.append(f'<rect class="f-keep" {across} y="{y:.1f}" height="{max(kept * scale, 3):.1f}"/>')
        shapes.append(f'<path class="p-thread" fill="none" d="M100 {top + pool:.1f}V{height}"/>')
    label = _(
        "%(in)s yuan came in from %(sources)d sources, %(out)s yuan went out to %(uses)d uses, %(kept)s yuan is left."
    )
    words = {
        "in": money.yuan(income),
        "out": money.yuan(spent),
        "kept": money.yuan(kept),
        "sources": len(incoming),
        "uses": len(outgoing),
    }
    return _svg(shapes, label % words, f"0 0 {WIDTH} {height}", ' preserveAspectRatio="none"')


def _streams(streams: Sequence[Stream], scale: float, top: float, *, left: bool) -> list[str]:
    """Bands between the middle of each list row and their place on the pool's side, in the list's order."""
    shapes, at_pool = [], top
    outer, pool = (0, POOL_LEFT) if left else (WIDTH, POOL_RIGHT)
    near_outer, near_pool = (50, 20) if left else (150, 180)
    for number, stream in enumerate(streams):
        thick = max(stream.fen * scale, 0.8)
        at_row = (number + 0.5) * ROW_HEIGHT - thick / 2
        shapes.append(
            f'<path class="{"f-in" if left else "f-out"}" d="M{outer} {at_row:.1f}'
            f"C{near_outer} {at_row:.1f} {near_pool} {at_pool:.1f} {pool} {at_pool:.1f}V{at_pool + thick:.1f}"
            f'C{near_pool} {at_pool + thick:.1f} {near_outer} {at_row + thick:.1f} {outer} {at_row + thick:.1f}Z"/>'
        )
        at_pool += thick
    return shapes


# --- where a phone meets paper ---------------------------------------------------------------------------------


def qr(text: str, label: str = "") -> SafeString:
    """A QR code (error level M) as one SVG path, black on white by the style sheet, without a style attribute."""
    head = f'<svg role="img" aria-label="{escape(label or _("QR code"))}" '
    return mark_safe(_qr(text).replace("<svg ", head, 1))  # noqa: S308 - segno's drawing


@lru_cache(maxsize=500)
def _qr(text: str) -> str:
    """The drawing; finding the best mask is a quarter of an activity's page."""
    code = segno.make(text, error="m", micro=False)
    out = io.BytesIO()
    code.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass=None, lineclass=None)
    return out.getvalue().decode().strip().replace(' stroke="#000"', "")


# --- strings of days and months (HTML, drawn by `<c-week>` and `<c-months>`) -------------------------------------


@dataclass(frozen=True)
class WeekDay:
    """One day on the week's string."""

    url: str
    weekday: str
    number: int
    note: str
    is_today: bool
    is_past: bool
    is_festival: bool


def week(day: date, notes: Mapping[date, str], url_of: Callable[[date], str]) -> list[WeekDay]:
    """The week (Monday to Sunday) around `day`; a festival's name, where it is as short as in Chinese, goes
    before the day's own note."""
    monday, today = day - timedelta(days=day.weekday()), clock.today()
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    return [
        WeekDay(
            url=url_of(on),
            weekday=_("today") if on == today else wording.short_weekday(on),
            number=on.day,
            note=(lunar.festival(on) if wording.is_chinese() else "") or notes.get(on, ""),
            is_today=on == today,
            is_past=on < today,
            is_festival=bool(lunar.festival(on)),
        )
        for on in days
    ]


@dataclass(frozen=True)
class Month:
    """One month on the string of sealed months."""

    label: str
    sealed: bool
    year: str = ""  # said where it begins
