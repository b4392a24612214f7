"""Calendars as other programs write them: the good events are kept, each bad one is named."""

from __future__ import annotations

import pytest

from weiyifang.timetable.ical import Reading, parse
from weiyifang.timetable.tests.test_ical import SINCE, UNTIL, local

WEEKLY = ("DTSTART:20261103T093000", "DTEND:20261103T103000", "RRULE:FREQ=WEEKLY;COUNT=4")


def event(*lines: str, uid: str = "1", title: str = "Class") -> str:
    return "\r\n".join(["BEGIN:VEVENT", *([f"UID:{uid}"] if uid else []), f"SUMMARY:{title}", *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(parts)}END:VCALENDAR\r\n".encode()


def read(*parts: str) -> Reading:
    return parse(calendar(*parts), since=SINCE, until=UNTIL)


def told(reading: Reading) -> list[tuple[str, ...]]:
    """Title and start of each event, nothing being wrong."""
    assert reading.bad == []
    return [(one.title, *local(one.starts_at)) for one in reading.events]


def test_events_without_uid_are_two_and_the_same_in_every_file() -> None:
    one, two = event("DTSTART:20261125T093000", uid=""), event("DTSTART:20261126T093000", uid="")
    reading = read(one, two)
    assert told(reading) == [("Class", "11-25 09:30"), ("Class", "11-26 09:30")]
    assert [e.uid for e in reading.events] == [e.uid for e in read(two, one).events]
    assert told(read(one, one)) == [("Class", "11-25 09:30")]


@pytest.mark.parametrize("turned", [False, True])
def test_of_equal_uids_the_highest_sequence_holds_wherever_it_stands(turned: bool) -> None:
    old = event("DTSTART:20261125T093000", "SEQUENCE:2", "DTSTAMP:20261103T000000Z", title="Old")
    new = event("DTSTART:20261126T093000", "SEQUENCE:10", "DTSTAMP:20261101T000000Z", title="New")
    assert told(read(*[old, new][:: -1 if turned else 1])) == [("New", "11-26 09:30")]


@pytest.mark.parametrize("turned", [False, True])
def test_of_equal_sequences_the_youngest_holds(turned: bool) -> None:
    old = event("DTSTART:20261125T093000", "DTSTAMP:20261101T000000Z", title="Old")
    new = event("DTSTART:20261126T093000", "DTSTAMP:20261101T000000Z", "LAST-MODIFIED:20261102T000000Z", title="New")
    assert told(read(*[old, new][:: -1 if turned else 1])) == [("New", "11-26 09:30")]


def test_two_events_that_only_share_a_uid_are_not_one() -> None:
    reading = read(event("DTSTART:20261125T093000"), event("DTSTART:20261125T143000", title="Other"))
    assert [one.title for one in reading.events] == ["Class"]
    assert [(bad.title, bad.line) for bad in reading.bad] == [("Other", 8)]
    assert len(read(event("DTSTART:20261125T093000"), event("DTSTART:20261125T093000")).events) == 1


def test_days_taken_out_of_a_series_of_hours_and_hours_out_of_one_of_days() -> None:
    assert told(read(event(*WEEKLY, "EXDATE;VALUE=DATE:20261110,20261124"))) == [
        ("Class", "11-03 09:30"),
        ("Class", "11-17 09:30"),
    ]
    days = event("DTSTART;VALUE=DATE:20261103", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261104T093000")
    assert told(read(days)) == [("Class", "11-03 00:00"), ("Class", "11-05 00:00")]


def test_a_recurrence_id_may_be_a_day() -> None:
    moved = event("RECURRENCE-ID;VALUE=DATE:20261110", "DTSTART:20261111T150000", title="Later")
    reading = read(moved, event(*WEEKLY))
    assert told(reading)[1] == ("Later", "11-11 15:00")
    assert len(reading.events) == 4
    assert reading.events[1].uid == "1/20261110T013000Z"


def test_a_change_may_hold_from_a_date_on() -> None:
    later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261110T013000Z",
        "DTSTART:20261111T150000",
        "DTEND:20261111T170000",
        title="Later",
    )
    once = event("RECURRENCE-ID:20261117T093000", "DTSTART:20261117T080000", title="Early")
    reading = read(once, later, event(*WEEKLY))
    assert told(reading) == [
        ("Class", "11-03 09:30"),
        ("Later", "11-11 15:00"),
        ("Early", "11-17 08:00"),
        ("Later", "11-25 15:00"),
    ]
    assert len({one.uid for one in reading.events}) == 4
    assert (reading.events[3].ends_at - reading.events[3].starts_at).seconds == 2 * 3600


def test_one_bad_change_leaves_the_series_as_it_is() -> None:
    reading = read(event(*WEEKLY), event("RECURRENCE-ID:20261110T093000", "DTSTART:soon", title="Moved"))
    assert len(reading.events) == 4
    assert [bad.title for bad in reading.bad] == ["Moved"]


def test_whole_days_without_a_length_last_a_day() -> None:
    for lines in ((), ("DTEND;VALUE=DATE:20261125",), ("DURATION:P1D",)):
        (one,) = read(event("DTSTART;VALUE=DATE:20261125", *lines)).events
        assert local(one.starts_at, one.ends_at) == ["11-25 00:00", "11-26 00:00"]


def test_years_before_1970_are_years() -> None:
    (one,) = read(event("DTSTART;VALUE=DATE:19510308", title="Birth")).events
    assert one.starts_at.year == 1951
    born = event("DTSTART;VALUE=DATE:19480308", "RRULE:FREQ=YEARLY", title="生日")
    daily = event("DTSTART:19600101T070000", "RRULE:FREQ=DAILY", uid="2", title="早操")
    reading = parse(calendar(born, daily), since=SINCE, until=UNTIL)
    assert reading.bad == []
    assert len(reading.events) == 366
    assert local(next(one.starts_at for one in reading.events if one.title == "生日")) == ["03-08 00:00"]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("China Standard Time", "11-25 09:30"),
        ("W. Europe Standard Time", "11-25 16:30"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "11-25 16:30"),
        ("Asia/Beijing", "11-25 09:30"),
        ('"Asia/Shanghai"', "11-25 09:30"),
        ("GMT+0800", "11-25 09:30"),
        ('"UTC+09:00"', "11-25 08:30"),
    ],
)
@pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed")
def test_a_zone_is_known_by_all_its_names(zone: str, start: str) -> None:
    assert told(read(event(f"DTSTART;TZID={zone}:20261125T093000"))) == [("Class", start)]


def zone(offset: str, name: str = "Ours", rule: str = "") -> str:
    body = f"DTSTART:16010101T000000\r\nTZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\n{rule}"
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\n{body}END:STANDARD\r\nEND:VTIMEZONE\r\n"


def test_a_zone_that_a_file_brings_along_holds_for_that_file_alone() -> None:
    here = event("DTSTART;TZID=Ours:20261125T093000")
    assert told(read(zone("+0900"), here)) == [("Class", "11-25 08:30")]
    assert told(read(here, zone("+0700"))) == [("Class", "11-25 10:30")]
    (bad,) = read(here).bad
    assert "Ours" in bad.reason
    for odd in ("RRULE:FREQ=SECONDLY\r\n", "RRULE:X\r\n", "TZOFFSETTO:x\r\n"):
        assert read(zone("+0900", rule=odd), here).bad


def test_letters_are_read_however_they_are_written_and_wherever_folded() -> None:
    whole = calendar(event("DTSTART:20261125T093000", title="合唱团排练"))
    expected = [("合唱团排练", "11-25 09:30")]
    for encoding in ("utf-8", "utf-8-sig", "gbk", "utf-16"):
        data = whole.decode().encode(encoding)
        assert told(parse(data, since=SINCE, until=UNTIL)) == expected
    for end in (b"\r", b"\n"):
        assert told(parse(whole.replace(b"\r\n", end), since=SINCE, until=UNTIL)) == expected
    for encoding in ("utf-8", "gbk"):
        letters = "合唱".encode(encoding)
        for place in range(1, len(letters)):
            folded = whole.decode().encode(encoding).replace(letters, letters[:place] + b"\r\n " + letters[place:])
            assert told(parse(folded, since=SINCE, until=UNTIL)) == expected


def test_damaged_letters_are_one_events_own_matter() -> None:
    data = calendar(event("DTSTART:20261125T093000", title="好"), event("DTSTART:20261126T093000", uid="2", title="坏"))
    reading = parse(data.replace("坏".encode(), b"\xff\xfe"), since=SINCE, until=UNTIL)
    assert [one.title for one in reading.events] == ["好"]
    assert [bad.uid for bad in reading.bad] == ["2"]


def test_an_event_without_its_end_spoils_no_other() -> None:
    cut = event("DTSTART:20261125T093000", title="Cut").removesuffix("END:VEVENT\r\n")
    good = event("DTSTART:20261126T093000", uid="2", title="Good")
    for parts in ((cut, good), (good, cut)):
        reading = read(*parts)
        assert ([one.title for one in reading.events], [bad.title for bad in reading.bad]) == (["Good"], ["Cut"])


def test_rules_that_never_come_do_not_add_up() -> None:
    never = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    reading = read(*[event("DTSTART:20261103T093000", never, uid=str(n)) for n in range(30)], event(*WEEKLY, uid="x"))
    assert len(reading.bad) == 31
    assert len({bad.reason for bad in reading.bad}) == 2


def test_a_calendar_without_events_is_empty() -> None:
    assert read() == Reading([], [])
