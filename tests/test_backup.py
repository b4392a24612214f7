"""A backup is a backup: brought back elsewhere, every row, the head and the keys are the same."""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.places import Place, empty, migrated
from weiyifang.core.backup import LEFT_OUT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("django_db_setup")]

HEAD = """
from weiyifang.core.tenancy import in_community
from weiyifang.fund import queries
from weiyifang.replay import figures
with in_community(500108002001):
    print(figures.head(), queries.overview(*queries.year_until()), queries.trial_balance(queries.year_until()[1]))
"""
PHONE = "from weiyifang.people.models import Account; print(Account.objects.get(username='staff').phone)"


@pytest.fixture(scope="module")
def home(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A community with a bit of everything."""
    with migrated(tmp_path_factory.mktemp("var")) as home:
        made = home.run("everything", module="tests.place_scenes")
        assert made.returncode == 0, made.stderr
        yield home


@pytest.fixture(scope="module")
def file(home: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    folder = tmp_path_factory.mktemp("backups")
    made = home.run("backup", str(folder))
    assert made.returncode == 0, made.stderr
    assert "Lock it away" in made.stdout
    (file,) = folder.iterdir()
    return file


@pytest.fixture
def elsewhere(home: Place, tmp_path: Path) -> Iterator[Place]:
    """An empty database, and a folder without keys."""
    with empty(tmp_path / "var") as elsewhere:
        yield elsewhere


def everything_in(url: str) -> dict[str, tuple[int, str]]:
    """How many rows every table holds, and a hash over them."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        words = "SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM {} AS t"
        found = {}
        for (table,) in tables:
            row = connection.execute(SQL(words).format(Identifier(table))).fetchone()
            assert row is not None
            found[table] = row
    return {table: row for table, row in found.items() if table not in LEFT_OUT}


def test_what_is_brought_back_is_the_same_to_the_last_row(home: Place, file: Path, elsewhere: Place) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restored = elsewhere.run("restore", str(file))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "Every promise is kept" in restored.stdout
    assert elsewhere.ask("SELECT kind FROM core_installation") == "demo"  # it stays what it was
    assert everything_in(elsewhere.url) == everything_in(home.url)
    assert elsewhere.run("shell", "-v0", "-c", HEAD).stdout == home.run("shell", "-v0", "-c", HEAD).stdout != ""
    assert elsewhere.run("shell", "-v0", "-c", PHONE).stdout.strip() == "+8619900009004"
    again = elsewhere.run("restore", str(file))
    assert again.returncode == 1
    assert "into an empty one only" in again.stderr


def test_without_the_keys_it_says_so_and_holds_none(home: Place, tmp_path: Path) -> None:
    file = tmp_path / "without"
    assert "can ever be read again" in home.run("backup", str(file), "--without-keys").stdout
    with tarfile.open(file) as archive:
        assert archive.getnames() == ["about.json", "database.dump"]
    assert (Path(home.environment["WEIYIFANG_VAR"]) / "keys" / "data_keys").read_bytes() not in file.read_bytes()
    assert home.run("backup", str(file)).returncode == 1  # never over another


def test_other_keys_in_the_environment_stop_it_before_a_row_is_written(file: Path, elsewhere: Place) -> None:
    refused = elsewhere.run("restore", str(file), WEIYIFANG_DATA_KEYS="x" * 43)
    assert refused.returncode == 1
    assert "WEIYIFANG_DATA_KEYS" in refused.stderr
    assert everything_in(elsewhere.url) == {}


def test_a_broken_file_changes_nothing(file: Path, elsewhere: Place, tmp_path: Path) -> None:
    content, broken = file.read_bytes(), tmp_path / "broken"
    for kept in (0.0, 0.3, 0.9):
        broken.write_bytes(content[: int(len(content) * kept)])
        refused = elsewhere.run("restore", str(broken))
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert everything_in(elsewhere.url) == {}
