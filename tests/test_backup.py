"""A backup is a backup: brought back elsewhere, every row, the head and the keys are the same."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.places import Place, empty, migrated
from tests.processes import eventually
from weiyifang.core import files
from weiyifang.core.keys import fingerprint
from weiyifang.core.server import backup_file, dumps
from weiyifang.core.server.backup import DUMP, FILES, LEFT_OUT, made_in, make, newest_in
from weiyifang.core.server.backup_file import CannotBackUp
from weiyifang.core.server.embedded_postgres import APP_ROLE
from weiyifang.core.server.processes import OWNER_URL

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


@pytest.fixture(scope="module")
def held(home: Place, file: Path) -> tuple[object, str]:
    """What was in the database when the backup was made, and its head."""
    return everything_in(home.url), home.run("shell", "-v0", "-c", HEAD).stdout


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


def brought_to(place: Place) -> dict[str, bytes]:
    """Every file of the store, by its name."""
    store = Path(place.environment["WEIYIFANG_VAR"]) / "files"
    return {str(path.relative_to(store)): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def test_what_is_brought_back_is_the_same_to_the_last_row(
    home: Place, file: Path, held: tuple[object, str], elsewhere: Place
) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restored = elsewhere.run("restore", str(file))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "Every promise is kept" in restored.stdout
    assert brought_to(elsewhere) == brought_to(home) != {}
    assert elsewhere.ask("SELECT kind FROM core_installation") == "demo"  # it stays what it was
    assert (everything_in(elsewhere.url), elsewhere.run("shell", "-v0", "-c", HEAD).stdout) == held
    assert elsewhere.run("shell", "-v0", "-c", PHONE).stdout.strip() == "+8619900009004"
    again = elsewhere.run("restore", str(file))
    assert again.returncode == 1
    assert "into an empty one only" in again.stderr


@pytest.mark.django_db(transaction=True)
def test_what_the_disk_gives_back_otherwise_gets_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def a_bad_disk(handle: int) -> None:
        fsync(handle)
        if stat.S_ISREG(os.fstat(handle).st_mode):
            os.pwrite(handle, b"?", 700)

    monkeypatch.setattr(os, "fsync", a_bad_disk)
    with pytest.raises(CannotBackUp, match="cut off or changed"):
        make(tmp_path / "one.backup", with_keys=False)
    assert not list(tmp_path.iterdir())


def test_without_the_keys_it_says_so_and_holds_none(home: Place, tmp_path: Path) -> None:
    file = tmp_path / "without"
    assert "can ever be read again" in home.run("backup", str(file), "--without-keys").stdout
    with tarfile.open(file) as archive:
        names = [name for name in archive.getnames() if not name.startswith(FILES)]
        assert names == ["about.json", "database.dump"]
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


def test_rows_that_come_back_otherwise_are_named(file: Path, elsewhere: Place, tmp_path: Path) -> None:
    other = tmp_path / "other.backup"
    with backup_file.opened(file) as found:
        about = json.loads(found.text(backup_file.ABOUT))
        about["tables"]["people_resident"][0] += 1
        writer = backup_file.Writer()
        with files.whole(other) as out, tarfile.open(file) as archive:
            writer.about(out, about)
            dump = archive.extractfile(DUMP)
            assert dump is not None
            writer.add(out, DUMP, dump)
            writer.finish(out)
    newer = f"{'n' * 64},{data_keys_of(file)}"  # one more key in the environment opens all that its own opens
    refused = elsewhere.run("restore", str(other), WEIYIFANG_DATA_KEYS=newer)
    assert refused.returncode == 1
    assert "otherwise than they were backed up, in: people_resident." in refused.stderr


# --- looking at it ----------------------------------------------------------------------------------------------


def data_keys_of(file: Path) -> str:
    with backup_file.opened(file) as found:
        return found.text("keys/data_keys")


def test_a_backup_says_what_it_is_and_what_it_needs(home: Place, file: Path, tmp_path: Path) -> None:
    said = home.run("backup", "--check", str(file.parent))
    assert said.returncode == 0, said.stderr
    key = data_keys_of(file)
    for sentence in (
        f"{file} (",
        "Made at 20",
        "Communities: 2.",
        " tables, head ",
        "Not encrypted.",
        "The keys are in it.",
        f"It needs the data key {fingerprint(key)}, which is here.",
        "It is whole: every byte was read, and the dump to its last row.",
    ):
        assert sentence in said.stdout
    assert key not in said.stdout
    broken, content = tmp_path / "broken", file.read_bytes()
    for harmed in (content[:-1], content[:16_384], content[:9000] + b"?" + content[9001:], b"", b"Dear all"):
        broken.write_bytes(harmed)
        refused = home.run("backup", "--check", str(broken))
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "is not a whole backup" in refused.stderr


def test_a_dump_that_cannot_be_read_is_found_though_its_hashes_are_right(home: Place, tmp_path: Path) -> None:
    writer = backup_file.Writer()
    with files.whole(tmp_path / "one.backup") as out, (tmp_path / "nothing").open("w+b") as nothing:
        writer.about(out, {"format": 2, "made_at": "2026", "postgresql": "18", "communities": 1, "encrypted_to": []})
        writer.add(out, DUMP, nothing)
        writer.finish(out)
    refused = home.run("backup", "--check", str(tmp_path / "one.backup"))
    assert refused.returncode == 1
    assert "The dump in" in refused.stderr


def test_without_the_data_key_it_needs_nothing_is_restored(home: Place, elsewhere: Place, tmp_path: Path) -> None:
    file = tmp_path / "without"
    assert home.run("backup", str(file), "--without-keys").returncode == 0
    (needed,) = backup_file.read_about(file)["data_keys"]
    refused = elsewhere.run("restore", str(file))
    assert refused.returncode == 1
    assert f"needs the data key {needed}" in refused.stderr
    assert everything_in(elsewhere.url) == {}
    said = elsewhere.run("backup", "--check", str(file))
    assert f"{needed}, which is not here" in said.stdout


def test_what_an_earlier_version_made_while_a_job_was_being_done_is_rehearsed_with_the_keys_at_hand(
    home: Place, tmp_path: Path
) -> None:
    home.ask(
        "WITH worker AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
        " INSERT INTO procrastinate_jobs (task_name, queue_name, lock, status, worker_id)"
        " SELECT 'weiyifang.core.tasks.back_up', 'default', 'a', 'doing', id FROM worker RETURNING id"
    )
    command = [dumps.newest("pg_dump"), "-Fc", "--no-owner", "--no-privileges", "--enable-row-security"]
    command += ["--dbname", home.url]
    command += [f"--exclude-table-data={table}" for table in ("weiyifang_cache", "procrastinate_workers")]
    (tmp_path / "dump").write_bytes(subprocess.check_output(command))
    (tmp_path / "about").write_text('{"format": 1, "made_at": "2026-01-01", "postgresql": "18", "communities": 2}')
    with tarfile.open(tmp_path / "old.backup", "w") as archive:
        archive.add(tmp_path / "about", "about.json")
        archive.add(tmp_path / "dump", DUMP)
        for name in brought_to(home):  # the earlier version had none; here rows name them
            archive.add(Path(home.environment["WEIYIFANG_VAR"]) / "files" / name, FILES + name)
    said = home.run("backup", "--check", str(tmp_path / "old.backup"))
    assert "carries no hashes" in said.stdout
    rehearsed = home.run("restore", "--rehearse", str(tmp_path / "old.backup"))
    assert rehearsed.returncode == 0, rehearsed.stderr


# --- encrypted, and tried ---------------------------------------------------------------------------------------


def test_the_nights_backup_is_rehearsed_with_the_private_key_and_nothing_of_it_stays(
    home: Place, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, folder = tmp_path / "key.txt", tmp_path / "backups"
    folder.mkdir()
    public = home.run("backup", "--new-key", str(key)).stdout.splitlines()[1]
    assert public.startswith("age1")
    monkeypatch.setitem(home.environment, "WEIYIFANG_BACKUPS", str(folder))
    monkeypatch.setitem(home.environment, "WEIYIFANG_BACKUP_RECIPIENT", public)
    closed = made_by_the_worker(home, folder)
    assert data_keys_of(file).encode() not in closed.read_bytes()

    outside = home.run("backup", "--check")
    assert f"Encrypted to {public}." in outside.stdout
    assert "every byte is as it was written" in outside.stdout
    inside = home.run("backup", "--check", str(closed), "--identity", str(key))
    assert "the dump to its last row" in inside.stdout
    refused = home.run("restore", "--rehearse", str(closed))
    assert refused.returncode == 1
    assert "--identity" in refused.stderr

    var = Path(home.environment["WEIYIFANG_VAR"])
    before, rows = sorted(var.rglob("*")), everything_in(home.url)
    (var / "rehearsal" / "var" / "keys").mkdir(parents=True)  # left by one that was killed
    rehearsed = home.run("restore", "--rehearse", str(closed), "--identity", str(key))
    assert rehearsed.returncode == 0, rehearsed.stderr
    (line,) = rehearsed.stdout.splitlines()
    about = backup_file.read_about(closed)
    total = sum(rows for rows, _sum in about["tables"].values())
    assert line.startswith(f"Restored {total} rows in {len(about['tables'])} tables, head {about['head'][:12]}, verify")
    assert sorted(var.rglob("*")) == before
    assert everything_in(home.url) == rows
    assert "rehearsal" not in subprocess.check_output(["ps", "-ww", "-eo", "args="], text=True)


def made_by_the_worker(home: Place, folder: Path) -> Path:
    """The backup of the night, asked for now: as it is made, its own job is under way and holds a worker."""
    asked = home.run("shell", "-v0", "-c", "from weiyifang.core.tasks import back_up; back_up.defer()")
    assert asked.returncode == 0, asked.stderr
    worker = home.start("work", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        assert eventually(lambda: bool(made_in(folder)), seconds=90)
    finally:
        worker.terminate()
        assert "Traceback" not in worker.communicate()[1]
    return newest_in(folder)


# --- by the program itself --------------------------------------------------------------------------------------


def test_a_backup_takes_no_rights_but_the_programs() -> None:
    with psycopg.connect(**dumps.program_login()) as link:
        row = link.execute("SELECT current_user, current_setting('is_superuser')").fetchone()
    assert row == (APP_ROLE, "off")


def test_every_night_there_is_one_more_and_the_old_ones_go(home: Place, tmp_path: Path) -> None:
    settings = {
        OWNER_URL: "",
        "WEIYIFANG_BACKUPS": str(tmp_path),
        "WEIYIFANG_BACKUPS_KEEP": "1",
        "WEIYIFANG_BACKUPS_DAYS": "0",
    }
    night = "from weiyifang.core.tasks import back_up; back_up()"
    assert home.run("backup", **settings).returncode == 0  # without a folder: what the night does, by hand
    (first,) = tmp_path.iterdir()
    done = home.run("shell", "-v0", "-c", night, **settings)
    assert done.returncode == 0, done.stderr
    (second,) = tmp_path.iterdir()
    assert second.name > first.name
    assert home.run("backup", "--check", **settings).returncode == 0
    gone = {**settings, "WEIYIFANG_BACKUPS": str(tmp_path / "not" / "mounted")}
    refused = home.run("shell", "-v0", "-c", night, **gone)
    assert "ERROR weiyifang.core.tasks: There is no folder" in refused.stderr
    assert not (tmp_path / "not").exists()
    assert home.run("backup", "--check", **gone).returncode == 1


# --- killed halfway ---------------------------------------------------------------------------------------------


def slow_program(folder: Path, name: str, begins: str, *, unless: str = "never") -> str:
    """A PostgreSQL program, newer than all others, that says something and then nothing for an hour; a PATH to it."""
    file = folder / name
    file.write_text(f"""#!/bin/sh
        case "$*" in
            --version) echo '{name} (PostgreSQL) 99.0' ;;
            *{unless}*) cat > /dev/null ;;
            *) printf '%s\\n' '{begins}'; : > {folder}/begun; exec sleep 3600 ;;
        esac
    """)
    file.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def killed_halfway(place: Place, folder: Path, *arguments: str) -> None:
    """Run a command until its slow program has begun, and kill it; the slow program after all others have ended."""
    running = place.start(*arguments, start_new_session=True)
    assert eventually((folder / "begun").exists)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert eventually(lambda: others_of(running.pid) == 0)
    os.killpg(running.pid, signal.SIGKILL)


def others_of(group: int) -> int:
    """How many processes of a group are left, but for the slow one."""
    lines = subprocess.check_output(["ps", "-ww", "-eo", "pgid=,args="], text=True).splitlines()
    return sum(line.split()[0] == str(group) and "sleep" not in line for line in lines)


def test_a_backup_killed_halfway_has_no_name_and_is_swept_away(
    home: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    slow = slow_program(tmp_path, "pg_dump", "PGDMP half of a dump")
    with monkeypatch.context() as patched:
        patched.setitem(home.environment, "PATH", slow)
        killed_halfway(home, tmp_path, "backup", str(folder))
    (half,) = folder.iterdir()
    assert half.name.endswith(files.PART)
    assert home.run("backup", str(folder)).returncode == 0
    (whole,) = folder.iterdir()
    assert whole.name.endswith(".backup")


def test_a_restore_killed_halfway_has_restored_nothing(file: Path, elsewhere: Place, tmp_path: Path) -> None:
    half = "CREATE TABLE half (id int);" + "\n-- more" * 9999
    elsewhere.environment["PATH"] = slow_program(tmp_path, "pg_restore", half, unless="/dev/null")
    killed_halfway(elsewhere, tmp_path, "restore", str(file))
    with psycopg.connect(elsewhere.url, autocommit=True) as link:
        busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'psql'"
        assert eventually(lambda: link.execute(busy).fetchone() == (0,))
    assert everything_in(elsewhere.url) == {}
