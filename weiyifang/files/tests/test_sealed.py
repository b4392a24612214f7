"""Sealed files: the papers that show who acts for whom. Nothing of them lies open anywhere, and each look is noted."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from pytest_django.fixtures import Settings

from weiyifang.core import clock, keys
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import source_of
from weiyifang.files import queries, services, verify
from weiyifang.files.export import held_on
from weiyifang.files.models import Content, File
from weiyifang.files.tests import make
from weiyifang.governance import verify as everything
from weiyifang.people import queries as people
from weiyifang.people import rotation
from weiyifang.people import services as registers
from weiyifang.people.models import Relation, RelationKind
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import a_resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def relation(cast: dict[str, Actor]) -> Relation:
    ward, guardian = a_resident("小周", born_on=date(2016, 5, 4)), a_resident("周妈妈", born_on=date(1985, 1, 2))
    return registers.relate(resident=ward, helper=guardian, kind=RelationKind.GUARDIAN, by=cast["staff"])


def kept(relation: Relation, by: Actor, content: bytes | None = None) -> File:
    brought = make.brought(content or make.from_a_telephone(2000, 1500))
    return services.add(owner=source_of(relation), brought=brought, what="proof", by=by)


def page_of(relation: Relation) -> str:
    return f"/c/nanhu/workbench/papers/people.relation/{relation.pk}/"


def test_nothing_of_it_lies_open_in_the_store_and_no_hash_tells_that_it_is_here(
    relation: Relation, cast: dict[str, Actor], store: Path
) -> None:
    content = make.picture(2000, 1500)
    file = kept(relation, cast["staff"], content)
    assert len(file.content.parts) == 4
    for path in (path for path in store.rglob("*") if path.is_file()):
        lies_there = path.read_bytes()
        assert not lies_there.startswith((b"\xff\xd8", b"%PDF"))
        assert content[:32] not in lies_there
    plain = hashlib.sha256(content).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, sha256, parts::text FROM files_content")
        (key, *others) = cursor.fetchone()
    assert key.startswith("gAAAA")  # sealed with the data keys
    assert file.content.key not in key
    told = TimelineEntry.objects.filter(subject=source_of(relation.resident), verb="FileKept").get()
    assert plain not in f"{others}{told.values}"
    assert verify.check() == []


def test_whoever_looks_says_why_first_sees_it_for_five_minutes_and_the_person_reads_who_it_was(
    relation: Relation, cast: dict[str, Actor], client_of: ClientOf
) -> None:
    page, browser = page_of(relation), client_of("staff")
    photo = SimpleUploadedFile("周妈妈.jpg", make.from_a_telephone(), "image/jpeg")
    assert browser.post(page, {"file": photo, "label": "proof"}).headers["Location"] == page
    file = File.objects.get()
    picture = f"/c/nanhu/files/{file.pk}/phone/"
    assert picture not in browser.get(page).content.decode()
    assert browser.get(picture).status_code == 403  # not even to who brought it
    assert browser.post(f"{page}look/", {}).status_code == 422
    assert browser.post(f"{page}look/", {"reason": "service"}).headers["Location"] == page
    assert picture in browser.get(page).content.decode()
    answer = browser.get(picture)
    assert (answer.content[:2], answer.headers["Cache-Control"]) == (b"\xff\xd8", "no-store")
    for other in ("secretary", "accountant", "supervisor", "resident", "volunteer"):
        assert client_of(other).get(picture).status_code == 403
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert browser.get(picture).status_code == 403
    (look,) = people.who_looked(relation.resident)
    assert (look.what, look.reason) == ("加密材料", "service")


def test_only_the_registers_keepers_add_them_and_others_do_not_even_open_the_page(
    relation: Relation, cast: dict[str, Actor], client_of: ClientOf
) -> None:
    kept(relation, cast["staff"])
    for other in ("accountant", "supervisor", "leader"):
        assert client_of(other).get(page_of(relation)).status_code == 403
    for none in (str(relation.pk), str(relation.resident_id)), ("people.relation", "news.article"):
        assert client_of("staff").get(page_of(relation).replace(*none)).status_code == 404


def test_the_same_paper_is_known_again_where_it_is_and_nowhere_else(relation: Relation, cast: dict[str, Actor]) -> None:
    father = a_resident("周爸爸", born_on=date(1983, 1, 2))
    other = registers.relate(resident=relation.resident, helper=father, kind="guardian", by=cast["staff"])
    first, again, elsewhere = (kept(row, cast["staff"], make.PDF) for row in (relation, relation, other))
    assert first == again
    assert first.content_id != elsewhere.content_id
    assert first.content.sha256 != elsewhere.content.sha256


@pytest.mark.computers_clock  # files in the store have it
def test_taken_away_its_key_is_gone_at_once_and_what_lies_in_the_store_in_the_night(
    relation: Relation, cast: dict[str, Actor], store: Path
) -> None:
    file = kept(relation, cast["staff"])
    services.take_away(file=file, by=cast["staff"])
    assert not Content.objects.exists()
    with clock.at(clock.now() + timedelta(hours=25)):
        assert services.sweep() == 4
    assert verify.check() == []


@pytest.mark.parametrize("who", ["the ward", "the guardian"])
def test_it_goes_with_whoever_of_the_two_is_forgotten(relation: Relation, cast: dict[str, Actor], who: str) -> None:
    kept(relation, cast["staff"])
    stays = registers.relate(
        resident=a_resident("乙", born_on=date(2015, 1, 1)), helper=a_resident("甲"), kind="guardian", by=cast["staff"]
    )
    other = kept(stays, cast["staff"])
    assert [len(list(held_on(person))) for person in (relation.resident, relation.helper)] == [1, 1]
    registers.erase_person(resident=relation.resident if who == "the ward" else relation.helper, by=system())
    assert [file.pk for file in File.objects.all()] == [other.pk]
    found = [fault for _name, faults in everything.run() for fault in faults]
    assert [one for one in found if "people.duty" not in one.where] == []  # no fact leads to what is gone


def test_verify_names_what_is_changed_or_no_longer_opens(
    relation: Relation, cast: dict[str, Actor], settings: Settings
) -> None:
    kept(relation, cast["staff"], make.PDF)
    settings.DATA_KEYS = [keys.new_key()]
    assert [fault.what for fault in verify.check()] == ["its part whole is sealed, and no key at hand opens it"]


def test_without_the_key_the_page_is_a_sentence(
    relation: Relation, cast: dict[str, Actor], client_of: ClientOf, settings: Settings
) -> None:
    file = kept(relation, cast["staff"])
    browser = client_of("staff")
    browser.post(f"{page_of(relation)}look/", {"reason": "service"})
    settings.DATA_KEYS = [keys.new_key()]
    answer = browser.get(f"/c/nanhu/files/{file.pk}/phone/")
    assert (answer.status_code, "暂时取不出来" in answer.content.decode()) == (503, True)


def test_an_exchange_of_keys_seals_its_key_anew_and_leaves_the_store_alone(
    relation: Relation, cast: dict[str, Actor], store: Path, settings: Settings
) -> None:
    old, new = settings.DATA_KEYS[0], keys.new_key()
    file = kept(relation, cast["staff"], make.PDF)
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    settings.DATA_KEYS = [new, old]
    assert rotation.seal_anew() >= 1
    settings.DATA_KEYS = [new]
    file = File.objects.get(pk=file.pk)
    assert queries.read(file, file.content.parts["whole"]) == make.PDF
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before
    assert verify.check() == []
