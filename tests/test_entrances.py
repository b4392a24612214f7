"""Page, program, import and verb hear the same of the same text: what was typed oddly is put right or refused."""

from __future__ import annotations

import io
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from openpyxl import load_workbook

from weiyifang.activities import queries as activities_queries
from weiyifang.activities import services as activities
from weiyifang.activities import sheets as activities_sheets
from weiyifang.activities.models import Activity, Enrollment
from weiyifang.activities.tests import make
from weiyifang.capacity.models import PlacePool
from weiyifang.core import tables
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import Refused
from weiyifang.core.text import Missing, TooLong
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation, PaymentRequest
from weiyifang.news import services as news
from weiyifang.news.models import Article
from weiyifang.news.tests import make as make_news
from weiyifang.organizations import sheets as organizations_sheets
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as make_organizations
from weiyifang.people import services as people
from weiyifang.people.models import Account, Resident
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")

Cast = dict[str, Actor]
HOME = "/c/nanhu/"
BENCH = f"{HOME}workbench/"
UNSEEN = "\u200b\u3164\u2800"  # zero-width, a filler, braille without dots
ODD = "灯\x01\x0b\ufffe亮"  # as an earlier version kept it
ACTIVITY = {
    "title": "插花",
    "summary": "",
    "description": "",
    "kind": "workshop",
    "audience": "everyone",
    "min_age": "",
    "max_age": "",
    "organizer": "",
    "place": "二楼",
    "mode": "session",
    "places": "3",
    "party_size": "1",
    "fee_fen": "",
    "fee_note": "",
    "enrol_from": "",
    "cover": "tea",
}


def send(client_of: ClientOf, who: str, path: str, body: Any) -> Any:
    return client_of(who).post(f"{HOME}api/{path}", body, content_type="application/json")


# --- a title nobody can see ---------------------------------------------------------------------------------------


def test_a_title_nobody_can_see_is_refused_by_every_verb(cast: Cast) -> None:
    with pytest.raises(Missing):
        activities.plan(title=UNSEEN, place="二楼", by=system())
    with pytest.raises(Refused):
        make_news.draft(by=cast["staff"], title=UNSEEN)
    with pytest.raises(Refused):
        make_organizations.application(UNSEEN, pearl="歌")
    with pytest.raises(Refused):
        make.resident(UNSEEN)


def test_a_title_nobody_can_see_is_refused_on_the_page_and_to_programs(client_of: ClientOf) -> None:
    assert client_of("staff").post(f"{BENCH}activities/new/", {**ACTIVITY, "title": UNSEEN}).status_code == 422
    draft = {"column": "community", "title": UNSEEN, "text": "一句。"}
    assert send(client_of, "staff", "news/articles", draft).status_code == 422
    assert send(client_of, "staff", "people/residents", {"name": UNSEEN}).status_code == 422
    assert not Activity.objects.exists()
    assert not Article.objects.exists()


# --- signs that no file holds -------------------------------------------------------------------------------------


def test_a_vertical_tab_in_a_residents_note_leaves_the_list_at_the_door_whole(client_of: ClientOf) -> None:
    session = make.session()
    sent = send(client_of, "resident", "activities/1/1/enrollments", {"note": "膝盖不好\x0b坐前排\u202e"})
    assert sent.status_code == 201
    assert Enrollment.objects.get().note == "膝盖不好 坐前排"
    answer = client_of("staff").get(f"{BENCH}activities/{session.activity.number}/1/roster.xlsx")
    assert answer.status_code == 200


def test_what_an_earlier_version_kept_can_be_written_into_every_workbook() -> None:
    session = make.session()
    make.enroll(session)
    Enrollment.objects.update(note=Value(ODD))
    Activity.objects.update(title=Value(ODD))
    make_organizations.application()
    Organization.objects.update(purpose=Value(ODD))
    session = make.again(session)
    written = [
        activities_sheets.roster(session, activities_queries.roster(session)),
        organizations_sheets.register(Organization.objects.with_member_count()),
        tables.write_xlsx(ODD, [ODD], [[ODD]]),
    ]
    for content in written:
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        assert "灯\n亮" in {cell.value for row in sheet.iter_rows() for cell in row}
    assert "灯\n亮".encode() in b"".join(tables.write_csv(["x"], [[ODD]]))


# --- a text and its copies ----------------------------------------------------------------------------------------


def test_the_longest_title_names_its_seats_too() -> None:
    session = make.session(title="长" * 60)
    assert PlacePool.objects.get().name == session.activity.title


def test_a_text_is_measured_when_it_is_clean(client_of: ClientOf) -> None:
    typed = {**ACTIVITY, "title": "长\u200b" * 60, "description": "上午\r\n" * 2500}
    assert client_of("staff").post(f"{BENCH}activities/new/", typed).status_code == 302
    assert Activity.objects.get().title == "长" * 60


@pytest.mark.parametrize("more", [1, 5_000])
def test_a_text_without_room_is_refused_by_verbs_in_a_sentence(cast: Cast, more: int) -> None:
    with pytest.raises(TooLong, match=f"{60 + more}"):
        activities.plan(title="长" * (60 + more), place="二楼", by=system())
    session = make.session()
    with pytest.raises(TooLong):
        activities.enroll(session=session, resident=make.resident(), note="长" * (120 + more), by=system())
    with pytest.raises(TooLong):
        activities.cancel(activity=session.activity, reason="长" * (200 + more), by=system())
    with pytest.raises(TooLong):
        make_organizations.application("合唱", purpose="长" * (600 + more))
    with pytest.raises(TooLong):
        make_news.draft(by=cast["staff"], digest="长" * (120 + more))


@pytest.mark.parametrize("wrong", [{"fee_fen": 10**9}, {"places": 2**31}, {"places": True}, {"min_age": 40_000}])
def test_a_number_beyond_its_column_is_refused_by_the_verb(wrong: Any) -> None:
    with pytest.raises(Refused):
        activities.plan(title="插花", place="二楼", by=system(), **wrong)
    planned = make.activity()
    with pytest.raises(Refused):
        activities.edit(activity=planned, by=system(), **wrong)


def test_a_fee_without_its_decimal_point_is_refused_on_the_page(client_of: ClientOf) -> None:
    answer = client_of("staff").post(f"{BENCH}activities/new/", {**ACTIVITY, "fee_fen": "99999999999"})
    assert answer.status_code == 422
    assert not Activity.objects.exists()


# --- what programs send -------------------------------------------------------------------------------------------

RECEIPT = {"channel": "residents", "amount_fen": 100, "received_on": "2026-01-05"}
PAYMENT = {"title": "水", "payee": "水站", "category": "activities", "amount_fen": 100}


@pytest.mark.parametrize(
    ("who", "path", "body"),
    [
        ("accountant", "fund/receipts", RECEIPT | {"amount_fen": True}),
        ("accountant", "fund/receipts", RECEIPT | {"amount_fen": "100"}),
        ("accountant", "fund/receipts", RECEIPT | {"amount_fen": 1.0}),
        ("accountant", "fund/receipts", RECEIPT | {"amount_fen": 10**20}),
        ("accountant", "fund/receipts", RECEIPT | {"channel": "nowhere"}),
        ("accountant", "fund/receipts", RECEIPT | {"pool": "nowhere"}),
        ("accountant", "fund/receipts", RECEIPT | {"method": "gold" * 50}),
        ("accountant", "fund/receipts", RECEIPT | {"donor_name": "长" * 61}),
        ("accountant", "fund/receipts", RECEIPT | {"organization": "organizations.organization:nobody"}),
        ("staff", "fund/payments", PAYMENT | {"title": UNSEEN}),
        ("staff", "fund/payments", PAYMENT | {"payee": "\t"}),
        ("staff", "fund/payments", PAYMENT | {"category": "nowhere"}),
        ("staff", "fund/payments", PAYMENT | {"amount_fen": True}),
        ("staff", "fund/payments", PAYMENT | {"organization": "organizations.organization:nobody"}),
        ("staff", "news/articles", {"column": "nowhere", "title": "灯", "text": "亮了。"}),
        ("staff", "news/articles", {"column": "community", "title": "灯" * 65, "text": "亮了。"}),
        ("staff", "news/articles", {"column": "community", "title": "灯", "text": UNSEEN}),
        ("staff", "people/residents", {"name": "长" * 41}),
        ("staff", "people/residents", {"name": "王五", "gender": "x"}),
        ("staff", "people/residents", {"name": "王五", "compound": "三号院"}),
        ("resident", "activities/1/1/enrollments", {"places": True}),
        ("resident", "activities/1/1/enrollments", {"places": 10**20}),
        ("resident", "activities/1/1/enrollments", {"resident": 10**20}),
        ("resident", "activities/1/1/enrollments", {"note": "长" * 121}),
        ("staff", "activities/1/1/attendances", [{"people": True}]),
        ("staff", "activities/1/1/attendances", [{"resident": 10**20}]),
    ],
)
def test_a_program_that_sends_nonsense_hears_a_sentence(client_of: ClientOf, who: str, path: str, body: Any) -> None:
    make.session()
    fund.open_fund(by=system())
    make_news.column()
    answer = send(client_of, who, path, body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["code"]
    assert answer.json()["detail"]
    assert not Donation.objects.exists()
    assert not PaymentRequest.objects.exists()


# --- one person under one name ------------------------------------------------------------------------------------


def test_a_person_is_known_however_the_name_is_typed(client_of: ClientOf) -> None:
    born = date(1951, 3, 8)
    person = make.resident("阿不都•克里木", born_on=born, phone="１３８ ００１３ ８０００")
    assert (person.name, person.phone) == ("阿不都·克里木", "+8613800138000")
    assert Resident.objects.get(name="阿不都・克里木") == person
    assert people.helper_by_name_and_phone("阿不都.克里木", "138-0013-8000") == person
    answer = client_of("staff").get(f"{BENCH}residents/", {"q": "阿不都．克里木"})
    assert "阿不都·克里木" in answer.content.decode()


def test_names_that_were_kept_otherwise_are_written_in_the_one_form(cast: Cast) -> None:
    from django.apps import apps

    odd, plain = make.resident("甲"), make.resident("王五")
    Resident.objects.filter(pk=odd.pk).update(name=Value("阿不都•克里木"))
    account = Account.objects.get(username="staff")
    Account.objects.filter(pk=account.pk).update(name=Value("⼈　⻢"))
    with connection.schema_editor() as editor:
        import_module("weiyifang.people.migrations.0010_names").in_one_form(apps, editor)
    assert [Resident.objects.get(pk=one.pk).name for one in (odd, plain)] == ["阿不都·克里木", "王五"]
    assert Account.objects.get(pk=account.pk).name == "人马"


def test_why_an_article_goes_is_not_cut_but_refused_when_it_is_too_long(cast: Cast) -> None:
    article = make_news.published(by=cast["staff"], reviewer=cast["secretary"])
    with pytest.raises(TooLong):
        news.withdraw(article=article, reason="长" * 201, by=cast["secretary"])
