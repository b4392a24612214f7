"""Dates that are in a calendar already: a file is looked at; chosen events become dates, move them, call them off."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from weiyifang.activities import services
from weiyifang.activities.models import Activity, Method, Session, SessionState
from weiyifang.activities.tests import make
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import Refused
from weiyifang.people.testing import ClientOf
from weiyifang.timetable.models import Allocation

pytestmark = pytest.mark.usefixtures("here")
KEY = re.compile(r'name="(new|moved|off)"\s+value="([0-9a-f]{32})"')
SEALED = re.compile(r'name="calendar" value="([^"]+)"')
SEEN = re.compile(r'name="_seen" value="([^"]+)"')
Lines = Callable[..., str]


def event(day: str = "20261020", *more: str, uid: str = "1", title: str = "太极拳", hours: str = "0900-1030") -> str:
    """One event of a day, on our clock."""
    begins, _dash, ends = hours.partition("-")
    times = (f"DTSTART:{day}T{begins}00", f"DTEND:{day}T{ends}00")
    lines = ["BEGIN:VEVENT", *([f"UID:{uid}"] if uid else []), f"SUMMARY:{title}", *times, *more, "END:VEVENT"]
    return "".join(f"{line}\r\n" for line in lines)


def calendar(*events: str, encoding: str = "utf-8", ends: str = "\r\n") -> bytes:
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n"
    return text.replace("\r\n", ends).encode(encoding)


class Bench:
    """The page of one activity, as one of the staff uses it."""

    def __init__(self, client: Any, activity: Activity) -> None:
        self.client, self.activity = client, activity
        self.address = f"/c/nanhu/workbench/activities/{activity.number}/dates/calendar/"

    def bring(self, *events: str, content: bytes = b"", encoding: str = "utf-8", ends: str = "\r\n") -> Any:
        """Choose a file; its preview."""
        file = SimpleUploadedFile("plan.ics", content or calendar(*events, encoding=encoding, ends=ends))
        self.seen = self.client.post(self.address, {"file": file})
        self.text = html.unescape(self.seen.content.decode())
        return self.seen

    def keys(self, kind: str) -> list[str]:
        return [key for name, key in KEY.findall(self.text) if name == kind]

    def choose(self, act: str, keys: list[str] | None = None, **more: str) -> Any:
        """Say yes to events of one kind, on the preview as it was shown."""
        return self.say_yes({act: self.keys(act) if keys is None else keys}, **more)

    def say_yes(self, ticked: dict[str, list[str]], **more: str) -> Any:
        """Say yes to what is ticked, on the preview as it was shown."""
        sent = {"calendar": SEALED.findall(self.text)[0], **ticked}
        return self.client.post(self.address, {**sent, "_seen": [*map(html.unescape, SEEN.findall(self.text))], **more})

    def sorted(self) -> dict[str, int]:
        """How many are of each kind, as the page says."""
        seen, brought = self.seen.context["seen"], self.seen.context["brought"]
        found = {name: len(getattr(seen, name)) for name in ("new", "moved", "off", "known", "beside")}
        return {name: count for name, count in {**found, "bad": len(brought.bad)}.items() if count}


@pytest.fixture
def bench(client_of: ClientOf) -> Bench:
    return Bench(client_of("staff"), make.activity(title="太极拳", books_place=True))


def dates(activity: Activity) -> list[tuple[str, str]]:
    rows = Session.objects.filter(activity=activity).order_by("starts_at")
    return [(f"{one.starts_at:%m-%d %H:%M}", one.state) for one in rows]


def why(bench: Bench) -> list[str]:
    return [one.why for one in bench.seen.context["seen"].beside]


# --- becoming dates ------------------------------------------------------------------------------------------------


def test_the_chosen_events_become_dates_with_room_and_seats(bench: Bench) -> None:
    bench.bring(event(), event("20261027", "LOCATION:三楼", uid="2"), event("20261103", uid="3"))
    assert bench.sorted() == {"new": 3}
    assert bench.text.count('type="checkbox"') == bench.text.count(" checked>") + bench.text.count(" checked ") == 3
    assert dates(bench.activity) == []
    answer = bench.choose("new", bench.keys("new")[:2])
    assert answer.status_code == 302
    assert dates(bench.activity) == [("10-20 01:00", "planned"), ("10-27 01:00", "planned")]
    first, second = Session.objects.filter(activity=bench.activity).order_by("starts_at")
    assert (first.place, second.place) == ("", "三楼")
    assert make.pool(first).places == 3
    assert Allocation.objects.count() == 2


def test_brought_twice_and_sent_twice_it_is_booked_once(bench: Bench) -> None:
    bench.bring(event(), event("20261027", uid="2"))
    assert [bench.choose("new").status_code for _time in range(2)] == [302, 422]
    bench.bring(event(), event("20261027", uid="2"))
    assert bench.sorted() == {"known": 2}
    assert len(dates(bench.activity)) == Allocation.objects.count() == 2


def test_a_date_typed_by_hand_is_known_by_its_time(bench: Bench) -> None:
    make.date_of(bench.activity, days=6, hours=-3, minutes=90)
    bench.bring(event(), event("20261020", uid="2", hours="0930-1000"))
    assert bench.sorted() == {"known": 1, "beside": 1}
    assert "二楼茶艺室" in why(bench)[0]


def test_what_the_rules_are_against_is_named_and_cannot_be_chosen(bench: Bench, cast: dict[str, Actor]) -> None:
    make.date_of(make.activity(title="插花", books_place=True), days=8)  # the same room, 22 October at noon
    bench.bring(
        event("20261013", uid="over"),
        event("20261022", uid="taken", hours="1100-1300"),
        event("20261023", "LOCATION:二层 茶艺室", uid="free"),
        event("20261023", uid="overlaps", hours="1000-1100"),
        event("20261024", uid="no-end", hours="0900-0900"),
        event("20261025", "LOCATION:" + "长" * 90, uid="long"),
        "BEGIN:VEVENT\r\nUID:day\r\nSUMMARY:全天\r\nDTSTART;VALUE=DATE:20261026\r\nEND:VEVENT\r\n",
        event("20261027", "STATUS:CANCELLED", uid="off"),
        event("20261028", "DTEND:20261030T100000", uid="days", title="露营").replace("DTEND:20261028T103000\r\n", ""),
    )
    assert bench.sorted() == {"new": 1, "beside": 7}
    assert bench.seen.context["brought"].over == 1
    said = "\n".join(why(bench))
    for words in ("二楼茶艺室", "“太极拳”", "结束", "全天", "取消", "一天", "长长长"):
        assert words in said, said
    assert "1 个日程已经过了" in bench.text
    taken = bench.seen.context["seen"].beside[0].entry.key
    assert bench.choose("new", [taken]).status_code == 422
    assert dates(bench.activity) == []


def test_a_room_taken_meanwhile_keeps_all_of_them_out_and_is_said(bench: Bench) -> None:
    bench.bring(event(), event("20261027", uid="2"))
    make.date_of(make.activity(title="插花", books_place=True), days=6, hours=-3)
    answer = bench.choose("new")
    assert answer.status_code == 422
    assert "已" in answer.content.decode()
    assert dates(bench.activity) == []
    assert [one.why for one in answer.context["seen"].beside]


def test_an_instructor_is_booked_too(client_of: ClientOf) -> None:
    teacher = make.resident("卢宗福")
    bench = Bench(client_of("staff"), make.activity(instructor=teacher))
    make.date_of(make.activity(title="合唱", place="三楼", instructor=teacher), days=6, hours=-3)
    bench.bring(event(), event("20261027", uid="2"))
    assert bench.sorted() == {"new": 1, "beside": 1}
    assert bench.choose("new").status_code == 302
    assert Allocation.objects.filter(subject_id=teacher.pk).count() == 2


def test_a_weekly_course_comes_date_by_date_without_what_is_taken_out(bench: Bench) -> None:
    weekly = event("20261020", "RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;VALUE=DATE:20261103", uid="w")
    instead = event("20261111", "RECURRENCE-ID:20261110T090000", uid="w", hours="1500-1600")
    bench.bring(weekly, instead)
    assert bench.sorted() == {"new": 4}
    bench.choose("new")
    assert [at for at, _state in dates(bench.activity)] == ["10-20 01:00", "10-27 01:00", "11-11 07:00", "11-17 01:00"]
    bench.bring(weekly, instead)
    assert bench.sorted() == {"known": 4}


# --- newer versions ------------------------------------------------------------------------------------------------


@pytest.fixture
def booked(bench: Bench) -> Session:
    """The first event's date, with somebody enrolled."""
    bench.bring(event())
    bench.choose("new")
    services.publish(activity=bench.activity, by=system())
    session = make.again(Session.objects.get(activity=bench.activity))
    make.enroll(session)
    return session


def test_a_newer_version_moves_the_date_after_being_asked_once_more(bench: Bench, booked: Session) -> None:
    bench.bring(event("20261021", "SEQUENCE:1", "LOCATION:三楼"))
    assert bench.sorted() == {"moved": 1}
    asked = bench.choose("moved")
    assert asked.status_code == 200
    assert "有 1 个人报了名" in asked.content.decode()
    assert "三楼" in asked.content.decode()
    assert make.again(booked).starts_at == booked.starts_at
    assert bench.choose("moved", sure="1").status_code == 302
    moved = make.again(booked)
    assert (moved.starts_at, moved.place, moved.calendar_sequence) == (datetime(2026, 10, 21, 1, tzinfo=UTC), "三楼", 1)
    for sequence in (0, 1):
        bench.bring(event("20261022", f"SEQUENCE:{sequence}"))
        assert bench.sorted() == {"beside": 1}
    bench.bring(event("20261021", "SEQUENCE:1", "LOCATION:三楼"))
    assert bench.sorted() == {"known": 1}


def test_called_off_there_it_is_called_off_here_after_being_asked_once_more(bench: Bench, booked: Session) -> None:
    off = event("20261020", "SEQUENCE:1", "STATUS:CANCELLED")
    bench.bring(off)
    assert bench.sorted() == {"off": 1}
    assert "checked" not in bench.text.partition('name="off"')[2].partition(">")[0]
    assert bench.choose("off").status_code == 422
    assert bench.choose("off", reason="老师病了").status_code == 200
    assert make.again(booked).state == SessionState.PLANNED
    assert bench.choose("off", reason="老师病了", sure="1").status_code == 302
    gone = make.again(booked)
    assert (gone.state, gone.cancel_reason) == ("cancelled", "老师病了")
    bench.bring(off)
    assert bench.sorted() == {"known": 1}
    bench.bring(event("20261020", "SEQUENCE:2"))
    assert bench.sorted() == {"beside": 1}


@pytest.fixture
def of_all_kinds(bench: Bench) -> dict[str, list[str]]:
    """A newer calendar is looked at: one date of it is new, one moved, one called off. All of them are ticked."""
    bench.bring(event(), event("20261027", uid="2"))
    bench.choose("new")
    bench.bring(
        event("20261021", "SEQUENCE:1"),
        event("20261027", "SEQUENCE:1", "STATUS:CANCELLED", uid="2"),
        event("20261103", uid="3"),
    )
    assert bench.sorted() == {"new": 1, "moved": 1, "off": 1}
    return {kind: bench.keys(kind) for kind in ("new", "moved", "off")}


def test_what_is_new_moved_and_called_off_is_one_act(bench: Bench, of_all_kinds: dict[str, list[str]]) -> None:
    asked = bench.say_yes(of_all_kinds, reason="老师病了")
    assert asked.status_code == 200
    assert "老师病了" in asked.content.decode()
    assert bench.say_yes(of_all_kinds, reason="老师病了", sure="1").status_code == 302
    assert dates(bench.activity) == [
        ("10-21 01:00", "planned"),
        ("10-27 01:00", "cancelled"),
        ("11-03 01:00", "planned"),
    ]


@pytest.mark.parametrize("days", [{"new": 20}, {"moved": 7}, {"off": -1}], ids=lambda days: next(iter(days)))
def test_where_one_of_them_cannot_be_none_of_them_is(bench: Bench, days: dict[str, int]) -> None:
    """A room is taken where a new one or a moved one would be, or people came to the one that would be called off."""
    moved, off = make.date_of(bench.activity, days=6), make.date_of(bench.activity, days=days.get("off", 13), hours=-3)
    if "off" in days:
        services.publish(activity=bench.activity, by=system())
        services.count_guests(session=make.again(off), people=1, by=system())
    else:
        make.date_of(make.activity(title="插花", books_place=True), days=min(days.values()))
    before = dates(bench.activity)
    later, latest = (moved.starts_at + timedelta(days=more) for more in (1, 14))
    with pytest.raises(Refused):
        services.follow(
            activity=bench.activity,
            moves=[(moved, services.Date(starts_at=later, ends_at=later + timedelta(hours=1)))],
            new=[services.Date(starts_at=latest, ends_at=latest + timedelta(hours=1))],
            off=[off],
            reason="老师病了",
            by=system(),
        )
    assert dates(bench.activity) == before


def test_whoever_thinks_again_finds_the_list_as_it_was(bench: Bench, booked: Session) -> None:
    bench.bring(event("20261021", "SEQUENCE:1"))
    again = bench.choose("moved", change="1")
    assert again.status_code == 200
    assert "checked" in again.content.decode().partition('type="checkbox" name="moved"')[2].partition(">")[0]
    assert make.again(booked).starts_at == booked.starts_at


def test_what_people_came_to_is_neither_moved_nor_called_off(bench: Bench) -> None:
    bench.bring(event("20261014", hours="1300-1430"))
    bench.choose("new")
    services.publish(activity=bench.activity, by=system())
    today = make.again(Session.objects.get(activity=bench.activity))
    services.check_in(session=today, resident=make.resident(), method=Method.ROSTER, by=system())
    for more in (("SEQUENCE:1", "STATUS:CANCELLED"), ("SEQUENCE:1", "LOCATION:三楼")):
        bench.bring(event("20261014", *more, hours="1300-1430"))
        assert why(bench) == ["已经有人签到了。"]


def test_a_date_of_ours_that_was_taken_along_is_known_when_it_comes_back(bench: Bench, client_of: ClientOf) -> None:
    session = make.date_of(bench.activity, days=6)
    services.publish(activity=bench.activity, by=system())
    ours = client_of("resident").get(f"/c/nanhu/activities/{bench.activity.number}/calendar.ics").content
    bench.bring(content=ours)
    assert bench.sorted() == {"known": 1}
    newer = ours.replace(b"SEQUENCE:0", b"SEQUENCE:4").replace(b"20261020T", b"20261021T")
    bench.bring(content=newer)
    assert bench.keys("moved") == [session.pk.hex]
    bench.choose("moved", sure="1")
    assert make.again(session).sequence == 4
    bench.bring(content=newer)
    assert bench.sorted() == {"known": 1}


def test_another_activity_and_another_person_get_nothing_out_of_it(bench: Bench, client_of: ClientOf) -> None:
    bench.bring(event())
    sent = {"calendar": SEALED.findall(bench.text)[0], "new": bench.keys("new")}
    other = Bench(bench.client, make.activity(title="插花"))
    assert bench.client.post(other.address, sent).status_code == 422
    assert client_of("secretary").post(bench.address, sent).status_code == 422
    assert client_of("resident").post(bench.address, sent).status_code == 403
    assert bench.client.post(bench.address, {**sent, "calendar": sent["calendar"] + "x"}).status_code == 422
    assert not Session.objects.exists()


# --- files as they come --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "ends"),
    [("gbk", "\r\n"), ("utf-8-sig", "\r\n"), ("utf-16", "\r\n"), ("utf-8", "\r"), ("utf-8", "\n")],
)
def test_however_it_is_written_it_is_read(bench: Bench, encoding: str, ends: str) -> None:
    bench.bring(event(title="太极拳（初级）"), encoding=encoding, ends=ends)
    assert bench.sorted() == {"new": 1}
    assert "太极拳（初级）" in bench.text


def test_the_good_come_in_and_the_bad_are_named_with_their_line(bench: Bench) -> None:
    bench.bring(
        event(),
        event("20261021", uid="", title="没有编号"),
        event("20261022", uid="1", title="同一个编号"),
        "BEGIN:VEVENT\r\nUID:x\r\nSUMMARY:没有时间\r\nEND:VEVENT\r\n",
        event("20261023", uid="z").replace("DTSTART:", "DTSTART;TZID=Mars/Olympus:"),
        event("20261024", uid="r").replace("END:VEVENT", "RRULE:FREQ=SOMETIMES\r\nEND:VEVENT"),
    )
    assert bench.sorted() == {"new": 2, "bad": 4}
    bad = bench.seen.context["brought"].bad
    assert [one.line for one in bad] == sorted(one.line for one in bad)
    for one in bad:
        assert f">{one.line}<" in re.sub(r"\s+", "", bench.text)
        assert one.reason in bench.text
    assert bench.choose("new").status_code == 302
    assert len(dates(bench.activity)) == 2


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n", calendar(event())[:80], b"x" * 1_000_001])
def test_what_is_no_calendar_is_refused_with_a_sentence(bench: Bench, content: bytes) -> None:
    answer = bench.client.post(bench.address, {"file": SimpleUploadedFile("plan.ics", content)})
    assert answer.status_code == 422
    assert 'class="err' in answer.content.decode() or 'role="alert"' in answer.content.decode()


def test_of_a_large_calendar_the_first_are_shown_and_the_rest_is_announced(bench: Bench) -> None:
    many = [event("20261020", f"X-N:{n}", uid=str(n), hours=f"{8 + n // 60:02}{n % 60:02}-2200") for n in range(310)]
    bench.bring(*many)
    assert sum(bench.sorted().values()) == 300
    assert "10" in bench.text


def test_a_finished_activity_takes_no_more(bench: Bench) -> None:
    make.date_of(bench.activity)
    services.publish(activity=bench.activity, by=system())
    services.cancel(activity=bench.activity, reason="没人", by=system())
    assert bench.client.get(bench.address).status_code == 409
    page = bench.client.get(f"/c/nanhu/workbench/activities/{bench.activity.number}/").content.decode()
    assert bench.address not in page
