"""`/c/<slug>/…` works as if the whole site were mounted there: every link made inside carries the prefix by itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf

from weiyifang.communities.models import Community
from weiyifang.core.prepared import Read
from weiyifang.core.tenancy import in_community

PREFIX = re.compile(r"^/c/(?P<slug>[-\w]+)(?P<slash>/?)")


class CommunityMiddleware:
    """Chooses the community for the request; `/c/<official code>/` leads to the community's own address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = PREFIX.match(request.path_info)
        if match is None:
            request.community = None  # type: ignore[attr-defined]  # what the middleware is for
            return self.get_response(request)
        slug = match["slug"]
        if slug.isdecimal() and len(slug) == 12:
            by_code = get_object_or_404(Community, pk=int(slug))
            if by_code.slug != slug:
                rest = request.get_full_path()[len(match[0]) :]
                return HttpResponsePermanentRedirect(f"/c/{by_code.slug}/{rest}")
        community = community_at(slug)
        if not match["slash"]:
            return HttpResponsePermanentRedirect(f"/c/{slug}/")
        request.community = community  # type: ignore[attr-defined]  # what the middleware is for
        request.urlconf = "config.community_urls"
        request.path_info = "/" + request.path_info.removeprefix(match[0])
        outer, outer_urls = get_script_prefix(), get_urlconf()
        set_urlconf(request.urlconf)  # for middleware that answers before a view is looked up
        set_script_prefix(f"{outer.rstrip('/')}/c/{slug}/")
        try:
            with in_community(community):
                return self.get_response(request)
        finally:
            set_script_prefix(outer)
            set_urlconf(outer_urls)


REMEMBERED = 5  # seconds that a process goes on with a community's row; a new name is seen that much later
_read = Read(lambda slug: Community.objects.filter(slug=slug), "a-slug")
_remembered: dict[str, tuple[float, Community]] = {}


def community_at(slug: str) -> Community:
    """The community of this address, asked for by every request. Raises `Http404`."""
    if connection.in_atomic_block:  # what an open transaction sees may never come true: as in tests
        return get_object_or_404(Community, slug=slug)
    until, found = _remembered.get(slug, (0.0, None))
    if found is None or until < time.monotonic():
        found = _read.one(slug)
        if found is None:
            _remembered.pop(slug, None)
            raise Http404(slug)
        _remembered[slug] = (time.monotonic() + REMEMBERED, found)
    return found
