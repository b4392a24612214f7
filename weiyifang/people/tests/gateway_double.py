"""A gateway for text messages on this machine: it notes what it is asked, and says what a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Double:
    """A gateway on this machine: what it was asked, and what it says."""

    url: str = ""
    says: Any = None
    status: int = 200
    waits: float = 0.0
    heads: list[dict[str, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    answered: threading.Event = field(default_factory=threading.Event)


@contextmanager
def gateway_double() -> Iterator[Double]:
    """It answers while the block runs."""
    here = Double()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            here.lines.append(self.path)
            here.heads.append({name.lower(): value for name, value in self.headers.items()})
            here.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            here.answered.wait(here.waits)
            said = here.says if isinstance(here.says, bytes) else json.dumps(here.says).encode()
            self.send_response(here.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield here
    finally:
        here.answered.set()
        server.shutdown()
        server.server_close()
