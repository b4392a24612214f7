"""iCalendar (RFC 5545) out and in."""

from weiyifang.timetable.ical.reading import (
    MOST_BYTES,
    BadCalendar,
    BadEvent,
    CalendarTooLarge,
    Reading,
    parse,
)
from weiyifang.timetable.ical.writing import CalendarEvent, clean, feed

__all__ = [
    "MOST_BYTES",
    "BadCalendar",
    "BadEvent",
    "CalendarEvent",
    "CalendarTooLarge",
    "Reading",
    "clean",
    "feed",
    "parse",
]
