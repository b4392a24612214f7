"""Two hundred bodies that trickle and fifty that are large, at once, against the server as it runs."""

from __future__ import annotations

import socket
import statistics
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connections

from tests.database import this_database
from tests.processes import eventually, web_server
from tests.slow_bodies import PATH, connected, head, said, trickling
from tests.test_floods import page
from weiyifang.communities.models import Community
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.django_db(transaction=True)

SLOW, LARGE = 200, 50
MB = 1024 * 1024


@pytest.fixture
def cookie(here: Community, client_of: ClientOf) -> str:
    return f"sessionid={client_of('resident').cookies['sessionid'].value}"


def memory(process: subprocess.Popen[bytes]) -> int:
    """Bytes in memory of the server's workers."""
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    status = [Path(f"/proc/{worker}/status").read_text() for worker in workers]
    return sum(int(one.partition("VmRSS:")[2].split()[0]) * 1024 for one in status)


def took(port: int, path: str, cookie: str = "") -> float:
    began = time.monotonic()
    assert page(port, path, cookie) == 200
    return time.monotonic() - began


def large(port: int) -> bytes:
    """A body of 10 MB from nobody, as much of it as the server takes."""
    with connected(port) as link:
        try:
            link.sendall(head(PATH, 10 * MB))
            for _piece in range(160):
                link.sendall(b"[" * (64 * 1024))
        except OSError:  # it hung up, and rightly so
            pass
        return said(link)


def test_a_residents_page_answers_within_a_second(cookie: str) -> None:
    database = this_database()
    connections.close_all()
    with web_server(database, workers=2) as (port, process):
        for path in ("/c/nanhu/", "/c/nanhu/me/", "/health/"):
            for _time in range(10):
                took(port, path, cookie)
        before = memory(process)
        with trickling(port, SLOW), ExitStack() as links:
            for _one in range(LARGE):
                link = links.enter_context(connected(port))
                link.sendall(head(PATH, 10 * MB) + b"[" * 10_000)
            times = sorted(took(port, path, cookie) for _time in range(20) for path in ("/c/nanhu/", "/c/nanhu/me/"))
            grown = memory(process) - before
            health = took(port, "/health/")
        print(
            f"{statistics.median(times):.3f} s, at most {times[-1]:.3f} s; health {health:.3f} s; {grown / MB:.0f} MB"
        )
        assert times[-1] < 1
        assert health < 1


def test_large_bodies_from_nobody_cost_no_memory(here: Community) -> None:
    database = this_database()
    connections.close_all()
    with web_server(database) as (port, process):
        for _time in range(5):
            took(port, "/c/nanhu/")
        before = memory(process)
        for _time in range(5):
            for _body in range(4):
                large(port)
        grown = memory(process) - before
        print(f"{grown / MB:.1f} MB more after 20 bodies of 10 MB")
        assert grown < 60 * MB


def test_who_reads_nothing_holds_no_thread_and_is_let_go(here: Community) -> None:
    """Sixty ask for a file again and again and never read."""
    database = this_database()
    connections.close_all()
    ask = b"GET /static/css/pieces.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with web_server(database) as (port, _process), ExitStack() as links:
        took(port, "/c/nanhu/")
        deaf = []
        for _one in range(60):
            link = links.enter_context(socket.socket())
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.connect(("127.0.0.1", port))
            link.sendall(ask * 400)
            deaf.append(link)
        assert eventually(lambda: open_connections(port) == len(deaf))
        took(port, "/c/nanhu/")
        assert eventually(lambda: open_connections(port) == 0, seconds=120)


def open_connections(port: int) -> int:
    """Connections the server has at its port."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(fields[1].endswith(f":{port:04X}") and fields[3] == "01" for fields in lines)
