"""What the browser may ask for: one page, its pictures, and the files beside it, handed out by a thread.

A real server on a name that browsers trust, so that the policy counts as it does in life, and style sheets and scripts
are kept by the browser as they are in life. The thread asks the program nothing: it has a connection of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.http import HttpResponseBase

STATIC = "/static/"


@dataclass(frozen=True)
class Answer:
    """What the program said once."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    pictures: dict[str, Answer] = field(default_factory=dict)  # address → what is there

    @classmethod
    def of(cls, response: HttpResponseBase) -> Answer:
        body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]  # either has one
        return cls(response.status_code, dict(response.headers), body)


class Shelf:
    """The page that is shown now. What is asked for and lies nowhere is noted in `not_there`."""

    def __init__(self) -> None:
        self.not_there: list[str] = []
        self._pages: Mapping[str, Answer] = {}
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer = shelf._at(urlsplit(self.path).path)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in {"content-length", "connection"}:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_args: Any) -> None:
                """What is wrong is said by the test."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.site = f"http://localhost:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, address: str, answer: Answer) -> None:
        """From now on this page is shown."""
        self._pages = {**answer.pictures, address: answer}

    def elsewhere(self, url: str) -> None:
        """The browser asks for this; on another site nothing is there."""
        if url.startswith("http") and not url.startswith(f"{self.site}/"):
            self.not_there.append(url)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _at(self, path: str) -> Answer:
        if (answer := self._pages.get(path)) is not None:
            return answer
        found = finders.find(path.removeprefix(STATIC)) if path.startswith(STATIC) else None
        if found is None:
            self.not_there.append(self.site + path)
            return Answer(404, {}, b"")
        kind = guess_type(found)[0] or "application/octet-stream"
        return Answer(200, {"Content-Type": kind, "Cache-Control": "max-age=3600"}, Path(found).read_bytes())
