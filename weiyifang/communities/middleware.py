"""`/c/<slug>/…` works as if the whole site were mounted there: every link made inside carries the prefix by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf

from weiyifang.communities.models import Community
from weiyifang.core.tenancy import in_community

PREFIX = re.compile(r"^/c/(?P<slug>[-\w]+)(?P<slash>/?)")


class CommunityMiddleware:
    """Chooses the community for the request; `/c/<official code>/` leads to the community's own address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = PREFIX.match(request.path_info)
        if match is None:
            request.community = None  # type: ignore[attr-defined]
            return self.get_response(request)
        slug = match["slug"]
        if slug.isdecimal() and len(slug) == 12:
            by_code = get_object_or_404(Community, pk=int(slug))
            if by_code.slug != slug:
                rest = request.get_full_path()[len(match[0]) :]
                return HttpResponsePermanentRedirect(f"/c/{by_code.slug}/{rest}")
        community = get_object_or_404(Community, slug=slug)
        if not match["slash"]:
            return HttpResponsePermanentRedirect(f"/c/{slug}/")
        request.community = community  # type: ignore[attr-defined]
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
