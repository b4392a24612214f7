from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from weiyifang.core import actors
from weiyifang.core.actors import Actor
from weiyifang.core.web import downloads
from weiyifang.organizations import services
from weiyifang.organizations.models import JoinRequest, Membership, Organization, Status
from weiyifang.organizations.tests import make
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf

LIST, BENCH = "/c/nanhu/organizations/", "/c/nanhu/workbench/organizations/"


@pytest.fixture
def page(choir: Organization) -> str:
    return f"{LIST}{choir.number}/"


@pytest.fixture
def desk(choir: Organization) -> str:
    return f"{BENCH}{choir.number}/"


def said(response: Any) -> str:
    return str(response.content.decode())


def test_a_visitor_sees_the_string_and_each_pearl(client_of: ClientOf, page: str) -> None:
    browser = client_of("visitor")
    assert "南湖合唱团" in said(browser.get(LIST))
    shown = said(browser.get(page))
    assert "何婆婆" in shown
    assert "/accounts/login/?next=/c/nanhu/organizations/" in shown
    assert "csrfmiddlewaretoken" not in shown


def test_the_list_is_searched_and_narrowed_to_a_kind(client_of: ClientOf, choir: Organization) -> None:
    browser = client_of("visitor")
    other = make.application("义修社", kind="service", leader=make.resident(), purpose="修电饭煲。")
    services.file(organization=other, by=actors.system())
    assert "义修社" not in said(browser.get(LIST, {"q": "合唱"}))
    assert "南湖合唱团" not in said(browser.get(LIST, {"kind": "service"}))
    assert "义修社" in said(browser.get(LIST, {"q": "电饭煲"}))
    assert browser.get(LIST, {"q": "没有这个", "kind": "nonsense", "page": "x"}).status_code == 200


def test_an_application_is_seen_by_who_applied_and_who_decides_only(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    made = make.application("编织社", leader=resident_of("resident"))
    assert "编织社" not in said(client_of("visitor").get(LIST))
    for key, status in {"visitor": 404, "volunteer": 404, "leader": 404, "resident": 200, "staff": 200}.items():
        assert client_of(key).get(f"{LIST}{made.number}/").status_code == status, key


def test_who_opens_the_desk(client_of: ClientOf, desk: str) -> None:
    for key, status in {"visitor": 302, "outsider": 404, "resident": 403, "accountant": 403, "leader": 200}.items():
        assert client_of(key).get(desk).status_code == status, key
        assert client_of(key).get(BENCH).status_code == status, key
    other = make.application("编织社")
    assert client_of("leader").get(f"{BENCH}{other.number}/").status_code == 403
    assert client_of("leader").get(f"{BENCH}new/").status_code == 403
    assert "编织社" not in said(client_of("leader").get(BENCH))
    assert "编织社" in said(client_of("staff").get(BENCH))


def test_a_resident_asks_once_however_often_the_button_is_pressed(client_of: ClientOf, page: str) -> None:
    browser = client_of("resident")
    form = {"words": "会唱中音", "_once": "k1"}
    assert browser.post(f"{page}requests/", form).status_code == 302
    assert browser.post(f"{page}requests/", form).status_code == 302
    assert JoinRequest.objects.count() == 1
    assert browser.post(f"{page}requests/", {"words": "再问", "_once": "k2"}).status_code == 422
    shown = said(browser.get(page))
    assert f"{page}requests/mine/withdrawal/" in shown
    browser.post(f"{page}requests/mine/withdrawal/", {"_once": "k3"})
    assert JoinRequest.objects.get().state == "withdrawn"


def test_the_leader_accepts_declines_and_keeps_the_roster(
    client_of: ClientOf, choir: Organization, desk: str, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    leader = client_of("leader")
    asked = services.ask_to_join(organization=choir, resident=resident_of("resident"), by=cast["resident"])
    assert "陈桂芳" in said(leader.get(desk))
    leader.post(f"{BENCH}requests/{asked.pk}/acceptance/", {"_once": "a"})
    assert Membership.objects.live().filter(resident=resident_of("resident")).exists()

    asked = services.ask_to_join(organization=choir, resident=resident_of("volunteer"), by=cast["volunteer"])
    assert leader.post(f"{BENCH}requests/{asked.pk}/refusal/", {"answer": "", "_once": "b"}).status_code == 422
    leader.post(f"{BENCH}requests/{asked.pk}/refusal/", {"answer": "这季度满了", "_once": "c"})
    assert "这季度满了" in said(client_of("volunteer").get(f"{LIST}{choir.number}/"))

    found = make.resident("赵大爷")
    part = leader.post(f"{desk}members/", {"who": "赵大", "_once": "part"})  # a leader sees no register
    assert (part.status_code, "赵大爷" in said(part)) == (422, False)
    leader.post(f"{desk}members/", {"who": found.name, "_once": "d"})
    assert "赵大爷" in said(leader.get(f"{desk}roster/"))
    mine = Membership.objects.live().get(resident=found)
    leader.post(f"{desk}members/{mine.pk}/end/", {"_once": "e"})
    assert "赵大爷" not in said(leader.get(f"{desk}roster/"))
    assert leader.post(f"{desk}members/", {"who": "没有这个人", "_once": "f"}).status_code == 422


def test_staff_take_an_application_from_paper_to_the_end(client_of: ClientOf, choir: Organization) -> None:
    staff = client_of("staff")
    form = {"name": "棋社", "kind": "culture", "purpose": "下棋。", "phone": "199 0000 1234", "_once": "a"}
    assert staff.post(f"{BENCH}new/", {**form, "kind": "banks"}).status_code == 422
    assert staff.post(f"{BENCH}new/", {**form, "_once": "b"}).status_code == 302
    made = Organization.objects.get(name="棋社")
    desk, day = f"{BENCH}{made.number}/", {"on": "2026-01-05"}
    assert "199 0000 1234" in said(staff.get(desk))
    assert staff.post(f"{desk}file/", {**day, "_once": "c"}).status_code == 422  # nobody leads it
    asked = staff.post(f"{desk}leader/", {"who": make.resident("棋王").name, "_once": "asked"})
    made.refresh_from_db()
    assert ("棋王" in said(asked), made.leader) == (True, None)
    staff.post(f"{desk}leader/", {"who": "棋王", "sure": "1", "_once": "d"})
    staff.post(f"{desk}file/", {**day, "filing_no": "备 9", "_once": "e"})
    staff.post(f"{desk}register/", {**day, "credit_code": make.CREDIT_CODE, "_once": "f"})
    staff.post(f"{desk}details/", {**form, "purpose": "下象棋和围棋。", "_once": "g"})
    made.refresh_from_db()
    assert (made.status, made.filing_no, made.purpose) == (Status.REGISTERED, "备 9", "下象棋和围棋。")
    staff.post(f"{desk}dissolve/", {**day, "reason": "人散了", "_once": "h"})
    assert "人散了" in said(client_of("visitor").get(f"{LIST}{made.number}/"))


def test_a_resident_begins_an_organization_and_leaves_another(
    client_of: ClientOf, choir: Organization, page: str, resident_of: Callable[[str], Resident]
) -> None:
    browser = client_of("resident")
    assert client_of("staff").get(f"{LIST}new/").status_code == 403  # staff note applications at the desk
    form = {"name": "编织社", "kind": "charity", "purpose": "织毛衣。", "_once": "a"}
    made = browser.post(f"{LIST}new/", form)
    assert made.status_code == 302
    assert "编织社" in said(browser.get(made["Location"]))
    services.add_member(organization=choir, resident=resident_of("resident"), by=actors.system())
    browser.post(f"{page}membership/end/", {"_once": "b"})
    assert not Membership.objects.live().filter(organization=choir, resident=resident_of("resident")).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(client_of: ClientOf, page: str, desk: str, language: str) -> None:
    browser = client_of("secretary")
    browser.cookies["django_language"] = language
    seen = [browser.get(path) for path in (LIST, page, BENCH, desk, f"{desk}roster/", f"{desk}file/", f"{BENCH}new/")]
    assert [response.status_code for response in seen] == [200] * len(seen)
    assert all(f'lang="{language}' in said(response).split("<head>")[0].lower() for response in seen)
    assert ("Organizations" in said(seen[0])) == (language == "en")


def queries_for(browser: Any, path: str) -> int:
    from django.db import connection

    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


def test_longer_lists_ask_no_more_questions(client_of: ClientOf, choir: Organization, desk: str) -> None:
    staff, paths = client_of("staff"), [LIST, BENCH, desk, f"{desk}roster/"]
    before = [queries_for(staff, path) for path in paths]
    for name in ("一社", "二社"):
        services.file(organization=make.application(name, leader=make.resident()), by=actors.system())
        services.add_member(organization=choir, resident=make.resident(), by=actors.system())
    assert [queries_for(staff, path) for path in paths] == before


def test_an_exported_name_is_never_a_formula(choir: Organization, client_of: ClientOf) -> None:
    make.application("=HYPERLINK(1)", pearl="歌", purpose="+1 @x")
    response = client_of("staff").get(f"{BENCH}export/")
    assert response["Content-Type"] == downloads.XLSX
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    cell = sheet["B3"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    book = client_of("leader").get(f"{BENCH}{choir.number}/roster/", {"format": "xlsx"})
    roster = load_workbook(io.BytesIO(book.content)).active
    assert roster is not None
    assert roster["B2"].value == "何婆婆"


def test_programs_read_organizations_and_those_who_look_after_one_its_members(
    client_of: ClientOf, choir: Organization
) -> None:
    make.application("编织社")
    root = "/c/nanhu/api/organizations/"
    listed = client_of("visitor").get(root).json()
    assert [(one["name"], one["members"], one["leader"]) for one in listed] == [("南湖合唱团", 1, "何婆婆")]
    assert client_of("visitor").get(f"{root}{choir.number}").json()["status"] == "filed"
    assert client_of("visitor").get(f"{root}2").status_code == 404
    assert client_of("resident").get(f"{root}{choir.number}/members").status_code == 403
    members = client_of("leader").get(f"{root}{choir.number}/members").json()
    assert [one["name"] for one in members] == ["何婆婆"]
