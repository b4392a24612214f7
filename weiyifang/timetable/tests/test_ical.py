"""iCalendar: what goes out comes in again; what strangers send is read or refused with one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from weiyifang.core import clock
from weiyifang.core.text import writable
from weiyifang.timetable import ical
from weiyifang.timetable.ical import BadCalendar, CalendarEvent, CalendarTooLarge, Reading, feed, parse

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
CHOIR = CalendarEvent(
    uid="activities.session:018f@nanhu",
    title="合唱团排练；第二声部, 带歌谱",
    starts_at=datetime(2026, 11, 25, 1, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 25, 3, tzinfo=UTC),
    place="南湖社区 2\\3 号楼",
    description="第一行\n第二行: BEGIN:VEVENT",
    url="https://example.org/c/nanhu/activities/37/",
    changed_at=NOW,
    sequence=2,
)


def calendar(*lines: str, head: str = "") -> bytes:
    """A calendar with one event of these lines."""
    body = "\r\n".join(["BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z", "SUMMARY:Class", *lines, "END:VEVENT"])
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{body}\r\nEND:VCALENDAR\r\n".encode()


def local(*moments: datetime) -> list[str]:
    return [f"{timezone.localtime(moment):%m-%d %H:%M}" for moment in moments]


def starts(data: bytes) -> list[str]:
    return local(*[event.starts_at for event in read(data)])


def read(data: bytes, since: datetime = SINCE, until: datetime = UNTIL) -> list[CalendarEvent]:
    """The events of a calendar in which nothing is wrong."""
    reading = parse(data, since=since, until=until)
    assert reading.bad == []
    return [*reading.events]


def test_what_goes_out_comes_in_again() -> None:
    assert read(feed([CHOIR, replace(CHOIR, uid="2", cancelled=True)], name="南湖微益坊")) == [
        replace(CHOIR, uid="2", cancelled=True, changed_at=None),
        replace(CHOIR, changed_at=None),
    ]


def test_the_same_events_give_the_same_bytes_and_keep_their_uid() -> None:
    with clock.at(NOW):
        first = feed([CHOIR])
    with clock.at(NOW + timedelta(days=1)):
        assert feed([CHOIR]) == first
        moved = feed([replace(CHOIR, starts_at=CHOIR.starts_at + timedelta(hours=1), sequence=3)])
    assert moved != first
    assert b"UID:activities.session:018f@nanhu" in moved


def test_lines_are_folded_ended_and_escaped_as_the_rfc_says() -> None:
    data = feed([replace(CHOIR, title="长" * 200)])
    lines = data.split(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines if line)  # no line breaks a character in two
    assert b"\\;" not in feed([replace(CHOIR, title="；")])
    assert b"a\\, b\\; c\\\\ d\\ne" in feed([replace(CHOIR, title="a, b; c\\ d\r\ne")])


texts = st.text(st.characters(codec="utf-8"), max_size=200)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


@settings(deadline=None)
@given(
    st.builds(
        CalendarEvent,
        uid=st.uuids().map(str),
        title=texts,
        starts_at=moments,
        ends_at=st.none(),
        place=texts,
        description=texts,
        sequence=st.integers(0, 1000),
        cancelled=st.booleans(),
    ),
    st.integers(0, 100_000),
)
def test_any_event_comes_through_but_for_characters_no_calendar_may_hold(event: CalendarEvent, minutes: int) -> None:
    event = replace(event, ends_at=event.starts_at + timedelta(minutes=minutes))
    (back,) = read(feed([event]))
    assert (back.uid, back.starts_at, back.ends_at) == (event.uid, event.starts_at, event.ends_at)
    assert (back.sequence, back.cancelled) == (event.sequence, event.cancelled)
    for ours, theirs in ((event.title, back.title), (event.place, back.place), (event.description, back.description)):
        assert theirs == writable(ours).strip()


def test_the_library_reads_what_was_put_together_without_it() -> None:
    long = replace(
        CHOIR, uid="2", title="长" * 40 + "\U0001f3b5" * 9 + "a" * 70, place="", description="", changed_at=None
    )
    with clock.at(NOW):
        calendar = Calendar.from_ical(feed([CHOIR, long], name="南湖微益坊"))
    first, second = calendar.walk("VEVENT")
    assert str(calendar["X-WR-CALNAME"]) == "南湖微益坊"
    for event, read_back in ((CHOIR, first), (long, second)):
        assert [str(read_back[name]) for name in ("UID", "SUMMARY", "URL")] == [event.uid, event.title, event.url]
        moments = [read_back.decoded(name) for name in ("DTSTART", "DTEND", "DTSTAMP")]
        assert moments == [event.starts_at, event.ends_at, NOW]
    assert (str(first["LOCATION"]), str(first["DESCRIPTION"])) == (CHOIR.place, CHOIR.description)
    assert {"LOCATION", "DESCRIPTION"}.isdisjoint(second)


def test_times_without_a_zone_are_ours_and_days_are_whole() -> None:
    (event,) = read(calendar("DTSTART:20261125T093000", "DURATION:PT1H30M"))
    assert local(event.starts_at, event.ends_at) == ["11-25 09:30", "11-25 11:00"]
    (event,) = read(calendar("DTSTART;VALUE=DATE:20261125"))
    assert local(event.starts_at, event.ends_at) == ["11-25 00:00", "11-26 00:00"]
    (event,) = read(calendar("DTSTART;TZID=Europe/Berlin:20261125T093000", "DTEND:20261125T093000Z"))
    assert local(event.starts_at, event.ends_at) == ["11-25 16:30", "11-25 17:30"]


def test_a_byte_order_mark_and_bare_line_ends_do_no_harm() -> None:
    data = calendar("DTSTART:20261125T093000")
    assert read(b"\xef\xbb\xbf" + data.replace(b"\r\n", b"\n")) == read(data) == read(data.replace(b"\r\n", b"\r"))
    assert read(data.decode().encode("utf-16")) == read(data)


def test_repeated_events_come_one_by_one_without_those_taken_out() -> None:
    weekly = ("DTSTART:20261103T093000", "DTEND:20261103T103000", "RRULE:FREQ=WEEKLY;COUNT=5")
    assert starts(calendar(*weekly)) == ["11-03 09:30", "11-10 09:30", "11-17 09:30", "11-24 09:30", "12-01 09:30"]
    changed = calendar(*weekly, "EXDATE:20261110T093000,20261117T093000", "RDATE:20261112T140000")
    assert starts(changed) == ["11-03 09:30", "11-12 14:00", "11-24 09:30", "12-01 09:30"]
    uids = [event.uid for event in read(changed)]
    assert len(set(uids)) == 4
    assert uids[0] == "1/20261103T013000Z"


def test_one_date_of_a_repeated_event_may_have_been_moved() -> None:
    moved = (
        "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Later\r\nRECURRENCE-ID:20261110T013000Z\r\n"
        "DTSTART:20261111T150000\r\nDTEND:20261111T160000\r\nEND:VEVENT\r\n"
    )
    data = calendar("DTSTART:20261103T093000", "DTEND:20261103T103000", "RRULE:FREQ=WEEKLY;COUNT=3", head=moved)
    events = read(data)
    assert [(event.title, *local(event.starts_at)) for event in events] == [
        ("Class", "11-03 09:30"),
        ("Later", "11-11 15:00"),
        ("Class", "11-17 09:30"),
    ]


def test_an_endless_event_ends_where_we_stop_asking() -> None:
    with clock.at(NOW):
        events = parse(calendar("DTSTART:20200101T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")).events
    assert (len(events), events[0].starts_at.date().isoformat()) == (57, "2026-10-28")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x00\x01\x02",
        b"PK\x03\x04 a zip file",
        "SUMMARY:合唱\r\nEND:VCALENDAR".encode("gbk"),
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:cut off",
        b"BEGIN:VCARD\r\nFN:Somebody\r\nEND:VCARD\r\n",
        b"END:VCALENDAR",
        calendar("DTSTART:20261125T093000") * 2 + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
    ],
)
def test_what_is_no_calendar_is_refused_with_one_sentence(data: bytes) -> None:
    with pytest.raises(BadCalendar) as refusal:
        parse(data)
    assert type(refusal.value) is BadCalendar
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("DTSTART:yesterday",),
        ("DTSTART:20261125T093000", "DTEND:20261125T083000"),
        ("DTSTART:20261125T093000", "DTEND:soon"),
        ("DTSTART:20261125T093000", "DURATION:-PT1H"),
        ("DTSTART:20261125T093000", "RRULE:FREQ=SECONDLY"),
        ("DTSTART:20261125T093000", "RRULE:FREQ=DAILY;INTERVAL=0"),
        ("DTSTART:00010101T000000", "RRULE:FREQ=DAILY"),
        ("DTSTART:20261125T093000", "RRULE:FREQ=DAILY", "EXDATE:never"),
        ("DTSTART;TZID=Nowhere:20261125T093000",),
        ("DTSTART:20261125T093000", "RRULE:FREQ=DAILY;COUNT=99999999999999999999"),
        ("DTSTART:20261125T093000", "RRULE:FREQ=DAILY;INTERVAL=2147483647"),
        ("DTSTART:20261125T093000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        ("DTSTART:20261125T093000", "DTSTART:20261126T093000"),
        ("DTSTART:20261125T093000", "BEGIN:VALARM"),
    ],
)
def test_an_event_that_makes_no_sense_is_named_and_spoils_no_other(lines: tuple[str, ...]) -> None:
    good = "BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Good\r\nDTSTART:20261125T093000\r\nEND:VEVENT\r\n"
    reading = parse(calendar(*lines, head=good), since=SINCE, until=UNTIL)
    assert [event.title for event in reading.events] == ["Good"]
    (bad,) = reading.bad
    assert (bad.title, bad.uid, bad.line) == ("Class", "1", 9)
    assert bad.reason
    assert "\n" not in bad.reason


def test_a_calendar_that_is_too_large_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(CalendarTooLarge):
        parse(b"x" * (ical.MOST_BYTES + 1))
    two = feed([CHOIR, replace(CHOIR, uid="2")])
    with pytest.raises(CalendarTooLarge):
        parse(two, most_events=1)
    daily = calendar("DTSTART:20260101T093000", "RRULE:FREQ=DAILY")
    with pytest.raises(CalendarTooLarge):
        parse(daily, since=SINCE, until=UNTIL, most_occurrences=100)


PIECES = [
    *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE"),
    *("DTSTART:20261125T093000", "DTSTART;TZID=Nowhere:20261125T093000", "DTSTART;VALUE=DATE:20261125", "DTSTART:x"),
    *("DTEND:20261125T103000Z", "DURATION:P1D", "DURATION:-P99999999D", "RRULE:FREQ=DAILY;COUNT=3", "RRULE:X"),
    *("RDATE:20261125T093000", "RDATE;VALUE=PERIOD:20261125T093000Z/PT1H", "EXDATE:20261125T093000", "EXDATE:x"),
    *("RECURRENCE-ID:20261125T093000", "SEQUENCE:two", "SUMMARY:合唱", "SUMMARY;X=1:a", "SUMMARY", ":", " folded"),
    *("UID:1", "BEGIN:VALARM", "STATUS:CANCELLED", "RRULE:", "DTSTART:99991231T235959", "DTEND:00010101T000000"),
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=20))
def test_whatever_is_sent_is_read_or_refused(lines: list[str]) -> None:
    read_or_refused("\r\n".join(lines).encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_whatever_stands_in_an_event_is_read_or_refused(lines: list[str]) -> None:
    read_or_refused(calendar(*lines))


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(0, 500))
def test_a_calendar_with_damage_anywhere_is_read_or_refused(noise: bytes, place: int) -> None:
    whole = feed([CHOIR])
    read_or_refused(whole[:place] + noise + whole[place:])
    read_or_refused(whole[:place])


def read_or_refused(data: bytes) -> None:
    try:
        reading: Reading = parse(data, since=SINCE, until=UNTIL)
    except BadCalendar:
        return
    assert all(event.starts_at <= event.ends_at for event in reading.events)
    assert all(bad.reason for bad in reading.bad)
