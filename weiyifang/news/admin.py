"""The paper's register on Django admin: to search, filter and look. Every change is a verb on the workbench's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from weiyifang.news import rules
from weiyifang.news.models import Article

if TYPE_CHECKING:
    Register = admin.ModelAdmin[Article]
else:  # Django's classes cannot be subscripted at run time
    Register = admin.ModelAdmin


@admin.register(Article)
class ArticleAdmin(Register):
    list_display = ("number", "title", "column", "state", "published_at", "reads")
    list_filter = ("state", "column", "is_notice")
    search_fields = ("title", "digest")
    list_select_related = ("column",)
    ordering = ("-number",)
    fields = ("number", "title", "column", "digest", "text", "state", "published_at", "pinned_until", "reads")

    def view_on_site(self, obj: Article) -> str:
        return reverse("news:manage", args=[obj.number])

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _may(request: HttpRequest) -> bool:
    return rules.can_review(request.actor)  # type: ignore[attr-defined]
