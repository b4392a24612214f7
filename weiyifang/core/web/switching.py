"""The switches of the look and the language: on every page, in the middle of a form too."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from weiyifang.core.look import care
from weiyifang.core.web import typed


@csrf_exempt  # `_own_page` refuses other sites instead: with a token in its header no page could be kept in a cache
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """The settings page of the look (GET) and the place every switch posts to: `mode`, `size`, `theme`, `language`.

    A switch that is pressed in the middle of a form says the same in `_look`, and brings the form along.
    """
    back = _way_back(request)
    if request.method == "GET":
        choices = {
            "sizes": [(1, _("Normal")), *care.SIZES.items()],
            "themes": list(care.THEMES.items()),
            "back": back,
        }
        return render(request, "look.html", {**choices, "languages": settings.LANGUAGES})
    if not _own_page(request):
        return HttpResponseForbidden(_("This switch works on our own pages only. Open the page again."))
    response = HttpResponseRedirect(back or "/")
    asked = QueryDict(request.POST["_look"]) if "_look" in request.POST else request.POST
    chosen = care.look_of(request).changed(**_asked(asked))
    _keep(response, care.COOKIE, str(chosen))
    for remember in care.rememberers:
        remember(request, str(chosen))
    response.headers["Location"] = typed.switch(request, response, back or "/")
    if (language := asked.get("language", "")) in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
        translation.activate(language)
    return response


def _asked(post: QueryDict) -> dict[str, str | None]:
    return {name: post.get(name) for name in ("mode", "size", "theme")}


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=care.KEPT_FOR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _way_back(request: HttpRequest) -> str:
    """The page of this site the person came from: `next`, else the Referer, else ""."""
    for url in (
        request.POST.get("_page") if "_look" in request.POST else request.POST.get("next"),
        request.GET.get("next"),
        request.headers.get("Referer"),
    ):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
            return url
    return ""


def _own_page(request: HttpRequest) -> bool:
    """Was the form on one of our own pages? Browsers say so in Origin, older ones in Referer; silence is a no."""
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.get_host()
