"""Files of residents: what comes in whole, what is refused with a sentence, and that nothing is ever half done."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from weiyifang.core import tables
from weiyifang.core.actors import system
from weiyifang.core.refusals import Refused
from weiyifang.core.tables.reading import plain
from weiyifang.people import services
from weiyifang.people.models import Gender, ImportDraft, Resident, SensitiveRead
from weiyifang.people.population import make_population
from weiyifang.people.services import importing
from weiyifang.people.services.importing import preview
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import a_resident, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
HEAD = importing.TEMPLATE_HEAD
ZHANG = ("张三", "女", "1951-03-08", "199 0000 1234", "", "南湖路三号院", "3", "2", "5-1")
LI = ("李四", "男", "1949年10月1日", "", "", "", "", "", "")


def a_csv(*rows: Sequence[str], head: Sequence[str] = HEAD, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def an_xlsx(*rows: Sequence[Any], head: Sequence[str] = HEAD, prepare: Any = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (head, *rows):
        sheet.append(list(row))
    if prepare:
        prepare(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        a_csv(ZHANG, LI),
        a_csv(ZHANG, LI, encoding="utf-8-sig"),
        a_csv(ZHANG, LI, encoding="gbk"),
        a_csv(ZHANG, LI, encoding="gb18030"),
        a_csv(ZHANG, LI, encoding="utf-16", delimiter="\t"),
        a_csv(ZHANG, LI, delimiter=";"),
        an_xlsx(ZHANG, LI),
        a_csv(
            ZHANG, LI, head=("Name", "Sex", "Date of birth", "Mobile", "ID number", "Estate", "Block", "Unit", "Room")
        ),
        a_csv(
            ZHANG,
            LI,
            head=(
                "姓 名*",
                "性别",
                "出生日期（年月日）",
                "联系电话",
                "身份证号码",
                "小区名称",
                "楼号",
                "单元号",
                "房号",
            ),
        ),
    ],
    ids=["utf-8", "utf-8 with mark", "gbk", "gb18030", "utf-16", "semicolons", "xlsx", "english", "other headings"],
)
def test_people_come_in_however_the_file_was_saved(content: bytes) -> None:
    seen = preview(content)
    assert not seen.wrong
    zhang, li = (row.person for row in seen.good)
    assert (zhang.name, zhang.gender, zhang.born_on) == ("张三", Gender.FEMALE, date(1951, 3, 8))
    assert zhang.phone == "+8619900001234"
    assert zhang.address == services.Door("南湖路三号院", "3", "2", "5-1")
    assert (li.name, li.born_on, li.address) == ("李四", date(1949, 10, 1), None)


def test_a_workbook_may_hold_real_dates_numbers_and_a_title() -> None:
    def title(book: Workbook, sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "南湖社区居民名册"
        sheet.merge_cells("A1:I1")

    row = ("张三", "女", date(1951, 3, 8), 19900001234, "", "南湖路三号院", 3, 2.0, "5-1")
    (good,) = preview(an_xlsx(row, prepare=title)).good
    assert good.line == 3
    assert (good.person.born_on, good.person.phone) == (date(1951, 3, 8), "+8619900001234")
    assert good.person.address == services.Door("南湖路三号院", "3", "2", "5-1")


def test_every_wrong_row_is_named_by_its_line_with_every_reason() -> None:
    seen = preview(
        a_csv(
            ZHANG,
            ("", "女", "", "", "", "", "", "", ""),
            ("王五", "不男不女", "1951-13-45", "", "", "", "", "", ""),
            ("赵六", "", "", "12", "", "", "", "", ""),
            ("钱七", "", "", "", "990100195001020012", "", "", "", ""),
            ("孙八", "", "", "", "", "南湖路三号院", "", "", "5-1"),
            ("周九", "", "2100-01-01", "", "", "", "", "", ""),
        )
    )
    assert [row.line for row in seen.good] == [2]
    assert [(row.line, row.name) for row in seen.wrong] == [
        (3, ""),
        (4, "王五"),
        (5, "赵六"),
        (6, "钱七"),
        (7, "孙八"),
        (8, "周九"),
    ]
    assert [len(row.reasons) for row in seen.wrong] == [1, 2, 1, 1, 1, 1]


def test_lines_are_those_of_the_file_even_with_breaks_and_gaps() -> None:
    seen = preview('姓名,备注\n张三,"两\n行"\n\n,只有备注\n李四,\n'.encode())
    assert [row.line for row in seen.good] == [2, 6]
    assert [row.line for row in seen.wrong] == [5]
    assert seen.unread == ["备注"]


def packed(size: int) -> bytes:
    """A small zip that unpacks to `size` bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return file.getvalue()


def packed_and_lying(size: int) -> bytes:
    """The same, but it says of itself that it is small."""
    content = packed(size)
    return content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def with_sheet(xml: str) -> bytes:
    """A workbook whose sheet is this."""
    whole, file = zipfile.ZipFile(io.BytesIO(an_xlsx(ZHANG))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else whole.read(name))
    return file.getvalue()


def laughing() -> bytes:
    """Ten entities of ten entities of ten …: a few hundred bytes that grow to gigabytes when they are read."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return with_sheet(f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><worksheet><c>&e9;</c></worksheet>')


def spying() -> bytes:
    """A sheet that wants to show a file of ours."""
    return with_sheet('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><c>&e;</c></worksheet>')


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", tables.EmptyTable),
        (b"  \n ", tables.EmptyTable),
        (a_csv(), importing.NoPeople),
        (a_csv(ZHANG, head=("甲", "乙")), importing.NoHeadings),
        (a_csv(ZHANG, head=("姓名", "手机号", "手机")), importing.SameHeadingTwice),
        (an_xlsx(head=()), tables.EmptyTable),
        (an_xlsx(ZHANG, LI)[:-300], tables.DamagedFile),
        (an_xlsx(ZHANG, LI)[:1000], tables.DamagedFile),
        (b"PK\x03\x04" + b"nonsense" * 50, tables.DamagedFile),
        (a_csv(ZHANG, LI)[:-1] + b'"', tables.DamagedFile),
        ("姓名\n张三".encode()[:-1], tables.DamagedFile),
        ("姓名\n张三".encode("gbk")[:-1], tables.DamagedFile),
        (b"\xd0\xcf\x11\xe0" + b"x" * 500, tables.OldWorkbook),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, tables.NotATable),
        (b"a,\x00b\n", tables.NotATable),
        (packed(tables.MOST_UNPACKED + 1), tables.TooLarge),
        (packed_and_lying(tables.MOST_UNPACKED + 1), tables.DamagedFile),
        (laughing(), tables.DamagedFile),
        (spying(), tables.DamagedFile),
        (b"x" * (tables.MOST_BYTES + 1), tables.TooLarge),
        (a_csv(("长" * 1001,)), tables.TooLarge),
        (a_csv(("长" * 140_000,)), tables.TooLarge),
        (b"\xe5\xa7\x93\xe5\x90\x8d\n" + b"a\n" * (tables.MOST_ROWS + 2), tables.TooLarge),
    ],
)
def test_what_is_no_honest_table_is_refused_with_a_sentence(content: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as refused:
        preview(content)
    assert str(refused.value)


def test_a_formula_is_a_wrong_cell_and_is_never_run() -> None:
    (wrong,) = preview(an_xlsx(("张三", "女", "=TODAY()", *[""] * 6))).wrong
    assert wrong.line == 2
    (csv_row,) = preview(a_csv(("=HYPERLINK(1)", *[""] * 8))).good  # in a CSV it is but text
    assert csv_row.person.name == "=HYPERLINK(1)"


def test_an_identity_number_kept_as_a_number_has_lost_its_end() -> None:
    (wrong,) = preview(an_xlsx(("张三", "", "", "", 990100195001020013, *[""] * 4))).wrong
    assert wrong.reasons


FILES = [a_csv(ZHANG, LI), a_csv(ZHANG, LI, encoding="gbk"), an_xlsx(ZHANG, LI)]  # made once: an xlsx holds its time


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_is_a_sentence_or_a_table_but_never_a_crash(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(FILES))
    cut = data.draw(st.integers(0, len(whole)))
    damaged = bytearray(whole[:cut])
    for place in data.draw(st.lists(st.integers(0, max(cut - 1, 0)), max_size=4)) if cut else []:
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        seen = preview(bytes(damaged))
    except Refused as refused:
        assert str(refused)  # noqa: PT017  either of the two is right
    else:
        assert seen.rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_a_sentence_or_a_table(content: bytes) -> None:
    try:
        preview(content)
    except Refused as refused:
        assert str(refused)  # noqa: PT017  its words, not its kind


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.text(max_size=30), min_size=9, max_size=9), max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_every_row_is_good_wrong_or_known_and_none_is_lost(rows: list[list[str]], encoding: str) -> None:
    clean = [["".join(c for c in cell if c.isprintable()) for cell in row] for row in rows]
    told = [row for row in clean if any(plain(cell) for cell in row)]
    try:
        seen = preview(a_csv(ZHANG, *clean, encoding=encoding))
    except tables.NotATable:
        return
    assert seen.rows == 1 + len(told)


def upload(client: Any, content: bytes, name: str = "名册.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/c/nanhu/workbench/residents/import/", {"_once": str(uuid4()), "file": file})


def test_a_file_is_previewed_then_imported_whole(client_of: ClientOf) -> None:
    staff, before = client_of("staff"), Resident.objects.count()
    answer = upload(staff, a_csv(ZHANG, LI, encoding="gbk"))
    address = answer.headers["Location"]
    page = staff.get(address).content.decode()
    assert "张三" in page
    assert "199 **** 1234" in page
    assert Resident.objects.count() == before
    staff.post(address, {"_once": "1"})
    assert Resident.objects.count() == before + 2
    assert staff.post(address, {"_once": "2"}).status_code == 409  # a second yes imports nothing
    assert Resident.objects.count() == before + 2
    assert bytes(ImportDraft.objects.get().content) == b""


def test_a_refused_file_leaves_nothing_behind(client_of: ClientOf) -> None:
    assert upload(client_of("staff"), b"PK\x03\x04nonsense", "x.xlsx").status_code == 422
    assert not ImportDraft.objects.exists()


def test_a_waiting_file_is_sealed_and_belongs_to_who_brought_it(client_of: ClientOf) -> None:
    address = upload(client_of("staff"), a_csv(ZHANG)).headers["Location"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM people_importdraft")
        assert "张三".encode() not in bytes(cursor.fetchone()[0])
    assert client_of("secretary").get(address).status_code == 404
    client_of("staff").post(f"{address}end/", {"_once": "1"})
    assert client_of("staff").get(address).status_code == 409


def test_the_template_is_read_by_the_importer(client_of: ClientOf) -> None:
    content = client_of("staff").get("/c/nanhu/workbench/residents/import/template/").content
    assert [row.person.name for row in preview(content).good] == ["张三"]


def test_a_batch_is_all_or_nothing() -> None:
    people = [services.NewResident(name="甲"), services.NewResident(name="乙", phone="1")]
    with pytest.raises(Refused):
        services.import_residents(rows=people, by=system())
    assert not Resident.objects.exists()
    twice = [services.NewResident(name=name, id_number=an_id_number()) for name in "甲乙"]
    with pytest.raises(services.KnownNumber):
        services.import_residents(rows=twice, by=system())


@pytest.mark.slow
def test_twenty_two_thousand_residents_are_imported() -> None:
    people = make_population(2017, 22_000)
    assert len(people) == Resident.objects.count() == 22_000
    assert sum(person.age is not None and person.age >= 60 for person in people) > 5_000


def test_the_same_seed_gives_the_same_people() -> None:
    def told(people: list[Resident]) -> list[tuple[Any, ...]]:
        return [(p.name, p.gender, p.born_on, p.phone) for p in people]

    assert told(make_population(1, 50)) == told(make_population(1, 50))
    assert told(make_population(2, 50)) != told(make_population(1, 50))
    assert not Resident.objects.exclude(id_number_key="").exists()


def download(client: Any, form: str, query: str = "", **data: str) -> bytes:
    answer = client.post(f"/c/nanhu/workbench/residents/export/{query}", {"form": form, **data})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_an_export_carries_no_numbers_unless_they_are_asked_for(client_of: ClientOf) -> None:
    resident = a_resident("赵一鸣", phone="199 0000 1234", id_number=an_id_number())
    staff = client_of("staff")
    plain = download(staff, "csv", "?q=赵一鸣").decode("utf-8-sig")
    assert "赵一鸣" in plain
    assert "1234" not in plain
    assert not SensitiveRead.objects.exists()
    full = download(staff, "csv", "?q=赵一鸣", sensitive="on").decode("utf-8-sig")
    assert "199 0000 1234" in full
    assert an_id_number() in full
    assert SensitiveRead.objects.get().resident == resident


def test_what_is_exported_can_be_read_again(client_of: ClientOf) -> None:
    content = download(client_of("staff"), "xlsx", sensitive="on")
    seen = preview(content)
    assert not seen.wrong
    assert len(seen.known) == Resident.objects.count()  # the same people, all known


def test_a_name_like_a_formula_stays_a_name_in_every_spreadsheet(client_of: ClientOf) -> None:
    for name in ("=1+1", "+cmd", "-2", "@SUM(1)"):
        a_resident(name)
    staff = client_of("staff")
    cells = [cell for row in csv.reader(io.StringIO(download(staff, "csv").decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    sheet = load_workbook(io.BytesIO(download(staff, "xlsx"))).active
    assert sheet is not None
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert {"=1+1", "+cmd", "-2", "@SUM(1)"} <= {row.name for row in preview(download(staff, "csv")).known} | {
        row.person.name for row in preview(download(staff, "csv")).good
    }
