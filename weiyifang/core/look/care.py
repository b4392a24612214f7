"""How a person wants pages to look: the version for elders (长辈版), its text size, light or dark.

The choice is kept in one cookie for the device. `remember_with` lets a higher floor keep it on the account as well.
The numbers behind the modes are in `static/css/tokens.css`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from django.http import (
    HttpRequest,
    HttpResponse,
)
from django.utils.translation import gettext_lazy as _

from weiyifang.core.look import wording

COOKIE = "look"
KEPT_FOR = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
NORMAL, CARE = "", "care"
SIZES = {
    2: _("Large"),
    3: _("Larger"),
    4: _("Largest"),
}  # ×1.25, ×1.5, ×1.8 of the normal text
THEMES = {"": _("As on this device"), "light": _("Light"), "dark": _("Dark")}


@dataclass(frozen=True, kw_only=True)
class Look:
    """`mode` is "" or "care"; `size` is 1, in care mode 2, 3 or 4; `theme` is "" (the device's), "light" or "dark"."""

    mode: str = NORMAL
    size: int = 1
    theme: str = ""

    def __str__(self) -> str:
        return f"{self.size}.{self.theme}"

    @classmethod
    def parse(cls, text: str) -> Look:
        """What `str` wrote; anything else is the normal look."""
        size, _dot, theme = text.partition(".")
        return cls().changed(size=size, theme=theme)

    def changed(
        self,
        *,
        mode: str | None = None,
        size: str | None = None,
        theme: str | None = None,
    ) -> Look:
        """The look after a choice. A size above 1 means care mode, and care mode has no size below 2."""
        look = self
        if theme in THEMES:
            look = replace(look, theme=theme)
        if size is not None and len(size) == 1 and size.isdecimal() and int(size) in {1, *SIZES}:
            look = replace(look, size=int(size), mode=CARE if int(size) > 1 else NORMAL)
        if mode == CARE:
            look = replace(look, mode=CARE, size=max(look.size, 2))
        elif mode == NORMAL:
            look = replace(look, mode=NORMAL, size=1)
        return look


Recall = Callable[[HttpRequest], str]
Remember = Callable[[HttpRequest, str], None]
_recallers: list[Recall] = []
rememberers: list[Remember] = []


def remember_with(recall: Recall, remember: Remember) -> None:
    """Register where else a look is kept. `recall(request)` returns what `remember(request, text)` was given, or ""."""
    _recallers.append(recall)
    rememberers.append(remember)


def look_of(request: HttpRequest) -> Look:
    """The device's choice; without one, what the account remembers."""
    if text := request.COOKIES.get(COOKIE, ""):
        return Look.parse(text)
    for recall in _recallers:
        if text := recall(request):
            return Look.parse(text)
    return Look()


class ForWhom:
    """Middleware: while a request is answered, times are said as this reader has them said (`wording.for_elders`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = wording.for_elders.set(cache(lambda: look_of(request).mode == CARE))  # asked once a request at most
        try:
            return self.get_response(request)
        finally:
            wording.for_elders.reset(before)
