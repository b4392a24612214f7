"""One page of papers for gifts, statements and organizations: who sees, adds and takes away, and what is refused."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import CommunityModel, source_of
from weiyifang.files import queries, services, verify
from weiyifang.files.models import Content, File
from weiyifang.files.tests import make
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation
from weiyifang.fund.tests import make as money
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import VISITOR, ClientOf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def gift(cast: dict[str, Actor]) -> Donation:
    """The resident's."""
    fund.open_fund(by=system())
    return money.gift(cast["accountant"], 20_000, resident_id=cast["resident"].resident_id)


def page_of(row: CommunityModel) -> str:
    return f"/c/nanhu/workbench/papers/{source_of(row).replace(':', '/')}/"


def photo(content: bytes | None = None, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.picture() if content is None else content, "image/jpeg")


def seen(file: File) -> str:
    return f"/c/nanhu/files/{file.pk}/print/"


def test_a_photographed_slip_is_seen_by_the_books_and_by_who_gave_it(gift: Donation, client_of: ClientOf) -> None:
    page = page_of(gift)
    assert page in client_of("accountant").get("/c/nanhu/workbench/fund/income/").content.decode()
    assert client_of("accountant").post(page, {"file": photo(), "label": "slip"}).headers["Location"] == page
    file = queries.of(source_of(gift)).get()
    assert (file.what, file.is_open) == ("slip", False)
    for who in ("accountant", "staff", "supervisor", "secretary"):
        assert client_of(who).get(seen(file)).status_code == 200
    assert f"/files/{file.pk}/phone/" in client_of("resident").get(f"/c/nanhu/fund/mine/{gift.pk}/").content.decode()
    assert client_of("resident").get(seen(file)).status_code == 200
    assert client_of("volunteer").get(seen(file)).status_code == 403
    assert client_of(VISITOR).get(seen(file)).status_code == 302
    assert client_of("resident").get(page).status_code == 403
    assert timeline.of(source_of(gift))[0].verb == "FileKept"


def test_a_paper_of_the_accounts_is_taken_away_on_its_first_day_by_who_brought_it_and_then_stays(
    gift: Donation, cast: dict[str, Actor], client_of: ClientOf
) -> None:
    by = cast["accountant"]
    first, second = (
        services.add(owner=source_of(gift), brought=make.brought(make.picture(seed=n)), what="slip", by=by)
        for n in (1, 2)
    )
    assert client_of("secretary").post(f"{page_of(gift)}{first.pk}/end/").status_code == 403
    assert client_of("accountant").post(f"{page_of(gift)}{first.pk}/end/").status_code == 302
    with clock.at(clock.now() + timedelta(days=1)):
        with pytest.raises(NotAllowed):
            services.take_away(file=second, by=by)
        page = client_of("accountant").get(page_of(gift)).content.decode()
    assert f"{second.pk}/end/" not in page
    assert verify.check() == []


def test_a_photographed_statement_of_the_bank(gift: Donation, cast: dict[str, Actor], client_of: ClientOf) -> None:
    row = fund.state_balance(method="bank", stated_on=clock.today(), stated_fen=20_000, by=cast["accountant"])
    assert page_of(row) in client_of("supervisor").get("/c/nanhu/workbench/fund/statements/").content.decode()
    assert client_of("supervisor").post(page_of(row), {"file": photo(), "label": "statement"}).status_code == 403
    assert client_of("accountant").post(page_of(row), {"file": photo(), "label": "statement"}).status_code == 302
    assert client_of("supervisor").get(seen(queries.of(source_of(row)).get())).status_code == 200


def test_an_organizations_documents_are_its_members_and_everybodys_by_choice(
    resident_of: Callable[[str], Resident], client_of: ClientOf
) -> None:
    row = organization.in_status("filed", "南湖合唱团")
    page = page_of(row).replace("organization/", "organization-documents/")
    documents, public = f"{source_of(row)}/documents", f"/c/nanhu/organizations/{row.number}/"
    assert client_of("resident").post(page, {"file": photo(), "label": "minutes"}).status_code == 403
    client_of("staff").post(page, {"file": photo(), "label": "minutes"})
    client_of("staff").post(page, {"file": photo(make.PDF), "label": "statutes", "is_open": "on"})
    minutes, statutes = queries.of(documents)
    assert client_of(VISITOR).get(seen(minutes)).status_code == 302
    whole = f"/c/nanhu/files/{statutes.pk}/whole/"
    assert client_of(VISITOR).get(whole).status_code == 200
    said = client_of(VISITOR).get(public).content.decode()
    assert (whole in said, "章程" in said, str(minutes.pk) in said) == (True, True, False)
    assert client_of("resident").get(seen(minutes)).status_code == 403
    organizations.add_member(organization=row, resident=resident_of("resident"), by=system())
    assert client_of("resident").get(seen(minutes)).status_code == 200
    assert str(minutes.pk) in client_of("resident").get(public).content.decode()
    assert list(verify.album_faults(Organization.objects.all(), check="organizations")) == []  # they are no pictures


# --- bad input, at the page -------------------------------------------------------------------------------------


BAD = {
    "svg": (make.SVG, "SVG"),
    "heic": (make.HEIC, "HEIC"),
    "a web page": (make.HTML, "网页或程序"),
    "a picture of 50,000 × 50,000": (make.png_that_says(50_000, 50_000), "像素太多"),
    "a strip of 60,000,000 × 1": (make.png_that_says(60_000_000, 1), "像素太多"),
    "half a picture": (make.picture()[:900], "坏了或者不完整"),
    "half a PDF": (make.PDF[:60], "缺了末尾"),
    "a word file": (make.archive("word/document.xml"), "Word"),
    "macros": (make.archive("xl/workbook.xml", "xl/vbaProject.bin"), "宏"),
    "nothing": (b"", "空"),
    "a program": (b"\x7fELF" + bytes(100), "不收这种文件"),
    "11 MB": (make.PDF[:-5] + bytes(11 << 20) + b"%%EOF", "10 MB"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_taken_is_a_sentence_on_the_page_and_nothing_is_kept(
    gift: Donation, client_of: ClientOf, store: Path, what: str
) -> None:
    content, words = BAD[what]
    answer = client_of("accountant").post(page_of(gift), {"file": photo(content), "label": "slip"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert (File.objects.count(), Content.objects.count()) == (0, 0)
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_a_pdf_with_a_script_and_two_files_of_one_name_are_kept_and_only_saved(
    gift: Donation, client_of: ClientOf
) -> None:
    browser = client_of("accountant")
    for content in (make.PDF, make.PDF + b"\n", make.PDF):
        assert browser.post(page_of(gift), {"file": photo(content, "发票.pdf"), "label": "slip"}).status_code == 302
    files = list(queries.of(source_of(gift)))
    assert len(files) == 2  # the third is the first once more
    for file in files:
        answer = browser.get(f"/c/nanhu/files/{file.pk}/whole/")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")


def test_a_full_disk_is_a_sentence_and_the_next_try_is_there_once(
    gift: Donation, client_of: ClientOf, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, page = client_of("accountant"), page_of(gift)
    store.parent.joinpath("files").mkdir(exist_ok=True)
    with monkeypatch.context() as full:
        full.setattr("weiyifang.core.files.os.fsync", no_room)
        answer = browser.post(page, {"file": photo(), "label": "slip"})
    assert (answer.status_code, "没能存下来" in answer.content.decode()) == (422, True)
    assert not File.objects.exists()
    assert browser.post(page, {"file": photo(), "label": "slip"}).status_code == 302
    assert queries.of(source_of(gift)).count() == 1


def no_room(*_given: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_there_are_only_so_many(gift: Donation, cast: dict[str, Actor], client_of: ClientOf) -> None:
    for number in range(services.MOST_PAPERS):
        brought = make.brought(make.PDF + b"\n" * number)
        services.add(owner=source_of(gift), brought=brought, what="slip", by=cast["accountant"])
    answer = client_of("accountant").post(page_of(gift), {"file": photo(), "label": "slip"})
    assert (answer.status_code, "已经有 12 个附件" in answer.content.decode()) == (422, True)
