"""Kept whole or not at all, once; handed out to whom the owner is shown to; swept when it is nobody's."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django.fixtures import Settings

from weiyifang.communities.models import Community
from weiyifang.core import clock, stores, timeline
from weiyifang.core import files as on_disk
from weiyifang.core.actors import system
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.files import owners, queries, services, verify
from weiyifang.files.models import Content, File
from weiyifang.files.services import Empty, NoRoom, TooLarge
from weiyifang.files.tests import make
from weiyifang.people.models import Resident
from weiyifang.people.testing import VISITOR, ClientOf
from weiyifang.people.tests.make import a_resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here", "owned")]


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Path:
    """An empty one."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def seen() -> set[UUID]:
    """The residents whose files everybody may see."""
    return set()


@pytest.fixture
def owned(monkeypatch: pytest.MonkeyPatch, seen: set[UUID], store: Path) -> None:
    """A kind of row has files in these tests that has none elsewhere: seen by themselves, or by all."""

    one = owners.Owner(may_see=lambda pk, actor: pk == actor.resident_id, is_public=seen.__contains__)
    monkeypatch.setitem(owners._owners, "people.resident", one)


def kept(content: bytes | None = None, *, owner: Resident | None = None, name: str = "a.jpg") -> File:
    owner = owner or a_resident("周某")
    return services.keep(owner=source_of(owner), brought=make.brought(content or make.picture(), name), by=system())


def in_the_store(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_the_same_brought_twice_is_kept_once_and_each_owner_has_it(store: Path) -> None:
    one, other = a_resident("甲"), a_resident("乙")
    first, second = kept(owner=one, name="发票.jpg"), kept(owner=other, name="发票.jpg")
    assert first.content_id == second.content_id
    assert len(in_the_store(store)) == len(first.content.parts) == 3
    services.remove(file=first, by=system())
    with clock.at(clock.now() + timedelta(days=3)):
        assert services.sweep() == 0
    assert verify.check() == []


def test_two_files_of_one_name_are_two(store: Path) -> None:
    owner = a_resident("甲")
    first, second = (kept(make.picture(seed=seed), owner=owner, name="IMG_0001.jpg") for seed in (1, 2))
    assert first.content_id != second.content_id
    assert [file.pk for file in queries.of(source_of(owner))] == [first.pk, second.pk]


def test_each_community_keeps_its_own(neighbour: Community, store: Path) -> None:
    kept()
    with in_community(neighbour):
        kept()
        assert Content.objects.count() == 1
    assert len({path.relative_to(store).parts[0] for path in in_the_store(store)}) == 2


def test_its_hash_stands_in_the_history_of_what_it_belongs_to() -> None:
    owner, content = a_resident("甲"), make.PDF
    file = kept(content, owner=owner)
    services.remove(file=file, by=system())
    removed, added = timeline.of(source_of(owner)).filter(verb__startswith="File")
    sha256 = hashlib.sha256(content).hexdigest()
    assert (added.values["sha256"], removed.values["sha256"], added.verb) == (sha256, sha256, "FileKept")
    assert verify.check() == []


class Endless:
    """200 MB that nobody reads."""

    size = 200 * 1024 * 1024

    def read(self) -> bytes:
        raise AssertionError("it was read")


def test_two_hundred_megabytes_are_refused_before_a_byte_is_read() -> None:
    with pytest.raises(TooLarge) as refused:
        services.keep(owner=source_of(a_resident("甲")), brought=Endless(), by=system())
    assert "10 MB" in str(refused.value)
    with pytest.raises(Empty):
        services.keep(owner=source_of(a_resident("乙")), brought=make.brought(b""), by=system())


def test_nobody_keeps_a_file_with_what_nobody_answers_for(here: Community) -> None:
    with pytest.raises(LookupError):
        services.keep(owner=f"people.household:{a_resident('甲').pk}", brought=make.brought(make.PDF), by=system())


def full_after(bytes_left: int) -> Callable[..., Any]:
    """A disk that takes so many more bytes."""
    whole, left = on_disk.whole, [bytes_left]

    class Out:
        def __init__(self, out: Any) -> None:
            self.out = out

        def write(self, content: bytes) -> None:
            left[0] -= len(content)
            self.out.write(content[: max(left[0], 0)])
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")

    @contextmanager
    def filling(file: Path, **options: Any) -> Iterator[Any]:
        with whole(file, **options) as out:
            yield Out(out)

    return filling


def test_a_full_disk_is_a_sentence_and_nothing_half_stays(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture, owner = make.picture(2000, 1500), a_resident("甲")
    (store / "x").mkdir(parents=True)
    with monkeypatch.context() as disk:
        disk.setattr(on_disk, "whole", full_after(15_000))  # the first size goes in, the second no more
        with pytest.raises(NoRoom) as refused:
            kept(picture, owner=owner)
    assert str(refused.value)
    assert in_the_store(store) == []
    assert (Content.objects.count(), File.objects.count()) == (0, 0)
    assert kept(picture, owner=owner)


def test_nothing_in_the_store_is_written_over() -> None:
    file = kept(make.PDF)
    with pytest.raises(FileExistsError):
        default_storage.save(file.content.parts["whole"]["name"], make.brought(b"another"))


# --- swept ------------------------------------------------------------------------------------------------------


@pytest.mark.computers_clock  # files in the store have it
def test_what_belongs_to_nobody_goes_after_a_day_and_so_does_what_no_row_names(store: Path) -> None:
    file = kept()
    default_storage.save(f"{file.community_id}/ab/left-behind.pdf", make.brought(b"x"))
    services.remove(file=file, by=system())
    with clock.at(clock.now() + timedelta(hours=20)):
        assert services.sweep() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert services.sweep() == 4
    assert in_the_store(store) == []
    assert not Content.objects.exists()
    assert verify.check() == []


@pytest.mark.computers_clock  # files in the store have it
@pytest.mark.django_db(transaction=True)
def test_while_a_backup_reads_nothing_is_deleted(store: Path) -> None:
    services.remove(file=kept(make.PDF), by=system())
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as backup:
        backup.execute("SELECT pg_advisory_lock_shared(hashtextextended(%s, 0))", [stores.LOCK])
        with clock.at(clock.now() + timedelta(days=2)):
            assert services.sweep() == 0
            backup.execute("SELECT pg_advisory_unlock_shared(hashtextextended(%s, 0))", [stores.LOCK])
            assert services.sweep() == 1


# --- verify -----------------------------------------------------------------------------------------------------


def test_verify_names_what_is_gone_or_changed_in_the_store(store: Path) -> None:
    file = kept(make.PDF)
    (path,) = in_the_store(store)
    path.write_bytes(make.PDF.replace(b"alert(1)", b"alert(2)"))
    assert [(fault.where, fault.what) for fault in verify.check()] == [
        (source_of(file.content), "its part whole is not what was kept")
    ]
    path.unlink()
    assert [fault.what for fault in verify.check()] == ["its part whole is not in the store"]


def test_verify_names_a_paper_that_was_exchanged_behind_the_back() -> None:
    file, other = kept(make.PDF), kept()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM files_file WHERE id = %s", [file.pk])
    assert [fault.what for fault in verify.check()] == [f"was kept with {file.owner}, and is gone untold"]
    assert File.objects.get().pk == other.pk


# --- handed out -------------------------------------------------------------------------------------------------


def test_whoever_may_not_see_the_owner_sees_no_file(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    file = kept(owner=resident_of("resident"))
    address = f"/c/nanhu/files/{file.pk}/phone/"
    mine = client_of("resident").get(address)
    assert (mine.status_code, mine.headers["Content-Type"]) == (200, "image/jpeg")
    assert mine.headers["Cache-Control"] == "no-store"
    assert client_of("staff").get(address).status_code == 403
    assert client_of(VISITOR).get(address).headers["Location"].startswith("/accounts/login/")
    assert client_of("resident").get(address.replace("nanhu", "neighbour")).status_code == 404
    assert client_of("resident").get("/c/nanhu/files/").status_code == 404


def test_what_is_everybodys_is_kept_by_a_visitors_browser_for_good(client_of: ClientOf, seen: set[UUID]) -> None:
    owner = a_resident("甲")
    seen.add(owner.pk)
    file = kept(owner=owner)
    answer = client_of(VISITOR).get(f"/c/nanhu/files/{file.pk}/print/")  # no larger than it is
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert hashlib.sha256(answer.content).hexdigest() == file.content.parts["desk"]["sha256"]
    seen.clear()
    assert client_of(VISITOR).get(f"/c/nanhu/files/{file.pk}/print/").status_code == 302


def test_a_pdf_with_a_script_is_only_saved_never_shown_whatever_it_was_called(
    client_of: ClientOf, seen: set[UUID]
) -> None:
    owner = a_resident("甲")
    seen.add(owner.pk)
    file = kept(make.PDF, owner=owner, name='x.html"; evil="')
    answer = client_of(VISITOR).get(f"/c/nanhu/files/{file.pk}/whole/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    assert "evil" not in str(answer.headers)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    for size in ("phone", "original", "../../x"):
        assert client_of(VISITOR).get(f"/c/nanhu/files/{file.pk}/{size}/").status_code == 404


def test_a_store_that_is_away_is_a_sentence(client_of: ClientOf, seen: set[UUID], store: Path) -> None:
    owner = a_resident("甲")
    seen.add(owner.pk)
    file = kept(owner=owner)
    store.rename(store.parent / "away")
    answer = client_of(VISITOR).get(f"/c/nanhu/files/{file.pk}/phone/")
    assert answer.status_code == 503
    assert "暂时取不出来" in answer.content.decode()
