from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from weiyifang.core import signed
from weiyifang.core.actors import Actor
from weiyifang.core.server.database import as_owner
from weiyifang.core.tenancy import source_of
from weiyifang.fund import proof_file, receipts, services
from weiyifang.fund.books import Books, books
from weiyifang.fund.models import Donation
from weiyifang.fund.proof_file import NotAProof
from weiyifang.fund.tests import make
from weiyifang.ledger import chain, proofs, verify
from weiyifang.ledger import queries as ledger
from weiyifang.people.testing import ClientOf

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
seals = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=70, unique=True)


def by_the_standard(leaves: list[str]) -> bytes:
    """RFC 6962, 2.1, word by word."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0].encode()).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + by_the_standard(leaves[:k]) + by_the_standard(leaves[k:])).digest()


@given(seals)
def test_the_tree_is_the_one_of_the_standard_and_shows_each_row_with_few_hashes(some: list[str]) -> None:
    rows = f"{len(some)}:{by_the_standard(some).hex()}"
    assert chain.Tree(some).rows == rows
    storeys = chain.storeys(some)
    for index, seal in enumerate(some):
        way = chain.path(storeys, index)
        assert len(way) <= (len(some) - 1).bit_length()
        assert chain.rows_by_path(seal, index=index, size=len(some), path=way) == rows


@given(seals, st.data())
def test_no_other_row_place_or_number_gives_the_same_tree(some: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(some) - 1))
    way, rows = chain.path(chain.storeys(some), index), chain.Tree(some).rows
    other = data.draw(st.sampled_from([one for one in [*some, "0" * 64, "1" * 64] if one != some[index]]))
    for seal, at, size in (
        (other, index, len(some)),
        (some[index], index + 1, len(some)),
        (some[index], index, len(some) + 1),
    ):
        try:
            assert chain.rows_by_path(seal, index=at, size=size, path=way) != rows
        except ValueError:
            continue


@pytest.fixture
def gifts(fund: Books, cast: dict[str, Actor]) -> list[Donation]:
    """Gifts of two sealed months, five and one, and one of an open month."""
    by = cast["accountant"]
    days = [date(2026, 4, day) for day in (1, 9, 9, 20, 30)] + [date(2026, 5, 2)]
    rows = [make.gift(by, 1_000 + place, received_on=day) for place, day in enumerate(days)]
    for month in (APRIL, MAY):
        services.close_month(month=month, by=by)
    return [*rows, make.gift(by, 7_000)]


def proof_of(gift: Donation) -> proof_file.Receipt:
    found = receipts.proof(books(), books().transfer_of(source_of(gift)))
    assert found is not None
    return proof_file.read_receipt(found.text())


def wrong(text: str) -> list[str]:
    """What a stranger with the published list finds wrong in a receipt."""
    try:
        receipt = proof_file.read_receipt(text)
    except NotAProof as error:
        return [str(error)]
    return [*proof_file.faults(receipt), *proof_file.compared(receipt, months=receipts.months())]


def test_the_receipt_of_every_gift_of_a_sealed_month_holds_and_of_an_open_one_there_is_none(
    gifts: list[Donation],
) -> None:
    for gift in gifts[:-1]:
        assert wrong(proof_of(gift).text()) == []
        assert proof_of(gift).fen == gift.amount_fen
    assert receipts.proof(books(), books().transfer_of(source_of(gifts[-1]))) is None
    assert receipts.verify_all() == receipts.Verified(6, 6, "")


def every_byte_changed(content: bytes) -> Iterator[bytes]:
    """The file with one byte changed, each once: to the other case of a letter, another digit, sign or blank."""
    blanks = bytes.maketrans(b" \n", b"\n ")
    for at, byte in enumerate(content):
        other = blanks[byte] if chr(byte).isspace() else byte ^ (0x20 if chr(byte).isalpha() else 1)
        yield content[:at] + bytes([other]) + content[at + 1 :]


def test_whichever_byte_of_a_receipt_is_changed_it_is_refused(gifts: list[Donation]) -> None:
    content = proof_of(gifts[2]).text().encode()
    accepted = [one for one in every_byte_changed(content) if one.isascii() and not wrong(one.decode())]
    assert accepted == []


def test_a_receipt_made_whole_again_around_another_amount_does_not_have_the_published_root(
    gifts: list[Donation],
) -> None:
    """Who computes every hash anew gets another root; until then the step that does not fit is named."""
    told = json.loads(proof_of(gifts[1]).text())
    told["entry"][5] += 1
    said = wrong(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    assert said == ["the entry (amount, day, purpose, source) does not give its hash"]
    told["content"] = chain.digest(*told["entry"])
    told["seal"] = chain.digest(
        *(told[name] for name in ("before", "number", "transfer", "journal", "recorded", "by", "content"))
    )
    told["rows"] = chain.rows_by_path(told["seal"], index=told["index"], size=told["size"], path=told["beside"])
    told["root"] = proof_file.OfMonth(**told["month"]).root(told["rows"])
    assert wrong(json.dumps(told, ensure_ascii=False, indent=1) + "\n") == [
        "the published root of 2026-04 is another one"
    ]


def test_a_list_of_months_that_somebody_changed_does_not_follow(gifts: list[Donation]) -> None:
    receipt, listed = proof_of(gifts[0]), receipts.months().text()
    assert proof_file.faults_of_months(proof_file.read_months(listed)) == []
    changed = proof_file.read_months(listed.replace('"head_no": 6', '"head_no": 7', 1))
    assert proof_file.compared(receipt, months=changed) == [
        "in the list of months 2026-04 does not follow from the month before"
    ]


def test_with_the_list_the_newest_printed_root_is_enough_and_an_older_one_is_not(gifts: list[Donation]) -> None:
    listed = receipts.months()
    roots = [root for _month, _rows, root in listed.months]
    of_april, of_may = proof_of(gifts[0]), proof_of(gifts[5])
    for root in roots:
        assert proof_file.compared(of_april, months=listed, digits=root[:32]) == []
    assert proof_file.compared(of_may, months=listed, digits=roots[0][:32]) != []
    assert proof_file.compared(of_april, digits=roots[0][:32]) == []
    assert proof_file.compared(of_april, digits=roots[1][:32]) != []


@pytest.mark.django_db(transaction=True)
def test_months_that_were_sealed_before_there_was_a_tree_prove_their_rows_by_all_seals(gifts: list[Donation]) -> None:
    """As an earlier version sealed them, then brought up to date: all verifies as before, and proves its rows."""
    before = chain.START
    with as_owner(connection), connection.cursor() as cursor:
        for month in proofs.sealed_months(books().book):
            rows = chain.all_in_line(ledger.seals_of_month(books().book, month.month))
            head = (month.head_no, month.head)
            before = chain.root(
                before, book_code="fund", month=month.month, head=head, rows=rows, closing=month.closing
            )
            cursor.execute("UPDATE ledger_period SET root_hash = %s WHERE month = %s", [before, month.month])
        cursor.execute(import_module("weiyifang.ledger.migrations.0005_rows_of_months").AS_IT_WAS)
    assert verify.check() == []
    content = proof_of(gifts[2]).text()
    assert proof_of(gifts[2]).around
    assert receipts.verify_all() == receipts.Verified(6, 6, "")
    assert [one for one in every_byte_changed(content.encode()) if one.isascii() and not wrong(one.decode())] == []


class TestPages:
    """The receipt for whoever holds its code."""

    def address(self, gift: Donation) -> str:
        return f"/c/nanhu/fund/receipts/{receipts.code(gift.pk)}/"

    def test_whoever_has_the_code_reads_it_and_takes_both_files_along(
        self, gifts: list[Donation], client_of: ClientOf
    ) -> None:
        browser = client_of("visitor")
        body = browser.get(self.address(gifts[0])).content.decode()
        assert "10.00" in body
        proof = browser.get(f"{self.address(gifts[0])}proof.json").content.decode()
        listed = browser.get("/c/nanhu/fund/months/list.json").content.decode()
        assert proof_file.compared(proof_file.read_receipt(proof), months=proof_file.read_months(listed)) == []

    def test_before_its_month_is_sealed_it_says_so_and_there_is_no_file(
        self, gifts: list[Donation], client_of: ClientOf
    ) -> None:
        browser = client_of("visitor")
        assert "data-receipt" not in browser.get(self.address(gifts[-1])).content.decode()
        assert browser.get(f"{self.address(gifts[-1])}proof.json").status_code == 404

    def test_nobody_makes_up_a_code(self, gifts: list[Donation], client_of: ClientOf) -> None:
        code = receipts.code(gifts[0].pk)
        other = ("A" if code[0] != "A" else "B") + code[1:]
        for typed in (other, code[:-1], str(gifts[0].pk), "看看", signed.code("stage.thanks", gifts[0].pk)):
            assert client_of("visitor").get(f"/c/nanhu/fund/receipts/{typed}/").status_code == 404

    def test_a_giver_is_named_on_it_only_who_wished_it_and_in_no_file(
        self, fund: Books, cast: dict[str, Actor], client_of: ClientOf
    ) -> None:
        given: dict[str, Any] = {"channel": "residents", "received_on": date(2026, 4, 2)}
        rows = [
            make.gift(cast["accountant"], donor_name="李婆婆", is_named=shown, note="李婆婆的心意", **given)
            for shown in (False, True)
        ]
        services.close_month(month=APRIL, by=cast["accountant"])
        said = [client_of("visitor").get(self.address(row)).content.decode() for row in rows]
        assert ["李婆婆" in body for body in said] == [False, True]
        assert not any("李婆婆" in proof_of(row).text() for row in rows)

    def test_one_that_was_taken_back_says_so(
        self, gifts: list[Donation], cast: dict[str, Actor], client_of: ClientOf
    ) -> None:
        services.take_back(donation=gifts[0], reason="记错了", by=cast["accountant"])
        body = client_of("visitor").get(self.address(gifts[0]), headers={"Accept-Language": "en"}).content.decode()
        assert "taken back on" in body
        assert "Where this gift went" not in body
        assert wrong(proof_of(gifts[0]).text()) == []

    def test_who_gave_finds_it_from_their_own_page(
        self, fund: Books, cast: dict[str, Actor], client_of: ClientOf
    ) -> None:
        gift = make.gift(cast["accountant"], resident_id=cast["resident"].resident_id)
        body = client_of("resident").get(f"/c/nanhu/fund/mine/{gift.pk}/").content.decode()
        assert self.address(gift) in body


class TestCommand:
    """`weiyifang verify-receipt`: with no database."""

    @pytest.fixture
    def files(self, gifts: list[Donation], tmp_path: Path) -> tuple[Path, Path]:
        receipt, months = tmp_path / "receipt-1.json", tmp_path / "sealed-months.json"
        receipt.write_bytes(proof_of(gifts[0]).text().encode())
        months.write_bytes(receipts.months().text().encode())
        return receipt, months

    def run(self, *arguments: object) -> str:
        said = StringIO()
        call_command("verify-receipt", *map(str, arguments), stdout=said)
        return said.getvalue()

    def test_it_says_what_is_proven_and_what_is_not(self, files: tuple[Path, Path]) -> None:
        said = self.run(*files)
        assert "10.00 yuan for 公益金（不限用途）" in said
        assert "2026-04, one of 5 entries" in said
        assert "taken back later" in said
        assert "Nothing to compare it with" in self.run(files[0])

    def test_it_ends_with_1_and_names_what_does_not_fit(
        self, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        receipt, months = files
        receipt.write_bytes(receipt.read_bytes().replace(b"2026-04-01", b"2026-04-02", 1))
        said = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("verify-receipt", str(receipt), str(months), stdout=said)
        assert ended.value.code == 1
        assert "does not give its hash" in said.getvalue()

    @pytest.mark.parametrize(
        "content", [b"", b"{}", b"[]", b"\xff", b'{"format": "weiyifang receipt 1"}\n', b"[" * 9_999]
    )
    def test_what_is_no_receipt_is_refused_with_a_sentence(self, content: bytes, tmp_path: Path) -> None:
        file = tmp_path / "x.json"
        file.write_bytes(content)
        with pytest.raises(CommandError, match=r"x\.json"):
            self.run(file)

    def test_too_few_digits_of_a_root_are_no_comparison(self, files: tuple[Path, Path]) -> None:
        with pytest.raises(CommandError, match="32"):
            self.run(files[0], "--root", "ab12")
