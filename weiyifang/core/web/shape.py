"""Whatever is no success has one shape: `{code, detail}` for programs, a page of ours for people, never nothing.

Views and their refusals say what is the matter themselves; this is for what answers without a word: an address that is
not there, a method it does not take, a form without its token, a header Django will not read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from weiyifang.core.web.door import is_program, language

Said = tuple[str, Any]  # the code, and the sentence

SAID: dict[int, Said] = {
    400: ("NotUnderstood", _("What arrived could not be read. Look at it once more, then send it again.")),
    401: ("SignIn", _("Please sign in first.")),
    403: ("NotAllowed", _("You may not do this. If you think you should, ask the committee's office.")),
    404: ("NotFound", _("There is nothing here.")),
    405: ("NotThisWay", _("This address does not take that method. The header Allow says which it takes.")),
    412: ("ChangedMeanwhile", _("Somebody changed this meanwhile. Read it again, then decide.")),
    413: ("TooMuch", _("This is too large to be taken. Make it smaller and try again.")),
    415: ("OnlyUtf8", _("This kind of content is not taken here.")),
    422: ("Invalid", _("What was sent does not fit. Look at it once more, then send it again.")),
    428: ("NotSeen", _("Say in If-Match which version you read. Read it first, then decide.")),
    429: ("TooOften", _("That was too often in a short time. Please wait a little.")),
    503: ("Away", _("We are away for a moment. Please try again soon.")),
}
BROKEN: Said = ("Broken", _("Something broke on our side. Please try again later, or call us."))
PAGES = {400: "400.html", 403: "403.html", 404: "404.html", 405: "405.html"}


class OneShape:
    """Nothing goes out without a word. Stands outside all other middleware, and once more where the community and its
    surroundings are known.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST and not response.streaming:
            with translation.override(language(request)):
                _shape(request, response)
        return response


def said(status: int) -> dict[str, str]:
    """What a program reads when nobody else has said what is the matter."""
    code, sentence = SAID.get(status, BROKEN)
    return {"code": code, "detail": str(sentence)}


def _shape(request: HttpRequest, response: HttpResponse) -> None:
    kind = response.headers.get("Content-Type", "")
    if is_program(request.path):
        if kind.startswith("application/json"):
            return
        response.content = json.dumps(said(response.status_code))
        response.headers["Content-Type"] = "application/json; charset=utf-8"
    elif kind.startswith("text/html") and b"<html" not in response.content:
        response.content = _page(request, response)
        response.headers["Content-Type"] = "text/html; charset=utf-8"
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))


def _page(request: HttpRequest, response: HttpResponse) -> str:
    """A sentence that stood alone gets a page around it; where there was none, the status has one."""
    is_here = getattr(request, "community", None) is None or get_script_prefix() != "/"
    around = request if is_here else None
    if sentence := response.content.decode(errors="replace").strip():
        return render_to_string("errors/refused.html", {"refused": sentence}, around)
    if page := PAGES.get(response.status_code):
        return render_to_string(page, request=around)
    return render_to_string("errors/refused.html", {"refused": SAID.get(response.status_code, BROKEN)[1]}, around)
