"""The paper for feed readers: RSS and Atom, for everyone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from weiyifang.communities.models import Community
from weiyifang.core.access import PageRequest, anyone, page
from weiyifang.news.models import Article

if TYPE_CHECKING:
    ArticleFeed = Feed[Article, Community]
else:
    ArticleFeed = Feed

NEWEST = 30


class Rss(ArticleFeed):
    """The newest articles, pinned or not, by the day they were published."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Community:
        return cast("PageRequest", request).community

    def title(self, community: Community) -> str:
        return community.platform_name

    def description(self, community: Community) -> str:
        return _("What is new in %(community)s") % {"community": community.short_name}

    def link(self, community: Community) -> str:
        return reverse("news:list")

    def items(self, community: Community) -> list[Article]:
        return list(Article.objects.published().newest_first().select_related("column").defer("text")[:NEWEST])

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return item.html

    def item_link(self, item: Article) -> str:
        return reverse("news:detail", args=[item.number])

    def item_guid(self, item: Article) -> str:
        return item.pk.urn

    item_guid_is_permalink = False

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime:
        return max(item.changed_at, item.published_at or item.changed_at)

    def item_categories(self, item: Article) -> list[str]:
        return [item.column.name]


class Atom(Rss):
    feed_type = Atom1Feed

    def subtitle(self, community: Community) -> str:
        return self.description(community)


@page(anyone)
def rss(request: PageRequest) -> HttpResponseBase:
    """RSS 2.0."""
    return Rss()(request)


@page(anyone)
def atom(request: PageRequest) -> HttpResponseBase:
    """Atom 1.0."""
    return Atom()(request)
