"""The accountant brings statements on pages; who oversees reads them; staff see neither names nor pages."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from weiyifang.banking.models import Line, Statement, StatementDraft
from weiyifang.banking.tests import make, samples
from weiyifang.core import tables
from weiyifang.core.actors import Actor
from weiyifang.errands.models import Errand
from weiyifang.errands.tests import make as errands
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.django_db
BENCH = "/c/nanhu/workbench/banking/"


def upload(content: bytes, method: str = "bank") -> dict[str, object]:
    return {"method": method, "file": SimpleUploadedFile("流水.csv", content)}


def test_a_file_is_looked_at_and_imported_with_two_presses(client_of: ClientOf) -> None:
    browser = client_of("accountant")
    looked = browser.post(f"{BENCH}import/", upload(samples.of("abc_corporate", "gb18030")))
    assert looked.status_code == 302
    page = browser.get(looked.headers["Location"]).content.decode()
    assert "11,300.00" in page
    assert 'value="2026-03-31"' in page, "the period stands above the headings"
    done = browser.post(looked.headers["Location"], {"since": "2026-03-01", "until": "2026-03-31"})
    assert done.headers["Location"] == f"{BENCH}statements/{Statement.objects.get().pk}/"
    assert Line.objects.count() == 2
    assert "样例住户甲" in client_of("supervisor").get(done.headers["Location"]).content.decode()


def test_a_file_with_wrong_lines_offers_no_import(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    broken = samples.plain([["2026-03-02", "1.005", "", "11500", "", ""]])
    waiting = make.draft(cast["accountant"], broken)
    page = client_of("accountant").get(f"{BENCH}import/{waiting.pk}/").content.decode()
    assert "1.005" in page
    assert not re.search(r'name="since"', page)


def test_a_file_of_an_unknown_shape_is_asked_about_once(client_of: ClientOf) -> None:
    browser = client_of("accountant")

    def odd(day: str, fen: str, left: str) -> bytes:
        return b"".join(tables.write_csv(["哪天", "几块", "剩下"], [[day, fen, left]]))

    asked = browser.post(f"{BENCH}import/", upload(odd("2026-03-02", "5", "105")))
    assert asked.headers["Location"].endswith("/columns/")
    named = browser.post(asked.headers["Location"], {"day": "0", "amount": "1", "balance": "2"})
    browser.post(named.headers["Location"], {"since": "2026-03-01", "until": "2026-03-31"})
    assert Line.objects.get().fen == 500
    again = browser.post(f"{BENCH}import/", upload(odd("2026-04-02", "-5", "100")))
    assert not again.headers["Location"].endswith("/columns/")


def test_what_is_no_statement_says_so_and_keeps_nothing(client_of: ClientOf) -> None:
    answer = client_of("accountant").post(f"{BENCH}import/", upload(b"\xd0\xcf\x11\xe0locked"))
    assert answer.status_code == 422
    assert "password" in answer.content.decode() or "密码" in answer.content.decode()
    assert not StatementDraft.objects.exists()


@override_settings(AT_ONCE=1)
def test_a_long_statement_is_imported_by_the_worker(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    browser, waiting = client_of("accountant"), make.draft(cast["accountant"])
    handed = browser.post(f"{BENCH}import/{waiting.pk}/", {"since": "2026-03-01", "until": "2026-03-31"})
    assert "/errands/" in handed.headers["Location"]
    assert not Line.objects.exists()
    errands.carried_out(Errand.objects.get())
    assert Line.objects.count() == 2
    assert "2" in browser.get(handed.headers["Location"]).content.decode()


@pytest.mark.parametrize("who", ["staff", "leader", "resident", "volunteer"])
def test_who_neither_keeps_nor_oversees_the_books_sees_no_statement(
    client_of: ClientOf, cast: dict[str, Actor], who: str
) -> None:
    row = make.statement(cast["accountant"])
    for page in (BENCH, f"{BENCH}statements/{row.pk}/"):
        answer = client_of(who).get(page)
        assert answer.status_code == 403
        assert "样例住户甲" not in answer.content.decode()
