"""The stage of `tests/stage.py` in a database of its own, with the web server that people reach at work on it."""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests import database, scenes
from tests.places import migrated
from tests.processes import public_folder, web_server
from tests.stage import NOON, Stage
from weiyifang.communities.services import open_community
from weiyifang.core import clock
from weiyifang.core.server.database import analyze
from weiyifang.people.testing import VISITOR


@dataclass(frozen=True, kw_only=True)
class RealStage:
    """The stage, the port its server listens at, and the key of each one's session ("" for the visitor)."""

    stage: Stage
    port: int
    sessions: dict[str, str]

    def ask(
        self,
        method: str,
        path: str,
        *,
        who: str = VISITOR,
        headers: Sequence[tuple[str, bytes | str]] = (),
        body: bytes | None = None,
    ) -> Answer:
        """Send it byte for byte: `path` may hold what no client would let through."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            return send(link, method, path, session=self.sessions[who], headers=headers, body=body)
        finally:
            link.close()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def told(self) -> Any:
        """What a program reads."""
        return json.loads(self.body)


def send(
    link: http.client.HTTPConnection,
    method: str,
    path: str,
    *,
    session: str = "",
    headers: Sequence[tuple[str, bytes | str]] = (),
    body: bytes | None = None,
) -> Answer:
    """One request on a connection that stays open, written as it is given."""
    written = path.encode()
    link.putrequest(method, "/", skip_accept_encoding=True)
    link._buffer[0] = b"%s %s HTTP/1.1" % (method.encode(), written)  # type: ignore[attr-defined]  # it refuses odd ones
    given = dict(headers)
    cookies = [given.pop("Cookie", b""), f"sessionid={session}" if session else b""]
    if cookie := b"; ".join(one if isinstance(one, bytes) else one.encode() for one in cookies if one):
        given["Cookie"] = cookie
    for name, value in given.items():
        link.putheader(name, value)
    if body is not None:
        link.putheader("Content-Length", str(len(body)))
    link.endheaders(body)
    answer = link.getresponse()
    return Answer(answer.status, answer.headers, answer.read())


@contextmanager
def real_stage(blocker: DjangoDbBlocker, workers: int = 1) -> Iterator[RealStage]:
    """Made at the stage's hour, which it stays on the server too, and thrown away afterwards."""
    store = Path(settings.VAR_DIR) / "files"  # where the server looks for what the stage brings
    with (
        public_folder() as var,
        migrated(Path(var)) as place,
        blocker.unblock(),
        clock.at(NOON),
        override_settings(MEDIA_ROOT=store),
    ):
        before = connection.settings_dict["NAME"]
        database.use(urlsplit(place.url).path[1:])
        try:
            here = open_community(code=500108002001, slug="nanhu", phone="023-0000 0000")
            stage = scenes.build(here, open_community(code=500108002002, slug="neighbour"))
            analyze(connection)
            keys = {
                who: browser.cookies["sessionid"].value if browser.cookies else ""
                for who, browser in stage.browsers.items()
            }
            with web_server(place.url, workers, module="tests.at_noon") as (port, _process):
                yield RealStage(stage=stage, port=port, sessions=keys)
        finally:
            database.use(before)
            shutil.rmtree(store, ignore_errors=True)
