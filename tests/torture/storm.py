"""Everything dies under load: what people do meanwhile, what kills, and what must be true at the end.

A real `weiyifang up` in a folder of its own. Several people at once ask for seats, record gifts and ask for payments,
each under a key, and send again until they get an answer; somebody reads. Meanwhile the dice choose what dies: a
backend of PostgreSQL (told to end, or by kill -9), a process that answers pages, the web server, the worker, the
postmaster, `up` itself, or the room on the disk.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.processes import Up, children_of, eventually, free_port, is_running, public_folder
from weiyifang.core.server import embedded_postgres

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = {"WEIYIFANG_DEMO": "1", "WEIYIFANG_STAFF_TOTP": "0"}
LANES = 4  # people who send at the same time
ROOM = 700_000_000  # bytes of the disk
LONGEST = 120.0  # seconds until the platform is back on the busiest machine; what is promised is measured beside it


# --- what people do ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One request: who sends what, under which key."""

    kind: str
    key: str
    path: str
    cookie: str
    body: dict[str, Any] = field(hash=False)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a wish."""

    status: int
    said: str


def wishes(scene: Any, dice: random.Random) -> Iterator[Wish]:
    """Everybody asks for a seat at every date, in an order the dice give; in between gifts, and money to be paid."""
    seats = [
        Wish(
            kind="seat",
            key=f"seat-{date['id']}-{person['id']}",
            path=date["path"],
            cookie=person["cookie"],
            body={},
        )
        for date in scene["dates"]
        for person in scene["people"]
    ]
    dice.shuffle(seats)
    gift = {"channel": "partners", "method": "bank", "received_on": scene["today"], "pool": "general"}
    payment = {"payee": "花园路粮油店", "category": "meals", "amount_fen": 100}
    for number in itertools.count(1):
        kind = dice.choice(["seat", "seat", "gift", "payment"])
        if kind == "seat" and seats:
            yield seats.pop()
        elif kind == "payment":
            body = {**payment, "title": f"米面油 {number}"}
            path = "/c/nanhu/api/fund/payments"
            yield Wish(kind="payment", key=f"payment-{number}", path=path, cookie=scene["staff"], body=body)
        else:
            body = {**gift, "amount_fen": number}
            path = "/c/nanhu/api/fund/receipts"
            yield Wish(kind="gift", key=f"gift-{number}", path=path, cookie=scene["accountant"], body=body)


def ask(port: int, path: str, cookie: str = "", wish: Wish | None = None) -> Answer:
    """Read a page, or ask for what somebody wants. Raises `OSError` or `HTTPException` when there is no answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(link):
        if wish is None:
            link.request("GET", path, headers={"Cookie": cookie})
        else:
            head = {"Cookie": wish.cookie, "Content-Type": "application/json", "Idempotency-Key": wish.key}
            link.request("POST", wish.path, json.dumps(wish.body), head)
        response = link.getresponse()
        return Answer(status=response.status, said=response.read().decode())


@dataclass(kw_only=True)
class People:
    """They send until told to stop; whoever has begun a wish goes on until it has an answer."""

    port: int
    wishes: Iterator[Wish]
    readers: Sequence[tuple[str, str]]  # pages that are read meanwhile, and by whose cookie
    answers: dict[Wish, Answer] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)  # what came instead of an answer, and how often
    longest: float = 0.0  # seconds until something came

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send_on) for _lane in range(LANES)]
        self._threads += [threading.Thread(target=self._read_on, args=(path, cookie)) for path, cookie in self.readers]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def send(self, wish: Wish) -> Answer:
        """Until there is an answer that is not an outage."""
        while True:
            answer = self._once(wish.path, wish=wish)
            if answer is not None:
                return answer
            time.sleep(0.1)

    def _once(self, path: str, cookie: str = "", wish: Wish | None = None) -> Answer | None:
        began = time.monotonic()
        answer, what = None, ""
        try:
            answer = ask(self.port, path, cookie, wish)
        except (OSError, http.client.HTTPException) as error:
            what = type(error).__name__
        else:
            what = str(answer.status) if answer.status >= 500 else ""
        with self._lock:
            self.longest = max(self.longest, time.monotonic() - began)
            if what:
                self.met[f"{'POST' if wish else 'GET'} {what}"] += 1
        return None if what else answer

    def _send_on(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                wish = next(self.wishes)
            answer = self.send(wish)
            with self._lock:
                self.answers[wish] = answer
            time.sleep(0.02)

    def _read_on(self, path: str, cookie: str) -> None:
        while not self._stop.is_set():
            self._once(path, cookie)
            time.sleep(0.05)


# --- where it happens --------------------------------------------------------------------------------------------


class Platform:
    """`weiyifang up` in a folder; started again by us only when it was killed itself, as systemd would."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.lines: list[str] = []
        began = time.monotonic()
        self.start()
        self.started_in = time.monotonic() - began  # seconds, with nobody there yet

    def start(self) -> None:
        """Again and again while an earlier one is still ending."""
        began = time.monotonic()
        while True:
            self.up = Up(self.var, self.port, workers=2, **DEMO)
            ready = self.up.until("Ready:")
            if "Ready:" in ready:
                break
            self.up.rest()
            self.lines += self.up.said
            assert time.monotonic() < began + LONGEST, "".join(self.lines)
            time.sleep(0.5)
        self._reader = threading.Thread(target=self._read, args=(self.up,), daemon=True)
        self._reader.start()

    @staticmethod
    def _read(up: Up) -> None:
        assert up.process.stdout is not None
        with up.process.stdout as lines:
            up.said.extend(lines)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Tell it to stop, or kill it, and wait."""
        self.up.process.send_signal(how)
        self.up.process.wait(LONGEST)
        self._reader.join(LONGEST)  # its children hold the other end of its output
        self.lines += self.up.said

    def run(self, *arguments: str, module: str = "weiyifang") -> subprocess.CompletedProcess[str]:
        """A command beside it, on the same folder."""
        environment = {**os.environ, "WEIYIFANG_VAR": str(self.var), "DATABASE_URL": "", **DEMO}
        environment.pop("WEIYIFANG_OWNER_URL", None)
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What the database answers, asked as the owner."""
        with psycopg.connect(embedded_postgres.owner_url(self.var / "postgres"), autocommit=True) as link:
            return link.execute(question.encode()).fetchall()

    def head(self) -> str:
        """One hash over everything that counts, after sealing what was posted in the last minute."""
        words = (
            "from weiyifang.communities.models import Community\n"
            "from weiyifang.core.tenancy import in_community\n"
            "from weiyifang.ledger import services\n"
            "from weiyifang.replay import figures\n"
            "with in_community(Community.objects.get()): print(services.seal_all() and '', figures.head())"
        )
        done = self.run("shell", "-v0", "-c", words)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()[-1]

    def is_back(self) -> bool:
        """All processes are there, and health says so."""
        try:
            running = [number for number in self.up.all_processes().values() if is_running(number)]
            return len(running) == 2 and ask(self.port, "/health/").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def child(self, name: str) -> int:
        """The number of a child; waits while it is between two lives."""
        assert eventually(lambda: name in self.up.all_processes(), LONGEST)
        return self.up.all_processes().get(name, 0)

    def postmaster(self) -> int:
        try:
            number = int((self.var / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError):
            return 0
        return number if is_running(number) else 0


@contextmanager
def platform() -> Iterator[Platform]:
    """On a disk of its own, so that it can be filled, where we may make one."""
    with public_folder("var") as var:
        size = f"size={ROOM},mode=755"
        mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(var)]
        is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
        here = None
        try:
            here = Platform(var)
            yield here
        finally:
            if here is not None and here.up.process.poll() is None:
                here.end()
            embedded_postgres.ensure_running(var / "postgres")  # adopts what was left running, and stops it
            embedded_postgres.leave(var / "postgres")
            if is_mounted:
                subprocess.run(["umount", "-l", str(var)], check=True)


# --- what kills: each says when -----------------------------------------------------------------------------------


def a_backend_is_told_to_end(here: Platform, dice: random.Random) -> float:
    return _signal_a_backend(here, dice, signal.SIGTERM)


def a_backend_is_killed(here: Platform, dice: random.Random) -> float:
    return _signal_a_backend(here, dice, signal.SIGKILL)


def _signal_a_backend(here: Platform, dice: random.Random, how: signal.Signals) -> float:
    backends = []
    for number in children_of(here.postmaster()):
        with contextlib.suppress(OSError):
            if b"postgres: weiyifang" in Path(f"/proc/{number}/cmdline").read_bytes():
                backends.append(number)
    return _kill(dice.choice(backends or [0]), how)


def a_process_that_answers_is_killed(here: Platform, dice: random.Random) -> float:
    return _kill(dice.choice(children_of(here.child("pages")) or [0]))


def the_web_server_is_killed(here: Platform, dice: random.Random) -> float:
    return _kill(here.child("pages"))


def the_worker_is_killed(here: Platform, dice: random.Random) -> float:
    return _kill(here.child("jobs"))


def the_postmaster_is_killed(here: Platform, dice: random.Random) -> float:
    return _kill(here.postmaster())


def all_is_killed(here: Platform, dice: random.Random) -> float:
    """`up` by kill -9; what it has started ends then, and the next start takes over what is left."""
    died_at = time.monotonic()
    here.end(signal.SIGKILL)
    here.start()
    return died_at


def the_disk_is_full_for_a_while(here: Platform, dice: random.Random) -> float:
    """Only where we may mount a disk of our own; else nothing happens."""
    if not os.path.ismount(here.var):
        return time.monotonic()
    ballast = here.var / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as out:
        while out.write(b"\0" * 1_000_000):
            pass
    time.sleep(1 + 2 * dice.random())
    ballast.unlink()
    return time.monotonic()


Kind = Callable[[Platform, random.Random], float]
KINDS: list[Kind] = [
    a_backend_is_told_to_end,
    a_backend_is_killed,
    a_process_that_answers_is_killed,
    the_web_server_is_killed,
    the_worker_is_killed,
    the_postmaster_is_killed,
    all_is_killed,
    the_disk_is_full_for_a_while,
]


def _kill(number: int, how: signal.Signals = signal.SIGKILL) -> float:
    """And let the kernel finish it."""
    if number:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, how)
    died_at = time.monotonic()
    eventually(lambda: not number or how is not signal.SIGKILL or not is_running(number))
    return died_at


# --- the storm ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Storm:
    """How it went: for each kill its kind, and the seconds until health was 200 and all processes were there."""

    kills: list[tuple[str, float]]
    people: People
    scene: Any

    def report(self) -> str:
        """For whoever runs it."""
        by_kind: dict[str, list[float]] = {}
        for kind, seconds in self.kills:
            by_kind.setdefault(kind, []).append(seconds)
        lines = [
            f"  {kind.replace('_', ' '):<35} {len(took):>3} times, back after {max(took):4.1f} s at most"
            for kind, took in sorted(by_kind.items())
        ]
        came = Counter(f"{wish.kind} {answer.status}" for wish, answer in self.people.answers.items())
        met = dict(sorted(self.people.met.items()))
        return "\n".join([*lines, f"  {dict(came)}; met {met}; the longest wait {self.people.longest:.1f} s"])


def rage(here: Platform, kinds: Sequence[Kind], dice: random.Random) -> Storm:
    """Let these die one after the other while people go on."""
    made = here.run(f"storm {max(4, len(kinds))}", module="tests.place_scenes")
    assert made.returncode == 0, made.stderr
    scene = json.loads(made.stdout.splitlines()[-1])
    readers = [("/c/nanhu/", ""), ("/c/nanhu/activities/", scene["people"][0]["cookie"])]
    people = People(port=here.port, wishes=wishes(scene, dice), readers=readers)
    kills = []
    try:
        for kind in kinds:
            time.sleep(0.5 + 2 * dice.random())
            died_at = kind(here, dice)
            assert eventually(here.is_back, LONGEST), f"{kind.__name__}: not back\n{''.join(here.lines + here.up.said)}"
            kills.append((kind.__name__, time.monotonic() - died_at))
    finally:
        people.end()
    return Storm(kills=kills, people=people, scene=scene)


def check(here: Platform, storm: Storm) -> None:
    """What was confirmed is there once, what was refused is not, nobody has a seat too many; and sent again, all stays.

    Raises `AssertionError`.
    """
    answers = storm.people.answers
    assert {answer.status for answer in answers.values()} <= {201, 409}, storm.report()
    broken = {what for what in storm.people.met if " 5" in what} - {"GET 503", "POST 503"}
    assert not broken, storm.report() + "".join(here.lines + here.up.said)
    _every_row_once(here, answers)
    verified = here.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    head = here.head()
    here.end()
    assert here.up.process.returncode == 0, "".join(here.up.said)
    here.start()
    for wish, answer in answers.items():
        assert ask(here.port, wish.path, wish=wish).status == answer.status, wish
    _every_row_once(here, answers)
    assert here.head() == head
    here.end()
    said = "".join(here.lines)
    assert "Traceback" not in said, said


def _every_row_once(here: Platform, answers: dict[Wish, Answer]) -> None:
    done = {kind: {wish for wish in answers if wish.kind == kind and answers[wish].status == 201} for kind in KEYS}
    for kind, question in KEYS.items():
        rows = [row[0] for row in here.rows(question)]
        assert Counter(rows) == Counter(wish.key for wish in done[kind]), kind
    (seats,) = here.rows("SELECT sum(taken), bool_and(taken + held <= places) FROM capacity_placepool")
    assert seats == (len(done["seat"]), True)
    (claims,) = here.rows("SELECT count(*) FROM capacity_claim WHERE state = 'taken'")
    assert claims == (len(done["seat"]),)
    (given,) = here.rows("SELECT coalesce(sum(amount), 0) FROM ledger_transfer")
    assert given == (sum(wish.body["amount_fen"] for wish in done["gift"]),)


KEYS = {  # what a row says of the wish it came from
    "seat": "SELECT format('seat-%s-%s', session_id, resident_id) FROM activities_enrollment WHERE state = 'confirmed'",
    "gift": "SELECT format('gift-%s', amount_fen) FROM fund_donation",
    "payment": "SELECT 'payment-' || split_part(title, ' ', 2) FROM fund_paymentrequest",
}
