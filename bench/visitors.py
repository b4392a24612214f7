"""Many browsers at once, cheap enough to share a machine with the server they ask."""

from __future__ import annotations

import http.client
import re
import selectors
import socket
import time
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

HEAD = re.compile(rb"HTTP/1\.1 (\d{3}).*?\r\ncontent-length: (\d+)\r\n", re.DOTALL | re.IGNORECASE)


class Answer(NamedTuple):
    status: int
    took: float  # seconds from asking
    at: float  # seconds since the first one asked


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, path: str, seconds: float = 120) -> None:
    """Until something answers there. Raises RuntimeError when nothing does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            link.request("GET", path)
            link.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answers on port {port}")


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


def post(path: str, cookie: str, body: bytes, more: str = "") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{more}\r\n"
    ).encode() + body


def ask_all(port: int, requests: Sequence[bytes], connections: int) -> list[Answer]:
    """Send every request; each of the connections sends its next one when it has its answer."""
    waiting, answers = deque(requests), []
    links = [socket.create_connection(("127.0.0.1", port), timeout=120) for _link in range(connections)]
    began = time.perf_counter()
    sent, heard = {}, {}
    with selectors.DefaultSelector() as ready:
        for link in links:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(link, selectors.EVENT_READ)
            if waiting:
                sent[link], heard[link] = time.perf_counter(), b""
                link.sendall(waiting.popleft())
        while len(answers) < len(requests):
            for key, _events in ready.select(120):
                link: socket.socket = key.fileobj  # type: ignore[assignment]
                piece = link.recv(65536)
                if not piece:
                    raise ConnectionError("the server hung up")
                heard[link] += piece
                head, end, body = heard[link].partition(b"\r\n\r\n")
                found = HEAD.match(head + b"\r\n") if end else None
                if found is None or len(body) < int(found[2]):
                    continue
                now = time.perf_counter()
                answers.append(Answer(int(found[1]), now - sent[link], now - began))
                if waiting:
                    sent[link], heard[link] = now, b""
                    link.sendall(waiting.popleft())
    for link in links:
        link.close()
    return answers
