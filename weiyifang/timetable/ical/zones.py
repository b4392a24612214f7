"""What time zone a name in somebody's calendar means.

The library knows those of IANA and of Windows (by the Unicode consortium's table). Those that a file brings along hold
for that file alone: the library would keep the first of each name for every file that comes after.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from dateutil.tz import tzical

from weiyifang.timetable.ical.lines import Block

_ALIASES = {"asia/beijing": "Asia/Shanghai", "beijing": "Asia/Shanghai", "北京时间": "Asia/Shanghai"}  # seen in China
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{1,2}):?([0-9]{2})?", re.IGNORECASE)
_KEPT = re.compile(r"(BEGIN|END|TZID|DTSTART|RRULE|RDATE|TZOFFSETFROM|TZOFFSETTO|TZNAME)[:;]", re.IGNORECASE)
_RULE = re.compile(r"RRULE:(?!.*(SECOND|MINUTE|HOUR))(?=.*FREQ=YEARLY).{1,150}", re.IGNORECASE)
MOST = 20  # zones of one file


class UnknownZoneError(ValueError):
    """Nobody knows which time that is."""


class Zones:
    """The zones of one file."""

    def __init__(self, blocks: list[Block]) -> None:
        self._own: dict[str, tzinfo] = {}
        for block in blocks[:MOST]:
            try:
                self._own.update(_own_zone(block.lines))
            except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
                continue  # whoever uses it learns that it is not known

    def named(self, name: str) -> tzinfo:
        """Raises `UnknownZoneError`."""
        plain = name.strip().strip('"')
        if (own := self._own.get(plain)) is not None:
            return own
        if plain.lower() in _ALIASES:
            return ZoneInfo(_ALIASES[plain.lower()])
        if match := _OFFSET.fullmatch(plain):
            minutes = int(match[2]) * 60 + int(match[3] or 0)
            if minutes < 24 * 60:
                return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))
        raise UnknownZoneError(plain)


def _own_zone(lines: list[str]) -> dict[str, tzinfo]:
    kept = [line for line in lines if _KEPT.match(line)]
    if any(line.upper().startswith("RRULE") and not _RULE.fullmatch(line) for line in kept):
        raise ValueError("a clock does not change more often than each year")
    found = tzical(io.StringIO("\n".join(kept)))
    zones = {str(name): zone for name in found.keys() if (zone := found.get(name)) is not None}  # noqa: SIM118  no dict
    for zone in zones.values():
        zone.utcoffset(datetime.now(UTC).replace(tzinfo=None))  # whether it can be asked at all
    return zones
