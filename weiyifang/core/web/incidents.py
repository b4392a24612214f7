"""Something broke on our side: a page in every language with a number, which is in the log too.

A resident tells the number on the phone, and whoever runs the program finds what happened without knowing who it was.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from weiyifang.core.web.door import is_program

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

NUMBER = "weiyifang.number"  # where a request carries it, once somebody has asked

logger = logging.getLogger(__name__)


def number_of(request: dict[str, Any]) -> str:
    """The number of a request (`request.META`, or WSGI's own): eight signs that are easy to say, made when first asked
    for.
    """
    if NUMBER not in request:
        digits = secrets.token_hex(4).upper()
        request[NUMBER] = f"{digits[:4]}-{digits[4:]}"
    number: str = request[NUMBER]
    return number


def answer(request: HttpRequest) -> HttpResponse:
    """What a person or a program gets. Asks no database."""
    return _answer(request.META, request.path)


def _answer(request: dict[str, Any], path: str) -> HttpResponse:
    number = number_of(request)
    response: HttpResponse
    if is_program(path):
        detail = _("Something broke on our side. If you call, tell us this number: %(number)s") % {"number": number}
        response = JsonResponse({"code": "Broken", "detail": detail, "number": number}, status=500)
    else:
        sides = [code for code, _name in settings.LANGUAGES]
        first = translation.get_language()
        sides.sort(key=lambda code: code != first)
        response = HttpResponse(get_template("500.html").render({"number": number, "sides": sides}), status=500)
    response.headers["Cache-Control"] = "no-store"
    return response


class NothingRaised:
    """The WSGI application outside all others: what breaks in front of Django gets an answer and a line in the log.

    The server's own line would tell the exception's message.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self.application(environ, start_response)
        except Exception as error:
            logger.error("[%s] broke in front of Django", number_of(environ), exc_info=error)  # noqa: TRY400  with the error itself
            response = _answer(environ, environ.get("PATH_INFO", ""))
            start_response("500 Internal Server Error", list(response.items()))
            return [response.content]
