"""Many browsers at once, cheap enough to share a machine with the server they ask."""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


class Answer(NamedTuple):
    number: int  # of the request
    status: int
    took: float  # seconds from asking
    at: float  # seconds since the first one asked
    heard: bytes  # all of it, when it was to be kept


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def post(path: str, cookie: str, body: bytes, more: str = "", kind: str = JSON) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n{more}\r\n"
    ).encode() + body


def ask_all(port: int, requests: Sequence[bytes], connections: int, *, keep: bool = False) -> list[Answer]:
    """Send every request; each of the connections sends its next one when it has its answer. In order of answers."""
    waiting, answers = deque(enumerate(requests)), list[Answer]()
    began = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        for _link in range(min(connections, len(requests))):
            link = socket.create_connection(("127.0.0.1", port), timeout=120)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number, wish = waiting.popleft()
            ready.register(link, selectors.EVENT_READ, _Asked(number, time.perf_counter()))
            link.sendall(wish)
        while len(answers) < len(requests):
            for key, _events in ready.select(120):
                link, asked = key.fileobj, key.data
                assert isinstance(link, socket.socket)
                piece = link.recv(1 << 18)
                if not piece:
                    raise ConnectionError(f"the server hung up after {bytes(asked.heard[:300])!r}")
                asked.heard += piece
                status = _status(asked.heard)
                if status is None:
                    continue
                now = time.perf_counter()
                heard = bytes(asked.heard) if keep else b""
                answers.append(Answer(asked.number, status, now - asked.at, now - began, heard))
                asked.at = now
                asked.heard.clear()
                if waiting:
                    asked.number, wish = waiting.popleft()
                    link.sendall(wish)
                else:
                    ready.unregister(link)
                    link.close()
    return answers


@dataclass(slots=True)
class _Asked:
    """What a connection waits for: which answer, since when, and what it heard so far."""

    number: int
    at: float
    heard: bytearray = field(default_factory=bytearray)


def _status(heard: bytearray) -> int | None:
    """The status of an answer that is whole; None while some of it is on its way."""
    end = heard.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = LENGTH.search(heard, 0, end + 2)
    is_whole = len(heard) >= end + 4 + int(length[1]) if length else heard.endswith(b"0\r\n\r\n")  # sent in chunks
    return int(heard[9:12]) if is_whole else None
