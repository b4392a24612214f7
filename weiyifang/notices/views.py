"""One's own messages."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from weiyifang.core.web.access import PageRequest, member, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.notices import queries, services
from weiyifang.notices.models import Notice


@page(member)
def inbox(request: PageRequest) -> HttpResponseBase:
    """What I was told, the newest first; what I put away on a page of its own."""
    is_done = bool(asked(request, "done"))
    listed = paged(request, queries.inbox(request.actor, done=is_done))
    context = {
        "page": listed,
        "lines": queries.in_words(listed.object_list),
        "is_done": is_done,
        "has_news": request.actor.has_news,
    }
    return show(request, "notices/inbox.html", context)


@page(member, methods=("POST",))
def open_notice(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Read it, and go where it leads."""
    notice = _mine(request, pk)
    services.read(notice=notice, by=request.actor)
    (line,) = queries.in_words([notice])
    return redirect(line.url or "notices:inbox")


@page(member, methods=("POST",))
def put_away(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It is dealt with."""
    services.finish(notice=_mine(request, pk), by=request.actor)
    return redirect("notices:inbox")


@page(member, methods=("POST",))
def take_out(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It is not dealt with after all."""
    services.take_out(notice=_mine(request, pk), by=request.actor)
    return redirect("notices:inbox")


@page(member, methods=("POST",))
def read_all(request: PageRequest) -> HttpResponseBase:
    """I have seen all of it."""
    services.read_all(by=request.actor)
    return redirect("notices:inbox")


def _mine(request: PageRequest, pk: UUID) -> Notice:
    return get_object_or_404(queries.of(request.actor).select_related("whose"), pk=pk)
