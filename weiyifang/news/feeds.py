"""The paper for feed readers: RSS, Atom (RFC 4287) and JSON Feed 1.1, for everyone.

What a reader has seen keeps its id, whatever address the platform moves to; a feed that has not changed since is a 304.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, cast
from uuid import UUID, uuid5

from django.contrib.syndication.views import Feed
from django.db.models import Max
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.http import http_date
from django.utils.translation import gettext as _

from weiyifang.communities.models import Community
from weiyifang.core.text import writable
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.news import markup, queries
from weiyifang.news.models import Article, State

if TYPE_CHECKING:
    ArticleFeed = Feed[Article, Community]
else:
    ArticleFeed = Feed

NEWEST = 30
FEEDS = UUID("6d5b7d0e-4f0c-4a51-9d2e-0d6f4a3c9b17")  # drawn once: under it a community's code is its paper's id


class Dated(SyndicationFeed):
    """It was changed when an article last was, withdrawn ones too, and not when somebody asks for it."""

    content_type: str

    def latest_post_date(self) -> datetime:
        return cast("datetime", self.feed["changed_at"])


class RssType(Dated, Rss201rev2Feed):
    pass


class AtomType(Dated, Atom1Feed):
    pass


class JsonType(Dated):
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO[Any], encoding: str) -> None:
        feed = self.feed
        made = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "description": feed["description"],
            "language": feed["language"],
            "authors": [{"name": feed["author_name"]}],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(made, ensure_ascii=False).encode(encoding))

    @staticmethod
    def _item(item: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["description"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": [{"name": item["author_name"]}],
            "tags": item["categories"],
            **({"image": item["image"]} if item["image"] else {}),
        }


class Rss(ArticleFeed):
    """The newest articles, pinned or not, by the day they were published."""

    feed_type: type[Dated] = RssType
    language = "zh-Hans"  # the language people here write in
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Community:
        self.community = cast("PageRequest", request).community
        self.base = request.build_absolute_uri("/")
        return self.community

    def title(self, community: Community) -> str:
        return writable(community.platform_name)

    def description(self, community: Community) -> str:
        return writable(_("What is new in %(community)s") % {"community": community.short_name})

    def author_name(self, community: Community) -> str:
        return writable(community.name)

    def link(self, community: Community) -> str:
        return reverse("news:list")

    def feed_guid(self, community: Community) -> str:
        return uuid5(FEEDS, str(community.pk)).urn

    def feed_extra_kwargs(self, community: Community) -> dict[str, Any]:
        public = Article.objects.filter(state__in=[State.PUBLISHED, State.WITHDRAWN])
        last = public.aggregate(at=Max(Greatest("changed_at", "published_at")))["at"]
        return {"changed_at": last or community.opened_at}

    def items(self, community: Community) -> list[Article]:
        return queries.sign(Article.objects.published().newest_first().select_related("column").defer("text")[:NEWEST])

    def item_title(self, item: Article) -> str:
        return writable(item.title)

    def item_description(self, item: Article) -> str:
        return writable(markup.absolute(item.html, self.community.home_url, self.base))

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        lead = item.pictures.lead
        return {"image": f"{self.base.removesuffix('/')}{lead.desk}" if lead else ""}

    def item_author_name(self, item: Article) -> str:
        return writable(item.organization.name if item.organization else self.community.name)

    def item_link(self, item: Article) -> str:
        return reverse("news:detail", args=[item.number])

    def item_guid(self, item: Article) -> str:
        return item.pk.urn

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime:
        return max(item.changed_at, item.published_at or item.changed_at)

    def item_categories(self, item: Article) -> list[str]:
        return [writable(item.column.name)]


class Atom(Rss):
    feed_type = AtomType

    def subtitle(self, community: Community) -> str:
        return self.description(community)


class Json(Rss):
    feed_type = JsonType


@page(anyone)
def rss(request: PageRequest) -> HttpResponseBase:
    """RSS 2.0."""
    return _answer(request, Rss())


@page(anyone)
def atom(request: PageRequest) -> HttpResponseBase:
    """Atom 1.0."""
    return _answer(request, Atom())


@page(anyone)
def as_json(request: PageRequest) -> HttpResponseBase:
    """JSON Feed 1.1."""
    return _answer(request, Json())


def _answer(request: PageRequest, feed: Rss) -> HttpResponseBase:
    """The feed, or 304 for whoever has it already."""
    made = cast("Dated", feed.get_feed(feed.get_object(request), request))
    response = HttpResponse(content_type=made.content_type)
    made.write(response, "utf-8")
    etag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    changed = int(made.latest_post_date().timestamp())
    response.headers["ETag"], response.headers["Last-Modified"] = etag, http_date(changed)
    return get_conditional_response(request, etag, changed, response) or response
