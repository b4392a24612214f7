"""How days, times, spans and amounts are said, in the reader's language. "Today" comes from the one clock.

Elders read 下午 2:30 where others read 14:30: `for_elders` asks the reader's look (`core.look.care` sets it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from operator import attrgetter

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from weiyifang.core import clock, money

WEEK = "一二三四五六日"
PARTS = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))  # of the day: until which hour
for_elders: ContextVar[Callable[[], bool]] = ContextVar("for_elders", default=lambda: False)


def is_chinese() -> bool:
    """Does the reader read Chinese?"""
    return (get_language() or "").startswith("zh")


def as_day(value: date) -> date:
    """The calendar day where the community lives."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def comma() -> str:
    """What stands between the parts of a list in a sentence."""
    return "、" if is_chinese() else ", "


def listed(parts: Iterable[object], name: str = "") -> str:
    """`陈桂芳、李明`, `Chen Guifang, Li Ming`; with a name (`resident.name`), what each part calls so."""
    return comma().join(str(attrgetter(name)(one) if name else one) for one in parts)


def masked_name(name: str) -> str:
    """`陈**`: enough to compare with a paper, for whoever holds it; nothing for whoever does not."""
    return f"{name[:1]}**"


def clock_time(value: datetime) -> str:
    """`9:30`, `14:30`, where the community lives; for elders `下午 2:30`, `2:30 pm`."""
    local = timezone.localtime(value)
    if not for_elders.get()():
        return f"{local.hour}:{local.minute:02d}"
    if not is_chinese():
        return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"
    return f"{_part(local.hour)} {_small(local.hour)}:{local.minute:02d}"


def _part(hour: int) -> str:
    return next(name for until, name in PARTS if hour < until)


def _small(hour: int) -> int:
    """The hour on the face of a clock; midnight is 0."""
    return hour - 12 if hour > 12 else hour


def clock_words(value: datetime) -> str:
    """`10 点 12 分`, `10:12`: a moment of today, in a sentence; for elders `晚上 7 点 12 分`."""
    local = timezone.localtime(value)
    if not is_chinese():
        return clock_time(value)
    if for_elders.get()():
        return f"{_part(local.hour)} {_small(local.hour)} 点 {local.minute:02d} 分"
    return f"{local.hour} 点 {local.minute:02d} 分"


def short_weekday(value: date) -> str:
    """`六`, `Sat`."""
    return WEEK[value.weekday()] if is_chinese() else formatted(value, "D")


def short_day(value: date | None) -> str:
    """For a narrow place: 今天, 明天, 昨天, within a week `六 17日`, else `11月3日`, with the year if it is another."""
    if not value:
        return ""
    on, today = as_day(value), clock.today()
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get((on - today).days)
    if near:
        return near
    if abs((on - today).days) < 7:
        return _("%(weekday)s %(day)s") % {"weekday": short_weekday(on), "day": on.day}
    if on.year == today.year:
        return formatted(on, pgettext("date format", "j M"))
    return formatted(on, pgettext("date format", "j M Y"))


def day(value: date | None, form: str = "long") -> str:
    """`10月17日 星期六`, `Sat 17 Oct`; `"short"` without the weekday; another year is named."""
    if not value:
        return ""
    on = as_day(value)
    same_year = on.year == clock.today().year
    if form == "short":
        return formatted(on, pgettext("date format", "j M") if same_year else pgettext("date format", "j M Y"))
    return formatted(on, pgettext("date format", "D j M") if same_year else pgettext("date format", "D j M Y"))


def when(value: datetime | None) -> str:
    """`今天 9:30`, `周六 17日 14:30`: it stands in sentences, where `六` alone reads as the number."""
    if not value:
        return ""
    said = short_day(value)
    return f"{'周' if is_chinese() and said[0] in WEEK else ''}{said} {clock_time(value)}"


def moment(value: datetime) -> str:
    """`2026年11月29日 14:05`: a day and a minute on paper, where "today" would soon be wrong."""
    return f"{full_day(value)} {clock_time(value)}"


def full_day(value: date | None) -> str:
    """`2026年11月29日`, the year always named; "" for none."""
    return "" if value is None else formatted(as_day(value), pgettext("date format", "j M Y"))


def full_month(value: date | None) -> str:
    """`2026年11月`, where no day is known; "" for none."""
    return "" if value is None else formatted(as_day(value), pgettext("date format", "M Y"))


def span(start: datetime, end: datetime | None = None) -> str:
    """`10月17日 星期六 14:30–16:30`; an end on another day is named in full."""
    text = f"{day(start)} {clock_time(start)}"
    if end is None:
        return text
    if as_day(start) != as_day(end):
        return f"{text} – {day(end)} {clock_time(end)}"
    part, _space, _rest = clock_time(start).partition(" ")
    return f"{text}–{clock_time(end).removeprefix(f'{part} ')}"  # 下午 2:30–4:30


def is_past(value: datetime) -> bool:
    """Is the moment behind us?"""
    return value < clock.now()


def in_hours(amount: int) -> str:
    """`1 hour`, `40 hours`: of a rule that is said in hours, however many they are."""
    return ngettext("%(count)d hour", "%(count)d hours", amount) % {"count": amount}


def minutes(amount: int | None) -> str:
    """`1 小时 48 分`, `52 分`, `2 天 3 小时`: the two largest units."""
    if amount is None:
        return ""
    days, rest = divmod(max(amount, 0), 1440)
    hours, left = divmod(rest, 60)
    parts = [
        ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else "",
        ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours} if hours else "",
        ngettext("%(count)d minute", "%(count)d minutes", left) % {"count": left} if left and not days else "",
    ]
    return " ".join(part for part in parts if part) or ngettext("%(count)d minute", "%(count)d minutes", 0) % {
        "count": 0
    }


def worked(amount: int) -> str:
    """`9000 小时`, `1 小时 30 分`: time that somebody gave is said in hours, however much it is."""
    hours, left = divmod(max(amount, 0), 60)
    said = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return f"{said} {minutes(left)}" if hours and left else said if hours else minutes(left)


def waited(since: datetime | None) -> str:
    """How long ago `since` was, in its largest unit: whoever waits 22 hours does not count the minutes."""
    if since is None:
        return ""
    amount = (clock.now() - since) // timedelta(minutes=1)
    unit = next((unit for unit in (1440, 60) if amount >= unit), 1)
    return minutes(amount // unit * unit)


def yuan_words(fen: int | None) -> str:
    """A sum for a headline: `6 万元` when exact, `约 44.6 万元` when rounded; below ten thousand yuan the exact sum."""
    if fen is None:
        return ""
    if abs(fen) < 1_000_000:
        return _("%(amount)s yuan") % {"amount": money.yuan(fen).removesuffix(".00")}
    if not is_chinese():
        rounded = round(fen / 100, -3 if abs(fen) < 100_000_000 else -4)
        exact = rounded * 100 == fen
        return (_("%(amount)s yuan") if exact else _("about %(amount)s yuan")) % {"amount": f"{rounded:,.0f}"}
    tenths = round(fen / 100_000)  # of ten thousand yuan
    text = f"{tenths / 10:,.1f}".removesuffix(".0")
    return f"{text} 万元" if tenths * 100_000 == fen else f"约 {text} 万元"


_CAPITALS = "零壹贰叁肆伍陆柒捌玖"


def yuan_capitals(fen: int | None) -> str:
    """The amount as receipts write it, `肆拾肆万陆仟壹佰肆拾元整`: the central bank's rules for bills."""
    if fen is None:
        return ""
    sign, amount = ("负", -fen) if fen < 0 else ("", fen)
    yuan, rest = divmod(amount, 100)
    jiao, cents = divmod(rest, 10)
    text = _capital_number(yuan) + "元" if yuan else ""
    if not rest:
        return sign + (text or "零元") + "整"
    text += (_CAPITALS[jiao] + "角") if jiao else ("零" if yuan else "")
    return sign + text + (_CAPITALS[cents] + "分" if cents else "整")


def _capital_number(number: int) -> str:
    """Whole numbers below 10^16 in capitals, groups of four with 万 and 亿, runs of zeros said once."""
    digits, text, zero = str(number), "", False
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit == "0":
            zero = True
        else:
            text += ("零" if zero and text else "") + _CAPITALS[int(digit)] + ("", "拾", "佰", "仟")[place % 4]
            zero = False
        if place % 4 == 0 and place:
            if text and (place % 8 == 0 or int(digits[: len(digits) - place][-4:])):
                text += "亿" if place % 8 == 0 else "万"
            zero = False if int(digits[: len(digits) - place][-4:]) % 10 else zero
    return text
