"""What stands for an organization: brought by its leader or by staff, seen by whoever sees the organization."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from weiyifang.core import timeline
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.files.arranging import Wanted, Words
from weiyifang.files.tests import make as files
from weiyifang.organizations import services, verify
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import VISITOR, ClientOf

HOME = "/c/nanhu/"
SIGN = Words("合唱团的标记：一枚绿色的音符")


@pytest.fixture
def choir(choir: Organization) -> Organization:
    wanted = Wanted(brought=files.brought(files.picture(600, 600)), said=SIGN)
    services.edit(organization=choir, pictures=wanted, by=system())
    wanted = Wanted(brought=files.brought(files.picture(seed=2)), said=Words("坝坝上的演出"))
    return services.edit(organization=choir, pictures=wanted, by=system())


def address(organization: Organization, size: str = "phone", at: int = 0) -> str:
    return f"{HOME}files/{organization.pictures[at].file}/{size}/"


def typed(organization: Organization, **other: Any) -> dict[str, Any]:
    said = {"purpose": organization.purpose, "pearl": organization.pearl, "founded_on": "", "phone": ""}
    return said | {"name": organization.name, "kind": organization.kind} | other


def test_its_leader_brings_a_picture_and_what_was_typed_is_kept_too(choir: Organization, client_of: ClientOf) -> None:
    page = f"{HOME}workbench/organizations/{choir.number}/details/"
    photo = SimpleUploadedFile("a.jpg", files.picture(seed=3))
    sent = typed(choir, purpose="周三唱歌。", add="1", picture=photo, picture_words="排练厅")
    answer = client_of("leader").post(page, sent)
    assert answer.headers["Location"].endswith("/details/#pictures")
    choir.refresh_from_db()
    assert (choir.purpose, [one.alt for one in choir.pictures]) == ("周三唱歌。", [SIGN.alt, "坝坝上的演出", "排练厅"])
    bad = client_of("leader").post(
        page, typed(choir, purpose="写了很久的话", picture=SimpleUploadedFile("a.svg", files.SVG), picture_words="标记")
    )
    assert bad.status_code == 422
    assert "写了很久的话" in bad.content.decode()
    assert client_of("resident").post(page, typed(choir)).status_code == 403


def test_everybody_sees_what_stands_for_it_with_words_and_sizes(choir: Organization, client_of: ClientOf) -> None:
    browser = client_of(VISITOR)
    page = browser.get(f"{HOME}organizations/{choir.number}/").content.decode()
    assert f'alt="{SIGN.alt}"' in page
    tags = re.findall(r"<img [^>]*>", page)
    assert len(tags) == 2
    assert all("srcset=" in tag and 'width="' in tag and 'height="' in tag for tag in tags)
    assert address(choir, "stamp") in browser.get(f"{HOME}organizations/").content.decode()
    one = client_of(VISITOR).get(f"{HOME}api/organizations/{choir.number}").json()
    assert [(p["alt"], p["width"]) for p in one["pictures"]] == [(SIGN.alt, 600), ("坝坝上的演出", 900)]
    services.dissolve(organization=choir, reason="大家搬走了", by=system())
    assert browser.get(address(choir)).status_code == 200  # its page stays, and so do its pictures


def test_the_pictures_of_an_application_are_between_who_applied_and_who_decides(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    leader = resident_of("resident")
    details = {"name": "剪纸社", "kind": "culture", "pearl": "剪", "purpose": "剪纸。"}
    applied = services.apply(leader=leader, by=system(), **details)  # type: ignore[arg-type]  # of texts alone
    services.edit(organization=applied, pictures=Wanted(brought=files.brought(files.picture()), said=SIGN), by=system())
    applied.refresh_from_db()
    answers = {key: client_of(key).get(address(applied)).status_code for key in (VISITOR, "resident", "staff")}
    assert answers == {VISITOR: 302, "resident": 200, "staff": 200}
    assert client_of("accountant").get(address(applied)).status_code == 403


def test_a_change_of_pictures_is_told_and_noticed(choir: Organization, client_of: ClientOf) -> None:
    assert timeline.of(source_of(choir))[0].values["changed"] == ["pictures"]
    page = f"{HOME}workbench/organizations/{choir.number}/details/"
    (seen, *_same) = re.findall(r'name="_seen" value="([^"]+)"', client_of("staff").get(page).content.decode())
    services.edit(organization=choir, pictures=Wanted(first=2), by=system())
    answer = client_of("staff").post(page, typed(choir, _seen=seen))
    assert answer.status_code == 422
    assert "图片" in answer.content.decode()
    assert verify.check() == []
