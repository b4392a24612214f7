"""Pages that break in each way there is, with everything a request told them in what they say."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config import community_urls, urls
from tests.broken.tasks import break_down
from weiyifang.core.server.jobs import enqueue
from weiyifang.people.models import Account

handler500 = urls.handler500


def told(request: HttpRequest) -> str:
    """Everything."""
    return f"{request.get_full_path()} {request.body.decode()} {request.POST} {request.COOKIES} {request.headers}"


def by_value(request: HttpRequest, word: str) -> HttpResponse:
    try:
        int(told(request))
    except ValueError as error:
        raise KeyError(told(request)) from error
    return HttpResponse()


def by_constraint(request: HttpRequest, word: str) -> HttpResponse:
    Account.objects.create(username=word[:40])
    Account.objects.create(username=word[:40])
    return HttpResponse()


def by_database(request: HttpRequest, word: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::uuid", [told(request)])
    return HttpResponse()


def by_the_way(request: HttpRequest, word: str) -> HttpResponse:
    """Nothing breaks here, but much is said."""
    logging.getLogger("library").error("finished: " + told(request))  # noqa: G003  what a careless library would write
    logging.getLogger("library").error("with values: %s, %d", told(request), 7)
    logging.getLogger("library").error("wrong values: %d", told(request))
    logging.getLogger("library").exception("no message: %s", ValueError(told(request)))
    warnings.warn(told(request), stacklevel=1)

    def run() -> None:
        raise RuntimeError(told(request))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

    class Thing:
        def __del__(self) -> None:
            raise RuntimeError(told(request))

    del thread
    Thing()
    enqueue(break_down, word=told(request))
    return HttpResponse("said")


def while_sent(request: HttpRequest, word: str) -> StreamingHttpResponse:
    def parts() -> Iterator[bytes]:
        yield b"begun"
        raise RuntimeError(told(request))

    return StreamingHttpResponse(parts())


def suspicious(request: HttpRequest, word: str) -> HttpResponse:
    raise SuspiciousOperation(told(request))


ways: list[Any] = [
    path(f"broken/{view.__name__}/<str:word>/", csrf_exempt(view))
    for view in (by_value, by_constraint, by_database, by_the_way, while_sent, suspicious)
]
urlpatterns = [*ways, *urls.urlpatterns]


if ways[0] not in community_urls.urlpatterns:
    community_urls.urlpatterns[1:1] = [path(f"api/{way.pattern}", way.callback) for way in ways] + ways
