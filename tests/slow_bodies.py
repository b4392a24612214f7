"""Clients that want to keep a server busy: bodies that trickle, bodies that are too large, answers nobody reads."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

JSON = "Content-Type: application/json\r\n"
PATH = "/c/nanhu/api/activities/1/1/enrollments"


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def head(path: str, length: int, more: str = JSON) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n{more}\r\n".encode()


@contextmanager
def trickling(port: int, count: int, every: float = 0.5) -> Iterator[Sequence[socket.socket]]:
    """So many connections, each with a body that comes a byte at a time and is never whole."""
    links = [connected(port) for _one in range(count)]
    for link in links:
        link.sendall(head(PATH, 40_000) + b"[")
    stop = threading.Event()

    def go_on() -> None:
        while not stop.wait(every):
            for link in links:
                try:
                    link.sendall(b" ")
                except OSError:  # the server hung up
                    continue

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield links
    finally:
        stop.set()
        thread.join()
        for link in links:
            link.close()


def said(link: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    heard = bytearray()
    try:
        while piece := link.recv(1 << 16):
            heard += piece
    except ConnectionResetError:
        pass
    return bytes(heard)
