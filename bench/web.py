"""Web servers to measure, and somebody who asks them for pages as fast as they answer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection

from bench.visitors import ask_all

ROOT = Path(__file__).parent.parent
CONNECTIONS = 16  # kept open, one request at a time on each
WORKERS = 1  # of every server, ours and the others: the machine's other core asks
BROWSER = "Mozilla/5.0 (Linux; Android 12; M2012K11AC) MicroMessenger/8.0"


def database_url() -> str:
    """The database at hand, for other processes."""
    settings = connection.settings_dict
    login = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
    where = {key.lower(): settings[key] for key in ("HOST", "PORT") if settings[key]}
    return f"postgresql://{login}@/{settings['NAME']}?" + urlencode(where)


@contextmanager
def server(arguments: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[None]:
    """A Python process that serves on `port` while the block runs."""
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment})
    try:
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > until or process.poll() is not None:
                    raise RuntimeError(f"{arguments} did not start") from None
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def our_server(port: int, workers: int = WORKERS) -> Iterator[None]:
    """The pages as `weiyifang up` serves them, on the database at hand."""
    arguments = ["-m", "weiyifang.core.server.webserver", "--port", str(port), "--workers", str(workers)]
    with server(arguments, port, {"DATABASE_URL": database_url()}):
        yield


def request(path: str, *, cookie: str = "", host: str = "127.0.0.1") -> bytes:
    """A GET as a phone sends it."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", f"User-Agent: {BROWSER}", "Accept-Language: zh-CN,zh;q=0.9"]
    lines += ["Accept: text/html", "Accept-Encoding: gzip, deflate"] + ([f"Cookie: {cookie}"] if cookie else [])
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def ask(port: int, requests: Sequence[bytes], connections: int = CONNECTIONS) -> None:
    """Send all requests, a few at a time; raises unless each is answered with 200 and all its bytes."""
    strange = {answer.status for answer in ask_all(port, requests, connections)} - {200}
    if strange:
        raise RuntimeError(f"answered with {strange}")
