"""Files as offices keep them: what is no person, what a spreadsheet spoiled, who is there already, what comes back."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from openpyxl import load_workbook

from weiyifang.core import tables
from weiyifang.core.actors import Actor
from weiyifang.people import exporting, services
from weiyifang.people.models import ImportDraft, Resident
from weiyifang.people.services.importing import as_workbook, preview, rest
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import a_resident, an_id_number
from weiyifang.people.tests.test_files import HEAD, LI, ZHANG, a_csv, an_xlsx, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
Cast = dict[str, Actor]
COURT = ("南湖路三号院", "3", "2", "5-1")


def person(name: str = "", gender: str = "", born: Any = "", phone: Any = "", number: Any = "", *door: Any) -> Any:
    return (name, gender, born, phone, number, *(door or ("",) * 4))


# --- what is no person -------------------------------------------------------------------------------------------


def test_sums_and_signatures_are_left_out_and_said_so() -> None:
    def signed(book: Any, sheet: Any) -> None:
        for row in (
            ("合 计", "", "", "", "", "", "", "", "22人"),
            ("其中：男", "", "", "", "", "", "", "", ""),
            ("填表人：王小明", "", "", "审核人：李主任", "", "", "", "", "2026年11月20日"),
            ("制表人", "王小明"),
            ("备注：外出务工的没有登记",),
            ("姓名", "性别", "出生日期"),
            ("共 22 人",),
        ):
            sheet.append(list(row))
        sheet.merge_cells("A4:C4")
        sheet.merge_cells("A6:C6")

    seen = preview(an_xlsx(ZHANG, LI, prepare=signed))
    assert [row.person.name for row in seen.good] == ["张三", "李四"]
    assert [row.line for row in seen.beside] == [4, 5, 6, 7, 8, 9, 10]
    assert seen.beside[0].text == "合 计 22人"
    assert seen.rows == 9


@pytest.mark.parametrize(
    "said",
    [
        *(
            "合计",
            "合 计：",
            "总计22人",
            "合计（人）",
            "小计",
            "共计：22人",
            "本页小计",
            "共22人",
            "总人数：22",
            "Total",
            "TOTAL: 22",
        ),
        *(
            "填表人：王小明",
            "填表人",
            "制表：",
            "审核人（签字）：",
            "负责人签名：",
            "经办人",
            "填报单位（盖章）：",
            "单位（盖章）",
        ),
        *("填报日期：2026年11月20日", "联系电话：", "日期：", "  年  月  日", "截至2026年11月底", "第1页，共3页"),
        *("备注：外出的没有登记", "注：以上", "说明:", "其中：男12人", "以下空白"),
    ],
)
def test_what_stands_below_a_table_is_nobody(said: str) -> None:
    seen = preview(a_csv(ZHANG, person(said, "", "", "", "", "", "", "", "22")))
    assert ([row.line for row in seen.beside], len(seen.good)) == ([3], 1)


@pytest.mark.parametrize("name", ["何计", "共小红", "注小明", "单位", "负明", "登科", "联合"])
def test_a_name_that_begins_like_a_sum_is_a_person(name: str) -> None:
    assert [row.person.name for row in preview(a_csv(person(name))).good] == [name]


def test_numbered_rows_with_nobody_on_them_are_left_out() -> None:
    head = ("序号", *HEAD)
    seen = preview(a_csv(("1", *ZHANG), ("2",), ("3", "", "女", *[""] * 7), ("合计", "1"), head=head))
    assert ([row.line for row in seen.good], [row.line for row in seen.wrong]) == ([2], [4])
    assert [row.line for row in seen.beside] == [3, 5]


# --- what a spreadsheet spoiled ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "door",
    [
        date(2026, 5, 1),
        "5月1日",
        "2026/5/1",
        "2026-05-01",
        "2026-05-01 00:00:00",
        "2026年5月1日",
        "1-May",
        "May-01",
        "5/1",
    ],
)
def test_a_door_that_became_a_date_is_a_wrong_row_that_says_so(door: Any) -> None:
    (wrong,) = preview(an_xlsx(person("张三", "", "", "", "", "南湖路三号院", "3", "2", door))).wrong
    (reason,) = wrong.reasons
    assert "Excel" in reason
    assert "5-1" in reason
    assert "把 5-1 变成了日期" in reason


@pytest.mark.parametrize("place", range(5, 9))
def test_a_date_stands_in_no_part_of_an_address(place: int) -> None:
    row = [*ZHANG]
    row[place] = date(2026, 3, 2)  # type: ignore[call-overload]  # a cell of a row of words
    (wrong,) = preview(an_xlsx(row)).wrong
    assert len(wrong.reasons) == 1


@pytest.mark.parametrize("door", ["5-1", "13-1", "3205", "五楼1号", "5-1-2", "A5-1"])
def test_a_door_stays_a_door(door: str) -> None:
    (good,) = preview(an_xlsx(person("张三", "", "", "", "", "南湖路三号院", "3", "2", door))).good
    assert good.person.address is not None
    assert good.person.address.door == door.removesuffix("号")


@pytest.mark.parametrize(
    ("typed", "born_on"),
    [
        ("1951.03.08", date(1951, 3, 8)),
        ("1951-3-8 0:00", date(1951, 3, 8)),
        ("1951/3/8 0:00:00", date(1951, 3, 8)),
        ("1951-03-08T00:00:00", date(1951, 3, 8)),
        ("１９５１年３月８日", date(1951, 3, 8)),
        ("1951 年 3 月 8 日", date(1951, 3, 8)),
        ("1951—3—8", date(1951, 3, 8)),
        ("19510308", date(1951, 3, 8)),
        ("无", None),
    ],
)
def test_a_birthday_is_read_however_it_is_written(typed: str, born_on: date | None) -> None:
    (good,) = preview(a_csv(person("张三", "", typed))).good
    assert (good.person.born_on, good.remarks) == (born_on, [])


@pytest.mark.parametrize(
    ("typed", "born_on"),
    [
        ("1951.03", date(1951, 3, 1)),
        (1951.03, date(1951, 3, 1)),
        ("195103", date(1951, 3, 1)),
        ("1951年3月", date(1951, 3, 1)),
        ("1951-3", date(1951, 3, 1)),
        ("1951.12", date(1951, 12, 1)),
        (18695, date(1951, 3, 8)),
        ("18695", date(1951, 3, 8)),
    ],
)
def test_what_is_read_in_our_own_way_is_said(typed: Any, born_on: date) -> None:
    (good,) = preview(an_xlsx(person("张三", "", typed))).good
    assert good.person.born_on == born_on
    assert good.person.born_month_only == (born_on.day == 1)
    assert str(typed) in good.remarks[0]


def test_of_whom_only_the_month_is_known_no_page_and_no_file_names_a_day(cast: Cast, client_of: ClientOf) -> None:
    draft = services.keep_draft(file_name="a.csv", content=a_csv(person("张三", "女", "1951.03")), by=cast["staff"])
    services.import_draft(draft=draft, by=cast["staff"])
    made = Resident.objects.get(name="张三")
    assert (made.born_on, made.born_month_only, made.born_written) == (date(1951, 3, 1), True, "1951-03")
    text = client_of("staff").get(f"/c/nanhu/workbench/residents/{made.number}/").content.decode()
    assert "1951年3月" in text
    assert "3月1日" not in text
    table = {row[1]: row for row in exporting.rows(Resident.objects.living_here(), sensitive=False)}
    assert "1951-03" in table["张三"]
    (known,) = preview(a_csv(person("张三", "女", "1951-03-21"))).known
    assert known.differs == ["出生日期"]
    services.update_resident(resident=made, born_on=date(1951, 3, 21), born_month_only=False, by=cast["staff"])
    made.refresh_from_db()
    assert made.born_shown == "1951年3月21日"
    again = services.update_resident(resident=made, born_month_only=True, by=cast["staff"])
    assert (again.born_on, again.age_on(date(2026, 3, 1))) == (date(1951, 3, 1), 75)


def test_an_identity_number_makes_a_month_a_day(cast: Cast) -> None:
    known = services.register_resident(name="甲", born_on=date(1950, 1, 9), born_month_only=True, by=cast["staff"])
    assert known.born_on == date(1950, 1, 1)
    found = services.update_resident(resident=known, id_number=an_id_number(), by=cast["staff"])
    assert (found.born_on, found.born_month_only) == (date(1950, 1, 2), False)


def test_the_identity_number_knows_the_day_where_only_the_month_is_told() -> None:
    number = an_id_number()  # 2 January 1950
    (good,) = preview(a_csv(person("张三", "", "1950.01", "", number))).good
    assert (good.person.born_on, good.remarks) == (date(1950, 1, 2), [])
    (wrong,) = preview(a_csv(person("张三", "", "1950.02", "", number))).wrong
    assert wrong.reasons


@pytest.mark.parametrize("typed", ["1951.1", 1951.1, "1951", "51-3-8", "8/3/1951", "1951-13", "1951-02-30", "0"])
def test_a_birthday_that_may_be_two_is_none(typed: Any) -> None:
    (wrong,) = preview(an_xlsx(person("张三", "", typed))).wrong
    assert len(wrong.reasons) == 1


def test_two_columns_of_phones_are_told_apart() -> None:
    head = ("姓名", "联系电话", "手机号码", "座机")
    seen = preview(
        a_csv(
            ("甲", "010-65529988", "19900001234", ""),
            ("乙", "19900005678", "", ""),
            ("丙", "", "", "010-65529988"),
            ("丁", "19900002345", "010-65529988", ""),  # each in the other's column
            ("戊", "19900003456", "199 0000 3456", ""),
            ("己", "19900004567/010-65529988", "", ""),
            head=head,
        )
    )
    assert [row.person.phone for row in seen.good] == [
        "+8619900001234",
        "+8619900005678",
        "01065529988",
        "+8619900002345",
        "+8619900003456",
        "+8619900004567",
    ]
    assert [bool(row.remarks) for row in seen.good] == [True, False, False, True, False, True]
    assert "01065529988" in seen.good[0].remarks[0]
    assert [name for _heading, name in seen.columns] == ["姓名", "电话", "手机", "座机"]


@pytest.mark.parametrize(("typed", "digits"), [("1990000123", "10"), ("199000012345", "12"), (1990000123, "10")])
def test_a_mobile_with_a_digit_too_few_or_too_many_is_named(typed: Any, digits: str) -> None:
    (wrong,) = preview(an_xlsx(person("张三", "", "", typed))).wrong
    (reason,) = wrong.reasons
    assert digits in reason


def test_every_fault_of_a_row_is_named() -> None:
    row = person("", "不男不女", "昨天", "123", "990100195001020012", "南湖路三号院", "", "", date(2026, 5, 1))
    (wrong,) = preview(an_xlsx(row)).wrong
    assert len(wrong.reasons) == 6
    shortened = person("20261120", "", "2100-01-01", "1.38E+10", "5.10E+17")
    (wrong,) = preview(a_csv(shortened)).wrong
    assert len(wrong.reasons) == 4


# --- who is there already ------------------------------------------------------------------------------------------


def test_the_same_file_twice_doubles_nobody(cast: Cast) -> None:
    only_name = person("王五")
    month = person("赵六", "女", "1951.03")
    content = a_csv(ZHANG, LI, only_name, month, person("钱七", "", "", "", an_id_number()))
    draft = services.keep_draft(file_name="a.csv", content=content, by=cast["staff"])
    services.import_draft(draft=draft, by=cast["staff"])
    seen = preview(content)
    assert (len(seen.known), seen.good, seen.doubts, seen.wrong) == (5, [], [], [])
    assert not any(row.differs for row in seen.known)


def test_a_person_typed_twice_is_said_and_put_on_the_register_once() -> None:
    seen = preview(a_csv(ZHANG, LI, ZHANG, LI, person("王五"), person("王五")))
    assert [row.line for row in seen.good] == [2, 3, 6]
    assert [(row.line, "2" in row.where or "3" in row.where) for row in seen.known] == [(4, True), (5, True)]
    assert [row.line for row in seen.doubts] == [7]  # two names alone: nobody knows
    assert not seen.doubts[0].is_likely_new


def test_what_the_file_says_otherwise_of_somebody_known_is_shown() -> None:
    a_resident("张三", phone="199 0000 1234", born_on=date(1951, 3, 8))
    (known,) = preview(a_csv(ZHANG, person("李四"))).known
    assert known.differs == ["门号", "性别"]  # nobody knew where she lives
    a_resident("钱七", id_number=an_id_number(), phone="199 0000 7777")
    moved = preview(a_csv(person("钱七", "", "", "199 0000 8888", an_id_number()))).known
    assert [row.differs for row in moved] == [["电话"]]


def test_what_a_second_line_about_somebody_adds_is_said() -> None:
    (known,) = preview(a_csv(person("张三", "", "1951-03-08", "", "", *COURT), ZHANG)).known
    assert (known.line, known.differs) == (3, ["电话", "性别"])


def test_a_name_kept_in_an_old_spelling_is_the_same_name() -> None:
    old = a_resident("甲", born_on=None, phone="199 0000 1234")
    with connection.cursor() as cursor:  # from before names had one spelling
        cursor.execute("UPDATE people_resident SET name = '买买提・艾力' WHERE id = %s", [old.pk])
    assert len(preview(a_csv(person("买买提•艾力", "", "", "199 0000 1234"))).known) == 1


def test_an_identity_number_of_somebody_with_another_name_is_a_fault() -> None:
    a_resident("老熟人", id_number=an_id_number())
    (wrong,) = preview(a_csv(person("换了名", "", "", "", an_id_number()))).wrong
    assert "老熟人" in wrong.reasons[0]
    rows = (
        person("甲", "", "", "", an_id_number("99010019500103001")),
        person("乙", "", "", "", an_id_number("99010019500103001")),
    )
    seen = preview(a_csv(*rows))
    assert ([row.line for row in seen.good], [row.line for row in seen.wrong]) == ([2], [3])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"born_on": date(1951, 3, 8)}, person("张三", "", "1951-03-08", "19900001234")),
        ({"born_on": None, "phone": "199 0000 1234"}, person("张三", "", "1951-03-08")),
        ({"born_on": date(1951, 3, 8), "phone": "199 0000 1234"}, person("张三", "", "1952-03-08", "19900001234")),
        ({"born_on": date(1951, 3, 8)}, person("张三")),
        ({"born_on": date(1951, 3, 8), "phone": "199 0000 1234"}, person("张三", "", "1951.03", "19900009999")),
    ],
)
def test_who_may_be_somebody_we_have_is_shown_to_decide(ours: dict[str, Any], theirs: Any) -> None:
    a_resident("张三", **ours)
    seen = preview(a_csv(theirs))
    assert ([row.line for row in seen.doubts], seen.good, seen.known) == ([2], [], [])


@pytest.mark.parametrize(
    "theirs",
    [
        person("张三", "", "1960-03-08", "19900009999"),
        person("张三", "", "1950-01-03", "", an_id_number("99010019500103001")),
    ],
)
def test_a_namesake_with_another_birthday_is_somebody_new(theirs: Any) -> None:
    a_resident("张三", phone="199 0000 1234", id_number=an_id_number())
    assert [row.line for row in preview(a_csv(theirs)).good] == [2]


def test_twins_are_shown_and_not_dropped() -> None:
    twins = [person(name, "女", "1988-08-08", "", "", *COURT) for name in ("陈大双", "陈小双")]
    seen = preview(a_csv(*twins))
    assert [row.line for row in seen.good] == [2]
    (doubt,) = seen.doubts
    assert (doubt.line, doubt.is_likely_new) == (3, True)
    assert "陈大双" in doubt.why
    numbers = [an_id_number("99010019880808001"), an_id_number("99010019880808003")]
    sure = [person(row[0], "", "", "", number, *COURT) for row, number in zip(twins, numbers, strict=True)]
    assert [row.line for row in preview(a_csv(*sure)).good] == [2, 3]


def test_odd_signs_in_a_column_we_do_not_read_are_given_back_without_harm() -> None:
    content = a_csv(("王五", "昨天", "a\x0bb\x07c\ufffe", "=1+1"), head=("姓名", "出生日期", "备注", "签到"))
    seen = preview(content)
    head, rows = rest(content, seen.problems())
    assert [row.name for row in preview(as_workbook(head, rows)).wrong] == ["王五"]


# --- the good come in, the others are given back -------------------------------------------------------------------


def test_the_good_come_in_and_the_others_stay_as_a_file(client_of: ClientOf) -> None:
    client, before = client_of("staff"), Resident.objects.count()
    head = (*HEAD, "备注")
    bad = person("王五", "", "", "12", "", "南湖路三号院", "3", "2", date(2026, 5, 1))
    rows = ((*ZHANG, "党员"), (*bad, "独居"), (*person("张三"), "同名"), ("合计", "", "", "", "", "", "", "", "", "3"))
    address = upload(client, an_xlsx(*rows, head=head), "名册.xlsx").headers["Location"]
    page = client.get(address).content.decode()
    assert "把 5-1 变成了日期" in page
    assert "合计" in page
    answer = client.post(address, {"_once": "1"}, follow=True)
    assert Resident.objects.count() == before + 1
    assert f"新登记了 1 人；登记册上现在有 {Resident.objects.living_here().count():,} 人" in answer.content.decode()
    left = answer.redirect_chain[-1][0]
    assert left != address
    sheet = load_workbook(io.BytesIO(client.get(f"{left}rest.xlsx").content)).active
    assert sheet is not None
    table = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert table[0] == [*head, "问题"]
    assert [row[0] for row in table[1:]] == ["王五", "张三"]
    assert [row[9] for row in table[1:]] == ["独居", "同名"]
    assert all(row[-1] for row in table[1:])
    text = client.get(f"{left}rest.csv").content.decode("utf-8-sig")
    assert "王五" in text
    assert "问题" in text.splitlines()[0]


def test_what_was_given_back_comes_in_when_it_is_corrected(client_of: ClientOf) -> None:
    client, before = client_of("staff"), Resident.objects.count()
    address = upload(client, a_csv(ZHANG, person("王五", "", "", "12"))).headers["Location"]
    left = client.post(address, {"_once": "1"}).headers["Location"]
    text = client.get(f"{left}rest.csv").content.decode("utf-8-sig")
    again = upload(client, text.replace(",12,", ",19900005678,").encode("utf-8-sig")).headers["Location"]
    assert client.post(again, {"_once": "2"}).headers["Location"].endswith("/workbench/residents/")
    assert Resident.objects.count() == before + 2


def test_whoever_is_ticked_is_another_person(client_of: ClientOf) -> None:
    client, before = client_of("staff"), Resident.objects.count()
    twins = [person(name, "女", "1988-08-08", "", "", *COURT) for name in ("陈大双", "陈小双")]
    address = upload(client, a_csv(*twins, person("陈大双"))).headers["Location"]
    page = client.get(address).content.decode()
    assert 'value="3" checked' in page
    assert 'value="4" checked' not in page
    for odd in ("99", "x", "1" * 30, ""):
        assert client.post(address, {"_once": f"odd{odd}", "also": odd}).status_code == 409
        assert Resident.objects.count() == before
    client.post(address, {"_once": "1", "also": ["3", "4"]})
    assert Resident.objects.count() == before + 3
    assert not ImportDraft.objects.exclude(content=b"").exists()


def test_a_file_without_anybody_new_is_refused_and_stays(client_of: ClientOf) -> None:
    client, before = client_of("staff"), Resident.objects.count()
    address = upload(client, a_csv(person("", "女"), person("王五", "", "昨天"))).headers["Location"]
    assert client.post(address, {"_once": "1"}).status_code == 422
    assert client.get(address).status_code == 200
    assert Resident.objects.count() == before


def test_a_file_with_nothing_wrong_has_no_rest_and_nobody_else_sees_one(client_of: ClientOf) -> None:
    address = upload(client_of("staff"), a_csv(ZHANG)).headers["Location"]
    assert client_of("staff").get(f"{address}rest.xlsx").status_code == 404
    address = upload(client_of("staff"), a_csv(ZHANG, person("", "女"))).headers["Location"]
    assert client_of("secretary").get(f"{address}rest.xlsx").status_code == 404


def test_a_given_back_row_keeps_what_no_longer_can_be_read() -> None:
    content = an_xlsx(person("张三", "", "=TODAY()", "", 990100195001020013))
    seen = preview(content)
    head, rows = rest(content, seen.problems())
    assert head[-1] == "问题"
    assert rows[0][2] == "=TODAY()"
    assert preview(as_workbook(head, rows)).unread == []


def test_as_many_people_as_are_promised_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    people = [person(name) for name in ("甲", "乙", "丙")]
    title, foot = ("南湖社区名册",), ("合计", "3")
    assert len(preview(a_csv(title, HEAD, *people, foot, head=("",))).good) == 3
    with pytest.raises(tables.TooLarge):
        preview(a_csv(*people, person("丁")))
