"""Rooms by the names people type, and things that several share."""

from __future__ import annotations

from uuid import UUID

import pytest

from weiyifang.core import actors
from weiyifang.timetable import queries, services, verify
from weiyifang.timetable.rooms import normal, room_id
from weiyifang.timetable.services import Taken
from weiyifang.timetable.subjects import Subject
from weiyifang.timetable.tests.make import ROOM, at, book

SHARED = Subject(id=ROOM.id, kind=ROOM.kind, name=ROOM.name, shared=True)


@pytest.mark.parametrize(
    "names",
    [
        (
            "二楼茶艺室",
            "2楼茶艺室",
            "２楼 茶艺室",
            "2F茶艺室",
            "２ｆ茶艺室",
            "二层茶艺室",
            "2楼（茶艺室）",
            "二楼·茶艺室",
        ),
        ("十二号楼二十三室", "12号楼23室", "12 号楼 ２３ 室"),
        ("二〇一室", "201室", "二零一室"),
        ("第三会议室", "第 3 会议室"),
        ("负一层车库", "负1楼车库"),
        ("1-12", "１－１２", "1 - 12"),
        ("B座活动室", "b座活动室"),
    ],
)
def test_a_room_is_one_however_it_is_written(names: tuple[str, ...]) -> None:
    assert len({normal(name) for name in names}) == 1
    assert len({room_id(1, name) for name in names}) == 1


def test_different_rooms_stay_different() -> None:
    names = (
        "二楼茶艺室",
        "三楼茶艺室",
        "二楼手工教室",
        "12楼",
        "1-12",
        "11-2",
        "112",
        "一号院",
        "1号楼",
        "2FA室",
        "……",
        "！！",
    )
    assert len({normal(name) for name in names}) == len(names)
    assert room_id(1, "二楼") != room_id(2, "二楼"), "each community has its own"


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_many_share_a_thing_and_one_who_has_it_alone_shuts_out_all() -> None:
    book(SHARED, source="one")
    book(SHARED, source="two")
    with pytest.raises(Taken) as refused:
        book(ROOM, source="three")
    assert {clash.source for clash in refused.value.clashes} == {"one", "two"}
    book(ROOM, start=11, end=12, source="three")
    with pytest.raises(Taken) as refused:
        book(SHARED, start=11, end=12, source="four")
    assert [clash.source for clash in refused.value.clashes] == ["three"]
    assert verify.check() == []
    assert list(queries.taken(SHARED, at(10), at(11))) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_of_many_dates_a_whole_is_taken_where_all_its_parts_are_free_and_nothing_of_it_elsewhere() -> None:
    hall, left, right = (Subject(id=UUID(int=n), kind=ROOM.kind, name=name) for n, name in enumerate("厅左右", 10))
    services.join_parts(whole=hall, parts=[left, right], by=actors.system())
    book(left, day=2)
    wanted = [(hall, at(10, day), at(11, day), f"day {day}") for day in (1, 2, 3)]
    assert services.allocate_each(wanted=wanted, by=actors.system()) == {"day 1", "day 3"}
    assert not queries.taken(right, at(10, 2), at(11, 2)).exists(), "the half that was free stays free"
