"""Who may open a page. Every view inside a community wears its rule; a test refuses one that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.shortcuts import render
from django.template.loader import render_to_string

from weiyifang.core import kept as keeping
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from weiyifang.communities.models import Community

P = ParamSpec("P")
Rule = Callable[[Actor], bool]


class PageRequest(HttpRequest):
    """A request inside a community, after the middleware: it knows the community and who acts."""

    community: Community
    actor: Actor


def anyone(actor: Actor) -> bool:
    """Published to the world: visitors and members of other communities too."""
    return True


def member(actor: Actor) -> bool:
    """Everybody who belongs to the community: residents and anyone with a role here."""
    return actor.is_member


def resident(actor: Actor) -> bool:
    """People with a resident record here."""
    return actor.resident_id is not None


def holds(permission: str) -> Rule:
    """Whoever holds `permission` anywhere in the community; what they see then depends on its scopes."""

    def rule(actor: Actor) -> bool:
        return actor.may_somewhere(permission)

    rule.__name__ = f"holds_{permission}"
    rule.__doc__ = f"Whoever holds {permission}."
    return rule


View = Callable[Concatenate[PageRequest, P], HttpResponseBase]


def page(
    rule: Rule, *, methods: tuple[str, ...] = ("GET",), kept: float = 0.0, files: bool = False
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Open the view to actors the rule accepts.

    A visitor is sent to sign in, an outsider gets 404, a member a sentence (403). A `Refused` that the view does not
    turn into an error of its form becomes a page with its sentence and a way back.

    `kept`: for how many seconds visitors may get the same page without its being made anew (see `kept`).
    `files`: it takes files, from whoever the rule accepts; a form with files for any other page is not read at all.
    """
    if kept and rule is not anyone:
        raise ValueError("only a page for anyone can be kept")

    def wear(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            here = cast("PageRequest", request)
            if request.method not in {*methods, "HEAD"} or (request.method == "HEAD" and "GET" not in methods):
                return _not_this_way(here, methods)
            if not rule(here.actor):
                return denied(here)
            asked = keeping.begin(here) if kept else None  # before the view reads anything
            try:
                response = view(here, *args, **kwargs)
            except NotAllowed as refused:
                return denied(here, refused)
            except Refused as refused:
                return refusal_page(here, refused)
            if asked is not None:
                keeping.finish(asked, response, kept)
            return response

        guarded.rule = rule  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        guarded.files = files  # type: ignore[attr-defined]
        return guarded

    return wear


def require(allowed: bool) -> None:
    """Raise `NotAllowed` unless `allowed`: the rule about one object, asked inside a view or a service."""
    if not allowed:
        raise NotAllowed()


def denied(request: PageRequest, refused: Refused | None = None) -> HttpResponseBase:
    """The answer to somebody the rule does not accept."""
    if request.actor.is_visitor:
        return redirect_to_login(request.get_full_path(), "/accounts/login/")
    if not request.actor.is_member:
        raise Http404
    return refusal_page(request, refused or NotAllowed())


def _not_this_way(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    response = HttpResponseNotAllowed(methods)
    response.content = render_to_string("405.html", request=request)
    return response


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentence, what to do next, and a way back. (`OnceMiddleware` undoes what a refused request wrote.)"""
    back: Any = request.headers.get("Referer", "")
    same_site = back.startswith(f"{request.scheme}://{request.get_host()}/")
    context = {"refused": refused, "back": back if same_site else ""}
    response = render(request, "refused.html", context, status=refused.status)
    if refused.wait:
        response.headers["Retry-After"] = str(refused.wait)
    return response
