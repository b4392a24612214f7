"""Who may open a page. Every view inside a community wears its rule; a test refuses one that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, get_urlconf, resolve
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.web import kept as keeping
from weiyifang.core.web import typed
from weiyifang.core.web.door import is_program
from weiyifang.core.web.once import never_kept

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

    rule.permission = permission  # type: ignore[attr-defined]  # read by the table of access
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

    `kept`: for how many seconds all may get the same page, their own filled in, without its being made anew (`kept`).
    Of a page for a duty, all who have the same duties.
    `files`: it takes files, from whoever the rule accepts; a form with files for any other page is not read at all.
    """
    duties = hasattr(rule, "permission")
    if kept and rule not in (anyone, member) and not duties:
        raise ValueError("only a page for anyone, or the frame of one for members or for a duty, can be kept")

    answered = {*methods, "HEAD"} if "GET" in methods else {*methods}

    def wear(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            here = cast("PageRequest", request)
            waiting = typed.waiting(here)
            if waiting is None and request.method not in answered:
                return _not_this_way(here, methods)
            if not rule(here.actor):
                return denied(here)
            if kept and waiting is None:
                page_of_all = keeping.answered(here, kept, lambda one: view(one, *args, **kwargs), duties=duties)
                if page_of_all is not None:
                    return page_of_all
            return _answer(here, partial(view, here, *args, **kwargs), waiting, has_page="GET" in methods)

        guarded.rule = rule  # type: ignore[attr-defined]  # read by the table of access
        guarded.methods = methods  # type: ignore[attr-defined]  # read by the table of access
        guarded.files = files  # type: ignore[attr-defined]  # read by the table of access
        guarded.kept = kept  # type: ignore[attr-defined]  # read by the table of access
        return guarded

    return wear


def _answer(
    request: PageRequest, view: Callable[[], HttpResponseBase], waiting: QueryDict | None, *, has_page: bool
) -> HttpResponseBase:
    """What the view says, the form that waits filled in; instead a refusal's page, or the way to a fresh proof."""
    try:
        response = view() if waiting is None else typed.shown(request, waiting, view, has_page=has_page)
    except ProofNeeded:
        return prove(request)
    except NotAllowed as refused:
        return denied(request, refused)
    except Refused as refused:
        return refusal_page(request, refused)
    typed.arrived(request, response)
    return response


def require(allowed: bool) -> None:
    """Raise `NotAllowed` unless `allowed`: the rule about one object, asked inside a view or a service."""
    if not allowed:
        raise NotAllowed()


class ProofNeeded(Exception):
    """The second factor has to be shown again first. No `Refused`: no form turns it into a fault of its own."""

    sentence = _("This needs a fresh proof of your second factor: show it once more, then try again.")


def require_fresh(by: Actor) -> None:
    """Raise `ProofNeeded` when the actor showed the second factor too long ago. For money and for people's numbers.

    The first thing a verb does, so that there is nothing to undo.
    """
    if by.proof_is_old:
        raise ProofNeeded


def prove(request: PageRequest) -> HttpResponseBase:
    """To where the second factor is shown again, and back to here with what was typed."""
    onward = typed.onward(request, request.actor.account_id)
    return never_kept(HttpResponseRedirect(f"/accounts/reauthenticate/?{urlencode({'next': onward})}"))


def denied(request: PageRequest, refused: Refused | None = None) -> HttpResponseBase:
    """The answer to somebody the rule does not accept."""
    if request.actor.is_visitor:
        owner = getattr(request, "was_account_id", None) or typed.marked(request)
        return never_kept(redirect_to_login(typed.onward(request, owner), "/accounts/login/"))
    if not request.actor.is_member:
        raise Http404
    return refusal_page(request, refused or NotAllowed())


def _not_this_way(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """Whoever opens the address a form was sent to (again, from a list of addresses) finds the page above it."""
    if request.method in {"GET", "HEAD"} and (above := _page_above(request)):
        return HttpResponseRedirect(above)
    response = HttpResponseNotAllowed(methods)
    response.content = render_to_string("405.html", request=request)
    return response


def _page_above(request: HttpRequest) -> str:
    """The nearest page whose address this one's begins with."""
    path, prefix = request.path_info, request.path.removesuffix(request.path_info)
    while path != "/":
        path = path[: path.rstrip("/").rfind("/") + 1]
        try:
            view = resolve(path, get_urlconf()).func
        except Resolver404:
            continue
        if "GET" in getattr(view, "methods", ()):
            return prefix + path
    return ""


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentence, what to do next, and a way back. (`OnceMiddleware` undoes what a refused request wrote.)"""
    if is_program(request.path):
        response: HttpResponse = JsonResponse({"code": refused.code, "detail": str(refused)}, status=refused.status)
    else:
        back = typed.came_from(request)
        if request.method in {"GET", "HEAD"} and back == request.get_full_path():
            back = ""  # there it stands already
        response = render(request, "refused.html", {"refused": refused, "back": back}, status=refused.status)
    if refused.wait:
        response.headers["Retry-After"] = str(refused.wait)
    return response
