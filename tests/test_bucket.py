"""What people brought in an S3-compatible store: a real one, started here. It keeps what the folder keeps."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings

from config import environment
from tests.object_store import ObjectStore, free_ports, object_store
from tests.places import empty, migrated
from weiyifang.core import clock, stores
from weiyifang.core.actors import system
from weiyifang.core.bucket import Bucket
from weiyifang.core.server import rehearsal
from weiyifang.core.server.backup import FILES
from weiyifang.core.tenancy import source_of
from weiyifang.files import owners, services, verify
from weiyifang.files.models import Content, File
from weiyifang.files.services import NoRoom
from weiyifang.files.tests import make
from weiyifang.people.models import Resident
from weiyifang.people.testing import VISITOR, ClientOf
from weiyifang.people.tests.make import a_resident

pytestmark = pytest.mark.django_db

Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[ObjectStore]:
    with object_store(tmp_path_factory.mktemp("bucket")) as running:
        yield running


@pytest.fixture
def kept_there(store: ObjectStore, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """The files of these tests lie in the bucket, and residents have some, seen by themselves."""
    use(store.environment, settings, monkeypatch)
    one = owners.Owner(may_see=lambda pk, actor: pk == actor.resident_id)
    monkeypatch.setitem(owners._owners, "people.resident", one)
    return store


def use(given: dict[str, str], settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = {**settings.STORAGES, "default": environment.bucket("WEIYIFANG_S3")}


def of(store: ObjectStore, file: File) -> list[str]:
    return [name for name in store.names() if str(file.content_id) in name]


@pytest.mark.usefixtures("here")
def test_a_file_is_handed_out_by_us_to_whom_its_owner_is_shown_to_and_nobody_is_led_to_the_bucket(
    kept_there: ObjectStore, client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    owner, by = source_of(resident_of("resident")), system()
    file = services.keep(owner=owner, brought=make.brought(make.picture(2000, 1500)), by=by)
    assert services.keep(owner=owner, brought=make.brought(make.picture(2000, 1500)), by=by) == file
    assert len(of(kept_there, file)) == len(file.content.parts)
    answer = client_of("resident").get(f"/c/nanhu/files/{file.pk}/desk/")
    assert answer.content == kept_there.content(file.content.parts["desk"]["name"])
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert kept_there.url not in f"{answer.headers}{answer.content[:0]!r}"
    assert client_of("staff").get(f"/c/nanhu/files/{file.pk}/desk/").status_code == 403
    assert client_of(VISITOR).get(f"/c/nanhu/files/{file.pk}/desk/").headers["Location"].startswith("/accounts/")
    with pytest.raises(NotImplementedError):
        default_storage.url(file.content.parts["desk"]["name"])
    assert verify.check() == []


@pytest.mark.usefixtures("here")
def test_what_is_nobodys_is_swept_and_verify_names_what_is_gone_or_changed(kept_there: ObjectStore) -> None:
    owner, by = source_of(a_resident("甲")), system()
    gone, changed, removed = (
        services.keep(owner=owner, brought=make.brought(make.PDF + b"\n" * number), by=by) for number in range(3)
    )
    services.remove(file=removed, by=by)
    default_storage.save(f"{gone.community_id}/ab/left-behind.pdf", ContentFile(b"x"))
    with clock.at(clock.now() + timedelta(hours=25)):
        assert services.sweep() >= 2  # other tests, undone, left some too
    assert {name for name in kept_there.names() if name.startswith(f"{gone.community_id}/")} == {
        file.content.parts["whole"]["name"] for file in (gone, changed)
    }
    with pytest.raises(FileExistsError):
        default_storage.save(gone.content.parts["whole"]["name"], ContentFile(b"another"))
    default_storage.delete(gone.content.parts["whole"]["name"])
    kept_there.put(changed.content.parts["whole"]["name"], b"another")
    assert {(fault.where, fault.what) for fault in verify.check()} == {
        (source_of(gone.content), "its part whole is not in the store"),
        (source_of(changed.content), "its part whole is not what was kept"),
    }


@pytest.fixture(params=["nobody listens", "another bucket", "another secret"])
def wrong(request: pytest.FixtureRequest) -> dict[str, str]:
    """What is the matter with the store."""
    (nobody,) = free_ports(1)
    return {
        "nobody listens": {"WEIYIFANG_S3_URL": f"http://127.0.0.1:{nobody}"},
        "another bucket": {"WEIYIFANG_S3_BUCKET": "no-such-bucket"},
        "another secret": {"WEIYIFANG_S3_KEY_SECRET": "wrong"},
    }[request.param]


@pytest.fixture
def away(
    kept_there: ObjectStore, settings: Settings, wrong: dict[str, str]
) -> Callable[[], AbstractContextManager[None]]:
    """For a while the store is not to be had."""

    @contextmanager
    def away() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as meanwhile:
            use(wrong, settings, meanwhile)
            yield
        settings.STORAGES = {**settings.STORAGES, "default": environment.bucket("WEIYIFANG_S3")}

    return away


@pytest.mark.usefixtures("here")
def test_a_store_that_is_down_is_a_sentence_and_what_was_brought_again_is_there_once(
    kept_there: ObjectStore,
    away: Away,
    client_of: ClientOf,
    resident_of: Callable[[str], Resident],
) -> None:
    owner = source_of(resident_of("resident"))
    file = services.keep(owner=owner, brought=make.brought(make.PDF), by=system())
    before = kept_there.names()
    with away():
        with pytest.raises(NoRoom):
            services.keep(owner=owner, brought=make.brought(make.picture()), by=system())
        answer = client_of("resident").get(f"/c/nanhu/files/{file.pk}/whole/")
        assert (answer.status_code, "暂时取不出来" in answer.content.decode()) == (503, True)
        assert [fault.what.split(" (")[0] for fault in verify.check()] == ["its part whole cannot be read"]
    assert (kept_there.names(), Content.objects.count()) == (before, 1)
    again = services.keep(owner=owner, brought=make.brought(make.picture()), by=system())
    assert len(of(kept_there, again)) == len(again.content.parts)
    assert verify.check() == []


def test_more_names_than_one_answer_holds_are_listed_and_only_those_of_the_folder(
    kept_there: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        kept_there.put(f"many/{number}", b"x")
    monkeypatch.setattr(Bucket, "page", 2)
    assert list(stores.names("many")) == [f"many/{number}" for number in range(5)]
    assert list(stores.names("man")) == []
    assert set(stores.names("many")) < set(stores.names())


@pytest.mark.parametrize("missing", ["BUCKET", "URL", "KEY_ID", "KEY_SECRET"])
def test_a_store_named_by_half_stops_the_start(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(f"WEIYIFANG_S3_{missing}")
    with pytest.raises(ImproperlyConfigured, match=f"WEIYIFANG_S3_{missing} must be set"):
        environment.bucket("WEIYIFANG_S3")
    monkeypatch.setenv(f"WEIYIFANG_S3_{missing}", "oss.example")
    if missing == "URL":
        with pytest.raises(ImproperlyConfigured, match="https://"):
            environment.bucket("WEIYIFANG_S3")


# --- backup and restore, as real processes ----------------------------------------------------------------------


@pytest.mark.slow
def test_a_photographed_invoice_is_seen_by_approver_and_auditor_found_in_the_backup_and_restored(
    store: ObjectStore, tmp_path: Path
) -> None:
    with migrated(tmp_path / "var") as home, empty(tmp_path / "elsewhere") as elsewhere:
        store.make_bucket("home")
        home.environment |= store.environment | {"WEIYIFANG_S3_BUCKET": "home"}
        elsewhere.environment |= store.environment | {"WEIYIFANG_S3_BUCKET": "elsewhere"}
        file = tmp_path / "one.backup"
        seen = home.run("brought", module="tests.place_invoice")
        assert seen.returncode == 0, seen.stderr
        everybody = json.loads(seen.stdout)
        assert len(everybody["secretary"]) == 64
        assert everybody["supervisor"] == everybody["secretary"]
        assert everybody["resident"] == "403"

        done = home.run("backup", str(file))
        assert done.returncode == 0, done.stderr
        photo = store.names("home")
        with tarfile.open(file) as archive:
            assert [name for name in archive.getnames() if name.startswith(FILES)] == [FILES + name for name in photo]

        refused = elsewhere.run("restore", str(file))  # the other store is not there yet
        assert (refused.returncode, "could not be put back" in refused.stderr) == (1, True)
        assert elsewhere.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        store.make_bucket("elsewhere")
        restored = elsewhere.run("restore", str(file))
        assert restored.returncode == 0, restored.stdout + restored.stderr
        assert "Every promise is kept" in restored.stdout
        assert store.names("elsewhere") == photo
        assert elsewhere.run("seen", module="tests.place_invoice").stdout == seen.stdout
        failed = home.run("backup", str(tmp_path / "two.backup"), WEIYIFANG_S3_BUCKET="no-such-bucket")
        assert (failed.returncode, "No backup was made" in failed.stderr) == (1, True)
        assert not (tmp_path / "two.backup").exists()


def test_a_rehearsal_leaves_the_bucket_alone(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in store.environment.items():
        monkeypatch.setenv(name, value)
    there = rehearsal.environment_of(Path("/tmp/stage"), with_keys=True)
    assert [name for name in there if name.startswith("WEIYIFANG_S3")] == []
