"""What was photographed for a payment is seen by who decides, and stays once it is paid."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from pytest_django.fixtures import Settings

from weiyifang.core import timeline
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.files import queries as files
from weiyifang.files import verify
from weiyifang.files.models import File
from weiyifang.files.services import MOST_PAPERS, EnoughPapers
from weiyifang.files.tests import make as drawn
from weiyifang.fund import services
from weiyifang.fund.books import Books
from weiyifang.fund.models import PaymentRequest
from weiyifang.fund.services.papers import _note_change
from weiyifang.fund.tests import make
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def money(fund: Books, cast: dict[str, Actor]) -> None:
    """There is enough."""
    make.gift(cast["accountant"], 1_000_000)


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photographed(row: PaymentRequest, by: Actor, seed: int = 1) -> File:
    return services.add_paper(request=row, brought=drawn.brought(drawn.picture(seed=seed)), by=by)


def test_a_photographed_invoice_is_seen_by_who_approves_and_who_watches_over(
    cast: dict[str, Actor], client_of: ClientOf
) -> None:
    row = make.request(cast["staff"])
    page = f"/c/nanhu/workbench/fund/payments/{row.pk}/"
    photo = SimpleUploadedFile("发票.jpg", drawn.from_a_telephone(), "text/html")  # whatever the browser says
    added = client_of("staff").post(f"{page}papers/", {"file": photo})
    assert added.headers["Location"] == page
    file = files.of(source_of(row)).get()
    small, whole = (f"/c/nanhu/files/{file.pk}/{size}/" for size in ("phone", "print"))
    for who in ("secretary", "supervisor", "accountant"):
        browser = client_of(who)
        assert small in browser.get(page).content.decode()
        assert browser.get(whole).headers["Content-Type"] == "image/jpeg"
    for who in ("resident", "volunteer"):
        assert client_of(who).get(small).status_code == 403
    assert [one.verb for one in timeline.of(source_of(row))][:1] == ["FileKept"]


def test_what_is_not_taken_is_said_on_the_page_and_nothing_is_kept(cast: dict[str, Actor], client_of: ClientOf) -> None:
    row = make.request(cast["staff"])
    page = f"/c/nanhu/workbench/fund/payments/{row.pk}/papers/"
    for content, words in ((drawn.SVG, "SVG"), (drawn.HEIC, "HEIC"), (drawn.HTML, "网页或程序")):
        answer = client_of("staff").post(page, {"file": SimpleUploadedFile("invoice.jpg", content, "image/jpeg")})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert files.shown(source_of(row)) == []


def test_only_the_writer_changes_them_and_nobody_once_they_were_approved_or_paid(cast: dict[str, Actor]) -> None:
    row = make.request(cast["staff"])
    paper = photographed(row, cast["staff"])
    for who in ("secretary", "accountant"):
        with pytest.raises(NotAllowed):
            photographed(row, cast[who], seed=2)
    row = services.approve_payment(request=row, by=cast["secretary"])
    for step in ("approved", "paid"):
        with pytest.raises(NotAllowed):
            photographed(row, cast["staff"], seed=2)
        with pytest.raises(NotAllowed):
            services.take_paper_away(request=row, file=paper, by=cast["staff"])
        if step == "approved":
            row = services.pay(request=row, by=cast["accountant"])
    with pytest.raises(DatabaseError):  # even past the rule: what is paid stays as it is
        _note_change(row)


def test_a_paper_of_another_request_is_not_taken_away(cast: dict[str, Actor], client_of: ClientOf) -> None:
    mine, other = make.request(cast["staff"]), make.request(cast["secretary"])
    paper = photographed(other, cast["secretary"])
    with pytest.raises(NotAllowed):
        services.take_paper_away(request=mine, file=paper, by=cast["staff"])
    address = f"/c/nanhu/workbench/fund/payments/{mine.pk}/papers/{paper.pk}/end/"
    assert client_of("staff").post(address).status_code == 404


def test_an_approver_who_has_not_seen_the_newest_paper_is_told(cast: dict[str, Actor], client_of: ClientOf) -> None:
    row = make.request(cast["staff"])
    browser, page = client_of("secretary"), f"/c/nanhu/workbench/fund/payments/{row.pk}/"
    seen = browser.get(page).content.decode().split('name="_seen" value="')[1].split('"')[0]
    photographed(row, cast["staff"])
    assert browser.post(f"{page}approval/", {"_seen": seen}).status_code == 409
    row.refresh_from_db()
    assert row.state == "submitted"


def test_there_are_only_so_many_and_one_taken_away_makes_room(cast: dict[str, Actor]) -> None:
    row, by = make.request(cast["staff"]), cast["staff"]
    papers = [
        services.add_paper(request=row, brought=drawn.brought(drawn.PDF + b"\n" * n), by=by) for n in range(MOST_PAPERS)
    ]
    with pytest.raises(EnoughPapers):
        photographed(row, by)
    services.take_paper_away(request=row, file=papers[0], by=by)
    assert photographed(row, by)
    assert verify.check() == []


def test_the_same_photograph_once_more_is_nothing_new(cast: dict[str, Actor]) -> None:
    row, by = make.request(cast["staff"]), cast["staff"]
    assert photographed(row, by) == photographed(row, by)
    row.refresh_from_db()
    assert row.files_changed == 1
