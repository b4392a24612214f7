"""iCalendar (RFC 5545) out and in."""

from weiyifang.timetable.ical.answering import answer
from weiyifang.timetable.ical.reading import (
    MOST_BYTES,
    BadCalendar,
    BadEvent,
    CalendarTooLarge,
    Reading,
    parse,
)
from weiyifang.timetable.ical.writing import CalendarEvent, feed

__all__ = [
    "MOST_BYTES",
    "BadCalendar",
    "BadEvent",
    "CalendarEvent",
    "CalendarTooLarge",
    "Reading",
    "answer",
    "feed",
    "parse",
]
