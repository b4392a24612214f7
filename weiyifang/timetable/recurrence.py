"""What repeats: RFC 5545 rules on the wall clock of the place, with the holidays of the country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from dateutil.rrule import rrule, rruleset, rrulestr
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.refusals import Refused
from weiyifang.timetable import holidays

Holidays = Literal["keep", "skip", "shift"]
MOST = 1_000  # dates of one rule in one question; a daily rule has them for almost three years


class NotARule(Refused):
    """The text is no recurrence rule we take."""

    sentence = _("This repetition cannot be understood. Choose days of the week, or give the dates one by one.")
    status = 422


class TooManyDates(Refused):
    """The rule gives more dates than anybody plans."""

    sentence = _("That would be more than %(most)d dates. Choose a shorter time.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`rrule` (RFC 5545 §3.3.10, `FREQ=WEEKLY;BYDAY=TU,TH`) from `start`, naive on the local wall clock.

    Each date lasts `minutes`. On a statutory holiday it is kept, skipped, or shifted to the next working day.
    Raises `NotARule` when made from something else.
    """

    rrule: str
    start: datetime
    minutes: int
    holidays: Holidays = "keep"

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None:
            raise ValueError("start is a naive wall-clock time")
        if self.minutes <= 0:
            raise NotARule()
        self._parsed()

    def _parsed(self) -> rrule | rruleset:
        text = self.rrule.strip().upper().removeprefix("RRULE:")
        if any(word in text for word in ("SECONDLY", "MINUTELY", "HOURLY", "DTSTART", "\n")):
            raise NotARule()
        try:
            # UNTIL may come in UTC; the expansion is on the wall clock, so its zone is dropped
            parsed = rrulestr(text.replace("Z", "") if "UNTIL" in text else text, dtstart=self.start)
        except (ValueError, TypeError, KeyError) as error:
            raise NotARule() from error
        return parsed

    def between(self, first_day: date, last_day: date) -> list[tuple[datetime, datetime]]:
        """Beginnings and ends (aware), of what begins between two local days, both included.

        Expanded on the wall clock and then localised: a class at 9:00 stays at 9:00. Raises `TooManyDates`.
        """
        parsed, lasts = self._parsed(), timedelta(minutes=self.minutes)
        found: list[datetime] = []
        for wall in parsed.xafter(datetime.combine(first_day, time.min), inc=True):
            if wall.date() > last_day:
                break
            if len(found) >= MOST:
                raise TooManyDates(most=MOST)
            if (kept := self._kept(wall)) is not None and kept not in found and kept.date() <= last_day:
                found.append(kept)
        starts = [clock.local(wall.date(), wall.time()) for wall in sorted(found)]
        return [(start, start + lasts) for start in starts]

    def _kept(self, wall: datetime) -> datetime | None:
        if self.holidays == "keep" or holidays.day_kind(wall.date()).kind != "holiday":
            return wall
        if self.holidays == "skip":
            return None
        return datetime.combine(holidays.next_working_day(wall.date()), wall.time())
